"""May somebody's next task be timed? Asked before the clock starts, so that no time is in vain."""

from __future__ import annotations

from datetime import date

from htkeval.intake.spelling import folded
from htkeval.participation import closed_by
from htkeval.steps.case import Case
from htkeval.text import Text, say


def closed(case: Case, participant: str | None, *, day: date) -> Text | None:
    """Why no task of a person can be timed on a day; None where one can.

    What was begun before can be saved still. A day outside the trial closes only a trial whose
    rows have days, for there a row of that day would be refused when it is saved.

    Args:
        case: The trial.
        participant: The pseudonym; None where the trial names no participants.
        day: The day here.
    """
    trial = case.trial
    if case.store.locked(trial.id) is not None:
        return say("The trial is closed: its measurements are final.")
    if trial.design.date is not None and day < trial.starts:
        return say("The trial begins on {day:d MMMM y}. No time is taken before.", day=trial.starts)
    if trial.design.date is not None and day > trial.ends:
        return say("The trial ended on {day:d MMMM y}. No time is taken any more.", day=trial.ends)
    if participant is not None and _out(case, participant):
        return say(
            "It is recorded that you take no part any more, so no time is taken. If that is not "
            "so, ask whoever leads the trial."
        )
    return None


def _out(case: Case, participant: str) -> bool:
    """Whether the person objected or withdrew, under any spelling of the name."""
    if case.store.latest(case.trial.id, "participation") is None:
        return False
    histories = case.store.participations(case.trial.id).items()
    wanted = folded(participant)
    said = tuple(one for name, every in histories if folded(name) == wanted for one in every)
    return closed_by(said) is not None
