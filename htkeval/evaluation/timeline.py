"""When a row was measured: its period in order of time, and its day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from htkeval.evaluation.columns import NONE, Bools, as_number, words
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
    """The periods in order of time: as numbers where all are numbers, else by the alphabet."""

    @property
    def times(self) -> Floats:
        """(P,) each period's number: its own where all are whole numbers, else its place."""
        numbers = np.array([as_number(label) for label in self.labels])
        whole = bool(np.isfinite(numbers).all() and (numbers == np.floor(numbers)).all())
        return numbers if whole else np.arange(len(self.labels), dtype=float)


def periods(table: pa.Table, name: str | None) -> Periods:
    """Read a column of periods; one that is absent is empty throughout."""
    read = words(table, name)
    numbers = [as_number(label) for label in read.labels]
    numeric = all(math.isfinite(number) for number in numbers)
    order = sorted(
        range(len(numbers)), key=(lambda i: numbers[i]) if numeric else read.labels.__getitem__
    )
    place = np.full(len(order) + 1, NONE, dtype=np.intp)
    place[order] = np.arange(len(order))
    return Periods(place[read.codes], tuple(read.labels[i] for i in order))


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

    A period begins on the first day that anybody has a row in it.
    """
    early = np.zeros(table.num_rows, dtype=bool)
    if not trial.design.wash_in_days:
        return early
    when, day = periods(table, trial.design.period), days(table, trial.design.date)
    for code in range(len(when.labels)):
        mine = (when.codes == code) & np.isfinite(day)
        if mine.any():
            early |= mine & (day < day[mine].min() + trial.design.wash_in_days)
    return early
