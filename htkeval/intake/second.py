"""A second observer's times: which row, and how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from htkeval.intake.cells import Fault, shown
from htkeval.intake.columns import Column, plan
from htkeval.intake.rows import in_columns
from htkeval.intake.sheet import read_sheet
from htkeval.intake.spelling import folded
from htkeval.text import say
from htkeval.trial import Trial

ROW = "row"
"""The column with the row's number."""
_NOT_ASKED = Fault(
    say("the number of a row that was drawn to be timed twice"),
    next_step=say("`htkeval second TRIAL` lists them: nobody else chooses which are compared."),
)
_TWICE = Fault(say("each row once"))

Keys = Mapping[str, str | None]
"""By column: whose task a row is, which, and when."""


def read_second(trial: Trial, path: Path, *, drawn: Mapping[int, Keys]) -> dict[int, float]:
    """By row: the second observer's time of the main measure; rows without one are left out.

    Args:
        trial: Names the columns of the main measure; a time is read as `add` reads it.
        path: A CSV, Excel or Parquet file with those columns and `row`.
        drawn: The rows that were drawn, each with what names it: where the sheet says that too,
            it is held against it, for a column that was sorted by itself, or numbered anew, would
            compare the times of two tasks.

    Raises:
        UsageError: No such file, or not a kind that is read.
        SheetError: A row that was not drawn or stands twice, or whose task is another than the
            sheet says; or a time that cannot be read.
    """
    parts = trial.primary.parts
    named = {name for keys in drawn.values() for name in keys} - {ROW, *parts}
    columns = (
        Column(ROW, "number", lowest=1, filled=True),
        *(column for column in plan(trial) if column.name in parts),
        *(replace(column, filled=False) for column in plan(trial) if column.name in named),
    )
    wanted = (ROW, *parts, *sorted(named))
    sheet = read_sheet(path, wanted=wanted, optional=frozenset(named))
    values = in_columns(trial, sheet, columns)
    found: dict[int, float] = {}
    seen: set[float] = set()
    for place, (line, number) in enumerate(zip(sheet.rows, values[ROW], strict=True)):
        if not isinstance(number, float):
            continue
        fault = _TWICE if number in seen else None if number in drawn else _NOT_ASKED
        seen.add(number)
        if fault is not None:
            sheet.findings.add(line, sheet.places[ROW], ROW, fault, number)
            continue
        for name in sorted(named & sheet.columns.keys()):
            said, known = values[name][place], drawn[int(number)].get(name)
            if said is not None and known is not None and _plain(str(said)) != _plain(known):
                fault = _another(int(number), known)
                sheet.findings.add(line, sheet.places[name], name, fault, str(said))
        times = [values[name][place] for name in parts]
        told = [time for time in times if isinstance(time, float)]
        if len(told) == len(times) and sum(told) > 0:
            found[int(number)] = sum(told)
    sheet.findings.refuse()
    return found


def _plain(name: str) -> str:
    """A name as it comes back from Excel, which takes the noughts away from 0012."""
    return folded(name).lstrip("0") if name.isdecimal() else folded(name)


def _another(row: int, known: str) -> Fault:
    return Fault(
        say("{known}, as row {row} has it", known=shown(known), row=row),
        next_step=say("Each number belongs to its own task: were lines sorted, or numbered anew?"),
    )
