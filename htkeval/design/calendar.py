"""Which arm each order, start or group means in each period, and when tasks are done."""

from __future__ import annotations

import numpy as np

from htkeval.design.allocation import Bools, Floats, Ints
from htkeval.design.periods import change_of, periods_of
from htkeval.design.scenario import Scenario
from htkeval.trial import Trial


def patterns_of(trial: Trial, scenario: Scenario) -> Bools:
    """(P, S) whether each order, start or group has the tool in each period."""
    periods = periods_of(trial, scenario)
    match trial.design.kind:
        case "crossover":
            return np.array([[False, True], [True, False]])
        case "stepped_wedge":
            return np.triu(np.ones((periods - 1, periods), dtype=bool), 1)
        case _:  # nobody, and everybody from a day on
            late = np.arange(periods) >= change_of(trial, periods)
            return np.array([np.zeros(periods, dtype=bool), late])


def evenly(times: Floats, planned: Bools) -> Floats:
    """Times of the tasks of each participant, spread so that each stretch has its share.

    Args:
        times: Full shape: from 0 to 1, rising.
        planned: Full shape: which of them there are.
    """
    counts = np.maximum(planned.sum(axis=2, keepdims=True), 1)
    at = (np.arange(planned.shape[2]) + 0.5) / counts
    return np.where(planned, at, times)


def period_of(times: Floats, periods: int) -> Ints:
    """Full shape: the period of a task, from 0."""
    return np.minimum((times * periods).astype(np.int64), periods - 1)
