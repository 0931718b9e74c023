"""A value that is not there, or beyond what its column can say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from htkeval.intake.columns import Column, plan
from htkeval.kept_row import KeptRow
from htkeval.metric import Metric
from htkeval.queries.finding import UNITS, Finding
from htkeval.text import Text, say
from htkeval.trial import Trial

REFUSED = "refused"
GIVEN_UP = ("abandoned", REFUSED)


def out_of_range(trial: Trial, rows: Sequence[KeptRow]) -> Iterator[Finding]:
    """Values outside the limits of the empty sheet, times above the cap, days outside the trial."""
    capped = [m for m in trial.metrics if m.cap is not None and m.kind == "duration"]
    limited = [c for c in plan(trial) if c.lowest is not None or c.highest is not None]
    for row in rows:
        for column in limited:
            value = row.values.get(column.name)
            if isinstance(value, int | float) and (limit := _limit(column, value)) is not None:
                yield Finding("out_of_range", row.id, column.name, value, limit)
        if capped and not gave_up(trial, row):
            yield from _above_cap(capped, row)
        yield from _outside(trial, row)


def _limit(column: Column, value: float) -> Text | None:
    """What a number is beyond; a time of zero or less is told of as impossible."""
    low, high, said = column.lowest, column.highest, {"column": column.name, "value": float(value)}
    if high is not None and value > high:
        return say(
            "{column} is {value:#,##0.###}, and {high:#,##0.###} is the most it can be. Put it "
            "right, or answer why it is so.",
            high=float(high),
            **said,
        )
    below = low is not None and (value < low or (column.above_lowest and value == low))
    if column.kind == "duration" or not below or low is None:
        return None
    return say(
        "{column} is {value:#,##0.###}, and it must be at least {low:#,##0.###} (above it, where "
        "something is divided by it). Put it right, or answer why it is so.",
        low=float(low),
        **said,
    )


def _above_cap(capped: Sequence[Metric], row: KeptRow) -> Iterator[Finding]:
    """A finished task that took longer than the time at which an unfinished one is counted."""
    for metric in capped:
        cells = [row.values.get(name) for name in metric.parts]
        total = sum(cell for cell in cells if isinstance(cell, int | float))
        if metric.cap is not None and total > metric.cap:
            text = say(
                "{label}: {value:#,##0.##} {unit}, though {cap:#,##0.##} {unit} is where an "
                "unfinished task is counted. Was it finished, and did the clock run all the time? "
                "Put it right, or answer that it is so.",
                label=metric.label,
                value=float(total),
                cap=float(metric.cap),
                unit=UNITS[metric.unit or "min"],
            )
            yield Finding("out_of_range", row.id, metric.parts[0], total, text)


def _outside(trial: Trial, row: KeptRow) -> Iterator[Finding]:
    column = trial.design.date
    said = row.keys.get(column) if column else None
    try:
        day = date.fromisoformat(said[:10]) if said else None
    except ValueError:
        return
    if day is None or trial.starts <= day <= trial.ends:
        return
    text = say(
        "{column} is {day:d MMMM y}, and the trial runs from {starts:d MMMM y} to {ends:d MMMM y}. "
        "Put the day right, or answer why it counts.",
        column=column,
        day=day,
        starts=trial.starts,
        ends=trial.ends,
    )
    yield Finding("out_of_range", row.id, column, day.isoformat(), text)


def missing(trial: Trial, rows: Sequence[KeptRow]) -> Iterator[Finding]:
    """Tasks without what the trial is decided on; a column that nobody filled in is told once."""
    done = [row for row in rows if not gave_up(trial, row)]
    wanted = [
        (name, [row.id for row in done if _cell(row, name) is None]) for name in _required(trial)
    ]
    for name, empty in wanted:
        if empty and len(empty) == len(done):
            text = say(
                "{column} is empty in every row. Is it written in a column of another name? Fill "
                "it in, or answer why nobody measures it.",
                column=name,
            )
            yield Finding("missing", None, name, None, text)
    by_row: dict[int, list[str]] = {}
    for name, empty in wanted:
        for row in empty if len(empty) < len(done) else ():
            by_row.setdefault(row, []).append(name)
    for row, names in by_row.items():
        yield Finding("missing", row, names[0], names, _empty(trial, names))


def _empty(trial: Trial, names: list[str]) -> Text:
    said = ", ".join(names)
    if trial.design.status is None:
        return say(
            "Empty: {columns}. Fill it in from the notes, or answer why nobody knows.", columns=said
        )
    return say(
        "Empty: {columns}. Fill it in from the notes, say in {status} that the task was given up, "
        "or answer why nobody knows.",
        columns=said,
        status=trial.design.status,
    )


def _required(trial: Trial) -> tuple[str, ...]:
    """Columns of the main measure and of those that must not get worse, and the task's name."""
    names = [trial.design.task] if trial.design.task else []
    for metric in trial.metrics:
        if metric.role != "secondary":
            names += [*metric.parts, *(metric.bounds or ())]
            names += [metric.exposure] if metric.exposure else []
    return tuple(dict.fromkeys(names))


def _cell(row: KeptRow, column: str) -> object:
    return row.keys.get(column) if column in row.keys else row.values.get(column)


def gave_up(trial: Trial, row: KeptRow) -> bool:
    """Whether the row says that the task was given up or refused."""
    said = row.keys.get(trial.design.status) if trial.design.status else None
    return said is not None and said.casefold() in GIVEN_UP
