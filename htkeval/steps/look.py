"""Look before the end: in order, at what is in, and in the record before anybody sees it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.steps.case import Case
from htkeval.steps.standing import (
    ENOUGH,
    ROUNDING,
    end_moved,
    looks_of,
    over,
    reached,
    share,
    taken,
)
from htkeval.text import Text, say

if TYPE_CHECKING:
    import pyarrow as pa


def look(case: Case, k: int, *, frozen: Event, actor: Actor, now: datetime) -> Event:
    """Take look `k` at a snapshot: an event with who looked and at how much information.

    Args:
        case: The trial, registered with looks.
        k: Number of the look, 1 for the first.
        frozen: The snapshot of the current rows, which `may_look` let through.
        actor: Who looks.
        now: When, in UTC.

    Raises:
        StateError: Somebody else took a look, or changed the plan, a moment ago.
    """
    known = case.store.newest(case.file.id, "look", "deviation")
    before = taken(case)
    _in_order(case, k, before)  # again: somebody may have looked since `may_look`
    fraction = reached(case, frozen.payload["sha256"])
    if isinstance(fraction, Text):  # `may_look` saw these rows
        raise _refused(case, k, fraction, say("measurements in both arms"))
    of = looks_of(case, len(before))
    payload: dict[str, Any] = {
        "k": k,
        "of": of,
        "fraction": fraction,
        "final": k >= of or fraction >= 1.0 - ROUNDING or over(case, now),
        "rest": not end_moved(case),
        "snapshot": frozen.payload["sha256"],
        "registration": case.fingerprint,
    }
    return case.store.append(
        case.file.id,
        "look",
        payload,
        actor=actor,
        now=now,
        simulated=frozen.simulated,
        known=known,
    )


def may_look(case: Case, k: int, table: pa.Table, *, now: datetime) -> None:
    """Refuse a look that cannot be taken now, before anything of it is stored.

    A look comes when its share of the planned information is in, or when the trial is over. If it
    could be taken at any moment, whoever has seen something would choose the moment, and the limits
    would no longer hold: a last look that is taken as soon as p suits alarms in 8 % and, watched
    all along, in 20 %.

    Args:
        case: The trial.
        k: Number of the look, 1 for the first.
        table: The current rows, as in a snapshot.
        now: When, in UTC.

    Raises:
        StateError: No such look is planned, it was taken, another comes first, the last one was
            taken, it comes too early, or nothing was measured since the look before.
    """
    from htkeval.planning.information import adds

    before = taken(case)
    _in_order(case, k, before)
    fraction = share(case, table)
    if isinstance(fraction, Text):
        raise _refused(
            case, k, fraction, say("measurements in both arms, so that the effect can be told")
        )
    here = say("{share:0.0} % of the planned information", share=100 * fraction)
    if before and not adds(float(before[-1].payload["fraction"]), fraction):
        seen = 100 * before[-1].payload["fraction"]
        raise _refused(
            case, k, here, say("more than the {share:0.0} % of the look before", share=seen)
        )
    wanted = case.trial.analysis.looks[k - 1] if k <= len(case.trial.analysis.looks) else 1.0
    if fraction < ENOUGH * wanted and not over(case, now):
        raise _refused(
            case,
            k,
            here,
            say(
                "{share:0} %, where this look is planned, or the trial's end on {day:d MMMM y}",
                share=100 * wanted,
                day=case.trial.ends,
            ),
        )


def unfinished(case: Case) -> Event | None:
    """The newest look, where the machine stopped before what it saw was kept."""
    event = case.store.latest(case.file.id, "look")
    if event is None:
        return None
    kept = case.store.events(case.file.id, "analysis")
    shown = any(e.seq > event.seq and e.payload["snapshot"] == event.payload["snapshot"]
                for e in kept)  # fmt: skip
    return None if shown else event


def _in_order(case: Case, k: int, before: tuple[Event, ...]) -> None:
    """Refuse a look that is not the next."""
    if case.registration is None:
        raise _refused(case, k, say("no registration"), say("a trial that is registered"))
    if case.trial.analysis.looks == (1.0,) and not before:
        raise _refused(
            case, k, say("a plan without looks"), say("looks in [analysis] when it was registered")
        )
    if k <= len(before):
        event = before[k - 1]
        raise _refused(
            case,
            k,
            say(
                "a look that {who} took on {day:d MMMM y}",
                who=event.actor.name,
                day=event.at.date(),
            ),
            say("a look that was not taken; `htkeval analyse` shows the newest"),
        )
    if before and before[-1].payload["final"]:
        raise _refused(
            case,
            k,
            say("a trial whose last look, number {n}, is taken", n=len(before)),
            say("a look that remains"),
        )
    if k > looks_of(case, len(before)) or k != len(before) + 1:
        raise _refused(
            case,
            k,
            say("{n} looks taken of {of}", n=len(before), of=looks_of(case, len(before))),
            say("--look {k}, the next", k=len(before) + 1),
        )


def _refused(case: Case, k: int, found: Text, expected: Text) -> StateError:
    return StateError(
        Problem(say("trial {name}, look {k}", name=case.file.id, k=k), found, expected)
    )
