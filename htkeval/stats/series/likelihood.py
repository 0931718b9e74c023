"""How likely a correlation of neighbouring periods' errors is, and the rows without it."""

from __future__ import annotations

import numpy as np

from htkeval.stats.scaling import Floats

EDGE = 7.0
"""Fisher's z of the largest correlation tried: 2e-6 short of one, where no answer moves."""
REDUNDANT = 1e-10
"""A column that the earlier ones explain to all but this share of its length adds nothing."""
FAR = 2.0**60
"""Steps after which nothing is left of any correlation tried; longer gaps count as this."""


def steps_of(gaps: Floats) -> tuple[Floats, bool]:
    """Gaps in steps, and whether they are whole: only then may a correlation be negative."""
    whole = bool((gaps == np.rint(gaps)).all()) and gaps.max() < 2**53
    step = float(np.gcd.reduce(gaps.astype(np.int64))) if whole else float(gaps.min())
    with np.errstate(over="ignore", invalid="ignore"):
        steps = gaps / step
        whole = bool((np.abs(steps - np.rint(steps)) < 1e-6).all())
    steps = np.minimum(steps, FAR)
    return (np.rint(steps), True) if whole else (steps, False)


def whitened(rows: Floats, steps: Floats, z: Floats) -> Floats:
    """(Z, T, p) rows with unit variance and no correlation left, for each of (Z,) Fisher's z.

    AR(1) is Markov, so with c = rho^d only the row before matters: (e_i - c e_i-1) / sqrt(1 - c^2).
    """
    rho = np.tanh(z)[:, None]
    with np.errstate(divide="ignore", over="ignore"):
        carried = np.power(rho, steps)
        fresh = np.sqrt(-np.expm1(2 * steps * np.log(np.abs(rho))))
    later = (rows[1:] - carried[..., None] * rows[:-1]) / fresh[..., None]
    return np.concatenate([np.broadcast_to(rows[:1], (len(z), 1, rows.shape[1])), later], axis=1)


def fitted(rows: Floats, steps: Floats, z: float) -> Floats | None:
    """(5, 5) R of the QR of the whitened rows; None where a column adds nothing."""
    r: Floats = np.linalg.qr(whitened(rows, steps, np.array([z])), mode="r")[0]
    size = np.linalg.norm(r[:, :4], axis=0)
    return None if np.any(np.abs(np.diag(r)[:4]) <= REDUNDANT * size) else r


def criterion(rows: Floats, steps: Floats, z: Floats) -> Floats:
    """(Z,) minus twice the restricted log-likelihood, up to a constant, the variance profiled out.

    (T - k) log RSS + log|R| + log|X'R^-1X|: Harville 1977, by QR.
    """
    diagonal = np.abs(np.diagonal(np.linalg.qr(whitened(rows, steps, z), mode="r"), 0, 1, 2))
    with np.errstate(divide="ignore", over="ignore"):
        size = np.log(-np.expm1(2 * steps * np.log(np.abs(np.tanh(z)))[:, None])).sum(axis=1)
        k = diagonal.shape[1] - 1
        rest = 2 * (len(rows) - k) * np.log(diagonal[:, k])
        return np.asarray(rest + size + 2 * np.log(diagonal[:, :k]).sum(axis=1), dtype=np.float64)


def best(rows: Floats, steps: Floats, low: float) -> float:
    """The z with the largest restricted likelihood; a grid first, as it can have two peaks."""
    from scipy.optimize import minimize_scalar

    grid = np.linspace(low, EDGE, 281)
    peak = int(np.argmin(criterion(rows, steps, grid)))
    between = grid[max(peak - 1, 0)], grid[min(peak + 1, len(grid) - 1)]
    found = minimize_scalar(
        lambda z: float(criterion(rows, steps, np.array([z]))[0]),
        bounds=between,
        method="bounded",
        options={"xatol": 1e-11},
    )
    return float(found.x)
