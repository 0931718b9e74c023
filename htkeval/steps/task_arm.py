"""In which arm is a task to be done, and may anybody choose it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from htkeval.allocation_list import AllocationList
from htkeval.steps.against_lots import lot_of
from htkeval.steps.case import Case
from htkeval.text import Text, say
from htkeval.trial import ARMS, Arm, Trial

TO_DRAW = say("The lot is drawn when you say which task it is.")
NOT_DRAWN = say("It is not on the list of the draw: ask whoever leads the trial.")
NO_PERIOD = say("Choose the period: it says how the task is done.")


@dataclass(frozen=True)
class TaskArm:
    """What is known of a task's arm."""

    arm: Arm | None
    """The arm; None while it is not known."""
    chosen: bool = False
    """Whether whoever does the task says which arm it is; never where lots are drawn."""
    to_draw: bool = False
    """Whether a lot can be drawn for it now."""
    why: Text | None = None
    """Why it is not known."""


def task_arm(case: Case, keys: Mapping[str, str]) -> TaskArm:
    """In which arm is this task to be done?

    Args:
        case: The trial.
        keys: By the sheet's own column: participant, task, team, period, as far as they are known.
    """
    trial, listed = case.trial, case.store.allocated(case.file.id)
    if listed is None:
        return _undrawn(case, trial)
    unit = tuple(keys.get(name, "") for name in listed.columns)
    pattern = _drawn(listed, unit)
    if pattern is None:
        if trial.design.one_by_one and all(unit):
            return TaskArm(None, to_draw=True, why=TO_DRAW)
        return TaskArm(None, why=NOT_DRAWN if all(unit) else TO_DRAW)
    lot = lot_of(trial, pattern, keys)
    return TaskArm(None, why=NO_PERIOD) if lot is None else TaskArm(ARMS[lot])


def _drawn(listed: AllocationList, unit: tuple[str, ...]) -> tuple[int, ...] | None:
    """What a unit drew, the first time that it stands on the list; None where it does not."""
    for names, one in zip(listed.named(), listed.drawn, strict=True):
        if names == unit:
            return listed.patterns[one]
    return None


def _undrawn(case: Case, trial: Trial) -> TaskArm:
    """Before there are lots: work without the tool where the plan has it measured first."""
    design, measured = trial.design, case.store.latest(trial.id, "batch") is not None
    if design.randomised and design.baseline_tasks is not None:
        return TaskArm("baseline")
    if design.one_by_one and case.registration is not None and not measured:
        return TaskArm(None, to_draw=True, why=TO_DRAW)
    return TaskArm(None, chosen=True)
