"""A person is forgotten: rows do not count, files that held them go, and a new snapshot is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.intake.cells import shown
from htkeval.small_cells import small
from htkeval.steps.case import Case
from htkeval.steps.look import unfinished
from htkeval.steps.snapshot import snapshot, sweep
from htkeval.steps.spelled import written_as
from htkeval.text import say


@dataclass(frozen=True)
class Erased:
    """What became of an erasure."""

    events: tuple[Event, ...]
    """The events that keep it, one for each person."""
    rebuilt: Event | None
    """The new snapshot without the person; None where there was none, or nobody else is left."""
    delivered: int
    """How many of the snapshots that went had been sent to MLflow."""
    locked: bool
    """Whether the trial is locked, and stays so."""
    few: bool
    """Whether figures of the last analysis and of the next differ by those of a few people, so that
    who has both can work out what theirs were."""


def erase(case: Case, participant: str, *, why: str, actor: Actor, now: datetime) -> Erased:
    """Forget a participant of one trial for good.

    Args:
        case: The trial.
        participant: The pseudonym as the sheet has it.
        why: Why, in the actor's words; it is kept, so the pseudonym may not stand in it.
        actor: Who does it.
        now: When, in UTC.

    Raises:
        Refused: No reason, or one with the pseudonym in it.
        StateError: Nobody of this pseudonym; or a look was begun and its analysis not kept yet.
        EnvironmentFailed: Nothing was stored; or a file could not be taken away afterwards.
    """
    if not why.strip():
        raise Refused(Problem("--why", say("nothing"), say("a few words of one's own")))
    if participant.casefold() in why.casefold():
        raise Refused(
            Problem("--why", say("the pseudonym itself"), say("a text that names nobody"))
        )
    if unfinished(case) is not None:
        raise looking(case)
    _refuse_unknown(case, participant)
    event = case.store.erase(case.file.id, participant, why=why.strip(), actor=actor, now=now)
    return put_in_order(case, (event,), actor=actor, now=now)


def _refuse_unknown(case: Case, participant: str) -> None:
    """Nobody is erased by a name that is nearly his: who is asked for is told instead."""
    known = case.store.people(case.file.id)
    if participant in known:
        return
    other, name = written_as(case, participant), case.file.id
    raise StateError(
        Problem(
            say("trial {name}", name=name),
            say("no participant with this pseudonym"),
            say("a pseudonym as the sheet has it"),
            say("Written {other} there is one.", other=shown(other))
            if other != participant
            else say("`htkeval participants {name}` lists them.", name=name),
        )
    )


def put_in_order(case: Case, events: tuple[Event, ...], *, actor: Actor, now: datetime) -> Erased:
    """Take away the files that held people who were erased, and make the snapshot anew."""
    sweep(case)
    files = {name for event in events for name in event.payload["files"]}
    again = bool(files) and bool(case.store.counts(case.file.id))
    return Erased(
        events=events,
        rebuilt=snapshot(case, actor=actor, now=now) if again else None,
        delivered=_delivered(case, files),
        locked=case.store.locked(case.file.id) is not None,
        few=_few(case),
    )


def _few(case: Case) -> bool:
    last = case.store.latest(case.file.id, "analysis")
    gone = case.store.events(case.file.id, "erasure")
    return last is not None and small(sum(event.seq > last.seq for event in gone))


def _delivered(case: Case, files: set[str]) -> int:
    sent = {row.seq for row in case.store.outbox("sent")}
    made = case.store.events(case.file.id, "snapshot")
    return sum(
        event.seq in sent and event.payload["sha256"] in files and not event.payload.get("sealed")
        for event in made
    )


def looking(case: Case) -> StateError:
    """Why nobody can be erased now: a look waits for its analysis."""
    name = case.file.id
    return StateError(
        Problem(
            say("trial {name}", name=name),
            say("a look that was begun, and no analysis of it yet"),
            say("a look that is finished: its rows are read once more"),
            say("Run `htkeval analyse {name}` first.", name=name),
        )
    )
