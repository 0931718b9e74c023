"""Tests of the same question on a scale of their own: Boschloo's, and proportional odds."""

from __future__ import annotations

import numpy as np

from htkeval.effect import Effect, Sensitivity
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Choices, Model, build, planned
from htkeval.evaluation.panel.flipping import flips_test
from htkeval.evaluation.roads.two_by_two import exact_p
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.ordinal import odds_ratio


def by_test(basis: Basis, metric: Metric, effect: Effect) -> list[Sensitivity]:
    """What another test says of a yes or no, and of a rating."""
    if effect.scale != "difference" or basis.trial.design.kind == "interrupted_time_series":
        return []
    if metric.kind == "binary":
        return _boschloo(basis, metric, effect)
    return _proportional_odds(basis, metric, effect) if metric.kind == "rating" else []


def _boschloo(basis: Basis, metric: Metric, effect: Effect) -> list[Sensitivity]:
    model = build(basis, metric, "difference", planned(basis.trial))
    p_value = exact_p(basis.trial, model) if isinstance(model, Model) else None
    if p_value is None:
        return []
    return [
        Sensitivity(
            metric=metric.id,
            scale="difference",
            model="boschloo",
            estimate=effect.estimate,
            ci=None,
            p_value=p_value,
            flips=flips_test(effect, effect.estimate > 0, p_value),
        )
    ]


def _proportional_odds(basis: Basis, metric: Metric, effect: Effect) -> list[Sensitivity]:
    """One odds ratio for every level; people and teams are clusters, not effects.

    None where teams were not drawn to begin when they did: there their own levels matter.
    """
    design = basis.trial.design
    if design.kind == "difference_in_differences" or (
        design.kind == "stepped_wedge" and not design.randomised
    ):
        return []
    model = build(basis, metric, "difference", Choices(effects=False, questions=False))
    if not isinstance(model, Model):
        return []
    columns = {**model.x, ARM: model.arm.astype(np.float64)}
    found = odds_ratio(model.y, columns, column=ARM, cluster=model.cluster)
    one = inference("cr2", found, basis.trial)
    if isinstance(one, Absence):
        return []
    with np.errstate(over="ignore", under="ignore"):
        shown = np.exp([one.estimate, *one.ci])
    if not (np.isfinite(shown).all() and shown.min() > 0):
        return []
    return [
        Sensitivity(
            metric=metric.id,
            scale="odds_ratio",
            model="proportional_odds",
            estimate=float(shown[0]),
            ci=(float(shown[1]), float(shown[2])),
            p_value=one.p_value,
            flips=flips_test(effect, one.estimate > 0, one.p_value),
        )
    ]
