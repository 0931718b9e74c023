"""Enough measured without the tool before the first task with it is taken?"""

from __future__ import annotations

from collections import Counter

from htkeval.canonical import canonical
from htkeval.deviation import BASELINE
from htkeval.errors import Problem, StateError
from htkeval.measurement import Batch, Measurement
from htkeval.steps.case import Case
from htkeval.text import say


def hold_back(case: Case, batches: tuple[Batch, ...]) -> None:
    """Refuse the first measurements with the tool while the baseline is smaller than planned.

    Counted are the rows without the tool in the record and in this delivery, each once; one that
    says its day only where that lies before the first day with the tool. A deviation `baseline`
    lets the delivery in.

    Args:
        case: The trial; only `[design] baseline_tasks` asks for this.
        batches: What is to be stored together.

    Raises:
        StateError: Too few, with how many are missing and how to go on; nothing was stored.
    """
    wanted = case.trial.design.baseline_tasks
    if wanted is None or not any(row.arm == "treatment" for b in batches for row in b.measurements):
        return
    day = case.trial.design.date
    first = _first_day(batches, day)
    if _under_way(case, first) or _told(case):
        return
    have = sum(_distinct(case, batches, day, first).values())
    if have < wanted:
        raise _too_few(case, have=have, wanted=wanted)


def _first_day(batches: tuple[Batch, ...], day: str | None) -> str | None:
    """The first day (ISO) on which a delivery has the tool; None where no row says."""
    rows = (row for batch in batches for row in batch.measurements if row.arm == "treatment")
    days = (row.keys.get(day) for row in rows if day is not None)
    return min((one for one in days if one), default=None)


def _under_way(case: Case, first: str | None) -> bool:
    """Whether work with the tool had begun already, no later than this delivery says."""
    deliveries = case.store.events(case.file.id, "batch")
    begun = [b.payload for b in deliveries if b.payload["arms"].get("treatment", 0)]
    days = [payload.get("first_treatment") for payload in begun]
    known = [one for one in days if one]
    return bool(begun) and (first is None or not known or min(known) <= first)


def _told(case: Case) -> bool:
    return any(BASELINE in event.payload["what"] for event in case.deviations)


def _distinct(
    case: Case, batches: tuple[Batch, ...], day: str | None, first: str | None
) -> Counter[str]:
    """Rows of the baseline before the first day with the tool; what is delivered again counts
    once."""
    counts: Counter[str] = Counter()
    for rows in (case.store.measurements(case.file.id), *(b.measurements for b in batches)):
        counts |= Counter(
            canonical(row.model_dump(mode="json"))
            for row in rows
            if row.arm == "baseline" and _before(row, day, first)
        )
    return counts


def _before(row: Measurement, day: str | None, first: str | None) -> bool:
    done = row.keys.get(day) if day is not None else None
    return done is None or first is None or done < first


def _too_few(case: Case, *, have: int, wanted: int) -> StateError:
    name = case.file.id
    go_on = (
        say(
            "Measure {n:#,##0} more without the tool first. To go on all the same, say why: "
            "htkeval deviate {name} --what baseline --why TEXT.",
            n=wanted - have,
            name=name,
        )
        if case.registration
        else say(
            "Measure {n:#,##0} more without the tool first. To go on all the same, register the "
            "trial, then say why: htkeval deviate {name} --what baseline --why TEXT.",
            n=wanted - have,
            name=name,
        )
    )
    return StateError(
        Problem(
            say("trial {name}", name=name),
            say("{n:#,##0} tasks without the tool before the first with it", n=have),
            say(
                "at least {n:#,##0}, as planned: {missing:#,##0} are missing",
                n=wanted,
                missing=wanted - have,
            ),
            go_on,
        )
    )
