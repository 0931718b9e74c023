"""When the looks of a plan come in its invented trials, and what counts as found at each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval.design.draws import Drawn, draw
from htkeval.design.outcomes import period
from htkeval.design.scenario import Scenario
from htkeval.evaluation.model import BY_PERIOD
from htkeval.evaluation.sight import limits_of
from htkeval.looks import Information
from htkeval.planning.information import adds, fraction
from htkeval.stats.answer import Absence
from htkeval.trial import BY_TEAM, Trial

HALVINGS = 16
"""After so many a look stands within less than a task of where it is planned."""


@dataclass(frozen=True)
class Stage:
    """One look at an invented trial."""

    look: int
    """Its number in the plan, from 1."""
    until: float
    """Share of the trial's time that has passed; what is done by then is in."""
    level: float
    """Confidence level of the interval that is looked at."""


def drawn_as_planned(trial: Trial) -> Trial:
    """The trial as the simulator takes it: it draws arms also where nobody else does."""
    design = trial.design.model_copy(update={"randomised": True})
    return trial.model_copy(update={"design": design})


def schedule(
    trial: Trial, scenario: Scenario, planned: Information | None, *, seed: int
) -> tuple[Stage, ...]:
    """When is looked, and how sure must one be there?

    Args:
        trial: The plan, bare.
        scenario: What is true; says who does how many tasks when.
        planned: What the plan is to know at its end; None where it is looked at once.
        seed: Of one trial, whose calendar stands for all of them.

    Returns:
        A stage for each look that can find anything, the last at the end. A look comes when its
        share of the planned information is in, and its limit is that of the share that came.
    """
    at_once = Stage(1, 1.0, trial.analysis.level)
    if planned is None:
        return (at_once,)
    drawn = draw(drawn_as_planned(trial), scenario, np.random.default_rng(seed), trials=1)
    places: list[tuple[int, float]] = []
    came: list[float] = []
    for look, share in enumerate(trial.analysis.looks[:-1], start=1):
        until = _when(trial, scenario, planned, drawn, share)
        known = _known(trial, scenario, planned, drawn, until)
        if known and (not came or adds(came[-1], known)) and adds(known, 1.0):
            places.append((look, until))
            came.append(known)
    found = limits_of(trial, (*came, 1.0), of=len(came) + 1, final=True)
    if isinstance(found, Absence):
        return (at_once,)
    told = zip((*places, (len(trial.analysis.looks), 1.0)), found.looks, strict=True)
    return tuple(Stage(*place, 1 - limit.nominal) for place, limit in told if limit.nominal > 0)


def _when(
    trial: Trial, scenario: Scenario, planned: Information, drawn: Drawn, share: float
) -> float:
    """The first moment at which so much is known."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = _known(trial, scenario, planned, drawn, middle) >= share
        low, high = (low, middle) if enough else (middle, high)
    return high


def _known(
    trial: Trial, scenario: Scenario, planned: Information, drawn: Drawn, until: float
) -> float:
    """Share of the planned information in what is done by then; 0 where nothing is told yet."""
    roster = drawn.roster
    here = np.nonzero(roster.present[0] & (roster.time[0] <= until))
    cluster = roster.team[0][here[0]] if trial.design.kind in BY_TEAM else here[0]
    arm = drawn.treated[0][here].astype(np.intp)
    when = np.zeros_like(here[0])
    if trial.design.kind in BY_PERIOD:
        when = np.broadcast_to(period(trial, roster, scenario), roster.shape)[0][here]
    found = fraction(trial, planned, cluster, arm, when)
    return 0.0 if isinstance(found, Absence) else found
