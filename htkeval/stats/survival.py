"""Time to finish when some never did: means up to a cap, by Kaplan-Meier."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.scaling import ROUNDING, Codes, Floats, exponent, unscaled

Flags = NDArray[np.bool_]

BLOCK = 2**20
"""Numbers in one table of jackknife curves: 8 MiB, however many clusters there are."""
NOTHING = 1e-12
"""Share of the time between the first finish and the cap below which an error is rounding."""


@dataclass(frozen=True)
class RestrictedMean:
    """Mean time up to a cap in one group of independent rows."""

    value: float
    """Mean of the smaller of time and cap, in the unit of time."""
    se: float
    """Greenwood standard error, in the unit of time; zero where nothing differs below the cap."""


def restricted_mean(time: Floats, finished: Flags, *, cap: float) -> RestrictedMean | Absence:
    """How long does a task take on average, none counting for more than the cap?

    Args:
        time: (N,) time to the finish, or until the task was last seen unfinished; finite.
        finished: (N,) whether the task finished.
        cap: Where counting stops, in the unit of time.

    Returns:
        The area under the Kaplan-Meier curve up to the cap, with the error of independent rows; an
        absence without rows, or where the longest is an unfinished one that stops before the cap.

    Source: Kaplan & Meier 1958; the error is Greenwood's, the sum over finishing times of
    A_j^2 d_j / (n_j (n_j - d_j)), A_j being the area from there to the cap (Klein & Moeschberger
    2003, equation 4.5.2); R: `summary(survfit(Surv(time, finished) ~ 1), rmean = cap)$table`. R
    carries a curve that ends early on to the cap without a word.

    Example:
        >>> restricted_mean(np.array([1.0, 2.0, 9.0]), np.ones(3, dtype=bool), cap=6.0).value
        3.0
    """
    if not len(time):
        return Absence("no_rows")
    power, time, finished, cap = _capped(time, finished, cap)
    curve = _curve(time, finished, np.zeros(len(time), dtype=np.intp), 1, cap)
    if not curve.followed:
        return Absence("short_follow_up")
    d, n = curve.totals()
    later = curve.areas(d, n)[::-1].cumsum()[::-1]
    left = np.where(n > d, n - d, 1.0)  # where the last row finishes, the area after it is zero
    error = math.sqrt(float((later**2 * d / (n * left)).sum()))
    value = curve.start + float(later[0])
    return RestrictedMean(unscaled(value, power), unscaled(error, power))


def restricted_difference(
    time: Floats, finished: Flags, *, arm: Codes, cluster: Codes, cap: float
) -> Estimate | Absence:
    """How much longer does the treatment take, no task counting for more than the cap?

    Each cluster is left out once; d_(g) is the difference without it. Where every cluster lies in
    one arm, the arms are independent groups: their (G_a - 1) / G_a sum (d_(g) - mean_a)^2 are
    added and the degrees of freedom are Welch's. With every task finished and clusters of one task
    this is Welch's t; one sum over all G clusters would exceed it, by a sixth of the variance with
    four clusters an arm. Where a cluster is in both arms it is (G - 1) / G sum (d_(g) - mean)^2
    over all clusters with G - 1, which in the same way is the paired t.

    Args:
        time: (N,) time to the finish, or until the task was last seen unfinished; finite.
        finished: (N,) whether the task finished.
        arm: (N,) 0 baseline, 1 treatment.
        cluster: (N,) participant or team: what is independent.
        cap: Where counting stops, in the unit of time.

    Returns:
        Treatment minus baseline; an absence with fewer than two clusters in an arm, where an arm's
        longest task is unfinished and stops before the cap, or where clusters do not differ. A
        curve that ends early only while a cluster is left out is carried on to the cap.

    Source: Tukey 1958; by arm: Wolter 2007, section 4.5; R: `survfit` without each cluster in turn.
    """
    if not len(time):
        return Absence("no_rows")
    power, time, finished, cap = _capped(time, finished, cap)
    names, g = np.unique(cluster, return_inverse=True)
    arms = [arm == 0, arm == 1]
    present = np.array([np.bincount(g[mine], minlength=len(names)) > 0 for mine in arms])
    if present.sum(axis=1).min() < 2:
        return Absence("one_cluster" if len(names) == 1 else "too_few")
    curves = [_curve(time[mine], finished[mine], g[mine], len(names), cap) for mine in arms]
    if not all(curve.followed for curve in curves):
        return Absence("short_follow_up")
    (area0, without0), (area1, without1) = (_jackknife(curve) for curve in curves)
    moved = (without1 - area1) - (without0 - area0)
    groups = [np.ones(len(names), dtype=bool)] if present.all(axis=0).any() else list(present)
    parts = [(_variance(moved[mine]), int(mine.sum()) - 1) for mine in groups]
    variance = sum(part for part, _ in parts)
    se = math.sqrt(variance)
    if se <= max(ROUNDING, *(NOTHING * float(curve.widths.sum()) for curve in curves)):
        return Absence("no_spread")
    df = 1 / sum((part / variance) ** 2 / count for part, count in parts)
    value = (curves[1].start - curves[0].start) + (area1 - area0)
    return estimate(unscaled(value, power), unscaled(se, power), df)


@dataclass(frozen=True, eq=False)
class _Curve:
    """Rows of one arm, sorted by cluster, on the J times at which one of them finishes."""

    start: float
    """Where the curve first falls, or the cap."""
    widths: Floats
    """(J,) from each finishing time to the next, from the last to the cap."""
    step: Codes
    """(N,) how many finishing times lie at or before the row's time."""
    finished: Flags
    """(N,) whether the row finished by the cap."""
    starts: Codes
    """(G + 1,) row at which each cluster begins."""
    followed: bool
    """Whether the curve is known up to the cap: a row reached it, or the last row finished."""

    def totals(self) -> tuple[Floats, Floats]:
        """(J,) rows that finish, and rows still at work, at each time."""
        j = len(self.widths) + 1
        finishes = np.bincount(self.step[self.finished], minlength=j)
        at_work = np.bincount(self.step, minlength=j)[::-1].cumsum()[::-1]
        return finishes[1:].astype(np.float64), at_work[1:].astype(np.float64)

    def counts(self, first: int, last: int) -> tuple[Floats, Floats]:
        """(g, J) the same in each cluster from `first` to before `last`."""
        rows, groups = slice(self.starts[first], self.starts[last]), last - first
        g = np.repeat(np.arange(groups), np.diff(self.starts[first : last + 1]))
        j, done = len(self.widths) + 1, self.finished[rows]
        place = g * j + self.step[rows]
        finishes = np.bincount(place[done], minlength=groups * j).reshape(groups, j)
        leaving = np.bincount(place, minlength=groups * j).reshape(groups, j)
        at_work = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
        return finishes[:, 1:].astype(np.float64), at_work[:, 1:].astype(np.float64)

    def areas(self, finishes: Floats, at_work: Floats) -> Floats:
        """(..., J) survival after each time, times its width; where nobody is left it stays."""
        factors = 1 - finishes / np.maximum(at_work, 1.0)
        return np.asarray(factors.cumprod(axis=-1) * self.widths, dtype=np.float64)


def _curve(time: Floats, finished: Flags, g: Codes, groups: int, cap: float) -> _Curve:
    order = np.argsort(g, kind="stable")
    time, finished, g = time[order], finished[order], g[order]
    # where nobody finished, the cap stands in as a time at which nothing happens
    grid = np.unique(time[finished]) if finished.any() else np.array([cap])
    return _Curve(
        start=float(grid[0]),
        widths=np.diff(grid, append=cap),
        step=np.searchsorted(grid, time, side="right"),
        finished=finished,
        starts=np.searchsorted(g, np.arange(groups + 1)),
        followed=bool(time.max() >= cap or finished[time == time.max()].all()),
    )


def _capped(time: Floats, finished: Flags, cap: float) -> tuple[int, Floats, Flags, float]:
    """Times beyond the cap at the cap, all in a power of two."""
    power = exponent(np.append(np.minimum(time, cap), cap))
    shrunk = np.ldexp(np.minimum(time, cap), -power)
    return power, shrunk, finished & (time <= cap), math.ldexp(cap, -power)


def _jackknife(curve: _Curve) -> tuple[float, Floats]:
    """The area from the curve's start to the cap, and (G,) that area without each cluster."""
    groups, block = len(curve.starts) - 1, max(1, BLOCK // len(curve.widths))
    d, n = curve.totals()
    without = []
    for first in range(0, groups, block):
        own_d, own_n = curve.counts(first, min(first + block, groups))
        without.append(curve.areas(d - own_d, n - own_n).sum(axis=1))
    return float(curve.areas(d, n).sum()), np.concatenate(without)


def _variance(moved: Floats) -> float:
    """(G - 1) / G times the sum of squares about the mean."""
    return float(((moved - moved.mean()) ** 2).sum()) * (len(moved) - 1) / len(moved)
