"""The root by which CR2 makes up for what a cluster's own rows did to its fit."""

from __future__ import annotations

import math

import numpy as np

from htkeval.stats.regression import NULL
from htkeval.stats.scaling import Floats

FLOOR = 1e-12
"""Weights below this share of the largest are lifted to it: beyond, digits are rounding only."""
MANY = 150
"""Rows above which the root is an integral and no longer a decomposition of all rows."""
PACE = 0.28
"""Of the integral, in logarithms: its error, twice exp(-pi^2 / pace), is about a rounding."""
TAIL = 37.0
"""Logarithm of where the integral may end: exp(-37) is below a double's rounding."""


def inverse_root(weights: Floats, columns: Floats, along: Floats) -> tuple[Floats, Floats]:
    """Where does the inverse root of B = W (I - QQ') W send a vector, and what of it is in B?

    The root is the symmetric one, and pseudo: what lies outside B becomes zero. In least squares
    all weights are one, and moments of the cluster tell the same; with weights they do not.

    Args:
        weights: (n,) W's diagonal, not negative. Where all are zero, so is the answer.
        columns: (n, m) Q, with no eigenvalue of Q'Q above one.
        along: (n,) the vector.

    Returns:
        (n,) B^-1/2 times the vector; (n,) its projection on B.

    Source: Pustejovsky & Tipton 2018, equation 10. With many rows, the integral
    B^-1/2 = (2 / pi) int (B + t^2 I)^-1 dt over the logarithm of t by the trapezoidal rule, which
    converges exponentially (Trefethen & Weideman 2014, section 7), each inverse by Woodbury's
    identity: time grows with n, not with its cube.
    """
    largest = float(weights.max())
    if not largest:
        return np.zeros_like(along), np.zeros_like(along)
    w = np.maximum(weights / largest, FLOOR)
    root, inside = (_decomposed if len(w) <= MANY else _integrated)(w, columns, along)
    return root / largest, inside


def _decomposed(w: Floats, columns: Floats, along: Floats) -> tuple[Floats, Floats]:
    values, vectors = np.linalg.eigh(np.eye(len(w)) - columns @ columns.T)
    alive = values > NULL
    # W times a root of I - QQ', so that small weights keep twice the digits they have in B
    basis, sizes, _ = np.linalg.svd(
        w[:, None] * vectors[:, alive] * np.sqrt(values[alive]), full_matrices=False
    )
    inside = basis.T @ along
    return basis @ (inside / sizes), basis @ inside


def _integrated(w: Floats, columns: Floats, along: Floats) -> tuple[Floats, Floats]:
    leverage, turn = np.linalg.eigh(columns.T @ columns)
    left = 1.0 - leverage
    lost = np.linalg.qr((columns @ turn[:, left <= NULL]) / (w / w.min())[:, None])[0]
    inside = along - lost @ (lost.T @ along)
    # B + lost lost' has B's root inside B, and no zero for an inverse to blow up
    outer = np.column_stack([w[:, None] * columns, lost])
    sign = np.diag(np.append(-np.ones(columns.shape[1]), np.ones(lost.shape[1])))
    smallest = 0.5 * math.log(left[left > NULL].min(initial=1.0)) + math.log(w.min())
    root = np.zeros_like(along)
    for log_t in np.arange(smallest - TAIL, TAIL, PACE):
        t = math.exp(log_t)
        scaled = outer / (w**2 + t**2)[:, None]
        rest = np.linalg.solve(sign + outer.T @ scaled, scaled.T @ inside)
        root += t * (inside / (w**2 + t**2) - scaled @ rest)
    root *= 2 * PACE / math.pi
    return root - lost @ (lost.T @ root), inside
