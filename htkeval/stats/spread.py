"""Whether values lie further apart in one arm than in the other."""

from __future__ import annotations

import math

import numpy as np

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.scaling import Codes, Floats, scaled, starts_of


def log_variance_ratio(y: Floats, *, arm: Codes, cluster: Codes) -> Estimate | Absence:
    """How many times as large is the variance with the tool, when only clusters are independent?

    The variance of an arm is that of its rows about their cluster's mean in the arm where every
    cluster is in both arms, and about the arm's mean where none is. The logarithm of the ratio
    is jackknifed over clusters, with Student's t on one degree less than the clusters that tell.

    Args:
        y: (N,) outcome, usually log minutes.
        arm: (N,) 0 or 1.
        cluster: (N,) participant or team.

    Returns:
        The natural logarithm of the ratio, treatment over baseline; an absence where an arm has
        fewer than two clusters with anything to tell, or where nothing varies.

    Source: Miller 1968 (jackknifing the logarithm of a variance), with clusters in place of rows.
    """
    order = np.lexsort((arm, cluster))
    y, arm, cluster = y[order], arm[order], cluster[order]
    if not len(y):
        return Absence("no_rows")
    both = len(np.intersect1d(cluster[arm == 0], cluster[arm == 1])) > 0
    cells = starts_of(cluster, arm)
    column = scaled(y, cells).values if both else _about_arms(y, arm)
    sizes = np.diff(cells, append=len(y)).astype(float)
    squares = np.add.reduceat(column**2, cells)
    free = sizes - 1 if both else sizes
    sums = np.zeros((2, 2, int(cluster.max()) + 1))
    sums[0, arm[cells], cluster[cells]] = squares
    sums[1, arm[cells], cluster[cells]] = free
    telling = np.flatnonzero(sums[1].sum(axis=0) > 0)
    square, free = sums[0][:, telling], sums[1][:, telling]
    if min((free[0] > 0).sum(), (free[1] > 0).sum()) < 2:
        return Absence("too_few")
    left = [(part.sum(axis=1, keepdims=True) - part) for part in (square, free)]
    if min(square.sum(axis=1)) <= 0 or left[0].min() <= 0 or left[1].min() <= 0:
        return Absence("no_spread")
    whole = _log_ratio(square.sum(axis=1), free.sum(axis=1))
    each = _log_ratio(left[0], left[1])
    g = len(telling)
    error = math.sqrt((g - 1) / g * float(((each - each.mean()) ** 2).sum()))
    return estimate(float(whole), error, g - 1)


def _about_arms(y: Floats, arm: Codes) -> Floats:
    """Values about their arm's mean, in a power of two."""
    order = np.argsort(arm, kind="stable")
    centred = np.empty_like(y)
    centred[order] = scaled(y[order], starts_of(arm[order])).values
    return centred


def _log_ratio(squares: Floats, free: Floats) -> Floats:
    return np.asarray(np.log(squares[1] / free[1]) - np.log(squares[0] / free[0]))
