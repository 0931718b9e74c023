"""Tasks begun and never finished: an outcome of their own, counted to the registered cap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval.effect import Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import Bools, numbers
from htkeval.evaluation.data.outcome import measure
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import Model, model_of, planned, usable
from htkeval.evaluation.wording import nothing_in_arm
from htkeval.metric import Metric
from htkeval.stats.answer import Estimate
from htkeval.stats.scaling import Floats
from htkeval.stats.survival import restricted_difference
from htkeval.text import Text

APART = ("parallel", "cluster")
"""Designs in which two curves compare like with like."""
OFTEN = 0.05
"""Above this share, finished tasks alone no longer tell how long a task takes."""


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
    used = usable(trial, rows, metric, known=measure(metric, rows).known | rows.abandoned)
    with np.errstate(over="ignore"):
        elapsed = np.sum([numbers(rows.table, name) for name in metric.parts], axis=0)[used]
    given_up = rows.abandoned[used]
    spent = np.where(np.isfinite(elapsed) & (elapsed > 0), np.minimum(elapsed, cap), cap)
    return Begun(
        used=used,
        time=np.where(given_up, cap, spent),
        elapsed=spent,
        finished=~given_up,
        cap=cap,
    )


def model(basis: Basis, metric: Metric, tasks: Begun) -> Model | Text:
    """The design's own comparison of minutes to the cap.

    With every unfinished task at the cap the restricted mean is a plain mean of what is known, so
    the effects, periods, covariates and the draw of the design hold for it as for any minutes.
    """
    problem = nothing_in_arm(basis.trial, basis.rows.arm[tasks.used])
    if problem is not None:
        return problem
    return model_of(basis, metric, tasks.time, tasks.used, planned(basis.trial))


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
