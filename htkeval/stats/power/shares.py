"""Two shares of independent units: power of given groups, and groups for a given power."""

from __future__ import annotations

import math
from typing import Literal

from htkeval.stats.answer import Absence
from htkeval.stats.power import Planned, Sides, power, smallest
from htkeval.stats.power.limits import check_number, check_power, check_ratio, check_shares

Method = Literal["arcsine", "unpooled"]
"""`arcsine`: shares as 2 arcsin sqrt(p), whose variance is 1/n whatever p; `unpooled`: shares as
they are, each with its own variance p (1 - p) / n."""


def power_of_shares(
    share0: float,
    share1: float,
    *,
    n0: float,
    n1: float,
    method: Method = "arcsine",
    level: float = 0.95,
    sides: Sides = "both",
) -> float:
    """How likely are two groups of units to show that their shares differ?

    Args:
        share0: Baseline's true share, between 0 and 1.
        share1: Treatment's, likewise; another.
        n0: Baseline's units; times 1 / design effect where units hang together.
        n1: Treatment's units, likewise.
        method: On which scale the normal approximation is made.
        level: Confidence level of the two-sided interval.
        sides: What counts as found.

    Returns:
        The chance, between 0 and 1.

    Raises:
        Refused: A share that cannot vary, equal shares, a group of less than one.

    Source: `arcsine`: Cohen 1988, section 6, as `pwr.2p.test` and `pwr.2p2n.test` of R's pwr.
    `unpooled`: Chow, Shao & Wang 2008, with both variances under the alternative.

    Example:
        >>> round(power_of_shares(0.3, 0.5, n0=93, n1=93), 4)
        0.8013
    """
    check_shares(share0, share1)
    check_number(min(n0, n1), 1)
    gap, spread0, spread1 = _scaled(share0, share1, method)
    return power(gap, Planned(spread0 / n0 + spread1 / n1, math.inf), level=level, sides=sides)


def size_of_shares(
    wanted: float,
    share0: float,
    share1: float,
    *,
    ratio: float = 1.0,
    method: Method = "arcsine",
    level: float = 0.95,
    sides: Sides = "both",
) -> float | Absence:
    """How many units must baseline have, so that two shares are told apart?

    Args:
        wanted: The power, between 1 - level and 1.
        share0: Baseline's true share, between 0 and 1.
        share1: Treatment's, likewise; another.
        ratio: Treatment's units for each of baseline's.
        method: On which scale the normal approximation is made.
        level: Confidence level of the two-sided interval.
        sides: What counts as found.

    Returns:
        Baseline's n, not rounded up; times the design effect where units hang together. An absence
        (`out_of_reach`) beyond 1e15 units.

    Raises:
        Refused: A power that no trial has, a share that cannot vary, equal shares.

    Source: as `power_of_shares`.

    Example:
        >>> round(size_of_shares(0.8, 0.3, 0.5), 3)
        92.696
    """
    check_power(wanted, level)
    check_shares(share0, share1)
    check_ratio(ratio)
    gap, spread0, spread1 = _scaled(share0, share1, method)
    each = spread0 + spread1 / ratio
    return smallest(
        lambda n: power(gap, Planned(each / n, math.inf), level=level, sides=sides) >= wanted,
        max(1.0, 1.0 / ratio),
    )


def _scaled(share0: float, share1: float, method: Method) -> tuple[float, float, float]:
    """The difference on the method's scale, and one unit's variance in each group."""
    if method == "unpooled":
        return share1 - share0, share0 * (1 - share0), share1 * (1 - share1)
    return 2 * (math.asin(math.sqrt(share1)) - math.asin(math.sqrt(share0))), 1.0, 1.0
