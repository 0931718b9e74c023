"""What becomes of each row on its way to the figure that the trial is decided on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.rows import Rows, read
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.model import usable
from htkeval.evaluation.roads.unfinished import often
from htkeval.progress import Fate
from htkeval.trial import ARMS, Arm, Trial

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Group:
    """Rows of one arm with one fate."""

    rows: int
    """How many."""
    people: frozenset[str] | None
    """Whose they are; None where rows name nobody."""


@dataclass(frozen=True)
class Became:
    """What became of rows."""

    fates: dict[Fate, dict[Arm, Group]]
    """By fate and arm."""
    refused: frozenset[str] | None
    """Whose rows say that the task was refused; None where rows name nobody."""
    otherwise: frozenset[str] | None
    """Whose rows say so that have another fate all the same."""
    rest: frozenset[str] | None
    """Whose rows do not say so."""


def fates(trial: Trial, table: pa.Table) -> Became:
    """Which rows of a snapshot have each fate, by arm, and whose.

    Each row has one, the first that holds.

    What counts is what the analysis counts (`model.usable`): its tasks are the rows `analysed`.

    Args:
        trial: The definition.
        table: The rows that nobody left out, as a snapshot holds them.
    """
    rows = read(trial, table)
    plain = Basis(trial, rows, None, "cr2")  # no figure is computed, so no method is used
    basis = replace(plain, capped=frozenset(m.id for m in trial.metrics if often(plain, m)))
    known = basis.values(trial.primary, main_scale(trial)).known
    left = rows.arm != NONE
    found: dict[Fate, dict[Arm, Group]] = {}
    hits: tuple[tuple[Fate, Bools], ...] = (
        ("wash_in", rows.washed),
        ("rule", rows.excluded),
        ("refused", rows.refused & ~known),
        ("abandoned", rows.abandoned & ~known),
        ("missing", ~known),
        ("nobody", ~usable(basis, known, covariates=False) & (rows.cluster == NONE)),
        ("no_period", ~usable(basis, known, covariates=False)),
        ("covariate", ~usable(basis, known)),
        ("analysed", left),
    )
    for fate, hit in hits:
        mine = left & hit
        found[fate] = {
            arm: _group(trial, rows, mine & (rows.arm == code)) for code, arm in enumerate(ARMS)
        }
        left &= ~mine
    said, whole = rows.refused & (rows.arm != NONE), rows.arm != NONE
    plainly = said & ~rows.washed & ~rows.excluded & ~known
    return Became(
        fates=found,
        refused=_whose(trial, rows, said),
        otherwise=_whose(trial, rows, said & ~plainly),
        rest=_whose(trial, rows, whole & ~said),
    )


def _group(trial: Trial, rows: Rows, which: Bools) -> Group:
    return Group(int(which.sum()), _whose(trial, rows, which))


def _whose(trial: Trial, rows: Rows, which: Bools) -> frozenset[str] | None:
    column = trial.design.participant
    if column is None:
        return None
    who = rows.words(column)
    codes = np.unique(who.codes[which])
    return frozenset(who.labels[code] for code in codes if code != NONE)
