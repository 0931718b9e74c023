"""Which columns of a sheet a trial needs, and how the cells of each are to be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from htkeval.metric import DurationUnit, Metric
from htkeval.plan import Also, Exclusion
from htkeval.trial import NEEDED_COLUMN, Trial

Kind = Literal[
    "arm",
    "word",
    "period",
    "day",
    "status",
    "number",
    "duration",
    "yes_no",
    "yes_no_or_count",
]
_UNITS: dict[str, DurationUnit] = {"s": "s", "min": "min", "min:s": "min:s", "h": "h"}

NUMERIC: frozenset[Kind] = frozenset({"number", "duration", "yes_no_or_count"})
"""Kinds whose cells show how the sheet writes numbers."""


@dataclass(frozen=True)
class Column:
    """One column that the trial names."""

    name: str
    """As the trial names it, and the sheet's header."""
    kind: Kind
    """How its cells are read."""
    unit: DurationUnit | None = None
    """Of a duration."""
    lowest: float | None = None
    """The smallest number allowed."""
    highest: float | None = None
    """The largest number allowed."""
    above_lowest: bool = False
    """Whether `lowest` itself is refused."""
    percent: bool = False
    """Whether `85 %` may stand for 0.85."""
    filled: bool = False
    """Whether no cell may be empty."""
    everywhere: bool = True
    """Whether every sheet must have the column; False: only that of one arm has it."""


def plan(trial: Trial) -> tuple[Column, ...]:
    """The columns that a trial needs, the arm first, each once.

    What no rule needs is not read into the measurements, so it cannot be kept by mistake.
    A column that several parts of the trial name is read as the first of them says.
    """
    read: dict[str, Column] = {}
    for column in (*_keys(trial), *_values(trial)):
        read.setdefault(column.name, column)
    names = (*trial.design.key_columns, *trial.value_columns)
    return tuple(read[name] for name in names)


def _keys(trial: Trial) -> Iterator[Column]:
    design = trial.design
    needed = {getattr(design, name) for name in NEEDED_COLUMN[design.kind]}
    kinds: dict[str | None, Kind] = {
        design.realised_arm: "arm",
        design.status: "status",
        design.date: "day",
        design.period: "period",
        design.arm: "arm",
    }
    for name in design.key_columns:
        filled = name == design.arm or name in needed
        yield Column(name, kinds.get(name, "word"), filled=filled)


def _values(trial: Trial) -> Iterator[Column]:
    for metric in trial.metrics:
        yield from _of_metric(metric)
    for covariate in trial.covariates:
        yield Column(covariate.column, "word" if covariate.scale == "category" else "number")
    for stop in trial.hard_stops:
        yield Column(stop.column, "yes_no_or_count", lowest=0)
    if trial.forecast and trial.forecast.column:
        yield Column(trial.forecast.column, "number", everywhere=False)
    for exclusion in trial.exclusions:
        yield _of_exclusion(exclusion)
    for name in trial.analysis.effect_modifiers:
        yield Column(name, "word")
    yield from map(_also, trial.also)


def _of_metric(metric: Metric) -> Iterator[Column]:
    one = _value_of(metric)
    for name in (*metric.parts, *(metric.bounds or ())):
        yield replace(one, name=name)
    if metric.exposure:
        yield Column(metric.exposure, "number", lowest=0, above_lowest=True)
    if metric.rater:
        yield Column(metric.rater, "word")
    if metric.pre_period:
        yield replace(one, name=metric.pre_period)


def _value_of(metric: Metric) -> Column:
    """How one cell of a metric is read; the name is filled in by the caller."""
    if metric.kind == "duration":
        return Column("", "duration", unit=_UNITS[metric.unit or "min"], lowest=0)
    if metric.kind == "binary":
        return Column("", "yes_no")
    if metric.kind == "share" and not metric.exposure:
        return Column("", "number", lowest=0, highest=1, percent=True)
    return Column("", "number", lowest=None if metric.kind == "rating" else 0)


def _also(one: Also) -> Column:
    """What is asked beside the measures; a sheet without the column is taken."""
    kinds: dict[str, Kind] = {"duration": "duration", "yes_no": "yes_no"}
    lowest = None if one.kind in ("yes_no", "change") else 0
    kind = kinds.get(one.kind, "number")
    return Column(one.column, kind, unit=one.unit, lowest=lowest, everywhere=False)


def _of_exclusion(exclusion: Exclusion) -> Column:
    """A rule on a column that nothing else names: a number where the rule compares with one."""
    name, sign, value = exclusion.parts
    compares = sign not in ("==", "!=")
    return Column(name, "number" if compares or _is_number(value) else "word")


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
