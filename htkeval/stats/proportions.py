"""Two shares of independent units, one answer for each: how far apart, and how surely."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass

from htkeval.stats.answer import Absence

HALVINGS = 54
"""Of an interval no longer than two: what is left is a double's rounding."""
TABLES = 250_000
"""As many tables Boschloo's test may list, in some seconds; larger groups need no exact test."""


@dataclass(frozen=True)
class RiskDifference:
    """How far apart two shares are, with an interval and a p from the same statistic."""

    value: float
    """Treatment's share minus baseline's, -1 to 1."""
    interval: tuple[float, float]
    """Its confidence interval, within -1 to 1."""
    p_value: float
    """Two-sided p of no difference; below 1 - level exactly when the interval excludes zero."""


def score(
    hits0: int, n0: int, hits1: int, n1: int, *, level: float = 0.95
) -> RiskDifference | Absence:
    """How far apart are two shares, when each unit gave one answer?

    A difference d is inside the interval unless it is rejected by
    (p1 - p0 - d) / sqrt(V(d) N / (N - 1)), where V(d) takes the two shares as likely as may be,
    d apart. The test is the same statistic at d = 0, with the same factor N / (N - 1), which
    Farrington and Manning's test leaves out.

    Args:
        hits0: Baseline's units with the outcome, 0 to `n0`.
        n0: Baseline's units.
        hits1: Treatment's units with the outcome, 0 to `n1`.
        n1: Treatment's units.
        level: Confidence level, between 0 and 1.

    Returns:
        Treatment minus baseline; an absence where a group has no unit.

    Source: Miettinen & Nurminen 1985, equations 8 and 9; Newcombe 1998, method 6. Their cubic is
    not solved in closed form, which loses its digits at zero hits: bisection does not.

    Example:
        >>> low, high = score(48, 80, 56, 70).interval
        >>> round(low, 4), round(high, 4)
        (0.0528, 0.3382)
    """
    from scipy.special import ndtr, ndtri

    if n0 < 1 or n1 < 1:
        return Absence("too_few")
    value = hits1 / n1 - hits0 / n0
    reach = -float(ndtri((1 - level) / 2))

    def z(d: float) -> float:
        gap, variance = value - d, _variance(hits0, n0, hits1, n1, d)
        if not gap:  # both shares 0, or both 1, have no variance either
            return 0.0
        return gap / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, gap)

    low = _crossing(-1.0, value, lambda d: z(d) > reach)
    high = -_crossing(-1.0, -value, lambda d: z(-d) < -reach)
    p = 2 * float(ndtr(-abs(z(0.0))))
    return RiskDifference(value, (low, high), min(1.0, max(p, sys.float_info.min)))


def _variance(hits0: int, n0: int, hits1: int, n1: int, d: float) -> float:
    """Of the difference of shares, where the shares are likeliest among those `d` apart."""
    share0 = _likeliest(hits0, n0, hits1, n1, d)
    share1 = share0 + d
    factor = (n0 + n1) / (n0 + n1 - 1)
    return factor * (share0 * (1 - share0) / n0 + share1 * (1 - share1) / n1)


def _likeliest(hits0: int, n0: int, hits1: int, n1: int, d: float) -> float:
    """Baseline's share where the likelihood of both groups is largest, treatment's being + d.

    Its logarithm is concave, so its slope crosses zero once, or keeps one sign up to an end.
    """
    counts = (hits0, 0.0), (hits1, d), (n0 - hits0, -1.0), (n1 - hits1, d - 1)
    terms = [(count, shift) for count, shift in counts if count]
    ends = max(0.0, -d), min(1.0, 1.0 - d)
    return _crossing(*ends, lambda p: sum(count / (p + shift) for count, shift in terms) > 0)


def _crossing(low: float, high: float, before: Callable[[float], bool]) -> float:
    """Where `before` turns from true to false; an end, if it never does."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if before(middle) else (low, middle)
    return (low + high) / 2


def boschloo(hits0: int, n0: int, hits1: int, n1: int) -> float | Absence:
    """Could chance alone have set two shares so far apart?

    Exact whatever the counts, and stronger than Fisher's test, because only the groups' sizes are
    taken as given. No interval belongs to it.

    Args:
        hits0: Baseline's units with the outcome, 0 to `n0`.
        n0: Baseline's units.
        hits1: Treatment's units with the outcome, 0 to `n1`.
        n1: Treatment's units.

    Returns:
        The two-sided p, twice the smaller side; an absence where a group has no unit or the
        groups are too large to list their tables.

    Source: Boschloo 1970, as in SciPy's `boschloo_exact`.
    """
    if n0 < 1 or n1 < 1:
        return Absence("too_few")
    if (n0 + 1) * (n1 + 1) > TABLES:
        return Absence("too_many")
    if hits0 + hits1 in (0, n0 + n1):  # all alike: SciPy has no number for it
        return 1.0
    from scipy.stats import boschloo_exact

    p = float(boschloo_exact([[hits0, hits1], [n0 - hits0, n1 - hits1]]).pvalue)
    return min(1.0, max(p, sys.float_info.min))
