"""What a plan takes to be true of the work, and what each number rests on."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.text import Text, say
from htkeval.trial import Trial

LOG_SD = 0.6
"""Log-SD of the minutes of one person's tasks: the middle of 0.55 (Echoes of AI, raw) and 0.64
(METR, after a covariate)."""
ICC = 0.1
"""Intraclass correlation, where nothing was measured; the calibration's own."""
REACTION = 0.1
"""SD between people or teams of the effect, in log units, where nothing was measured."""
MINUTES = 30.0
"""Minutes a task, where nothing was measured; the effect in per cent does not depend on it."""
LAST = 8
"""Tasks a participant or team, where a plan does not say."""


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
    """Residual SD of the natural logarithm of one person's or team's tasks."""
    icc: Number
    """Share of the log variance between people, or between teams where teams have the tool."""
    reaction_sd: Number
    """SD between them of what the tool does, in log units."""
    tasks_each_cv: float = 0.0
    """How unlike people or teams are in the number of tasks: SD over mean."""


ASSUMED = say("assumed: nothing was measured")
PUBLISHED = say("published trials of AI at work: 0.55 to 0.64")
TYPED = say("stated in the call")


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
        measured: What baseline measurements say.
    """
    minutes = trial.primary.kind == "duration"
    default = {
        "mean": Number(MINUTES if minutes else 0.5, ASSUMED),
        "log_sd": Number(LOG_SD, PUBLISHED if minutes else ASSUMED),
        "icc": Number(ICC, ASSUMED),
        "reaction_sd": Number(REACTION if minutes else 0.0, ASSUMED),
    }
    stated = {"mean": mean, "log_sd": log_sd, "icc": icc, "reaction_sd": reaction_sd}
    found = {
        name: Number(value, TYPED)
        if value is not None
        else getattr(measured, name)
        if measured is not None
        else default[name]
        for name, value in stated.items()
    }
    return Assumed(**found, tasks_each_cv=tasks_each_cv)
