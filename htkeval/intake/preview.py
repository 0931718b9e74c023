"""How a sheet is read, column by column, before anything is stored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from htkeval.errors import Problem, SheetError
from htkeval.intake import number, origin, rows
from htkeval.intake.cells import Raw, is_blank
from htkeval.intake.codebook import Field, codebook
from htkeval.intake.columns import NUMERIC
from htkeval.measurement import Cell
from htkeval.text import Text, say
from htkeval.trial import ARMS, Arm, Trial

FIRST = 3
"""Values of a column that are shown."""
_ISO = re.compile(r"\s*[0-9]{4}-")


@dataclass(frozen=True)
class ColumnRead:
    """One column of the sheet."""

    field: Field
    """What the trial takes it for."""
    there: bool
    """Whether the sheet has it."""
    notation: Text | str
    """How its numbers or dates are written; empty where nothing is to be told."""
    first: tuple[Cell, ...]
    """The first values, as they were read."""
    empty: int
    """Rows without a value, or with one that is refused."""


@dataclass(frozen=True)
class SheetRead:
    """One sheet."""

    file: str
    """The file's own name."""
    columns: tuple[ColumnRead, ...]
    """Every column that the trial names; none where the sheet has no row of their names."""
    rows: int
    """How many rows of measurements there are."""
    arms: dict[Arm | None, int]
    """Rows by arm; None: the arm cannot be read."""
    unmeasured: int
    """Rows in which nothing of what the trial measures stands."""
    problems: tuple[Problem, ...]
    """Why it would be refused, the first twenty."""
    total: int
    """How many problems there are."""


def read_preview(trial: Trial, path: Path, *, names: frozenset[str] = frozenset()) -> SheetRead:
    """How is this sheet read?

    Args:
        trial: Names the columns.
        path: A CSV, Excel or Parquet file.
        names: Words of names that no cell may hold.

    Raises:
        UsageError: No such file, or not a kind that is read.
        EnvironmentFailed: The machine could not read the file.
    """
    try:
        sheet = rows.opened(trial, path, names=names)
    except SheetError as refused:
        return SheetRead(path.name, (), 0, {}, 0, refused.problems, refused.total)
    origin.simulated(sheet)
    values = rows.values_of(trial, sheet)
    counted = Counter(values[trial.design.arm])
    problems, total = _refused(sheet.findings.refuse)
    told = tuple(_column(field, sheet.columns.get(field.column.name), values)
                 for field in codebook(trial))  # fmt: skip
    return SheetRead(
        file=sheet.file,
        columns=told,
        rows=len(sheet.rows),
        arms={arm: counted[arm] for arm in (*ARMS, None) if counted[arm]},
        unmeasured=_unmeasured(trial, values),
        problems=problems,
        total=total,
    )


def _refused(refuse: Callable[[], None]) -> tuple[tuple[Problem, ...], int]:
    try:
        refuse()
    except SheetError as refused:
        return refused.problems, refused.total
    return (), 0


def _column(
    field: Field, cells: Sequence[Raw] | None, values: Mapping[str, Sequence[Cell]]
) -> ColumnRead:
    its = values[field.column.name]
    good = [value for value in its if value is not None]
    return ColumnRead(
        field=field,
        there=cells is not None,
        notation=_notation(field, [cell for cell in cells or () if not is_blank(cell)]),
        first=tuple(good[:FIRST]),
        empty=len(its) - len(good),
    )


def _notation(field: Field, cells: Sequence[Raw]) -> Text | str:
    """How the cells of a column are written, as far as they show it."""
    if field.column.kind in NUMERIC:
        return _of_numbers(cells)
    if field.column.kind != "day":
        return ""
    days = {str(way): way for way in map(_of_day, cells)}
    return _MIXED if len(days) > 1 else next(iter(days.values()), "")


def _of_numbers(cells: Sequence[Raw]) -> Text | str:
    marks = number.marks(cell for cell in cells if isinstance(cell, str))
    if len(marks) == 2:
        return say("decimal comma and decimal point")
    if marks:
        return say("decimal comma") if "," in marks else say("decimal point")
    if any(isinstance(cell, time | timedelta | datetime) for cell in cells):
        return say("time cells of Excel: hours and minutes")
    if cells and all(isinstance(cell, int | float) for cell in cells):
        return say("cells of numbers")
    whole = cells and not any("." in str(cell) or "," in str(cell) for cell in cells)
    return say("whole numbers") if whole else ""


def _of_day(cell: Raw) -> Text | str:
    if isinstance(cell, date | datetime):
        return say("date cells of Excel")
    return say("year-month-day") if _ISO.match(str(cell)) else say("day-month-year")


_MIXED = say("written in several ways")


def _unmeasured(trial: Trial, values: Mapping[str, Sequence[Cell]]) -> int:
    """Rows without a value of any metric and without a status: often rows not filled in yet."""
    names = [part for one in trial.metrics for part in (*one.parts, *(one.bounds or ()))]
    if trial.design.status:
        names.append(trial.design.status)
    columns = [values[name] for name in names]
    return sum(all(cell is None for cell in row) for row in zip(*columns, strict=True))
