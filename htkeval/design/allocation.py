"""Draws lots: which units get the tool."""

from __future__ import annotations

from collections.abc import Callable
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
    return np.asarray(some_of_each(flat, treated, rng).reshape(groups.shape) & (groups != ABSENT))


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
    return np.asarray(some_of_each(block, treated, rng).reshape(groups.shape) & (groups != ABSENT))


def minimised(
    factors: tuple[Ints, ...],
    *,
    chances: Floats | None = None,
    favour: float,
    rng: np.random.Generator,
    draws: int,
) -> Bools:
    """Each unit, as it enters, to the arm that keeps the factors' levels even, by a biased coin.

    Args:
        factors: (E,) each, level of each factor; units stand in the order of entry. Without any,
            the arms themselves are kept even.
        chances: (2,) share of baseline and treatment to aim at; not given: equal.
        favour: Chance of the arm that evens things out, at least 1/2 and below 1; at a tie the
            arms' shares decide.
        rng: Source of the lots.
        draws: How many lists.

    Returns:
        Shape (draws, E): who gets the tool.

    Raises:
        ValueError: `favour` is 1 (nothing is left to chance) or below 1/2.

    Source: Pocock & Simon 1975, with the sum of the differences between the arms' counts, each
    over its share, as the measure of unevenness.
    """
    return _listed(factors, chances, favour, lambda unit, n: rng.random(n), draws)[0]


def likeliest(factors: tuple[Ints, ...], *, chances: Floats | None = None, favour: float) -> Bools:
    """(E,) the list that a minimisation gives when every coin falls on its likelier side.

    At a tie of equal shares that is baseline. Arguments and errors as for `minimised`.
    """
    listed, _ = _listed(factors, chances, favour, lambda unit, n: np.full(n, 0.5), 1)
    return np.asarray(listed[0])


def chance_of(
    lists: Bools, factors: tuple[Ints, ...], *, chances: Floats | None = None, favour: float
) -> Floats:
    """(L,) how likely a minimisation is to give each of some lists: the product of its coins.

    Args:
        lists: (L, E) who got the tool. Other arguments and errors as for `minimised`.
    """
    forced = np.where(lists, -1.0, 2.0)  # a coin below every chance, or above
    return np.exp(_listed(factors, chances, favour, lambda unit, n: forced[:, unit], len(lists))[1])


def _listed(
    factors: tuple[Ints, ...],
    chances: Floats | None,
    favour: float,
    coins: Callable[[int, int], Floats],
    draws: int,
) -> tuple[Bools, Floats]:
    """(draws, E) who gets the tool, wherever a coin falls below its unit's chance; and (draws,) the
    logarithm of how likely that was."""
    if not 0.5 <= favour < 1:
        raise ValueError(f"favour: found {favour}, expected at least 0.5 and below 1")
    units = len(factors[0]) if factors else 0
    target = np.array([0.5, 0.5]) if chances is None else chances / chances.sum()
    counts = [np.zeros((draws, int(levels.max(initial=0)) + 1, 2)) for levels in factors]
    treated = np.zeros((draws, units), dtype=bool)
    row, told = np.arange(draws), np.zeros(draws)
    for unit in range(units):
        gap = np.zeros(draws)
        for levels, count in zip(factors, counts, strict=True):
            gap += np.abs((count[:, levels[unit]] + [0, 1]) @ ([-1, 1] / target))
            gap -= np.abs((count[:, levels[unit]] + [1, 0]) @ ([-1, 1] / target))
        tie = np.abs(gap) < 1e-9
        chance = np.where(tie, target[1], np.where(gap < 0, favour, 1 - favour))
        treated[:, unit] = coins(unit, draws) < chance
        told += np.log(np.where(treated[:, unit], chance, 1 - chance))
        for levels, count in zip(factors, counts, strict=True):
            count[row, levels[unit], treated[:, unit].astype(np.int64)] += 1
    return treated, told


def _apart(groups: Ints) -> tuple[Ints, int]:
    """Groups numbered through all trials, absent units in one of their own; how many there are."""
    width = int(groups.max(initial=0)) + 2
    offset = np.arange(groups.shape[0])[:, None] * width
    flat = np.where(groups == ABSENT, width - 1, groups) + offset
    return flat.ravel(), groups.shape[0] * width


def some_of_each(flat: Ints, treated: NDArray[Any], rng: np.random.Generator) -> Bools:
    """So many of each group, by lot."""
    order = np.lexsort((rng.random(flat.size), flat))
    sizes = np.bincount(flat, minlength=treated.size)
    first = np.cumsum(sizes) - sizes
    chosen = np.empty(flat.size, dtype=bool)
    grouped = flat[order]
    chosen[order] = np.arange(flat.size) - first[grouped] < treated[grouped]
    return chosen
