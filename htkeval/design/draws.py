"""Draws many trials at once as arrays: the core of the simulator, for power and calibration."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from htkeval.design.allocation import Bools, Floats, Ints
from htkeval.design.assignment import assign
from htkeval.design.calendar import evenly
from htkeval.design.fit import refuse_misfit
from htkeval.design.outcomes import measure
from htkeval.design.roster import Roster, draw_roster
from htkeval.design.scenario import Scenario
from htkeval.trial import BY_CALENDAR, Trial


@dataclass(frozen=True)
class Drawn:
    """Simulated trials side by side; every array is (trials, participants, tasks)."""

    roster: Roster
    """Who does which task when; `roster.present` marks the rows that a sheet would have."""
    treated: Bools
    """Whether the task was assigned to the tool."""
    tool: Bools
    """Whether it was in fact done with it."""
    refused: Bools
    """Whether the participant would not do it as drawn."""
    given: Ints | None
    """(trials, participants) the order, start or group that each has, from 0; None where tasks
    were drawn."""
    values: dict[str, Floats]
    """By the sheet's own column: what was measured; NaN where the cell is empty."""


def draw(trial: Trial, scenario: Scenario, rng: np.random.Generator, *, trials: int = 1) -> Drawn:
    """What would so many trials of this design measure?

    Args:
        trial: The design and the metrics. Groups of people or teams are drawn.
        scenario: What is true.
        rng: Source of all that is drawn; the same state gives the same trials.
        trials: How many.

    Raises:
        Refused: The design cannot be simulated, or the scenario does not say what the trial
            measures.

    Source: log-normal task times with a random intercept and a random effect of the tool for
    each cluster, as in Hayes & Moulton 2017, chapter 7, on the log scale; a probability is
    drawn from a normal propensity, so that its stated means are marginal.
    """
    refuse_misfit(trial, scenario)
    roster = draw_roster(scenario, rng, trials=trials)
    if trial.design.kind in BY_CALENDAR:
        roster = replace(roster, time=evenly(roster.time, roster.planned))
    treated, given = assign(trial, scenario, roster, rng)
    other = roster.planned & (rng.random(roster.shape) < scenario.contamination)
    refused = roster.present & (rng.random(roster.shape) < scenario.refusals)
    tool = (treated ^ other) & roster.present & ~refused
    values = measure(trial, scenario, roster, tool, rng)
    forgotten = rng.random(roster.shape) < scenario.missing
    done = roster.present & ~refused
    seen = dict.fromkeys(trial.primary.parts, done & ~forgotten)
    known = {name: roster.present for name in (trial.primary.pre_period,) if name}
    for name in values:
        values[name] = np.where({**seen, **known}.get(name, done), values[name], np.nan)
    return Drawn(
        roster=roster, treated=treated, tool=tool, refused=refused, given=given, values=values
    )
