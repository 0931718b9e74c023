"""What remains certain where outcomes are missing or known only as a span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.answer import Absence
from htkeval.stats.classic import pull_of
from htkeval.stats.moments import moments
from htkeval.stats.regression import coefficients, cr2, solve
from htkeval.stats.scaling import Codes, Floats, exponent, unscaled
from htkeval.stats.shifts import region, shifts

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Bounds:
    """A span that holds the answer whatever the unknown values are."""

    low: float
    """Smallest answer that the data allow, in the outcome's unit."""
    high: float
    """Largest answer that the data allow, likewise."""
    limits: tuple[float, float] | Absence
    """The union of the two ends' confidence intervals, which covers the whole span with at least
    the level; absent where an end has no error."""


def worst_case(
    y: Floats,
    known: Bools,
    arm: Floats,
    *,
    cluster: Codes,
    low: float,
    high: float,
    level: float = 0.95,
    x: Mapping[str, Floats] | None = None,
    absorb: Codes | None = None,
) -> Bounds | Absence:
    """How far could the missing outcomes move the difference between the arms?

    Every missing value is put where it hurts most, then where it helps most: the bounds assume
    nothing of why values are missing.

    Args:
        y: (N,) outcome; what stands where `known` is false is not looked at.
        known: (N,) whether the outcome is known.
        arm: (N,) 1 in the treatment arm, 0 in the baseline.
        cluster: (N,) which cluster a row belongs to.
        low: The least an outcome can be: 0 for a share, 0 minutes.
        high: The most it can be: 1 for a share, the registered cap of minutes.
        level: Confidence level of the limits, between 0 and 1.
        x: The design's other columns, (N,) each.
        absorb: (N,) fixed effects, each within one cluster.

    Returns:
        As `banded`.

    Source: Manski 1990; Horowitz & Manski 2000. The limits are the union of the two CR2 intervals,
    a little wider than those of Imbens & Manski 2004, which cover the answer and not the span.

    Example:
        >>> y, known = np.array([1.0, 0.0, 1.0, 0.0]), np.array([True, True, True, False])
        >>> arm, each = np.array([0.0, 0.0, 1.0, 1.0]), np.arange(4)
        >>> found = worst_case(y, known, arm, cluster=each, low=0, high=1)
        >>> (found.low, found.high)
        (0.0, 0.5)
    """
    lowest, highest = (np.where(known, y, end) for end in (low, high))
    return banded(lowest, highest, arm, cluster=cluster, level=level, x=x, absorb=absorb)


def banded(
    low: Floats,
    high: Floats,
    arm: Floats,
    *,
    cluster: Codes,
    level: float = 0.95,
    x: Mapping[str, Floats] | None = None,
    absorb: Codes | None = None,
) -> Bounds | Absence:
    """How far apart are the arms where each outcome is known only as a band?

    The arm's coefficient is a weighted sum of outcomes, so it is least with each outcome at the
    end that its weight's sign says, and largest with each at the other.

    Args:
        low: (N,) the lower end of each answer's band; finite.
        high: (N,) its upper end; finite, so an open band needs a cap that someone defends.
        arm: (N,) 1 in the treatment arm, 0 in the baseline.
        cluster: (N,) which cluster a row belongs to.
        level: Confidence level of the limits, between 0 and 1.
        x: The design's other columns, (N,) each.
        absorb: (N,) fixed effects, each within one cluster.

    Returns:
        Bounds on the arm's coefficient; without other columns from mean(low | treatment) -
        mean(high | baseline) to mean(high | treatment) - mean(low | baseline). An absence without
        rows or where the arm is not identified.

    Source: Manski & Tamer 2002; limits as in `worst_case`.
    """
    if not len(arm):
        return Absence("no_rows")
    others = {**(x or {}), "arm": arm}
    pull = pull_of(np.zeros(len(arm)), others, column="arm", absorb=absorb)
    if isinstance(pull, Absence):
        return pull
    up = np.empty(len(arm), dtype=bool)
    up[pull.order] = pull.pull > 0
    low, high = np.minimum(low, high), np.maximum(low, high)
    fits = [
        moments(y, others, cluster=cluster, absorb=absorb)
        for y in (np.where(up, low, high), np.where(up, high, low))
    ]
    solved = [solve(m) for m in fits]
    ends = [coefficients(m, s)["arm"] for m, s in zip(fits, solved, strict=True)]
    if not np.isfinite(ends).all():
        return Absence("too_large")
    tests = [cr2(m, s, "arm") for m, s in zip(fits, solved, strict=True)]
    intervals = [test if isinstance(test, Absence) else test.interval(level) for test in tests]
    return Bounds(ends[0], ends[1], union(intervals[0], intervals[1]))


def union(
    one: tuple[float, float] | Absence, other: tuple[float, float] | Absence
) -> tuple[float, float] | Absence:
    """The span of two intervals; absent where one of them is."""
    if isinstance(one, Absence):
        return one
    return other if isinstance(other, Absence) else (min(one[0], other[0]), max(one[1], other[1]))


def banded_mean(low: Floats, high: Floats, *, weights: Floats) -> tuple[float, float] | Absence:
    """Between which values lies a mean of answers that were given in bands?

    Args:
        low: (K,) the lower end of each band or answer; finite.
        high: (K,) the upper end; finite.
        weights: (K,) how many gave it, or which share; at least 0.

    Returns:
        The least and the largest mean; an absence without bands, or where nobody answered.

    Example:
        >>> banded_mean(np.array([0.0, 5.0]), np.array([5.0, 30.0]), weights=np.array([3.0, 1.0]))
        (1.25, 11.25)
    """
    if not len(weights):
        return Absence("no_rows")
    shares = np.ldexp(weights, -exponent(weights))
    if shares.sum() <= 0:
        return Absence("no_exposure")
    shares /= shares.sum()
    return float(shares @ np.minimum(low, high)), float(shares @ np.maximum(low, high))


def tipping_point(
    y: Floats,
    known: Bools,
    arm: Floats,
    *,
    cluster: Codes,
    level: float = 0.95,
    x: Mapping[str, Floats] | None = None,
    absorb: Codes | None = None,
) -> float | Absence:
    """How much worse must the missing treatment outcomes be than the known ones to undo a finding?

    A missing outcome is put where the design's regression of the known ones has it, so that at
    delta 0 the comparison is that of the known, and in the treatment arm delta beyond it.

    Args:
        y: (N,) outcome; what stands where `known` is false is not looked at.
        known: (N,) whether the outcome is known.
        arm: (N,) 1 in the treatment arm, 0 in the baseline.
        cluster: (N,) which cluster a row belongs to.
        level: Confidence level, between 0 and 1.
        x: The design's other columns, (N,) each.
        absorb: (N,) fixed effects, each within one cluster.

    Returns:
        The smallest delta against the finding at which the CR2 interval holds zero, in the
        outcome's unit (the other way a larger one may only widen the interval): above zero
        where the treatment's mean is the lower one, below where it is the higher one. An absence
        where no treatment outcome is missing, or where the interval holds zero at delta 0 already;
        `no_end` where no delta is enough, as where other columns take it all up.

    Source: delta adjustment, Cro et al. 2020, National Research Council 2010; filled once, so the
    errors at delta 0 are a little too small. Solved, not searched: the limit is quadratic in delta.
    """
    treated = arm == 1
    gone = treated & ~known
    if not len(arm):
        return Absence("no_rows")
    if not gone.any():
        return Absence("nothing_missing")
    for group in (treated, ~treated):
        if not (known & group).any():
            return Absence("no_rows" if group.any() else "not_identified")
    filled = _filled(y, known, {**(x or {}), "arm": arm}, cluster=cluster, absorb=absorb)
    if not np.isfinite(filled).all():
        return Absence("too_large")
    moved = gone.astype(np.float64)
    found = shifts(filled, moved, assigned=arm, x=x or {}, cluster=cluster, absorb=absorb)
    if isinstance(found, Absence):
        return found
    if found.error(0.0) == 0:
        return Absence("no_spread")
    compatible = region(found, level=level)
    if isinstance(compatible, Absence):
        return compatible
    if 0.0 in compatible:
        return Absence("nothing_to_tip")
    # the region is of b in outcome - b * missing, so delta is -b; it holds the b that leaves no
    # effect, and its end between that and zero is where the finding falls
    ends = [
        end for end in (compatible.low, compatible.high) if end and (end > 0) == (found.zero > 0)
    ]
    # where a shift of what is missing is absorbed by other columns, no shift is compatible
    return -min(ends, key=abs) if ends else Absence("no_end")


def _filled(
    y: Floats,
    known: Bools,
    x: Mapping[str, Floats],
    *,
    cluster: Codes,
    absorb: Codes | None,
) -> Floats:
    """(N,) the known outcomes, and for the others what the regression of the known ones expects.

    A unit of which nothing is known has the mean of all as its level, which says nothing of the
    arm: whatever it were, a level of its own takes it up.
    """
    columns = {name: column[known] for name, column in x.items()}
    own = None if absorb is None else absorb[known]
    m = moments(y[known], columns, cluster=cluster[known], absorb=own)
    with np.errstate(over="ignore", invalid="ignore"):
        slopes = coefficients(m, solve(m))
        fit = np.sum([slopes.get(name, 0.0) * column for name, column in x.items()], axis=0)
        level = np.full(len(y), _mean((y - fit)[known]))
        for unit in np.unique(own) if own is not None else ():
            level[absorb == unit] = _mean((y - fit)[known & (absorb == unit)])
        return np.where(known, y, fit + level)


def _mean(values: Floats) -> float:
    power = exponent(values)
    return unscaled(float(np.ldexp(values, -power).mean()), power)
