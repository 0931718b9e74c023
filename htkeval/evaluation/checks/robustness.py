"""Checks of how much hangs on one unit, one weighting, one draw, one set of tasks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from htkeval.effect import Check, Effect, Gap, Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.estimating import (
    apart,
    in_readers_unit,
    main_scale,
    more_than_chance,
    primary_model,
)
from htkeval.evaluation.found import Answer
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model, build, planned
from htkeval.evaluation.panel.unknown import frame, outcome
from htkeval.evaluation.wording import how_many, the_units, units
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.bounds import tipping_point
from htkeval.stats.moments import Moments
from htkeval.stats.regression import cr2, solve
from htkeval.text import Text, say

MOST = 500
"""Beyond so many units none of them can turn the result, and leaving each out takes long."""
DIFFER = 0.05
"""Relative changes that lie further apart than this are different effects."""
MOVES = 0.4
"""One unit that moves the effect by more than this share of half its interval carries it.

In sound trials of 8 to 40 like units it does so in 0 to 3 % of them, and where units are of very
unlike size and react unlike in up to 15 %. A plain mean cannot move by more than its own standard
error when one is left out, so a share above a half would never be seen.
"""


def influence(basis: Basis) -> Check | None:
    """Whether leaving out one participant or team turns the result; who it is is never said.

    Red where that turns the sign of an effect that was there, or moves it far. Where only the
    verdict on "excludes no effect" turns, any trial near that border does so: it cannot be told.
    """
    model = primary_model(basis)
    if model is None:
        return None
    m, unit = model.moments(), units(basis.trial)
    whole = inference("cr2", cr2(m, solve(m), ARM), basis.trial)
    if len(m.rows) > MOST or isinstance(whole, Absence) or _few(whole):
        text = say("Whether one of the {units} turns the result was not looked at.", units=unit)
        return Check(name="influence", passed=None, message=text)
    found = [one for g in range(len(m.rows)) if (one := _without(basis, m, g)) is not None]
    told = [in_readers_unit(one, main_scale(basis.trial)) for one in found]
    values = [one.value for one in told if one is not None]
    if not values:
        text = say("The comparison falls when one of the {units} is left out.", units=unit)
        return Check(name="influence", passed=False, message=text)
    carried = sum(_carries(one, whole) for one in found)
    border = len(m.rows) - sum(not _few(one) and _sure(one) == _sure(whole) for one in found)
    text = say(
        "With {the_units} left out one at a time, the effect runs from {range}. In {carried} of "
        "these cases its sign turns or it moves far; in {border} the answer to whether it is more "
        "than chance changes or is lost.",
        the_units=the_units(basis.trial),
        range=_range(basis, min(values), max(values)),
        carried=how_many(basis.trial, carried),
        border=how_many(basis.trial, border),
    )
    if basis.method != "cr2":
        text = say(
            "{text} All of these are by least squares (CR2), not by the method that is reported.",
            text=text,
        )
    passed = False if carried else None if border else True
    return Check(name="influence", passed=passed, message=text)


def _range(basis: Basis, low: float, high: float) -> Text:
    if main_scale(basis.trial) == "ratio":
        return say("{low:+0.0;-0.0} to {high:+0.0;-0.0} %", low=low, high=high)
    return say("{low:+0.00;-0.00} to {high:+0.00;-0.00}", low=low, high=high)


def _without(basis: Basis, m: Moments, g: int) -> Inference | None:
    """The answer of all clusters but one; their sums are left out, the rows are not read again."""
    keep = np.arange(len(m.rows)) != g
    fewer = replace(
        m,
        rows=m.rows[keep],
        xx=m.xx[keep],
        xy=m.xy[keep],
        yy=m.yy[keep],
        absorbed=max(0, m.absorbed - 1),
    )
    found = inference("cr2", cr2(fewer, solve(fewer), ARM), basis.trial)
    return found if isinstance(found, Inference) else None


def _few(one: Inference) -> bool:
    """Whether an answer has fewer degrees of freedom than are ever reported."""
    return one.df is not None and one.df < LEAST_DF - ROUNDING


def _sure(one: Inference) -> bool:
    return not one.ci[0] <= 0 <= one.ci[1]


def _carries(one: Inference, whole: Inference) -> bool:
    """Whether the one left out turned the sign of an effect that is there, or moved it far."""
    turned = _sure(whole) and (one.estimate > 0) != (whole.estimate > 0)
    half = whole.ci[1] / 2 - whole.ci[0] / 2
    return turned or abs(one.estimate / 2 - whole.estimate / 2) > MOVES * half / 2


def informative_size(basis: Basis, found: Sequence[Answer]) -> Check | None:
    """Whether people or teams with many tasks have another effect than those with few.

    Red where the two weightings lie more than five points apart and that is more than chance;
    further apart than that, and chance may be why, it cannot be told.
    """
    effect = next((one.result for one in found if _decides(one)), None)
    model = primary_model(basis)
    if not isinstance(effect, Effect) or model is None:
        return None
    now = planned(basis.trial)
    other = build(basis, basis.trial.primary, effect.scale, replace(now, by_unit=not now.by_unit))
    value = _estimate(other) if isinstance(other, Model) else None
    shown = None if value is None else math.exp(value) if effect.scale == "ratio" else value
    mine, its = effect.relative, None if shown is None else effect.relative_of(shown)
    if mine is None or its is None or not isinstance(other, Model):
        text = say(
            "Whether it matters if tasks or {units} count the same cannot be told.",
            units=units(basis.trial),
        )
        return Check(name="informative_size", passed=None, message=text)
    by_task, by_unit = (its, mine) if now.by_unit else (mine, its)
    text = say(
        "Where every task counts the same, the change is {task:+0.0;-0.0} %; where all {units} "
        "count the same, it is {unit:+0.0;-0.0} %.",
        task=100 * by_task,
        unit=100 * by_unit,
        units=units(basis.trial),
    )
    if abs(mine - its) <= DIFFER:
        return Check(name="informative_size", passed=True, message=text)
    gap = apart(model.moments(), other.moments())
    if more_than_chance(gap, basis.trial.analysis.level):
        text = say("{text} The difference is more than chance.", text=text)
        return Check(name="informative_size", passed=False, message=text)
    text = say("{text} The difference may be chance.", text=text)
    return Check(name="informative_size", passed=None, message=text)


def _estimate(model: Model) -> float | None:
    m = model.moments()
    found = cr2(m, solve(m), ARM)
    return None if isinstance(found, Absence) else found.value


def confidence_set(found: Sequence[Answer]) -> Check | None:
    """Whether the shifts that re-randomisation does not reject are one piece."""
    fit = next((one.fit for one in found if _decides(one)), None)
    if fit is None or fit.whole is None:
        return None
    text = (
        say("The values that fit the draw are one piece, without a hole.")
        if fit.whole
        else say("The values that fit the draw have a hole; the interval spans it.")
    )
    return Check(name="confidence_set", passed=fit.whole, message=text)


def same_tasks(basis: Basis) -> Check | None:
    """That a result over a few tasks that all do holds for these tasks."""
    if not basis.crossed:
        return None
    task = basis.rows.words(basis.trial.design.task).codes
    n = len(np.unique(task[basis.rows.counted & (task != NONE)]))
    text = say(
        "The same {n} tasks were done by several people, so the result holds for these tasks. The "
        "calculations where each task has a level of its own, and where the uncertainty comes from "
        "both people and tasks, show how far beyond them it reaches.",
        n=n,
    )
    return Check(name="same_tasks", passed=None, message=text)


def tipping(basis: Basis, answers: Sequence[Answer]) -> Check | None:
    """How far off what is missing in an arm would have to be to undo the finding, arm by arm.

    Asked of a difference that is reported and more than chance, of rows that count alike.
    """
    metric = basis.trial.primary
    model = primary_model(basis)
    if model is None or model.by_unit or metric.exposure is not None or metric.source == "banded":
        return None
    found = next((one for one in answers if _is_difference(metric, one.result)), None)
    if found is None or found.fit is None or (found.fit.df or 0.0) < LEAST_DF - ROUNDING:
        return None
    at = frame(basis, metric)
    if at is None:
        return None
    values, seen = outcome(basis, metric)
    y, known = values[at.used], seen[at.used]
    if known.all() or not known.any():
        return None
    level = basis.trial.analysis.level
    # an arm's missing values are shifted where the statistic takes that arm for the treated one
    without, using = (
        tipping_point(y, known, mine, cluster=at.cluster, level=level, x=at.x, absorb=at.absorb)
        for mine in (1 - at.arm, at.arm)
    )
    if not isinstance(using, Absence) and not isinstance(without, Absence):
        text = say(
            "The values missing with the tool would have to lie {shift} from what is expected, or "
            "those missing without it {base}, before the difference (by CR2) could be chance.",
            shift=_shift(metric, using),
            base=_shift(metric, without),
        )
    elif not isinstance(using, Absence):
        text = say(
            "The values missing with the tool would have to lie {shift} from what is expected, "
            "before the difference (by CR2) could be chance.",
            shift=_shift(metric, using),
        )
    elif not isinstance(without, Absence):
        text = say(
            "The values missing without the tool would have to lie {base} from what is expected, "
            "before the difference (by CR2) could be chance.",
            base=_shift(metric, without),
        )
    else:
        return None
    return Check(name="tipping_point", passed=None, message=text)


def _is_difference(metric: Metric, result: Effect | Gap) -> bool:
    """Whether it is the metric's difference, and no difference at all lies outside its interval."""
    return (
        isinstance(result, Effect)
        and (result.metric, result.scale, result.estimand) == (metric.id, "difference", "effect")
        and not result.ci[0] <= 0 <= result.ci[1]
    )


def _shift(metric: Metric, value: float) -> Text:
    """A shift in the metric's unit."""
    if metric.unit is None:
        return say("{value:+0.00;-0.00}", value=value)
    return say("{value:+0.00;-0.00} {unit}", value=value, unit=metric.unit)


def _decides(one: Answer) -> bool:
    return isinstance(one.result, Effect) and one.result.confirmatory
