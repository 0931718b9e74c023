"""What re-randomisation needs to know of the rows: sums by cell, the smallest thing a lot moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.stats.moments import INTERCEPT, Moments, moments
from htkeval.stats.regression import Solution, solve
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
    order, columns, starts, solution, m = _nuisance(
        y, x, cell=cell, cluster_of=cluster_of, absorbed=absorbed
    )
    keep = list(solution.index)
    outcome = scaled(y[order], starts)
    residual = outcome.values - columns @ solution.beta
    groups, cluster = starts_of(cluster_of), cluster_of[cell][order]
    place = np.searchsorted(cluster_of[groups], cluster[starts_of(cluster)])
    xx, xy = np.zeros((len(groups), len(keep), len(keep))), np.zeros((len(groups), len(keep)))
    xx[place] = m.xx[:, keep][:, :, keep]
    xy[place] = m.xy[:, keep] - xx[place] @ solution.beta
    size = len(cluster_of)
    return Cells(
        rows=np.bincount(cell, minlength=size).astype(float),
        starts=groups,
        y=np.bincount(cell[order], residual, size).astype(float),
        x=by_cell(columns, cell[order], size),
        xx=xx,
        xy=xy,
        inverse=solution.root @ solution.root.T,
        absorbed=absorbed,
        exponent=outcome.exponent,
        spread=float(residual @ residual),
        rounding=outcome.rounding,
    )


def nuisance_columns(
    y: Floats, x: Mapping[str, Floats], *, cell: Codes, cluster_of: Codes, absorbed: bool
) -> Floats:
    """(N, k) the nuisance columns of `cells` row by row, in the order of the rows given."""
    order, columns, *_ = _nuisance(y, x, cell=cell, cluster_of=cluster_of, absorbed=absorbed)
    placed = np.empty_like(columns)
    placed[order] = columns
    return placed


def by_cell(columns: Floats, cell: Codes, size: int) -> Floats:
    """(N, k) rows to (U, k) sums."""
    sums = [np.bincount(cell, column, size) for column in columns.T]
    return np.stack(sums, axis=1) if sums else np.zeros((size, 0))


def _nuisance(
    y: Floats, x: Mapping[str, Floats], *, cell: Codes, cluster_of: Codes, absorbed: bool
) -> tuple[Codes, Floats, Codes, Solution, Moments]:
    """Rows sorted by cluster; columns that add something, fixed effects out; and their moments."""
    cluster = cluster_of[cell]
    order = np.lexsort((cell, cluster))
    cluster = cluster[order]
    starts = starts_of(cluster) if absorbed else np.zeros(1, dtype=np.intp)
    m = moments(
        y[order],
        {name: column[order] for name, column in x.items()},
        cluster=cluster,
        absorb=cluster if absorbed else None,
    )
    solution = solve(m)
    columns = np.empty((len(y), len(solution.index)))
    for k, name in enumerate(solution.kept):
        whole = name == INTERCEPT
        columns[:, k] = 1.0 if whole else scaled(x[name][order], starts).values
    return order, columns, starts, solution, m
