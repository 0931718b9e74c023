"""How the likelihood and the errors of the coefficients move with the variance ratios."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from htkeval.stats.mixed_equations import Equations, Layout
from htkeval.stats.scaling import Floats


@dataclass(frozen=True, eq=False)
class Slopes:
    """How the likelihood and the coefficients' variances move with the logs of the ratios."""

    traces: Floats
    """(K,) tr PD_k, with D_k = g_k Z_k Z_k'."""
    plain: Floats
    """(K,) tr H^-1 D_k, from which the columns have taken tr H^-1 D_k - tr PD_k."""
    products: Floats
    """(K, K) tr PD_k PD_l."""
    squares: Floats
    """(K,) y'PD_k Py / sigma^2."""
    forms: Floats
    """(K, K) y'PD_k PD_l Py / sigma^2."""
    errors: Floats
    """(K, p) derivative of log var(contrast)."""
    bends: Floats
    """(K, K, p) c'MX'H^-1 D_k PD_l H^-1 XMc / c'Mc, M = (X'H^-1 X)^-1."""


def slopes(at: Layout, e: Equations, contrasts: Floats) -> Slopes:
    """Traces and forms of P = H^-1 - H^-1 X M X'H^-1, from Z'PZ by blocks.

    Z_1'PZ_1 is diagonal less ww', w of q + p columns, and never formed.

    Args:
        at: Layout.
        e: Equations at ratios above zero.
        contrasts: (p, c) contrasts of the columns, one a column.
    """
    g, q = len(at.sizes), at.starts[-1]
    p = len(e.beta)
    given = e.pull[:, :p] @ e.root
    inverse = np.linalg.inv(e.lower) if q else np.zeros((0, 0))
    scale = np.sqrt(e.first / at.sizes) / (1 + e.first)
    u = (scale[:, None] * at.shared * e.roots) @ inverse.T
    diagonal = e.first / (1 + e.first)
    low = np.hstack([u, given[:g]])
    cross = u @ inverse - given[:g] @ given[g:].T
    rest = inverse.T @ (inverse @ e.middle)
    corner = (rest + rest.T) / 2 - given[g:] @ given[g:].T
    parts = [slice(a + g, b + g) for a, b in zip(at.starts, at.starts[1:], strict=False)]

    def times(v: Floats) -> Floats:
        """Z'PZ times vectors that are zero outside one effect's levels."""
        top = diagonal[:, None] * v[:g] - low @ (low.T @ v[:g]) + cross @ v[g:]
        return np.vstack([top, cross.T @ v[:g] + corner @ v[g:]])

    blocks = [slice(0, g), *parts]
    k = len(blocks)
    tilt = given @ (e.root.T @ contrasts)
    unit = ((e.root.T @ contrasts) ** 2).sum(axis=0)
    force = (e.pull[:, p] - e.pull[:, :p] @ e.beta) / math.sqrt(e.variance)
    vectors = np.column_stack([tilt, force])
    traces, products = np.empty(k), np.empty((k, k))
    forms = np.empty((k, k, vectors.shape[1]))
    gram = low.T @ low
    traces[0] = diagonal.sum() - np.trace(gram)
    products[0, 0] = (diagonal**2).sum() - 2 * diagonal @ (low**2).sum(axis=1) + (gram**2).sum()
    for i, a in enumerate(blocks):
        alone = np.zeros_like(vectors)
        alone[a] = vectors[a]
        image = times(alone) * vectors
        for j, b in enumerate(blocks):
            forms[i, j] = image[b].sum(axis=0)
            if i == 0 < j:
                block = cross[:, b.start - g : b.stop - g]
                products[i, j] = products[j, i] = (block**2).sum()
            elif i and j:
                block = corner[a.start - g : a.stop - g, b.start - g : b.stop - g]
                products[i, j] = (block**2).sum()
                traces[i] = np.trace(block) if i == j else traces[i]
    taken = np.array([(given[block] ** 2).sum() for block in blocks])
    return Slopes(
        traces=traces,
        plain=traces + taken,
        products=products,
        squares=np.array([force[block] @ force[block] for block in blocks]),
        forms=forms[:, :, -1],
        errors=np.array([(tilt[block] ** 2).sum(axis=0) for block in blocks]) / unit,
        bends=forms[:, :, :-1] / unit,
    )
