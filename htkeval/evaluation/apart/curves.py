"""How the primary metric is spread in each arm: a distribution function of several people."""

from __future__ import annotations

import numpy as np

from htkeval.evaluation.apart.whose import behind, people, values
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.told import told
from htkeval.in_groups import ArmCurve
from htkeval.small_cells import FEWEST
from htkeval.stats.grouped import crossing, cuts, grid_step, shares
from htkeval.text import Text, say
from htkeval.trial import ARMS

FINE, COARSE = 1.0, 5.0
"""Per cent to which a share is rounded; coarse where the number of rows is not told, so that it
does not follow from shares: with twenty rows or more every number of them fits."""
ENOUGH = 20
"""Rows of an arm."""
FEW_CUTS = 3
"""Points below which a line is no curve."""


def curves(basis: Basis) -> tuple[ArmCurve, ...] | Text:
    """Which share of the tasks of each arm is at or below a value?

    Between two points, and beyond the outermost, lie tasks of five people at least; the points lie
    on round values, and shares are rounded.
    """
    metric = basis.trial.primary
    if metric.exposure is not None or metric.kind in ("binary", "share"):
        return say("What is counted as a share has no distribution over tasks.")
    used = behind(basis)
    if isinstance(used, Text):
        return used
    every, who, rows = values(basis), people(basis), basis.rows
    counted = told(basis.trial, rows, used)
    arms = [used & (rows.arm == code) for code in range(len(ARMS))]
    if not counted and min(np.count_nonzero(mine) for mine in arms) < ENOUGH:
        return say("There are too few tasks for a curve that shows nobody alone.")
    step = grid_step(every[used])
    made = []
    for arm, mine in zip(ARMS, arms, strict=True):
        at = cuts(every[mine], who[mine], step=step, least=FEWEST)
        if len(at) < FEW_CUTS:
            return say("There are too few tasks for a curve that shows nobody alone.")
        unit = FINE if counted else COARSE
        height = np.round(100 * shares(every[mine], at) / unit) * unit
        points = tuple((float(f"{x:.12g}"), float(y)) for x, y in zip(at, height, strict=True))
        made.append(ArmCurve(arm, points, crossing(at, height, 50.0)))
    return tuple(made)
