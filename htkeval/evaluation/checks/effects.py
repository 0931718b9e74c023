"""Checks that read what was computed: few units, redundant columns, long tails."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from htkeval.effect import Check, Effect
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.beside import all_told, number, whose
from htkeval.evaluation.effects import is_confirmatory
from htkeval.evaluation.estimating import main_scale, primary_model
from htkeval.evaluation.found import Answer
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.model import OWN_EFFECTS, usable
from htkeval.evaluation.wording import FEW, units
from htkeval.stats.answer import Absence
from htkeval.stats.spread import log_variance_ratio
from htkeval.text import Text, say
from htkeval.trial import Trial

ALIKE = (2 / 3, 3 / 2)
"""Ratios of variances inside this are no different tail."""


def confirmatory(trial: Trial, answers: Sequence[Answer]) -> Answer | None:
    """What came of the one comparison that the trial is decided on."""
    primary = (one for one in answers if one.result.metric == trial.primary.id)
    found = (one for one in primary if is_confirmatory(trial, trial.primary, one.result.scale))
    return next(found, None)


def few_clusters(basis: Basis, answers: Sequence[Answer]) -> Check | None:
    """Whether enough participants or teams carry the comparison."""
    trial = basis.trial
    if trial.design.kind == "interrupted_time_series":
        return None
    who = _carrying(basis)
    n, sized = len(who), all_told(trial, basis.rows, who)
    found = confirmatory(trial, answers)
    df = found.fit.df if found and found.fit else None
    sure = df is not None and df >= LEAST_DF - ROUNDING
    text = _rests_on(basis, who, uneven=df is not None and not sure)
    if df is not None and basis.method == "rerandomisation":
        text = say("{text} {drawn}", text=text, drawn=_from_the_draw(trial, sure=sure))
        if sized:  # degrees of freedom count people
            text = say("{text} CR2 beside it has {df:0.0} degrees of freedom.", text=text, df=df)
    elif df is not None and sized:
        text = say("{text} It has {df:0.0} degrees of freedom.", text=text, df=df)
    if n >= FEW and (df is None or trial.primary.source == "banded"):  # bounds have no df
        return Check(name="few_clusters", passed=None, message=text)
    return Check(name="few_clusters", passed=n >= FEW and sure, message=text)


def _from_the_draw(trial: Trial, *, sure: bool) -> Text:
    """What the lottery's own answer is worth with so few."""
    if sure:
        return say("What is reported comes from the draw and holds for few.")
    return say(
        "What is reported comes from the draw, which is exact where AI does the same to all; where "
        "{units} react differently, so few on one side can make it alarm twice as often as "
        "promised.",
        units=units(trial),
    )


def _rests_on(basis: Basis, who: Collection[int], *, uneven: bool) -> Text:
    """How many carry it; many of whom a few have nearly all the say count as few."""
    trial = basis.trial
    of = {"n": number(trial, basis.rows, who, enough=FEW), "units": units(trial)}
    if len(who) >= FEW and uneven:
        return say(
            "The comparison rests on {n} {units}, but some of them have so much of the say that "
            "they count as few.",
            **of,
        )
    return say(
        "The comparison rests on {n} {units}; from {few} on, no single one decides much.",
        **of,
        few=FEW,
    )


def _carrying(basis: Basis) -> set[int]:
    """Units with usable rows; in both arms where each is compared with itself and no period is."""
    trial, rows = basis.trial, basis.rows
    used = usable(basis, basis.values(trial.primary, main_scale(trial)).known)
    baseline, treatment = (whose(rows, used & (rows.arm == code)) for code in (0, 1))
    both = trial.design.kind in OWN_EFFECTS and trial.cluster_column == trial.design.participant
    return baseline & treatment if both else baseline | treatment


def redundant_covariates(trial: Trial, answers: Sequence[Answer]) -> Check | None:
    """Whether a covariate says only what other columns already say."""
    found = confirmatory(trial, answers)
    if found is None or found.fit is None:
        return None
    dropped = found.fit.dropped
    series = trial.design.kind == "interrupted_time_series"  # has no covariates
    if (series or not trial.covariates) and not dropped:
        return None
    text = (
        say(
            "Left out because other columns already say the same: {columns}.",
            columns=", ".join(dropped),
        )
        if dropped
        else say("No covariate says only what other columns already say.")
    )
    return Check(name="redundant_covariates", passed=not dropped, message=text)


def tail(basis: Basis, answers: Sequence[Answer]) -> Check | None:
    """Whether the typical task and the sum of minutes tell the same story.

    A few tasks that go badly wrong move the sum and hardly the typical task. Red beyond ten points,
    where the signs differ and at least one of the two effects is there at all (two estimates about
    nothing have unlike signs half the time), and where the spread of the logarithms differs.
    """
    trial = basis.trial
    if trial.primary.kind != "duration":
        return None
    effects = [one.result for one in answers if isinstance(one.result, Effect)]
    mine = [e for e in effects if e.metric == trial.primary.id and e.estimand == "effect"]
    by_scale = {one.scale: one.relative for one in mine}
    typical, average = by_scale.get("ratio"), by_scale.get("difference")
    there = any(not one.ci[0] <= one.null <= one.ci[1] for one in mine)
    if typical is None or average is None:
        text = say("Whether the typical task and the average moved alike cannot be told.")
        return Check(name="tail", passed=None, message=text)
    text = say(
        "The typical task changed by {typical:+#,##0;-#,##0} %, the average, which money follows, "
        "by {average:+#,##0;-#,##0} %.",
        typical=100 * typical,
        average=100 * average,
    )
    alike = abs(typical - average) <= 0.10 and not (there and typical * average < 0)
    spread = _spread(basis)
    if spread is not None:
        ratio, low, high = spread
        text = say(
            "{text} The spread (variance of the logarithm of the time) is {ratio:0.00} times as "
            "large with the tool ({low:0.00} to {high:0.00}).",
            text=text,
            ratio=ratio,
            low=low,
            high=high,
        )
        alike = alike and not ((high < 1 or low > 1) and not ALIKE[0] <= ratio <= ALIKE[1])
    return Check(name="tail", passed=alike, message=text)


def _spread(basis: Basis) -> tuple[float, float, float] | None:
    """Ratio of the arms' variances of log minutes and its interval; None where it has none."""
    from dataclasses import replace

    trial = basis.trial.model_copy(
        update={"analysis": basis.trial.analysis.model_copy(update={"primary_scale": "ratio"})}
    )
    model = primary_model(replace(basis, trial=trial))
    if model is None or model.by_unit:
        return None
    found = log_variance_ratio(model.y, arm=model.arm, cluster=model.cluster)
    interval = (
        Absence("no_spread") if isinstance(found, Absence) else found.interval(trial.analysis.level)
    )
    if isinstance(found, Absence) or isinstance(interval, Absence):
        return None
    with np.errstate(over="ignore"):
        shown = np.exp([found.value, *interval])
    return (float(shown[0]), float(shown[1]), float(shown[2])) if np.isfinite(shown).all() else None
