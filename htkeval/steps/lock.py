"""Make a trial's measurements final, and open them again: who, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import MOVES_ROWS, Event, EventKind
from htkeval.steps.case import Case
from htkeval.steps.snapshot import current, current_table, data_seq, frozen, sweep
from htkeval.steps.standing import may_end
from htkeval.text import Text, say

if TYPE_CHECKING:
    import pyarrow as pa

_RESTS_ON: tuple[EventKind, ...] = (*MOVES_ROWS, "registration", "deviation", "look", "unlock")


@dataclass(frozen=True)
class Locked:
    """The lock that holds now."""

    event: Event
    """Who locked what, and when."""
    already: bool
    """Whether it held before, so that nothing new was stored."""


def lock(case: Case, *, actor: Actor, now: datetime) -> Locked:
    """Freeze the current rows for good: from now on the trial takes no other.

    The snapshot and the lock are one transaction, and it is asked inside it whether anything came
    meanwhile, so that the rows that are locked are the rows that were frozen.

    Args:
        case: The trial.
        actor: Who locks it.
        now: When, in UTC.

    Raises:
        StateError: There are no measurements; the trial is neither over nor at its last look; or
            somebody brought rows or changed the promise at this moment.
    """
    if (held := case.store.locked(case.file.id)) is not None:
        return Locked(held, already=True)
    known = case.store.newest(case.file.id, "lock", *_RESTS_ON)
    sweep(case)
    until = data_seq(case)
    table = current_table(case, until=until)
    refuse_early(case, table, now=now, what=say("its final snapshot"))
    existing = current(case)
    payload = existing.payload if existing else frozen(case, table, until=until)
    what: dict[str, Any] = {
        "snapshot": payload["sha256"],
        "rows": payload["rows"],
        "registration": payload["registration"],
        "data_seq": until,
    }
    told: tuple[tuple[EventKind, dict[str, Any]], ...] = (("lock", what),)
    if existing is None:
        told = (("snapshot", payload), *told)
    *_, event = case.store.append_all(case.file.id, told, actor=actor, now=now, known=known)
    return Locked(event, already=False)


def unlock(case: Case, *, why: str, actor: Actor, now: datetime) -> Event:
    """Open a locked trial; a decision that was signed on what was locked is void from now on.

    Args:
        case: The trial.
        why: Why, in the actor's words.
        actor: Who opens it.
        now: When, in UTC.

    Raises:
        Refused: No reason.
        StateError: It is not locked; or somebody signed, locked or unlocked at this moment.
    """
    if not why.strip():
        raise Refused(Problem("--why", say("nothing"), say("a few words of one's own")))
    known = case.store.newest(case.file.id, "lock", "unlock", "decision")
    held = case.store.locked(case.file.id)
    if held is None:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("a trial that is not locked"),
                say("one that `htkeval snapshot --final` locked"),
            )
        )
    void = _signed_on(case, held)
    payload = {"lock": held.seq, "why": why.strip(), "void": [event.seq for event in void]}
    return case.store.append(case.file.id, "unlock", payload, actor=actor, now=now, known=known)


def _signed_on(case: Case, held: Event) -> tuple[Event, ...]:
    """The decisions that rest on what a lock holds: signed under it, or on the same rows before."""
    same = {
        event.payload["sha256"]
        for event in case.store.events(case.file.id, "analysis")
        if event.payload["snapshot"] == held.payload["snapshot"]
    }
    gone = voided(case)
    return tuple(
        event
        for event in case.store.events(case.file.id, "decision")
        if event.seq not in gone and (event.seq > held.seq or event.payload["analysis"] in same)
    )


def voided(case: Case) -> dict[int, Event]:
    """By number of a decision that is void: the unlocking that made it so."""
    opened = case.store.events(case.file.id, "unlock")
    return {seq: event for event in opened for seq in event.payload["void"]}


def refuse_early(case: Case, table: pa.Table, *, now: datetime, what: Text) -> None:
    """Raises `StateError` where both arms may not be seen side by side yet."""
    if not may_end(case, table, now=now):
        raise StateError(
            Problem(
                say("trial {name}, {what}", name=case.file.id, what=what),
                say("a trial under way, whose last look is not due"),
                say(
                    "what the plan wants at its end, or the last day, {day:d MMMM y}",
                    day=case.trial.ends,
                ),
                say("Until then nothing may show the arms side by side but the planned looks."),
            )
        )
