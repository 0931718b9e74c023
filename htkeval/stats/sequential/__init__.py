"""Looks before the end: limits that keep the chance of a false alarm where it was promised."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.sequential.recursion import (
    LEAST_STEP,
    REACH,
    Going,
    beyond,
    carried,
    density,
    started,
)
from htkeval.stats.sequential.spending import Sides, Spending, spent

STEPS = 100
"""Newton steps at most for a limit; half a dozen are usual."""


@dataclass(frozen=True)
class Look:
    """One look, and what it takes to stop there."""

    fraction: float
    """Information at the look over the planned information."""
    critical: float
    """The z at which the trial stops, and in a two-sided trial its opposite; infinity where
    nothing may be spent, so that the trial never stops at this look."""
    nominal: float
    """The p-value at or below which the trial stops, of as many sides as the limits have. A method
    for few units is held against this and not against `critical`, which is for exact normal z. Zero
    where the trial never stops."""
    spent: float
    """Chance of a false alarm at this look or before, all sides together."""

    @property
    def level(self) -> float | Absence:
        """Confidence level of the registered method's interval at this look: the repeated interval,
        which excludes no effect exactly where the trial stops. Absent where it never stops."""
        return 1 - self.nominal if self.nominal > 0 else Absence("nothing_spent")


@dataclass(frozen=True)
class Boundary:
    """The looks of a trial in their order."""

    looks: tuple[Look, ...]
    """At least one."""
    sides: Sides
    """2: the trial may stop in either direction, each with half of alpha. 1: upwards only."""
    alpha: float
    """What is spent in all, both sides together."""

    @property
    def fractions(self) -> tuple[float, ...]:
        """(K,) information fractions."""
        return tuple(look.fraction for look in self.looks)

    @property
    def upper(self) -> tuple[float, ...]:
        """(K,) z at or above which the trial stops."""
        return tuple(look.critical for look in self.looks)

    @property
    def lower(self) -> tuple[float, ...]:
        """(K,) z at or below which it stops; minus infinity with one side."""
        return tuple(-look.critical if self.sides == 2 else -math.inf for look in self.looks)


def boundary(
    fractions: Sequence[float],
    *,
    alpha: float = 0.05,
    spending: Spending = "obrien_fleming",
    sides: Sides = 2,
    final: bool = True,
) -> Boundary | Absence:
    """How far from "no effect" must a trial be at each look to stop?

    Limits are found look by look, and each depends on the looks before it only. So at look 1 of 2
    ask with the one fraction seen and `final=False`, and at the end with both as they were seen.

    Args:
        fractions: (K,) information at each look over the planned information, above zero, each at
            least a thousandth more than the one before. The last may be more or less than 1.
        alpha: Chance of a false alarm over all looks, both sides together; below 0.5.
        spending: How it is spent; see `spent`.
        sides: 2 for limits on both sides with half of alpha each, 1 for an upper one only.
        final: Whether the last of these looks is the trial's last.

    Returns:
        The limits; an absence without looks, or where a look adds no information.

    Raises:
        ValueError: A spending table with fewer shares than looks.

    Source: Armitage, McPherson & Rowe 1969; Lan & DeMets 1983; Jennison & Turnbull 2000, 7.2. With
    two sides the trial counts as stopped on either, so that both spend exactly alpha, as rpact's
    `getDesignGroupSequential(sided = 2)`.

    Example:
        >>> found = boundary((0.5, 1.0))
        >>> [round(look.critical, 4) for look in found.looks]
        [2.9626, 1.9686]
    """
    times = (0.0, *fractions)
    if not fractions:
        return Absence("no_rows")
    if not all(b - a >= LEAST_STEP * b > 0 for a, b in itertools.pairwise(times)):
        return Absence("no_new_information")
    used = spent(fractions, spending, alpha=alpha, sides=sides, final=final)
    shares = np.diff(used, prepend=0.0) / sides
    stops = [int(k) for k in np.flatnonzero(shares > 0)]
    looks = [Look(t, math.inf, 0.0, all_) for t, all_ in zip(fractions, used, strict=True)]
    going = started()
    for k, after in itertools.zip_longest(stops, stops[1:]):
        looks[k] = look = _look(going, fractions[k], float(shares[k]), used[k], sides)
        if after is not None:
            low = -look.critical if sides == 2 else -REACH
            going = carried(going, look.fraction, low, look.critical, after=fractions[after])
    return Boundary(tuple(looks), sides, alpha)


def foreseen(seen: Sequence[float], planned: Sequence[float]) -> tuple[float, ...]:
    """The information fractions of looks that were, and after them of those still to come.

    A planned look that what was seen has overtaken falls away.

    Args:
        seen: (k,) fractions at the looks so far.
        planned: (K,) fractions of all looks as planned; the first k of them are past.

    Example:
        >>> foreseen((0.43,), (0.5, 1.0))
        (0.43, 1.0)
    """
    now = seen[-1] if seen else 0.0
    ahead = [t for t in planned[len(seen) :] if t - now >= LEAST_STEP * t]
    return (*seen, *ahead)


def _look(going: Going, fraction: float, share: float, used: float, sides: Sides) -> Look:
    """Newton on the logarithm of the tail, which is concave: from the right it never oversteps."""
    from scipy.special import ndtr, ndtri

    c = -float(ndtri(share))  # where no look had come before
    for _ in range(STEPS):
        tail = beyond(going, fraction, c)
        step = math.log(tail / share) * tail / density(going, fraction, c) if tail > 0 else -0.1
        c += step
        if abs(step) < 1e-13 * (1 + abs(c)):
            break
    return Look(fraction, c, sides * float(ndtr(-c)), used)
