"""One series of periods, interrupted once: how level and slope changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.scaling import Floats, exponent, scaled, unscaled
from htkeval.stats.series.error import Adjustment, adjusted
from htkeval.stats.series.likelihood import EDGE, best, fitted, steps_of, whitened

UNKNOWNS = 6
"""Four coefficients, a variance and a correlation."""
NOTHING = 1e-12
"""Share of the series' spread below which a residual is rounding."""


@dataclass(frozen=True)
class Change:
    """What changed at the interruption, under one model of the errors."""

    level: Estimate
    """Jump at the first period after, in the outcome's unit."""
    slope: Estimate
    """Change of slope, in the outcome's unit for one unit of time."""
    average: Estimate
    """Mean over the periods after of what the interruption changed, in the outcome's unit."""


@dataclass(frozen=True)
class Interruption:
    """What changed, and how alike neighbouring periods' errors are."""

    autoregressive: Change
    """With AR(1) errors, by restricted maximum likelihood, and errors and degrees of freedom that
    know that `rho` is an estimate: the main answer."""
    reml: Change
    """The same values as if `rho` were known, t on T - 4, as other programs print it: too sure."""
    independent: Change
    """By least squares, which is too sure where `rho` is above zero: for sensitivity."""
    rho: float
    """Correlation of errors one step apart, between -1 and 1. A step is one unit of time where the
    times are whole numbers that share no larger step, otherwise the largest step they share."""
    edge: bool
    """Whether the likelihood was still rising at the largest correlation: errors that wander."""


def interrupted(
    y: Floats, time: Floats, after: Floats, *, weights: Floats | None = None
) -> Interruption | Absence:
    """How did a series change, in level and in slope, when something was introduced?

    y = a + b t + level after + slope after (t - t0) + error, with t0 the first period after and
    errors whose correlation is rho^|dt| over a distance dt, gaps included.

    Args:
        y: (T,) one value a period, finite.
        time: (T,) when, finite, in any order, no two alike.
        after: (T,) 1 from the interruption on, 0 before.
        weights: (T,) tasks behind each value; variance is proportional to 1 / weight. A period
            without a positive weight is left out.

    Returns:
        The changes; an absence with fewer than three periods on either side or seven in all, two
        periods at one time, or a series that follows its lines exactly.

    Source: Wagner et al. 2002; Turner et al. 2021 (REML); R: `gls(y ~ time + after + since,
    correlation = corAR1(form = ~time), method = "REML")` of nlme is `reml`. Where times are no
    whole multiples of a step, rho is at least zero, as in `corCAR1`. The errors of `autoregressive`
    are in `series_error.adjusted`.
    With rho from -0.3 to 0.6 the level then alarms by mistake in 4 to 5.7 % of series of 24 to 60
    periods (`reml`: 5 to 10.5 %), also with rho 0.8; so do slope and average, to 5.7 %. At 12
    periods it is 4 to 5 %, slope and average up to 7 % with rho 0.8; few of those find anything.

    Example:
        >>> found = interrupted(np.array([9., 10, 9, 10, 4, 5, 4, 5]), np.arange(8.0),
        ...                     np.array([0., 0, 0, 0, 1, 1, 1, 1]))
        >>> round(found.independent.level.value, 3)
        -5.8
    """
    use = np.flatnonzero(weights > 0) if weights is not None else np.arange(len(y))
    use = use[np.argsort(time[use], kind="stable")]
    y, time, introduced = y[use], time[use], after[use] > 0
    if not len(y):
        return Absence("no_rows")
    if min(int(introduced.sum()), int((~introduced).sum())) < 3:
        return Absence("too_few")
    if len(y) < UNKNOWNS + 1:
        return Absence("saturated")
    with np.errstate(over="ignore"):
        gaps, elapsed = np.diff(time), time - time[0]
    if not np.isfinite(elapsed).all():
        return Absence("too_large")
    if gaps.min() == 0:
        return Absence("same_time")
    share = np.ones(len(y)) if weights is None else weights[use]
    root = np.sqrt(np.ldexp(share, -exponent(share)))  # a power of two changes no answer
    return _answer(y, elapsed, introduced, gaps, root)


def _answer(
    y: Floats, elapsed: Floats, after: NDArray[np.bool_], gaps: Floats, root: Floats
) -> Interruption | Absence:
    """Grid, then polish, over Fisher's z of the correlation; at zero it is least squares."""
    t = np.ldexp(elapsed, -exponent(elapsed))
    since = np.where(after, elapsed - elapsed[after][0], 0.0)
    power = exponent(since)
    x = np.column_stack([np.ones(len(t)), t, after, np.ldexp(since, -power)])
    column = scaled(y, np.zeros(1, dtype=np.intp))
    rows = np.column_stack([x, column.values]) * root[:, None]
    steps, whole = steps_of(gaps)
    fit = fitted(rows, steps, 0.0)
    if fit is None:
        return Absence("not_identified")
    residual = column.values - x @ np.linalg.solve(fit[:4, :4], fit[:4, 4])
    floor = max(column.rounding, NOTHING * math.sqrt(column.total / len(y)))
    if np.abs(residual).max() <= floor:
        return Absence("no_spread")
    z = best(rows, steps, -EDGE if whole and np.any(steps % 2 == 1) else 0.0)
    powers, reach = (column.exponent, power), float(x[after, 3].mean())
    reml = _change(rows, steps, z, powers, reach)
    if isinstance(reml, Absence):
        return reml
    independent = _change(rows, steps, 0.0, powers, reach)
    if isinstance(independent, Absence):
        return independent
    white = whitened(rows, steps, np.array([z]))[0, :, :4]
    small = adjusted(white, steps, z, _contrasts(reach))
    if small is None:
        return Absence("saturated")
    autoregressive = _change(rows, steps, z, powers, reach, small)
    if isinstance(autoregressive, Absence):
        return autoregressive
    return Interruption(autoregressive, reml, independent, math.tanh(z), abs(z) > EDGE - 0.1)


def _contrasts(reach: float) -> Floats:
    """(4, 3) level, slope and their mean over the periods after, `reach` on average after t0."""
    return np.array([[0.0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, reach]]).T


def _change(
    rows: Floats,
    steps: Floats,
    z: float,
    powers: tuple[int, int],
    reach: float,
    small: Adjustment | None = None,
) -> Change | Absence:
    """What changed at one correlation, which is known unless `small` says what it costs."""
    fit = fitted(rows, steps, z)
    if fit is None:
        return Absence("not_identified")
    df = len(rows) - 4
    sigma = abs(float(fit[4, 4])) / math.sqrt(df)
    back = np.linalg.inv(fit[:4, :4])
    c = _contrasts(reach)
    stretch, dfs = (np.ones(3), np.full(3, df)) if small is None else (small.stretch, small.df)
    with np.errstate(over="ignore", invalid="ignore"):
        values = c.T @ (back @ fit[:4, 4])
        errors = sigma * stretch * np.array([math.hypot(*row) for row in c.T @ back])
    units = (powers[0], powers[0] - powers[1], powers[0])
    found = [
        estimate(unscaled(float(value), unit), unscaled(float(error), unit), float(each))
        for value, error, each, unit in zip(values, errors, dfs, units, strict=True)
    ]
    absent = next((each for each in found if isinstance(each, Absence)), None)
    return absent or Change(*(each for each in found if isinstance(each, Estimate)))
