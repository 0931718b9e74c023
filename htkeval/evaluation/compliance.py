"""What the tool did for those who used it because they were drawn to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htkeval.effect import Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.columns import NONE
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model
from htkeval.evaluation.rows import realised
from htkeval.stats.instrument import complier_effect
from htkeval.stats.moments import moments
from htkeval.stats.regression import cr2, solve


def answers(basis: Basis, model: Model) -> Iterator[tuple[str, Inference]]:
    """The complier effect, and what those who used the tool had, which is an association only.

    None where it is not recorded under which arm tasks were done, or all were as drawn.
    """
    if basis.trial.design.realised_arm is None or model.by_unit or model.exposure:
        return
    done = realised(basis.trial, basis.rows.table)[model.row]
    known = done != NONE
    if not known.any() or (done[known] == model.arm[known]).all():
        return
    y, cluster = model.y[known], model.cluster[known]
    x = {name: column[known] for name, column in model.x.items()}
    used, assigned = done[known].astype(np.float64), model.arm[known].astype(np.float64)
    effects = cluster if model.absorbed else None
    complier = complier_effect(
        y, realised=used, assigned=assigned, x=x, cluster=cluster, absorb=effects
    )
    m = moments(y, {**x, ARM: used}, cluster=cluster, absorb=effects)
    found = {"complier": complier, "per_protocol": cr2(m, solve(m), ARM)}
    for name, one in found.items():
        shown = inference("cr2", one, basis.trial)
        if isinstance(shown, Inference):
            yield name, shown
