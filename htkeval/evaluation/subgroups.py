"""The effect by kind of task and by effect modifier, each group drawn towards the common one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from htkeval.effect import Scale, Subgroup
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.columns import NONE, Bools, words
from htkeval.evaluation.effects import as_shown
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.method import LEAST_DF
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model, build, planned
from htkeval.evaluation.rows import Rows
from htkeval.metric import Metric
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.regression import cr2, solve
from htkeval.stats.shrinkage import shrink
from htkeval.trial import Trial

MOST = 12
"""A column with more words than this is no grouping."""
FEWEST = 5
"""Fewer people than this are not shown by themselves."""


def modifiers(trial: Trial) -> tuple[str, ...]:
    """The columns by which the effect is looked at."""
    names = (trial.design.task_type, *trial.analysis.effect_modifiers)
    return tuple(dict.fromkeys(name for name in names if name))


def subgroups(basis: Basis) -> tuple[Subgroup, ...]:
    """The primary effect in every group that can be told, by CR2 within the group."""
    if basis.trial.design.kind == "interrupted_time_series":
        return ()
    return tuple(one for name in modifiers(basis.trial) for one in _by(basis, name))


def _by(basis: Basis, column: str) -> Iterator[Subgroup]:
    trial, metric, scale = basis.trial, basis.trial.primary, main_scale(basis.trial)
    read = words(basis.rows.table, column)
    if len(read.labels) > MOST:
        return
    found = [
        (label, *group)
        for code, label in enumerate(read.labels)
        if (group := _within(basis, metric, scale, read.codes == code)) is not None
    ]
    estimates = np.array([estimate.value for _, _, estimate in found])
    errors = np.array([estimate.se for _, _, estimate in found])
    together = shrink(estimates, errors)
    if isinstance(together, Absence):
        return
    for (label, model, estimate), value in zip(found, together.values, strict=True):
        one = inference("cr2", estimate, trial)
        shown = None if isinstance(one, Absence) else as_shown(one, scale)
        if shown is None:
            continue
        drawn = float(np.exp(value)) if scale == "ratio" else float(value)
        yield Subgroup(
            metric=metric.id,
            scale=scale,
            column=column,
            value=label,
            tasks=len(model.y),
            clusters=len(np.unique(model.cluster)),
            estimate=shown[0],
            ci=shown[1],
            shrunken=drawn,
        )


def _within(
    basis: Basis, metric: Metric, scale: Scale, which: Bools
) -> tuple[Model, Estimate] | None:
    """The model and its answer among some rows; None where it has none that would be reported."""
    rows: Rows = replace(basis.rows, excluded=basis.rows.excluded | ~which)
    apart = replace(basis, rows=rows)
    model = build(apart, metric, scale, planned(basis.trial))
    if (
        not isinstance(model, Model)
        or len(np.unique(model.cluster[model.cluster != NONE])) < FEWEST
    ):
        return None
    m = model.moments()
    found = cr2(m, solve(m), ARM)
    usable = isinstance(found, Estimate) and found.df >= LEAST_DF
    return (model, found) if usable and isinstance(found, Estimate) else None
