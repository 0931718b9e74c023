"""The closed form without a library, for a command that must not load one; within two points of it.

Every cluster of a plan does as many tasks as another, so that least squares are sums of a few
numbers: the arm less what clusters and periods tell of it.
"""

from __future__ import annotations

import math
from statistics import NormalDist, fmean

from htkeval.design.periods import ratio_of, steps_of
from htkeval.planning.assumed import Assumed, usual
from htkeval.text import Text, say
from htkeval.trial import DesignKind, Trial

OWN: tuple[DesignKind, ...] = ("within", "before_after")
"""Designs in which each cluster is compared with itself, and periods with nothing."""
BY_PERIOD: tuple[DesignKind, ...] = ("crossover", "stepped_wedge", "difference_in_differences")
"""Designs in which it is, and periods are compared too."""

Rows = list[list[float]]
"""A number for each cluster's cells."""


def seldom(trial: Trial, wanted: float) -> Text | None:
    """That the size which the definition states would see the goal less often than is wanted."""
    power = roughly(trial)
    if power is None or power >= wanted:
        return None
    return say(
        "about {n} of 100 trials of this size would see the goal of {goal:#,##0} %, by formula; "
        "the policy wants {wanted}: `htkeval plan` shows ways out",
        n=round(100 * power),
        goal=round(100 * (trial.primary.worthwhile or 0.0)),
        wanted=round(100 * wanted),
    )


def roughly(trial: Trial) -> float | None:
    """How likely is the goal to be seen by the size that the definition states?

    Args:
        trial: The plan; nothing is known of the work but what others have seen.

    Returns:
        The chance that the interval lies wholly on the side of the improvement; None where no size
        or goal is stated, or `closed_form` has no answer.

    Source: least squares in balanced layouts (Hussey & Hughes 2007, section 3); Student's t by
    Cornish & Fisher 1937, its noncentral by Johnson & Welch 1940.
    """
    design, goal = trial.design, trial.primary.worthwhile
    minutes = trial.primary.kind == "duration" and trial.analysis.primary_scale == "ratio"
    if not minutes or trial.analysis.weights != "task" or not goal or goal <= -1:
        return None
    if design.clusters is None or design.tasks_each is None:
        return None
    arms = _arms(trial, design.clusters)
    if arms is None:
        return None
    df, variance = _df(trial, arms), _variance(trial, arms, design.tasks_each, usual(trial))
    if not df or not variance:
        return None
    shift = abs(math.log1p(goal)) / math.sqrt(variance)
    return _power(shift, df, trial.analysis.level)


def _arms(trial: Trial, units: int) -> Rows | None:
    """By cluster: the arm of each of its cells."""
    ratio = ratio_of(trial.design)
    treated = round(units * ratio[1] / sum(ratio))
    match trial.design.kind:
        case "parallel" | "cluster":
            return [[0.0]] * (units - treated) + [[1.0]] * treated
        case "within" | "before_after":
            return [[0.0, 1.0]] * units
        case "crossover":
            return [[0.0, 1.0]] * (units - treated) + [[1.0, 0.0]] * treated
        case "difference_in_differences":
            return [[0.0, 0.0]] * (units - treated) + [[0.0, 1.0]] * treated
        case "stepped_wedge":
            steps = steps_of(trial.design, units)
            return [[float(p > u % steps) for p in range(steps + 1)] for u in range(units)]
        case _:
            return None


def _variance(trial: Trial, arms: Rows, tasks_each: float, assumed: Assumed) -> float | None:
    """Of the effect on log minutes."""
    kind, shares = trial.design.kind, _shares(trial, len(arms[0]))
    tasks = [tasks_each * share for share in shares]
    total, icc = assumed.log_sd.value**2, assumed.icc.value
    kept = assumed.autocorrelation.value if kind in BY_PERIOD[1:] else 1.0
    pull = _pull(arms, shares, own=kind in (*OWN, *BY_PERIOD), by_period=kind in BY_PERIOD)
    pull = [[k * w for k, w in zip(tasks, row, strict=True)] for row in pull]
    moved = [
        sum(w * a for w, a in zip(row, arm, strict=True))
        for row, arm in zip(pull, arms, strict=True)
    ]
    size = sum(moved)
    if size <= 0:
        return None
    alone = sum(w * w / k for row in pull for k, w in zip(tasks, row, strict=True))
    by_period = sum(w * w for row in pull for w in row)
    together = sum(sum(row) ** 2 for row in pull)
    reacting = sum(one * one for one in moved)
    alike = total * icc * (kept * together + (1 - kept) * by_period)
    reaction = assumed.reaction_sd.value**2 * reacting
    return (total * (1 - icc) * alone + alike + reaction) / size**2


def _shares(trial: Trial, cells: int) -> list[float]:
    """Which share of its tasks each cluster does in each cell."""
    ratio = trial.design.ratio
    if trial.design.kind == "within":
        return [part / sum(ratio) for part in ratio]
    return [1 / cells] * cells


def _pull(arms: Rows, shares: list[float], *, own: bool, by_period: bool) -> Rows:
    """The arm less what its cluster and its period tell of it."""
    mine = [sum(s * a for s, a in zip(shares, row, strict=True)) for row in arms]
    middle = fmean(mine)
    then = [fmean(column) if by_period else middle for column in zip(*arms, strict=True)]
    clusters = mine if own else [middle] * len(arms)
    return [
        [arm - cluster - period + middle for arm, period in zip(row, then, strict=True)]
        for row, cluster in zip(arms, clusters, strict=True)
    ]


def _df(trial: Trial, arms: Rows) -> float | None:
    """Degrees of freedom: of clusters about one mean, or about those of two groups; None where a
    group has a single one."""
    if trial.design.kind in OWN:
        return len(arms) - 1
    if trial.design.kind == "stepped_wedge":
        return len(arms) - 2
    sizes = [arms.count(arms[0]), arms.count(arms[-1])]
    if min(sizes) < 2:
        return None
    both = sum(1 / n for n in sizes) ** 2
    return both / sum(1 / (n * n * (n - 1)) for n in sizes)


def _power(shift: float, df: float, level: float) -> float:
    """Chance that t about `shift` passes its own side's limit."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    limit = z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)
    spread = math.sqrt(1 + limit**2 / (2 * df))
    return NormalDist().cdf((shift - limit * (1 - 1 / (4 * df))) / spread)
