"""The chance that a rating with the tool is above one without, ties counted half."""

from __future__ import annotations

from htkeval.effect import Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.found import Found, alone
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.model import Choices, build
from htkeval.evaluation.wording import few_df, in_words, no_probability
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.ranks import RelativeEffect, relative_effect, relative_effect_within
from htkeval.text import Text

APART = ("parallel", "cluster")
"""Designs in which a unit is in one arm: units are compared by their means."""
BOTH = ("within", "crossover", "before_after")
"""Designs in which everyone is in both arms: each person's own ratings are compared."""


def probability(basis: Basis, metric: Metric) -> Found | Text:
    """Brunner & Munzel's test on units, or within people where each is seen in both arms."""
    trial = basis.trial
    if trial.design.kind not in (*APART, *BOTH):
        return no_probability(trial)
    model = build(basis, metric, "difference", Choices(covariates=False, questions=False))
    if isinstance(model, Text):
        return model
    level = trial.analysis.level
    if trial.design.kind in BOTH:
        found = relative_effect_within(model.y, arm=model.arm, cluster=model.cluster, level=level)
    else:
        units = build(basis, metric, "difference", Choices(by_unit=True, covariates=False))
        if isinstance(units, Text):
            return units
        without, using = (units.y[units.arm == code] for code in (0, 1))
        found = relative_effect(without, using, level=level)
    if isinstance(found, Absence):
        return in_words(found, trial)
    if found.df < LEAST_DF - ROUNDING:
        return few_df(found.df, trial)
    return Found(alone(_inference(found)), weights="unit")


def _inference(found: RelativeEffect) -> Inference:
    return Inference(
        method="brunner_munzel",
        estimate=found.value,
        se=found.se,
        df=found.df,
        ci=found.interval,
        p_value=found.p_value,
    )
