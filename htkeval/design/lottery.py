"""How the arms could have fallen: the trial's own draw, made again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from htkeval.design import allocation
from htkeval.design.allocation import Floats, Ints

Arms = NDArray[np.uint8]
Mechanism = Literal["permuted", "bernoulli", "minimisation"]

MOST = 100_000
"""Up to so many allocations all of them are looked at."""


@dataclass(frozen=True, eq=False)
class Lottery:
    """E units that drew one of P patterns of arms, seen in U cells.

    A pattern says the arm in each slot: one slot for a task, a participant or a team; a slot for
    each period where a unit drew an order (AB or BA) or a start.
    """

    patterns: Arms
    """(P, S) 0 or 1: the arm of each pattern in each slot."""
    drawn: Ints
    """(E,) which pattern each unit drew."""
    group: Ints
    """(E,) within what the lots were permuted: stratum, block, participant."""
    unit: Ints
    """(U,) the unit of each cell."""
    slot: Ints
    """(U,) the slot of each cell."""
    mechanism: Mechanism = "permuted"
    """`permuted`: the counts of each group are given; `bernoulli`: every unit by itself;
    `minimisation`: in the order of entry, so that factors stay even."""
    chances: Floats | None = None
    """(P,) chance of each pattern, where the counts are not given."""
    factors: tuple[Ints, ...] = ()
    """For minimisation: (E,) each, level of each factor; units stand in the order of entry."""
    favour: float = 0.8
    """For minimisation: chance of the arm that would even things out; below 1."""

    @property
    def observed(self) -> Arms:
        """(U,) the arm of each cell as it was drawn."""
        one: Arms = self.cells(self.drawn[None, :])[0]
        return one

    def cells(self, drawn: NDArray[np.integer]) -> Arms:
        """(R, E) patterns to (R, U) arms."""
        if self._plain:
            return drawn.astype(np.uint8, copy=False)
        found: Arms = self.patterns[drawn[:, self.unit], self.slot]
        return found

    @cached_property
    def _plain(self) -> bool:
        """Whether a pattern is an arm and a unit a cell, so that nothing needs looking up."""
        arms = self.patterns.tolist() == [[0], [1]]
        return arms and np.array_equal(self.unit, np.arange(len(self.drawn)))

    @property
    def log_count(self) -> float:
        """Natural logarithm of the number of allocations that this lottery can give."""
        if self.mechanism != "permuted":
            return len(self.drawn) * math.log(max(1, len(self.patterns)))
        return sum(
            math.lgamma(counts.sum() + 1) - sum(math.lgamma(n + 1) for n in counts)
            for counts in self._counts()
        )

    @property
    def enumerable(self) -> bool:
        """Whether all allocations are equally likely and few enough to look at each."""
        equal = self.mechanism == "permuted" or (
            self.mechanism == "bernoulli"
            and self.chances is not None
            and bool(np.ptp(self.chances) <= 1e-12)
        )
        return equal and self.log_count <= math.log(MOST) + 1e-9

    @property
    def even_chance(self) -> float | None:
        """Of a minimisation: how likely it is to give a list that says what the observed one does
        (itself, its mirror, everybody in one arm); None for other mechanisms, and where units of
        the list have no cell, for then many lists say the same.

        It is the product of the list's coins, which no number of draws tells as exactly.
        """
        if self.mechanism != "minimisation" or len(np.unique(self.unit)) < len(self.drawn):
            return None
        mine = self.drawn.astype(bool)
        lists = np.unique([mine, ~mine, mine | True, mine & False], axis=0)
        chances, favour = self.chances, self.favour
        each = allocation.chance_of(lists, self.factors, chances=chances, favour=favour)
        return float(each.sum())

    def _counts(self) -> list[Ints]:
        """By group: how many of its units drew each pattern."""
        width = len(self.patterns)
        codes, group = np.unique(self.group, return_inverse=True)
        counts = np.bincount(group * width + self.drawn, minlength=len(codes) * width)
        return list(counts.reshape(-1, width))


def every(lottery: Lottery) -> Arms:
    """(N, U) all allocations that an enumerable lottery can give, each once."""
    width = len(lottery.patterns)
    if lottery.mechanism == "bernoulli":
        free = [np.arange(width)[:, None] for _ in lottery.drawn]
        return lottery.cells(_crossed(free))
    order = np.argsort(lottery.group, kind="stable")
    each = [_permutations(counts) for counts in lottery._counts()]
    drawn = np.empty((math.prod(len(part) for part in each), len(order)), dtype=np.int64)
    drawn[:, order] = _crossed(each)
    return lottery.cells(drawn)


def again(lottery: Lottery, rng: np.random.Generator, draws: int) -> Arms:
    """(R, U) so many draws of the same lottery.

    Args:
        lottery: The draw that was made.
        rng: Source of the lots.
        draws: How many.

    Raises:
        ValueError: A minimisation without chance (`favour` = 1), which cannot be drawn again.
    """
    if lottery.mechanism == "bernoulli":
        chances = (
            np.full(len(lottery.patterns), 1.0) if lottery.chances is None else lottery.chances
        )
        ends = np.cumsum(chances / chances.sum())[:-1]
        lots = np.searchsorted(ends, rng.random((draws, len(lottery.drawn))), "right")
        return lottery.cells(lots.astype(np.int64))
    if lottery.mechanism == "minimisation":
        tool = allocation.minimised(
            lottery.factors, chances=lottery.chances, favour=lottery.favour, rng=rng, draws=draws
        )
        return lottery.cells(tool.astype(np.int64))
    # a pattern's number fits a byte: no plan has more sequences or steps
    small = np.uint8 if len(lottery.patterns) < 256 else np.int64
    drawn = np.empty((draws, len(lottery.drawn)), dtype=small)
    for code in np.unique(lottery.group):
        mine = np.flatnonzero(lottery.group == code)
        drawn[:, mine] = _shuffled(lottery.drawn[mine], rng, draws)
    return lottery.cells(drawn)


def _shuffled(given: Ints, rng: np.random.Generator, draws: int) -> NDArray[Any]:
    """(R, n) orders of one group's patterns."""
    if len(given) and len(np.unique(given)) == 2:
        # which of two: those with the largest of as many random numbers; faster than an order
        low, high = int(given.min()), int(given.max())
        keys = rng.random((draws, len(given)))
        few = len(given) - int((given == high).sum())
        least = np.partition(keys, few, axis=1)[:, few]
        treated = keys >= least[:, None]
        return treated if (low, high) == (0, 1) else np.where(treated, high, low)
    return rng.permuted(np.broadcast_to(given, (draws, len(given))), axis=1)


def _permutations(counts: Ints) -> Ints:
    """(N, n) every order of a multiset that holds pattern j counts[j] times."""
    rows, left = np.empty((1, 0), dtype=np.int64), counts[None, :]
    for _ in range(int(counts.sum())):
        at, pattern = np.nonzero(left)
        rows = np.concatenate([rows[at], pattern[:, None]], axis=1)
        left = left[at]
        left[np.arange(len(at)), pattern] -= 1
    return rows


def _crossed(parts: list[Ints]) -> Ints:
    """Every combination of one row of each part, side by side."""
    rows = np.empty((1, 0), dtype=np.int64)
    for part in parts:
        rows = np.concatenate(
            [np.repeat(rows, len(part), axis=0), np.tile(part, (len(rows), 1))], axis=1
        )
    return rows
