"""One regression's test as its outcome is shifted by a second variable, for every shift at once.

Instruments and missing outcomes both ask at which shift a test turns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.moments import Moments, moments
from htkeval.stats.regression import (
    Solution,
    by_cluster,
    sandwich,
    smallest_error,
    solve,
    stretch,
)
from htkeval.stats.scaling import Codes, Floats, unscaled

ASSIGNED = "(assigned)"
"""Name of the column that the lot decided."""


@dataclass(frozen=True, eq=False)
class Shifts:
    """The CR2 test of the assignment on outcome - b * moved, for every b at once.

    The coefficient is effect - b * moved_effect and its variance the sum of squares of
    scores - b * moved_scores; the degrees of freedom depend on the design only.
    """

    effect: float
    """Coefficient of the assignment on the outcome, scaled."""
    moved_effect: float
    """Coefficient of the assignment on what is moved, scaled."""
    scores: Floats
    """(G,) each cluster's CR2 score for the outcome; their squares sum to the variance."""
    moved_scores: Floats
    """(G,) likewise for what is moved."""
    df: float
    """Satterthwaite degrees of freedom."""
    smallest: float
    """An effect or error on the outcome that is rounding only."""
    moved_smallest: float
    """Likewise for what is moved."""
    exponent: int
    """The power of two to put back into b."""

    @property
    def zero(self) -> float:
        """The b at which the coefficient is zero; zero where nothing was moved."""
        moved = abs(self.moved_effect) > self.moved_smallest
        return self.effect / self.moved_effect if moved else 0.0

    def error(self, b: float) -> float:
        """Standard error of the coefficient at b; zero where it is rounding."""
        found = float(np.linalg.norm(self.scores - b * self.moved_scores))
        return found if found > self.smallest + abs(b) * self.moved_smallest else 0.0


@dataclass(frozen=True)
class Region:
    """The shifts that a test does not reject."""

    kind: Literal["interval", "rays", "everything", "empty"]
    """`interval` from low to high; `rays` all up to low and all from high; `everything`; `empty`,
    which only an assignment that moved the outcome without moving the use can give."""
    low: float | None = None
    """In the outcome's unit for one unit of use; None where there is no such end."""
    high: float | None = None
    """Likewise."""

    def __contains__(self, b: float) -> bool:
        above = self.low is None or b >= self.low
        below = self.high is None or b <= self.high
        if self.kind == "rays":
            return not above or not below or b in (self.low, self.high)
        return self.kind != "empty" and above and below


def shifts(
    y: Floats,
    moved: Floats,
    *,
    assigned: Floats,
    x: Mapping[str, Floats],
    cluster: Codes,
    absorb: Codes | None = None,
) -> Shifts | Absence:
    """What does the test of the assignment become as the outcome is shifted by what was moved?

    Args:
        y: (N,) finite outcome.
        moved: (N,) what the outcome is shifted by, for each unit of b.
        assigned: (N,) what the lot decided.
        x: The design's other columns, each (N,), without an intercept.
        cluster: (N,) which cluster a row belongs to.
        absorb: (N,) fixed effects, each within one cluster; without them an intercept is fitted.

    Returns:
        Both regressions on the same columns; an absence where the design identifies no effect of
        the assignment, or one cluster alone does.
    """
    if not len(y):
        return Absence("no_rows")
    design = {**x, ASSIGNED: assigned}
    outcome, use = (moments(each, design, cluster=cluster, absorb=absorb) for each in (y, moved))
    on_outcome, on_use = solve(outcome), solve(use)
    if ASSIGNED in on_outcome.dropped:
        return Absence("not_identified")
    if len(outcome.rows) < 2:
        return Absence("one_cluster")
    if len(y) <= outcome.absorbed + len(on_outcome.kept):
        return Absence("saturated")
    test = sandwich(outcome, on_outcome, ASSIGNED)
    if test.alone:
        return Absence("lone_cluster")
    return Shifts(
        effect=float(on_outcome.beta[-1]),
        moved_effect=float(on_use.beta[-1]),
        scores=_scores(outcome, on_outcome),
        moved_scores=_scores(use, on_use),
        df=test.df,
        smallest=_smallest(outcome, on_outcome),
        moved_smallest=_smallest(use, on_use),
        exponent=outcome.y_exponent - use.y_exponent,
    )


def _scores(m: Moments, solution: Solution) -> Floats:
    """(G,) v'B_g r_g of the last column, as `sandwich` has it."""
    hat, residual = by_cluster(m, solution)
    stretched, _, _ = stretch(hat, solution.root[-1])
    return np.asarray(np.einsum("gi,gi->g", stretched, residual))


def _smallest(m: Moments, solution: Solution) -> float:
    return smallest_error(m) * float(np.linalg.norm(solution.root[-1]))


def region(found: Shifts, *, level: float) -> Region | Absence:
    """Which b are not rejected?

    With c = b - centre: (m^2 - q^2 u'u) c^2 - 2 (e m - q^2 s'u) c + (e^2 - q^2 s's) <= 0, where e
    and s are effect and scores at the centre, m and u those of what is moved.
    """
    from scipy.special import stdtrit

    if found.error(found.zero) == 0:
        return Absence("no_spread")
    q2 = float(stdtrit(found.df, (1 - level) / 2)) ** 2
    m, u = found.moved_effect, found.moved_scores
    if abs(m) <= found.moved_smallest and np.linalg.norm(u) <= found.moved_smallest:
        m, u = 0.0, np.zeros_like(u)
    a = m**2 - q2 * float(u @ u)
    centre = found.zero if a > 0 else 0.0  # about the estimate nothing cancels
    e, s = found.effect - centre * m, found.scores - centre * u
    b, c = e * m - q2 * float(s @ u), e**2 - q2 * float(s @ s)
    if not all(map(math.isfinite, (a, b, c))):
        return Absence("too_large")
    return _placed(_solved(a, b, c), centre, found.exponent)


def _solved(a: float, b: float, c: float) -> Region:
    """Where a x^2 - 2 b x + c <= 0; for a > 0 it holds at the estimate, so there are roots."""
    under = b * b - a * c
    if a == 0 and b == 0:
        return Region("everything" if c <= 0 else "empty")
    if a < 0 and under <= 0:
        return Region("everything")
    sum_ = b + math.copysign(math.sqrt(max(under, 0.0)), b)
    near = c / sum_ if sum_ else 0.0
    far = sum_ / a if a else math.inf
    if not math.isfinite(far):  # a half-line
        return Region("interval", near, None) if b > 0 else Region("interval", None, near)
    return Region("interval" if a > 0 else "rays", min(near, far), max(near, far))


def _placed(found: Region, centre: float, exponent: int) -> Region | Absence:
    """A region's ends in the outcome's unit."""
    low, high = (
        None if end is None else unscaled(centre + end, exponent) for end in (found.low, found.high)
    )
    finite = all(end is None or math.isfinite(end) for end in (low, high))
    return Region(found.kind, low, high) if finite else Absence("too_large")
