"""A person signs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel

from htkeval.business_case import BusinessCase
from htkeval.decision import Actor, Decision, Policy, Verdict
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.frozen import document
from htkeval.local_day import local_day
from htkeval.steps.analyse import Stored
from htkeval.steps.booking import booking
from htkeval.steps.case import Case
from htkeval.steps.conditions import Asked, signed_conditions
from htkeval.steps.lock import voided
from htkeval.steps.papers import of_analysis
from htkeval.steps.recommend import needed, opened_since, stale, weigh_stored
from htkeval.store import blobs
from htkeval.text import say


def decide(
    case: Case,
    outcome: Verdict,
    *,
    reason: str,
    policy: Policy,
    departure: str | None = None,
    conditions: Sequence[Asked] = (),
    book: int | None = None,
    begins: date | None = None,
    worth: BusinessCase | None = None,
    actor: Actor,
    now: datetime,
    outdated: bool = False,
) -> Event:
    """Keep what a person decided, on which analysis, under which policy, and why.

    Args:
        case: The trial.
        outcome: What was decided; may differ from the recommendation.
        reason: Why, in the signer's words.
        policy: The rules in force.
        departure: Why it differs from the recommendation; the reason says so where it is None.
        conditions: What must be in place, each with who sees to it and by when.
        book: Kroner a year that are taken out of the budget with it; None: none.
        begins: From which day; None: the trial's own `takes_effect`.
        worth: The business case as it stands; None where there is none.
        actor: Who signs.
        now: When, in UTC.
        outdated: Sign although measurements came in after the analysis.

    Raises:
        Refused: The policy does not accept how the signer is known, no reason is given, a condition
            cannot be, or the evidence carries no saving.
        StateError: There is no analysis, or it is outdated and `outdated` was not said; or the
            trial was unlocked after it.
    """
    case.store.refuse_adding(case.file.id, "decision", actor)
    _may_sign(policy, actor)
    if not reason.strip():
        raise Refused(Problem("--reason", say("nothing"), say("why, in the signer's own words")))
    known = case.store.newest(case.file.id, "unlock", "decision")
    stored = needed(case)
    behind = stale(case, stored)
    _refuse_old(case, stored, behind=behind and not outdated)
    recommendation = weigh_stored(case, stored, policy=policy, today=local_day(now))
    departs = outcome != recommendation.verdict
    if departure is not None and not departs:
        raise Refused(
            Problem(
                "--departure",
                say("why it departs from the recommendation, from which it does not"),
                say("nothing"),
            )
        )
    asked = signed_conditions(case, outcome, recommendation, conditions, now=now)
    books = booking(case, outcome, stored.analysis, recommendation, worth, kr=book, begins=begins)
    before = _standing(case)
    paper, files = of_analysis(case.store, stored.fingerprint)
    decision = Decision(
        trial=case.file.id,
        analysis=stored.fingerprint,
        policy=policy.version,
        recommended=recommendation.verdict,
        outcome=outcome,
        reason=reason.strip(),
        signed_by=actor,
        policy_fingerprint=policy.fingerprint,
        departure=((departure or "").strip() or reason.strip()) if departs else None,
        unmet=tuple(one.id for one in recommendation.requirements if one.met is not True),
        outdated=behind,
        conditions=asked,
        books=books,
        business_case=_kept(case, worth),
        replaces=before.seq if before is not None else None,
        paper=paper,
        papers=files,
    )
    payload = {
        **decision.model_dump(mode="json"),
        "recommendation": _kept(case, recommendation),
    }
    return case.store.append(case.file.id, "decision", payload, actor=actor, now=now, known=known)


def _kept(case: Case, noun: BaseModel | None) -> str | None:
    """A document's fingerprint, the document kept as it stands."""
    if noun is None:
        return None
    content = json.dumps(document(noun, "en"), ensure_ascii=False, indent=1)
    return blobs.put(case.blobs, content.encode())


def standing(case: Case) -> Decision | None:
    """The newest decision that holds: the one that a new one takes the place of."""
    event = _standing(case)
    return None if event is None else Decision.kept(event.payload)


def _standing(case: Case) -> Event | None:
    gone = voided(case)
    held = [e for e in case.store.events(case.file.id, "decision") if e.seq not in gone]
    return held[-1] if held else None


def _refuse_old(case: Case, stored: Stored, *, behind: bool) -> None:
    if opened_since(case, stored):
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("an analysis from before the trial was unlocked"),
                say("an analysis of what counts since then"),
                say("Run `htkeval analyse {name}` first.", name=case.file.id),
            )
        )
    if behind:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("an analysis that is older than the measurements or the registration"),
                say("an analysis of the current measurements"),
                say("Run `htkeval analyse {name}` first, or say --outdated.", name=case.file.id),
            )
        )


def _may_sign(policy: Policy, actor: Actor) -> None:
    if actor.known_by not in policy.decide_known_by:
        raise Refused(
            Problem(
                say("policy {version}", version=policy.version),
                say("a signer known by {how}", how=actor.known_by),
                say("a signer known by {how}", how=", ".join(policy.decide_known_by)),
            )
        )
