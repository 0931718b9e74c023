"""Whether raters who judged the same task agree."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htkeval.effect import Check
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.outcome import measure
from htkeval.metric import Metric, MetricKind
from htkeval.stats.agreement import (
    Alpha,
    Coefficient,
    Scale,
    Weights,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
)
from htkeval.stats.answer import Absence
from htkeval.stats.scaling import Floats
from htkeval.text import say

GOOD, POOR = 0.8, 2 / 3
"""Krippendorff's limits: from the first a judgement can be relied on, below the second not."""
DIFFER: dict[MetricKind, Scale] = {"binary": "nominal", "rating": "ordinal"}
"""How judgements of a kind differ; other kinds by their figures."""


def agreement(basis: Basis) -> Iterator[Check]:
    """Krippendorff's alpha for every metric of which some tasks were judged by two or more."""
    for metric in basis.trial.metrics:
        ratings = None if metric.rater is None else by_rater(basis, metric)
        if ratings is not None:
            yield _agreed(basis, metric, ratings)


def by_rater(basis: Basis, metric: Metric) -> Floats | None:
    """(tasks, raters) judgements, NaN where there is none; None where nobody judged the same."""
    rows, design = basis.rows, basis.trial.design
    rater = rows.words(metric.rater)
    seen = measure(metric, rows)
    use = rows.counted & seen.known & (rater.codes != NONE)
    keys = [rows.words(name).codes for name in (design.task, design.participant, design.team)]
    if design.task is None or not use.any():
        return None
    task = np.unique(np.column_stack([rows.arm, *keys])[use], axis=0, return_inverse=True)[1]
    ratings = np.full((int(task.max()) + 1, len(rater.labels)), np.nan)
    ratings[task, rater.codes[use]] = seen.amount[use]
    shared = (~np.isnan(ratings)).sum(axis=1) >= 2
    return ratings if shared.any() else None


def _agreed(basis: Basis, metric: Metric, ratings: Floats) -> Check:
    scale: Scale = DIFFER.get(metric.kind, "interval")
    found = krippendorff_alpha(
        ratings,
        scale,
        rng=np.random.default_rng(basis.trial.analysis.seed),
        level=basis.trial.analysis.level,
    )
    if not isinstance(found, Alpha) or isinstance(found.interval, Absence):
        text = say("{label}: how well those who judged agree cannot be told.", label=metric.label)
        return Check(name="agreement", passed=None, message=text)
    low, high = found.interval
    text = say(
        "{label}: {n} tasks were judged by more than one. Their agreement is {alpha:0.00} (from "
        "{low:0.00} to {high:0.00}), where 1 is full and 0 is chance.",
        label=metric.label,
        n=found.units,
        alpha=found.value,
        low=low,
        high=high,
    )
    other = gwet_ac1(ratings) if metric.kind == "binary" else None
    if isinstance(other, Coefficient):
        text = say("{text} By Gwet's AC1 it is {ac1:0.00}.", text=text, ac1=other.value)
    if isinstance(kappa := _kappa(metric, ratings), Coefficient):
        text = say("{text} By Cohen's kappa it is {kappa:0.00}.", text=text, kappa=kappa.value)
    passed = True if found.value >= GOOD else False if found.value < POOR else None
    return Check(name="agreement", passed=passed, message=text)


def _kappa(metric: Metric, ratings: Floats) -> Coefficient | Absence | None:
    """Cohen's kappa, which two raters have; far-off marks weigh more, as in alpha for marks."""
    shared = ratings[(~np.isnan(ratings)).sum(axis=1) >= 2]
    first, *others = ratings.T[(~np.isnan(shared)).any(axis=0)]
    if len(others) != 1:
        return None
    weights: Weights = "none" if metric.kind == "binary" else "quadratic"
    return cohen_kappa(first, others[0], weights=weights)
