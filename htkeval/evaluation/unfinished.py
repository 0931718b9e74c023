"""Tasks begun and never finished: an outcome of their own, counted to the registered cap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval.effect import Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.columns import NONE, Bools, numbers
from htkeval.evaluation.found import Found, alone
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.outcome import measure
from htkeval.evaluation.wording import in_words, nothing_in_arm
from htkeval.metric import Metric
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.scaling import Codes, Floats
from htkeval.stats.survival import restricted_difference, restricted_mean
from htkeval.text import Text

OFTEN = 0.05
"""Above this share, finished tasks alone no longer tell how long a task takes."""


@dataclass(frozen=True, eq=False)
class Begun:
    """Tasks that were begun, to the cap."""

    time: Floats
    """(n,) minutes; the cap for a task that was never finished."""
    elapsed: Floats
    """(n,) minutes until the task was finished or given up."""
    finished: Bools
    """(n,) whether it was finished."""
    arm: Codes
    """(n,) 0 or 1."""
    cluster: Codes
    """(n,) participant or team."""
    cap: float
    """Minutes at which an unfinished task is counted."""

    @property
    def share(self) -> float:
        """Share that was never finished."""
        return 1 - float(self.finished.mean()) if len(self.finished) else 0.0


def begun(basis: Basis, metric: Metric) -> Begun | None:
    """The tasks of a duration with a cap; None where the plan has no cap or no status."""
    trial, rows = basis.trial, basis.rows
    if metric.kind != "duration" or metric.cap is None or trial.design.status is None:
        return None
    cap = metric.cap
    seen = measure(metric, rows)
    use = rows.counted & (rows.cluster != NONE) & (seen.known | rows.abandoned)
    elapsed = np.sum([numbers(rows.table, name) for name in metric.parts], axis=0)
    given_up = rows.abandoned[use]
    known = np.where(np.isfinite(elapsed[use]) & (elapsed[use] > 0), elapsed[use], cap)
    time = np.where(given_up, cap, np.minimum(known, cap))
    return Begun(
        time=time,
        elapsed=np.minimum(known, cap),
        finished=~given_up,
        arm=rows.arm[use],
        cluster=rows.cluster[use],
        cap=cap,
    )


def counts(basis: Basis, metric: Metric) -> bool:
    """Whether so many tasks were never finished that their time must be counted."""
    tasks = begun(basis, metric)
    return tasks is not None and tasks.share > OFTEN


def restricted(basis: Basis, metric: Metric) -> Found | Text:
    """The difference in restricted mean time, unfinished tasks at the cap, by cluster jackknife."""
    tasks = begun(basis, metric)
    assert tasks is not None  # `counts` saw to it
    problem = nothing_in_arm(basis.trial, tasks.arm)
    if problem is not None:
        return problem
    one = inference("jackknife", difference(tasks, tasks.time), basis.trial)
    if not isinstance(one, Inference):
        return in_words(one, basis.trial)
    without = tasks.arm == 0
    base = restricted_mean(tasks.time[without], tasks.finished[without], cap=tasks.cap)
    low = None if isinstance(base, Absence) else base.value
    return Found(alone(one), (low, None if low is None else low + one.estimate))


def difference(tasks: Begun, time: Floats) -> Estimate | Absence:
    """Treatment minus baseline, with unfinished tasks at the cap or leaving when given up."""
    return restricted_difference(
        time, tasks.finished, arm=tasks.arm, cluster=tasks.cluster, cap=tasks.cap
    )
