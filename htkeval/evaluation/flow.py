"""What becomes of each row on its way to the figure that the trial is decided on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.model import usable
from htkeval.evaluation.roads.unfinished import often
from htkeval.progress import Fate
from htkeval.trial import ARMS, Arm, Trial

if TYPE_CHECKING:
    import pyarrow as pa

Counts = dict[Fate, dict[Arm, int]]


def fates(trial: Trial, table: pa.Table) -> Counts:
    """How many rows of a snapshot have each fate, by arm; each row has one, the first that holds.

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
    found: Counts = {}
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
        found[fate] = {arm: int((mine & (rows.arm == code)).sum()) for code, arm in enumerate(ARMS)}
        left &= ~mine
    return found
