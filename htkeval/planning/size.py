"""How many people, teams or tasks does the goal take?"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

from htkeval.design.periods import ratio_of
from htkeval.outlook import Chance, Size
from htkeval.planning.floors import floor
from htkeval.planning.world import least_tasks
from htkeval.trial import Trial

Power = Callable[[int, float], Chance]
"""Chance of seeing the goal with so many units and tasks each, counted in invented trials."""
Formula = Callable[[int, float], float | None]
"""The same by formula; None where none fits."""
MOST_UNITS = 1_000
"""Beyond so many people or teams a municipality has no such trial."""
MOST_TASKS = 200
"""Beyond so many tasks a person nobody measures them."""
LOOKED = 6
"""Sizes that are simulated, at most."""


def needed_units(
    trial: Trial, units: int, tasks_each: float, *, wanted: float, power: Power, formula: Formula
) -> Size | None:
    """Fewest people or teams, with as many tasks each, that see the goal with the wanted chance.

    Args:
        trial: The plan.
        units: Where to begin.
        tasks_each: Tasks of each.
        wanted: The chance.
        power: How it is told; by simulation, so that the answer is right to its own error.
        formula: Where to look first.

    Returns:
        None where even `MOST_UNITS` are too few.
    """
    step = 1 if trial.design.kind == "within" else sum(ratio_of(trial.design))
    can = (n for n in range(2, MOST_UNITS) if not _refused(trial, n, tasks_each))
    least = math.ceil(next(can, MOST_UNITS) / step) * step
    return _least(
        lambda n: Size(units=n, tasks_each=tasks_each, power=power(n, tasks_each)),
        lambda n: formula(n, tasks_each),
        span=range(least, MOST_UNITS + 1, step),
        start=units,
        wanted=wanted,
    )


def needed_tasks(
    trial: Trial, units: int, tasks_each: float, *, wanted: float, power: Power, formula: Formula
) -> Size | None:
    """Fewest tasks of each, with as many people or teams; None where no number of tasks is enough.

    Arguments as for `needed_units`.
    """
    least = least_tasks(trial, units)
    step = 2 if trial.design.kind == "within" else least
    return _least(
        lambda k: Size(units=units, tasks_each=k, power=power(units, float(k))),
        lambda k: formula(units, float(k)),
        span=range(least, MOST_TASKS + 1, step),
        start=round(tasks_each),
        wanted=wanted,
    )


def _refused(trial: Trial, units: int, tasks_each: float) -> bool:
    return bool(floor(trial, units=units, tasks_each=tasks_each).refusals)


def _least(
    size: Callable[[int], Size],
    formula: Callable[[int], float | None],
    *,
    span: range,
    start: int,
    wanted: float,
) -> Size | None:
    """The smallest size that is enough, by halving between a size that is and one that is not.

    The formula says where to look; what counts is what is counted there.
    """
    seen = cache(lambda place: size(span[place]))
    place = _by_formula(formula, span, wanted)
    if place is None:
        place = min(max(0, (start - span.start) // span.step), len(span) - 1)
    low, high, stride = -1, len(span), 1
    best: Size | None = None
    for _ in range(LOOKED):
        found = seen(place)
        if found.power.value >= wanted:
            best, high = found, place
        else:
            low = place
        if high - low <= max(1, high // 25):
            break
        if best is None:
            if low == len(span) - 1:
                return None
            place, stride = min(len(span) - 1, place + _stride(place, stride)), 2 * stride
        elif low < 0:
            if high == 0:
                break
            place, stride = max(0, place - _stride(place, stride)), 2 * stride
        else:
            place = (low + high) // 2
    return best


def _stride(place: int, times: int) -> int:
    return max(1, place // 20) * times


def _by_formula(formula: Callable[[int], float | None], span: range, wanted: float) -> int | None:
    """The first place that is enough by formula; None where there is none, or the last is not."""
    low, high = 0, len(span) - 1
    last = formula(span[high])
    if last is None or last < wanted:
        return None if last is None else high
    while low < high:
        middle = (low + high) // 2
        there = formula(span[middle])
        low, high = (low, middle) if there is not None and there >= wanted else (middle + 1, high)
    return low
