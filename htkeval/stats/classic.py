"""One pooled regression with the errors that other tools print, for comparison only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.moments import moments
from htkeval.stats.regression import NULL, smallest_error, solve
from htkeval.stats.scaling import Codes, Floats, scaled, starts_of, unscaled

Error = Literal["classic", "hc3", "cluster"]
"""`classic` one spread for all rows; `hc3` each row its own; `cluster` each cluster its own."""


@dataclass(frozen=True, eq=False)
class Pull:
    """How each row pulls at one coefficient: coefficient = sum of pull times outcome."""

    order: Codes
    """(N,) the rows of the outcome in the order used here: fixed effect after fixed effect."""
    effects: Codes
    """(F,) where each fixed effect starts in that order; `[0]` where only a mean is taken out."""
    pull: Floats
    """(N,) each row's weight in the coefficient."""
    basis: Floats
    """(N, k) orthonormal columns that span the regressors but for the fixed effects."""
    direction: Floats
    """(k,) pull = basis @ direction."""
    residual: Floats
    """(N,) what the fit leaves of each row, in units of 2**y_exponent."""
    value: float
    """The coefficient, in units of 2**exponent."""
    exponent: int
    """The power of two to put back into the coefficient."""
    smallest: float
    """The row's residual below which an error is rounding, in units of 2**y_exponent."""

    @property
    def unknowns(self) -> int:
        """How many coefficients the fit has, fixed effects or the intercept included."""
        return len(self.direction) + len(self.effects)

    def result(self, variance: float) -> Estimate | Absence:
        """The coefficient with an error, on the normal distribution.

        Args:
            variance: Of the coefficient, in units of 2**(2 * exponent).
        """
        error = math.sqrt(max(variance, 0.0))
        if error <= math.sqrt(float(self.direction @ self.direction)) * self.smallest:
            return Absence("no_spread")
        found = estimate(unscaled(self.value, self.exponent), unscaled(error, self.exponent), 1.0)
        return replace(found, df=math.inf) if isinstance(found, Estimate) else found


def pull_of(
    y: Floats, x: Mapping[str, Floats], *, column: str, absorb: Codes | None = None
) -> Pull | Absence:
    """How does each row pull at a column's coefficient?

    Args:
        y: (N,) finite outcome.
        x: Each column's name and its (N,) finite values, without an intercept.
        column: The column whose coefficient is wanted; it takes nothing that the others explain.
        absorb: (N,) which fixed effect a row belongs to; without it an intercept is fitted.

    Returns:
        Pulls and residuals; an absence where the column has no coefficient or no row is left over.
    """
    if not len(y):
        return Absence("no_rows")
    effect = np.zeros(len(y), dtype=np.intp) if absorb is None else absorb
    last = {name: x[name] for name in (*(name for name in x if name != column), column)}
    m = moments(y, last, cluster=effect, absorb=effect)
    solution = solve(m)
    if column not in solution.kept:
        return Absence("not_identified")
    order = np.argsort(effect, kind="stable")
    starts = starts_of(effect[order])
    design = np.column_stack([scaled(x[name][order], starts).values for name in solution.kept])
    direction = solution.root[solution.kept.index(column)]
    basis = design @ solution.root
    found = Pull(
        order=order,
        effects=starts,
        pull=basis @ direction,
        basis=basis,
        direction=direction,
        residual=scaled(y[order], starts).values - design @ solution.beta,
        value=float(solution.beta[solution.kept.index(column)]),
        exponent=m.y_exponent - m.exponents[m.columns.index(column)],
        smallest=smallest_error(m),
    )
    return found if len(y) > found.unknowns else Absence("saturated")


def pooled(
    y: Floats,
    x: Mapping[str, Floats],
    *,
    column: str,
    error: Error = "classic",
    cluster: Codes | None = None,
) -> Estimate | Absence:
    """What would other tools say: one least-squares regression of all rows, tested by z?

    Not an answer of ours: with few clusters these intervals are too narrow. They stand beside ours
    so that a difference from a published figure can be traced to its error.

    Args:
        y: (N,) finite outcome.
        x: Each column's name and its (N,) finite values, without an intercept.
        column: The column whose coefficient is wanted.
        error: Which error; `cluster` needs `cluster`.
        cluster: (N,) which cluster a row belongs to.

    Returns:
        The coefficient with infinite degrees of freedom (the normal distribution; print no
        number there); an absence where there is none, or where a row or cluster alone decides it
        and the error does not exist.

    Raises:
        ValueError: `cluster` errors without clusters.

    Source: `classic` sigma^2 (X'X)^-1 with N - k; `hc3` MacKinnon & White 1985; `cluster` Liang &
    Zeger 1986 times G/(G-1) (N-1)/(N-k), as statsmodels and Stata have by default.
    """
    if error == "cluster" and cluster is None:
        raise ValueError("errors by cluster need clusters")
    found = pull_of(y, x, column=column)
    if isinstance(found, Absence):
        return found
    rows, spare = len(y), len(y) - found.unknowns
    if error == "classic":
        size = float(found.direction @ found.direction)
        return found.result(size * float(found.residual @ found.residual) / spare)
    if error == "hc3":
        rest = 1.0 - (found.basis**2).sum(axis=1) - 1.0 / rows
        fixed = rest <= NULL  # a row that is fitted exactly whatever its outcome
        if (found.pull[fixed] ** 2 > NULL * float(found.direction @ found.direction)).any():
            return Absence("lone_cluster")
        scores = np.where(fixed, 0.0, found.pull * found.residual / np.where(fixed, 1.0, rest))
        return found.result(float(scores @ scores))
    codes = np.unique(np.asarray(cluster)[found.order], return_inverse=True)[1]
    scores = np.bincount(codes, weights=found.pull * found.residual)
    if len(scores) < 2:
        return Absence("one_cluster")
    factor = len(scores) / (len(scores) - 1) * (rows - 1) / spare
    return found.result(factor * float(scores @ scores))
