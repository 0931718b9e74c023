"""Look before the end: in order, at what is in, and in the record before anybody sees it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from htkeval.analysis import Analysis
from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.looks import Information, Standing
from htkeval.registration import frozen_content
from htkeval.steps.case import Case
from htkeval.store import blobs
from htkeval.text import Text, say
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa

ROUNDING = 1e-9
"""What a share may be off by and still be all of it."""
ENOUGH = 0.9
"""How much of a look's planned share must be in: tasks come as they come, not by the hundredth."""
MOVES_END = ("ends", "analysis.looks", "design.clusters", "design.tasks_each")
"""What says when the last look is."""


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
    fraction = _reached(case, frozen.payload["sha256"])
    if isinstance(fraction, Text):  # `may_look` saw these rows
        raise _refused(case, k, fraction, say("measurements in both arms"))
    of = _of(case, len(before))
    payload: dict[str, Any] = {
        "k": k,
        "of": of,
        "fraction": fraction,
        "final": k >= of or fraction >= 1.0 - ROUNDING or over(case, now),
        "rest": not _end_moved(case),
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
    fraction = _share(case, table)
    if isinstance(fraction, Text):
        raise _refused(
            case, k, fraction, say("measurements in both arms, so that the effect can be told")
        )
    share = say("{share:0.0} % of the planned information", share=100 * fraction)
    if before and not adds(float(before[-1].payload["fraction"]), fraction):
        seen = 100 * before[-1].payload["fraction"]
        raise _refused(
            case, k, share, say("more than the {share:0.0} % of the look before", share=seen)
        )
    wanted = case.trial.analysis.looks[k - 1] if k <= len(case.trial.analysis.looks) else 1.0
    if fraction < ENOUGH * wanted and not over(case, now):
        raise _refused(
            case,
            k,
            share,
            say(
                "{share:0} %, where this look is planned, or the trial's end on {day:d MMMM y}",
                share=100 * wanted,
                day=case.trial.ends,
            ),
        )


def over(case: Case, now: datetime) -> bool:
    """Whether the trial's last day is past: nothing more is measured."""
    return now.date() > case.trial.ends


def taken(case: Case, *, until: int | None = None) -> tuple[Event, ...]:
    """The looks that were taken, oldest first; of those before a place in the chain."""
    events = case.store.events(case.file.id, "look")
    return tuple(event for event in events if until is None or event.seq < until)


def unfinished(case: Case) -> Event | None:
    """The newest look, where the machine stopped before what it saw was kept."""
    event = case.store.latest(case.file.id, "look")
    if event is None:
        return None
    kept = case.store.events(case.file.id, "analysis")
    shown = any(e.seq > event.seq and e.payload["snapshot"] == event.payload["snapshot"]
                for e in kept)  # fmt: skip
    return None if shown else event


def standing(
    case: Case, snapshot: str, *, now: datetime, until: int | None = None
) -> Standing | None:
    """Where does an analysis of a snapshot stand among the looks? None where that matters not.

    A plan with one look has it at the end: when what was planned is in, or on the last day. From
    then on, and where nobody planned how many tasks there will be, an analysis is as planned. An
    analysis of the very rows of the newest look is that look: the same rows say nothing new.

    Args:
        case: The trial.
        snapshot: SHA-256 of the rows that are analysed.
        now: When it is, or was, analysed, in UTC.
        until: Only what is before this place in the chain; None: all.
    """
    before = taken(case, until=until)
    if case.registration is None:
        return None
    reached = _reached(case, snapshot)
    once = case.trial.analysis.looks == (1.0,) and not before
    if once and (_planned(case) is None or over(case, now)):
        return None
    if once and not isinstance(reached, Text) and reached >= ENOUGH:
        return None
    newest = before[-1].payload if before else None
    same = newest is not None and (newest["snapshot"], newest["registration"]) == (
        snapshot,
        case.fingerprint,
    )
    final = newest is not None and bool(newest["final"])
    here = None if isinstance(reached, Text) else reached
    return Standing(
        k=len(before),
        of=int(newest["of"]) if newest and (same or final) else _of(case, len(before)),
        fractions=tuple(float(event.payload["fraction"]) for event in before),
        at=same,
        final=final,
        rest=newest is None or bool(newest.get("rest", True)),
        due=not (once or final or same) and _due(case, len(before), here, now),
        reached=here,
        passed=_passed(case, before[:-1] if same else before),
        ends=case.trial.ends,
    )


def _due(case: Case, before: int, reached: float | None, now: datetime) -> bool:
    """Whether the next look can be taken."""
    looks = case.trial.analysis.looks
    wanted = looks[before] if before < len(looks) else 1.0
    return reached is not None and (reached >= ENOUGH * wanted or over(case, now))


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
    from htkeval.store import snapshots

    if _planned(case) is None:
        return say("no planned information")
    return _share(case, snapshots.from_parquet(blobs.read(case.blobs, snapshot)))


def _share(case: Case, table: pa.Table) -> float | Text:
    """The same of some rows."""
    from htkeval.evaluation.wording import in_words
    from htkeval.planning.information import reached

    planned = _planned(case)
    if planned is None:
        return say("no planned information")
    found = reached(case.trial, planned, table)
    return found if isinstance(found, float) else in_words(found, case.trial)


def _planned(case: Case) -> Information | None:
    """The information that was planned before anything with the tool was measured.

    A size that was changed afterwards changes no share: whoever has seen something could move the
    end to where it suits. None where nobody planned a size, or none says how much is known when.
    """
    from htkeval.planning.information import planned_information

    promises = [e for e in (*reversed(case.deviations), case.registration) if e and _blind(e)]
    for event in promises:
        if (kept := frozen_content(event).get("information")) is not None:
            return Information.model_validate(kept)
    if not promises:
        return None
    try:
        return planned_information(Trial.model_validate(frozen_content(promises[0])["definition"]))
    except Refused:
        return None


def _blind(event: Event) -> bool:
    """Whether it promises something, made before anything with the tool was measured."""
    if event.kind == "registration":
        return True
    return event.payload.get("promise") is not None and event.payload["seen"] != "treatment"


def _end_moved(case: Case) -> bool:
    """Whether the end, or what is planned by then, was changed once the tool had been measured."""
    return any(
        event.payload["seen"] == "treatment"
        and any(change["key"] in MOVES_END for change in event.payload.get("changes", ()))
        for event in case.deviations
    )


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
