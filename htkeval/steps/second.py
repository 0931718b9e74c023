"""A random tenth of the tasks is timed by a second observer, and how far the two agree.

The second times stand in events of the kind `query` with the action `second`, beside the first time
as it stood then. They are no measurements: no snapshot and no effect has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.intake.second import read_second
from htkeval.kept_row import KeptRow
from htkeval.second import Agreement, Timed
from htkeval.small_cells import FEWEST, small
from htkeval.steps.case import Case
from htkeval.steps.queries import kept_rows
from htkeval.text import Text, say
from htkeval.trial import Trial

SHARE = 0.1
"""The part of all tasks that is timed twice."""
MOST_TO_COME = 1000
"""Tasks to come that are listed."""


def asked(case: Case) -> tuple[Timed, ...]:
    """Every task that two observers are to time: those that are measured, then those to come.

    Each task is drawn by itself from the registration's fingerprint and its own name, so the draw
    is the same whoever makes it and whenever, and nobody can choose. Where tasks have no names,
    the row's number is drawn.

    Raises:
        StateError: Nothing is registered; or the trial is not decided on a time.
    """
    seed, trial = _seed(case), case.trial
    seconds = _newest(case)
    measured = [row for row in kept_rows(case) if row.counts and _first(trial, row) is not None]
    found = [
        Timed(row=row.id, keys=_keys(trial, row), second=row.id in seconds)
        for row in measured
        if _drawn(seed, _name(trial, row))
    ]
    return (*found, *_to_come(case, seed))


def take(case: Case, file: Path, *, actor: Actor, now: datetime) -> tuple[Event, int]:
    """Store a second observer's times, all or none.

    Args:
        case: The trial.
        file: The sheet.
        actor: Who delivers it.
        now: When, in UTC.

    Returns:
        The event, and how many times it holds.

    Raises:
        StateError: Nothing is registered, no time is in the sheet, or rows changed meanwhile.
        SheetError: As `read_second` says.
    """
    known = case.store.newest(case.file.id, "query", "correction", "exclusion", "erasure")
    rows = {row.id: row for row in kept_rows(case)}
    drawn = {one.row: one.keys for one in asked(case) if one.row is not None}
    found = read_second(case.trial, file, drawn=drawn)
    if not found:
        place, expected = say("file {file}", file=file.name), say("at least one time")
        raise StateError(Problem(place, say("no time of a second observer"), expected))
    seconds = [
        {"row": row, "first": _first(case.trial, rows[row]), "second": second}
        for row, second in sorted(found.items())
    ]
    payload = {"action": "second", "seconds": seconds}
    event = case.store.append(case.file.id, "query", payload, actor=actor, now=now, known=known)
    return event, len(seconds)


def agreed(case: Case) -> Agreement | Text:
    """How far the two observers agree; of each row the newest second time counts.

    Rows that were left out, or of people who were forgotten, do not count. Of fewer than five
    people nothing is told: it would say how one of them takes time.
    """
    from htkeval.evaluation.second import agreement

    counting = {row.id: row for row in kept_rows(case) if row.counts}
    newest = _newest(case)
    pairs = {row: pair for row, pair in newest.items() if row in counting and min(pair) > 0}
    whose = {counting[row].keys.get(case.trial.design.participant or "") for row in pairs}
    if small(len(whose - {None})):
        return say(
            "How far two observers agree is told when both have timed tasks of at least {fewest} "
            "participants.",
            fewest=FEWEST,
        )
    return agreement(list(pairs.values()))


def _newest(case: Case) -> dict[int, tuple[float, float]]:
    """By row: first and second time."""
    found: dict[int, tuple[float, float]] = {}
    for event in case.store.events(case.file.id, "query"):
        for one in event.payload.get("seconds", ()):
            found[one["row"]] = (one["first"], one["second"])
    return found


def _seed(case: Case) -> str:
    promise, place = case.registration, say("trial {name}", name=case.file.id)
    if case.trial.primary.kind != "duration" or not case.trial.primary.parts:
        found = say("a trial that is not decided on a time")
        raise StateError(Problem(place, found, say("a main measure of time")))
    if promise is None:
        step = say("Register it first: htkeval register {name}.", name=case.file.id)
        found = say("no registration to draw from")
        raise StateError(Problem(place, found, say("a registered trial"), step))
    return str(promise.payload["fingerprint"])


def _drawn(seed: str, name: Sequence[str]) -> bool:
    """Whether a task is one of the tenth: the first 52 bits of a hash as a number below 1."""
    told = "\x1f".join([seed, "second", *name])
    return int(sha256(told.encode()).hexdigest()[:13], 16) / 16**13 < SHARE


def _name(trial: Trial, row: KeptRow) -> list[str]:
    """What a task is known by before it is done."""
    design = trial.design
    if design.task is None or row.keys.get(design.task) is None:
        return ["row", str(row.id)]
    return [row.keys.get(name) or "" for name in (design.participant, design.task) if name]


def _keys(trial: Trial, row: KeptRow) -> dict[str, str | None]:
    design = trial.design
    names = (design.participant, design.team, design.task, design.period, design.date)
    return {name: row.keys.get(name) for name in names if name}


def _first(trial: Trial, row: KeptRow) -> float | None:
    """The first observer's time, the sum of its parts."""
    cells = [row.values.get(name) for name in trial.primary.parts]
    told = [float(cell) for cell in cells if isinstance(cell, int | float)]
    return sum(told) if len(told) == len(cells) else None


def _to_come(case: Case, seed: str) -> list[Timed]:
    """Tasks on the list of the lots that nobody has measured yet."""
    listed, trial = case.store.allocated(case.file.id), case.trial
    wanted = (trial.design.participant, trial.design.task)
    if listed is None or None in wanted or listed.columns != wanted:
        return []
    seen = {tuple(row.keys.get(name) for name in listed.columns) for row in kept_rows(case)}
    coming = [unit for unit in listed.named() if unit not in seen and _drawn(seed, unit)]
    return [
        Timed(row=None, keys=dict(zip(listed.columns, unit, strict=True)), second=False)
        for unit in coming[:MOST_TO_COME]
    ]
