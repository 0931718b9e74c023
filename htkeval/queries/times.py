"""Times that no task can have taken, that stand in another unit, or that were not measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from htkeval.kept_row import KeptRow
from htkeval.queries.finding import MINUTES, UNITS, Finding, durations
from htkeval.queries.values import gave_up
from htkeval.text import say
from htkeval.trial import Trial

SIXTY = 60
"""Seconds in a minute, minutes in an hour: what a slip of the unit multiplies by."""
HALF = SIXTY / 2
"""So many times the usual is asked about: a task of half the usual time, in the wrong unit."""
ENOUGH = 5
"""Values from which on there is a usual one."""
WORKING_DAY = 7.4 * 60
"""Minutes: a fifth of the 37 hours of a week."""
AT_MOST_A_DAY = 13 * 60
"""Minutes that somebody can work in one day.

Source: the Working Environment Act (arbejdsmiljøloven) § 50: eleven hours of rest in 24."""
ALIKE_FINE = 3
"""Identical times in a row that are asked about where they are finer than whole minutes."""
ALIKE_WHOLE = 5
"""The same of whole minutes, which are often alike by chance."""


def unit_suspected(trial: Trial, rows: Sequence[KeptRow]) -> Iterator[Finding]:
    """Times some sixty times, or a sixtieth, of what is usual for the person or in the trial.

    What is usual is the median over both arms; the person's own where five values tell it.
    """
    for column in durations(trial):
        values = _times(rows, column)
        if len(values) < ENOUGH:
            continue
        everybody = median(values.values())
        own = _by_person(trial, rows, values)
        for row in rows:
            value = values.get(row.id)
            usual = (own.get(_person(trial, row)), everybody)
            found = [value / one for one in usual if one] if value else []
            far = [times for times in found if times >= HALF or times <= 1 / HALF]
            if value and far:
                yield _suspected(row, column, value, far[0])


def _suspected(row: KeptRow, column: str, value: float, times: float) -> Finding:
    if times > 1:
        text = say(
            "{column} is about {times:#,##0} times what is usual. Was it written in seconds "
            "instead of minutes, or in minutes instead of hours? Put it right, or answer that it "
            "took so long.",
            column=column,
            times=float(times),
        )
    else:
        text = say(
            "{column}: what is usual takes about {times:#,##0} times as long. Was it written in "
            "hours instead of minutes, or in minutes instead of seconds? Put it right, or answer "
            "that it was so quick.",
            column=column,
            times=float(1 / times),
        )
    return Finding("unit_suspected", row.id, column, value, text)


def impossible_duration(trial: Trial, rows: Sequence[KeptRow]) -> Iterator[Finding]:
    """Times of zero or less, longer than a working day, or more in one day than the law allows."""
    for column, metric in durations(trial).items():
        unit = metric.unit or "min"
        values = {row: time * MINUTES[unit] for row, time in _times(rows, column).items()}
        long_tasks = bool(values) and median(values.values()) > WORKING_DAY
        whole = len(metric.parts) == 1
        for row in rows:
            minutes = values.get(row.id)
            if minutes is None:
                continue
            said = {"column": column, "value": float(row.values[column] or 0), "unit": UNITS[unit]}
            if minutes < 0 or (minutes == 0 and whole and not gave_up(trial, row)):
                text = say(
                    "{column} is {value:#,##0.##} {unit}: no task takes no time. Was the clock "
                    "started? Put it right, or empty the cell and say in the status what happened.",
                    **said,
                )
            elif minutes > WORKING_DAY and not long_tasks:
                text = say(
                    "{column} is {value:#,##0.##} {unit}, longer than a working day (7 hours and "
                    "24 minutes). Was the clock stopped? Put it right, or answer that it took so "
                    "long.",
                    **said,
                )
            else:
                continue
            yield Finding("impossible_duration", row.id, column, row.values[column], text)
        if not long_tasks:
            yield from _more_than_a_day(trial, rows, column, values)


def _more_than_a_day(
    trial: Trial, rows: Sequence[KeptRow], column: str, values: Mapping[int, float]
) -> Iterator[Finding]:
    """The tasks of one person on one day, when each alone could be."""
    design = trial.design
    if design.date is None or design.participant is None:
        return
    days: dict[tuple[str, str], list[KeptRow]] = defaultdict(list)
    for row in rows:
        who, day = row.keys.get(design.participant), row.keys.get(design.date)
        if who and day and 0 < values.get(row.id, 0) <= WORKING_DAY:
            days[who, day].append(row)
    for mine in days.values():
        total = sum(values[row.id] for row in mine)
        if total > AT_MOST_A_DAY:
            last, *before = [row.id for row in reversed(mine)]
            text = say(
                "With this row {column} adds up to {hours:#,##0.#} hours in {n:#,##0} tasks of one "
                "person on one day. Is the day right, and is the unit? Put right what is wrong, or "
                "answer that it is so.",
                column=column,
                hours=total / 60,
                n=len(mine),
            )
            ids = [row.id for row in mine]
            seen = [ids, round(total, 6)]
            yield Finding("impossible_duration", last, column, seen, text, beside=tuple(before))


def identical_times(trial: Trial, rows: Sequence[KeptRow]) -> Iterator[Finding]:
    """One person's identical times in rows that follow each other, asked of the first of them.

    So a run that grows stays one query.
    """
    if trial.design.participant is None:
        return
    for column in durations(trial):
        values = _times(rows, column)
        people: dict[str | None, list[KeptRow]] = defaultdict(list)
        for row in rows:
            if row.id in values:
                people[_person(trial, row)].append(row)
        people.pop(None, None)
        for mine in people.values():
            for run in _runs(mine, values):
                value = values[run[0]]
                if value > 0 and len(run) >= (ALIKE_WHOLE if value == int(value) else ALIKE_FINE):
                    text = say(
                        "{column} is {value:#,##0.##} in {n:#,##0} rows of one person that follow "
                        "each other (from this row to row {last}). Was each task timed, or was one "
                        "time copied? Put right what is wrong, or answer that each was timed.",
                        column=column,
                        value=float(value),
                        n=len(run),
                        last=run[-1],
                    )
                    rest = tuple(run[1:])
                    yield Finding("identical_times", run[0], column, value, text, beside=rest)


def _runs(rows: Sequence[KeptRow], values: Mapping[int, float]) -> Iterator[list[int]]:
    run: list[int] = []
    for row in rows:
        if run and values[run[-1]] != values[row.id]:
            yield run
            run = []
        run.append(row.id)
    if run:
        yield run


def _times(rows: Sequence[KeptRow], column: str) -> dict[int, float]:
    """By row: the time in a column, where there is one."""
    cells = ((row.id, row.values.get(column)) for row in rows)
    return {row: float(cell) for row, cell in cells if isinstance(cell, int | float)}


def _person(trial: Trial, row: KeptRow) -> str | None:
    column = trial.design.participant
    return row.keys.get(column) if column else None


def _by_person(
    trial: Trial, rows: Sequence[KeptRow], values: Mapping[int, float]
) -> dict[str | None, float]:
    """What is usual for each person with enough values."""
    theirs: dict[str | None, list[float]] = defaultdict(list)
    for row in rows:
        if row.id in values and (who := _person(trial, row)) is not None:
            theirs[who].append(values[row.id])
    return {who: median(mine) for who, mine in theirs.items() if len(mine) >= ENOUGH}
