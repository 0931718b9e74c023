"""Least squares from moments, and an uncertainty that holds for few clusters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.moments import Moments
from htkeval.stats.scaling import Floats, unscaled

CONSTANT = 1e-14
"""A column whose squares shrink to this share when fixed effects are taken out had nothing else."""
REDUNDANT = 1e-10
"""A column is redundant when the earlier ones explain its variance to all but this share."""
NULL = 1e-8
"""Eigenvalue of I - L'S_gL below which a cluster alone carries a direction."""
LIGHT = 2.0**-6
"""Leverage of a whole cluster up to which the series below is as good as eigenvalues."""
TERMS = 9
"""Terms of that series: LIGHT**10 is below half a unit in the last place."""
NOTHING = 1e-12
"""Share of the outcome's spread below which what is left of it is rounding."""

Contrast = str | Mapping[str, float]
"""A column, or columns and the weights with which their coefficients are summed."""


@dataclass(frozen=True, eq=False)
class Solution:
    """Coefficients of the columns that add something, and the root of their inverse."""

    kept: tuple[str, ...]
    """Columns with a coefficient, in order."""
    dropped: tuple[str, ...]
    """Columns that are constant or a combination of earlier ones."""
    root: Floats
    """(k, k) upper triangular L with (sum of S_g)^-1 = M = LL', in the columns' scaled units."""
    beta: Floats
    """(k,) coefficients, in scaled units."""
    index: tuple[int, ...]
    """Where the kept columns stand in the moments."""


def solve(m: Moments) -> Solution:
    """Which combination of the columns fits best?

    A column that the earlier ones (or the fixed effects) explain is dropped, as R's `lm` does;
    put the column whose effect is wanted last, so that it never takes what belongs to another.

    Args:
        m: Moments of at least one row.
    """
    s = m.xx.sum(axis=0)
    size = np.sqrt(np.diag(s))
    index: list[int] = []
    upper = np.zeros((0, 0))
    for j in range(len(m.columns)):
        if s[j, j] <= CONSTANT * m.totals[j]:
            continue
        shared = np.linalg.solve(upper.T, s[index, j] / (size[index] * size[j]))
        rest = 1.0 - float(shared @ shared)
        if rest > REDUNDANT:
            upper = np.block([[upper, shared[:, None]], [np.zeros(len(index)), math.sqrt(rest)]])
            index.append(j)
    root = np.linalg.inv(upper) / size[index][:, None]
    beta = root @ (root.T @ m.xy.sum(axis=0)[index])
    return Solution(
        kept=tuple(m.columns[j] for j in index),
        dropped=tuple(name for j, name in enumerate(m.columns) if j not in index),
        root=root,
        beta=beta,
        index=tuple(index),
    )


def coefficients(m: Moments, solution: Solution) -> dict[str, float]:
    """By kept column: its coefficient, in the outcome's unit for one unit of the column."""
    return {
        name: unscaled(float(b), m.y_exponent - m.exponents[j])
        for name, b, j in zip(solution.kept, solution.beta, solution.index, strict=True)
    }


@dataclass(frozen=True)
class Sandwich:
    """A contrast's CR2 variance and Satterthwaite df, fit to be reported or not."""

    value: float
    """The contrast, in the outcome's unit for one unit of its columns."""
    se: float
    """CR2 standard error, likewise."""
    df: float
    """Satterthwaite degrees of freedom; NaN where nothing is left of the variance."""
    alone: bool
    """Whether one cluster alone identifies part of the contrast."""
    flat: bool
    """Whether the standard error is zero but for rounding."""


def sandwich(m: Moments, solution: Solution, contrast: Contrast) -> Sandwich:
    """CR2 with Satterthwaite degrees of freedom, from moments alone.

    With v = L'c the score of a cluster is v'B_g r_g, where B_g is the generalised inverse root of
    I - H_g, H_g = L'S_gL and r_g = L'(b_g - S_g beta); the variance is the sum of its squares.
    With u_g = B_g H_g v, the matrix Omega of the quadratic form has -u_g'u_h off its diagonal and
    v'Pi_g H_g v on it, and df = (tr Omega)^2 / tr Omega^2. Omega itself is never formed.

    Args:
        m: Moments.
        solution: Their solution.
        contrast: Of kept columns.

    Source: Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, with independent homoskedastic
    errors as the working model, as R's clubSandwich has by default. Written for moments:
    X_g'A_g e_g = (I - S_g M)^-1/2 (b_g - S_g beta), made symmetric by L.
    """
    hat, residual = by_cluster(m, solution)
    power, weights = _weights(m, solution, contrast)
    v = weights @ solution.root
    stretched, own, lost = stretch(hat, v)
    scores = np.einsum("gi,gi->g", stretched, residual)
    u = np.einsum("gij,gj->gi", hat, stretched)
    error, unit_error = math.sqrt(scores @ scores), math.sqrt(v @ v)
    exponent = m.y_exponent - power
    return Sandwich(
        value=unscaled(float(weights @ solution.beta), exponent),
        se=unscaled(error, exponent),
        df=satterthwaite(own, u),
        alone=lost > NULL * unit_error**2,
        flat=error <= unit_error * smallest_error(m),
    )


def _weights(m: Moments, solution: Solution, contrast: Contrast) -> tuple[int, Floats]:
    """The power of two of the contrast's largest column, and c, (k,), for coefficients about it."""
    named = {contrast: 1.0} if isinstance(contrast, str) else contrast
    powers = {name: m.exponents[m.columns.index(name)] for name in named}
    power = max(powers.values())
    weights = np.zeros(len(solution.kept))
    for name, weight in named.items():
        weights[solution.kept.index(name)] = np.ldexp(weight, power - powers[name])
    return power, weights


def by_cluster(m: Moments, solution: Solution) -> tuple[Floats, Floats]:
    """H_g = L'S_gL, (G, k, k), and r_g = L'(b_g - S_g beta), (G, k).

    Products of one tall matrix each: as many small ones take ten times as long.
    """
    keep, root, k = list(solution.index), solution.root, len(solution.kept)
    xx = m.xx if k == len(m.columns) else m.xx[:, keep][:, :, keep]
    half = (xx.reshape(-1, k) @ root).reshape(-1, k, k).transpose(0, 2, 1)
    hat = (half.reshape(-1, k) @ root).reshape(-1, k, k)
    fitted = (xx.reshape(-1, k) @ solution.beta).reshape(-1, k)
    return hat, (m.xy[:, keep] - fitted) @ root


def stretch(hat: Floats, v: Floats) -> tuple[Floats, Floats, float]:
    """B_g v, (G, k); Omega's diagonal v'Pi_g H_g v, (G,); the most of v that a cluster alone holds.

    B_g by the eigenvalues of H_g; where they are all small, by the binomial series, which needs
    ten terms and no eigenvalues: with 20,000 clusters that is nearly all of the time.
    """
    stretched, own = np.empty((len(hat), len(v))), np.empty(len(hat))
    light = np.einsum("gii->g", hat) <= LIGHT
    stretched[light] = _series(hat[light], v)
    own[light] = np.einsum("i,gij,j->g", v, hat[light], v, optimize=True)
    heavy = ~light
    leverage, turn = np.linalg.eigh(hat[heavy])
    alive = 1.0 - leverage > NULL
    root = np.where(alive, 1.0 / np.sqrt(np.where(alive, 1.0 - leverage, 1.0)), 0.0)
    turned = np.einsum("gij,i->gj", turn, v)
    stretched[heavy] = np.einsum("gij,gj->gi", turn, root * turned)
    own[heavy] = np.where(alive, leverage * turned**2, 0.0).sum(axis=1)
    lost = np.where(alive, 0.0, turned**2).sum(axis=1)
    return stretched, own, float(lost.max(initial=0.0))


def _series(hat: Floats, v: Floats) -> Floats:
    """(I - H_g)^-1/2 v = sum over n of (2n - 1)!! / (2n)!! H_g^n v; eigenvalues below `LIGHT`."""
    term = np.broadcast_to(v, (len(hat), len(v)))
    total = term.copy()
    for n in range(1, TERMS + 1):
        term = np.einsum("gij,gj->gi", hat, term) * ((2 * n - 1) / (2 * n))
        total += term
    return total


def satterthwaite(own: Floats, u: Floats) -> float:
    """(tr Omega)^2 / tr Omega^2 from Omega's diagonal, (G,), and the u_g, (G, k).

    Off the diagonal tr Omega^2 is the sum over g of u_g'(sum over the others of u_h u_h')u_g: no
    G x G matrix. The others are added up from both sides and never subtracted from the whole, for
    a cluster that nearly carries the contrast alone has a u_g many times all others'.
    """
    total = float(own.sum())
    outer = u[:, :, None] * u[:, None, :]
    others = np.zeros_like(outer)
    others[1:] += np.cumsum(outer[:-1], axis=0)
    others[:-1] += np.cumsum(outer[:0:-1], axis=0)[::-1]
    squares = float((own**2).sum() + np.einsum("gi,gij,gj->", u, others, u))
    return total**2 / squares if squares > 0 else math.nan


def smallest_error(m: Moments) -> float:
    """The outcome's spread, in scaled units, below which a standard error is rounding only."""
    return max(m.y_rounding, NOTHING * math.sqrt(m.y_total / float(m.rows.sum())))


def cr2(m: Moments, solution: Solution, contrast: Contrast) -> Estimate | Absence:
    """How large is a contrast, and how surely, when only clusters are independent?

    Args:
        m: Moments.
        solution: Their solution.
        contrast: Any column, or columns with weights; one that was dropped has no answer.

    Returns:
        The estimate; an absence where a column is redundant, where one cluster alone identifies
        part of the contrast (its error then says nothing of other clusters), or where nothing
        varies.
    """
    columns = (contrast,) if isinstance(contrast, str) else tuple(contrast)
    if not columns or not set(columns) <= set(solution.kept):
        return Absence("not_identified")
    if len(m.rows) < 2:
        return Absence("one_cluster")
    if int(m.rows.sum()) <= m.absorbed + len(solution.kept):
        return Absence("saturated")
    found = sandwich(m, solution, contrast)
    if found.alone:
        return Absence("lone_cluster")
    return Absence("no_spread") if found.flat else estimate(found.value, found.se, found.df)
