"""A person, a team or a task is written in one way: two spellings would be two, in every figure.

Somebody writes `p017` for `P017`; Excel makes `1` of a task `0001` and keeps it so. Nothing else
sees it: the rows of either are as new as any.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from htkeval.errors import Problem, StateError
from htkeval.intake.cells import shown
from htkeval.intake.spelling import Spellings, folded
from htkeval.measurement import Batch, Measurement
from htkeval.steps.case import Case
from htkeval.text import Text, say
from htkeval.trial import Design

_LEADING = re.compile(r"(?<![0-9])0+(?=[0-9])")
Place = tuple[str | None, ...]
"""Whose task it is, in which team and period, and how an eye reads its name."""
MOST_NUMBERS = 20
"""Rows of one name that a message numbers."""


def refuse_otherwise(case: Case, batches: Iterable[Batch]) -> None:
    """Refuse sheets that write a name otherwise than before: `p017` where the trial has `P017`.

    Counted as two he would change every interval, make a group of four look like five, and be
    half forgotten by an erasure. Tasks are held against those of the same person, team and
    period. What the trial knows as it is written stands, so that a sheet
    that was taken once comes in again when it grew.

    Args:
        case: The trial, as it stands when it is our turn to write.
        batches: What is to be stored together.

    Raises:
        StateError: There are such names; each of them in each sheet, with its rows there.
    """
    design, sheets = case.trial.design, tuple(batches)
    problems: list[Problem] = []
    if design.participant is not None:
        problems += _of_column(design.participant, sheets, _people(case, sheets))
    if design.team is not None:
        problems += _of_column(design.team, sheets, _teams(case, design.team, sheets))
    if design.task is not None and case.store.has(case.file.id, "batch"):
        written = [sheet for sheet in sheets if not _begun(sheet)]
        problems += _of_tasks(case, design.task, written)
    if problems:
        raise StateError(problems)


def written_as(case: Case, participant: str) -> str:
    """How the trial writes somebody whom it knows; else as it was typed."""
    known = case.store.people(case.file.id)
    first = Spellings((name,) for name in known)
    other = None if participant in known else first.other((participant,))
    return participant if other is None else other[0]


def refuse_other(case: Case, participant: str) -> None:
    """Refuse somebody whom the trial writes otherwise, before anything is kept of him.

    Raises:
        StateError: He is known under another spelling.
    """
    if not case.store.unknown(case.file.id, [participant]):
        return
    if (other := written_as(case, participant)) != participant:
        raise StateError(_otherwise(case.trial.design.participant or "", participant, other))


def refuse_renamed(case: Case, old: Measurement, new: Measurement) -> None:
    """Refuse a correction that gives a row to somebody under another spelling of a known name.

    Raises:
        StateError: It would make two of one person. To put the spelling itself right is no such.
    """
    column = case.trial.design.participant or ""
    before, name = old.keys.get(column), new.keys.get(column)
    if name is None or (before is not None and folded(before) == folded(name)):
        return
    if (other := written_as(case, name)) != name:
        raise StateError(_otherwise(column, name, other))


def _people(case: Case, sheets: Collection[Batch]) -> Collection[str]:
    """Everybody whom the trial knows; where all of these are known as they are written, these."""
    these = people_of(case.trial.design, sheets)
    known = these is not None and not case.store.unknown(case.file.id, these)
    return these if these is not None and known else case.store.people(case.file.id)


def _teams(case: Case, column: str, sheets: Collection[Batch]) -> tuple[str, ...]:
    """The teams that were drawn or measured; a task that was begun has its team from then."""
    listed = case.store.allocated(case.file.id)
    drawn = listed.units[0] if listed is not None and listed.columns[0] == column else ()
    if all(map(_begun, sheets)):
        return drawn
    measured = (row.keys.get(column) for row in case.store.measurements(case.file.id))
    return tuple(dict.fromkeys((*drawn, *(name for name in measured if name is not None))))


def _begun(sheet: Batch) -> bool:
    """Whether a form names what was timed; one that is filled in afterwards names what it likes."""
    return sheet.timed is not None and sheet.timed.seconds is not None


def _of_column(column: str, sheets: Collection[Batch], known: Collection[str]) -> Iterator[Problem]:
    """The names of a column that were written otherwise before, in the record or further up."""
    there, first = frozenset(known), Spellings((name,) for name in known)
    for sheet in sheets:
        numbers: dict[str, list[int]] = {}
        for number, row in enumerate(sheet.measurements, start=1):
            name = row.keys.get(column)
            if name is not None and name not in there:
                numbers.setdefault(name, []).append(number)
        for name, rows in numbers.items():
            other = first.other((name,))
            first.add((name,))
            if other is not None:
                yield _otherwise(_place(sheet.name, column, rows), name, other[0])


def _of_tasks(case: Case, column: str, sheets: Collection[Batch]) -> Iterator[Problem]:
    """The tasks that came in before under another spelling."""
    if not sheets:
        return
    design = case.trial.design
    first: dict[Place | None, str] = {}
    known: set[tuple[Place | None, str | None]] = set()
    for row in case.store.measurements(case.file.id, people=people_of(design, sheets)):
        if (place := _whose(design, row)) is not None:
            known.add((place, row.keys[column]))
            first.setdefault(place, str(row.keys[column]))
    for sheet in sheets:
        numbers: dict[tuple[Place | None, str | None], list[int]] = {}
        for number, row in enumerate(sheet.measurements, start=1):
            numbers.setdefault((_whose(design, row), row.keys.get(column)), []).append(number)
        for (place, task), rows in numbers.items():
            if place in first and (place, task) not in known:
                yield _otherwise(_place(sheet.name, column, rows), str(task), first[place])


def people_of(design: Design, sheets: Iterable[Batch]) -> frozenset[str] | None:
    """Whose rows these are; None where some name nobody."""
    column = design.participant or ""
    names = {row.keys.get(column) for sheet in sheets for row in sheet.measurements}
    return None if None in names else frozenset(name for name in names if name is not None)


def _whose(design: Design, row: Measurement) -> Place | None:
    task = row.keys.get(design.task or "")
    if task is None:
        return None
    names = (design.participant, design.team, design.period)
    return (*(row.keys.get(name) for name in names if name), _LEADING.sub("", folded(task)))


def _otherwise(place: Text | str, name: str, other: str) -> Problem:
    return Problem(
        place,
        shown(name),
        say("each name written in one way"),
        say(
            "Before it was written {other}: write it so, or call it otherwise if it is another.",
            other=shown(other),
        ),
    )


def _place(file: str, column: str, rows: list[int]) -> Text:
    """Where in a sheet a name stands, its first rows by number."""
    more = " …" if len(rows) > MOST_NUMBERS else ""
    numbers = ", ".join(map(str, rows[:MOST_NUMBERS])) + more
    return say("{file}, {who}, measurement no. {numbers}", file=file, who=column, numbers=numbers)
