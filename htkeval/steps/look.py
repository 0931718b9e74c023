"""Look before the end: in order, at what is in, and in the record before anybody sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from htkeval.analysis import Analysis
from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.looks import Information, Standing
from htkeval.registration import frozen_content
from htkeval.steps.case import Case
from htkeval.store import blobs
from htkeval.text import Text, say

ROUNDING = 1e-9
"""What a share may be off by and still be all of it."""


def look(case: Case, k: int, *, frozen: Event, actor: Actor, now: datetime) -> Event:
    """Take look `k` at a snapshot: an event with who looked and at how much information.

    Args:
        case: The trial, registered with looks.
        k: Number of the look, 1 for the first.
        frozen: The snapshot of the current rows.
        actor: Who looks.
        now: When, in UTC.

    Raises:
        StateError: No such look is planned, it was taken, another comes first, the last one was
            taken, or nothing was measured since the look before.
    """
    from htkeval.planning.information import adds

    known = case.store.newest(case.file.id, "look", "deviation")
    before = taken(case)
    _in_order(case, k, before)
    fraction = _reached(case, frozen.payload["sha256"])
    if isinstance(fraction, Text):
        raise _refused(
            case, k, fraction, say("measurements in both arms, so that the effect can be told")
        )
    seen = [float(event.payload["fraction"]) for event in before]
    if seen and not adds(seen[-1], fraction):
        raise _refused(
            case,
            k,
            say("{share:0.0} % of the planned information", share=100 * fraction),
            say("more than the {share:0.0} % of the look before", share=100 * seen[-1]),
        )
    payload: dict[str, Any] = {
        "k": k,
        "of": _of(case, len(before)),
        "fraction": fraction,
        "final": k >= _of(case, len(before)) or fraction >= 1.0 - ROUNDING,
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


def taken(case: Case, *, until: int | None = None) -> tuple[Event, ...]:
    """The looks that were taken, oldest first; of those before a place in the chain."""
    events = case.store.events(case.file.id, "look")
    return tuple(event for event in events if until is None or event.seq < until)


def standing(case: Case, snapshot: str, *, until: int | None = None) -> Standing | None:
    """Where does an analysis of a snapshot stand among the looks? None where there is one look.

    An analysis of the very rows of the newest look is that look: the same rows say nothing new.

    Args:
        case: The trial.
        snapshot: SHA-256 of the rows that are analysed.
        until: Only what is before this place in the chain; None: all.
    """
    before = taken(case, until=until)
    if case.registration is None or (case.trial.analysis.looks == (1.0,) and not before):
        return None
    newest = before[-1].payload if before else None
    same = newest is not None and (newest["snapshot"], newest["registration"]) == (
        snapshot,
        case.fingerprint,
    )
    now = _reached(case, snapshot)
    final = newest is not None and bool(newest["final"])
    return Standing(
        k=len(before),
        of=int(newest["of"]) if newest and (same or final) else _of(case, len(before)),
        fractions=tuple(float(event.payload["fraction"]) for event in before),
        at=same,
        final=final,
        reached=None if isinstance(now, Text) else now,
        passed=_passed(case, before[:-1] if same else before),
    )


def _passed(case: Case, before: tuple[Event, ...]) -> int | None:
    """The first of some looks whose limit the main figure passed, by the analysis made at it."""
    analyses = case.store.events(case.file.id, "analysis")
    for event in before:
        made = (e for e in analyses if e.seq > event.seq)
        made_of_it = (e for e in made if e.payload["snapshot"] == event.payload["snapshot"])
        first = next(made_of_it, None)
        if first is not None and _found(case, first):
            return int(event.payload["k"])
    return None


def _found(case: Case, event: Event) -> bool:
    """Whether the main figure of an analysis at a look passed that look's limit."""
    kept = Analysis.model_validate_json(blobs.read(case.blobs, event.payload["sha256"]))
    main = kept.confirmatory
    return bool(main and main.look and main.p_value <= main.look["nominal_level"])


def _of(case: Case, before: int) -> int:
    """How many looks there are; where a deviation left fewer than were taken, one is to come."""
    return max(len(case.trial.analysis.looks), before + 1)


def _reached(case: Case, snapshot: str) -> float | Text:
    """Share of the planned information in a snapshot, or why it cannot be told."""
    from htkeval.evaluation.wording import in_words
    from htkeval.planning.information import reached
    from htkeval.store import snapshots

    planned = _planned(case)
    if planned is None:
        return say("no planned information")
    table = snapshots.from_parquet(blobs.read(case.blobs, snapshot))
    found = reached(case.trial, planned, table)
    return found if isinstance(found, float) else in_words(found, case.trial)


def _planned(case: Case) -> Information | None:
    """What was registered; of a promise from before it was, what would be registered today.

    Where a deviation took the looks that remain away, what was registered before it.
    """
    from htkeval.planning.information import information

    promises = [e for e in (case.in_force, *reversed(case.deviations), case.registration) if e]
    for event in promises:
        if event.kind == "deviation" and event.payload.get("promise") is None:
            continue
        if (kept := frozen_content(event).get("information")) is not None:
            return Information.model_validate(kept)
    return information(case.trial)


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
    if k > _of(case, len(before)) or k != len(before) + 1:
        raise _refused(
            case,
            k,
            say("{n} looks taken of {of}", n=len(before), of=_of(case, len(before))),
            say("--look {k}, the next", k=len(before) + 1),
        )


def _refused(case: Case, k: int, found: Text, expected: Text) -> StateError:
    return StateError(
        Problem(say("trial {name}, look {k}", name=case.file.id, k=k), found, expected)
    )
