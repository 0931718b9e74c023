"""Measurements in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.intake import rows
from htkeval.measurement import Batch
from htkeval.steps.baseline import hold_back
from htkeval.steps.case import Case
from htkeval.store.store import Added
from htkeval.text import Text, say


def add_files(
    case: Case, paths: tuple[Path, ...], *, actor: Actor, now: datetime
) -> tuple[Added, ...]:
    """Validate every row of every sheet, then store a batch for each sheet.

    Raises:
        SheetError: A sheet has bad rows; nothing was stored of any of them.
        StateError: Some are simulated and others real, here or in the trial; or the tool is taken
            into use before the planned baseline is in. Nothing was stored.
    """
    batches = [rows.read(case.trial, path) for path in paths]
    for each in batches:
        if each.simulated != batches[0].simulated:
            raise _mixed(each.name, simulated=each.simulated)
    hold_back(case, tuple(batches))
    return tuple(
        _keep(case, each, actor=actor, now=now, simulated=each.simulated) for each in batches
    )


def add(case: Case, batch: Batch, *, actor: Actor, now: datetime, simulated: bool) -> Added:
    """Store a batch. Real and simulated measurements never stand in one trial.

    Raises:
        StateError: The trial already holds measurements of the other sort, or the planned baseline
            is not in.
    """
    hold_back(case, (batch,))
    return _keep(case, batch, actor=actor, now=now, simulated=simulated)


def _keep(case: Case, batch: Batch, *, actor: Actor, now: datetime, simulated: bool) -> Added:
    has_some = case.store.latest(case.file.id, "batch") is not None
    if has_some and case.store.is_simulated(case.file.id) != simulated:
        raise _mixed(say("trial {name}", name=case.file.id), simulated=not simulated)
    design = case.trial.design
    return case.store.add_batch(
        batch,
        actor=actor,
        now=now,
        simulated=simulated,
        participant=design.participant,
        day=design.date,
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
