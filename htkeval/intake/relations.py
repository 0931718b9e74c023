"""What must hold between the cells of a row: parts that add up, a share that is at most one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from htkeval.intake.cells import Fault
from htkeval.intake.sheet import Sheet
from htkeval.measurement import Cell
from htkeval.metric import Metric
from htkeval.text import say
from htkeval.trial import Trial

Columns = Mapping[str, Sequence[Cell]]
Finding = tuple[int, str, Fault]
"""The place among the rows, the column, what is wrong."""


def check_relations(trial: Trial, sheet: Sheet, values: Columns) -> None:
    """Add to the sheet's findings every row whose numbers contradict each other.

    Args:
        trial: Says which columns belong together.
        sheet: Where findings are collected.
        values: By column, the values that were read; None where a cell is empty or refused.
    """
    for at, column, fault in contradictions(trial, values):
        cell = sheet.columns[column][at]
        sheet.findings.add(sheet.rows[at], sheet.places[column], column, fault, cell)


def contradictions(trial: Trial, values: Columns) -> Iterator[Finding]:
    """Every row whose numbers contradict each other, and in which column that is to be put right.

    Args:
        trial: Says which columns belong together.
        values: By column, the values; None where a cell is empty or refused.
    """
    for metric in trial.metrics:
        yield from _contradictions(metric, values)


def _contradictions(metric: Metric, values: Columns) -> Iterator[Finding]:
    if metric.kind == "duration" and metric.parts:
        yield from _no_time(metric, values)
    if metric.kind == "share" and metric.exposure:
        yield from _above_one(metric, metric.exposure, values)
    if metric.bounds:
        yield from _crossed(*metric.bounds, values)


def _no_time(metric: Metric, values: Columns) -> Iterator[Finding]:
    """A task takes time; one of several parts of it may take none."""
    step = say("Leave the cell empty where the time was not taken.")
    alone = len(metric.parts) == 1
    found = (
        None
        if alone
        else say("times that add up to 0 ({columns})", columns=" + ".join(metric.parts))
    )
    fault = Fault(say("more than 0 {unit}", unit=metric.unit or ""), found, step)
    for at, parts in enumerate(zip(*(values[name] for name in metric.parts), strict=True)):
        numbers = [part for part in parts if isinstance(part, float)]
        if len(numbers) == len(parts) and sum(numbers) <= 0:
            yield at, metric.parts[0], fault


def _above_one(metric: Metric, exposure: str, values: Columns) -> Iterator[Finding]:
    fault = Fault(say("at most what {column} says", column=exposure))
    for at, (*parts, whole) in enumerate(
        zip(*(values[name] for name in (*metric.parts, exposure)), strict=True)
    ):
        numbers = [part for part in parts if isinstance(part, float)]
        if isinstance(whole, float) and len(numbers) == len(parts) and sum(numbers) > whole:
            yield at, metric.parts[0], fault


def _crossed(low: str, high: str, values: Columns) -> Iterator[Finding]:
    fault = Fault(say("at least what {column} says", column=low))
    for at, (least, most) in enumerate(zip(values[low], values[high], strict=True)):
        if isinstance(least, float) and isinstance(most, float) and most < least:
            yield at, high, fault
