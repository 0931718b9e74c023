"""Several trials' effects as one, and what the next trial may be expected to show."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace

import numpy as np

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.scaling import ROUNDING, Floats, exponent, unscaled

Interval = tuple[float, float] | Absence


@dataclass(frozen=True)
class Average:
    """The average effect with one standard error, and what follows from it."""

    effect: Estimate
    """Average effect over the population of trials, in the effects' unit; t on k - 1."""
    interval: Interval
    """Confidence interval of the average, in the effects' unit."""
    prediction: Interval
    """Where the true effect of one more trial of this kind is expected, in the effects' unit."""


@dataclass(frozen=True)
class Pooled:
    """What k trials say together."""

    hartung_knapp: Average | Absence
    """With the Hartung-Knapp-Sidik-Jonkman standard error, which the trials' own scatter gives."""
    wald: Average
    """With the standard error that the trials' own errors and `tau` imply, and the same t."""
    floored: bool
    """Whether Hartung-Knapp is the smaller of the two, so that policy uses the wider one."""
    trials: int
    """Trials pooled: k."""
    tau: float
    """Standard deviation of true effects between trials, in the effects' unit; zero is allowed."""
    q: float
    """Cochran's Q: scatter in units of the trials' own errors; k - 1 is expected by chance."""
    q_p: float
    """How often chance alone would scatter the effects so much."""
    i2: float
    """Share of the effects' variance that lies between trials, 0 to 1."""
    without: tuple[Pooled | Absence, ...]
    """(k,) the same without each trial in turn; empty in those answers themselves."""

    @property
    def reported(self) -> Average:
        """The wider of the two: Hartung-Knapp, but never surer than Wald."""
        if self.floored or isinstance(self.hartung_knapp, Absence):
            return self.wald
        return self.hartung_knapp


FAR_APART = 1e-150
"""A squared error this small beside the largest number: the square of its weight overflows."""


def pool(estimates: Floats, errors: Floats, *, level: float = 0.95) -> Pooled | Absence:
    """What is the average effect over trials, and how much does it vary between them?

    The between-trial variance tau^2 is found by restricted maximum likelihood; weights are
    1 / (s_i^2 + tau^2); the Hartung-Knapp variance is q / sum(w), q = sum w (y - mean)^2 / (k - 1),
    and Wald's is 1 / sum(w). Both go with t on k - 1 degrees of freedom.

    Args:
        estimates: (k,) effects of independent trials on one scale, finite.
        errors: (k,) their standard errors, finite, above zero.
        level: Confidence level, between 0 and 1, of both intervals.

    Returns:
        The pooled effect; an absence with fewer than two trials, an error that is zero, or numbers
        too far apart for a double.

    Source: Raudenbush 2009 (REML); IntHout, Ioannidis & Borm 2014 and Rover, Knapp & Friede 2015
    (Hartung-Knapp, and the wider of the two); Higgins, Thompson & Spiegelhalter 2009 for the
    prediction interval, with k - 1 as in R's metafor: `rma(y, sei = s, method = "REML",
    test = "knha")`, "adhoc" for `reported`. Where the likelihood has two peaks the higher is taken.

    Example:
        >>> found = pool(np.array([-0.25, -0.35, -0.3]), np.array([0.1, 0.1, 0.1]))
        >>> round(found.reported.effect.value, 3), found.tau, found.floored
        (-0.3, 0.0, True)
    """
    found = _pooled(estimates, errors, level)
    if isinstance(found, Absence):
        return found
    others = [np.arange(len(estimates)) != i for i in range(len(estimates))]
    return replace(
        found, without=tuple(_pooled(estimates[each], errors[each], level) for each in others)
    )


def _pooled(estimates: Floats, errors: Floats, level: float) -> Pooled | Absence:
    if not len(estimates):
        return Absence("no_rows")
    k = len(estimates)
    if k == 1:
        return Absence("too_few")
    power = max(exponent(estimates), exponent(errors))
    small = np.ldexp(estimates, -power)
    y, v = small - small[0], np.ldexp(errors, -power) ** 2
    if v.min() < FAR_APART:
        return Absence("no_spread" if errors.min() <= 0 else "too_large")
    with np.errstate(over="ignore", invalid="ignore"):
        tau2 = _tau2(y, v)
        w = 1 / (v + tau2)
        mean, wald = float(w @ y / w.sum()), 1 / math.sqrt(w.sum())
        knapp = wald * math.sqrt(float(w @ (y - mean) ** 2) / (k - 1))
        fixed = 1 / v
        q = float(fixed @ (y - fixed @ y / fixed.sum()) ** 2)
        typical = (k - 1) / _freedom(fixed)
        tau = unscaled(math.sqrt(tau2), power)
    if not math.isfinite(q + tau + tau2 + typical) or typical == 0:
        return Absence("too_large")
    value = unscaled(mean + float(small[0]), power)
    both = [_average(value, unscaled(se, power), k - 1, tau, level) for se in (knapp, wald)]
    hartung_knapp = Absence("no_spread") if knapp <= ROUNDING * wald else both[0]
    if isinstance(both[1], Absence):
        return both[1]
    return Pooled(
        hartung_knapp=hartung_knapp,
        wald=both[1],
        floored=knapp < wald * (1 - ROUNDING),
        trials=k,
        tau=tau,
        q=q,
        q_p=_chance(q, k - 1),
        i2=tau2 / (tau2 + typical),
        without=(),
    )


def _average(value: float, se: float, df: float, tau: float, level: float) -> Average | Absence:
    effect, ahead = estimate(value, se, df), estimate(value, math.hypot(se, tau), df)
    if isinstance(effect, Absence):
        return effect
    prediction = ahead if isinstance(ahead, Absence) else ahead.interval(level)
    return Average(effect, effect.interval(level), prediction)


def _chance(q: float, df: float) -> float:
    """Upper tail of chi-square, never printed as zero."""
    from scipy.special import chdtrc

    return min(1.0, max(float(chdtrc(df, q)), sys.float_info.min))


def _freedom(w: Floats) -> float:
    """tr P = sum w - sum w^2 / sum w, as the sum of w_i (sum of the other w) / sum w.

    Adding the others instead of taking w_i off keeps the digits where one weight dwarfs the rest.
    """
    largest = float(w.max())
    u = w / largest
    return largest * float(u @ (1 - np.eye(len(u))) @ u / u.sum())


def _score(tau2: float, y: Floats, v: Floats) -> float:
    """Slope of twice the restricted log-likelihood: y'PPy - tr P."""
    w = 1 / (v + tau2)
    return float(w**2 @ (y - float(w @ y / w.sum())) ** 2) - _freedom(w)


def _tau2(y: Floats, v: Floats) -> float:
    """Between-trial variance with the largest restricted likelihood.

    Beyond max(v, 4 range^2) the slope is below zero, so the peak lies before it: a grid finds the
    highest, and the root of the slope gives all digits of it.
    """
    from scipy.optimize import brentq

    top = max(float(v.max()), 4 * float(np.ptp(y)) ** 2)
    grid = np.append(0.0, top * np.geomspace(1e-12, 1, 400))
    w = 1 / (v + grid[:, None])
    mean = (w @ y) / w.sum(axis=1)
    scatter = (w * (y - mean[:, None]) ** 2).sum(axis=1)
    best = int(np.argmax(np.log(w).sum(axis=1) - np.log(w.sum(axis=1)) - scatter))
    # near its peak the likelihood is flat to rounding, its slope is not
    low, high = max(best - 1, 0), min(best + 1, len(grid) - 1)
    while low > 0 and _score(grid[low], y, v) <= 0:
        low -= 1
    while high < len(grid) - 1 and _score(grid[high], y, v) > 0:
        high += 1
    if not _score(grid[low], y, v) > 0 >= _score(grid[high], y, v):
        return float(grid[low])
    ends = float(grid[low]), float(grid[high])
    return float(brentq(_score, *ends, args=(y, v), xtol=1e-300, rtol=1e-14, maxiter=1000))
