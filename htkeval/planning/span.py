"""What a reader may turn a plan to, and where each control stands at first."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.planning.assumed import assume
from htkeval.planning.world import PERIODS, least_tasks
from htkeval.trial import Trial

UNITS, MOST_UNITS = 12, 60
"""Participants or teams where the definition says nothing, and the most that are offered then."""
TASKS, MOST_TASKS = 8, 60
"""The same for tasks of each."""
FEWEST_UNITS = 2
MOST_ICC, MOST_LOG_SD = 0.5, 1.5
"""More than has been seen of people or teams."""


@dataclass(frozen=True)
class Span:
    """The values that one number may take."""

    values: tuple[float, ...]
    """From the least to the most."""
    start: float
    """Where it stands at first; one of them."""

    @property
    def low(self) -> float:
        """The least."""
        return self.values[0]

    @property
    def high(self) -> float:
        """The most."""
        return self.values[-1]


@dataclass(frozen=True)
class Spans:
    """What may be turned on a plan."""

    units: Span
    """Participants, or teams where teams have the tool; whole numbers."""
    tasks_each: Span
    """Tasks of each, over all periods; whole numbers."""
    icc: Span
    """How alike tasks of one person or team are."""
    log_sd: Span
    """SD of a task's natural logarithm."""


def spans(trial: Trial) -> Spans:
    """Which values may each number of a plan take?

    Args:
        trial: The plan; what it states is where a control stands at first.
    """
    assumed = assume(trial)
    units = trial.design.clusters or UNITS
    sizes = range(FEWEST_UNITS, max(MOST_UNITS, 2 * units) + 1)
    least = max(least_tasks(trial, n) for n in sizes)  # of a roll-out more teams take more periods
    usual = PERIODS if trial.design.kind == "interrupted_time_series" else TASKS
    tasks = max(least, round(trial.design.tasks_each or usual))
    return Spans(
        units=Span(tuple(sizes), units),
        tasks_each=Span(tuple(range(least, max(MOST_TASKS, 2 * tasks) + 1)), tasks),
        icc=_hundredths(0, MOST_ICC, start=assumed.icc.value, step=1),
        log_sd=_hundredths(0.2, MOST_LOG_SD, start=assumed.log_sd.value, step=5),
    )


def _hundredths(low: float, high: float, *, start: float, step: int) -> Span:
    counted = {*range(round(100 * low), round(100 * high) + 1, step), round(100 * start)}
    return Span(tuple(one / 100 for one in sorted(counted)), round(100 * start) / 100)
