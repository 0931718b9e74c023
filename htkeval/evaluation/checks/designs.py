"""Checks that only some designs have: carry-over, trend, placebo, length of use, short series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from htkeval.effect import Check, Effect, Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.checks.course import MONTH, span
from htkeval.evaluation.data.timeline import days
from htkeval.evaluation.estimating import (
    coefficient,
    in_readers_unit,
    main_scale,
    more_than_chance,
    primary_model,
)
from htkeval.evaluation.found import Answer
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, usable
from htkeval.evaluation.roads.exposures import LEAST_TEAMS, lengths
from htkeval.evaluation.roads.series import LEAST_PERIODS, series_of
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.multiplicity import holm
from htkeval.stats.regression import coefficients, cr2, solve
from htkeval.stats.series import interrupted
from htkeval.stats.welch import welch
from htkeval.text import Text, say

LONG_SERIES = 24
"""Below so many periods AR(1) by REML is too ready to alarm: 12 % at 12 periods for 5 %."""
DIFFER = 0.05
"""Relative changes that lie further apart than this tell different stories."""


def carry_over(basis: Basis) -> Check | None:
    """What those who began with the tool had over both periods: shown, never a pre-test."""
    model = primary_model(basis)
    if basis.trial.design.kind != "crossover" or model is None:
        return None
    period = basis.rows.period.codes[model.row]
    first, sums = [], []
    for person in np.unique(model.cluster):
        mine = model.cluster == person
        seen = np.unique(period[mine])
        if len(seen) < 2:
            continue
        sums.append(np.mean([model.y[mine & (period == when)].mean() for when in seen]))
        first.append(model.arm[mine & (period == seen[0])][0])
    began, total = np.array(first), np.array(sums)
    found = inference("welch", welch(total[began == 0], total[began == 1]), basis.trial)
    if isinstance(found, Absence):
        text = say("Carry-over from one period to the next cannot be told.")
        return Check(name="carry_over", passed=None, message=text)
    shown = in_readers_unit(found, main_scale(basis.trial))
    text = say(
        "Over both periods together, those who began with the tool lie {change} from the others. "
        "That is carry-over or a difference between the groups: this design cannot tell which, so "
        "it decides nothing.",
        change=span(basis, shown) if shown else "–",
    )
    return Check(name="carry_over", passed=None, message=text)


def secular_trend(basis: Basis, found: Sequence[Answer]) -> Check | None:
    """Which trend, had it come without the tool, would be the whole effect.

    Told on the promised scale; where that one is a gap, on the other.
    """
    if basis.trial.design.kind != "before_after":
        return None
    effect = _of_primary(basis, found)
    if effect is None:
        text = say("There is no effect, so which trend would be all of it cannot be told.")
        return Check(name="secular_trend", passed=None, message=text)
    gap = _gap(basis)
    if gap is not None and gap[0] <= 0:
        text = say("Work with the tool did not come later, so no trend over time can be told.")
        return Check(name="secular_trend", passed=None, message=text)
    if gap is None:
        text = say("How far before and after lie apart is not recorded, so no trend is ruled out.")
        return Check(name="secular_trend", passed=None, message=text)
    time, unit = gap
    rate = (
        100 * (effect.estimate ** (1 / time) - 1)
        if effect.scale == "ratio"
        else (effect.estimate / time)
    )
    told = (
        say("{rate:+0.00;-0.00} %", rate=rate) if effect.scale == "ratio" else _amount(basis, rate)
    )
    text = say(
        "Had the figure changed by {rate} a {unit} anyway, without the tool, that would be the "
        "whole effect. Nothing in this design rules it out.",
        rate=told,
        unit=unit,
    )
    return Check(name="secular_trend", passed=None, message=text)


def _of_primary(basis: Basis, found: Sequence[Answer]) -> Effect | None:
    """The primary metric's effect on the promised scale, else on the other one that has a rate."""
    effects = [one.result for one in found if isinstance(one.result, Effect)]
    mine = [e for e in effects if e.metric == basis.trial.primary.id and e.scale != "probability"]
    return min(mine, key=lambda e: not e.confirmatory, default=None)


def _amount(basis: Basis, rate: float) -> Text:
    if basis.trial.primary.unit is None:
        return say("{rate:+0.00;-0.00}", rate=rate)
    return say("{rate:+0.00;-0.00} {unit}", rate=rate, unit=basis.trial.primary.unit)


def _gap(basis: Basis) -> tuple[float, Text] | None:
    """How far apart the arms' tasks lie on average: months where there are dates, else periods."""
    trial = basis.trial
    used = usable(basis, basis.values(trial.primary, main_scale(trial)).known)
    day = days(basis.rows.table, basis.trial.design.date)
    order = basis.rows.period.of_rows
    for time, scale, unit in ((day, MONTH, say("month")), (order, 1.0, say("period"))):
        means = []
        for code in (0, 1):
            mine = used & (basis.rows.arm == code) & np.isfinite(time)
            means.append(float(time[mine].mean()) if mine.any() else np.nan)
        gap = (means[1] - means[0]) / scale
        if np.isfinite(gap):
            return float(gap), unit
    return None


def placebo(basis: Basis) -> Check | None:
    """Whether those who got the tool moved otherwise than the rest before anybody had it."""
    model = primary_model(basis)
    if basis.trial.design.kind != "difference_in_differences" or model is None:
        return None
    period = basis.rows.period.codes[model.row]
    start = period[model.arm == 1].min()
    ever = np.isin(model.cluster, np.unique(model.cluster[model.arm == 1]))
    before = period < start
    found = []
    columns = {name: column[before] for name, column in model.x.items()}
    early = replace(model, y=model.y[before], cluster=model.cluster[before])
    for cut in np.unique(period[before])[1:]:
        column = (ever & (period >= cut))[before].astype(np.float64)
        one = coefficient(basis, early.y, {**columns, "placebo": column}, "placebo", early)
        found += [one] if one else []
    if not found:
        text = say(
            "There are too few periods before anybody had the tool to see whether the teams moved "
            "alike."
        )
        return Check(name="placebo", passed=None, message=text)
    worst = max(found, key=lambda one: abs(one.value))
    moved = min(float(p) for p in holm([one.p_value for one in found]))
    text = say(
        "Before anybody had the tool, those who were to get it and the rest moved apart by at most "
        "{change} ({n} comparisons).",
        change=span(basis, worst),
        n=len(found),
    )
    return Check(name="placebo", passed=moved >= 1 - basis.trial.analysis.level, message=text)


def lengths_of_use(basis: Basis, found: Sequence[Answer]) -> Check | None:
    """Whether a roll-out's two averages tell the same story; they do not where people learn.

    Red where they lie more than five points apart and that is more than chance; further apart than
    that, and chance may be why, it cannot be told.
    """
    if basis.trial.design.kind != "stepped_wedge":
        return None
    effect = next((one.result for one in found if _decides(one)), None)
    other = next(
        (
            one.result
            for one in found
            if isinstance(one.result, Effect)
            and one.result.estimand == "exposure_average"
            and one.result.metric == basis.trial.primary.id
            and one.result.scale == main_scale(basis.trial)
        ),
        None,
    )
    if not isinstance(effect, Effect) or other is None:
        text = say("Whether the effect changes with the length of use cannot be told.")
        return Check(name="learning", passed=None, message=text)
    sure = more_than_chance(averages_apart(basis), basis.trial.analysis.level)
    one, two = effect.relative, other.relative
    if one is None or two is None:
        one, two = effect.estimate, other.estimate
        text = say(
            "Over all tasks the effect is {one:+0.00;-0.00}; with every length of use counted "
            "alike it is {two:+0.00;-0.00}.",
            one=one,
            two=two,
        )
        if effect.ci[0] <= two <= effect.ci[1]:
            return Check(name="learning", passed=True, message=text)
        return _parted(text, sure=sure)
    text = say(
        "Over all tasks the effect is {one:+0;-0} %; with every length of use counted alike it is "
        "{two:+0;-0} %.",
        one=100 * one,
        two=100 * two,
    )
    if abs(one - two) <= DIFFER:
        return Check(name="learning", passed=True, message=text)
    return _parted(text, sure=sure)


def _parted(text: Text, *, sure: bool) -> Check:
    """Averages that lie apart: red where that is more than chance, else it cannot be told."""
    if sure:
        text = say("{text} The difference is more than chance.", text=text)
    else:
        text = say("{text} The difference may be chance.", text=text)
    return Check(name="learning", passed=False if sure else None, message=text)


def averages_apart(basis: Basis) -> Estimate | Absence:
    """How far do a roll-out's two averages lie apart, on the model's scale?

    The plain effect is itself a weighted mean of the effects at each length of use: a length's
    weight is the arm's coefficient in a regression of "used so long" on all that the plan's model
    has. So the difference of the two is one contrast of the effects by length, with CR2's error.

    Source: the formula of omitted variables, Goldberger 1991; weights of this kind: Sun & Abraham
    2021, equation 16.
    """
    model = primary_model(basis)
    if model is None:
        return Absence("no_rows")
    used = lengths(basis, model)
    seen = [int(n) for n in np.unique(used[used > 0])]
    counted = [n for n in seen if len(np.unique(model.cluster[used == n])) >= LEAST_TEAMS]
    if not counted:
        return Absence("too_few")
    columns = {f"use = {n}": (used == n).astype(np.float64) for n in seen}
    weights = {}
    for n, (name, column) in zip(seen, columns.items(), strict=True):
        m = replace(model, y=column).moments()
        share = coefficients(m, solve(m)).get(ARM)
        if share is None:
            return Absence("not_identified")
        weights[name] = (1 / len(counted) if n in counted else 0.0) - share
    m = replace(model, exposure=columns).moments()
    return cr2(m, solve(m), weights)


def short_series(basis: Basis) -> Check | None:
    """Whether a series has so many periods that its uncertainty can be believed."""
    if basis.trial.design.kind != "interrupted_time_series":
        return None
    built = series_of(basis, basis.trial.primary, main_scale(basis.trial))
    if isinstance(built, Text):
        return None
    n, after = len(built.y), int(built.after.sum())
    told = {"before": n - after, "after": after, "least": LONG_SERIES, "none": LEAST_PERIODS}
    text = say(
        "The series has {before} periods before and {after} after. Below {least} in all the "
        "uncertainty is approximate and too narrow; below {none} none is given.",
        **told,
    )
    return Check(name="short_series", passed=n >= LONG_SERIES, message=text)


def slope(basis: Basis) -> Check | None:
    """How much a series' slope changed beside its level; shown: the level is decided on."""
    if basis.trial.design.kind != "interrupted_time_series":
        return None
    built = series_of(basis, basis.trial.primary, main_scale(basis.trial))
    found = None if isinstance(built, Text) else interrupted(built.y, built.time, built.after)
    if found is None or isinstance(found, Absence):
        return None
    one = inference("reml", found.autoregressive.slope, basis.trial)
    few = isinstance(one, Inference) and (one.df or 0.0) < LEAST_DF - ROUNDING
    shown = (
        None if isinstance(one, Absence) or few else in_readers_unit(one, main_scale(basis.trial))
    )
    if shown is None:
        text = say("Whether the slope changed too cannot be told from so few like periods.")
        return Check(name="slope", passed=None, message=text)
    text = say(
        "From one period to the next the figure changes by {change} more after the tool came than "
        "before.",
        change=span(basis, shown),
    )
    return Check(name="slope", passed=None, message=text)


def _decides(one: Answer) -> bool:
    return isinstance(one.result, Effect) and one.result.confirmatory
