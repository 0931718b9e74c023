"""How many times as often: the ratio of two rates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from htkeval.effect import Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.outcome import obstacle, per
from htkeval.evaluation.fitting import reported
from htkeval.evaluation.found import Found, Means, alone
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model, model_of, planned, usable
from htkeval.evaluation.wording import few_df, nothing_in_arm
from htkeval.metric import Metric
from htkeval.stats.answer import Estimate
from htkeval.stats.counts import rate_ratio
from htkeval.stats.regression import cr2, solve
from htkeval.stats.scaling import Floats
from htkeval.text import Text


def ratio(basis: Basis, metric: Metric) -> Found | Text:
    """Quasi-Poisson with the design's effects and periods, CR2 on the score.

    Every task counts by its exposure: a ratio of sums has no weights of its own.
    """
    trial, rows = basis.trial, basis.rows
    every = basis.values(metric, "ratio")
    used = usable(basis, every.known)
    seen = every.at(used)
    problem = nothing_in_arm(trial, rows.arm[used]) or obstacle(metric, "ratio", seen)
    if problem is not None:
        return problem
    choices = replace(planned(trial), by_unit=False)
    model = model_of(basis, metric, seen.amount, used, choices)
    if isinstance(model, Text):
        return model
    assert seen.exposure is not None  # a rate has an exposure: the metric's validator saw to it
    found = rate_ratio(
        seen.amount,
        seen.exposure,
        {**model.x, ARM: model.arm.astype(np.float64)},
        column=ARM,
        cluster=model.cluster,
        absorb=model.cluster if model.absorbed else None,
    )
    # the ratio's own df depend on the outcome, which must not choose whether it is reported
    m = model.moments()
    linear = cr2(m, solve(m), ARM)
    if isinstance(linear, Estimate) and linear.df < LEAST_DF - ROUNDING:
        return few_df(linear.df, trial)
    answer = inference("cr2", found, trial)
    shown = reported(trial, model, "cr2", {"cr2": answer})
    if not isinstance(shown, Inference):
        return shown
    means = _means(metric, model, seen.amount, seen.exposure, shown.estimate)
    return Found(alone(shown), means, weights="task")


def _means(
    metric: Metric, model: Model, events: Floats, exposure: Floats, log_ratio: float
) -> Means:
    """The rates whose ratio is the estimate and that give as many events as were seen."""
    with np.errstate(over="ignore", invalid="ignore"):
        times = float(np.exp(log_ratio))
        using = model.arm == 1
        whole = float(exposure[~using].sum()) + times * float(exposure[using].sum())
        base = float(events.sum()) / whole * per(metric)
    return (base, base * times) if np.isfinite([base, base * times]).all() else (None, None)
