"""Where a trial stands among its looks: how much is known, which were taken, which is due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from htkeval.analysis import Analysis
from htkeval.errors import Refused
from htkeval.event import Event
from htkeval.local_day import local_day
from htkeval.looks import Information, Standing
from htkeval.registration import definition, frozen_content
from htkeval.steps.case import Case
from htkeval.store import blobs
from htkeval.text import Text, say

if TYPE_CHECKING:
    import pyarrow as pa

ROUNDING = 1e-9
"""What a share may be off by and still be all of it."""
ENOUGH = 0.9
"""How much of a look's planned share must be in: tasks come as they come, not by the hundredth."""
MOVES_END = ("ends", "analysis.looks", "design.clusters", "design.tasks_each")
"""What says when the last look is."""


def over(case: Case, now: datetime) -> bool:
    """Whether the trial's last day is past: nothing more is measured."""
    return local_day(now) > case.trial.ends


def may_end(case: Case, table: pa.Table, *, now: datetime) -> bool:
    """Whether rows can be the last of a trial: it is over, or its last look is due or taken.

    Until then nobody is to see both arms side by side, whatever he calls it.

    Args:
        case: The trial.
        table: The current rows, as in a snapshot.
        now: When, in UTC.
    """
    before = taken(case)
    if case.registration is None or over(case, now) or (before and before[-1].payload["final"]):
        return True
    if case.trial.analysis.looks == (1.0,) and not before and planned(case) is None:
        return True  # nobody planned when: an analysis is as planned on any day
    known = share(case, table)
    last = len(before) + 1 >= looks_of(case, len(before))
    return last and not isinstance(known, Text) and known >= ENOUGH


def taken(case: Case, *, until: int | None = None) -> tuple[Event, ...]:
    """The looks that were taken, oldest first; of those before a place in the chain."""
    events = case.store.events(case.file.id, "look")
    return tuple(event for event in events if until is None or event.seq < until)


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
    known = reached(case, snapshot)
    once = case.trial.analysis.looks == (1.0,) and not before
    if once and (planned(case) is None or over(case, now)):
        return None
    if once and not isinstance(known, Text) and known >= ENOUGH:
        return None
    newest = before[-1].payload if before else None
    same = newest is not None and (newest["snapshot"], newest["registration"]) == (
        snapshot,
        case.fingerprint,
    )
    final = newest is not None and bool(newest["final"])
    here = None if isinstance(known, Text) else known
    return Standing(
        k=len(before),
        of=int(newest["of"]) if newest and (same or final) else looks_of(case, len(before)),
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


def looks_of(case: Case, before: int) -> int:
    """How many looks there are; where a deviation left fewer than were taken, one is to come."""
    return max(len(case.trial.analysis.looks), before + 1)


def reached(case: Case, snapshot: str) -> float | Text:
    """Share of the planned information in a snapshot, or why it cannot be told."""
    from htkeval.store import snapshots

    if planned(case) is None:
        return say("no planned information")
    return share(case, snapshots.from_parquet(blobs.read(case.blobs, snapshot)))


def share(case: Case, table: pa.Table) -> float | Text:
    """The same of some rows."""
    from htkeval.evaluation.wording import in_words
    from htkeval.planning.information import reached as reached_by

    wanted = planned(case)
    if wanted is None:
        return say("no planned information")
    found = reached_by(case.trial, wanted, table)
    return found if isinstance(found, float) else in_words(found, case.trial)


def planned(case: Case) -> Information | None:
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
        return planned_information(definition(promises[0]))
    except Refused:
        return None


def _blind(event: Event) -> bool:
    """Whether it promises something, made before anything with the tool was measured."""
    if event.kind == "registration":
        return True
    return event.payload.get("promise") is not None and event.payload["seen"] != "treatment"


def end_moved(case: Case) -> bool:
    """Whether the end, or what is planned by then, was changed once the tool had been measured."""
    return any(
        event.payload["seen"] == "treatment"
        and any(change["key"] in MOVES_END for change in event.payload.get("changes", ()))
        for event in case.deviations
    )
