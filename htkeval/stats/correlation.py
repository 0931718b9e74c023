"""How alike measurements of the same participant or team are."""

from __future__ import annotations

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.scaling import Codes, Floats, scaled, starts_of


def intraclass(y: Floats, *, cluster: Codes, group: Codes) -> float | Absence:
    """Which share of the spread within a group lies between its clusters?

    The analysis-of-variance estimate for unequal sizes,
    (MSB - MSW) / (MSB + (m0 - 1) MSW), m0 = (N - sum_i sum_j m_ij^2 / N_i) / (K - I), over the
    K clusters of I groups. It is unbiased in its parts, so below zero by chance when there is no
    likeness; it is not cut off at zero.

    Args:
        y: (N,) finite outcome.
        cluster: (N,) participant or team.
        group: (N,) arm; its mean is taken out. A cluster seen in two groups counts in each.

    Returns:
        The correlation; an absence where no cluster has two rows, no group has two clusters, or
        nothing varies.

    Source: Donner & Klar 2000, section 1.6, after Donner & Koval 1980; R: `aov(y ~ group/cluster)`.
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
    return (between - within) / whole if whole > column.rounding**2 else Absence("no_spread")
