"""A person or task that is here already under another spelling: its rows would count twice.

Excel makes `1` of a task `0001` and keeps it so; somebody writes `p017` for `P017`. Nothing else
sees it: two spellings are two people, and their rows are as new as any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from htkeval.errors import Problem, StateError
from htkeval.intake.spelling import Spellings, folded
from htkeval.intake.twice import written_before
from htkeval.measurement import Batch, Measurement
from htkeval.steps.case import Case
from htkeval.text import say
from htkeval.trial import Design

_LEADING = re.compile(r"(?<![0-9])0+(?=[0-9])")
Place = tuple[str | None, ...]
"""Whose task it is, in which team and period, and how an eye reads its name."""


def refuse_other_spellings(case: Case, batches: Iterable[Batch]) -> None:
    """Refuse sheets that name a person or a task otherwise than before.

    Tasks are held against those of the same person, team and period that came in before.

    Args:
        case: The trial, as it stands when it is our turn to write.
        batches: What is to be stored together.

    Raises:
        StateError: There are such names; each of them once in each sheet.
    """
    sheets = [batch for batch in batches if batch.timed is None]  # a form names what was begun
    if sheets and (problems := [*_people(case, sheets), *_tasks(case, sheets)]):
        raise StateError(problems)


def _people(case: Case, sheets: list[Batch]) -> Iterator[Problem]:
    column = case.trial.design.participant
    if column is None:
        return
    known = set(case.store.people(case.file.id))
    spelled = Spellings((name,) for name in sorted(known))
    for batch in sheets:
        for name in dict.fromkeys(row.keys.get(column) for row in batch.measurements):
            if name is None or name in known:
                continue
            if (other := spelled.other((name,))) is not None:
                yield _problem(batch, name, other)
            spelled.add((name,))


def _tasks(case: Case, sheets: list[Batch]) -> Iterator[Problem]:
    design = case.trial.design
    if design.task is None or case.store.latest(case.file.id, "batch") is None:
        return
    people = {row.keys.get(design.participant or "") for one in sheets for row in one.measurements}
    named = None if None in people else {name for name in people if name is not None}
    first: dict[Place | None, str] = {}
    known: set[tuple[Place | None, str | None]] = set()
    for row in case.store.measurements(case.file.id, people=named):
        if (place := _place(design, row)) is not None:
            known.add((place, str(row.keys[design.task])))
            first.setdefault(place, str(row.keys[design.task]))
    for batch in sheets:
        tasks = ((_place(design, row), row.keys.get(design.task)) for row in batch.measurements)
        for place, task in dict.fromkeys(tasks):
            if place in first and (place, task) not in known:
                yield _problem(batch, str(task), (first[place],))


def _place(design: Design, row: Measurement) -> Place | None:
    task = row.keys.get(design.task or "")
    if task is None:
        return None
    names = (design.participant, design.team, design.period)
    return (*(row.keys.get(name) for name in names if name), _LEADING.sub("", folded(task)))


def _problem(batch: Batch, name: str, other: tuple[str, ...]) -> Problem:
    fault = written_before(other)
    place = say("{file}, {name}", file=batch.name, name=name)
    return Problem(place, say("another spelling"), fault.expected, fault.next_step)
