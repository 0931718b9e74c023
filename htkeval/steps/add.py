"""Measurements in."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from htkeval.allocation_list import AllocationList
from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.intake import rows
from htkeval.measurement import Batch
from htkeval.steps.against_lots import against_lots
from htkeval.steps.baseline import hold_back
from htkeval.steps.case import Case, Still
from htkeval.steps.delivered import new_rows
from htkeval.steps.forgotten import refuse_forgotten
from htkeval.steps.spelled import refuse_otherwise
from htkeval.steps.withdrawn import refuse_rows
from htkeval.store.batches import Coming
from htkeval.store.store import Added, Store
from htkeval.text import Text, say
from htkeval.timing import Timing
from htkeval.trial import Trial


class Brought(NamedTuple):
    """What is to be stored together, of one sort."""

    batches: tuple[Batch, ...]
    """The deliveries."""
    closing: Timing | None = None
    """The timed task that the one row of them comes of; it is saved with it."""


def add_files(
    case: Case,
    paths: tuple[Path, ...],
    *,
    actor: Actor,
    now: datetime,
    practice: bool = False,
    names: frozenset[str] = frozenset(),
) -> tuple[Added, ...]:
    """Validate every row of every sheet, then store a batch for each sheet, or none.

    Args:
        case: The trial.
        paths: The sheets.
        actor: Who delivers.
        now: When, in UTC.
        practice: Whether a trial that is registered for real may become a simulated one.
        names: Words of names that no cell may hold (`intake.names`).

    Raises:
        Locked: The trial's measurements are final.
        SheetError: A sheet has bad rows; nothing was stored of any of them.
        StateError: Some are simulated and others real, here or in the trial; or the tool is taken
            into use before the planned baseline is in; or a row is of somebody who withdrew before
            it was done, or was one of somebody who was forgotten, or is written otherwise than
            before. Nothing was stored.
    """
    case.store.refuse_locked(case.file.id)  # before a large sheet is read; asked again inside
    with _collecting_nothing():
        batches = tuple(rows.read(case.trial, path, names=names) for path in paths)
        of_one_sort(batches)
        brings = Brought(batches)
        return _keep(case, lambda _: brings, actor=actor, now=now, practice=practice)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Of a million rows that come in none is garbage; looking for it takes a sixth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def of_one_sort(batches: tuple[Batch, ...]) -> bool:
    """Whether all batches are simulated; raises `StateError` where some are and others not."""
    simulated = batches[0].simulated
    for each in batches:
        if each.simulated != simulated:
            raise _mixed(each.name, simulated=each.simulated)
    return simulated


def may_come_in(case: Case, batches: tuple[Batch, ...], *, simulated: bool, practice: bool) -> None:
    """Raises `StateError` where the trial, as it stands, takes no such batches, or is locked."""
    case.store.refuse_locked(case.file.id)
    _refuse_other_sort(case, simulated=simulated, practice=practice)
    refuse_otherwise(case, batches)
    refuse_rows(case, batches)
    refuse_forgotten(case, batches)
    hold_back(case, batches)


def add(
    case: Case,
    batch: Batch,
    *,
    actor: Actor,
    now: datetime,
    simulated: bool,
    practice: bool = False,
) -> Added:
    """Store a batch. Real and simulated measurements never stand in one trial.

    Args:
        case: The trial.
        batch: The rows.
        actor: Who delivers.
        now: When, in UTC.
        simulated: Whether they are invented.
        practice: As for `add_files`.

    Raises:
        StateError: The trial already holds measurements of the other sort, or was registered for
            real and `practice` is not said; or the planned baseline is not in.
    """
    marked = batch.model_copy(update={"simulated": simulated})
    brings = Brought((marked,))
    (added,) = _keep(case, lambda _: brings, actor=actor, now=now, practice=practice)
    return added


def add_timed(
    case: Case, make: Callable[[Still], Brought], *, actor: Actor, now: datetime
) -> Added:
    """Store the one row of a form, and with it that its task is saved.

    Args:
        case: The trial.
        make: The row, made when it is our turn to write of what stands then.
        actor: Who saves it.
        now: When, in UTC.

    Raises:
        StateError: As for `add`.
    """
    (added,) = _keep(case, make, actor=actor, now=now, practice=False)
    return added


def _keep(
    case: Case,
    bring: Callable[[Still], Brought],
    *,
    actor: Actor,
    now: datetime,
    practice: bool,
) -> tuple[Added, ...]:
    """Asked when it is our turn to write, so that nobody adds between the question and the rows."""
    trial: Trial
    batches: tuple[Batch, ...]
    listed: AllocationList | None = None

    def choose(inside: Store) -> Iterator[Coming]:
        nonlocal trial, batches, listed
        then = Still(store=inside, blobs=case.blobs, file=case.file, names=case.names)
        trial, (batches, closing) = then.trial, bring(then)
        may_come_in(then, batches, simulated=batches[0].simulated, practice=practice)
        if closing is None:  # a task that is timed was begun in the arm that it drew
            listed = inside.allocated(trial.id)
        design, new = trial.design, new_rows(then, batches, closing=closing)
        for whole, some in zip(batches, new, strict=True):
            yield Coming(whole, some, design.participant, design.date, closing)

    stored = case.store.add_batches(case.file.id, choose, actor=actor, now=now)
    return tuple(
        added
        if added.duplicate
        else added.model_copy(
            update={"remarks": remarks(trial, listed, batch, otherwise=added.otherwise)}
        )
        for batch, added in zip(batches, stored, strict=True)
    )


def remarks(
    trial: Trial, listed: AllocationList | None, batch: Batch, *, otherwise: int
) -> tuple[Text, ...]:
    """What a person should look at in a delivery.

    Args:
        trial: The definition.
        listed: All that was drawn; None: nothing.
        batch: The delivery.
        otherwise: How many rows tell otherwise of a task that is here already.
    """
    macros = say(
        "{file} is a workbook with macros: none was run and none is kept; only values were read",
        file=batch.name,
    )
    twice = say(
        "{n:#,##0} rows tell otherwise of a task that is here already; both count until somebody "
        "says which is right",
        n=otherwise,
    )
    return (
        *((macros,) if batch.name.lower().endswith(".xlsm") else ()),
        *((twice,) if otherwise else ()),
        *against_lots(trial, listed, batch.measurements),
    )


def _refuse_other_sort(case: Case, *, simulated: bool, practice: bool) -> None:
    marked = case.store.is_simulated(case.file.id)
    if case.store.has(case.file.id, "batch") and marked != simulated:
        raise _mixed(say("trial {name}", name=case.file.id), simulated=not simulated)
    if simulated and not marked and not practice and case.registration is not None:
        raise _for_real(case)


def _for_real(case: Case) -> StateError:
    """Invented rows in a trial that people were promised: no real sheet could ever come in."""
    name = case.file.id
    drawn = case.store.has(name, "allocation")
    return StateError(
        Problem(
            say("trial {name}", name=name),
            say("simulated measurements for a trial that is registered, with lots drawn")
            if drawn
            else say("simulated measurements for a trial that is registered"),
            say("real measurements: with simulated ones it could never take a real sheet again"),
            say(
                "To practise: htkeval analyse {name} --data FILE, or another workspace. To make "
                "this trial a simulated one for good, say --simulated.",
                name=name,
            ),
        )
    )


def _mixed(place: Text | str, *, simulated: bool) -> StateError:
    """What is told of a place whose measurements are of the other sort."""
    return StateError(
        Problem(
            place,
            say("simulated measurements") if simulated else say("real measurements"),
            say("a trial with measurements of one sort only"),
            say("Use another workspace: the two are never mixed."),
        )
    )
