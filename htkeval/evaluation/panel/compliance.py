"""What the tool did for those who used it because they were drawn to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from htkeval.effect import Inference
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.rows import realised
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.instrument import anderson_rubin, complier_effect
from htkeval.stats.moments import moments
from htkeval.stats.regression import cr2, solve
from htkeval.stats.scaling import Codes, Floats


@dataclass(frozen=True, slots=True)
class _Worked:
    """Tasks of which both arms are known: the one drawn and the one worked in.

    Named as the questions to the instrument name them, so that it can be asked with all of it.
    """

    y: Floats
    realised: Floats
    assigned: Floats
    x: Mapping[str, Floats]
    cluster: Codes
    absorb: Codes | None

    def where(self, kept: Bools) -> _Worked:
        x = {name: column[kept] for name, column in self.x.items()}
        absorb = None if self.absorb is None else self.absorb[kept]
        columns = (self.y[kept], self.realised[kept], self.assigned[kept])
        return _Worked(*columns, x, self.cluster[kept], absorb)

    def question(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def by(self, arm: Floats) -> Estimate | Absence:
        """The plan's regression with this arm."""
        m = moments(self.y, {**self.x, ARM: arm}, cluster=self.cluster, absorb=self.absorb)
        return cr2(m, solve(m), ARM)


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
    used, assigned = done.astype(np.float64), model.arm.astype(np.float64)
    absorb = model.cluster if model.absorbed else None
    worked = _Worked(model.y, used, assigned, model.x, model.cluster, absorb).where(known)
    kept = worked.where(worked.realised == worked.assigned)
    robust = _anderson_rubin(basis, worked)
    complier = complier_effect(**worked.question())
    found = {
        "complier": complier if robust is not None else Absence("weak_instrument"),
        "as_treated": worked.by(worked.realised),
        "per_protocol": kept.by(kept.assigned) if len(kept.y) else Absence("no_rows"),
    }
    for name, one in found.items():
        shown = inference("cr2", one, basis.trial)
        if isinstance(shown, Inference):
            yield name, shown
    if robust is not None:
        yield "complier_anderson_rubin", robust


def _anderson_rubin(basis: Basis, worked: _Worked) -> Inference | None:
    """The complier effect with an interval that holds however weakly the draw moved the use.

    Its p-value is that of the draw's own effect: no use effect means no effect of the draw. None
    where the draw moved the use too weakly for an interval with two ends: then the usual interval
    beside it would claim what nobody knows.
    """
    region = anderson_rubin(**worked.question(), level=basis.trial.analysis.level)
    complier, drawn = complier_effect(**worked.question()), worked.by(worked.assigned)
    if isinstance(complier, Absence) or isinstance(region, Absence) or isinstance(drawn, Absence):
        return None
    if region.kind != "interval" or region.low is None or region.high is None:
        return None
    return Inference(
        method="cr2",
        estimate=complier.value,
        ci=(region.low, region.high),
        p_value=drawn.p_value,
    )
