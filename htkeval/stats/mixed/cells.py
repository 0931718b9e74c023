"""What a mixed model needs to know of the rows: means by cell and cross-products within cells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.moments import INTERCEPT, Moments
from htkeval.stats.regression import NOTHING, Solution, solve
from htkeval.stats.scaling import Codes, Floats, Scaled, scaled


@dataclass(frozen=True, eq=False)
class Cells:
    """The rows as m cells: rows of a cell share their level of each of K effects."""

    columns: tuple[str, ...]
    """(p,) names of the columns that add something; the intercept first."""
    dropped: tuple[str, ...]
    """Columns that are constant or a combination of earlier ones."""
    effects: tuple[str, ...]
    """(K,) names of the effects; the one with most levels first."""
    merged: tuple[str, ...]
    """Effects left out: each level has one row, or the levels are those of an earlier effect."""
    levels: tuple[int, ...]
    """(K,) how many levels each effect has."""
    codes: Codes
    """(K, m) the level of each effect, 0 to levels - 1, that a cell belongs to."""
    counts: Floats
    """(m,) rows of each cell."""
    means: Floats
    """(m, p + 1) means of the columns, then of what least squares leave of the outcome; scaled."""
    within: Floats
    """(p + 1, p + 1) cross-products of the same about their cells' means, over all cells."""
    rows: int
    """Rows."""
    ordinary: Floats
    """(p,) least-squares coefficients that were taken out of the outcome, in scaled units."""
    centres: Floats
    """(p + 1,) what was taken off each column and the outcome, in scaled units."""
    exponents: tuple[int, ...]
    """(p + 1,) power of two taken out of each column and the outcome."""
    smallest: float
    """What a residual standard deviation must exceed to be more than rounding, in scaled units."""


def cells(y: Floats, x: Mapping[str, Floats], *, effects: Mapping[str, Codes]) -> Cells | Absence:
    """Sum rows into cells.

    Args:
        y: (N,) finite outcome.
        x: Each column's name and its (N,) finite values, without an intercept.
        effects: Each effect's name and the (N,) level of each row.

    Returns:
        Columns about provisional centres and in powers of two, so that nothing overflows; the
        outcome less its ordinary fit, so that a good fit costs no digits. An absence without
        rows, without a row more than columns, or where the columns fit the outcome exactly.
    """
    if not len(y):
        return Absence("no_rows")
    whole = np.zeros(1, dtype=np.intp)
    every = {name: scaled(values, whole) for name, values in x.items()}
    outcome = scaled(y, whole)
    design = np.column_stack([np.ones(len(y)), *(column.values for column in every.values())])
    solution = _ordinary(design, outcome, every)
    index = list(solution.index)
    if len(y) <= len(index):
        return Absence("saturated")
    left = outcome.values - design[:, index] @ solution.beta
    smallest = max(outcome.rounding, NOTHING * math.sqrt(outcome.total / len(y)))
    if math.sqrt(left @ left / (len(y) - len(index))) <= smallest:
        return Absence("no_spread")
    kept, merged = _distinct(effects, len(y))
    first, cell = _crossed(list(kept.values()), len(y))
    table = np.column_stack([design[:, index], left])
    counts = np.bincount(cell).astype(float)
    means = np.column_stack([np.bincount(cell, column) / counts for column in table.T])
    about = table - means[cell]
    given = [np.ones(1), *(np.asarray(x[name])[:1] for name in solution.kept[1:]), y[:1]]
    taken = [Scaled(np.zeros(1), 0, 0.0, 0.0), *(every[name] for name in solution.kept[1:])]
    exponents = tuple(column.exponent for column in [*taken, outcome])
    at_first = [*(column.values[0] for column in taken), outcome.values[0]]
    centres = [float(np.ldexp(v[0], -e)) for v, e in zip(given, exponents, strict=True)]
    return Cells(
        columns=solution.kept,
        dropped=solution.dropped,
        effects=tuple(kept),
        merged=merged,
        levels=tuple(int(codes.max()) + 1 for codes in kept.values()),
        codes=np.array([codes[first] for codes in kept.values()]).reshape(len(kept), len(first)),
        counts=counts,
        means=means,
        within=about.T @ about,
        rows=len(y),
        ordinary=solution.beta,
        centres=np.array(centres) - np.array(at_first),
        exponents=exponents,
        smallest=smallest,
    )


def _ordinary(design: Floats, outcome: Scaled, columns: Mapping[str, Scaled]) -> Solution:
    """Which columns add something, and their least-squares fit."""
    totals = [float(len(design)), *(column.total for column in columns.values())]
    return solve(
        Moments(
            columns=(INTERCEPT, *columns),
            rows=np.array([len(design)]),
            xx=(design.T @ design)[None],
            xy=(design.T @ outcome.values)[None],
            yy=np.array([outcome.total]),
            absorbed=0,
            exponents=(0, *(column.exponent for column in columns.values())),
            y_exponent=outcome.exponent,
            totals=np.array(totals),
            y_total=outcome.total,
            y_rounding=outcome.rounding,
        )
    )


def _distinct(effects: Mapping[str, Codes], rows: int) -> tuple[dict[str, Codes], tuple[str, ...]]:
    """Effects with levels 0 to q - 1, largest q first; those no rows can tell apart are left out.

    An effect with one row a level is the residual under another name.
    """
    numbered = {
        name: np.unique(np.asarray(codes), return_inverse=True)[1].reshape(rows)
        for name, codes in effects.items()
    }
    kept: dict[str, Codes] = {}
    for name, codes in sorted(numbered.items(), key=lambda item: -int(item[1].max())):
        levels = int(codes.max()) + 1
        same = (
            len(_crossed([codes, other], rows)[0]) == levels
            for other in kept.values()
            if int(other.max()) + 1 == levels
        )
        if levels < rows and not any(same):
            kept[name] = codes
    return kept, tuple(name for name in effects if name not in kept)


def _crossed(codes: list[Codes], rows: int) -> tuple[Codes, Codes]:
    """The first row of each combination of levels, and the combination each row belongs to."""
    cell = codes[0] if codes else np.zeros(rows, dtype=np.intp)
    for each in codes[1:]:
        both = cell * (int(each.max()) + 1) + each
        cell = np.unique(both, return_inverse=True)[1].reshape(rows)
    first = np.empty(int(cell.max()) + 1, dtype=np.intp)
    first[cell[::-1]] = np.arange(rows)[::-1]
    return first, cell
