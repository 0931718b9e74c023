"""What a trial that was looked at on the way has found, once it has stopped."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass

from htkeval.stats.answer import Absence
from htkeval.stats.sequential import Boundary
from htkeval.stats.sequential.recursion import exits

WIDENINGS = 60
"""Doublings at most of the span in which a root is sought."""
FARTHEST = 1e9
"""The z beyond which the effect of a trial with looks is not sought."""


@dataclass(frozen=True)
class Stagewise:
    """A finding that knows of the looks before it."""

    p_value: float
    """Chance, without an effect, of an outcome as far out: stopped at an earlier look, or at this
    one as far from zero. Of as many sides as the limits; never printed as zero."""
    estimate: float
    """Median-unbiased: too large as often as too small, in the unit of the standard error."""
    interval: tuple[float, float]
    """Confidence interval of the same ordering; excludes zero where `p_value` (of two sides) is
    below 1 - level."""


def stagewise(
    z: float, limits: Boundary, *, look: int, se: float, level: float = 0.95
) -> Stagewise | Absence:
    """How large is the effect of a trial that stopped at a look, or went on to its end?

    Outcomes are ordered by the look at which the trial stopped, then by z. A trial that stops
    within its limits, for futility or because it must, counts as if the look had been its last.

    Args:
        z: Estimate over standard error at the look; with a small-sample method `as_z` of its p.
        limits: The limits of the looks so far; what would have come after does not matter.
        look: The number of the look, 1 for the first.
        se: Standard error of the estimate at the look, above zero. Where z came from a small-sample
            p-value, estimate / z: the error with which a normal test would have had this p.
        level: Confidence level of the two-sided interval, between 0.5 and 1.

    Returns:
        The finding; an absence without an error, or where a number is none or too large.

    Source: Armitage 1957; Siegmund 1978; Tsiatis, Rosner & Mehta 1984; Jennison & Turnbull 2000,
    8.4-8.5. With one side as rpact's `getFinalPValue` and `getFinalConfidenceInterval`. With two,
    a trial that stopped downwards has stopped, which rpact leaves out of account.

    Example:
        >>> from htkeval.stats.sequential import boundary
        >>> found = stagewise(2.0, boundary((0.5, 1.0)), look=2, se=1.0)
        >>> round(found.p_value, 4), round(found.estimate, 3)
        (0.0465, 1.995)
    """
    if se <= 0:
        return Absence("no_spread")
    if not (abs(z) < FARTHEST and math.isfinite(se)):
        return Absence("too_large")
    flip = z < 0 and limits.sides == 2
    tail = _tail(abs(z) if flip else z, limits, look)
    alone = not any(map(math.isfinite, limits.upper[: look - 1]))
    share = (1 - level) / 2
    ends = [
        _shift(each, tail, abs(z) if flip else z, alone=alone) for each in (share, 0.5, 1 - share)
    ]
    low, middle, high = (-each * se for each in reversed(ends)) if flip else (e * se for e in ends)
    if not (math.isfinite(low) and math.isfinite(high)):
        return Absence("too_large")
    p = min(1.0, max(limits.sides * tail(0.0), sys.float_info.min))
    return Stagewise(p, middle, (low, high))


def as_z(p_value: float, estimate: float) -> float:
    """Which z has the two-sided p-value of a small-sample method, with the estimate's sign?

    Args:
        p_value: Two-sided, above 0 and at most 1.
        estimate: Whatever has the sign of the finding.

    Example:
        >>> round(as_z(0.05, -3.2), 6)
        -1.959964
    """
    from scipy.special import ndtri

    return math.copysign(float(ndtri(p_value / 2)), estimate) if p_value < 1 else 0.0


def _tail(z: float, limits: Boundary, look: int) -> Callable[[float], float]:
    """Chance of an outcome as far up, by the effect in standard errors of this look."""
    own = limits.fractions[look - 1]
    times = [t / own for t in limits.fractions[:look]]
    lower, upper = [*limits.lower[: look - 1], -math.inf], [*limits.upper[: look - 1], z]
    return lambda shift: sum(exits(times, lower, upper, drift=shift).above)


def _shift(share: float, tail: Callable[[float], float], z: float, *, alone: bool) -> float:
    """The effect at which the tail has a share; it rises with the effect."""
    from scipy.special import ndtri

    plain = z + float(ndtri(share))
    if alone:  # no look before could stop: the ordering is that of z
        return plain
    from scipy.optimize import brentq

    low, high, reach = plain, plain, 1.0
    for _ in range(WIDENINGS):
        if tail(low) <= share <= tail(high):
            break
        low, high, reach = plain - reach, plain + reach, 2 * reach
    return float(brentq(lambda shift: tail(shift) - share, low, high, xtol=1e-13, rtol=1e-14))
