"""The chance that a rating with the tool is above one without, ties counted half."""

from __future__ import annotations

from htkeval.effect import Inference, Method
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.fitting import Fit, by_lot, lottery, reported
from htkeval.evaluation.found import Found
from htkeval.evaluation.model import Choices, Model, build
from htkeval.evaluation.wording import no_probability
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.ranks import relative_effect, relative_effect_within
from htkeval.stats.rerandomisation import Rerandomised
from htkeval.stats.rerandomisation.rank_draws import rerandomise_between, rerandomise_within
from htkeval.text import Text

APART = ("parallel", "cluster")
"""Designs in which a unit is in one arm: units are compared by their means."""
BOTH = ("within", "crossover", "before_after")
"""Designs in which everyone is in both arms: each person's own ratings are compared."""


def probability(basis: Basis, metric: Metric) -> Found | Text:
    """The chance by the draw where that is promised, and by Brunner and Munzel's approximation.

    Units are compared, or people with themselves where each is seen in both arms.
    """
    trial = basis.trial
    apart = trial.design.kind in APART
    if not apart and trial.design.kind not in BOTH:
        return no_probability(trial)
    model = build(basis, metric, "difference", Choices(by_unit=apart, covariates=False))
    if isinstance(model, Text):
        return model
    answers: dict[Method, Inference | Absence | Text] = {"brunner_munzel": _usual(basis, model)}
    promised: Method = "brunner_munzel"
    if basis.method == "rerandomisation":
        promised = "rerandomisation"
        answers[promised] = _drawn(basis, model)
    found = {name: one for name, one in answers.items() if isinstance(one, Inference)}
    told = reported(trial, model, promised, answers)
    df = found["brunner_munzel"].df if "brunner_munzel" in found else None
    return Found(Fit(found, told, df, ()), weights="unit")


def _usual(basis: Basis, model: Model) -> Inference | Absence:
    level = basis.trial.analysis.level
    if basis.trial.design.kind in BOTH:
        found = relative_effect_within(model.y, arm=model.arm, cluster=model.cluster, level=level)
    else:
        without, using = (model.y[model.arm == code] for code in (0, 1))
        found = relative_effect(without, using, level=level)
    if isinstance(found, Absence):
        return found
    return Inference(
        method="brunner_munzel",
        estimate=found.value,
        se=found.se,
        df=found.df,
        ci=found.interval,
        p_value=found.p_value,
    )


def _drawn(basis: Basis, model: Model) -> Inference | Absence | Text:
    """The same chance held against other draws of the lottery."""
    lots = lottery(basis, model)
    if isinstance(lots, Absence | Text):
        return lots
    cell, level = lots.cell[model.row], basis.trial.analysis.level
    observed, arms, exact = lots.lottery.observed, lots.arms, lots.exact
    if basis.trial.design.kind in BOTH:
        found = rerandomise_within(
            model.y, cell, model.cluster, observed, arms, level=level, exact=exact
        )
    else:
        found = rerandomise_between(
            model.y, observed[cell], arms[:, cell], level=level, exact=exact
        )
    return by_lot(found) if isinstance(found, Rerandomised) else found
