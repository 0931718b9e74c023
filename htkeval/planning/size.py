"""How many people, teams or tasks does the goal take?"""

from __future__ import annotations

import math
from collections.abc import Callable

from htkeval.outlook import Chance, Size
from htkeval.planning.floors import floor
from htkeval.planning.world import least_tasks
from htkeval.trial import Trial

Power = Callable[[int, float], Chance]
"""Chance of seeing the goal with so many units and tasks each."""
MOST_UNITS = 2_000
"""Beyond so many people or teams a municipality has no such trial."""
MOST_TASKS = 400
"""Beyond so many tasks a person nobody measures them."""
TRIED = 12
"""Sizes that are tried, at most."""


def needed_units(
    trial: Trial, units: int, tasks_each: float, *, wanted: float, power: Power
) -> Size | None:
    """Fewest people or teams, with as many tasks each, that see the goal with the wanted chance.

    Args:
        trial: The plan.
        units: Where to begin.
        tasks_each: Tasks of each.
        wanted: The chance.
        power: How it is told; by simulation, so that the answer is right to its own error.

    Returns:
        None where even `MOST_UNITS` are too few.
    """
    step = 1 if trial.design.kind == "within" else sum(trial.design.ratio)
    enough = (n for n in range(2, MOST_UNITS) if not _refused(trial, n, tasks_each))
    least = next(enough, MOST_UNITS)
    return _least(
        lambda n: Size(units=n, tasks_each=tasks_each, power=power(n, tasks_each)),
        start=max(units, least),
        least=least,
        most=MOST_UNITS,
        step=step,
        wanted=wanted,
    )


def _refused(trial: Trial, units: int, tasks_each: float) -> bool:
    return bool(floor(trial, units=units, tasks_each=tasks_each).refusals)


def needed_tasks(
    trial: Trial, units: int, tasks_each: float, *, wanted: float, power: Power
) -> Size | None:
    """Fewest tasks of each, with as many people or teams; None where no number of tasks is enough.

    Arguments as for `needed_units`.
    """
    least = least_tasks(trial, units)
    return _least(
        lambda k: Size(units=units, tasks_each=k, power=power(units, float(k))),
        start=max(round(tasks_each), least),
        least=least,
        most=MOST_TASKS,
        step=2 if trial.design.kind == "within" else least,
        wanted=wanted,
    )


def _least(
    size: Callable[[int], Size], *, start: int, least: int, most: int, step: int, wanted: float
) -> Size | None:
    """The smallest of the sizes that are tried which is enough, by doubling and halving."""

    def at(n: int) -> Size:
        return size(min(most, least + math.ceil((n - least) / step) * step))

    low, high = least - step, start
    best = at(high)
    while best.power.value < wanted:
        if high >= most:
            return None
        low, high = high, min(most, 2 * high)
        best = at(high)
    for _ in range(TRIED):
        middle = (low + high) // 2
        if high - low <= max(step, high // 50) or middle < least:
            break
        tried = at(middle)
        if tried.power.value >= wanted:
            best, high = tried, middle
        else:
            low = middle
    return best
