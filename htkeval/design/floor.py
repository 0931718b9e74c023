"""How small a p-value of a lottery can be, whatever was measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from htkeval.design.allocation import Bools, Floats
from htkeval.design.lottery import Arms

SAME = 1e-9
"""Relative difference of squares below which two draws are one. A single other lot among the
200,000 cells of the largest lottery makes one of 5e-6."""
CHUNK = 1 << 21
"""Cells of draws that are looked at together."""


def always_hits(
    arms: Arms, observed: Arms, *, slot: NDArray[np.integer], cluster: NDArray[np.integer] | None
) -> Bools:
    """Which draws count as being as extreme as the observed one, whatever was measured?

    Those that split the cells as the observed one did, the arms' names apart (itself, its mirror),
    and those whose arm compares nothing (an empty arm; in a crossover, everybody in one order).
    Both are told beside what the comparison takes out: each slot's level and, where clusters are
    compared with themselves, each cluster's. A roll-out with two starts thus has a mirror too.

    Args:
        arms: (R, U) draws.
        observed: (U,) the draw that was made.
        slot: (U,) slot of each cell; the same for all where there are none.
        cluster: (U,) cluster of each cell, rising; None where clusters have no level of their own.

    Returns:
        (R,) Their share of all draws is the smallest p-value that the lottery can give.

    Example:
        >>> four = np.array([[0, 0, 1, 1], [1, 1, 0, 0], [0, 1, 0, 1], [1, 1, 1, 1]], np.uint8)
        >>> always_hits(four, four[0], slot=np.zeros(4, int), cluster=None).tolist()
        [True, True, False, True]
    """
    starts = None if cluster is None else _starts(cluster)
    levels = _less_means((np.unique(slot)[:, None] == slot).astype(float), starts)
    taken = _basis(levels)
    own = _left(observed[None].astype(float), starts, taken)[0]
    if own @ own <= SAME * len(own):  # an arm that compares nothing is outdone by any
        return np.ones(len(arms), dtype=bool)
    hits = np.empty(len(arms), dtype=bool)
    step = max(1, CHUNK // max(1, arms.shape[1]))
    for first in range(0, len(arms), step):
        some = arms[first : first + step].astype(float)
        rows = np.maximum(some.sum(axis=1), 1.0)
        left = _left(some, starts, taken)
        size = np.einsum("ij,ij->i", left, left)
        moved = (left @ own) ** 2
        same = moved >= (1 - SAME) * size * (own @ own)  # Cauchy-Schwarz
        hits[first : first + step] = same | (size <= SAME * rows)
    return hits


def _starts(cluster: NDArray[np.integer]) -> NDArray[np.intp]:
    """The first cell of each cluster."""
    return np.flatnonzero(np.diff(cluster, prepend=cluster[:1] - 1))


def _less_means(rows: Floats, starts: NDArray[np.intp] | None) -> Floats:
    """Rows of cells less the means of their clusters."""
    if starts is None or not rows.shape[1]:
        return rows
    sizes = np.diff(starts, append=rows.shape[1])
    means = np.add.reduceat(rows, starts, axis=1) / sizes
    return np.asarray(rows - np.repeat(means, sizes, axis=1))


def _basis(levels: Floats) -> Floats:
    """(k, U) orthonormal rows that span the levels."""
    _, size, rows = np.linalg.svd(levels, full_matrices=False)
    return np.asarray(rows[size > 1e-9 * max(1.0, float(size.max(initial=0.0)))])


def _left(arms: Floats, starts: NDArray[np.intp] | None, taken: Floats) -> Floats:
    """What of the arms is left beside levels of clusters and slots."""
    rest = _less_means(arms, starts)
    return np.asarray(rest - (rest @ taken.T) @ taken)
