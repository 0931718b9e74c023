"""The linear mixed model with random intercepts, by restricted maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.mixed_cells import Cells, cells
from htkeval.stats.mixed_equations import Layout, equations, layout
from htkeval.stats.mixed_optimum import bounds, optimum, taken
from htkeval.stats.mixed_slopes import Slopes, slopes
from htkeval.stats.scaling import Codes, Floats, unscaled


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
    spreads: Mapping[str, float]
    """Standard deviation between the levels of each effect, in the outcome's unit; may be zero."""
    residual: float
    """Standard deviation of the rows' own part, in the outcome's unit; above zero."""
    ratios: Mapping[str, float]
    """Each effect's variance in units of the residual variance."""
    merged: tuple[str, ...]
    """Effects that no rows tell from the residual or from an earlier effect; they are part of it."""
    unseen: tuple[str, ...]
    """Effects that the columns explain whole, so that their spread cannot be seen."""
    resting: tuple[str, ...]
    """Columns whose uncertainty rests on an unseen effect."""
    free: int
    """Rows less columns."""
    deviance: float
    """-2 log REML likelihood, without the constants that lme4 adds."""
    slopes: Slopes
    """Slopes at the fit; at a vanishing ratio instead of one of zero."""
    at: Layout
    """What the rows came down to."""


def reml(y: Floats, x: Mapping[str, Floats], *, effects: Mapping[str, Codes]) -> Mixed | Absence:
    """Which coefficients and spreads make the data most likely, when rows share levels?

    Args:
        y: (N,) finite outcome.
        x: Each column's name and its (N,) finite values, without an intercept, which is added; put
            the column whose effect is wanted last, so that it never takes what belongs to another.
        effects: Each random intercept's name and the (N,) level of each row, as integers; one to
            three of them, nested or crossed in any way. A level nested in another needs its own
            number: participant 1 of team 2 is not participant 1 of team 1.
    """
    found = cells(y, x, effects=effects)
    if isinstance(found, Absence):
        return found
    at = layout(found)
    if not found.effects:
        raise NotImplementedError
    unseen = taken(at)
    if found.rows - len(found.columns) < 1 + int((~unseen).sum()):
        return Absence("saturated")
    ratios = optimum(at, fixed=unseen)
    fit = equations(at, ratios)
    if math.sqrt(fit.variance) <= found.smallest:
        return Absence("no_residual")
    low, _ = bounds(at)
    near = equations(at, np.maximum(ratios, np.exp(low)))
    contrasts = _in_own_units(found)
    s = slopes(at, near, contrasts)
    powers = [found.exponents[-1] - e for e in found.exponents[:-1]]
    own = contrasts.T @ (found.ordinary + fit.beta)
    own[0] += found.centres[-1]
    errors = np.sqrt(fit.variance * ((fit.root.T @ contrasts) ** 2).sum(axis=0))
    scale = found.exponents[-1]
    rests = (s.errors / np.exp(low)[:, None] * 1)[unseen]
    sigma = math.sqrt(fit.variance)
    return Mixed(
        names=found.columns,
        dropped=found.dropped,
        beta=np.array([unscaled(b, e) for b, e in zip(own, powers, strict=True)]),
        errors=np.array([unscaled(b, e) for b, e in zip(errors, powers, strict=True)]),
        spreads={
            n: unscaled(sigma * math.sqrt(r), scale)
            for n, r in zip(found.effects, ratios, strict=True)
        },
        residual=unscaled(sigma, scale),
        ratios=dict(zip(found.effects, ratios.tolist(), strict=True)),
        merged=found.merged,
        unseen=tuple(n for n, u in zip(found.effects, unseen, strict=True) if u),
        resting=tuple(),
        free=found.rows - len(found.columns),
        deviance=fit.deviance,
        slopes=s,
        at=at,
    )


def _in_own_units(found: Cells) -> Floats:
    """(p, p) contrasts of the scaled coefficients: the intercept goes back to columns of zero."""
    contrasts = np.eye(len(found.columns))
    contrasts[1:, 0] = -found.centres[1:-1]
    return contrasts
