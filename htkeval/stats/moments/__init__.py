"""What a regression needs to know of the rows: sums and cross-products by cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from htkeval.stats.scaling import Codes, Floats, Scaled, scaled, starts_of

INTERCEPT = "(intercept)"
"""Name of the column of ones."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Cross-products of G clusters and p columns; the number of rows no longer matters."""

    columns: tuple[str, ...]
    """Names of the regressors, in the order in which they claim what they share."""
    rows: Codes
    """(G,) rows of each cluster."""
    xx: Floats
    """(G, p, p) S_g = X_g'X_g, each column about its centre, in its power of two."""
    xy: Floats
    """(G, p) b_g = X_g'y_g, likewise."""
    yy: Floats
    """(G,) y_g'y_g, likewise."""
    absorbed: int
    """How many fixed effects were taken out; 0 where there is an intercept column instead."""
    exponents: tuple[int, ...]
    """(p,) power of two taken out of each column."""
    y_exponent: int
    """Power of two taken out of the outcome."""
    totals: Floats
    """(p,) each column's sum of squares before fixed effects were taken out."""
    y_total: float
    """The outcome's sum of squares before fixed effects were taken out."""
    y_rounding: float
    """What a difference in the outcome must exceed to be more than rounding."""


def moments(
    y: Floats, x: Mapping[str, Floats], *, cluster: Codes, absorb: Codes | None = None
) -> Moments:
    """Sum rows into clusters.

    Args:
        y: (N,) the outcome; finite, at least one row.
        x: Each column's name and its (N,) finite values, without an intercept.
        cluster: (N,) which cluster a row belongs to.
        absorb: (N,) which fixed effect a row belongs to; every effect lies in one cluster.
            Without it an intercept is added.

    Returns:
        Sums about provisional centres. The slopes, their CR2 errors and degrees of freedom are
        those of the uncentred columns with an intercept, or with one dummy for each effect.

    Raises:
        ValueError: A fixed effect lies in more than one cluster.

    Source: Frisch & Waugh 1933; that absorption changes no CR2 answer in unweighted least squares
    when effects are nested in clusters: Pustejovsky & Tipton 2018, section 2.2.
    """
    if absorb is None:
        order = np.argsort(cluster, kind="stable")
        starts, columns = np.zeros(1, dtype=np.intp), _ones(len(y))
    else:
        order = np.lexsort((absorb, cluster))
        starts, columns = starts_of(cluster[order], absorb[order]), {}
        if len(starts) != len(np.unique(absorb)):
            raise ValueError("a fixed effect lies in more than one cluster")
    columns |= {name: scaled(values[order], starts) for name, values in x.items()}
    return _summed(
        scaled(y[order], starts),
        columns,
        clusters=starts_of(cluster[order]),
        absorbed=0 if absorb is None else len(starts),
    )


def _ones(rows: int) -> dict[str, Scaled]:
    return {INTERCEPT: Scaled(np.ones(rows), 0, float(rows), 0.0)}


def _summed(y: Scaled, columns: Mapping[str, Scaled], *, clusters: Codes, absorbed: int) -> Moments:
    """Cross-products of sorted columns, a pair at a time: memory stays at a few columns."""
    every = [*columns.values(), y]
    p = len(columns)
    products = np.empty((len(clusters), p + 1, p + 1))
    for i, j in combinations_with_replacement(range(p + 1), 2):
        products[:, i, j] = np.add.reduceat(every[i].values * every[j].values, clusters)
        products[:, j, i] = products[:, i, j]
    return Moments(
        columns=tuple(columns),
        rows=np.diff(clusters, append=len(y.values)),
        xx=products[:, :p, :p],
        xy=products[:, :p, p],
        yy=products[:, p, p],
        absorbed=absorbed,
        exponents=tuple(column.exponent for column in columns.values()),
        y_exponent=y.exponent,
        totals=np.array([column.total for column in columns.values()]),
        y_total=y.total,
        y_rounding=y.rounding,
    )
