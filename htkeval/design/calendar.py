"""Which arm each order, start or group means in each period, and when tasks are done."""

from __future__ import annotations

import numpy as np

from htkeval.design.allocation import Bools, Floats, Ints
from htkeval.design.listing import patterns
from htkeval.design.periods import IN_PERIODS, change_of, periods_of
from htkeval.design.scenario import Scenario
from htkeval.trial import Trial

GOLDEN = 0.6180339887498949
"""Multiples of it, less their whole part, lie evenly however many there are."""


def patterns_of(trial: Trial, scenario: Scenario) -> Bools:
    """(P, S) whether each order, start or group has the tool in each period."""
    periods = periods_of(trial, scenario)
    if trial.design.kind in IN_PERIODS:
        return np.array(patterns(trial.design, scenario.teams or 2), dtype=bool)
    # nobody, and everybody from a day on
    late = np.arange(periods) >= change_of(trial, periods)
    return np.array([np.zeros(periods, dtype=bool), late])


def evenly(times: Floats, planned: Bools) -> Floats:
    """Times of the tasks of each participant, spread so that each stretch has its share.

    Participants are shifted against one another, so that few tasks of each still fill all periods.

    Args:
        times: Full shape: from 0 to 1, rising.
        planned: Full shape: which of them there are.
    """
    counts = np.maximum(planned.sum(axis=2, keepdims=True), 1)
    shift = (np.arange(planned.shape[1]) * GOLDEN % 1.0)[:, None]
    return np.where(planned, (np.arange(planned.shape[2]) + shift) / counts, times)


def period_of(times: Floats, periods: int) -> Ints:
    """Full shape: the period of a task, from 0."""
    return np.minimum((times * periods).astype(np.int64), periods - 1)
