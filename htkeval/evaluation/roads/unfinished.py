"""Tasks begun and never finished: an outcome of their own, counted to the registered cap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval.effect import Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import Bools
from htkeval.evaluation.data.outcome import OFTEN, has_cap, to_the_cap
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import usable
from htkeval.metric import Metric
from htkeval.stats.answer import Estimate
from htkeval.stats.scaling import Floats
from htkeval.stats.survival import restricted_difference

APART = ("parallel", "cluster")
"""Designs in which two curves compare like with like."""


@dataclass(frozen=True, eq=False)
class Begun:
    """Tasks that were begun, to the cap."""

    used: Bools
    """(N,) the snapshot's rows that are such tasks."""
    time: Floats
    """(n,) minutes, at most the cap; the cap for a task that was never finished."""
    elapsed: Floats
    """(n,) minutes until the task was finished or given up, at most the cap."""
    finished: Bools
    """(n,) whether it was finished."""
    cap: float
    """Minutes at which an unfinished task is counted."""


def begun(basis: Basis, metric: Metric) -> Begun:
    """The tasks of a duration with a cap."""
    rows, cap = basis.rows, metric.cap or 0.0
    seen = to_the_cap(metric, rows)
    used = usable(basis, seen.known)
    with np.errstate(over="ignore"):
        elapsed = np.sum([rows.numbers(name) for name in metric.parts], axis=0)[used]
    spent = np.where(np.isfinite(elapsed) & (elapsed > 0), np.minimum(elapsed, cap), cap)
    return Begun(
        used=used,
        time=seen.amount[used],
        elapsed=spent,
        finished=~rows.abandoned[used],
        cap=cap,
    )


def jackknifed(basis: Basis, tasks: Begun, time: Floats) -> Inference | None:
    """Difference of Kaplan and Meier's restricted means by cluster jackknife.

    None where units are compared with themselves or with their periods: two curves know of neither.
    """
    if basis.trial.design.kind not in APART:
        return None
    found = restricted_difference(
        time,
        tasks.finished,
        arm=basis.rows.arm[tasks.used],
        cluster=basis.rows.cluster[tasks.used],
        cap=tasks.cap,
    )
    one = inference("jackknife", found, basis.trial)
    few = isinstance(found, Estimate) and found.df < LEAST_DF - ROUNDING
    return one if isinstance(one, Inference) and not few else None


def often(basis: Basis, metric: Metric) -> bool:
    """Whether so many of the tasks that a comparison can rest on were given up that the difference
    counts each to the cap."""
    if not has_cap(basis.trial, metric):
        return False
    tasks = usable(basis, to_the_cap(metric, basis.rows).known, covariates=False)
    return bool(tasks.any()) and float(basis.rows.abandoned[tasks].mean()) > OFTEN
