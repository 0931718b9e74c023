"""From a sheet to measurements: every row is checked, and all rows are taken or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from htkeval.intake import client_ids, number, origin
from htkeval.intake.cells import Fault
from htkeval.intake.columns import NUMERIC, Column, plan
from htkeval.intake.number import Mark
from htkeval.intake.reading import Reader, reader
from htkeval.intake.relations import check_relations
from htkeval.intake.search import Given
from htkeval.intake.sheet import Sheet, read_sheet
from htkeval.measurement import CLIENT_ID, SIMULATED_COLUMN, Batch, Cell, Measurement
from htkeval.text import say
from htkeval.trial import Trial

EMPTY = Fault(say("a value: the trial cannot do without it"))
"""What is wrong with an empty cell of a column that must be filled."""


def read(trial: Trial, path: Path, *, names: frozenset[str] = frozenset()) -> Batch:
    """Which measurements does this sheet hold?

    Args:
        trial: The trial that the sheet belongs to; it names the columns.
        path: A CSV, Excel or Parquet file.
        names: Words of names that no cell may hold (`intake.names`).

    Returns:
        One measurement a row, in the order of the sheet. The same content gives the same
        measurements, whatever kind of file it came in. The batch says whether
        the sheet marks them as simulated.

    Raises:
        UsageError: No such file, or not a kind that is read.
        SheetError: Anything is wrong with any row; the first twenty problems and their number.
        EnvironmentFailed: The machine could not read the file.
    """
    sheet = opened(trial, path, names=names)
    simulated = origin.simulated(sheet)
    values = values_of(trial, sheet)
    sheet.findings.refuse()
    rows = client_ids.given(sheet, _rows(trial, values))
    sheet.findings.refuse()
    return Batch(trial=trial.id, name=path.name, measurements=rows, simulated=simulated)


def opened(trial: Trial, path: Path, *, names: frozenset[str] = frozenset()) -> Sheet:
    """The sheet with the columns that the trial names, unread; raises as `read` does."""
    columns = plan(trial)
    optional = frozenset(column.name for column in columns if not column.everywhere)
    ours = (SIMULATED_COLUMN, CLIENT_ID)
    wanted = [*(column.name for column in columns), *ours]
    given = Given(names, frozenset(c.name for c in columns if c.kind not in ("word", "arm")))
    return read_sheet(path, wanted=wanted, optional=optional | set(ours), given=given)


def values_of(trial: Trial, sheet: Sheet) -> dict[str, Sequence[Cell]]:
    """Every column's values; what is wrong stands in the sheet's findings, and is None here."""
    values = in_columns(trial, sheet, plan(trial))
    check_relations(trial, sheet, values)
    return values


def in_columns(trial: Trial, sheet: Sheet, columns: Sequence[Column]) -> dict[str, Sequence[Cell]]:
    """The values of some columns; what is wrong stands in the sheet's findings, and is None."""
    values: dict[str, Sequence[Cell]] = {}
    for column, its in _readers(trial, sheet, columns):
        values[column.name] = _values(sheet, column, its)
    for column in columns:
        values.setdefault(column.name, [None] * len(sheet.rows))
    return values


def _readers(trial: Trial, sheet: Sheet, columns: Sequence[Column]) -> list[tuple[Column, Reader]]:
    """How each column that the sheet has is to be read."""
    there = [column for column in columns if column.name in sheet.columns]
    marks: dict[str, frozenset[Mark]] = {
        column.name: number.marks(
            cell for cell in sheet.columns[column.name] if isinstance(cell, str)
        )
        for column in there
        if column.kind in NUMERIC
    }
    everywhere: frozenset[Mark] = frozenset().union(*marks.values())
    readers = []
    for column in there:
        its = marks.get(column.name, frozenset())
        notation = number.notation(its, everywhere, sheet.delimiter)
        readers.append((column, reader(trial, column, notation, sheet.columns[column.name])))
    return readers


def _values(sheet: Sheet, column: Column, read_cell: Reader) -> list[Cell]:
    """A column's values; each different cell is read once."""
    cells = sheet.columns[column.name]
    known = {cell: read_cell(cell) for cell in set(cells)}
    wrong = {cell: value for cell, value in known.items() if isinstance(value, Fault)}
    if column.filled:
        wrong.update((cell, EMPTY) for cell, value in known.items() if value is None)
    good = known | dict.fromkeys(wrong)
    if wrong:
        place = sheet.places[column.name]
        for row, cell in zip(sheet.rows, cells, strict=True):
            if cell in wrong:
                sheet.findings.add(row, place, column.name, wrong[cell], cell)
    return [good[cell] for cell in cells]


def _rows(trial: Trial, values: Mapping[str, Sequence[Cell]]) -> tuple[Measurement, ...]:
    arm, *keys = trial.design.key_columns
    measured = trial.value_columns
    return tuple(
        Measurement.model_validate(
            {
                "arm": row[0],
                "keys": dict(zip(keys, row[1 : 1 + len(keys)], strict=True)),
                "values": dict(zip(measured, row[1 + len(keys) :], strict=True)),
            }
        )
        for row in zip(*(values[name] for name in (arm, *keys, *measured)), strict=True)
    )
