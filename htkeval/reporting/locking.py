"""That data are final, and what a lock that was opened did to a decision."""

from __future__ import annotations

from datetime import datetime

from htkeval.local_day import local_day
from htkeval.portfolio import SignedDecision, TrialState
from htkeval.reporting.words import OUTCOMES
from htkeval.text import Text, say


def held(state: TrialState) -> Text | None:
    """That the measurements are final, since when and by whom; None while more may come."""
    return None if state.lock is None else locked(state.lock.at, state.lock.by)


def locked(at: datetime, who: str) -> Text:
    """The same of a lock."""
    return say("Data are locked: by {who} on {day:d MMMM y}.", day=local_day(at), who=who)


def void(one: SignedDecision) -> Text | None:
    """Why a decision holds no more; None where it holds."""
    if one.void is None:
        return None
    return say(
        "VOID: the decision of {signed:d MMMM y} ({outcome}) rests on data that {who} unlocked on "
        "{day:d MMMM y}. Why: {why}",
        signed=local_day(one.at),
        outcome=OUTCOMES[one.decision.outcome],
        who=one.void.by,
        day=local_day(one.void.at),
        why=one.void.why,
    )


def voids(state: TrialState) -> tuple[Text, ...]:
    """The same of every decision that holds no more, oldest first."""
    return tuple(text for one in state.decisions if (text := void(one)) is not None)
