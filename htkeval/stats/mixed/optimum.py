"""The variance ratios at which the REML likelihood is largest, zeros included."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.mixed.equations import Layout, equations
from htkeval.stats.mixed.slopes import slopes
from htkeval.stats.scaling import Floats

NEVER = 1e-12
"""Rows of the largest level times the ratio, at which a variance counts as zero."""
GRID = (
    (0.0, 1e-3, 1e-2, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0),
    (0.0, 0.01, 0.1, 1.0, 10.0),
    (0.0, 0.05, 0.5, 5.0),
)
"""Rows of an average level times the ratio: where the search looks with one, two, three effects."""
TRIES = 3
"""How many valleys of the grid are followed to their floor."""
STEP = 1e-11
"""A step in the log of a ratio that is rounding only."""


def bounds(at: Layout) -> tuple[Floats, Floats]:
    """(K,) logs of the ratios that count as zero, and of those that count as infinite.

    With several effects the equations lose a unit matrix beside ratios over 1e12.
    """
    largest = [float(np.bincount(codes, at.cells.counts).max()) for codes in at.cells.codes]
    low = math.log(NEVER) - np.log(np.array(largest))
    return low, np.full(len(low), math.log(1e26 if len(low) == 1 else 1e12))


def usual(at: Layout) -> Floats:
    """(K,) ratios at which a level's own part weighs as much as the mean of its rows' parts."""
    return np.array(at.cells.levels, dtype=np.float64) / at.cells.rows


def optimum(at: Layout, *, fixed: NDArray[np.bool_]) -> Floats:
    """Which ratios make the data most likely?

    A grid finds the valleys of the deviance, Newton's method their floors, and the lowest floor is
    the answer: the likelihood can have two tops, one of them at zero.

    Args:
        at: Layout with K effects.
        fixed: (K,) which effects stay at zero.

    Returns:
        (K,) ratios; exactly zero where the likelihood falls from zero on.

    Raises:
        LinAlgError: The columns' equations have no solution where the search went.
    """
    if fixed.all():
        return np.zeros(len(fixed))
    low, high = bounds(at)
    high = np.where(fixed, low, high)
    points = np.array(GRID[min(len(low), len(GRID)) - 1])
    typical = usual(at)
    heights = {
        place: equations(at, typical * points[list(place)]).deviance
        for place in product(*(range(1 if f else len(points)) for f in fixed))
    }
    valleys = [place for place in heights if _is_valley(place, heights)]
    floors = []
    for place in sorted(valleys, key=lambda place: heights[place])[:TRIES]:
        start = np.log(np.maximum(typical * points[list(place)], np.exp(low)))
        floors.append(_floor(at, np.minimum(start, high), low, high))
    log, _ = min(floors, key=lambda floor: floor[1])
    return np.where(log <= low, 0.0, np.exp(log))


def _is_valley(place: tuple[int, ...], heights: dict[tuple[int, ...], float]) -> bool:
    """Whether no neighbour on the grid is lower."""
    near = [
        (*place[:k], place[k] + step, *place[k + 1 :])
        for k in range(len(place))
        for step in (-1, 1)
    ]
    return all(heights.get(other, math.inf) >= heights[place] for other in near)


def _floor(at: Layout, log: Floats, low: Floats, high: Floats) -> tuple[Floats, float]:
    """Newton's method in the logs of the ratios, within bounds; downhill where it is not convex.

    The deviance rises from a bound of zero if its slope there is positive, so what stands at the
    bound with such a slope is done.
    """
    none = np.zeros((len(at.cells.columns), 0))
    here = equations(at, np.exp(log))
    for _ in range(100):
        s = slopes(at, here, none)
        gradient = s.gradient
        free = ((log > low) | (gradient < 0)) & ((log < high) | (gradient > 0))
        if not free.any():
            break
        bend = s.observed[1:, 1:] - np.outer(s.squares, s.squares) / s.free
        values, vectors = np.linalg.eigh(bend[np.ix_(free, free)])
        steep = np.maximum(np.abs(values), 1e-3 * np.abs(gradient[free]).max() + 1e-300)
        step = np.zeros_like(log)
        step[free] = -vectors @ ((vectors.T @ gradient[free]) / steep)
        step *= min(1.0, 3 / max(float(np.abs(step).max()), 1e-300))
        for _ in range(30):
            there = np.clip(log + step, low, high)
            new = equations(at, np.exp(there))
            # near the floor the deviance is rounding: the slope alone knows the way
            if new.deviance <= here.deviance + 1e-11 * (1 + abs(here.deviance)):
                break
            step = step / 2
        moved = float(np.abs(there - log).max())
        log, here = there, new
        if moved < STEP:
            break
    return log, here.deviance
