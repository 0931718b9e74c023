"""How alike measurements of the same participant or team are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence, estimate
from htkeval.stats.scaling import Codes, Floats, scaled, starts_of


@dataclass(frozen=True)
class Correlation:
    """An intraclass correlation and its interval."""

    value: float
    """The correlation; below zero by chance where there is no likeness."""
    interval: tuple[float, float]
    """Confidence interval, at most 1."""


def intraclass(
    y: Floats, *, cluster: Codes, group: Codes, level: float = 0.95
) -> Correlation | Absence:
    """Which share of the spread within a group lies between its clusters?

    The analysis-of-variance estimate for unequal sizes,
    (MSB - MSW) / (MSB + (m0 - 1) MSW), m0 = (N - sum_i sum_j m_ij^2 / N_i) / (K - I), over the
    K clusters of I groups. It is unbiased in its parts, so below zero by chance when there is no
    likeness; it is not cut off at zero.

    Args:
        y: (N,) finite outcome.
        cluster: (N,) participant or team.
        group: (N,) arm; its mean is taken out. A cluster seen in two groups counts in each.
        level: Confidence level.

    Returns:
        The correlation; an absence where no cluster has two rows, no group has two clusters, or
        nothing varies.

    Source: Donner & Klar 2000, section 1.6, after Donner & Koval 1980; R: `aov(y ~ group/cluster)`.
    Its interval turns F = MSB / MSW round with m0 in place of the cluster size: exact for equal
    clusters and normal values (Searle 1971), near for unequal ones (Donner & Wells 1986).
    """
    order = np.lexsort((cluster, group))
    y, cluster, group = y[order], cluster[order], group[order]
    groups, cells = starts_of(group), starts_of(group, cluster)
    rows, k, i = len(y), len(cells), len(groups)
    if not rows or k == i:
        return Absence("one_cluster")
    if rows == k:
        return Absence("saturated")
    column = scaled(y, groups)
    sizes = np.diff(cells, append=rows)
    means = np.add.reduceat(column.values, cells) / sizes
    between = float(sizes @ means**2) / (k - i)
    within = float(((column.values - np.repeat(means, sizes)) ** 2).sum()) / (rows - k)
    in_group = np.repeat(np.diff(groups, append=rows), np.diff(groups, append=rows))[cells]
    m0 = (rows - float((sizes**2 / in_group).sum())) / (k - i)
    whole = between + (m0 - 1) * within
    if whole <= column.rounding**2:
        return Absence("no_spread")
    interval = _interval(between, within, m0, df=(k - i, rows - k), level=level)
    return Correlation((between - within) / whole, interval)


def intraclass_over_time(
    y: Floats, *, cluster: Codes, period: Codes, level: float = 0.95
) -> Correlation | Absence:
    """Which share of the spread lies between clusters in one and the same period?

    Where a cluster's periods differ by more than their common trend, two rows of one period are
    more alike than two of different periods: that of one period is what sample sizes of roll-outs
    are reckoned with, beside the cluster autocorrelation.

    Args:
        y: (N,) finite outcome, effects and the trend taken out.
        cluster: (N,) team.
        period: (N,) its period.
        level: Confidence level.

    Returns:
        As `intraclass` of the cells of a team and a period, with the interval of a jackknife over
        teams on Fisher's scale; an absence also with fewer than three teams.

    Source: Hooper et al. 2016 for the two correlations; Tukey 1958.
    """
    names, team = np.unique(cluster, return_inverse=True)
    cell, none = team * (int(period.max(initial=0)) + 1) + period, np.zeros_like(team)
    whole = intraclass(y, cluster=cell, group=none)
    if isinstance(whole, Absence):
        return whole
    without = []
    for left in range(len(names)):
        kept = team != left
        one = intraclass(y[kept], cluster=cell[kept], group=none[kept])
        if isinstance(one, Correlation):
            without.append(one.value)
    if len(names) < 3 or len(without) < len(names):
        return Absence("few_clusters")
    z, at = _fisher(np.array(without)), float(_fisher(np.array([whole.value]))[0])
    g = len(z)
    found = estimate(at, math.sqrt((g - 1) / g * float(((z - z.mean()) ** 2).sum())), g - 1.0)
    ends = found if isinstance(found, Absence) else found.interval(level)
    if isinstance(ends, Absence):
        return ends
    return Correlation(whole.value, (math.tanh(ends[0]), math.tanh(ends[1])))


def _fisher(values: Floats) -> Floats:
    return np.arctanh(np.clip(values, -1 + 1e-9, 1 - 1e-9))


def _interval(
    between: float, within: float, m0: float, *, df: tuple[int, int], level: float
) -> tuple[float, float]:
    """(F_L - 1) / (F_L + m0 - 1), and so the upper end."""
    from scipy.special import fdtri

    ends = []
    for tail in ((1 + level) / 2, (1 - level) / 2):
        part = between / float(fdtri(*df, tail))
        ends.append((part - within) / (part + (m0 - 1) * within))
    return ends[0], ends[1]
