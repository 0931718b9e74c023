"""A mixed model's equations at given variance ratios, and the slopes of its likelihood there.

With H = I + sum_k g_k Z_k Z_k' the rows' covariance is sigma^2 H. No N x N matrix is formed: the
effect with most levels is solved level by level, the others (q levels in all) as one q x q system.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from htkeval.stats.mixed.cells import Cells
from htkeval.stats.scaling import Codes, Floats


@dataclass(frozen=True, eq=False)
class Layout:
    """Cells with what does not depend on the ratios worked out beforehand."""

    cells: Cells
    """The rows."""
    sizes: Floats
    """(G,) rows of each level of the first effect; one level of everything without effects."""
    of: Codes
    """(m,) the first effect's level of each cell."""
    others: Codes
    """(K - 1, m) place of each cell's levels among the q levels of the other effects."""
    starts: tuple[int, ...]
    """(K,) where each other effect's levels start among the q, then q."""
    shared: Floats
    """(G, q) rows that a level of the first effect shares with one of the others."""
    sums: Floats
    """(G, q + p + 1) the same, then sums of the means over each level's rows."""
    inside: Floats
    """(q, q + p + 1) cross-products of the others with those, within levels of the first."""


def layout(cells: Cells) -> Layout:
    """Work out what does not depend on the ratios."""
    m = len(cells.counts)
    of = cells.codes[0] if len(cells.effects) else np.zeros(m, dtype=np.intp)
    sizes: Floats = np.bincount(of, cells.counts).astype(np.float64)
    starts = np.cumsum([0, *cells.levels[1:]])
    q = int(starts[-1])
    others = cells.codes[1:] + starts[:-1, None] if len(cells.effects) else cells.codes
    shared = np.zeros((len(sizes), q))
    own = np.zeros((q, q))
    sums = np.zeros((q, cells.means.shape[1]))
    for one in others:
        np.add.at(shared, (of, one), cells.counts)
        np.add.at(sums, one, cells.counts[:, None] * cells.means)
        for other in others:
            np.add.at(own, (one, other), cells.counts)
    first = _by(of, cells.counts[:, None] * cells.means, len(sizes))
    table = np.hstack([shared, first])
    inside = np.hstack([own, sums]) - (shared / sizes[:, None]).T @ table
    return Layout(cells, sizes, of, others, tuple(starts.tolist()), shared, table, inside)


@dataclass(frozen=True, eq=False)
class Equations:
    """The model solved at given ratios; everything in scaled units, sigma = 1."""

    deviance: float
    """-2 log REML likelihood, profiled over beta and sigma, but for a constant."""
    beta: Floats
    """(p,) coefficients on top of the ordinary ones."""
    root: Floats
    """(p, p) L with (X'H^-1 X)^-1 = LL'."""
    variance: float
    """sigma^2 = y'Py / (N - p)."""
    pull: Floats
    """(levels, p + 1) sqrt(g) Z'H^-1 [X y]; the first effect's levels, then the others'."""
    first: Floats
    """(G,) g_1 n of each level of the first effect."""
    roots: Floats
    """(q,) sqrt(g) of each level of the other effects."""
    middle: Floats
    """(q, q) T = Z_2'H_1^-1 Z_2 of the other effects, times their roots on both sides."""
    lower: Floats
    """(q, q) Cholesky factor of I + T."""


def equations(at: Layout, ratios: Floats) -> Equations:
    """What fits best if the variances stood in these ratios to the residual's?

    X'H^-1 X is the minimum over B of |X - ZB|^2 + |B|^2 and is computed as that sum of squares:
    a large ratio takes no digits, and an error in B counts only by its square.

    Args:
        at: Layout.
        ratios: (K,) g_k >= 0; an effect with a ratio of zero is not there.

    Raises:
        LinAlgError: At these ratios the columns cannot be told apart.

    Source: Henderson 1953; Bates et al. 2015, equations 34-42, written for cells.
    """
    cells = at.cells
    first = float(ratios[0]) * at.sizes if len(ratios) else np.zeros_like(at.sizes)
    weight = 1 / (at.sizes * (1 + first))
    roots = np.repeat(np.sqrt(ratios[1:]), np.diff(at.starts))
    middle, lower, pull = _others(at, weight, roots)
    left = cells.means
    for other in at.others:
        left = left - (roots[:, None] * pull)[other]
    level = _by(at.of, cells.counts[:, None] * left, len(at.sizes))
    about = np.sqrt(cells.counts)[:, None] * (left - (level / at.sizes[:, None])[at.of])
    squares = cells.within + about.T @ about + (level * weight[:, None]).T @ level + pull.T @ pull
    p = len(cells.columns)
    size = np.sqrt(np.diag(squares)[:p])
    lowest = np.linalg.cholesky(squares[:p, :p] / size / size[:, None])
    root = np.linalg.inv(lowest).T / size[:, None]
    turned = root.T @ squares[:p, p]
    free = cells.rows - p
    # nothing but rounding is left where a ratio is as good as infinite
    spread = max(float(squares[p, p] - turned @ turned), free * (cells.smallest / 1e3) ** 2)
    logs = np.log1p(first), 2 * np.log(np.diag(lower)), 2 * np.log(np.diag(lowest) * size)
    own = np.sqrt(first / at.sizes)[:, None] * level / (1 + first)[:, None]
    return Equations(
        deviance=free * math.log(spread) + sum(float(each.sum()) for each in logs),
        beta=root @ turned,
        root=root,
        variance=spread / free,
        pull=np.vstack([own, pull]) if len(ratios) else pull,
        first=first,
        roots=roots,
        middle=middle,
        lower=lower,
    )


def _others(at: Layout, weight: Floats, roots: Floats) -> tuple[Floats, Floats, Floats]:
    """The other effects' equations once the first effect's are solved: T, Cholesky of I + T, B."""
    q, width = len(roots), at.cells.means.shape[1]
    if not q:
        return np.zeros((0, 0)), np.zeros((0, 0)), np.zeros((0, width))
    both = at.inside + (at.shared * weight[:, None]).T @ at.sums
    middle = both[:, :q] * roots * roots[:, None]
    middle = (middle + middle.T) / 2
    lower: Floats = np.linalg.cholesky(np.eye(q) + middle).astype(np.float64)
    half = np.linalg.solve(lower, roots[:, None] * both[:, q:])
    pull: Floats = np.linalg.solve(lower.T, half)
    return middle, lower, pull


def _by(codes: Codes, table: Floats, levels: int) -> Floats:
    """Sums of a table's rows by level."""
    return np.column_stack([np.bincount(codes, column, levels) for column in table.T])
