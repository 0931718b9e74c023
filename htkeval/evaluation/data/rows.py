"""Which rows of a snapshot count, in which arm and in which cluster."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from htkeval.evaluation.data.columns import (
    NONE,
    Bools,
    Words,
    as_number,
    is_text,
    numbers,
    words,
)
from htkeval.evaluation.data.timeline import Periods, periods, wash_in
from htkeval.plan import Exclusion
from htkeval.stats.scaling import Codes, Floats
from htkeval.trial import ARMS, Trial

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
CANONICAL: dict[str, int] = {arm: code for code, arm in enumerate(ARMS)}
"""Our own words for the arms, and their codes."""

SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class Excluded:
    """What one rule took out."""

    rule: Exclusion
    """The rule."""
    taken: Bools | None
    """(N,) rows it took out that no earlier rule had; None where its column is absent."""


@dataclass(frozen=True, eq=False)
class Known:
    """Columns that were read: most are asked for by every metric, scale and check."""

    words: dict[str | None, Words] = field(default_factory=dict)
    """As words, by name."""
    numbers: dict[str | None, Floats] = field(default_factory=dict)
    """As numbers, by name."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a snapshot, and what the design says of each."""

    table: pa.Table
    """The snapshot, sorted by its columns: the order of delivery says nothing."""
    arm: Codes
    """(N,) 0 baseline, 1 treatment, `NONE` neither."""
    cluster: Codes
    """(N,) participant or team as the design has it, `NONE` where the cell is empty."""
    period: Periods
    """When in the plan each row was done."""
    excluded: Bools
    """(N,) taken out by a rule stated beforehand, days of wash-in included."""
    washed: Bools
    """(N,) in the first days of a period, which do not count."""
    exclusions: tuple[Excluded, ...]
    """What each rule took out."""
    abandoned: Bools
    """(N,) begun and given up."""
    refused: Bools
    """(N,) refused by whoever should have done it; if it has a value, the work was done."""
    known: Known = field(default_factory=Known)
    """Columns of the table that were read already."""

    def words(self, name: str | None) -> Words:
        """A column of the table as words; read once."""
        return _once(self.known.words, name, lambda: words(self.table, name))

    def numbers(self, name: str | None) -> Floats:
        """A column of the table as numbers; read once, and not to be written to."""
        return _once(self.known.numbers, name, lambda: numbers(self.table, name, final=True))

    @property
    def counted(self) -> Bools:
        """(N,) in an arm and not taken out by a rule."""
        counted: Bools = (self.arm != NONE) & ~self.excluded
        return counted

    def in_arm(self, which: int) -> Bools:
        """(N,) counted, and in the baseline (0) or treatment (1)."""
        mine: Bools = self.counted & (self.arm == which)
        return mine


def read(trial: Trial, table: pa.Table) -> Rows:
    """Read the design's columns and apply the trial's exclusions.

    Args:
        trial: The definition.
        table: The snapshot, its arm column in canonical words.
    """
    table = _in_one_order(trial, table)
    status = words(table, trial.design.status)
    washed = wash_in(trial, table)
    excluded = washed.copy()
    taken = []
    for rule in trial.exclusions:
        met = hits(rule, table)
        taken.append(Excluded(rule, None if met is None else met & ~excluded))
        excluded |= False if met is None else met
    return Rows(
        table=table,
        arm=_arms(table, trial.design.arm, CANONICAL),
        cluster=words(table, trial.cluster_column).codes,
        period=periods(table, trial.design.period, trial.design.date),
        excluded=excluded,
        washed=washed,
        exclusions=tuple(taken),
        abandoned=status.are("abandoned"),
        refused=status.are("refused"),
    )


def _once(known: dict[str | None, T], name: str | None, read: Callable[[], T]) -> T:
    if name not in known:
        known[name] = read()
    return known[name]


def _in_one_order(trial: Trial, table: pa.Table) -> pa.Table:
    """Sorted by the trial's own columns, then by all others, so that those say nothing either.

    Columns have numbers as names: a name with a dot would be a path.
    """
    import pyarrow.compute as pc

    ours = {*trial.design.key_columns, *trial.value_columns}
    names = sorted(table.column_names, key=lambda name: (name not in ours, name))
    places = [str(place) for place in range(len(names))]
    keys = [(place, "ascending") for place in places]
    plain = table.select(names).rename_columns(places)
    return table.take(pc.sort_indices(plain, sort_keys=keys))


def realised(trial: Trial, table: pa.Table) -> Codes:
    """(N,) the arm a task was in fact done under, in the sheet's words or the canonical ones."""
    own = {trial.arms.value(arm): code for code, arm in enumerate(ARMS)}
    return _arms(table, trial.design.realised_arm, {**CANONICAL, **own})


def _arms(table: pa.Table, column: str | None, codes: dict[str, int]) -> Codes:
    """(N,) place in `ARMS` of each cell's word, `NONE` for an empty or an unknown one."""
    read = words(table, column)
    known = [codes.get(label, NONE) for label in read.labels]
    return np.array([*known, NONE], dtype=np.intp)[read.codes]


def hits(rule: Exclusion, table: pa.Table) -> Bools | None:
    """(N,) the rows a rule meets, never one with an empty cell; None where it cannot be applied."""
    column, sign, wanted = rule.parts
    if column not in table.column_names:
        return None
    limit = as_number(wanted)
    as_words = is_text(table, column) and (sign in ("==", "!=") or np.isnan(limit))
    if as_words:
        read = words(table, column)
        meets = [bool(SIGNS[sign](label, wanted)) for label in read.labels]
        return np.array([*meets, False])[read.codes]
    if np.isnan(limit):
        return None
    values = numbers(table, column)
    met: Bools = SIGNS[sign](values, limit) & ~np.isnan(values)
    return met
