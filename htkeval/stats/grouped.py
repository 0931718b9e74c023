"""Values in groups of several people: cuts and blocks that show nobody alone."""

from __future__ import annotations

import math

import numpy as np

from htkeval.stats.scaling import Codes, Floats

FINE = 25
"""Steps of the grid between the 5th and the 95th percentile, at least."""


def grid_step(values: Floats) -> float:
    """A round distance, 1, 2 or 5 times a power of ten, that cuts the middle of some values finely.

    Args:
        values: (n,) finite, at least one.

    Returns:
        The distance in the values' unit; 1 where the middle has no width.

    Example:
        >>> grid_step(np.arange(101.0))
        2.0
    """
    low, high = np.quantile(values, [0.05, 0.95])
    rough = float(high - low) / FINE
    if not rough > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return max(power * k for k in (1, 2, 5) if power * k <= rough * (1 + 1e-9))


def cuts(values: Floats, people: Codes, *, step: float, least: int) -> Floats:
    """Where may a distribution be told, so that few people are nowhere alone?

    Cuts lie on the multiples of a step, from low to high; a cut is taken as soon as values of
    enough people lie between it and the one before, and of enough people above it.

    Args:
        values: (n,) finite values, in their unit.
        people: (n,) whose each is.
        step: The distance of the grid, in the values' unit.
        least: How many people are enough.

    Returns:
        (c,) cuts in ascending order; none where there are too few people for two sides of one.

    Example:
        >>> cuts(np.arange(6.0), np.array([0, 1, 0, 1, 0, 1]), step=1.0, least=2).tolist()
        [1.0, 3.0]
    """
    order = np.argsort(values, kind="stable")
    cell, who = np.ceil(values[order] / step - 1e-9), people[order]
    above = _people_from(who)
    found, inside = [], set[int]()
    ends = [*np.flatnonzero(np.diff(cell)).tolist()]
    start = 0
    for end in ends:
        inside |= set(who[start : end + 1].tolist())
        start = end + 1
        if len(inside) >= least and above[start] >= least:
            found.append(float(cell[end]) * step)
            inside = set()
    return np.array(found)


def shares(values: Floats, at: Floats) -> Floats:
    """(c,) the share of (n,) values at or below each cut.

    Source: the empirical distribution function, `scipy.stats.ecdf(values).cdf.evaluate(at)`.
    """
    order = np.sort(values)
    return np.asarray(np.searchsorted(order, at * (1 + 1e-12), side="right") / len(values))


def blocks(values: Floats, people: Codes, *, least: int, most: int) -> tuple[Codes, ...]:
    """Some values from low to high in blocks of several people.

    Args:
        values: (n,) finite.
        people: (n,) whose each is.
        least: People of each block, at least.
        most: Blocks, at most.

    Returns:
        The places of the values in each block; one block of all where there are too few for two.
    """
    order = np.argsort(values, kind="stable")
    above, size = _people_from(people[order]), math.ceil(len(values) / most)
    made, start, inside = [], 0, set[int]()
    for place, who in enumerate(people[order].tolist(), 1):
        inside.add(who)
        rest = above[place] if place < len(order) else 0
        if place - start >= size and len(inside) >= least and rest >= least:
            made.append(order[start:place])
            start, inside = place, set()
    return (*made, order[start:])


def _people_from(who: Codes) -> Codes:
    """(n,) how many different people are in this place or after it."""
    last = np.zeros(len(who), dtype=np.intp)
    seen: set[int] = set()
    for place in range(len(who) - 1, -1, -1):
        seen.add(int(who[place]))
        last[place] = len(seen)
    return last


def crossing(x: Floats, y: Floats, level: float) -> float | None:
    """Where a rising line through some points reaches a level; None where it does not.

    Example:
        >>> crossing(np.array([10.0, 20.0]), np.array([0.4, 0.6]), 0.5)
        15.0
    """
    if len(x) == 0 or not y[0] <= level <= y[-1]:
        return None
    at = int(np.searchsorted(y, level))
    if at == 0 or y[at] == level:
        return float(x[at])
    part = (level - y[at - 1]) / (y[at] - y[at - 1])
    return float(x[at - 1] + part * (x[at] - x[at - 1]))
