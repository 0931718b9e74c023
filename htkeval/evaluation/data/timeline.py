"""When a row was measured: its period in order of time, and its day."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from htkeval.evaluation.data.columns import NONE, Bools, as_number, words
from htkeval.stats.scaling import Codes, Floats
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Periods:
    """A column of periods."""

    codes: Codes
    """(N,) place in `labels`, `NONE` where the cell is empty."""
    labels: tuple[str, ...]
    """The periods in order of time."""
    mixed: bool = False
    """Whether the dates of some periods lie in one another, so that they have no order."""
    told: bool = True
    """Whether dates or whole numbers say their order; else it is that of their names."""

    @property
    def times(self) -> Floats:
        """(P,) each period's number: its own where all are whole numbers that rise with time, so
        that one in which nobody measured leaves a gap; else its place."""
        numbers = np.array([as_number(label) for label in self.labels])
        whole = bool(np.isfinite(numbers).all() and (numbers == np.floor(numbers)).all())
        rising = whole and bool((np.diff(numbers) > 0).all())
        return numbers if rising else np.arange(len(self.labels), dtype=float)

    @property
    def of_rows(self) -> Floats:
        """(N,) the number of each row's period, NaN where it has none."""
        return np.append(self.times, math.nan)[self.codes]


def periods(table: pa.Table, name: str | None, date_column: str | None = None) -> Periods:
    """Read a column of periods; one that is absent is empty throughout.

    They follow their dates where every period has one: weeks 46 to 52 come before 1 to 19 of the
    next year. Otherwise they follow the numbers in their names: week 9 comes before week 10.
    """
    read = words(table, name)
    day = days(table, date_column)
    spans = [day[(read.codes == code) & np.isfinite(day)] for code in range(len(read.labels))]
    dated = bool(spans) and all(len(span) for span in spans)
    if dated:
        order = sorted(range(len(spans)), key=lambda i: (float(np.median(spans[i])), i))
    else:
        order = sorted(range(len(read.labels)), key=lambda i: _natural(read.labels[i]))
    mixed = dated and any(
        spans[one].max() > spans[other].min() for one, other in itertools.pairwise(order)
    )
    place = np.full(len(order) + 1, NONE, dtype=np.intp)
    place[order] = np.arange(len(order))
    told = dated or all(math.isfinite(as_number(label)) for label in read.labels)
    return Periods(place[read.codes], tuple(read.labels[i] for i in order), mixed, told)


def _natural(label: str) -> tuple[tuple[float, str], ...]:
    """Words and numbers of a name in turn, so that numbers are compared as numbers."""
    number = as_number(label)
    if math.isfinite(number):
        return ((number, ""),)
    parts = re.split(r"(\d+)", label)
    return tuple((float(part), "") if part.isdigit() else (math.inf, part) for part in parts)


def days(table: pa.Table, name: str | None) -> Floats:
    """(N,) the day of each row as a number; NaN where there is none."""
    read = words(table, name)
    known = [_day(label) for label in read.labels]
    return np.array([*known, math.nan])[read.codes]


def _day(label: str) -> float:
    try:
        return float(date.fromisoformat(label[:10]).toordinal())
    except ValueError:
        return math.nan


def wash_in(trial: Trial, table: pa.Table) -> Bools:
    """(N,) rows of the first days of each period, which the plan says do not count.

    Each participant's or team's period begins on the first day that they have a row in it, so that
    whoever came later has days of wash-in too; where nobody is named, on the first day of anybody.
    """
    early = np.zeros(table.num_rows, dtype=bool)
    wanted = trial.design.wash_in_days
    if not wanted:
        return early
    when, day = (
        periods(table, trial.design.period, trial.design.date),
        days(table, trial.design.date),
    )
    cluster = words(table, trial.cluster_column).codes
    dated = np.flatnonzero((when.codes != NONE) & np.isfinite(day))
    for group in (when.codes, np.where(cluster == NONE, NONE, _both(when.codes, cluster))):
        mine = dated[group[dated] != NONE]
        first = np.full(int(group.max(initial=0)) + 1, np.inf)
        np.minimum.at(first, group[mine], day[mine])
        early[mine] = day[mine] < first[group[mine]] + wanted
    return early


def _both(one: Codes, other: Codes) -> Codes:
    """(N,) each pair of codes as one code."""
    pairs = np.column_stack([one, other])
    return np.unique(pairs, axis=0, return_inverse=True)[1].astype(np.intp)
