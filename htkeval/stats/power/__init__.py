"""Closed forms of power: what a trial of a given size can see, from variance and df alone.

They check the simulation of the registered analysis, and answer at once where it would take time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from htkeval.stats.answer import Absence
from htkeval.stats.power.limits import check_effect, check_error, check_level, check_power

Sides = Literal["both", "own"]
"""`both`: a two-sided test, whichever side it ends on; `own`: the interval lies wholly on the
effect's own side, as a margin asks, so that each end errs with half of 1 - level."""
LARGEST = 1e15
"""Units beyond which no size is looked for."""
HALVINGS = 200
"""A double's exponent and digits are found in fewer."""


@dataclass(frozen=True)
class Planned:
    """How uncertain a contrast will be, before anything is measured."""

    variance: float
    """Of the contrast, in the outcome's squared unit; above zero."""
    df: float
    """Degrees of freedom of Student's t; infinite is the normal distribution."""

    def __post_init__(self) -> None:
        check_error(self.variance, self.df)

    @property
    def se(self) -> float:
        """Standard error of the contrast, in the outcome's unit."""
        return math.sqrt(self.variance)


def power(effect: float, planned: Planned, *, level: float = 0.95, sides: Sides = "both") -> float:
    """How likely is it that the interval excludes zero, if the effect is this large?

    Args:
        effect: The true contrast, in the outcome's unit; for a margin, the distance to it. At zero
            the answer is the chance of a false alarm.
        planned: Its variance and degrees of freedom.
        level: Confidence level of the two-sided interval.
        sides: What counts as found.

    Returns:
        The chance, between 0 and 1.

    Raises:
        Refused: The level is not between 0 and 1.

    Source: the noncentral t distribution, Cohen 1988; with `both`, as
    `pwr.t.test` of R's pwr counts it.

    Example:
        >>> round(power(0.5, Planned(variance=2 / 64, df=126)), 4)
        0.8015
    """
    check_level(level)
    return _reached(abs(effect) / planned.se, planned.df, level, sides)


def detectable(
    wanted: float, planned: Planned, *, level: float = 0.95, sides: Sides = "both"
) -> float:
    """How large must an effect be to be found with the wanted power?

    Args:
        wanted: The power, between 1 - level and 1.
        planned: Variance and degrees of freedom of the contrast.
        level: Confidence level of the two-sided interval.
        sides: What counts as found.

    Returns:
        The effect's size, above zero, in the outcome's unit.

    Raises:
        Refused: No effect at all, or no effect however large, has that power.

    Example:
        >>> round(detectable(0.8, Planned(variance=2 / 64, df=126)), 4)
        0.4991
    """
    check_power(wanted, level)

    def enough(shift: float) -> bool:
        return _reached(shift, planned.df, level, sides) >= wanted

    high = 1.0
    while not enough(high):
        high *= 2
    return planned.se * crossing(enough, 0.0, high)


def size(
    wanted: float,
    effect: float,
    *,
    at: Callable[[int], Planned | Absence],
    least: int = 2,
    most: int = 10_000,
    level: float = 0.95,
    sides: Sides = "both",
) -> int | Absence:
    """How many units does it take to find an effect with the wanted power?

    Args:
        wanted: The power, between 1 - level and 1.
        effect: The true contrast, in the outcome's unit; not zero.
        at: What a trial of n units would give; power must rise with n. An absence has no power.
        least: The fewest units to try.
        most: The most units to try.
        level: Confidence level of the two-sided interval.
        sides: What counts as found.

    Returns:
        The smallest number that reaches the power; an absence (`out_of_reach`) where `most` does
        not, as with ever more tasks of too few people.

    Raises:
        Refused: A power that no trial has, or an effect of zero.

    Example:
        >>> size(0.8, 0.5, at=lambda n: Planned(variance=2 / n, df=2 * n - 2))
        64
    """
    check_power(wanted, level)
    check_effect(effect)

    def enough(n: int) -> bool:
        found = at(n)
        return isinstance(found, Planned) and power(effect, found, level=level, sides=sides) >= (
            wanted
        )

    low, high = least - 1, least
    while not enough(high):
        if high >= most:
            return Absence("out_of_reach")
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def smallest(enough: Callable[[float], bool], least: float) -> float | Absence:
    """The smallest size that is enough, not whole; `least`, if that is.

    Args:
        enough: False up to some size, true from there on.
        least: The smallest size to try, above zero.
    """
    high = least
    while not enough(high):
        if high > LARGEST:
            return Absence("out_of_reach")
        high *= 2
    return least if high == least else crossing(enough, high / 2, high)


def crossing(enough: Callable[[float], bool], low: float, high: float) -> float:
    """Where `enough` turns true, by halving; `high`, if it never does before.

    Args:
        enough: False up to some point, true from there on.
        low: A number below that point.
        high: A number from that point on.
    """
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _reached(shift: float, df: float, level: float, sides: Sides) -> float:
    """Power at an effect of `shift` standard errors: each tail as a tail, never as 1 - body."""
    from scipy.special import nctdtr, ndtr, ndtri, stdtrit

    tail = (1 - level) / 2
    if math.isinf(df):
        limit = float(ndtri(tail))
        own, other = float(ndtr(limit + shift)), float(ndtr(limit - shift))
    else:
        limit = float(stdtrit(df, tail))
        own, other = float(nctdtr(df, -shift, limit)), float(nctdtr(df, shift, limit))
        other = 0.0 if math.isnan(other) else other  # SciPy's answer to some tails below 1e-15
    return min(1.0, own + other if sides == "both" else own)
