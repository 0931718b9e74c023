"""How the likelihood and the coefficients' variances move with a mixed model's variance ratios."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.mixed.equations import Equations, Layout
from htkeval.stats.scaling import Floats

FLAT = 1e-10
"""Smallest eigenvalue of an information, as a correlation, below which it has a flat direction."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """Slopes by the logs of sigma^2 and of the ratios, with D_k = g_k Z_k Z_k'.

    P = H^-1 - H^-1 X M X'H^-1 and M = (X'H^-1 X)^-1, sigma = 1. A slope by a log stays in
    proportion however small the ratio is, and what is made of slopes below does not change with
    a parameter's scale.
    """

    free: int
    """Rows less columns, which is tr PH."""
    traces: Floats
    """(K,) tr PD_k."""
    plain: Floats
    """(K,) tr H^-1 D_k, of which the columns have taken tr H^-1 D_k - tr PD_k."""
    products: Floats
    """(K, K) tr PD_k PD_l."""
    squares: Floats
    """(K,) y'PD_k Py / sigma^2."""
    forms: Floats
    """(K, K) y'PD_k PD_l Py / sigma^2."""
    errors: Floats
    """(K, c) derivative of the log of a contrast's variance."""
    bends: Floats
    """(K, K, c) v'D_k PD_l v / c'Mc, v = H^-1 XMc."""

    @property
    def gradient(self) -> Floats:
        """(K,) of the deviance."""
        return self.traces - self.squares

    @property
    def observed(self) -> Floats:
        """(1 + K, 1 + K) second derivatives of the deviance, by log sigma^2 first."""
        inner = 2 * self.forms - self.products + np.diag(self.gradient)
        return _bordered(self.free, self.squares, inner)

    @property
    def expected(self) -> Floats:
        """(1 + K, 1 + K) what they are on average."""
        return _bordered(self.free, self.traces, self.products)


def slopes(at: Layout, e: Equations, contrasts: Floats) -> Slopes:
    """Which way is down, and how surely?

    Args:
        at: Layout.
        e: Equations at ratios above zero.
        contrasts: (p, c) contrasts of the scaled coefficients, one a column.

    Source: Patterson & Thompson 1971; the derivatives are those in Searle, Casella & McCulloch
    1992, section 6.6, with R = 1 and all of them from Z'PZ and Z'Py.
    """
    p, k = len(e.beta), len(at.cells.effects)
    z = projected(at, e)
    turned = e.root.T @ contrasts
    tilt = z.taken @ turned
    force = (e.pull[:, p] - e.pull[:, :p] @ e.beta) / math.sqrt(e.variance)
    vectors = np.column_stack([tilt, force])
    forms = np.zeros((k, k, vectors.shape[1]))
    for i, a in enumerate(z.blocks):
        alone = np.zeros_like(vectors)
        alone[a] = vectors[a]
        image = z.times(alone) * vectors
        for j, b in enumerate(z.blocks):
            forms[i, j] = image[b].sum(axis=0)
    traces = z.traces()
    unit = (turned**2).sum(axis=0)
    return Slopes(
        free=at.cells.rows - p,
        traces=traces,
        plain=traces + z.by_block((z.taken**2).sum(axis=1)),
        products=z.products(),
        squares=z.by_block(force**2),
        forms=forms[:, :, -1],
        errors=z.by_block(tilt**2) / unit,
        bends=forms[:, :, :-1] / unit,
    )


@dataclass(frozen=True, eq=False)
class Projected:
    """sqrt(g) Z'PZ sqrt(g) by blocks; the first effect's, diagonal less ww', is never formed."""

    blocks: tuple[slice, ...]
    """(K,) where each effect's levels stand; the first effect has G, the others q."""
    diagonal: Floats
    """(G,) the diagonal of the first block before ww' is taken off."""
    low: Floats
    """(G, q + p) w."""
    cross: Floats
    """(G, q) first effect by the others."""
    corner: Floats
    """(q, q) the others by themselves."""
    taken: Floats
    """(G + q, p) sqrt(g) Z'H^-1 XL."""

    def times(self, v: Floats) -> Floats:
        """The matrix times (G + q, c) vectors."""
        g = len(self.diagonal)
        top = self.diagonal[:, None] * v[:g] - self.low @ (self.low.T @ v[:g]) + self.cross @ v[g:]
        return np.vstack([top, self.cross.T @ v[:g] + self.corner @ v[g:]])

    def by_block(self, table: Floats) -> Floats:
        """Sums over each effect's levels."""
        sums = [table[block].sum(axis=0) for block in self.blocks]
        return np.array(sums).reshape(len(self.blocks), *table.shape[1:])

    def traces(self) -> Floats:
        """(K,) traces of the diagonal blocks."""
        own = np.concatenate([self.diagonal - (self.low**2).sum(axis=1), np.diag(self.corner)])
        return self.by_block(own)

    def products(self) -> Floats:
        """(K, K) sums of each block's squares."""
        k, g = len(self.blocks), len(self.diagonal)
        found = np.zeros((k, k))
        inner = [slice(block.start - g, block.stop - g) for block in self.blocks[1:]]
        for i, a in enumerate(inner, start=1):
            found[0, i] = found[i, 0] = (self.cross[:, a] ** 2).sum()
            found[i, 1:] = [(self.corner[a, b] ** 2).sum() for b in inner]
        if k:
            both = 2 * self.diagonal @ (self.low**2).sum(axis=1)
            gram = self.low.T @ self.low
            found[0, 0] = (self.diagonal**2).sum() - both + (gram**2).sum()
        return found


def projected(at: Layout, e: Equations) -> Projected:
    """Take the columns out of the effects."""
    g, p = (len(at.sizes) if at.cells.effects else 0), len(e.beta)
    taken = e.pull[:, :p] @ e.root
    inverse = np.linalg.inv(e.lower)
    scale = np.sqrt(e.first[:g] / at.sizes[:g]) / (1 + e.first[:g])
    u = (scale[:, None] * at.shared[:g] * e.roots) @ inverse.T
    # I - (I + T)^-1 would lose its digits where the ratios are small
    rest = inverse.T @ (inverse @ e.middle)
    starts = [start + g for start in at.starts]
    others = [slice(a, b) for a, b in pairwise(starts)]
    return Projected(
        blocks=(slice(0, g), *others) if at.cells.effects else (),
        diagonal=e.first[:g] / (1 + e.first[:g]),
        low=np.hstack([u, taken[:g]]),
        cross=u @ inverse - taken[:g] @ taken[g:].T,
        corner=(rest + rest.T) / 2 - taken[g:] @ taken[g:].T,
        taken=taken,
    )


def inverse_of(information: Floats, which: NDArray[np.bool_]) -> Floats | None:
    """The inverse for sigma^2 and some of the effects; None where a direction is flat."""
    use = np.concatenate([[True], which])
    size = np.sqrt(np.maximum(np.diag(information)[use], 0.0))
    if not size.min() > 0:
        return None
    values, vectors = np.linalg.eigh(information[np.ix_(use, use)] / size / size[:, None])
    if not values.min() > FLAT:
        return None
    half = vectors / np.sqrt(values) / size[:, None]
    inverse: Floats = half @ half.T
    return inverse


def _bordered(corner: int, side: Floats, inner: Floats) -> Floats:
    return np.block([[np.array([[float(corner)]]), side[None]], [side[:, None], inner]])
