"""What the tool did for those who used it because they were drawn to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from htkeval.effect import Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.columns import NONE
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model
from htkeval.evaluation.rows import realised
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.instrument import anderson_rubin, complier_effect
from htkeval.stats.moments import moments
from htkeval.stats.regression import cr2, solve
from htkeval.stats.scaling import Codes, Floats


def answers(basis: Basis, model: Model) -> Iterator[tuple[str, Inference]]:
    """The complier effect, and two figures that are an association and no effect.

    `as_treated` compares the arms in which tasks were in fact done; `per_protocol` compares the
    drawn arms among the tasks that were done as drawn. Who keeps to a draw is not drawn.

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
    found = {
        "complier": complier,
        "as_treated": cr2(m, solve(m), ARM),
        "per_protocol": _as_drawn(y, used, assigned, x, cluster, effects),
    }
    for name, one in found.items():
        shown = inference("cr2", one, basis.trial)
        if isinstance(shown, Inference):
            yield name, shown
    yield from _anderson_rubin(basis, complier, y, used, assigned, x, cluster, effects)


def _as_drawn(
    y: Floats,
    used: Floats,
    assigned: Floats,
    x: Mapping[str, Floats],
    cluster: Codes,
    effects: Codes | None,
) -> Estimate | Absence:
    """The drawn arms compared among the tasks that were done as drawn."""
    kept = used == assigned
    if not kept.any():
        return Absence("no_rows")
    columns = {name: column[kept] for name, column in {**x, ARM: assigned}.items()}
    absorb = None if effects is None else effects[kept]
    m = moments(y[kept], columns, cluster=cluster[kept], absorb=absorb)
    return cr2(m, solve(m), ARM)


def _anderson_rubin(
    basis: Basis,
    complier: Estimate | Absence,
    y: Floats,
    used: Floats,
    assigned: Floats,
    x: Mapping[str, Floats],
    cluster: Codes,
    effects: Codes | None,
) -> Iterator[tuple[str, Inference]]:
    """The complier effect with an interval that holds however weakly the draw moved the use.

    Its p-value is that of the draw's own effect: no use effect means no effect of the draw.
    """
    level = basis.trial.analysis.level
    region = anderson_rubin(
        y, realised=used, assigned=assigned, x=x, cluster=cluster, absorb=effects, level=level
    )
    m = moments(y, {**x, ARM: assigned}, cluster=cluster, absorb=effects)
    drawn = cr2(m, solve(m), ARM)
    if isinstance(complier, Absence) or isinstance(region, Absence) or isinstance(drawn, Absence):
        return
    if region.kind == "interval" and region.low is not None and region.high is not None:
        yield (
            "complier_anderson_rubin",
            Inference(
                method="cr2",
                estimate=complier.value,
                ci=(region.low, region.high),
                p_value=drawn.p_value,
            ),
        )
