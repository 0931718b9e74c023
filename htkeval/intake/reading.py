"""How the cells of one column become values: the rule of its kind, then its limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from htkeval.intake import choice, day, duration, number
from htkeval.intake.cells import Fault, Raw, word
from htkeval.intake.columns import Column
from htkeval.intake.number import Notation
from htkeval.measurement import Cell
from htkeval.metric import DurationUnit
from htkeval.text import Text, say
from htkeval.trial import Trial

Reader = Callable[[Raw], Cell | Fault]
"""Gives a cell's value, None where it is empty, or what is wrong with it."""

_PERCENT = re.compile(r"(.*[0-9])\s*(?:%|pct\.?)", re.IGNORECASE)


def reader(trial: Trial, column: Column, notation: Notation, cells: Iterable[Raw]) -> Reader:
    """The reader of a column.

    Args:
        trial: Gives the arms' words and the first and last day.
        column: Which column.
        notation: How the column writes numbers.
        cells: All of the column's cells: a doubt about one may be settled by the others.
    """
    if column.kind == "arm":
        words = choice.arm_words(trial.arms)
        return lambda cell: choice.arm(cell, words)
    if column.kind == "day":
        return lambda cell: day.day(cell, trial.starts, trial.ends)
    if column.kind == "period":
        return day.period
    if column.kind == "status":
        return choice.status
    if column.kind == "word":
        return word
    return _within(column, _number_reader(column, notation, cells))


def _number_reader(column: Column, notation: Notation, cells: Iterable[Raw]) -> Reader:
    if column.kind == "yes_no":
        return choice.yes_no
    if column.kind == "yes_no_or_count":
        return lambda cell: choice.yes_no_or_count(cell, notation)
    if column.kind == "duration" and column.unit:
        return _duration_reader(column.unit, notation, cells)
    if column.percent:
        return lambda cell: _percent(cell, notation)
    return lambda cell: number.number(cell, notation)


def _duration_reader(unit: DurationUnit, notation: Notation, cells: Iterable[Raw]) -> Reader:
    """In a column of `min:s`, Excel takes a typed `1:23` for hours: one cell with seconds tells.

    `1.30 t` may be the clock's or decimals: one cell such as `1.75 t` tells.
    """
    cells = list(cells)
    decimals = any(map(duration.shows_decimals, cells))

    def read(cell: Raw) -> float | Fault | None:
        doubt = None if decimals else duration.clock_or_decimals(cell, unit)
        return duration.duration(cell, unit, notation) if doubt is None else doubt

    times = [cell for cell in cells if isinstance(cell, time | timedelta | datetime)]
    if unit != "min:s" or not times or not all(map(duration.lacks_seconds, times)):
        return read
    doubtful = frozenset(times)
    return lambda cell: duration.typed_short(cell) if cell in doubtful else read(cell)


def _percent(cell: Raw, notation: Notation) -> float | Fault | None:
    """A share; `85 %` is 0.85."""
    percent = _PERCENT.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if percent is None:
        return number.number(cell, notation)
    value = number.number(percent[1], notation)
    return value / 100 if isinstance(value, float) else value


def _within(column: Column, read: Reader) -> Reader:
    """The reader, with every number outside the column's limits as a fault."""
    low, high = column.lowest, column.highest
    if low is None:
        return read
    outside = Fault(_limits(column))

    def check(cell: Raw) -> Cell | Fault:
        value = read(cell)
        if not isinstance(value, float):
            return value
        too_low = value <= low if column.above_lowest else value < low
        return outside if too_low or (high is not None and value > high) else value

    return check


def _limits(column: Column) -> Text:
    low = f"{column.lowest:g}"
    if column.highest is not None:
        return say("a number from {low} to {high}", low=low, high=f"{column.highest:g}")
    if column.above_lowest:
        return say("a number above {low}", low=low)
    return say("no negative number")
