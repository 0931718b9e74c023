"""One metric on one scale: an effect, or a gap with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from htkeval.effect import ArmFigures, Effect, Gap, Inference, Interval, Scale
from htkeval.evaluation.figures import clusters, raw
from htkeval.evaluation.method import Fit, fit
from htkeval.evaluation.model import Choices, Model, build, usable
from htkeval.evaluation.outcome import measure
from htkeval.evaluation.rows import Rows
from htkeval.evaluation.wording import ANALYSED, in_words, later
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.correlation import intraclass
from htkeval.stats.scaling import summary
from htkeval.text import Text
from htkeval.trial import Trial


@dataclass(frozen=True)
class Answer:
    """What came of one metric on one scale."""

    result: Effect | Gap
    """The effect, or why there is none."""
    fit: Fit | None = None
    """What was computed on the way; None where nothing could be."""


def answer(trial: Trial, rows: Rows, metric: Metric, scale: Scale) -> Answer:
    """How much did a metric move, on one scale?"""
    model: Model | Text = later(trial)
    if trial.design.kind in ANALYSED:
        choices = Choices(by_unit=trial.analysis.weights == "unit")
        model = build(trial, rows, metric, scale, choices)
    if isinstance(model, Text):
        return Answer(Gap(metric=metric.id, scale=scale, message=model))
    found = fit(trial, model)
    result = _effect(trial, rows, metric, scale, model, found)
    if isinstance(result, Text):
        return Answer(Gap(metric=metric.id, scale=scale, message=result), found)
    return Answer(result, found)


def as_shown(one: Inference, scale: Scale) -> tuple[float, Interval] | None:
    """Estimate and interval as a person reads them; None where a ratio is beyond a double.

    A ratio leaves the logarithm here; a difference is what it was.
    """
    if scale != "ratio":
        return one.estimate, one.ci
    with np.errstate(over="ignore", under="ignore"):
        estimate, low, high = np.exp([one.estimate, *one.ci]).tolist()
    return (estimate, (low, high)) if low > 0 and high < math.inf else None


def _effect(
    trial: Trial, rows: Rows, metric: Metric, scale: Scale, model: Model, found: Fit
) -> Effect | Text:
    if isinstance(found.reported, Text):
        return found.reported
    shown = as_shown(found.reported, scale)
    if shown is None:
        return in_words(Absence("too_large"), trial)
    adjusted = _adjusted(model, found.reported.estimate, scale, shown[0])
    baseline, treatment = _figures(trial, rows, metric, adjusted)
    return Effect(
        metric=metric.id,
        role=metric.role,
        confirmatory=is_confirmatory(trial, metric, scale),
        scale=scale,
        weights=trial.analysis.weights,
        unit="min" if metric.unit == "min:s" else metric.unit,  # stored as minutes
        better=metric.better,
        estimate=shown[0],
        ci=shown[1],
        p_value=found.reported.p_value,
        level=trial.analysis.level,
        method=found.reported.method,
        baseline=baseline,
        treatment=treatment,
        icc=_icc(trial, rows, metric, scale, found.reported.estimate),
        inference=tuple(found.answers.values()),
    )


def is_confirmatory(trial: Trial, metric: Metric, scale: Scale) -> bool:
    """Whether this is the one effect that the plan promised to decide on.

    A plan is not changed by what could be computed: where this one is a gap, none is.
    """
    wanted = trial.analysis.primary_scale if metric.kind == "duration" else "difference"
    return metric.role == "primary" and scale == wanted


def _figures(
    trial: Trial, rows: Rows, metric: Metric, adjusted: tuple[float | None, float | None]
) -> tuple[ArmFigures, ArmFigures]:
    """Both arms as they were seen, and as they would be with the same mix of everything else."""
    used = usable(trial, rows, metric)
    made = []
    for code in (0, 1):
        mine = used & (rows.arm == code)
        of = raw(metric, measure(metric, rows).at(mine))
        made.append(
            ArmFigures(
                tasks=of.count,
                clusters=clusters(rows, mine),
                mean=of.mean,
                sd=of.sd,
                adjusted_mean=adjusted[code],
            )
        )
    return made[0], made[1]


def _adjusted(
    model: Model, coefficient: float, scale: Scale, estimate: float
) -> tuple[float | None, float | None]:
    """The model's mean of each arm at the average of every other regressor.

    The plane of least squares goes through the means, so it is mean(y) + b (a - mean(a)). On the
    ratio scale it is that plane's geometric mean.
    """
    mean = summary(model.y).mean
    if mean is None:
        return None, None
    low = mean - coefficient * float(model.arm.mean())
    with np.errstate(over="ignore"):
        base = float(np.exp(low)) if scale == "ratio" else low
    high = base * estimate if scale == "ratio" else base + estimate
    finite = math.isfinite(base) and math.isfinite(high)
    return (base, high) if finite else (None, None)


def _icc(
    trial: Trial, rows: Rows, metric: Metric, scale: Scale, coefficient: float
) -> float | None:
    """How alike tasks of one participant or team are in the same arm; None where nothing shows it.

    In `within` every participant is seen in both arms, so the effect is taken out and all rows of
    a participant are one cluster.
    """
    tasks = build(trial, rows, metric, scale, Choices(by_unit=False, covariates=False))
    if isinstance(tasks, Text):
        return None
    y, group = tasks.y, tasks.arm
    if trial.design.kind == "within":
        y, group = y - coefficient * tasks.arm, np.zeros_like(tasks.arm)
    if not np.isfinite(y).all():
        return None
    found = intraclass(y, cluster=tasks.cluster, group=group)
    return found if isinstance(found, float) else None
