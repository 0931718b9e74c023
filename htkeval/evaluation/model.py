"""What is compared with what: the outcome, the regressors and the clusters of one effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.effect import Scale
from htkeval.evaluation.columns import NONE, Bools
from htkeval.evaluation.covariates import known, regressors
from htkeval.evaluation.outcome import measure, obstacle, per
from htkeval.evaluation.rows import Rows
from htkeval.evaluation.wording import in_words, nothing_in_arm
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.moments import Moments, moments
from htkeval.stats.ratios import linearised
from htkeval.stats.scaling import Codes, Floats, starts_of
from htkeval.text import Text
from htkeval.trial import Trial

ARM = "(arm)"
"""Name of the arm's column among the regressors."""


@dataclass(frozen=True)
class Choices:
    """What of the plan a model follows; a sensitivity model turns one of them round."""

    by_unit: bool
    """Whether every unit counts the same, not every task."""
    covariates: bool = True
    """Whether covariates are regressors."""
    effects: bool = True
    """Whether participants have effects of their own, where the design gives them."""


@dataclass(frozen=True, eq=False)
class Model:
    """One comparison, as arrays of n rows: tasks, or units where every unit counts the same."""

    y: Floats
    """(n,) outcome; natural logarithms on the ratio scale."""
    x: Mapping[str, Floats]
    """Covariates, (n,) each."""
    arm: Codes
    """(n,) 0 baseline, 1 treatment; both occur."""
    cluster: Codes
    """(n,) participant or team."""
    absorbed: bool
    """Whether every participant has an effect of their own."""

    def moments(self) -> Moments:
        """Cross-products by cluster; the arm comes last and takes nothing from a covariate."""
        columns = {**self.x, ARM: self.arm.astype(np.float64)}
        effects = self.cluster if self.absorbed else None
        return moments(self.y, columns, cluster=self.cluster, absorb=effects)


def usable(trial: Trial, rows: Rows, metric: Metric, *, covariates: bool = True) -> Bools:
    """(N,) the rows that an effect rests on: counted, in a cluster, with value and covariates."""
    used: Bools = rows.counted & (rows.cluster != NONE) & measure(metric, rows).known
    return used & known(trial, rows) if covariates else used


def build(trial: Trial, rows: Rows, metric: Metric, scale: Scale, choices: Choices) -> Model | Text:
    """Set up one comparison, or say why it cannot be."""
    used = usable(trial, rows, metric, covariates=choices.covariates)
    seen = measure(metric, rows).at(used)
    arm, cluster = rows.arm[used], rows.cluster[used]
    problem = nothing_in_arm(trial, arm) or obstacle(metric, scale, seen)
    if problem is not None:
        return problem
    x = regressors(trial, rows, used) if choices.covariates else {}
    values = np.log(seen.amount) if scale == "ratio" else seen.amount
    weight = np.ones_like(values) if seen.exposure is None else seen.exposure
    if choices.by_unit:
        (values, weight, *rest), arm, cluster = unit_means(
            [values, weight, *x.values()], arm, cluster
        )
        x = dict(zip(x, rest, strict=True))
    y = values if seen.exposure is None else _ratio(metric, values, weight, arm, choices.by_unit)
    if not isinstance(y, Absence) and not np.isfinite([y, *x.values()]).all():
        y = Absence("too_large")
    if isinstance(y, Absence):
        return in_words(y, trial)
    return Model(y, x, arm, cluster, trial.design.kind == "within" and choices.effects)


def _ratio(
    metric: Metric, amount: Floats, exposure: Floats, arm: Codes, by_unit: bool
) -> Floats | Absence:
    """A ratio of sums as one outcome a row: a unit's own ratio, or a task's share in its arm's."""
    if not by_unit:
        return linearised(amount, exposure, arm, per=per(metric))
    if (exposure <= 0).any():
        return Absence("no_exposure")
    with np.errstate(over="ignore"):
        return np.asarray(amount / exposure * per(metric))


def unit_means(
    columns: list[Floats], arm: Codes, cluster: Codes
) -> tuple[list[Floats], Codes, Codes]:
    """Each cluster's mean in each arm that it was seen in, of every column.

    Args:
        columns: (n,) each.
        arm: (n,) arm of each row.
        cluster: (n,) cluster of each row.

    Returns:
        The means, and the arm and cluster of each; a ratio of means is a ratio of sums.
    """
    order = np.lexsort((arm, cluster))
    starts = starts_of(cluster[order], arm[order])
    sizes = np.diff(starts, append=len(order))
    share = 1.0 / np.repeat(sizes, sizes)  # divided first: a sum of large values may overflow
    with np.errstate(over="ignore"):  # by a rounding error, at the very edge
        means = [np.add.reduceat(column[order] * share, starts) for column in columns]
    return means, arm[order][starts], cluster[order][starts]
