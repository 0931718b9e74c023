"""One metric on one scale: an effect, or a gap with its reason."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from htkeval.effect import ArmFigures, Effect, Estimand, Gap, Inference, Interval, Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.beside import arms_told, whose
from htkeval.evaluation.data.told import few_people, told
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.figures import raw
from htkeval.evaluation.fitting import fit
from htkeval.evaluation.found import Answer, Found, Means, pair
from htkeval.evaluation.likeness import Likeness, likeness
from htkeval.evaluation.model import Model, build, usable
from htkeval.evaluation.roads import exposures, rates, ratings, series, unfinished
from htkeval.evaluation.wording import in_words
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.scaling import summary
from htkeval.text import Text
from htkeval.trial import Trial


def answers(basis: Basis, metric: Metric, scale: Scale) -> Iterator[Answer]:
    """How much did a metric move, on one scale? In a roll-out by both of its averages."""
    yield answer(basis, metric, scale)
    if basis.trial.design.kind in exposures.ROLLED_OUT and exposures.averaged(metric, scale):
        found = exposures.average(basis, metric, scale)
        if found is not None:
            yield _answer(basis, metric, scale, found, estimand="exposure_average")


def answer(basis: Basis, metric: Metric, scale: Scale, *, everything: bool = True) -> Answer:
    """The figure that is reported of one metric on one scale, or why there is none.

    Args:
        basis: Trial, rows, lottery and method.
        metric: What was measured.
        scale: On which its effect is asked for.
        everything: Whether methods that are not reported, and how alike tasks are, are computed
            too; a plan that asks ten thousand invented trials does without.
    """
    found = _road(basis, metric, scale, everything=everything)
    return _answer(basis, metric, scale, found, everything=everything)


def reported(basis: Basis, metric: Metric, scale: Scale) -> Inference | Text:
    """The reported method's own answer and no more, a ratio on its logarithm.

    What a plan asks of ten thousand invented trials; the arms' figures take as long again.
    """
    found = _road(basis, metric, scale, everything=False, means=False)
    return found if isinstance(found, Text) else found.fit.reported


def _road(
    basis: Basis, metric: Metric, scale: Scale, *, everything: bool, means: bool = True
) -> Found | Text:
    """By what is measured and how: most go through one regression, some on roads of their own."""
    if basis.trial.design.kind == "interrupted_time_series":
        return series.level_change(basis, metric, scale)
    if metric.kind == "rate" and scale == "ratio":
        return rates.ratio(basis, metric)
    if scale == "probability":
        return ratings.probability(basis, metric)
    model = build(basis, metric, scale)
    if isinstance(model, Text):
        return model
    found = fit(basis, model, everything=everything)
    if scale == "difference" and metric.id in basis.capped:
        tasks = unfinished.begun(basis, metric)
        curves = unfinished.jackknifed(basis, tasks, tasks.time)
        if curves is not None:
            found = replace(found, answers={**found.answers, "jackknife": curves})
    if not means:
        return Found(found)
    value = found.reported.estimate if isinstance(found.reported, Inference) else math.nan
    return Found(found, adjusted(model, value, scale))


def _answer(
    basis: Basis,
    metric: Metric,
    scale: Scale,
    found: Found | Text,
    estimand: Estimand = "effect",
    *,
    everything: bool = True,
) -> Answer:
    fit_of = None if isinstance(found, Text) else found.fit
    result = found if isinstance(found, Text) else _effect(basis, metric, scale, found, everything)
    if isinstance(result, Text):
        gap = Gap(metric=metric.id, scale=scale, estimand=estimand, message=result)
        return Answer(gap, fit_of)
    return Answer(result, fit_of)


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
    basis: Basis, metric: Metric, scale: Scale, found: Found, everything: bool
) -> Effect | Text:
    trial, reported = basis.trial, found.fit.reported
    if isinstance(reported, Text):
        return reported
    shown = as_shown(reported, scale)
    if shown is None:
        return in_words(Absence("too_large"), trial)
    baseline, treatment = figures(basis, metric, scale, found.means)
    answers = tuple(found.fit.answers.values())
    if baseline.clusters is None and baseline.mean is not None:  # degrees of freedom count people
        answers = tuple(one.model_copy(update={"df": None}) for one in answers)
    alike = (likeness(basis, metric, scale) if everything else None) or Likeness()
    main = found.estimand == "effect"
    return Effect(
        metric=metric.id,
        role=metric.role,
        confirmatory=main and is_confirmatory(trial, metric, scale),
        scale=scale,
        estimand=found.estimand,
        weights=found.weights or trial.analysis.weights,
        unit="min" if metric.unit == "min:s" else metric.unit,  # stored as minutes
        better=metric.better,
        estimate=shown[0],
        ci=shown[1],
        p_value=reported.p_value,
        level=trial.analysis.level,
        method=reported.method,
        baseline=baseline,
        treatment=treatment,
        icc=alike.icc,
        icc_ci=alike.icc_ci,
        cluster_autocorrelation=alike.autocorrelation,
        cluster_autocorrelation_ci=alike.autocorrelation_ci,
        inference=answers,
    )


def is_confirmatory(trial: Trial, metric: Metric, scale: Scale) -> bool:
    """Whether this is the one effect that the plan promised to decide on.

    A plan is not changed by what could be computed: where this one is a gap, none is.
    """
    wanted = trial.analysis.primary_scale if metric.kind == "duration" else "difference"
    return metric.role == "primary" and scale == wanted


def figures(
    basis: Basis, metric: Metric, scale: Scale, means: Means
) -> tuple[ArmFigures, ArmFigures]:
    """Both arms as they were seen, and as they would be with the same mix of everything else."""
    rows = basis.rows
    seen = basis.values(metric, scale)
    used = usable(basis, seen.known, covariates=scale != "probability")  # ranks have none
    arms = [used & (rows.arm == code) for code in (0, 1)]
    found = [raw(metric, seen.at(mine)) for mine in arms]
    if any(few_people(basis.trial, rows, mine) for mine in arms):
        nothing = ArmFigures(tasks=None, clusters=None, mean=None, sd=None, adjusted_mean=None)
        return nothing, nothing
    counted = told(basis.trial, rows, arms[0] | arms[1])
    of_main = usable(basis, basis.values(basis.trial.primary, main_scale(basis.trial)).known)
    main = [of_main & (rows.arm == code) for code in (0, 1)]
    sized = arms_told(basis.trial, rows, arms, main)
    low, high = (
        ArmFigures(
            tasks=of.count if counted else None,
            clusters=len(whose(rows, mine)) if sized else None,
            mean=of.mean,
            sd=of.sd,
            adjusted_mean=means[code],
        )
        for code, (of, mine) in enumerate(zip(found, arms, strict=True))
    )
    return low, high


def adjusted(model: Model, coefficient: float, scale: Scale) -> Means:
    """The model's mean of each arm at the average of every other regressor.

    The plane of least squares goes through the means, so it is mean(y) + b (a - mean(a)). On the
    ratio scale it is that plane's geometric mean.
    """
    mean = summary(model.y).mean
    if mean is None:
        return None, None
    return pair(mean - coefficient * float(model.arm.mean()), coefficient, scale)
