"""How alike rows of the same level are: a variance's share of all, with an interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.mixed import Mixed
from htkeval.stats.mixed.equations import equations
from htkeval.stats.mixed.optimum import bounds, usual
from htkeval.stats.mixed.slopes import slopes
from htkeval.stats.regression import REDUNDANT
from htkeval.stats.scaling import Floats

FAR = 14.0
"""Logit of a share that counts as 1; minus that counts as 0."""


@dataclass(frozen=True)
class Likeness:
    """An intraclass correlation with its confidence interval."""

    value: float
    """The effect's variance as a share of the sum of all variances, 0 to 1."""
    low: float
    """Lower end of the interval; 0 where the data allow for no likeness at all."""
    high: float
    """Upper end of the interval; 0 where the levels are less alike than chance would leave them."""


def icc(fit: Mixed, effect: str, *, level: float) -> Likeness | Absence:
    """Which share of the spread that the columns leave lies between the levels of an effect?

    Args:
        fit: A fitted model.
        effect: One of its effects.
        level: Confidence level, between 0 and 1.

    Returns:
        The share; an absence (`few_clusters`) for an effect whose spread cannot be seen. With one
        effect the interval is exact for normal parts, however few and uneven the levels are. With
        several it is the profile's, which is approximate: at 95 % it held the truth in 94 to 98 %
        of 250 to 750 simulated trials each of 8, 12 and 20 teams with participants in them, and of
        15 participants by 8 questions.

    Source: one effect: Wald 1940, with columns Harville & Fenech 1985. Several: the REML deviance,
    profiled over the other variances, against chi-squared with one degree of freedom.
    """
    if effect not in fit.effects or not fit.seen[fit.effects.index(effect)]:
        return Absence("few_clusters")
    k = fit.effects.index(effect)
    value = float(fit.ratios[k] / (1 + fit.ratios.sum()))
    try:
        ends = _exact(fit, level) if len(fit.effects) == 1 else _profiled(fit, k, value, level)
    except np.linalg.LinAlgError:
        return Absence("few_clusters")
    return ends if isinstance(ends, Absence) else Likeness(value, *ends)


def _exact(fit: Mixed, level: float) -> tuple[float, float] | Absence:
    """Shares at which the F of the levels is no surprise.

    At ratio g, (y'Py - E) / r over E / f is F with r and f degrees of freedom, E and f being what
    columns and levels leave of rows and squares; it falls as g grows.
    """
    from scipy.special import fdtri

    left, inside = _within(fit)
    between = fit.slopes.free - inside
    if inside < 1 or between < 1 or left <= 0:
        return Absence("few_clusters")

    def excess(logit: float) -> float:
        whole = equations(fit.at, np.array([math.exp(logit)])).variance * fit.slopes.free
        return (whole - left) / between / (left / inside)

    tail = (1 - level) / 2
    # the upper quantile from the small tail: 1 - tail would lose digits
    largest, smallest = 1 / float(fdtri(inside, between, tail)), float(fdtri(between, inside, tail))
    return (
        _zero(lambda logit: excess(logit) - largest, -FAR, FAR),
        _zero(lambda logit: excess(logit) - smallest, -FAR, FAR),
    )


def _within(fit: Mixed) -> tuple[float, int]:
    """Squares and degrees of freedom that columns and the levels of one effect leave."""
    cells, p = fit.at.cells, len(fit.names)
    inner, side = cells.within[:p, :p], cells.within[:p, p]
    size = np.sqrt(np.diag(inner))
    varies = size > math.sqrt(REDUNDANT * cells.rows)
    size = size[varies]
    values, vectors = np.linalg.eigh(inner[np.ix_(varies, varies)] / size / size[:, None])
    adds = values > REDUNDANT
    along = vectors[:, adds].T @ (side[varies] / size)
    left = float(cells.within[p, p] - (along**2 / values[adds]).sum())
    return left, cells.rows - cells.levels[0] - int(adds.sum())


def _profiled(fit: Mixed, k: int, value: float, level: float) -> tuple[float, float]:
    """Shares at which the deviance is no more above its floor than chance would put it."""
    from scipy.special import ndtri

    limit = float(ndtri((1 - level) / 2)) ** 2
    rise = _profile(fit, k)
    middle = math.log(value) - math.log1p(-value) if value > 0 else -FAR
    middle = min(max(middle, -FAR), FAR)
    return (
        _zero(lambda logit: rise(logit) - limit, -FAR, middle),
        _zero(lambda logit: limit - rise(logit), middle, FAR),
    )


def _profile(fit: Mixed, k: int) -> Callable[[float], float]:
    """How far the deviance is above its floor when an effect's share is held at a logit.

    The share is 1 / (1 + e^-logit) where g_k = e^logit (1 + sum of the other ratios).
    """
    from scipy.optimize import minimize

    low, high = bounds(fit.at)
    others = fit.seen.copy()
    others[k] = False
    typical = np.log(usual(fit.at)[others])
    fitted = np.maximum(np.log(np.maximum(fit.ratios[others], 1e-300)), typical - 7)
    none = np.zeros((len(fit.names), 0))

    def rise(logit: float) -> float:
        def height(log: Floats) -> tuple[float, Floats]:
            ratios = np.where(fit.seen, np.exp(low), 0.0)
            ratios[others] = np.exp(log)
            whole = 1 + float(ratios[others].sum())
            ratios[k] = math.exp(logit) * whole
            at = equations(fit.at, ratios)
            down = slopes(fit.at, at, none).gradient
            return at.deviance - fit.deviance, down[others] + down[k] * ratios[others] / whole

        if not others.any():
            return height(np.zeros(0))[0]
        ends = list(zip(low[others], high[others], strict=True))
        tries = (
            minimize(height, start, jac=True, method="L-BFGS-B", bounds=ends)
            for start in (fitted, typical)
        )
        return min(float(found.fun) for found in tries)

    return rise


def _zero(falling: Callable[[float], float], start: float, end: float) -> float:
    """The share at whose logit a falling function is zero; an end where it is zero beyond."""
    from scipy.optimize import brentq

    if falling(start) <= 0:
        return _share(start)
    if falling(end) >= 0:
        return _share(end)
    return _share(float(brentq(falling, start, end, xtol=1e-6)))


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if abs(logit) < FAR else float(logit > 0)
