"""The effect on those whose outcome would be known in either arm."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.bounds import Bounds, union
from htkeval.stats.regression import NOTHING
from htkeval.stats.scaling import Codes, Floats, exponent, unscaled

Bools = NDArray[np.bool_]
BLOCKS = 200
"""Most parts of the clusters that are left out in turn; beyond it several clusters share a part."""


def lee(
    y: Floats, known: Bools, arm: Floats, *, cluster: Codes, level: float = 0.95
) -> Bounds | Absence:
    """How large is the effect on those whose outcome would be known in either arm?

    If the tool only ever keeps outcomes from going missing (or only ever makes them go missing),
    the arm with more known outcomes holds the same kind of people as the other plus some more. As
    many are taken off its top for the one bound, and off its bottom for the other.

    Args:
        y: (N,) outcome; what stands where `known` is false is not looked at.
        known: (N,) whether the outcome is known.
        arm: (N,) 1 in the treatment arm, 0 in the baseline.
        cluster: (N,) which cluster a row belongs to.
        level: Confidence level of the limits, between 0 and 1.

    Returns:
        Bounds on treatment minus baseline among the always-known, with the union of the two ends'
        jackknife intervals (clusters left out in turn, arm by arm, Welch's degrees of freedom); an
        absence where an arm is empty or nothing in it is known.

    Source: Lee 2009, proposition 1a; by arm: Wolter 2007, section 4.5. The last value that is
    taken off may be taken off in part, so
    that ties and small arms give the bound of the empirical distribution itself.

    Example:
        >>> y, arm = np.array([1.0, 2, 6, 0, 1, 2, 3, 4]), np.repeat([0.0, 1.0], 4)
        >>> known = np.arange(8) != 3
        >>> found = lee(y, known, arm, cluster=np.arange(8))
        >>> (found.low, found.high)
        (-1.0, 0.0)
    """
    treated = arm == 1
    if not len(arm):
        return Absence("no_rows")
    if treated.all() or not treated.any():
        return Absence("not_identified")
    visible = np.where(known, y, 0.0)
    power = exponent(visible)
    small = np.ldexp(visible, -power)
    ends = _ends(small, known, treated)
    if ends is None:
        return Absence("no_rows")
    limits = _limits(small, known, treated, ends=ends, cluster=cluster, level=level)
    low, high = sorted(unscaled(end, power) for end in ends)  # equal ends may differ by rounding
    if not (math.isfinite(low) and math.isfinite(high)):
        return Absence("too_large")
    if isinstance(limits, Absence):
        return Bounds(low, high, limits)
    outer = unscaled(limits[0], power), unscaled(limits[1], power)
    return Bounds(low, high, outer if all(map(math.isfinite, outer)) else Absence("too_large"))


def _ends(y: Floats, known: Bools, treated: Bools) -> tuple[float, float] | None:
    """Both bounds; None where an arm has nothing known."""
    values = [np.sort(y[known & group]) for group in (~treated, treated)]
    rows = [int((~treated).sum()), int(treated.sum())]
    if min(map(len, values)) == 0:
        return None
    share = min(len(v) / n for v, n in zip(values, rows, strict=True))
    (base, base_top), (treat, treat_top) = (
        _both_tails(v, min(share * n, float(len(v)))) for v, n in zip(values, rows, strict=True)
    )
    return treat - base_top, treat_top - base


def _both_tails(values: Floats, kept: float) -> tuple[float, float]:
    """Means of the lowest and of the highest `kept` of some sorted values, the last in part."""
    weights = np.clip(kept - np.arange(len(values)), 0.0, 1.0)
    return float(values @ weights) / kept, float(values[::-1] @ weights) / kept


def _limits(
    y: Floats,
    known: Bools,
    treated: Bools,
    *,
    ends: tuple[float, float],
    cluster: Codes,
    level: float,
) -> tuple[float, float] | Absence:
    """The outer ends of both bounds' jackknife intervals.

    By arm, as independent groups: one sum over all clusters misses one time in ten where one arm
    has two or three. A cluster in both arms counts where it was treated.
    """
    g = np.unique(cluster, return_inverse=True)[1]
    own = np.zeros(int(g.max()) + 1, dtype=bool)
    own[g[treated]] = True
    errors, freedom = np.zeros(2), np.zeros(2)
    for arm in (False, True):
        mine = np.flatnonzero(own == arm)
        parts = min(len(mine), BLOCKS)
        if parts < 2:
            return Absence("one_cluster" if len(own) == 1 else "too_few")
        part = np.full(len(own), -1)
        part[mine] = np.arange(len(mine)) % parts
        without = []
        for i in range(parts):
            kept = part[g] != i
            without.append(_ends(y[kept], known[kept], treated[kept]))
        found = np.array([each for each in without if each is not None])
        if len(found) < parts:  # an arm whose every known outcome lies in one part
            return Absence("lone_cluster")
        squares = (parts - 1) / parts * ((found - found.mean(axis=0)) ** 2).sum(axis=0)
        errors += squares
        freedom += squares**2 / (parts - 1)
    if np.sqrt(errors).min() <= NOTHING:
        return Absence("no_spread")
    lower, upper = (
        Estimate(end, math.sqrt(square), square**2 / share).interval(level)
        for end, square, share in zip(ends, errors.tolist(), freedom.tolist(), strict=True)
    )
    return union(lower, upper)
