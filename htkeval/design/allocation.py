"""Draws lots: which units get the tool."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

ABSENT = -1
"""In place of a group: there is no unit here."""


def bernoulli(shape: tuple[int, ...], *, ratio: tuple[int, int], rng: np.random.Generator) -> Bools:
    """A lot of its own for every unit, with the ratio's chance of the tool."""
    return np.asarray(rng.random(shape) < ratio[1] / sum(ratio))


def complete(groups: Ints, *, ratio: tuple[int, int], rng: np.random.Generator) -> Bools:
    """Exactly the ratio's share of every group; a remainder is drawn.

    Args:
        groups: Shape (trials, units): the group within which lots are drawn, from 0; `ABSENT`
            where there is no unit.
        ratio: Units to baseline for units to treatment.
        rng: Source of the lots.

    Returns:
        Shape (trials, units): who gets the tool; never an absent unit.
    """
    flat, count = _apart(groups)
    sizes = np.bincount(flat, minlength=count)
    whole, rest = np.divmod(sizes * ratio[1], sum(ratio))
    treated = whole + (rng.random(count) < rest / sum(ratio))
    return np.asarray(_some_of_each(flat, treated, rng).reshape(groups.shape) & (groups != ABSENT))


def blocks(groups: Ints, *, size: int, ratio: tuple[int, int], rng: np.random.Generator) -> Bools:
    """Exactly the ratio's share of every block of units that follow one another in a group.

    A last block that is not full is a full one cut short: its share may be off by the luck of
    the cut, as with a printed list of which the end is not used.

    Args:
        groups: As for `complete`; a group's units in the order in which they come.
        size: Units in a block; a multiple of the ratio's sum.
        ratio: As for `complete`.
        rng: Source of the lots.
    """
    flat, count = _apart(groups)
    sizes = np.bincount(flat, minlength=count)
    order = np.argsort(flat, kind="stable")
    first = np.cumsum(sizes) - sizes
    place = np.empty_like(flat)
    place[order] = np.arange(flat.size) - first[flat[order]]
    per_group = -(-int(sizes.max(initial=1)) // size)
    block = flat * per_group + place // size
    found = np.bincount(block, minlength=count * per_group)
    tool = size * ratio[1] // sum(ratio)
    treated = rng.hypergeometric(tool, size - tool, np.minimum(found, size))
    return np.asarray(_some_of_each(block, treated, rng).reshape(groups.shape) & (groups != ABSENT))


def _apart(groups: Ints) -> tuple[Ints, int]:
    """Groups numbered through all trials, absent units in one of their own; how many there are."""
    width = int(groups.max(initial=0)) + 2
    offset = np.arange(groups.shape[0])[:, None] * width
    flat = np.where(groups == ABSENT, width - 1, groups) + offset
    return flat.ravel(), groups.shape[0] * width


def _some_of_each(flat: Ints, treated: NDArray[Any], rng: np.random.Generator) -> Bools:
    """So many of each group, by lot."""
    order = np.lexsort((rng.random(flat.size), flat))
    sizes = np.bincount(flat, minlength=treated.size)
    first = np.cumsum(sizes) - sizes
    chosen = np.empty(flat.size, dtype=bool)
    grouped = flat[order]
    chosen[order] = np.arange(flat.size) - first[grouped] < treated[grouped]
    return chosen
