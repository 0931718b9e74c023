"""A second observer's times: which row, and how long."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from htkeval.intake.cells import Fault
from htkeval.intake.columns import Column, plan
from htkeval.intake.rows import in_columns
from htkeval.intake.sheet import read_sheet
from htkeval.text import say
from htkeval.trial import Trial

ROW = "row"
"""The column with the row's number."""
_NOT_ASKED = Fault(
    say("the number of a row that was drawn to be timed twice"),
    next_step=say("`htkeval second TRIAL` lists them: nobody else chooses which are compared."),
)
_TWICE = Fault(say("each row once"))


def read_second(trial: Trial, path: Path, *, drawn: Collection[int]) -> dict[int, float]:
    """By row: the second observer's time of the main measure; rows without one are left out.

    Args:
        trial: Names the columns of the main measure; a time is read as `add` reads it.
        path: A CSV, Excel or Parquet file with those columns and `row`.
        drawn: The rows that were drawn.

    Raises:
        UsageError: No such file, or not a kind that is read.
        SheetError: A row that was not drawn or stands twice, or a time that cannot be read.
    """
    parts = trial.primary.parts
    sheet = read_sheet(path, wanted=(ROW, *parts), optional=frozenset())
    columns = (
        Column(ROW, "number", lowest=1, filled=True),
        *(column for column in plan(trial) if column.name in parts),
    )
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
        times = [values[name][place] for name in parts]
        told = [time for time in times if isinstance(time, float)]
        if len(told) == len(times) and sum(told) > 0:
            found[int(number)] = sum(told)
    sheet.findings.refuse()
    return found
