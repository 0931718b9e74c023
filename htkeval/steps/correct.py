"""A row put right or left out: the old one stays, with who changed what, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.intake.free_text import refuse, refuse_listed
from htkeval.intake.one_row import corrected
from htkeval.kept_row import KeptRow
from htkeval.measurement import Measurement
from htkeval.steps.case import Case
from htkeval.steps.deviate import measured
from htkeval.steps.drawn import drawn_column
from htkeval.steps.spelled import refuse_renamed
from htkeval.steps.withdrawn import refuse_moved
from htkeval.store.lines import Line
from htkeval.store.store import Store
from htkeval.text import say
from htkeval.trial import Trial

_MOST_NAMED = 10


@dataclass(frozen=True)
class Which:
    """What names a row: its number, or the keys that it has."""

    row: int | None = None
    """Its number, as `htkeval rows` shows it."""
    participant: str | None = None
    """The participant's pseudonym."""
    task: str | None = None
    """The task."""
    period: str | None = None
    """The period."""

    def keys(self, trial: Trial) -> dict[str, str]:
        """By column: what a row must say.

        Raises:
            Refused: A key that the plan has no column for.
        """
        design = trial.design
        wanted = {}
        for option, column, value in (
            ("--participant", design.participant, self.participant),
            ("--task", design.task, self.task),
            ("--period", design.period, self.period),
        ):
            if value is not None and column is None:
                found = say("a key that the plan has no column for")
                raise Refused(Problem(option, found, say("another key, or --row")))
            if value is not None and column is not None:
                wanted[column] = value
        return wanted

    def fits(self, row: KeptRow, keys: Mapping[str, str]) -> bool:
        """Whether a row is meant."""
        numbered = self.row is None or row.id == self.row
        return numbered and all(row.keys.get(name) == value for name, value in keys.items())


def kept_rows(case: Case, which: Which) -> tuple[Line, ...]:
    """Every row that is meant, as it stands, with its history."""
    trial = case.trial
    keys = which.keys(trial)
    every = case.store.lines(trial.id, arm=trial.design.arm)
    return tuple(line for line in every if which.fits(line.row, keys))


def correct(
    case: Case,
    which: Which,
    settings: Mapping[str, str],
    *,
    why: str,
    actor: Actor,
    now: datetime,
) -> Event:
    """Put values of one row right; snapshots and analyses from now on see the new row.

    Args:
        case: The trial.
        which: The row.
        settings: By column: the new value as it would be typed in a sheet.
        why: Why, in the actor's words.
        actor: Who does it.
        now: When, in UTC.

    Raises:
        Refused: No reason; a value that a sheet could not have; values that are there already.
        StateError: No such row or several; one that was left out; what was drawn by lot; or a row
            that is given to somebody who had withdrawn by then, or who is written otherwise.
    """
    _refuse_why(case, why)

    def make(inside: Store) -> tuple[Line, Measurement]:
        then = replace(case, store=inside)
        line = the_one(then, which)
        _refuse_lots(then, settings)
        new = corrected(then.trial, line.row.measurement, settings, listed=case.names)
        if new == line.row.measurement:
            raise Refused(
                Problem(
                    say("row {id}", id=line.row.id),
                    say("the same values already"),
                    say("a value that differs"),
                )
            )
        refuse_moved(then, line, new)
        refuse_renamed(then, line.row.measurement, new)
        return line, new

    return case.store.correct(
        case.file.id, make, design=case.trial.design, why=why.strip(), actor=actor, now=now
    )


def exclude(case: Case, row: int, *, why: str, called: str, actor: Actor, now: datetime) -> Event:
    """Leave a row out from now on; of a registered trial, that is a deviation, and told as one.

    Args:
        case: The trial.
        row: Its number.
        why: Why, in the actor's words.
        called: What the deviation is called in lists: a word of the actor's language.
        actor: Who does it.
        now: When, in UTC.

    Raises:
        Refused: No reason.
        StateError: No such row, or one that was left out already.
    """
    _refuse_why(case, why)
    told = None
    if case.registration is not None:
        told = {"what": [called], "why": why.strip(), "to": None, "seen": measured(case)}
    return case.store.exclude(
        case.file.id,
        lambda inside: the_one(replace(case, store=inside), Which(row=row)),
        told=told,
        why=why.strip(),
        actor=actor,
        now=now,
    )


def the_one(case: Case, which: Which) -> Line:
    """The row that is meant. Raises `StateError` where it is none, several, or left out."""
    found = kept_rows(case, which)
    place = say("trial {name}", name=case.file.id)
    look = say("`htkeval rows {name}` lists the rows with their numbers.", name=case.file.id)
    if not found:
        raise StateError(Problem(place, say("no such row"), say("a row of the record"), look))
    if len(found) > 1:
        ids = ", ".join(str(line.row.id) for line in found[:_MOST_NAMED])
        several = say("{n:#,##0} rows with these keys (row {ids})", n=len(found), ids=ids)
        raise StateError(Problem(place, several, say("one row; name it with --row"), look))
    if not found[0].row.counts:
        out = say("a row that was left out already")
        raise StateError(Problem(place, out, say("a row that counts"), look))
    return found[0]


def _refuse_why(case: Case, why: str) -> None:
    """It is kept for good: it says something, and names nobody."""
    if not why.strip():
        raise Refused(Problem("--why", say("nothing"), say("a few words of one's own")))
    refuse({"--why": why})
    refuse_listed({"--why": why}, case.names)


def drawn(case: Case) -> frozenset[str]:
    """The columns that a lot decided; none where none was drawn."""
    if case.store.latest(case.file.id, "allocation") is None:
        return frozenset()
    return frozenset({case.trial.design.arm, drawn_column(case.trial)})


def _refuse_lots(case: Case, settings: Mapping[str, str]) -> None:
    """What a lot gave is no slip of the pen; what was done instead has columns of its own."""
    if by_lot := drawn(case) & settings.keys():
        raise StateError(
            Problem(
                f"--set {min(by_lot)}",
                say("a column that was drawn by lot"),
                say("what the lot gave"),
                say(
                    "What was done instead stands in the column realised_arm, if the plan has one; "
                    "`htkeval deviate` tells it in words."
                ),
            )
        )
