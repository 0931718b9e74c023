"""The moments of a table that may have a billion rows, without the rows ever coming here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.moments import INTERCEPT, Moments
from htkeval.stats.moments.group_by import About, Sums, first_look, sums, whole_look
from htkeval.stats.moments.tables import Column, Engine, rows_of
from htkeval.stats.scaling import ROUNDING, Codes, Floats

LOST = 1e4
"""How many times what is left of a sum of squares may be taken off it: four digits of sixteen."""
VANISHED = 2.0**-900
"""A sum of squares below this may have lost the smallest of what it is made of."""


def moments_of(
    table: Any,
    *,
    y: Column,
    x: Sequence[str] | Mapping[str, Column],
    cluster: Column,
    absorb: Column | None = None,
    engine: Engine = "duckdb",
    session: Any = None,
) -> Moments | Absence:
    """What does a regression need to know of a table?

    One group-by where the table lives; a second one where the first rows told too little of the
    others, or where fixed effects lie so far apart that what is within them would be rounded off.

    Args:
        table: Path or paths of Parquet, an Arrow, pandas or Polars frame, or an Ibis table.
        y: The outcome: a column's name, or what computes it from the Ibis table.
        x: Names of columns, or each regressor's name and what it is: a column's name, `log(name)`,
            `equals(name, value)` or any function of the Ibis table. No intercept.
        cluster: The column that tells the clusters.
        absorb: The column that tells the fixed effects; each lies in one cluster, and may be it.
            Without it an intercept is added.
        engine: Where files and frames are read; an Ibis table is read where it lives.
        session: A Spark session; without one, Spark starts on this machine.

    Returns:
        The same as `moments` gives of the same rows, but for rounding. A row counts when all its
        numbers are finite and its cluster and effect known; `rows.sum()` says how many did.
        Where none did, an absence.

    Raises:
        ValueError: A column is missing or holds no numbers; an effect lies in several clusters.
        EnvironmentFailed: Spark was asked for, and PySpark or Java is missing.

    Source: Wong, Lewis & Wardrop 2021, "You only compress once", for sums by cluster; the centres
    and the second look are ours.

    Example:
        >>> import pyarrow as pa
        >>> pairs = pa.table({"y": [1, 2, 20, 22], "who": ["a", "a", "b", "b"], "arm": [0, 1] * 2})
        >>> moments_of(pairs, y="y", x=["arm"], cluster="who", absorb="who").absorbed
        2
    """
    named = x if isinstance(x, Mapping) else {name: name for name in x}
    effect = None if isinstance(absorb, str) and absorb == cluster else absorb
    rows = rows_of(
        table, (*named.values(), y), cluster=cluster, effect=effect, engine=engine, session=session
    )
    about = first_look(rows)
    found = sums(rows, about)
    if not len(found.clusters):
        return Absence("no_rows")
    if _out_of_range(found.products):
        found = sums(rows, whole_look(rows, about))
    if not found.nested:
        raise ValueError(f"absorb = {absorb!r}: a fixed effect lies in more than one cluster")
    absorbed = absorb is not None
    whole = _means(found.products.sum(axis=-1, keepdims=True))
    own = _means(found.products)
    left = _moved(found.products, own if absorbed else whole)
    if _blurred(found.products, own if absorbed else whole, left):
        if absorbed:
            again = sums(rows, found.about, by_cell=True).products
            left = _moved(again, _means(again))
        else:
            found = sums(rows, About(found.about.centre + whole[:, 0], found.about.power))
            whole = _means(found.products.sum(axis=-1, keepdims=True))
            left = _moved(found.products, whole)
    about_all = _squares(left)
    if absorbed:
        about_all = about_all + found.products[0, 0] * (own - whole) ** 2
    return _moments((INTERCEPT, *named), found, left, about_all, first=int(absorbed))


def _means(products: Floats) -> Floats:
    """(k, C) mean of each number in each cell, about the numbers' centres."""
    mean: Floats = products[0, 1:] / products[0, 0]
    return mean


def _squares(products: Floats) -> Floats:
    """(k, C) each number's sum of squares; rounding may have left one below zero."""
    squares: Floats = np.maximum(np.einsum("iic->ic", products)[1:], 0.0)
    return squares


def _moved(products: Floats, by: Floats) -> Floats:
    """The same cross-products about a centre that lies elsewhere: (k, 1) for all or (k, C)."""
    count, total = products[0, 0], products[0, 1:]
    moved = np.empty_like(products)
    moved[0, 0] = count
    moved[0, 1:] = moved[1:, 0] = total - count * by
    for i, j in combinations_with_replacement(range(len(by)), 2):
        change = total[i] * by[j] + total[j] * by[i] - count * (by[i] * by[j])
        moved[1 + i, 1 + j] = moved[1 + j, 1 + i] = products[1 + i, 1 + j] - change
    return moved


def _out_of_range(products: Floats) -> bool:
    """Whether squares overflowed, or are so small that some may have vanished."""
    if not np.isfinite(products).all():
        return True
    vanished = _squares(products).sum(axis=1) < VANISHED
    return bool(products[0, 1:][vanished].any())


def _blurred(products: Floats, taken_off: Floats, left: Floats) -> bool:
    """Whether so much was taken off any number's squares that what is left is rounding."""
    lost = (products[0, 0] * taken_off**2).sum(axis=1)
    return bool((lost > LOST * _squares(left).sum(axis=1)).any())


def _moments(
    names: tuple[str, ...], found: Sums, left: Floats, about_all: Floats, *, first: int
) -> Moments:
    """Into powers of two and one cross-product a cluster, as `moments` gives them.

    Args:
        names: Of the ones and the regressors.
        found: Counts, clusters, and what was taken out before summing.
        left: (1 + k, 1 + k, C) cross-products about the mean, or about fixed effects.
        about_all: (k, C) sums of squares about the mean of all rows.
        first: 0 where the ones are a column; 1 where cells are fixed effects and were absorbed.
    """
    count = found.products[0, 0]
    spread = np.sqrt((about_all / count).max(axis=1))
    centre = found.about.centre + _means(found.products.sum(axis=-1, keepdims=True))[:, 0]
    level = np.abs(centre) + spread
    # the largest deviation is not known here, but no cell's typical one is larger
    flat = spread <= ROUNDING * level
    inner = np.frexp(np.where(flat, level, spread))[1]
    scale = np.array([1.0, *np.where(flat, 0.0, np.ldexp(1.0, -inner))])
    totals = np.array([count.sum(), *about_all.sum(axis=1)]) * scale**2
    products = _by_cluster(left, found.clusters) * (scale[:, None] * scale)[:, :, None]
    products = np.ascontiguousarray(products.transpose(2, 0, 1))
    exponents = [0, *(inner + found.about.power).tolist()]
    return Moments(
        columns=names[first:],
        rows=_by_cluster(count, found.clusters).astype(np.intp),
        xx=products[:, first:-1, first:-1],
        xy=products[:, first:-1, -1],
        yy=products[:, -1, -1],
        absorbed=first * len(count),
        exponents=tuple(exponents[first:-1]),
        y_exponent=exponents[-1],
        totals=totals[first:-1],
        y_total=float(totals[-1]),
        y_rounding=float(np.ldexp(ROUNDING, np.frexp(level)[1][-1] - inner[-1])),
    )


def _by_cluster(cells: Floats, clusters: Codes) -> Floats:
    """(..., G) sums of (..., C) cells."""
    if len(clusters) == cells.shape[-1]:
        return cells
    summed: Floats = np.add.reduceat(cells, clusters, axis=-1)
    return summed
