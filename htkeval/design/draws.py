"""Draws many trials at once as arrays: the core of the simulator, for power and calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval.design import allocation
from htkeval.design.allocation import Bools, Floats, Ints
from htkeval.design.fit import refuse_misfit
from htkeval.design.outcomes import measure
from htkeval.design.roster import Roster, draw_roster
from htkeval.design.scenario import Scenario
from htkeval.trial import Trial


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
    values: dict[str, Floats]
    """By the sheet's own column: what was measured; NaN where the cell is empty."""


def draw(trial: Trial, scenario: Scenario, rng: np.random.Generator, *, trials: int = 1) -> Drawn:
    """What would so many trials of this design measure?

    Args:
        trial: The design and the metrics: `within`, `parallel` or `cluster`, randomised.
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
    treated = _assign(trial, scenario, roster, rng)
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
    return Drawn(roster=roster, treated=treated, tool=tool, refused=refused, values=values)


def _assign(trial: Trial, scenario: Scenario, roster: Roster, rng: np.random.Generator) -> Bools:
    """Draw the assigned units' lots, and give each task that of its unit."""
    trials, people, _ = roster.shape
    if trial.design.kind == "within":
        strata = np.broadcast_to(_stratum(trial, scenario, roster), roster.shape)
        apart = strata + np.arange(people)[None, :, None] * (int(strata.max()) + 1)
        groups = np.where(roster.planned, apart, allocation.ABSENT).reshape(trials, -1)
        return _lots(trial, groups, rng).reshape(roster.shape)
    strata = np.broadcast_to(_stratum(trial, scenario, roster), (trials, people, 1))[:, :, 0]
    if trial.design.kind == "parallel":
        lots = _lots(trial, strata, rng)
    else:
        row = np.arange(trials)[:, None]
        groups = np.zeros((trials, roster.teams), dtype=np.int64)
        groups[row, roster.team] = strata
        lots = _lots(trial, groups, rng)[row, roster.team]
    return np.asarray(lots[:, :, None] & roster.planned)


def _stratum(trial: Trial, scenario: Scenario, roster: Roster) -> Ints:
    """The combination of strata, as a number from 0."""
    number = np.zeros((1, 1, 1), dtype=np.int64)
    for name in trial.design.strata:
        number = number * len(scenario.groups[name].shares) + roster.groups[name]
    return number


def _lots(trial: Trial, groups: Ints, rng: np.random.Generator) -> Bools:
    design = trial.design
    if design.allocation == "bernoulli":
        lots = allocation.bernoulli(groups.shape, ratio=design.ratio, rng=rng)
        return np.asarray(lots & (groups != allocation.ABSENT))
    if design.allocation == "blocks":
        assert design.block  # the trial's own validator saw to it
        return allocation.blocks(groups, size=design.block, ratio=design.ratio, rng=rng)
    return allocation.complete(groups, ratio=design.ratio, rng=rng)
