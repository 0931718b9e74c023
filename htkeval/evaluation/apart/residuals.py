"""What the model leaves over, held against a normal distribution, several people at a time."""

from __future__ import annotations

import numpy as np

from htkeval.evaluation.apart.whose import behind, people
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.estimating import primary_model
from htkeval.evaluation.model import Model
from htkeval.in_groups import Residual
from htkeval.small_cells import FEWEST
from htkeval.stats.grouped import blocks
from htkeval.stats.scaling import Codes, Floats
from htkeval.text import Text, say

MOST = 20
"""Blocks at most."""


def residuals(basis: Basis) -> tuple[Residual, ...] | Text:
    """Are single tasks so far from the rest that they carry the result?

    On the scale of the main figure, so of logarithms for a ratio. Source: the normal scores are
    those of Hazen, (i - 1/2) / n; a block's are their mean.
    """
    from scipy.special import ndtri

    used, model = behind(basis), primary_model(basis)
    if isinstance(used, Text):
        return used
    if model is None or model.exposure:
        return say("The main figure does not come from one regression.")
    who, left = people(basis)[model.row], left_over(model)
    spread = float(np.sqrt(np.mean(left**2)))
    if not spread > 1e-12 * max(1.0, float(np.abs(model.y).max())) or (who == NONE).any():
        return say("The model leaves nothing over.")
    score = np.empty(len(left))
    score[np.argsort(left, kind="stable")] = ndtri((np.arange(len(left)) + 0.5) / len(left))
    made = blocks(left, who, least=FEWEST, most=MOST)
    if len(made) < 4:
        return say("There are too few tasks for a picture that shows nobody alone.")
    return tuple(
        Residual(round(float(score[one].mean()), 3), round(float(left[one].mean() / spread), 3))
        for one in made
    )


def left_over(model: Model) -> Floats:
    """(n,) the residuals of least squares, each cluster with a level of its own where it has one.

    Source: Frisch & Waugh 1933: all columns less their means by cluster, then least squares.
    """
    _, group = np.unique(model.cluster, return_inverse=True)
    group = group if model.absorbed else np.zeros_like(group)
    columns = [model.arm.astype(np.float64), *model.x.values()]
    y, *x = (_centred(one, group) for one in (model.y, *columns))
    design = np.column_stack(x)
    found = np.linalg.lstsq(design, y, rcond=None)[0]
    return np.asarray(y - design @ found)


def _centred(column: Floats, group: Codes) -> Floats:
    counts = np.bincount(group)
    return np.asarray(column - (np.bincount(group, weights=column) / counts)[group])
