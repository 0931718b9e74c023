"""One row that is typed or put right: each value is read as a cell of its column would be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from htkeval.errors import Problem, SheetError
from htkeval.intake import number, privacy
from htkeval.intake.cells import Fault, Raw, plain, shown
from htkeval.intake.columns import NUMERIC, Column, plan
from htkeval.intake.reading import reader
from htkeval.intake.relations import contradictions
from htkeval.intake.rows import EMPTY
from htkeval.intake.search import typed_fault
from htkeval.measurement import Cell, Measurement
from htkeval.text import say
from htkeval.trial import Trial


def corrected(
    trial: Trial,
    row: Measurement,
    settings: Mapping[str, Raw],
    *,
    listed: frozenset[str] = frozenset(),
) -> Measurement:
    """The row with other values, held against every rule of a sheet.

    Args:
        trial: Names the columns and how each is read.
        row: As it stands.
        settings: By column: the new cell as it would be typed in a sheet; empty for no value.
        listed: Words of names that no cell may hold.

    Raises:
        SheetError: A column that the trial does not name, a value that it cannot have, a text that
            gives a person away, or numbers that contradict each other. All at once.
    """
    known = {column.name: column for column in plan(trial)}
    values: dict[str, Cell] = {trial.design.arm: row.arm, **row.keys, **row.values}
    problems = []
    for name, cell in settings.items():
        value = _read(trial, known[name], cell, listed) if name in known else _unknown(known)
        if isinstance(value, Fault):
            place = privacy.masked(name)
            found = value.found or shown(cell)
            problems.append(Problem(place, found, value.expected, value.next_step))
        else:
            values[name] = value
    columns = {name: [values.get(name)] for name in known}
    for _, name, fault in contradictions(trial, columns) if not problems else ():
        found = shown(settings.get(name, _plain(values[name])))
        problems.append(Problem(name, fault.found or found, fault.expected, fault.next_step))
    if problems:
        raise SheetError(problems)
    return _made(trial, row, values, settings)


def entered(
    trial: Trial, arm: str, cells: Mapping[str, Raw], *, listed: frozenset[str] = frozenset()
) -> Measurement:
    """A new row as somebody typed it in a form, held against every rule of a sheet.

    Args:
        trial: Names the columns and how each is read.
        arm: The arm.
        cells: By column: the cell as it would be typed in a sheet; a column that is not there is
            empty.
        listed: As for `corrected`.

    Raises:
        SheetError: As for `corrected`; also where a column that must be filled is empty.
    """
    names = [column.name for column in plan(trial) if column.name != trial.design.arm]
    empty = Measurement.model_validate({"arm": arm, "keys": {}, "values": {}})
    return corrected(trial, empty, {**dict.fromkeys(names, ""), **cells}, listed=listed)


def _read(trial: Trial, column: Column, cell: Raw, listed: frozenset[str]) -> Cell | Fault:
    text = plain(cell)
    if fault := typed_fault(text, listed):
        return fault
    marks = number.marks([text]) if column.kind in NUMERIC else frozenset()
    notation = number.notation(marks, marks, None)
    value = reader(trial, column, notation, [cell])(cell)
    return EMPTY if value is None and column.filled else value


def _unknown(known: Mapping[str, Column]) -> Fault:
    return Fault(
        say("one of the trial's columns: {keys}", keys=", ".join(known)),
    )


def _plain(value: Cell) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else value


def _made(
    trial: Trial, row: Measurement, values: Mapping[str, Cell], settings: Mapping[str, Raw]
) -> Measurement:
    """Columns that the row did not have are added where they are named."""
    keys = trial.design.key_columns
    changed: dict[str, Any] = {
        "arm": values[trial.design.arm],
        "keys": {**row.keys, **{n: values[n] for n in settings if n in keys[1:]}},
        "values": {**row.values, **{n: values[n] for n in settings if n not in keys}},
    }
    return Measurement.model_validate(changed)
