"""How alike measurements of one participant or team are, beside each effect."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from htkeval.effect import Interval, Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.mixture import CLUSTER, PART, mixed
from htkeval.evaluation.model import ARM, OWN_EFFECTS, Choices, Model, build, planned
from htkeval.metric import Metric
from htkeval.stats.autocorrelation import autocorrelation
from htkeval.stats.correlation import Correlation, intraclass, intraclass_over_time
from htkeval.stats.mixed.icc import Likeness as OverTime
from htkeval.stats.regression import coefficients, solve
from htkeval.stats.scaling import Floats
from htkeval.text import Text


@dataclass(frozen=True)
class Likeness:
    """What can be said of how measurements hang together."""

    icc: float | None = None
    """Intraclass correlation of rows in one arm; None where nothing shows it."""
    icc_ci: Interval | None = None
    """Its interval."""
    autocorrelation: float | None = None
    """In a roll-out: of two periods of one team over that of one period."""
    autocorrelation_ci: Interval | None = None
    """Its interval."""


def likeness(basis: Basis, metric: Metric, scale: Scale) -> Likeness | None:
    """How alike are tasks of one participant or team in the same arm and period?

    Where every cluster is seen in both arms the effect is taken out, and what the design's periods
    tell, and all rows of a cluster are one; elsewhere each arm's mean is. A ratio of rates and the
    chance of a better rating have that of the rate and the rating. None where nothing shows it.
    """
    if scale == "probability" or (metric.kind == "rate" and scale == "ratio"):
        return likeness(basis, metric, "difference")
    if basis.trial.design.kind == "interrupted_time_series":
        return None
    tasks = build(basis, metric, scale, Choices(covariates=False, questions=False))
    if isinstance(tasks, Text):
        return None
    y, group = tasks.y, tasks.arm
    if basis.trial.design.kind in OWN_EFFECTS:
        y, group = y - _explained(tasks), np.zeros_like(tasks.arm)
    if not np.isfinite(y).all():
        return None
    level = basis.trial.analysis.level
    if basis.trial.design.kind == "stepped_wedge":
        period = basis.rows.period.codes[tasks.row]
        found = intraclass_over_time(y, cluster=tasks.cluster, period=period, level=level)
    else:
        found = intraclass(y, cluster=tasks.cluster, group=group, level=level)
    if not isinstance(found, Correlation):
        return None
    over_time = _over_time(basis, metric, scale)
    if over_time is None:
        return Likeness(found.value, found.interval)
    return Likeness(found.value, found.interval, over_time.value, (over_time.low, over_time.high))


def _explained(tasks: Model) -> Floats:
    """(n,) what each row's arm and period add, from the design's own regression."""
    m = tasks.moments()
    slopes = coefficients(m, solve(m))
    added = np.zeros_like(tasks.y)
    for name, column in {**tasks.x, ARM: tasks.arm.astype(np.float64)}.items():
        added = added + slopes.get(name, 0.0) * column
    return added


def _over_time(basis: Basis, metric: Metric, scale: Scale) -> OverTime | None:
    """A roll-out's cluster autocorrelation, from the mixed model of teams and their periods."""
    if basis.trial.design.kind != "stepped_wedge":
        return None
    model = build(basis, metric, scale, replace(planned(basis.trial), by_unit=False))
    fitted = mixed(basis, model) if isinstance(model, Model) else None
    if fitted is None:
        return None
    level = basis.trial.analysis.level
    found = autocorrelation(fitted, CLUSTER, PART, level=level)
    return found if isinstance(found, OverTime) else None
