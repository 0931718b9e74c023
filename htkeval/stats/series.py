"""One series of periods, interrupted once: how level and slope changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.scaling import Floats, exponent, scaled, unscaled
from htkeval.stats.series_error import Adjustment, adjusted

EDGE = 7.0
"""Fisher's z of the largest correlation tried: 2e-6 short of one, where no answer moves."""
REDUNDANT = 1e-10
"""A column that the earlier ones explain to all but this share of its length adds nothing."""
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
        The changes; an absence with fewer than three periods on either side, two periods at one
        time, or a series that follows its lines exactly or says nothing of rho.

    Source: Wagner et al. 2002; Turner et al. 2021 (REML); R: `gls(y ~ time + after + since,
    correlation = corAR1(form = ~time), method = "REML")` of nlme is `reml`. Where times are no
    whole multiples of a step, rho is at least zero, as in `corCAR1`. The errors of `autoregressive`
    are in `series_error.adjusted`. ALARMS

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
    steps, whole = _steps(gaps)
    fit = _fit(rows, steps, 0.0)
    if fit is None:
        return Absence("not_identified")
    residual = column.values - x @ np.linalg.solve(fit[:4, :4], fit[:4, 4])
    floor = max(column.rounding, NOTHING * math.sqrt(column.total / len(y)))
    if np.abs(residual).max() <= floor:
        return Absence("no_spread")
    z = _best(rows, steps, -EDGE if whole and np.any(steps % 2 == 1) else 0.0)
    powers, reach = (column.exponent, power), float(x[after, 3].mean())
    small = adjusted(_whitened(rows, steps, np.array([z]))[0, :, :4], steps, z, _contrasts(reach))
    if small is None:
        return Absence("not_identified")
    autoregressive = _change(rows, steps, z, powers, reach, small)
    reml = _change(rows, steps, z, powers, reach)
    independent = _change(rows, steps, 0.0, powers, reach)
    if isinstance(autoregressive, Absence):
        return autoregressive
    if isinstance(reml, Absence):
        return reml
    if isinstance(independent, Absence):
        return independent
    return Interruption(autoregressive, reml, independent, math.tanh(z), abs(z) > EDGE - 0.1)


def _steps(gaps: Floats) -> tuple[Floats, bool]:
    """Gaps in steps, and whether they are whole: only then may a correlation be negative."""
    whole = bool((gaps == np.rint(gaps)).all()) and gaps.max() < 2**53
    step = float(np.gcd.reduce(gaps.astype(np.int64))) if whole else float(gaps.min())
    with np.errstate(over="ignore", invalid="ignore"):
        steps = gaps / step
        whole = bool((np.abs(steps - np.rint(steps)) < 1e-6).all())
    return (np.rint(steps), True) if whole else (steps, False)


def _whitened(rows: Floats, steps: Floats, z: Floats) -> Floats:
    """(Z, T, p) rows with unit variance and no correlation left, for each of (Z,) Fisher's z.

    AR(1) is Markov, so with c = rho^d only the row before matters: (e_i - c e_i-1) / sqrt(1 - c^2).
    """
    rho = np.tanh(z)[:, None]
    with np.errstate(divide="ignore", over="ignore"):
        carried = np.power(rho, steps)
        fresh = np.sqrt(-np.expm1(2 * steps * np.log(np.abs(rho))))
    later = (rows[1:] - carried[..., None] * rows[:-1]) / fresh[..., None]
    return np.concatenate([np.broadcast_to(rows[:1], (len(z), 1, rows.shape[1])), later], axis=1)


def _fit(rows: Floats, steps: Floats, z: float) -> Floats | None:
    """(5, 5) R of the QR of the whitened rows; None where a column adds nothing."""
    fit: Floats = np.linalg.qr(_whitened(rows, steps, np.array([z])), mode="r")[0]
    size = np.linalg.norm(fit[:, :4], axis=0)
    return None if np.any(np.abs(np.diag(fit)[:4]) <= REDUNDANT * size) else fit


def _criterion(rows: Floats, steps: Floats, z: Floats) -> Floats:
    """(Z,) minus twice the restricted log-likelihood, up to a constant, the variance profiled out.

    (T - k) log RSS + log|R| + log|X'R^-1X|: Harville 1977, by QR.
    """
    diagonal = np.abs(np.diagonal(np.linalg.qr(_whitened(rows, steps, z), mode="r"), 0, 1, 2))
    with np.errstate(divide="ignore", over="ignore"):
        size = np.log(-np.expm1(2 * steps * np.log(np.abs(np.tanh(z)))[:, None])).sum(axis=1)
        k = diagonal.shape[1] - 1
        rest = 2 * (len(rows) - k) * np.log(diagonal[:, k])
        return np.asarray(rest + size + 2 * np.log(diagonal[:, :k]).sum(axis=1), dtype=np.float64)


def _best(rows: Floats, steps: Floats, low: float) -> float:
    """The z with the largest restricted likelihood; a grid first, as it can have two peaks."""
    from scipy.optimize import minimize_scalar

    grid = np.linspace(low, EDGE, 281)
    best = int(np.argmin(_criterion(rows, steps, grid)))
    between = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(
        lambda z: float(_criterion(rows, steps, np.array([z]))[0]),
        bounds=between,
        method="bounded",
        options={"xatol": 1e-11},
    )
    return float(found.x)


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
    fit = _fit(rows, steps, z)
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
