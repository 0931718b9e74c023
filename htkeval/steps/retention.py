"""Everybody of a trial is forgotten when the day has passed that was promised for it."""

from __future__ import annotations

from datetime import date, datetime

from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.local_day import local_day
from htkeval.steps.case import Case
from htkeval.steps.erase import Erased, looking, put_in_order
from htkeval.steps.look import unfinished
from htkeval.text import say


def kept_until(case: Case) -> date:
    """The last day on which people are known, by the promise as it stands, else by the file.

    Raises:
        StateError: None is stated; or the file alone states one, and the promise does not.
    """
    if (kept := case.trial.retention) is not None:
        return kept.until
    name, in_file = case.file.id, case.file.retention is not None
    step = (
        say(
            "The file has one: tell of it with htkeval deviate {name} --what retention --why TEXT.",
            name=name,
        )
        if in_file
        else say("Write [retention] with until = a date; `htkeval erase` forgets one person.")
    )
    raise StateError(
        Problem(
            say("trial {name}", name=name),
            say("no day until which people are known"),
            say("[retention] until, as promised"),
            step,
        )
    )


def erase_due(case: Case, *, on: date, why: str, actor: Actor, now: datetime) -> Erased | None:
    """Forget everybody whom the trial knows, if the promised day has passed.

    All in one transaction: whatever stops the machine, it is everybody or nobody. Files that held
    them go afterwards, here or the next time; so a second run finishes what a first one began.

    Args:
        case: The trial.
        on: The day that it is; not later than today.
        why: Why, in the actor's language; it is kept.
        actor: Who does it.
        now: When, in UTC.

    Returns:
        What became of it; None where the day has not passed.

    Raises:
        StateError: No day is stated; or a look was begun and its analysis not kept yet.
        EnvironmentFailed: Nothing was stored; or a file could not be taken away afterwards.
    """
    if min(on, local_day(now)) <= kept_until(case):
        return None
    if unfinished(case) is not None:
        raise looking(case)
    events = case.store.erase_all(case.file.id, why=why, actor=actor, now=now)
    return put_in_order(case, events, actor=actor, now=now)
