"""What a plan could see, told at once: its floors and its formula, without an invented trial."""

from __future__ import annotations

import math
from typing import Any

from htkeval.evaluation.estimating import main_scale
from htkeval.outlook import Chance, Glance, Point, Size
from htkeval.planning.closed_form import as_one_look, closed_form, planned, seen
from htkeval.planning.floors import floor
from htkeval.planning.outlook import Question, spoken
from htkeval.planning.size import needed_tasks, needed_units
from htkeval.stats.power import Planned, detectable

STEPS = 40
"""Points of the curve beside nought: it is drawn as a line."""
FARTHEST = 0.9
"""The largest change that is drawn."""


CHECKED = 300
"""Invented trials for somebody who waits at a screen."""
CHECKED_DRAWS = 99
"""Re-randomisations in each."""


def glance(question: Question) -> Glance:
    """What does the draw allow, and what does the formula expect?

    Args:
        question: The plan; how many trials to invent does not matter here.

    Returns:
        The floors alone where no measurement could answer, or where no formula fits.

    Source: `closed_form`, which the simulation is held against; where the two part, the
    simulation counts.
    """
    trial = question.trial
    reach = floor(trial, units=question.units, tasks_each=question.tasks_each)
    told = Glance(
        trial=trial.id,
        scale=main_scale(trial),
        units=question.units,
        tasks_each=question.tasks_each,
        reach=spoken(reach),
        goal=trial.primary.worthwhile,
        wanted=question.policy.power,
    )
    if reach.refusals:
        return told
    found = planned(trial, question.assumed, units=question.units, tasks_each=question.tasks_each)
    if not isinstance(found, Planned) or not question.by_shift:
        return told
    return told.model_copy(update=_figures(question, found))


def _figures(question: Question, expected: Planned) -> dict[str, Any]:
    goal, wanted = question.trial.primary.worthwhile, question.policy.power
    level = question.trial.analysis.level
    at_end = as_one_look(question.trial, wanted)
    log = question.sign * detectable(at_end, expected, level=level, sides="own")
    found: dict[str, Any] = {"detectable": math.expm1(log)}
    widest = max(abs(found["detectable"]), abs(goal or 0.0))
    last = question.sign * min(2 * widest, FARTHEST)
    effects = [last * step / STEPS for step in range(STEPS + 1)]
    found["curve"] = tuple(
        Point(effect=one, power=_power(question, expected, one)) for one in effects
    )
    if goal:
        found["power"] = Chance(value=_power(question, expected, goal), error=0.0)
        if found["power"].value < wanted:
            found |= _sizes(question, goal)
    return found


def _power(question: Question, expected: Planned, effect: float) -> float:
    """Chance to see an effect; a curve on log minutes has one variance for all its points."""
    if main_scale(question.trial) == "ratio":
        return seen(question.trial, question.assumed, expected, effect=effect)
    return (
        closed_form(
            question.trial,
            question.assumed,
            units=question.units,
            tasks_each=question.tasks_each,
            effect=effect,
        )
        or 0.0
    )


def _sizes(question: Question, goal: float) -> dict[str, bool | Size | None]:
    trial, n, k, wanted = question.trial, question.units, question.tasks_each, question.policy.power

    def formula(units: int, tasks_each: float) -> float | None:
        return closed_form(trial, question.assumed, units=units, tasks_each=tasks_each, effect=goal)

    def power(units: int, tasks_each: float) -> Chance:
        return Chance(value=formula(units, tasks_each) or 0.0, error=0.0)

    return {
        "sized": True,
        "needed_units": needed_units(trial, n, k, wanted=wanted, power=power, formula=formula),
        "needed_tasks": needed_tasks(trial, n, k, wanted=wanted, power=power, formula=formula),
    }
