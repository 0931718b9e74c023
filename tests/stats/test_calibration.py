"""How often each analysis alarms when nothing happened. Seeds are fixed; the whole is seconds.

The cell is the one that ordinary tools fail (8 teams of 5 to 25 tasks, intraclass correlation
0.10): tasks treated as independent alarm in about a fifth of the trials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from scipy.stats import binom

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.moments import moments
from htkeval.stats.regression import cr2, solve
from htkeval.stats.welch import welch

TRIALS = 600
MOST = int(binom.isf(0.001, TRIALS, 0.06))
"""More alarms than this would a method with 6 % of them give in one of a thousand runs."""

Null = tuple[np.ndarray, np.ndarray, np.ndarray]
Test = Callable[[np.ndarray, np.ndarray, np.ndarray], Estimate | Absence]


def team_trials() -> Iterator[Null]:
    """Outcome, arm and team of trials of 4 + 4 teams in which the tool does nothing."""
    rng = np.random.default_rng(20260112)
    for _ in range(TRIALS):
        team = np.repeat(np.arange(8), rng.integers(5, 26, 8))
        level = rng.normal(0, np.sqrt(0.1), 8)[team]
        yield level + rng.normal(0, np.sqrt(0.9), len(team)), (team % 2).astype(float), team


def person_trials() -> Iterator[Null]:
    """The same for 10 people whose tasks are drawn one by one and who react differently."""
    rng = np.random.default_rng(20260113)
    for _ in range(TRIALS):
        person = np.repeat(np.arange(10), 12)
        arm = rng.integers(0, 2, 120).astype(float)
        own, reaction = rng.normal(0, 1, 10)[person], rng.normal(0, 0.6, 10)[person]
        yield own + reaction * arm + rng.normal(0, 1, 120), arm, person


def by_team(y: np.ndarray, arm: np.ndarray, cluster: np.ndarray) -> Estimate | Absence:
    m = moments(y, {"arm": arm}, cluster=cluster)
    return cr2(m, solve(m), "arm")


def within_person(y: np.ndarray, arm: np.ndarray, cluster: np.ndarray) -> Estimate | Absence:
    m = moments(y, {"arm": arm}, cluster=cluster, absorb=cluster)
    return cr2(m, solve(m), "arm")


def by_task(y: np.ndarray, arm: np.ndarray, cluster: np.ndarray) -> Estimate | Absence:
    own = np.array([y[cluster == g].mean() for g in np.unique(cluster)])[cluster]
    y = y - own if len(np.unique(arm[cluster == 0])) == 2 else y
    return welch(y[arm == 0], y[arm == 1])


def alarms(trials: Iterator[Null], test: Test) -> int:
    answers = [test(*trial) for trial in trials]
    assert all(isinstance(one, Estimate) for one in answers)
    return sum(one.p_value < 0.05 for one in answers if isinstance(one, Estimate))


@pytest.mark.parametrize(
    ("trials", "ours"), [(team_trials, by_team), (person_trials, within_person)]
)
def test_cr2_alarms_no_oftener_than_it_says_and_counting_tasks_does(
    trials: Callable[[], Iterator[Null]], ours: Test
) -> None:
    assert alarms(trials(), ours) <= MOST
    assert alarms(trials(), by_task) > MOST
