"""Student's t with one value a unit: power of given groups, and groups for a given power."""

from __future__ import annotations

from htkeval.stats.answer import Absence
from htkeval.stats.power import Planned, Sides, power, smallest
from htkeval.stats.power.limits import (
    check_effect,
    check_number,
    check_power,
    check_ratio,
    check_sd,
)


def two_groups(n0: float, n1: float, *, sd: float = 1.0) -> Planned:
    """How uncertain is the difference between two groups' means?

    Args:
        n0: Baseline's units, two or more; need not be whole.
        n1: Treatment's units, likewise.
        sd: Standard deviation in either group, in the outcome's unit.

    Returns:
        Variance sd^2 (1/n0 + 1/n1) with n0 + n1 - 2 degrees of freedom.

    Raises:
        Refused: A group of fewer than two, or no spread.

    Source: Student's pooled t; Cohen 1988, section 2.
    """
    check_number(min(n0, n1), 2)
    check_sd(sd)
    return Planned(sd**2 * (1 / n0 + 1 / n1), n0 + n1 - 2)


def pairs(n: float, *, sd: float = 1.0) -> Planned:
    """How uncertain is the mean of differences within pairs, or of one group?

    Args:
        n: Pairs, two or more; need not be whole.
        sd: Standard deviation of the differences, in the outcome's unit.

    Raises:
        Refused: Fewer than two pairs, or no spread.
    """
    check_number(n, 2)
    check_sd(sd)
    return Planned(sd**2 / n, n - 1)


def size_of_groups(
    wanted: float,
    effect: float,
    *,
    sd: float = 1.0,
    ratio: float = 1.0,
    level: float = 0.95,
    sides: Sides = "both",
) -> float | Absence:
    """How many units must baseline have?

    Args:
        wanted: The power, between 1 - level and 1.
        effect: The true difference of means, in the outcome's unit; not zero.
        sd: Standard deviation in either group, likewise.
        ratio: Treatment's units for each of baseline's.
        level: Confidence level of the two-sided interval.
        sides: What counts as found.

    Returns:
        Baseline's n, not rounded up, so that it can be held against other programs; treatment has
        `ratio` times as many. No group is smaller than two. An absence (`out_of_reach`) beyond
        1e15 units.

    Raises:
        Refused: A power that no trial has, an effect of zero, no spread, no second group.

    Source: as `pwr.t.test` and `pwr.t2n.test` of R's pwr.

    Example:
        >>> round(size_of_groups(0.8, 0.5), 4)
        63.7656
    """
    check_power(wanted, level)
    check_effect(effect)
    check_sd(sd)
    check_ratio(ratio)
    least = 2 / min(1.0, ratio)
    return smallest(
        lambda n: (
            power(effect, two_groups(n, n * ratio, sd=sd), level=level, sides=sides) >= wanted
        ),
        least,
    )


def size_of_pairs(
    wanted: float, effect: float, *, sd: float = 1.0, level: float = 0.95, sides: Sides = "both"
) -> float | Absence:
    """How many pairs, or units of one group, does it take?

    Args:
        wanted: The power, between 1 - level and 1.
        effect: The true mean of the differences, in the outcome's unit; not zero.
        sd: Standard deviation of the differences, likewise.
        level: Confidence level of the two-sided interval.
        sides: What counts as found.

    Returns:
        The number, two or more, not rounded up; an absence (`out_of_reach`) beyond 1e15.

    Raises:
        Refused: A power that no trial has, an effect of zero, no spread.

    Source: as `pwr.t.test(type = "paired")` of R's pwr.

    Example:
        >>> round(size_of_pairs(0.8, 0.5), 4)
        33.3671
    """
    check_power(wanted, level)
    check_effect(effect)
    check_sd(sd)
    return smallest(
        lambda n: power(effect, pairs(n, sd=sd), level=level, sides=sides) >= wanted, 2.0
    )
