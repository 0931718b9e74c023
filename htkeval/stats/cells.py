"""What re-randomisation needs to know of the rows: sums by cell, the smallest thing a lot moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.stats.moments import INTERCEPT, moments
from htkeval.stats.regression import solve
from htkeval.stats.scaling import Codes, Floats, scaled, starts_of


@dataclass(frozen=True, eq=False)
class Cells:
    """Sums of U cells in G clusters with k nuisance columns; the number of rows is gone.

    A cell is a set of rows that always share an arm: a task, a participant, a team, or what a
    team did in a period. Cells stand cluster by cluster. Cells without rows weigh nothing.
    """

    rows: Floats
    """(U,) rows of each cell."""
    starts: Codes
    """(G,) the first cell of each cluster."""
    y: Floats
    """(U,) sum of the outcome's residuals from the nuisance columns, in its power of two."""
    x: Floats
    """(U, k) sums of the nuisance columns, fixed effects taken out."""
    xx: Floats
    """(G, k, k) their cross-products."""
    xy: Floats
    """(G, k) their products with the outcome's residuals."""
    inverse: Floats
    """(k, k) inverse of the sum of `xx`."""
    absorbed: bool
    """Whether every cluster has an effect of its own."""
    exponent: int
    """The power of two that was taken out of the outcome."""
    spread: float
    """Sum of squares of the outcome's residuals, in its power of two."""
    rounding: float
    """What a residual must exceed to be more than rounding, in its power of two."""


def cells(
    y: Floats,
    x: Mapping[str, Floats],
    *,
    cell: Codes,
    cluster_of: Codes,
    absorbed: bool,
) -> Cells:
    """Sum rows into cells.

    Args:
        y: (N,) the outcome, finite; at least one row.
        x: Nuisance columns, (N,) each: covariates, periods; no arm, no intercept.
        cell: (N,) which cell a row belongs to, from 0 to U - 1.
        cluster_of: (U,) the cluster of each cell, in rising order.
        absorbed: Whether every cluster has an effect of its own; otherwise there is one intercept.
    """
    cluster, u = cluster_of[cell], len(cluster_of)
    order = np.lexsort((cell, cluster))
    cell, cluster = cell[order], cluster[order]
    starts = starts_of(cluster) if absorbed else np.zeros(1, dtype=np.intp)
    m = moments(
        y[order],
        {name: column[order] for name, column in x.items()},
        cluster=cluster,
        absorb=cluster if absorbed else None,
    )
    solution = solve(m)
    keep = list(solution.index)
    outcome = scaled(y[order], starts)
    columns = np.empty((len(y), len(keep)))
    for k, name in enumerate(solution.kept):
        whole = name == INTERCEPT
        columns[:, k] = 1.0 if whole else scaled(x[name][order], starts).values
    residual = outcome.values - columns @ solution.beta
    groups = starts_of(cluster_of)
    place = np.searchsorted(cluster_of[groups], cluster[starts_of(cluster)])
    xx, xy = np.zeros((len(groups), len(keep), len(keep))), np.zeros((len(groups), len(keep)))
    xx[place] = m.xx[:, keep][:, :, keep]
    xy[place] = m.xy[:, keep] - xx[place] @ solution.beta
    return Cells(
        rows=np.bincount(cell, minlength=u).astype(float),
        starts=groups,
        y=np.bincount(cell, residual, u).astype(float),
        x=np.stack([np.bincount(cell, c, u) for c in columns.T], axis=1)
        if keep
        else np.zeros((u, 0)),
        xx=xx,
        xy=xy,
        inverse=solution.root @ solution.root.T,
        absorbed=absorbed,
        exponent=outcome.exponent,
        spread=float(residual @ residual),
        rounding=outcome.rounding,
    )
