"""The primary metric between looks: an interval that holds however often one looks, or a gap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval.effect import Effect, Gap, Inference, Interval, Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.outcome import obstacle
from htkeval.evaluation.effects import as_shown, figures, is_confirmatory
from htkeval.evaluation.found import Answer as Found
from htkeval.evaluation.found import Means, pair
from htkeval.evaluation.model import usable
from htkeval.evaluation.wording import in_words, nothing_in_arm
from htkeval.looks import Standing
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.scaling import Codes, Floats
from htkeval.stats.sequential.always_valid import (
    AlwaysValid,
    always_valid,
    always_valid_between,
)
from htkeval.text import Text, say
from htkeval.trial import DesignKind, Trial

WITH_THEMSELVES: tuple[DesignKind, ...] = ("within", "before_after")
"""Designs in which each participant shows a difference of their own, and periods say nothing."""
APART: tuple[DesignKind, ...] = ("parallel", "cluster")
"""Designs in which each participant or team is in one arm."""
TENTH = 0.1
"""Share of its planned tasks from which a cluster counts: before, the interval misses too often."""


@dataclass(frozen=True)
class _Seen:
    """What each cluster shows, and the interval."""

    found: AlwaysValid
    """Treatment minus baseline; on the ratio scale in natural logarithms."""
    baseline: float
    """Mean of the clusters' means without the tool, likewise."""


def answer(
    basis: Basis, metric: Metric, scale: Scale, stands: Standing, *, hidden: bool = False
) -> Found:
    """How much has a metric moved, seen on any day?

    Args:
        basis: Trial and rows.
        metric: The primary metric, or one that would tell of it.
        scale: On which its effect is asked for.
        stands: Which look comes next.
        hidden: Whether it is not shown at all between looks.

    Returns:
        The difference of clusters' means, each cluster alike, with an interval that holds however
        often one looks; a gap that says when the next look is where no such interval holds:
        designs with periods, fewer than ten clusters in an arm with a tenth of their tasks, ratios
        of sums, ranks. And a gap where a look is due: whoever could watch on would choose when to
        take it.
    """
    if hidden or stands.due:
        return Found(Gap(metric=metric.id, scale=scale, message=when(stands, basis.trial)))
    seen = _followed(basis, metric, scale)
    result = seen if isinstance(seen, Text) else _effect(basis, metric, scale, seen)
    if isinstance(result, Text):
        text = say("{why} {when}", why=result, when=when(stands, basis.trial))
        return Found(Gap(metric=metric.id, scale=scale, message=text))
    return Found(result)


def seen_so_far(basis: Basis, metric: Metric, scale: Scale) -> tuple[float, Interval] | Text:
    """Estimate and interval of some rows, as on any day; or why there are none."""
    seen = _followed(basis, metric, scale)
    if isinstance(seen, Text):
        return seen
    found = seen.found
    one = Inference(
        method="always_valid", estimate=found.value, ci=found.interval, p_value=found.p_value
    )
    return as_shown(one, scale) or in_words(Absence("too_large"), basis.trial)


def when(stands: Standing, trial: Trial) -> Text:
    """When the next look is, and why nothing plain is shown until then."""
    if stands.final:
        return say("The last look has been taken: what came in after it decides nothing.")
    planned = trial.analysis.looks
    if stands.due:
        return say(
            "Look {k} of {n} can be taken now (--look {k}); until it is, nothing of it is shown.",
            k=stands.k + 1,
            n=stands.of,
        )
    if stands.of == 1 and stands.ends is not None:
        return say(
            "The plan is to look once, at the end: when the planned tasks are in, or after "
            "{day:d MMMM y}. Looking at a plain interval again and again before that would find "
            "what is only chance.",
            day=stands.ends,
        )
    return say(
        "Looking at a plain interval again and again would find what is only chance, so it is "
        "shown at the planned looks alone; the next is look {k} of {n}, at {share:0} % of the "
        "planned information.",
        k=stands.k + 1,
        n=stands.of,
        share=100 * (planned[stands.k] if stands.k < len(planned) else 1.0),
    )


def _followed(basis: Basis, metric: Metric, scale: Scale) -> _Seen | Text:
    trial, rows = basis.trial, basis.rows
    every = basis.values(metric, scale)
    if every.exposure is not None or scale == "probability":
        return say("Between looks a ratio of sums, or a chance by ranks, has no interval.")
    if trial.design.kind not in (*WITH_THEMSELVES, *APART):
        return say("In a design with periods no interval holds however often one looks.")
    used = usable(basis, every.known, covariates=False)
    seen = every.at(used)
    if (problem := nothing_in_arm(trial, rows.arm[used])) is not None:
        return problem
    if (problem := obstacle(metric, scale, seen)) is not None:
        return problem
    values = np.log(seen.amount) if scale == "ratio" else seen.amount
    means = _means(values, rows.cluster[used], rows.arm[used], least=_least(trial))
    found = _interval(trial, means)
    if isinstance(found, Absence):
        return in_words(found, trial)
    return _Seen(found, float(np.nanmean(means[:, 0])))


def _least(trial: Trial) -> float:
    """How many tasks of a cluster are a tenth of what is planned."""
    return TENTH * (trial.design.tasks_each or 0.0)


def _means(values: Floats, cluster: Codes, arm: Codes, *, least: float) -> Floats:
    """(G, 2) each cluster's mean in each arm, NaN where it has none; clusters with enough tasks."""
    _, at = np.unique(cluster, return_inverse=True)
    counts, sums = np.zeros((at.max() + 1, 2)), np.zeros((at.max() + 1, 2))
    np.add.at(counts, (at, arm), 1.0)
    with np.errstate(over="ignore"):
        np.add.at(sums, (at, arm), values)
    means: Floats = np.where(counts > 0, sums / np.maximum(counts, 1.0), np.nan)
    return np.asarray(means[counts.sum(axis=1) >= least])


def _interval(trial: Trial, means: Floats) -> AlwaysValid | Absence:
    """By each participant's own difference, or between the two groups."""
    if not np.isfinite(means[~np.isnan(means)]).all():
        return Absence("too_large")
    planned, level = trial.design.clusters or len(means), trial.analysis.level
    both = ~np.isnan(means).any(axis=1)
    if trial.design.kind in WITH_THEMSELVES:
        return always_valid(means[both, 1] - means[both, 0], planned=planned, level=level)
    if both.any():
        return Absence("not_identified")
    baseline, treatment = (means[~np.isnan(means[:, arm]), arm] for arm in (0, 1))
    return always_valid_between(baseline, treatment, planned=planned, level=level)


def _effect(basis: Basis, metric: Metric, scale: Scale, seen: _Seen) -> Effect | Text:
    trial, found = basis.trial, seen.found
    one = Inference(
        method="always_valid", estimate=found.value, ci=found.interval, p_value=found.p_value
    )
    shown = as_shown(one, scale)
    if shown is None:
        return in_words(Absence("too_large"), trial)
    means: Means = pair(seen.baseline, found.value, scale)
    baseline, treatment = figures(basis, metric, scale, means)
    return Effect(
        metric=metric.id,
        role=metric.role,
        confirmatory=is_confirmatory(trial, metric, scale),
        scale=scale,
        weights="unit",
        unit="min" if metric.unit == "min:s" else metric.unit,
        better=metric.better,
        estimate=shown[0],
        ci=shown[1],
        p_value=found.p_value,
        level=trial.analysis.level,
        method="always_valid",
        baseline=baseline,
        treatment=treatment,
        inference=(one,),
    )
