"""For checks: one further coefficient beside the plan's own, and how far two models lie apart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.effect import Inference, Interval, Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.method import LEAST_DF, ROUNDING
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import ARM, Model, build
from htkeval.metric import Metric
from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.moments import Moments, moments
from htkeval.stats.regression import NULL, by_cluster, cr2, solve
from htkeval.stats.scaling import Floats, unscaled
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


def more_than_chance(found: Estimate | Absence, level: float) -> bool:
    """Whether an estimate's interval, of degrees of freedom that are ever reported, excludes 0."""
    if isinstance(found, Absence) or found.df < LEAST_DF - ROUNDING:
        return False
    interval = found.interval(level)
    return not isinstance(interval, Absence) and not interval[0] <= 0 <= interval[1]


def apart(one: Moments, other: Moments) -> Estimate | Absence:
    """How far do two models of the same clusters put the arm's coefficient apart?

    Args:
        one: The model that is subtracted.
        other: The other model, of the same clusters in the same order.

    Returns:
        The other's coefficient less this one's, in the outcome's unit; its error from leaving out
        each cluster in both, with Student's t on one degree less than the clusters that tell. An
        absence where a model falls when one cluster is left out.

    Source: Efron & Stein 1981, about the mean of the values without a cluster; without cluster g
    the coefficients are beta - L (I - H_g)^-1 r_g, exactly, in the words of `by_cluster`.
    """
    parts = [_without_each(m) for m in (one, other)]
    if any(isinstance(part, Absence) for part in parts) or len(one.rows) != len(other.rows):
        return Absence("not_identified")
    (low, less, power), (high, more, its) = (
        part for part in parts if not isinstance(part, Absence)
    )
    common = max(power, its)
    moved = np.ldexp(more, its - common) - np.ldexp(less, power - common)
    telling = int(((less != 0) | (more != 0)).sum())
    if telling < 2:
        return Absence("one_cluster")
    value = math.ldexp(high, its - common) - math.ldexp(low, power - common)
    spread = moved[(less != 0) | (more != 0)]
    error = math.sqrt((telling - 1) / telling * float(((spread - spread.mean()) ** 2).sum()))
    return estimate(unscaled(value, common), unscaled(error, common), telling - 1)


def _without_each(m: Moments) -> tuple[float, Floats, int] | Absence:
    """The arm's coefficient, (G,) what leaving out each cluster takes from it, and their power."""
    solution = solve(m)
    if ARM not in solution.kept:
        return Absence("not_identified")
    place = solution.kept.index(ARM)
    hat, residual = by_cluster(m, solution)
    leverage, turn = np.linalg.eigh(hat)
    alive = 1.0 - leverage > NULL
    reach = np.einsum("i,gij->gj", solution.root[place], turn)
    if (
        np.where(alive, 0.0, reach**2).sum(axis=1) > NULL * (solution.root[place] ** 2).sum()
    ).any():
        return Absence("lone_cluster")
    turned = np.einsum("gij,gi->gj", turn, residual)
    left = np.where(alive, reach * turned / np.where(alive, 1.0 - leverage, 1.0), 0.0).sum(axis=1)
    power = m.y_exponent - m.exponents[solution.index[place]]
    return float(solution.beta[place]), left, power
