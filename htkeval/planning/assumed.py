"""What a plan takes to be true of the work, and what each number rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from htkeval.stats.power.assumptions import (
    AUTOCORRELATION,
    ICC_OF_PEOPLE,
    ICC_OF_TEAMS,
    LOG_SD,
    REACTION_SD,
    Taken,
)
from htkeval.text import Text, say
from htkeval.trial import BY_TEAM, Trial

MINUTES = 30.0
"""Minutes a task, where nothing was measured; the effect in per cent does not depend on it."""
EVEN_CHANCE = 0.5
"""A yes-or-no's mean, where nothing was measured: what takes most tasks."""


@dataclass(frozen=True)
class Number:
    """A number, and what it rests on."""

    value: float
    """The number."""
    source: Text
    """What it rests on, for a person."""


@dataclass(frozen=True)
class Assumed:
    """The work as it is taken to be, before the tool."""

    mean: Number
    """Arithmetic mean of the primary metric, in its unit; for `binary` and `share` a chance."""
    log_sd: Number
    """SD of a task's natural logarithm, differences between people or teams included."""
    icc: Number
    """Share of that variance between people, or between teams where teams have the tool."""
    autocorrelation: Number
    """How much of a team's own level it keeps from one period to another."""
    reaction_sd: Number
    """SD between them of what the tool does, in log units."""
    tasks_each_cv: float = 0.0
    """How unlike people or teams are in the number of tasks: SD over mean."""

    @property
    def within_sd(self) -> float:
        """SD of the logarithms of one person's, or one team's, tasks."""
        return self.log_sd.value * math.sqrt(1 - self.icc.value)


ASSUMED = say("Assumed: nothing was measured.")
TYPED = say("Stated by whoever asks.")


def assume(
    trial: Trial,
    *,
    mean: float | None = None,
    log_sd: float | None = None,
    icc: float | None = None,
    reaction_sd: float | None = None,
    tasks_each_cv: float = 0.0,
    measured: Assumed | None = None,
) -> Assumed:
    """What is stated counts before what was measured, and that before what others have seen.

    Args:
        trial: Says what kind the primary metric is.
        mean: Stated mean without the tool.
        log_sd: Stated log-SD.
        icc: Stated intraclass correlation.
        reaction_sd: Stated spread of the effect.
        tasks_each_cv: How unlike people or teams are in the number of tasks.
        measured: What baseline measurements say; None: what others have seen.
    """
    stated = {"mean": mean, "log_sd": log_sd, "icc": icc, "reaction_sd": reaction_sd}
    known = measured or usual(trial)
    found = {
        name: Number(value, TYPED) if value is not None else getattr(known, name)
        for name, value in stated.items()
    }
    return replace(known, **found, tasks_each_cv=tasks_each_cv)


def usual(trial: Trial) -> Assumed:
    """What others have seen, and what is assumed where nobody has."""
    minutes, teams = trial.primary.kind == "duration", trial.design.kind in BY_TEAM
    series = trial.design.kind == "interrupted_time_series"
    icc = ICC_OF_TEAMS if teams else ICC_OF_PEOPLE
    return Assumed(
        mean=Number(MINUTES if minutes else EVEN_CHANCE, ASSUMED),
        log_sd=_taken(LOG_SD) if minutes else Number(1.0, ASSUMED),
        icc=Number(0.0, ASSUMED) if series else _taken(icc),
        autocorrelation=_taken(AUTOCORRELATION),
        reaction_sd=_taken(REACTION_SD) if minutes and not series else Number(0.0, ASSUMED),
    )


def _taken(one: Taken) -> Number:
    return Number(one.expected, one.source)
