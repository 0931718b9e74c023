"""Standard errors and degrees of freedom of a series whose correlation is itself an estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval.stats.scaling import Floats

WANDERING = 0.02
"""Expected steps until the errors forget, as a share of the series: 1 - rho is taken to be no
smaller than this over the number of steps. Nearer to one the answers have a finite limit, a per
cent away (df 15 % with gaps), and what a trend leaves of rho's information loses its digits."""
LONG = 1e6
"""Steps from which on that is no bound on any correlation that is tried."""
FLAT = 1e-14
"""What is left of tr D^2, as a share of it, below which it is rounding."""


@dataclass(frozen=True, eq=False)
class Adjustment:
    """What the estimation of the correlation does to contrasts' errors."""

    stretch: Floats
    """(c,) what each standard error is multiplied by; one or more."""
    df: Floats
    """(c,) degrees of freedom of Student's t; above zero, at most T - p."""


def adjusted(columns: Floats, steps: Floats, z: float, contrasts: Floats) -> Adjustment | None:
    """How much less sure is a contrast, and how heavy are its tails, as rho was estimated too?

    With V = sigma^2 R(rho), D the slope of log V by rho and P what takes the columns out, both
    in whitened rows, let t_1 = tr PD and F = PD - (t_1 / (T - p)) P, so that rho and sigma^2 are
    told apart. The expected information on rho is tr F^2 / 2, the variance of a contrast has the
    relative slope g = a'Da - t_1 / (T - p) along its unit direction a, and

        df = (T - p) / (1 + (T - p) g^2 / tr F^2)        se^2 * (1 + 4 |PDa|^2 / tr F^2).

    Neither changes where rho is written otherwise (Fisher's z, the innovations' variance), so
    sigma^2 / (1 - rho^2) is held fast here: D then keeps its digits where rho is next to one.

    Args:
        columns: (T, p) whitened columns.
        steps: (T - 1,) gaps in steps.
        z: Fisher's z of the correlation.
        contrasts: (p, c) contrasts of the coefficients, one a column.

    Returns:
        The adjustment; None where the rows say nothing of the correlation.

    Source: Harville & Jeske 1992; Kenward & Roger 1997, equations 4-6, without the term for second
    derivatives, as `Kenward-Roger-Linear` in R's mmrm and `ddfm=kr(firstorder)` in SAS. That term
    depends on how rho is written, and so does not belong to the answer; Kenward & Roger 2009,
    who add the bias of rho and thereby mend that, give negative variances next to rho = 1.
    """
    z = min(z, float(np.arctanh(1 - WANDERING / min(steps.sum(), LONG))))
    q, r = np.linalg.qr(columns)
    a = np.linalg.solve(r.T, contrasts)
    a /= np.abs(a).max(axis=0)  # first, as squares of what tiny weights give overflow
    a /= np.linalg.norm(a, axis=0)
    slope = _slope(steps, z, q)
    inner = q.T @ slope
    df = len(columns) - columns.shape[1]
    trace, squares = _whole(steps, z)
    mean = (trace - float(np.trace(inner))) / df
    left = squares - 2 * float((slope**2).sum()) + float((inner**2).sum()) - df * mean**2
    if not left > FLAT * squares:
        return None
    rest = ((slope @ a - q @ (inner @ a)) ** 2).sum(axis=0)
    own = (a * (inner @ a)).sum(axis=0) - mean
    return Adjustment(np.sqrt(1 + 4 * rest / left), df / (1 + df * own**2 / left))


def _carried(steps: Floats, z: float) -> tuple[Floats, Floats, Floats]:
    """c = rho^d of each step, its slope by rho, and 1 - c^2."""
    rho = np.tanh(z)
    with np.errstate(divide="ignore", under="ignore"):
        left = -np.expm1(2 * steps * np.log(np.abs(rho)))
        return np.power(rho, steps), steps * np.power(rho, steps - 1), left


def _whole(steps: Floats, z: float) -> tuple[float, float]:
    """tr D and tr D^2 over all rows: AR(1) is Markov, so each step has its own term."""
    c, bend, left = _carried(steps, z)
    first, later = np.sinh(2 * z), np.sinh(2 * z) - 2 * c * bend / left
    squares = first**2 + float((2 * bend**2 / left + later**2).sum())
    return float(first + later.sum()), float(squares)


def _slope(steps: Floats, z: float, q: Floats) -> Floats:
    """D q, without D: whitening takes c times the row before off, so its inverse is a recursion.

    With K the whitening, D = (2 rho / (1 - rho^2)) I - K'K^-1 - (K'K^-1)^T, K' its slope by rho.
    """
    from scipy.linalg import solve_banded

    c, bend, left = _carried(steps, z)
    size = np.concatenate([[1.0], np.sqrt(left)])[:, None]
    carry = np.ones((2, len(q)))
    carry[1, :-1] = -c
    rows = solve_banded((1, 0), carry, size * q)
    weight = (bend / np.sqrt(left))[:, None]
    ahead = np.zeros_like(q)
    ahead[:-1] = weight * q[1:]
    back = np.ones((2, len(q)))
    back[0, 1:] = -c
    own = np.concatenate([[0.0], 2 * c * bend / left])[:, None]
    found: Floats = (np.sinh(2 * z) - own) * q + size * solve_banded((0, 1), back, ahead)
    found[1:] += weight * rows[:-1]
    return found
