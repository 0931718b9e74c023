"""The same effect with one choice of the plan turned round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import numpy as np

from htkeval.effect import Effect, Inference, Interval, Scale, Sensitivity
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.outcome import has_cap
from htkeval.evaluation.effects import as_shown
from htkeval.evaluation.fitting import fit
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, OWN_EFFECTS, Choices, Model, build, planned
from htkeval.evaluation.panel import compliance
from htkeval.evaluation.panel.flipping import flips
from htkeval.evaluation.panel.other_tests import by_test
from htkeval.evaluation.roads import unfinished
from htkeval.evaluation.roads.series import LEAST_PERIODS, series_of
from htkeval.metric import Metric
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.classic import Error, pooled
from htkeval.stats.series import interrupted
from htkeval.stats.two_way import two_way
from htkeval.text import Text
from htkeval.trial import Trial

Named = tuple[str, Inference]


def sensitivity(basis: Basis, effects: tuple[Effect, ...]) -> tuple[Sensitivity, ...]:
    """Does the answer hold if we had chosen otherwise?

    A model that has no answer, or fewer degrees of freedom than are ever reported, is not shown.
    Models of least squares are answered by CR2 (Welch's t where it applies), whatever the
    reported method: its own answer stands beside the reported one in `inference`.
    """
    metrics = {metric.id: metric for metric in basis.trial.metrics}
    found: list[Sensitivity] = []
    for effect in effects:
        metric = metrics[effect.metric]
        if effect.estimand == "effect":
            for name, one in _others(basis, metric, effect.scale):
                shown = as_shown(one, effect.scale)
                if shown is not None:
                    found.append(_row(effect, metric, name, one, shown))
            found += by_test(basis, metric, effect)
    return tuple(found)


def _row(
    effect: Effect, metric: Metric, name: str, one: Inference, shown: tuple[float, Interval]
) -> Sensitivity:
    estimate, interval = shown
    return Sensitivity(
        metric=effect.metric,
        scale=effect.scale,
        model=name,
        estimate=estimate,
        ci=interval,
        p_value=one.p_value,
        flips=flips(effect, estimate, interval, metric.worthwhile),
    )


def _others(basis: Basis, metric: Metric, scale: Scale) -> Iterator[Named]:
    trial = basis.trial
    if trial.design.kind == "interrupted_time_series":
        yield from _series(basis, metric, scale)
        if scale == "difference":
            yield from _unfinished_in_series(basis, metric)
        return
    if scale == "probability" or (metric.kind == "rate" and scale == "ratio"):
        return
    plain = replace(basis, method="cr2")
    for name, choices in _turned_round(basis):
        model = build(plain, metric, scale, choices)
        one = fit(plain, model, everything=False).reported if isinstance(model, Model) else None
        if isinstance(one, Inference):
            yield name, one
    model = build(basis, metric, scale)
    if isinstance(model, Model):
        yield from _errors(basis, model, duration=metric.kind == "duration")
        yield from _both(basis, metric, scale)
        yield from compliance.answers(basis, model)
    if scale == "difference":
        yield from _unfinished(basis, metric)


def _turned_round(basis: Basis) -> Iterator[tuple[str, Choices]]:
    trial = basis.trial
    now = planned(trial)
    yield "task_weights" if now.by_unit else "unit_weights", replace(now, by_unit=not now.by_unit)
    if trial.covariates:
        yield "no_covariates", replace(now, covariates=False)
    if trial.design.kind in OWN_EFFECTS and trial.cluster_column == trial.design.participant:
        yield "no_participant_effects", replace(now, effects=False)
    if basis.crossed and not now.by_unit:
        yield "no_question_effects", replace(now, questions=False)


def _errors(basis: Basis, model: Model, *, duration: bool) -> Iterator[Named]:
    """The errors that other programs print."""
    trial, arm = basis.trial, {ARM: model.arm.astype(np.float64)}
    columns = {**model.x, **arm}
    if trial.design.kind == "within" and duration and not model.by_unit:
        for error in get_args(Error):
            one = pooled(
                model.y,
                columns,
                column=ARM,
                error=error,
                cluster=model.cluster,
            )
            yield from _named(f"pooled_{error}", one, trial)


def _both(basis: Basis, metric: Metric, scale: Scale) -> Iterator[Named]:
    """Errors by people and by tasks at once, where many do the same tasks; tasks have no levels."""
    if not basis.crossed or planned(basis.trial).by_unit:
        return
    model = build(basis, metric, scale, replace(planned(basis.trial), questions=False))
    if isinstance(model, Model):
        one = two_way(
            model.y,
            {**model.x, ARM: model.arm.astype(np.float64)},
            column=ARM,
            first=model.cluster,
            second=basis.rows.words(basis.trial.design.task).codes[model.row],
            absorb=model.cluster if model.absorbed else None,
        )
        yield from _named("two_way", one, basis.trial)


def _named(name: str, one: Estimate | Absence, trial: Trial) -> Iterator[Named]:
    found = inference("cr2", one, trial)
    if isinstance(found, Absence) or (found.df is not None and found.df < LEAST_DF - ROUNDING):
        return
    yield name, found


def _of_series(name: str, one: Estimate | Absence, trial: Trial) -> Iterator[Named]:
    """A series is gated by its length: its degrees of freedom hang on the outcome."""
    found = inference("reml", one, trial)
    if isinstance(found, Inference):
        yield name, found


def _unfinished(basis: Basis, metric: Metric) -> Iterator[Named]:
    """Unfinished tasks counted the other way, and as if they had gone on like the others."""
    if not has_cap(basis.trial, metric):
        return
    tasks = unfinished.begun(basis, metric)
    if tasks.finished.all():
        return
    other = replace(basis, method="cr2", capped=basis.capped ^ {metric.id})
    model = build(other, metric, "difference")
    one = fit(other, model, everything=False).reported if isinstance(model, Model) else None
    if isinstance(one, Inference):
        yield ("finished_tasks" if metric.id in basis.capped else "restricted_mean"), one
    censored = unfinished.jackknifed(basis, tasks, tasks.elapsed)
    if censored is not None:
        yield "restricted_censored", censored


def _unfinished_in_series(basis: Basis, metric: Metric) -> Iterator[Named]:
    """The series with unfinished tasks counted the other way."""
    if not (has_cap(basis.trial, metric) and basis.rows.abandoned.any()):
        return
    other = series_of(replace(basis, capped=basis.capped ^ {metric.id}), metric, "difference")
    if isinstance(other, Text) or len(other.y) < LEAST_PERIODS:
        return
    found = interrupted(other.y, other.time, other.after)
    if not isinstance(found, Absence):
        name = "finished_tasks" if metric.id in basis.capped else "restricted_mean"
        yield from _of_series(name, found.autoregressive.level, basis.trial)


def _series(basis: Basis, metric: Metric, scale: Scale) -> Iterator[Named]:
    """The average after the interruption, and ordinary least squares, which is too sure."""
    built = series_of(basis, metric, scale)
    if isinstance(built, Text) or len(built.y) < LEAST_PERIODS:
        return
    found = interrupted(built.y, built.time, built.after)
    if not isinstance(found, Absence):
        yield from _of_series("average_after", found.autoregressive.average, basis.trial)
        yield from _of_series("independent_periods", found.independent.level, basis.trial)
    weighted = interrupted(built.y, built.time, built.after, weights=built.tasks)
    if not isinstance(weighted, Absence):
        yield from _of_series("task_weights", weighted.autoregressive.level, basis.trial)
