"""Errors that hold when both the people and the questions are drawn from many."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.classic import Pull, pull_of
from htkeval.stats.regression import NOTHING, NULL
from htkeval.stats.scaling import Codes, Floats, unscaled


@dataclass(frozen=True)
class TwoWay(Estimate):
    """A coefficient with a two-way clustered error."""

    one_way: bool
    """Whether the two-way variance was not positive, so that the larger one-way error stands."""


def two_way(
    y: Floats,
    x: Mapping[str, Floats],
    *,
    column: str,
    first: Codes,
    second: Codes,
    absorb: Codes | None = None,
) -> TwoWay | Absence:
    """How surely is a coefficient known if other people and other questions had been drawn?

    V = V_first + V_second - V_both, each a sum of squared scores times G/(G-1) (N-1)/(N-k) with
    its own number of clusters; `both` are the cells of the two. It can come out at zero or below
    where people and questions hardly matter: then the larger of V_first and V_second stands,
    which overstates the error, and the answer says so.

    Args:
        y: (N,) finite outcome.
        x: Each column's name and its (N,) finite values, without an intercept.
        column: The column whose coefficient is wanted.
        first: (N,) the one clustering, say participants.
        second: (N,) the other, say questions; neither need be nested in the other.
        absorb: (N,) fixed effects to take out, say participants again; they count in k.

    Returns:
        The estimate, with t on min(G_first, G_second) - 1 degrees of freedom; an absence where
        there is no coefficient, or where one cluster of either kind alone identifies it.

    Source: Cameron, Gelbach & Miller 2011, section 2; R's `sandwich::vcovCL(fit, ~ a + b)`, which
    leaves a negative variance negative and tests by z.
    """
    found = pull_of(y, x, column=column, absorb=absorb)
    if isinstance(found, Absence):
        return found
    a, b = (_codes(each[found.order]) for each in (first, second))
    groups = int(a.max()) + 1, int(b.max()) + 1
    if min(groups) < 2:
        return Absence("one_cluster")
    if _alone(found, a) or _alone(found, b):
        return Absence("lone_cluster")
    parts = [_variance(found, each) for each in (a, b, _codes(a * groups[1] + b))]
    variance = parts[0] + parts[1] - parts[2]
    one_way = variance <= NOTHING * (parts[0] + parts[1])  # zero but for rounding included
    error = math.sqrt(max(parts[:2]) if one_way else variance)
    if error <= math.sqrt(float(found.direction @ found.direction)) * found.smallest:
        return Absence("no_spread")
    value, se = (unscaled(each, found.exponent) for each in (found.value, error))
    answer = estimate(value, se, min(groups) - 1.0)
    if isinstance(answer, Absence):
        return answer
    return TwoWay(answer.value, answer.se, answer.df, one_way=bool(one_way))


def _codes(clusters: Codes) -> Codes:
    return np.asarray(np.unique(clusters, return_inverse=True)[1], dtype=np.intp)


def _variance(found: Pull, cluster: Codes) -> float:
    """One-way: G/(G-1) (N-1)/(N-k) times the sum of squared scores."""
    scores = np.bincount(cluster, weights=found.pull * found.residual)
    rows, groups = len(cluster), len(scores)
    factor = groups / (groups - 1) * (rows - 1) / (rows - found.unknowns)
    return factor * float(scores @ scores)


def _alone(found: Pull, cluster: Codes) -> bool:
    """Whether without some cluster the coefficient would not exist.

    With basis Q (Q'Q = I, each fixed effect's mean taken out), leaving a cluster out and taking
    the means of what remains leaves I - R, where R sums, over the cluster's cells with the fixed
    effects, Q_c'Q_c + s s'/(n - n_c): s the cell's sum of Q, n_c and n the rows of the cell and of
    the effect. Where a direction of the coefficient has eigenvalue one of R, nothing of it is left.
    """
    rows = len(cluster)
    effect = np.repeat(np.arange(len(found.effects)), np.diff(found.effects, append=rows))
    cell_of_row = effect * (int(cluster.max()) + 1) + cluster
    cells, at, count = np.unique(cell_of_row, return_inverse=True, return_counts=True)
    rest = np.bincount(effect)[cells // (int(cluster.max()) + 1)] - count
    k = len(found.direction)
    sums = np.zeros((len(cells), k))
    np.add.at(sums, at, found.basis)
    removed = np.zeros((int(cluster.max()) + 1, k, k))
    np.add.at(removed, cluster, found.basis[:, :, None] * found.basis[:, None, :])
    # an effect that lies in one cluster goes with it: its cell's sum is zero
    own = sums[:, :, None] * sums[:, None, :] / np.maximum(rest, 1)[:, None, None]
    np.add.at(removed, cells % (int(cluster.max()) + 1), own)
    left, turn = np.linalg.eigh(np.eye(k) - removed)
    lost = np.where(left > NULL, 0.0, np.einsum("gij,i->gj", turn, found.direction) ** 2)
    return bool(lost.sum(axis=1).max() > NULL * float(found.direction @ found.direction))
