"""How alike rows of one level are: a variance's share of the whole, with an interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.mixed import Mixed
from htkeval.stats.mixed_equations import equations
from htkeval.stats.mixed_optimum import bounds
from htkeval.stats.mixed_slopes import slopes
from htkeval.stats.scaling import Floats

STEPS = 1e-9
"""How closely an end of the interval is found, in its logit."""


@dataclass(frozen=True)
class Likeness:
    """An intraclass correlation with its interval."""

    value: float
    """The effect's variance as a share of the sum of all variances, 0 to 1."""
    low: float
    """Lower end of the interval; 0 where no likeness at all is among what the data allow."""
    high: float
    """Upper end."""
    exact: bool
    """Whether the interval's coverage is exact (one effect) or approximate (several)."""


def icc(fit: Mixed, effect: str, *, level: float) -> Likeness | Absence:
    """Which share of the spread that the columns leave lies between the levels of an effect?

    Args:
        fit: A fitted model.
        effect: One of its effects.
        level: Confidence level, between 0 and 1.
    """
    if effect not in fit.ratios or effect in fit.unseen:
        return Absence("few_clusters")
    value = fit.ratios[effect] / (1 + sum(fit.ratios.values()))
    if len(fit.ratios) == 1:
        return _exact(fit, value, level)
    return _profile(fit, effect, value, level)


def _exact(fit: Mixed, value: float, level: float) -> Likeness | Absence:
    from scipy.special import fdtri

    within = fit.at.cells.within
    p = len(fit.names)
    inner, side = within[:p, :p], within[:p, p]
    size = np.sqrt(np.diag(inner))
    alive = size > 1e-7 * math.sqrt(fit.at.cells.rows)
    scaled = inner[np.ix_(alive, alive)] / size[alive] / size[alive][:, None]
    values, vectors = np.linalg.eigh(scaled)
    values, vectors = values[values > 1e-10], vectors[:, values > 1e-10]
    along = vectors.T @ (side[alive] / size[alive])
    error = float(within[p, p] - (along**2 / values).sum())
    inside = fit.at.cells.rows - fit.at.cells.levels[0] - len(values)
    between = fit.free - inside
    if inside < 1 or between < 1:
        return Absence("few_clusters")

    def over(logit: float) -> float:
        """F of the levels at a ratio; it falls as the ratio grows."""
        whole = equations(fit.at, np.array([math.exp(logit)])).variance * fit.free
        return (whole - error) / between / (error / inside)

    low, high = (float(fdtri(between, inside, p)) for p in ((1 + level) / 2, (1 - level) / 2))
    ends = [_falls_to(over, f) for f in (low, high)]
    return Likeness(value, *ends, exact=True)


LOGITS = (-30.0, 30.0)


def _falls_to(over: Callable[[float], float], f: float) -> float:
    """The share at which a falling function of its logit reaches a value; 0 or 1 at the ends."""
    from scipy.optimize import brentq

    start, end = LOGITS
    if over(start) <= f:
        return 0.0
    if over(end) >= f:
        return 1.0
    return 1 / (1 + math.exp(-brentq(lambda logit: over(logit) - f, start, end, xtol=STEPS)))


def _profile(fit: Mixed, effect: str, value: float, level: float) -> Likeness | Absence:
    from scipy.optimize import brentq, minimize
    from scipy.special import ndtri

    k = list(fit.ratios).index(effect)
    low, high = bounds(fit.at)
    seen = np.array([name not in fit.unseen for name in fit.ratios])
    others = seen.copy()
    others[k] = False
    none = np.zeros((len(fit.names), 0))
    start = np.clip(np.log(np.maximum(list(fit.ratios.values()), 1e-300)), low, high)
    last = [start[others]]

    def height(logit: float) -> float:
        odds = math.exp(logit)

        def at(log: Floats) -> tuple[float, Floats]:
            ratios = np.exp(low)
            ratios[others] = np.exp(log)
            whole = 1 + ratios[others].sum()
            ratios[k] = odds * whole
            e = equations(fit.at, ratios)
            s = slopes(fit.at, e, none)
            g = s.traces - s.squares
            return e.deviance, g[others] + g[k] * ratios[others] / whole

        best = min(
            (
                minimize(
                    at, x0, jac=True, method="L-BFGS-B", bounds=list(zip(low[others], high[others]))
                )
                for x0 in [np.maximum(last[0], np.log(1e-4))]
            ),
            key=lambda r: r.fun,
        )
        last[0] = best.x
        return float(best.fun)

    limit = fit.deviance + float(ndtri((1 - level) / 2)) ** 2
    middle = math.log(value / (1 - value)) if value > 0 else -30.0
    last = [start[others]]
    lo = 0.0
    if value > 0 and height(-30.0) > limit:
        lo = brentq(lambda l: height(l) - limit, -30.0, middle, xtol=1e-5)
        lo = 1 / (1 + math.exp(-lo))
    last = [start[others]]
    hi = 1.0
    if height(12.0) > limit:
        hi = brentq(lambda l: height(l) - limit, middle, 12.0, xtol=1e-5)
        hi = 1 / (1 + math.exp(-hi))
    return Likeness(value, lo, hi, exact=False)
