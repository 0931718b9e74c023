"""The effect by kind of task and by effect modifier, each group drawn towards the common one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from htkeval.effect import Scale, Subgroup
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools, Words
from htkeval.evaluation.data.rows import Rows
from htkeval.evaluation.data.told import few_people, told
from htkeval.evaluation.effects import as_shown
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model, build, planned
from htkeval.metric import Metric
from htkeval.small_cells import FEWEST, small
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.regression import cr2, solve
from htkeval.stats.scaling import Codes
from htkeval.stats.shrinkage import shrink
from htkeval.trial import Trial

MOST = 12
"""A column with more words than this is no grouping."""


def modifiers(trial: Trial) -> tuple[str, ...]:
    """The columns by which the effect is looked at."""
    names = (trial.design.task_type, *trial.analysis.effect_modifiers)
    return tuple(dict.fromkeys(name for name in names if name))


def subgroups(basis: Basis) -> tuple[Subgroup, ...]:
    """The primary effect in every group that can be told, by CR2 within the group."""
    if basis.trial.design.kind == "interrupted_time_series":
        return ()
    return tuple(
        one for name in modifiers(basis.trial) for one in by(basis, name, basis.rows.words(name))
    )


def by(basis: Basis, column: str, read: Words) -> Iterator[Subgroup]:
    """The primary effect in every group that can be told.

    Args:
        basis: Trial and rows.
        column: What the groups are called.
        read: In which group each row is.
    """
    trial, metric, scale = basis.trial, basis.trial.primary, main_scale(basis.trial)
    if len(read.labels) > MOST:
        return
    few = [_few(basis, read.codes == code) for code in range(len(read.labels))]
    groups = [
        group
        for code, label in enumerate(read.labels)
        if not few[code]
        and (group := _within(basis, metric, scale, label, read.codes == code)) is not None
    ]
    out = np.isin(read.codes, np.flatnonzero(few))
    while any(few) and groups and _few(basis, out):  # the whole less the others would be these few
        least = min(groups, key=lambda one: len(one.row))
        groups.remove(least)
        out |= read.codes == read.labels.index(least.label)
    together = shrink(
        np.array([group.estimate.value for group in groups]),
        np.array([group.estimate.se for group in groups]),
    )
    if isinstance(together, Absence):
        return
    every = np.zeros(len(basis.rows.arm), dtype=np.bool_)
    every[np.concatenate([group.row for group in groups])] = True
    counted = told(basis.trial, basis.rows, every)  # together they are the rows of the result
    for group, value in zip(groups, together.values, strict=True):
        one = inference("cr2", group.estimate, trial)
        shown = None if isinstance(one, Absence) else as_shown(one, scale)
        if shown is None:
            continue
        yield Subgroup(
            metric=metric.id,
            scale=scale,
            column=column,
            value=group.label,
            tasks=len(group.row) if counted else None,
            clusters=None if _few_beside(basis, group.row, every) else group.clusters,
            estimate=shown[0],
            ci=shown[1],
            shrunken=float(np.exp(value)) if scale == "ratio" else float(value),
        )


def _few_beside(basis: Basis, row: Codes, every: Bools) -> bool:
    """Whether one to four of the people of all groups, or of all rows, are not in one group."""
    codes = basis.rows.words(basis.trial.design.participant).codes
    mine = {*codes[row].tolist(), NONE}
    wholes = (every, basis.rows.arm != NONE)
    return any(small(len({*codes[whole].tolist()} - mine)) for whole in wholes)


def _few(basis: Basis, which: Bools) -> bool:
    """Whether a group has an arm of fewer than five people."""
    rows = basis.rows
    return any(few_people(basis.trial, rows, rows.in_arm(code) & which) for code in (0, 1))


@dataclass(frozen=True)
class Group:
    """The rows that say the same in one column, and their effect."""

    label: str
    """What they say."""
    row: Codes
    """(n,) the rows that are used."""
    clusters: int
    """Participants or teams."""
    estimate: Estimate
    """The effect among them, on the model's scale."""


def _within(basis: Basis, metric: Metric, scale: Scale, label: str, which: Bools) -> Group | None:
    """The effect among some rows; None where it is none that would be reported."""
    rows: Rows = replace(basis.rows, excluded=basis.rows.excluded | ~which)
    model = build(replace(basis, rows=rows), metric, scale, planned(basis.trial))
    if not isinstance(model, Model):
        return None
    clusters = len(np.unique(model.cluster[model.cluster != NONE]))
    m = model.moments()
    found = cr2(m, solve(m), ARM)
    if clusters < FEWEST or not isinstance(found, Estimate) or found.df < LEAST_DF - ROUNDING:
        return None
    return Group(label, model.row, clusters, found)
