"""Checks of how much hangs on one unit, one weighting, one draw, one set of tasks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from htkeval.effect import Check, Effect, Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.columns import NONE, words
from htkeval.evaluation.estimating import in_readers_unit, main_scale, primary_model
from htkeval.evaluation.found import Answer
from htkeval.evaluation.lots import Lots
from htkeval.evaluation.method import ROUNDING
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model, build, planned
from htkeval.evaluation.sensitivity import crossed
from htkeval.evaluation.unknown import plain
from htkeval.evaluation.wording import units
from htkeval.stats.answer import Absence
from htkeval.stats.bounds import tipping_point
from htkeval.stats.moments import Moments
from htkeval.stats.regression import cr2, solve
from htkeval.text import Text, say

MOST = 500
"""Beyond so many units none of them can turn the result, and leaving each out takes long."""
DIFFER = 0.05
"""Relative changes that lie further apart than this are different effects."""


def influence(basis: Basis) -> Check | None:
    """Whether leaving out one participant or team turns the result; who it is is never said."""
    model = primary_model(basis)
    if model is None:
        return None
    m = model.moments()
    whole = inference("cr2", cr2(m, solve(m), ARM), basis.trial)
    if len(m.rows) > MOST or isinstance(whole, Absence):
        text = say(
            "Whether one of the {units} turns the result was not looked at.",
            units=units(basis.trial),
        )
        return Check(name="influence", passed=None, message=text)
    found = [one for g in range(len(m.rows)) if (one := _without(basis, m, g)) is not None]
    told = [in_readers_unit(one, main_scale(basis.trial)) for one in found]
    values = [one.value for one in told if one is not None]
    if not values:
        text = say(
            "The comparison falls when one of the {units} is left out.", units=units(basis.trial)
        )
        return Check(name="influence", passed=False, message=text)
    turns = sum(_turns(one, whole) for one in found) + len(m.rows) - len(found)
    text = say(
        "With the {n} {units} left out one at a time, the effect runs from {range}. In {turns} of "
        "these cases the result says something else.",
        n=len(m.rows),
        units=units(basis.trial),
        range=_range(basis, min(values), max(values)),
        turns=turns,
    )
    return Check(name="influence", passed=turns == 0, message=text)


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


def _turns(one: Inference, whole: Inference) -> bool:
    sign = (one.estimate > 0) != (whole.estimate > 0)
    return sign or (one.ci[0] <= 0 <= one.ci[1]) != (whole.ci[0] <= 0 <= whole.ci[1])


def informative_size(basis: Basis, found: Sequence[Answer]) -> Check | None:
    """Whether people or teams with many tasks have another effect than those with few."""
    effect = next((one.result for one in found if _decides(one)), None)
    if not isinstance(effect, Effect) or primary_model(basis) is None:
        return None
    now = planned(basis.trial)
    other = build(basis, basis.trial.primary, effect.scale, replace(now, by_unit=not now.by_unit))
    value = _estimate(other) if isinstance(other, Model) else None
    shown = None if value is None else math.exp(value) if effect.scale == "ratio" else value
    mine, its = effect.relative, None if shown is None else effect.relative_of(shown)
    if mine is None or its is None:
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
    return Check(name="informative_size", passed=abs(mine - its) <= DIFFER, message=text)


def _estimate(model: Model) -> float | None:
    m = model.moments()
    found = cr2(m, solve(m), ARM)
    return None if isinstance(found, Absence) else found.value


def draw_reaches(basis: Basis) -> Check | None:
    """Whether the draw can fall in enough ways for the level that was asked for."""
    if basis.lots is None:
        return None
    if not isinstance(basis.lots, Lots):
        return Check(name="draw_reaches", passed=False, message=basis.lots)
    alpha = 1 - basis.trial.analysis.level
    if basis.lots.exact:
        text = say(
            "The draw could have fallen in {n:#,##0} ways, so the smallest possible p-value is "
            "{p:0.000#}.",
            n=len(basis.lots.arms),
            p=basis.lots.floor,
        )
    else:
        text = say(
            "The draw could have fallen in more than {n:#,##0} ways; {draws:#,##0} of them were "
            "drawn from seed {seed}.",
            n=100_000,
            draws=basis.lots.draws,
            seed=str(basis.lots.seed),
        )
    if not basis.lots.blocks_told:
        text = say("{text} The blocks cannot be told from the rows.", text=text)
    return Check(name="draw_reaches", passed=basis.lots.floor <= alpha + ROUNDING, message=text)


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
    if not crossed(basis):
        return None
    task = words(basis.rows.table, basis.trial.design.task).codes
    n = len(np.unique(task[basis.rows.counted & (task != NONE)]))
    text = say(
        "The same {n} tasks were done by several people, so the result holds for these tasks. The "
        "calculations where each task has a level of its own, and where the uncertainty comes from "
        "both people and tasks, show how far beyond them it reaches.",
        n=n,
    )
    return Check(name="same_tasks", passed=None, message=text)


def tipping(basis: Basis) -> Check | None:
    """How much worse what is missing with the tool would have to be to undo the finding."""
    metric = basis.trial.primary
    model = primary_model(basis)
    if model is None or model.by_unit or metric.source == "banded":
        return None
    y, known, arm, cluster = plain(basis, metric)
    if known.all() or not known.any():
        return None
    found = tipping_point(y, known, arm, cluster=cluster, level=basis.trial.analysis.level)
    if isinstance(found, Absence):
        return None
    text = say(
        "The values missing with the tool would have to lie {shift:+0.00;-0.00} from those "
        "measured, before plain averages no longer showed a difference.",
        shift=found,
    )
    if metric.unit is not None:
        text = say(
            "The values missing with the tool would have to lie {shift:+0.00;-0.00} {unit} from "
            "those measured, before plain averages no longer showed a difference.",
            shift=found,
            unit=metric.unit,
        )
    return Check(name="tipping_point", passed=None, message=text)


def _decides(one: Answer) -> bool:
    return isinstance(one.result, Effect) and one.result.confirmatory
