"""How the odds of a better rating change with the tool, when ratings are only ordered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.moments import INTERCEPT, moments
from htkeval.stats.regression import NOTHING, sandwich, solve
from htkeval.stats.scaling import Codes, Floats, scaled, unscaled

Bools = NDArray[np.bool_]

MOST_STEPS = 60
"""Newton steps after which a likelihood has no top: a column tells ratings apart."""
STILL = 1e-8
"""A step that moves no row's log odds by more is the last: its error is its square."""


@dataclass(frozen=True, eq=False)
class Odds:
    """The likeliest thresholds and slopes."""

    slopes: Floats
    """(p,) logarithms of odds ratios for one unit of each column."""
    variance: Floats
    """(K - 1 + p, K - 1 + p) inverse of the information, thresholds first."""
    scores: Floats
    """(N, K - 1 + p) each row's slope of the likelihood, which sum to zero."""


def odds_ratio(
    rating: Floats, x: Mapping[str, Floats], *, column: str, cluster: Codes
) -> Estimate | Absence:
    """How many times are the odds of a rating above any level, when only clusters are independent?

    log odds(rating > k) = columns - threshold k: one ratio for every level, which is an assumption.
    Its error has no small-sample correction but G / (G - 1) and Student's t, so with few clusters
    it alarms too often: it stands beside an answer, never instead of one.

    Args:
        rating: (N,) finite ratings on a scale of few levels; only their order counts.
        x: Each column's name and its (N,) finite values, without an intercept, `column` last.
        column: The column asked for, 0 baseline and 1 treatment.
        cluster: (N,) which cluster a row belongs to.

    Returns:
        The logarithm of the odds ratio, its cluster-robust error, and G - 1 degrees of freedom; an
        absence where all ratings are alike, where a column tells ratings apart or is redundant, or
        where one cluster alone identifies the ratio.

    Source: McCullagh 1980; Liang & Zeger 1986, as R's `ordinal::clm` and `sandwich::vcovCL`.

    Example:
        >>> rating, team = np.array([1.0, 2, 2, 1, 1, 2, 2, 2]), np.array([0, 0, 1, 1, 2, 2, 3, 3])
        >>> arm = {"arm": np.repeat([0.0, 1.0], 4)}
        >>> found = odds_ratio(rating, arm, column="arm", cluster=team)
        >>> round(float(np.exp(found.value)), 6)
        3.0
    """
    if not len(rating):
        return Absence("no_rows")
    levels, codes = np.unique(rating, return_inverse=True)
    if len(levels) < 2:
        return Absence("no_spread")
    m = moments(rating, x, cluster=cluster)
    linear = solve(m)
    if column in linear.dropped:
        return Absence("not_identified")
    groups = len(m.rows)
    if groups < 2:
        return Absence("one_cluster")
    kept = [name for name in linear.kept if name != INTERCEPT]
    if len(rating) <= len(levels) - 1 + len(kept):
        return Absence("saturated")
    if sandwich(m, linear, column).alone:
        return Absence("lone_cluster")
    whole = np.zeros(1, dtype=np.intp)
    columns = {name: scaled(x[name], whole) for name in kept}
    found = odds(codes, np.column_stack([each.values for each in columns.values()]))
    if found is None:
        return Absence("not_identified")
    place = len(levels) - 1 + kept.index(column)
    row = found.variance[place]
    by_cluster = np.bincount(np.unique(cluster, return_inverse=True)[1], found.scores @ row)
    error = math.sqrt(groups / (groups - 1) * float(by_cluster @ by_cluster))
    if error <= NOTHING * math.sqrt(row[place]):
        return Absence("no_spread")
    power, slope = -columns[column].exponent, float(found.slopes[kept.index(column)])
    return estimate(unscaled(slope, power), unscaled(error, power), groups - 1)


def odds(level: Codes, x: Floats) -> Odds | None:
    """Which thresholds and slopes are likeliest? None where the likelihood has no top.

    Args:
        level: (N,) 0 to K - 1, each of them at least once.
        x: (N, p) columns of full rank, about their means.

    Source: Newton's method; the likelihood is concave, Pratt 1981.
    """
    k, p = int(level.max()), x.shape[1]
    below = np.cumsum(np.bincount(level))[:-1]
    theta = np.append(np.log(below / (len(level) - below)), np.zeros(p))
    upper = np.column_stack([np.equal.outer(level, np.arange(k)), -x])
    lower = np.column_stack([np.equal.outer(level - 1, np.arange(k)), -x])
    ends = (level < k, level > 0)
    still = False
    for _ in range(MOST_STEPS):
        likelihood, scores, information = _slopes(theta, upper, lower, ends)
        try:
            variance = np.asarray(np.linalg.inv(information), dtype=float)
        except np.linalg.LinAlgError:
            return None
        if still:
            return Odds(theta[k:], variance, scores)
        step = variance @ scores.sum(axis=0)
        still = bool(max(np.abs(upper @ step).max(), np.abs(lower @ step).max()) <= STILL)
        while not _slopes(theta + step, upper, lower, ends)[0] >= likelihood - STILL:
            step = step / 2
        theta = theta + step
    return None


def _slopes(
    theta: Floats, upper: Floats, lower: Floats, ends: tuple[Bools, Bools]
) -> tuple[float, Floats, Floats]:
    """The logarithm of the likelihood, (N, K - 1 + p) its slopes by row, and the information.

    With a and b the log odds of at most the level and of at most the one below,
    F(a) - F(b) = F(a) (1 - F(b)) (1 - exp(b - a)): no digit is lost in either tail.
    """
    from scipy.special import expit, log_expit

    a, b = (
        np.where(there, rows @ theta, end)
        for rows, there, end in zip((upper, lower), ends, (np.inf, -np.inf), strict=True)
    )
    gap = np.exp(np.minimum(b - a, 0.0))
    if not (gap < 1).all():  # thresholds out of order
        return -math.inf, np.zeros_like(upper), np.eye(len(theta))
    likelihood = float((log_expit(a) + log_expit(-b) + np.log1p(-gap)).mean())
    rest = gap / -np.expm1(b - a)
    scores = (expit(-a) + rest)[:, None] * upper - (expit(b) + rest)[:, None] * lower
    between = upper - lower
    information = (
        upper.T @ ((expit(a) * expit(-a))[:, None] * upper)
        + lower.T @ ((expit(b) * expit(-b))[:, None] * lower)
        + between.T @ ((rest * (1 + rest))[:, None] * between)
    )
    return likelihood, scores, information
