"""What is compared with what: the outcome, the regressors and the clusters of one effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from htkeval.effect import Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.covariates import known as filled
from htkeval.evaluation.data.covariates import regressors, value_before
from htkeval.evaluation.data.outcome import obstacle, per
from htkeval.evaluation.draw.lots import Lots
from htkeval.evaluation.wording import in_words, nothing_in_arm
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.moments import Moments, moments
from htkeval.stats.ratios import linearised
from htkeval.stats.rerandomisation import Rerandomised, rerandomise
from htkeval.stats.rerandomisation.cells import cells
from htkeval.stats.rerandomisation.ratio_draws import ratio_cells, rerandomise_ratio
from htkeval.stats.scaling import Codes, Floats, exponent, starts_of
from htkeval.text import Text
from htkeval.trial import DesignKind, Trial

ARM = "(arm)"
"""Name of the arm's column among the regressors."""
OWN_EFFECTS: tuple[DesignKind, ...] = (
    "within",
    "crossover",
    "stepped_wedge",
    "difference_in_differences",
    "before_after",
)
"""Designs in which every cluster has an effect of its own: it is compared with itself."""
BY_PERIOD: tuple[DesignKind, ...] = ("crossover", "stepped_wedge", "difference_in_differences")
"""Designs in which periods are regressors."""


@dataclass(frozen=True)
class Choices:
    """What of the plan a model follows; a sensitivity model turns one of them round."""

    by_unit: bool = False
    """Whether every unit counts the same, not every task."""
    covariates: bool = True
    """Whether covariates are regressors."""
    effects: bool = True
    """Whether clusters have effects of their own, where the design gives them."""
    questions: bool | None = None
    """Whether tasks that many people do have effects of their own; None: where there are such."""
    without: int = NONE
    """A cluster that is left out."""


@dataclass(frozen=True, eq=False)
class Model:
    """One comparison, as arrays of n rows: tasks, or units where every unit counts the same."""

    y: Floats
    """(n,) outcome; natural logarithms on the ratio scale."""
    x: Mapping[str, Floats]
    """Covariates and periods, (n,) each."""
    arm: Codes
    """(n,) 0 baseline, 1 treatment; both occur."""
    cluster: Codes
    """(n,) participant or team."""
    absorbed: bool
    """Whether every cluster has an effect of its own."""
    row: Codes
    """(n,) a row of the snapshot that each stands for."""
    one_each: bool
    """Whether each row is a cluster of its own."""
    by_unit: bool = False
    """Whether rows are means over a unit's tasks."""
    binary: bool = False
    """Whether the outcome is yes or no."""
    ratio: tuple[Floats, Floats, float] | None = None
    """Of a ratio of sums: what is divided, (n,), what by, (n,), and per how many; `y` is then what
    each row contributes to its own arm's ratio, which another draw would change."""
    exposure: Mapping[str, Floats] = field(default_factory=dict)
    """In place of the arm: (n,) each, how long a team had been using the tool."""

    def moments(self) -> Moments:
        """Cross-products by cluster; the arm comes last and takes nothing from a covariate."""
        arm = self.exposure or {ARM: self.arm.astype(np.float64)}
        effects = self.cluster if self.absorbed else None
        return moments(self.y, {**self.x, **arm}, cluster=self.cluster, absorb=effects)

    def rerandomised(self, lots: Lots, level: float) -> Rerandomised | Absence:
        """Held against other draws of the lottery."""
        observed, arms, exact = lots.lottery.observed, lots.arms, lots.exact
        cell, of, own = lots.cell[self.row], lots.cluster_of, self.absorbed
        if self.ratio is not None:
            e, x, per = self.ratio
            sums = ratio_cells(e, x, self.x, cell=cell, cluster_of=of, absorbed=own)
            return rerandomise_ratio(sums, observed, arms, level=level, exact=exact, per=per)
        plain = cells(self.y, self.x, cell=cell, cluster_of=of, absorbed=own)
        return rerandomise(plain, observed, arms, level=level, exact=exact)


def usable(basis: Basis, known: Bools, *, covariates: bool = True) -> Bools:
    """(N,) the rows that an effect rests on: counted, in a cluster, with value and covariates.

    Args:
        basis: Trial and rows.
        known: (N,) which rows have a value.
        covariates: Whether a row must have every covariate.
    """
    trial, rows = basis.trial, basis.rows
    used: Bools = rows.counted & known
    if trial.design.kind != "interrupted_time_series":
        used &= rows.cluster != NONE
    if trial.design.kind in (*BY_PERIOD, "interrupted_time_series"):
        used &= rows.period.codes != NONE
    return used & filled(trial, rows) if covariates else used


def build(
    basis: Basis, metric: Metric, scale: Scale, choices: Choices | None = None
) -> Model | Text:
    """Set up one comparison, or say why it cannot be."""
    trial, rows = basis.trial, basis.rows
    chosen = choices or planned(trial)
    every = basis.values(metric, scale)
    used = usable(basis, every.known, covariates=chosen.covariates)
    used &= rows.cluster != chosen.without if chosen.without != NONE else True
    seen = every.at(used)
    problem = nothing_in_arm(trial, rows.arm[used]) or obstacle(metric, scale, seen)
    if problem is not None:
        return problem
    values = np.log(seen.amount) if scale == "ratio" and seen.exposure is None else seen.amount
    log = scale == "ratio"
    return model_of(basis, metric, values, used, chosen, exposure=seen.exposure, log=log)


def planned(trial: Trial) -> Choices:
    """The model that the trial promised."""
    return Choices(by_unit=trial.analysis.weights == "unit")


def model_of(
    basis: Basis,
    metric: Metric,
    values: Floats,
    used: Bools,
    choices: Choices,
    *,
    exposure: Floats | None = None,
    log: bool = False,
) -> Model | Text:
    """A comparison of any values of the rows that are used, with the design's regressors."""
    trial, rows = basis.trial, basis.rows
    row, arm, cluster = np.flatnonzero(used), rows.arm[used], rows.cluster[used]
    x = regressors(trial, rows, used) if choices.covariates else {}
    if choices.covariates and trial.design.kind not in OWN_EFFECTS:
        x |= value_before(trial, metric, rows, used, log=log)
    if trial.design.kind in BY_PERIOD:
        x |= _indicators(rows.period.codes[used], rows.period.labels, trial.design.period or "")
    shared = basis.crossed and not choices.by_unit
    if shared if choices.questions is None else choices.questions:
        task = rows.words(trial.design.task)
        x |= _indicators(task.codes[used], task.labels, trial.design.task or "")
    weight = np.ones_like(values) if exposure is None else exposure
    if choices.by_unit:
        when = rows.period.codes[used] if trial.design.kind in BY_PERIOD else np.zeros_like(arm)
        (values, weight, *rest), first = unit_means(
            [values, weight, *x.values()], arm, cluster, when
        )
        x = dict(zip(x, rest, strict=True))
        row, arm, cluster = row[first], arm[first], cluster[first]
    y = values if exposure is None else _ratio(metric, values, weight, arm, choices.by_unit)
    if not isinstance(y, Absence) and not np.isfinite([y, *x.values()]).all():
        y = Absence("too_large")
    if isinstance(y, Absence):
        return in_words(y, trial)
    return Model(
        y=y,
        x=x,
        arm=arm,
        cluster=cluster,
        absorbed=trial.design.kind in OWN_EFFECTS and choices.effects,
        row=row,
        one_each=len(np.unique(cluster)) == len(cluster),
        by_unit=choices.by_unit,
        binary=metric.kind == "binary",
        ratio=None if exposure is None or choices.by_unit else (values, weight, per(metric)),
    )


def _indicators(codes: Codes, labels: tuple[str, ...], name: str) -> dict[str, Floats]:
    """One column of zeros and ones for each word that occurs but the first."""
    present = np.unique(codes[codes != NONE])[1:].tolist()
    return {f"{name} = {labels[code]}": (codes == code).astype(np.float64) for code in present}


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
    columns: list[Floats], arm: Codes, cluster: Codes, period: Codes
) -> tuple[list[Floats], Codes]:
    """Each cluster's mean in each arm and period that it was seen in, of every column.

    Args:
        columns: (n,) each.
        arm: (n,) arm of each row.
        cluster: (n,) cluster of each row.
        period: (n,) period of each row; the same for all where periods do not matter.

    Returns:
        The means, and a row of each; a ratio of means is a ratio of sums.
    """
    order = np.lexsort((period, arm, cluster))
    starts = starts_of(cluster[order], arm[order], period[order])
    sizes = np.diff(starts, append=len(order))
    return [_means(column[order], starts, sizes) for column in columns], order[starts]


def _means(column: Floats, starts: Codes, sizes: Codes) -> Floats:
    """Sums over counts, so that units with the same marks have the same mean to the last bit.

    A power of two is taken out first: a sum of large values may overflow.
    """
    power = exponent(column)
    sums = np.add.reduceat(np.ldexp(column, -power), starts)
    with np.errstate(over="ignore"):
        return np.asarray(np.ldexp(sums / sizes, power))
