"""The chance that a rating with the tool is above one without, ties counted half."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from htkeval.effect import Inference, Method
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.draw.lots import Lots
from htkeval.evaluation.fitting import Fit, by_lot, lottery, reported
from htkeval.evaluation.found import Found
from htkeval.evaluation.model import Choices, Model, build
from htkeval.evaluation.wording import few_ranked, no_probability, ranks_apart, two_periods_only
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.ranks import (
    EVEN,
    later_shares,
    relative_effect,
    relative_effect_crossover,
    relative_effect_within,
)
from htkeval.stats.rerandomisation import Rerandomised, rerandomise
from htkeval.stats.rerandomisation.cells import cells
from htkeval.stats.rerandomisation.rank_draws import rerandomise_between, rerandomise_within
from htkeval.stats.scaling import Codes
from htkeval.text import Text
from htkeval.trial import Trial

APART = ("parallel", "cluster")
"""Designs in which a unit is in one arm: units are compared by their means."""
BOTH = ("within", "before_after")
"""Designs in which everyone is in both arms: each person's own ratings are compared."""
LEAST_RANKED = 10
"""Without a draw to hold ranks against, an arm needs so many units: with five of them Student's
approximation alarms in 8 % of null trials, with three in 20 % of those that it reports."""


def probability(basis: Basis, metric: Metric) -> Found | Text:
    """The chance by the draw where that is promised, and by Brunner and Munzel's approximation.

    Units are compared, or people with themselves where each is seen in both arms; in a crossover
    those of one order with those of the other.
    """
    trial = basis.trial
    apart = trial.design.kind in APART
    if not apart and trial.design.kind not in (*BOTH, "crossover"):
        return no_probability(trial)
    model = build(basis, metric, "difference", Choices(by_unit=apart, covariates=False))
    if isinstance(model, Text):
        return model
    second = _second(basis, model) if trial.design.kind == "crossover" else None
    if trial.design.kind == "crossover" and second is None:
        return two_periods_only()
    answers: dict[Method, Inference | Absence | Text] = {
        "brunner_munzel": _usual(trial, model, second)
    }
    promised: Method = "brunner_munzel"
    if basis.method == "rerandomisation":
        promised = "rerandomisation"
        answers[promised] = _drawn(basis, model, second)
    elif (few := _smaller_side(model, apart, second)) < LEAST_RANKED:
        return few_ranked(int(few), LEAST_RANKED, trial)
    found = {name: one for name, one in answers.items() if isinstance(one, Inference)}
    if answers[promised] == Absence("no_spread"):
        return ranks_apart()
    told = reported(trial, model, promised, answers)
    df = found["brunner_munzel"].df if "brunner_munzel" in found else None
    return Found(Fit(found, told, df, ()), weights="unit")


def _smaller_side(model: Model, apart: bool, second: Codes | None) -> float:
    """How many units the smaller arm, or the rarer order, has; no matter within people."""
    if second is not None:
        sides = (model.arm ^ second).astype(np.intp)
        return min(len(np.unique(model.cluster[sides == code])) for code in (0, 1))
    return min(int((model.arm == code).sum()) for code in (0, 1)) if apart else math.inf


def _usual(trial: Trial, model: Model, second: Codes | None) -> Inference | Absence:
    y, arm, level = model.y, model.arm, trial.analysis.level
    if second is not None:
        found = relative_effect_crossover(
            y, second=second, first_with=arm ^ second, cluster=model.cluster, level=level
        )
    elif trial.design.kind in BOTH:
        found = relative_effect_within(y, arm=arm, cluster=model.cluster, level=level)
    else:
        found = relative_effect(y[arm == 0], y[arm == 1], level=level)
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


def _drawn(basis: Basis, model: Model, second: Codes | None) -> Inference | Absence | Text:
    """The same chance held against other draws of the lottery."""
    lots = lottery(basis, model)
    if isinstance(lots, Absence | Text):
        return lots
    cell, y = lots.cell[model.row], model.y
    observed, arms = lots.lottery.observed, lots.arms
    level, exact = basis.trial.analysis.level, lots.exact
    if second is not None:
        found = _between_orders(lots, model, second, level=level, exact=exact)
    elif basis.trial.design.kind in BOTH:
        found = rerandomise_within(y, cell, model.cluster, observed, arms, level=level, exact=exact)
    else:
        found = rerandomise_between(y, observed[cell], arms[:, cell], level=level, exact=exact)
    return by_lot(found) if isinstance(found, Rerandomised) else found


def _between_orders(
    lots: Lots, model: Model, second: Codes, *, level: float, exact: bool
) -> Rerandomised | Absence:
    """Half the difference between the orders' mean shares, and one half."""
    shares, person = later_shares(model.y, second, model.cluster)
    later = np.flatnonzero(second == 1)
    names, first = np.unique(model.cluster[later], return_index=True)
    row = later[first[np.searchsorted(names, person)]]
    sums = cells(
        shares, {}, cell=lots.cell[model.row[row]], cluster_of=lots.cluster_of, absorbed=False
    )
    found = rerandomise(sums, lots.lottery.observed, lots.arms, level=level, exact=exact)
    if isinstance(found, Absence):
        return found
    low, high = (EVEN + end / 2 for end in found.interval)
    interval = (max(low, 0.0), min(high, 1.0))
    return replace(found, value=EVEN + found.value / 2, interval=interval)


def _second(basis: Basis, model: Model) -> Codes | None:
    """(n,) 1 in the second of two periods; None where there are more, or people's orders are not
    the two that mirror each other."""
    codes = basis.rows.period.codes[model.row]
    periods, place = np.unique(codes, return_inverse=True)
    if len(periods) != 2:
        return None
    pairs = np.unique(np.column_stack([model.cluster, place, model.arm]), axis=0)
    once = len(np.unique(pairs[:, :2], axis=0)) == len(pairs)  # one arm in a person's period
    other = len(np.unique(pairs[:, [0, 2]], axis=0)) == len(pairs)  # and not the same in both
    return place.astype(np.intp) if once and other else None
