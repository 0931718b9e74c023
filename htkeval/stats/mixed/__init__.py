"""The linear mixed model with random intercepts, by restricted maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.answer import Absence
from htkeval.stats.mixed.cells import Cells, cells
from htkeval.stats.mixed.equations import Equations, Layout, equations, layout
from htkeval.stats.mixed.optimum import NEVER, bounds, optimum, usual
from htkeval.stats.mixed.slopes import Slopes, inverse_of, slopes
from htkeval.stats.scaling import Codes, Floats, unscaled

NOTHING = 1e-9
"""Share below which what is left of an effect, or moves with it, is rounding."""


@dataclass(frozen=True, eq=False)
class Mixed:
    """A fitted mixed model: coefficients, spreads, and what their uncertainty is made of."""

    names: tuple[str, ...]
    """(p,) columns with a coefficient; the intercept first."""
    dropped: tuple[str, ...]
    """Columns that are constant or a combination of earlier ones."""
    beta: Floats
    """(p,) coefficients, in the outcome's unit for one unit of the column."""
    errors: Floats
    """(p,) their standard errors with the variances taken as known, likewise."""
    effects: tuple[str, ...]
    """(K,) the random intercepts, the one with most levels first."""
    ratios: Floats
    """(K,) each effect's variance in units of the residual variance; zero at the boundary."""
    spreads: Mapping[str, float]
    """Standard deviation between each effect's levels, in the outcome's unit; zero likewise."""
    residual: float
    """Standard deviation of the rows' own part, in the outcome's unit; above zero."""
    merged: tuple[str, ...]
    """Effects whose levels have one row each (they are in the residual), or that repeat one."""
    seen: NDArray[np.bool_]
    """(K,) false for an effect that the columns explain whole, so that no spread of it is seen."""
    resting: frozenset[str]
    """Columns whose uncertainty rests on the spread of an effect that is not seen."""
    deviance: float
    """-2 log REML likelihood, profiled, without constants."""
    slopes: Slopes
    """Slopes at the fit, for contrasts that are the columns; at 1e-12 in place of a zero."""
    at: Layout
    """What the rows came down to."""


def reml(y: Floats, x: Mapping[str, Floats], *, effects: Mapping[str, Codes]) -> Mixed | Absence:
    """Which coefficients and spreads make the data most likely, when rows share levels?

    y = X beta + sum_k Z_k b_k + e, with independent normal b_k and e of variances s_k^2 and s^2.

    Args:
        y: (N,) finite outcome.
        x: Each column's name and its (N,) finite values, without an intercept, which is added; put
            the column whose effect is wanted last, so that it never takes what belongs to another.
        effects: Each random intercept's name and the (N,) level of each row, as integers; one to
            three of them, nested or crossed in any way: participant; team and participant; team
            and team by period; participant and question. A level within another needs a number
            of its own: participant 1 of team 2 is not participant 1 of team 1. The effects but for
            the largest may have some 2,000 levels together.

    Returns:
        The fit at the highest top of the likelihood. A variance whose best value is zero is
        exactly zero, and without any other the fit is ordinary least squares. An absence without
        rows (`no_rows`), with no more rows than columns and variances (`saturated`), where nothing
        is left between rows of the same level (`no_spread`), or beyond a double (`too_large`).

    Source: Patterson & Thompson 1971; Bates et al. 2015 for profiling over ratios. As R's
    `lme4::lmer(REML = TRUE)`, except that an effect which no data could estimate is named and left
    out instead of fitted (`merged`, `seen`), and that the search covers a grid with zeros.

    Example:
        >>> person, tool = np.array([0, 0, 1, 1, 2, 2]), np.array([0.0, 1.0] * 3)
        >>> minutes = np.array([10.0, 11.0, 20.0, 22.0, 30.0, 36.0])
        >>> fit = reml(minutes, {"tool": tool}, effects={"person": person})
        >>> round(float(fit.beta[1]), 9), round(float(fit.errors[1]) ** 2, 9)
        (3.0, 2.333333333)
    """
    found = cells(y, x, effects=effects)
    if isinstance(found, Absence):
        return found
    at = layout(found)
    try:
        return _fitted(at)
    except np.linalg.LinAlgError:  # columns that only a vanishing part of the rows tells apart
        return Absence("not_identified")


def _fitted(at: Layout) -> Mixed | Absence:
    found = at.cells
    low, high = bounds(at)
    contrasts = _in_own_units(found)
    typical = slopes(at, equations(at, usual(at)), contrasts)
    seen = typical.traces > NOTHING * typical.plain
    if inverse_of(typical.expected, seen) is None:
        return Absence("saturated")
    ratios = optimum(at, fixed=~seen)
    fit = equations(at, ratios)
    if math.sqrt(fit.variance) <= found.smallest or (ratios >= np.exp(high)).any():
        return Absence("no_spread")
    s = slopes(at, equations(at, np.maximum(ratios, np.exp(low))), contrasts)
    beta, errors = _coefficients(found, fit, contrasts)
    sigma, power = math.sqrt(fit.variance), found.exponents[-1]
    spreads = [unscaled(sigma * math.sqrt(ratio), power) for ratio in ratios]
    residual = unscaled(sigma, power)
    if not np.isfinite([*beta, *errors, *spreads, residual]).all() or not errors.min() > 0:
        return Absence("too_large")
    rests = (s.errors[~seen] > NOTHING * NEVER).any(axis=0)
    return Mixed(
        names=found.columns,
        dropped=found.dropped,
        beta=beta,
        errors=errors,
        effects=found.effects,
        ratios=ratios,
        spreads=dict(zip(found.effects, spreads, strict=True)),
        residual=residual,
        merged=found.merged,
        seen=seen,
        resting=frozenset(np.array(found.columns)[rests].tolist()),
        deviance=fit.deviance,
        slopes=s,
        at=at,
    )


def _in_own_units(found: Cells) -> Floats:
    """(p, p) contrasts of the scaled coefficients: the intercept goes back to columns of zero."""
    contrasts = np.eye(len(found.columns))
    contrasts[1:, 0] = -found.centres[1:-1]
    return contrasts


def _coefficients(found: Cells, fit: Equations, contrasts: Floats) -> tuple[Floats, Floats]:
    """Coefficients and their standard errors, in the outcome's unit."""
    beta = contrasts.T @ (found.ordinary + fit.beta)
    beta[0] += found.centres[-1]
    errors = np.sqrt(fit.variance * ((fit.root.T @ contrasts) ** 2).sum(axis=0))
    powers = [found.exponents[-1] - power for power in found.exponents[:-1]]
    return (
        np.array([unscaled(value, power) for value, power in zip(beta, powers, strict=True)]),
        np.array([unscaled(value, power) for value, power in zip(errors, powers, strict=True)]),
    )
