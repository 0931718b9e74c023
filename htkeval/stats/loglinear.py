"""The likeliest rates of counted events, and an uncertainty that holds for few clusters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.inverse_root import inverse_root
from htkeval.stats.moments import Moments
from htkeval.stats.regression import NOTHING, NULL, Solution, satterthwaite, solve
from htkeval.stats.scaling import Codes, Floats, Scaled, unscaled

MOST_STEPS = 100
"""Newton steps after which a likelihood has no top: columns tell events from none."""
STILL = 1e-8
"""A step that moves no row's logarithm by more is the last: its error is its square."""


@dataclass(frozen=True, eq=False)
class Counts:
    """Rows that carry information, sorted by cluster and effect."""

    events: Floats
    """(N,) events, their power of two taken out: it changes neither the ratio nor its error."""
    log_exposure: Floats
    """(N,) logarithm of the exposure."""
    columns: Mapping[str, Scaled]
    """Each column about its effects' means, in its power of two."""
    effects: Codes
    """(J,) row at which each effect's rows start; one effect of all rows is the intercept."""
    clusters: Codes
    """(G,) row at which each cluster's rows start."""
    intercept: bool
    """Whether the one effect is the intercept, and may cross clusters."""

    @property
    def totals(self) -> Floats:
        """(J,) each effect's events; above zero."""
        return self.by_effect(self.events)

    def by_effect(self, values: Floats) -> Floats:
        """(J, ...) sums over each effect's rows."""
        return np.add.reduceat(values, self.effects)

    def spread(self, values: Floats) -> Floats:
        """(N, ...) each effect's value on each of its rows."""
        return np.repeat(values, np.diff(self.effects, append=len(self.events)), axis=0)


@dataclass(frozen=True, eq=False)
class Fit:
    """The likeliest rates."""

    fitted: Floats
    """(N,) expected events."""
    within: Floats
    """(N, p) columns about their effects' means weighted by the expected events."""
    slopes: Floats
    """(p,) coefficients, in the columns' scaled units."""
    solution: Solution
    """Which columns were kept, and the root of the inverse information."""


def fit(counts: Counts) -> Fit | None:
    """Newton's method on the likelihood given each effect's events; None where it has no top."""
    x = np.column_stack([column.values for column in counts.columns.values()])
    slopes, still, kept = np.zeros(x.shape[1]), False, None
    for _ in range(MOST_STEPS):
        likelihood, fitted = _fitted(counts, x @ slopes)
        within = x - counts.spread(counts.by_effect(x * fitted[:, None]) / counts.totals[:, None])
        solution = solve(_moments(counts, within, fitted))
        if kept not in (None, solution.kept):
            return None
        if still:
            return Fit(fitted, within, slopes, solution)
        kept, step = solution.kept, np.zeros_like(slopes)
        step[list(solution.index)] = solution.beta
        still = bool(np.abs(within @ step).max() <= STILL)
        while not _fitted(counts, x @ (slopes + step))[0] >= likelihood - STILL:
            step /= 2
        slopes = slopes + step
    return None


def _fitted(counts: Counts, linear: Floats) -> tuple[float, Floats]:
    """The logarithm of the likelihood, per event, and (N,) expected events."""
    log_rates = counts.log_exposure + linear
    log_rates -= counts.spread(np.maximum.reduceat(log_rates, counts.effects))  # no overflow
    rates = np.exp(log_rates)
    sums = counts.by_effect(rates)
    likelihood = float(counts.events @ log_rates - counts.totals @ np.log(sums))
    return likelihood / float(counts.totals.sum()), rates * counts.spread(counts.totals / sums)


def _moments(counts: Counts, within: Floats, fitted: Floats) -> Moments:
    """Information and score as one cluster's moments: their solution is Newton's step."""
    columns = counts.columns.values()
    return Moments(
        columns=tuple(counts.columns),
        rows=np.array([len(fitted)]),
        xx=(within.T @ (within * fitted[:, None]))[None],
        xy=(within.T @ (counts.events - fitted))[None],
        yy=np.zeros(1),
        absorbed=len(counts.effects),
        exponents=tuple(column.exponent for column in columns),
        y_exponent=0,
        totals=np.array([column.total for column in columns]) * fitted.mean(),
        y_total=0.0,
        y_rounding=0.0,
    )


def cr2(counts: Counts, found: Fit, column: str) -> Estimate | Absence:
    """The slope of a column, its CR2 error and Satterthwaite's degrees of freedom.

    With z = sqrt(fitted) X L, whose squares sum to the identity, and P the projection on effects,
    B = mu (I - zz' - P) mu within a cluster, q = z v and s = mu B^-1/2 q, the score of a cluster
    is s'(residual / sqrt(fitted)), its variance q'Piq with Pi the projection on B, and its
    covariance with another's -(z's)'(z's).
    """
    k = found.solution.kept.index(column)
    v = found.solution.root[k]
    within = found.within[:, list(found.solution.index)]
    z = np.sqrt(found.fitted)[:, None] * (within @ found.solution.root)
    if counts.intercept:
        z = np.column_stack([np.sqrt(found.fitted / found.fitted.sum()), z])
        v = np.append(0.0, v)
    ends = np.append(counts.clusters[1:], len(z))
    parts = [
        _score(counts, found.fitted, z, v, slice(start, end))
        for start, end in zip(counts.clusters, ends, strict=True)
    ]
    scores, own, lost = np.array([part[:3] for part in parts]).T
    u = np.array([part[3] for part in parts])
    error, unit_error = math.sqrt(scores @ scores), math.sqrt(v @ v)
    if lost.max() > NULL * unit_error**2:
        return Absence("lone_cluster")
    if error <= NOTHING * unit_error * math.sqrt(found.fitted.mean()):
        return Absence("no_spread")
    df = satterthwaite(own, u)
    power = -counts.columns[column].exponent
    slope = float(found.slopes[found.solution.index[k]])
    return estimate(unscaled(slope, power), unscaled(error, power), df)


def _score(
    counts: Counts, fitted: Floats, z: Floats, v: Floats, rows: slice
) -> tuple[float, float, float, Floats]:
    """One cluster's score, that score's variance, what of v it alone tells, and its z's."""
    z, mu = z[rows], fitted[rows]
    leverage, turn = np.linalg.eigh(z.T @ z)
    lost = float(((turn.T @ v)[1.0 - leverage <= NULL] ** 2).sum())
    columns = z if counts.intercept else np.column_stack([z, _dummies(counts, mu, rows)])
    upright, inside = inverse_root(mu, columns, z @ v)
    score = float((np.sqrt(mu) * upright) @ (counts.events[rows] - mu))
    return score, float(inside @ inside), lost, z.T @ (mu * upright)


def _dummies(counts: Counts, mu: Floats, rows: slice) -> Floats:
    """(n, J) a cluster's effects as columns of length one, in the rows' weights."""
    effect = np.searchsorted(counts.effects, np.arange(rows.start, rows.stop), "right") - 1
    size = np.sqrt(mu / counts.totals[effect])
    return size[:, None] * np.equal.outer(effect, np.unique(effect))
