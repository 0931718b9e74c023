"""One further coefficient beside the plan's own: for checks, by CR2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.effect import Inference, Interval, Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model, build
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.moments import moments
from htkeval.stats.regression import cr2, solve
from htkeval.stats.scaling import Floats
from htkeval.trial import Trial


@dataclass(frozen=True)
class Coefficient:
    """A coefficient in a reader's unit: the metric's, or per cent on the ratio scale."""

    value: float
    """The estimate."""
    interval: Interval
    """Its interval at the trial's level."""
    p_value: float
    """Its two-sided p-value."""

    @property
    def sure(self) -> bool:
        """Whether the interval lies on one side of nought."""
        return self.interval[0] > 0 or self.interval[1] < 0


def main_scale(trial: Trial) -> Scale:
    """The scale on which the primary metric is decided."""
    duration = trial.primary.kind == "duration"
    return trial.analysis.primary_scale if duration else "difference"


def primary_model(basis: Basis) -> Model | None:
    """The comparison that the trial is decided on; None where there is none by least squares."""
    if basis.trial.design.kind == "interrupted_time_series":
        return None
    model = build(basis, primary(basis), main_scale(basis.trial))
    return model if isinstance(model, Model) else None


def primary(basis: Basis) -> Metric:
    """The metric that the trial is decided on."""
    return basis.trial.primary


def beside_arm(
    basis: Basis, model: Model, more: Mapping[str, Floats], wanted: str
) -> Coefficient | None:
    """The coefficient of one more column, with the arm and all that the plan has in the model."""
    columns = {**model.x, ARM: model.arm.astype(np.float64), **more}
    return coefficient(basis, model.y, columns, wanted, model)


def coefficient(
    basis: Basis, y: Floats, columns: Mapping[str, Floats], wanted: str, model: Model
) -> Coefficient | None:
    """A coefficient by CR2; None where it cannot be told."""
    effects = model.cluster if model.absorbed else None
    m = moments(y, columns, cluster=model.cluster, absorb=effects)
    found = inference("cr2", cr2(m, solve(m), wanted), basis.trial)
    if isinstance(found, Absence):
        return None
    return in_readers_unit(found, main_scale(basis.trial))


def in_readers_unit(one: Inference, scale: Scale) -> Coefficient | None:
    """Logarithms become per cent; None where a double cannot hold them."""
    if scale != "ratio":
        return Coefficient(one.estimate, one.ci, one.p_value)
    with np.errstate(over="ignore"):
        shown = 100 * np.expm1([one.estimate, *one.ci])
    if not np.isfinite(shown).all():
        return None
    return Coefficient(float(shown[0]), (float(shown[1]), float(shown[2])), one.p_value)
