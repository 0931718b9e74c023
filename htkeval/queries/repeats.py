"""The same task told twice, or the same row."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from htkeval.canonical import canonical
from htkeval.kept_row import KeptRow
from htkeval.queries.finding import Finding
from htkeval.text import say
from htkeval.trial import Trial


def duplicate(trial: Trial, rows: Sequence[KeptRow]) -> Iterator[Finding]:
    """Rows that tell of a task which an earlier row told of, asked of the later one.

    Where the trial names no task, two rows may be alike and yet be two tasks: they are asked about
    where they say the same in every column, the day included.
    """
    seen: dict[Hashable, KeptRow] = {}
    for row in rows:
        key = _task(trial, row) or _whole(trial, row)
        first = seen.setdefault(key, row) if key is not None else row
        if first is row:
            continue
        said = canonical([row.values, row.arm])
        if (first.arm, first.keys, first.values) == (row.arm, row.keys, row.values):
            text = say(
                "It says the same as row {first} in every column. Is it one task that came in "
                "twice? Then leave one of them out; else answer that they are two.",
                first=first.id,
            )
        else:
            text = say(
                "The same person, task and period as row {first}. Which of the two is right? Leave "
                "the other out or correct it, or answer that both were done.",
                first=first.id,
            )
        yield Finding("duplicate", row.id, None, [first.id, said], text, beside=(first.id,))


def _whole(trial: Trial, row: KeptRow) -> Hashable:
    """All that a row says; None where it does not tell its task from others."""
    design = trial.design
    told = [row.keys.get(name) for name in (design.task, design.date) if name]
    if not any(told):
        return None
    return canonical([row.arm, row.keys, row.values])


def _task(trial: Trial, row: KeptRow) -> Hashable:
    """Whose task it is; None where no task is told."""
    design = trial.design
    if design.task is None or row.keys.get(design.task) is None:
        return None
    names = (design.participant, design.team, design.task, design.period, design.date)
    return tuple(row.keys.get(name) for name in names if name)
