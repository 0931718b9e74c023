"""Counts, sums and cross-products of a table's rows by cell: one group-by through Ibis.

The same expressions run on DuckDB and on Spark. Numbers are summed about a provisional centre,
taken from the first rows; whoever reads the sums sees whether it was near enough.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from htkeval.stats.moments.tables import Rows
from htkeval.stats.scaling import Codes, Floats, exponent, starts_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

FIRST = 1_000
"""Rows of the first look. Any centre within a hundred standard deviations of the mean will do."""
SAFE = 400
"""Powers of two from -400 to 400 can be squared and summed as they are."""


@dataclass(frozen=True, eq=False)
class About:
    """What is taken out of the k numbers before they are multiplied, the power of two first."""

    centre: Floats
    """(k,) provisional centres, in units of 2**power."""
    power: tuple[int, ...]
    """(k,) powers of two; 0 unless squares would overflow or vanish."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over C cells, those of a cluster together; a cell is a cluster or an effect in one."""

    about: About
    """What the k numbers were centred on."""
    products: Floats
    """(1 + k, 1 + k, C) cross-products of a one and the k numbers: count, sums, squares."""
    clusters: Codes
    """(G,) cell at which each cluster starts."""
    nested: bool
    """Whether every fixed effect lies in one cluster."""


def first_look(rows: Rows) -> About:
    """About where do the numbers lie, judged by the first rows, whether these count or not?"""
    head = rows.fetched(rows.table.select(**rows.numbers).limit(FIRST))
    found = [_near(head.column(name).to_numpy()) for name in rows.numbers]
    return About(np.array([centre for centre, _ in found]), tuple(power for _, power in found))


def _near(values: Floats) -> tuple[float, int]:
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 0
    power = exponent(values)
    small = np.ldexp(values, -power)
    # about the first value, so that the centre of equal values is exactly theirs
    centre = float(small[0] + (small - small[0]).mean())
    return (math.ldexp(centre, power), 0) if abs(power) <= SAFE else (centre, power)


def whole_look(rows: Rows, about: About) -> About:
    """The powers of two that the largest numbers of all rows need: a scan of its own."""
    table = rows.counted.select(**rows.numbers)
    largest = {name: table[name].abs().max() for name in rows.numbers}
    found = rows.fetched(table.aggregate(**largest))
    powers = [exponent(found.column(name).to_numpy()) for name in rows.numbers]
    powers = [0 if abs(power) <= SAFE else power for power in powers]
    change = np.array(about.power) - np.array(powers)
    return About(np.ldexp(about.centre, change), tuple(powers))


def sums(rows: Rows, about: About, *, by_cell: bool = False) -> Sums:
    """What do the rows add up to, cell by cell?

    Args:
        rows: At least one.
        about: Centres and powers of two; with `by_cell` only the powers count.
        by_cell: Centre every cell on its own mean, which costs a second group-by.
    """
    names, keys = list(rows.numbers), list(rows.keys)
    table = _own_means_off(rows, about) if by_cell else _centres_off(rows, about)
    totals = {"count": table.count()} | {f"s{name}": table[name].sum() for name in names}
    for one, other in combinations_with_replacement(names, 2):
        totals[one + other] = (table[one] * table[other]).sum()
    found = rows.fetched(table.group_by(keys).aggregate(**totals))
    if len(keys) > 1:
        found = found.sort_by([(key, "ascending") for key in keys])
    zero = About(np.zeros(len(names)), about.power)
    return Sums(zero if by_cell else about, _products(found, names), *_cells(found, keys))


def _small(value: ir.Value, power: int) -> ir.Value:
    # 2**1074 is no double; a number that needs it is then still too small to overflow or vanish
    return value * math.ldexp(1.0, -max(power, -1000)) if power else value


def _centres_off(rows: Rows, about: About) -> ir.Table:
    taken = zip(rows.numbers.items(), about.power, about.centre.tolist(), strict=True)
    centred = {name: _small(value, power) - centre for (name, value), power, centre in taken}
    return rows.counted.select(**rows.keys, **centred)


def _own_means_off(rows: Rows, about: About) -> ir.Table:
    names, keys = list(rows.numbers), list(rows.keys)
    taken = zip(rows.numbers.items(), about.power, strict=True)
    small = {name: _small(value, power) for (name, value), power in taken}
    table = rows.counted.select(**rows.keys, **small)
    means = table.group_by(keys).aggregate(**{f"m{name}": table[name].mean() for name in names})
    both = table.join(means, keys)
    return both.select(*keys, **{name: both[name] - both[f"m{name}"] for name in names})


def _products(found: pa.Table, names: list[str]) -> Floats:
    products = np.empty((1 + len(names), 1 + len(names), found.num_rows))
    products[0, 0] = found.column("count").to_numpy()
    for i, one in enumerate(names, 1):
        products[0, i] = products[i, 0] = found.column(f"s{one}").to_numpy()
        for j, other in enumerate(names[i - 1 :], i):
            products[i, j] = products[j, i] = found.column(one + other).to_numpy()
    return products


def _cells(found: pa.Table, keys: list[str]) -> tuple[Codes, bool]:
    """Where clusters start, and whether each effect stands once."""
    import pyarrow.compute as pc

    if len(keys) == 1:
        return np.arange(found.num_rows), True
    codes = found.column("cluster").combine_chunks().dictionary_encode().indices.to_numpy()
    nested = pc.count_distinct(found.column("effect")).as_py() == found.num_rows
    return starts_of(codes), bool(nested)
