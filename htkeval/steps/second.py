"""A random tenth of the tasks is timed by a second observer, and how far the two agree.

The second times stand in events of the kind `query` with the action `second`, beside the first time
as it stood then. They are no measurements: no snapshot and no effect has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Taken:
    """What became of a second observer's sheet."""

    event: Event | None
    """The event that keeps its times; None where all of them are here already."""
    stored: int
    """Times that were stored, the revised ones too."""
    here: int
    """Times that were here already, as the sheet says them."""
    revised: int
    """Times that took the place of another one."""


def take(case: Case, file: Path, *, why: str | None = None, actor: Actor, now: datetime) -> Taken:
    """Store a second observer's times, all or none; what is here already is not stored again.

    Args:
        case: The trial.
        file: The sheet.
        why: Why times that are here already are others now; they stay in the record.
        actor: Who delivers it.
        now: When, in UTC.

    Raises:
        StateError: Nothing is registered, no time is in the sheet, rows changed meanwhile, or a row
            has another second time already and nobody says why.
        SheetError: As `read_second` says.
    """
    known = case.store.newest(case.file.id, "query", "correction", "exclusion", "erasure")
    rows = {row.id: row for row in kept_rows(case)}
    drawn = {one.row: one.keys for one in asked(case) if one.row is not None}
    found = read_second(case.trial, file, drawn=drawn)
    if not found:
        place, expected = say("file {file}", file=file.name), say("at least one time")
        raise StateError(Problem(place, say("no time of a second observer"), expected))
    before = _newest(case)
    new = {row: s for row, s in sorted(found.items()) if row not in before or before[row][1] != s}
    revised = [row for row in new if row in before]
    if why is None and revised:
        raise StateError([_another(file.name, row, new[row], before[row][1]) for row in revised])
    event = None
    if new:
        # a first time that was put right since does not come into a pair by the second's revision
        first = {
            row: before[row][0] if row in before else _first(case.trial, rows[row]) for row in new
        }
        seconds = [{"row": row, "first": first[row], "second": new[row]} for row in new]
        payload = {"action": "second", "seconds": seconds} | ({"why": why} if revised else {})
        event = case.store.append(case.file.id, "query", payload, actor=actor, now=now, known=known)
    here = len(found) - len(new)
    return Taken(event=event, stored=len(new), here=here, revised=len(revised))


def _another(file: str, row: int, found: float, before: float) -> Problem:
    return Problem(
        say("{file}, row {row}", file=file, row=row),
        say("the second time {found:#,##0.####}", found=found),
        say("{before:#,##0.####}, which was delivered already", before=before),
        say("Was the first a slip, say so: --why TEXT stores the new one beside it."),
    )


def agreed(case: Case) -> Agreement | Text:
    """How far the two observers agree; of each row the newest second time counts.

    Rows that were left out, or of people who were forgotten, do not count. Of fewer than five
    people nothing is told: it would say how one of them takes time.
    """
    from htkeval.evaluation.second import agreement

    counting = {row.id: row for row in kept_rows(case) if row.counts}
    told = {row: its for row, its in _told(case).items() if row in counting and min(its[-1]) > 0}
    whose = {counting[row].keys.get(case.trial.design.participant or "") for row in told}
    if small(len(whose - {None})):
        return say(
            "How far two observers agree is told when both have timed tasks of at least {fewest} "
            "participants.",
            fewest=FEWEST,
        )
    revised = sum(len({second for _, second in its}) > 1 for its in told.values())
    return agreement([its[-1] for its in told.values()], revised=revised)


def _newest(case: Case) -> dict[int, tuple[float, float]]:
    """By row: first and second time."""
    return {row: its[-1] for row, its in _told(case).items()}


def _told(case: Case) -> dict[int, list[tuple[float, float]]]:
    """By row: first and second time, as often as they were delivered."""
    found: dict[int, list[tuple[float, float]]] = {}
    for event in case.store.events(case.file.id, "query"):
        for one in event.payload.get("seconds", ()):
            found.setdefault(one["row"], []).append((one["first"], one["second"]))
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
