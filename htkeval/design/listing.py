"""Draws the list of a trial: what each unit that enters is given, after all that entered before.

It is the lottery that `lottery.py` makes again: the same blocks, the same strata, the same rule of
minimisation with the arms themselves as a factor beside the strata.
"""

from __future__ import annotations

import math

import numpy as np

from htkeval.allocation_list import AllocationList
from htkeval.design.allocation import Floats, Ints, some_of_each
from htkeval.design.entrants import Entrants, groups, size_of_block
from htkeval.design.periods import IN_PERIODS, ratio_of, steps_of
from htkeval.trial import Design


def patterns(design: Design, teams: int) -> tuple[tuple[int, ...], ...]:
    """What can be drawn: the arms, the two orders (AB, BA), or the starts of a roll-out.

    Args:
        design: The plan.
        teams: How many units there are: a roll-out that states no `steps` has one start for each,
            up to five teams, and three starts beyond that, as its plan was judged by.
    """
    if design.kind == "crossover":
        return ((0, 1), (1, 0))
    if design.kind != "stepped_wedge":
        return ((0,), (1,))
    steps = steps_of(design, teams)
    return tuple((0,) * (start + 1) + (1,) * (steps - start) for start in range(steps))


def shares(design: Design, patterns: int) -> Floats:
    """(P,) chance of each pattern where each unit is drawn by itself: the ratio of the arms; any
    order or start has the same chance as another."""
    if design.kind in IN_PERIODS:
        return np.full(patterns, 1 / patterns)
    return np.array(design.ratio, dtype=float) / sum(design.ratio)


def draw_list(
    design: Design, who: Entrants, before: Ints, *, patterns: int, rng: np.random.Generator
) -> Ints:
    """What is each unit given that is not on an earlier list?

    Args:
        design: The mechanism, ratio, block and strata. No mechanism stated: `complete`.
        who: (E,) units, those of earlier lists first.
        before: (H,) what these drew.
        patterns: How many arms, orders or starts there are.
        rng: Source of the lots.

    Returns:
        (E - H,) the pattern of each new unit.

    `complete`: the ratio's share of each stratum of this list; a remainder is drawn. `blocks`: of
    each block, where an earlier list's last block is filled first. `minimisation`: after
    Pocock and Simon 1975 (see `allocation.minimised`), the earlier units counted. `bernoulli`: a
    lot each.
    """
    new = len(who) - len(before)
    if design.allocation == "bernoulli":
        ends = np.cumsum(shares(design, patterns))[:-1]
        return np.searchsorted(ends, rng.random(new), "right").astype(np.int64)
    if design.allocation == "minimisation":
        return minimise(design, who, before, rng.random(new))
    group = groups(design, who)
    if patterns > 2:
        return _starts(group[len(before) :], patterns, rng)
    seen, treated = _so_far(group, before)
    if design.allocation == "blocks":
        tool, size = _tool_of_block(design)
        size_left, left = size - seen, tool - treated
        found = np.bincount(group[len(before) :], minlength=len(seen))
        some = rng.hypergeometric(left, size_left - left, found)
    else:
        found = np.bincount(group[len(before) :], minlength=len(seen))
        ratio = ratio_of(design)
        whole, rest = np.divmod(found * ratio[1], sum(ratio))
        some = whole + (rng.random(len(found)) < rest / sum(ratio))
    return some_of_each(group[len(before) :], some, rng).astype(np.int64)


def chance_of_next(design: Design, who: Entrants, before: Ints, *, remainder: float) -> float:
    """How likely is the second of two patterns for the one unit that enters last?

    Args:
        design: As for `draw_list`. With exact counts, `tasks_each` (or `block`) is known.
        who: (E,) units, the new one last.
        before: (E - 1,) what the others drew.
        remainder: From 0 to 1, the same for all of one block: decides who gets its odd unit.

    A block is an urn: what is left in it, over how much is left in all. So its lots are as likely
    in any order, though only one of them is ever drawn.
    """
    if design.allocation == "bernoulli":
        return float(shares(design, 2)[1])
    if design.allocation == "minimisation":
        return _coin(design, who, before)
    group = groups(design, who)
    mine = before[group[:-1] == group[-1]]
    size = size_of_block(design)
    assert size  # the step saw to it
    ratio = ratio_of(design)
    tool, rest = divmod(size * ratio[1], sum(ratio))
    tool += remainder < rest / sum(ratio)
    return (tool - int(mine.sum())) / (size - len(mine))


def minimise(design: Design, who: Entrants, before: Ints, coins: Floats) -> Ints:
    """(len(coins),) what a minimisation gives the units that are new, by a coin for each.

    One list in plain numbers: a hundred thousand units take well under a second, where
    `allocation.minimised` makes ten thousand lists of a few side by side.
    """
    given = before.tolist()
    forced = [-1.0 if one else 2.0 for one in given]  # below every chance, or above
    return np.array(_run(design, who, [*forced, *coins.tolist()])[0][len(given) :], dtype=np.int64)


def _coin(design: Design, who: Entrants, before: Ints) -> float:
    """The chance of treatment of the last unit."""
    forced = [-1.0 if one else 2.0 for one in before.tolist()]
    return _run(design, who, [*forced, 0.0])[1]


def _run(design: Design, who: Entrants, coins: list[float]) -> tuple[list[int], float]:
    """What each unit is given wherever its coin falls below its chance; the last one's chance."""
    to_baseline, to_tool = (1 / shares(design, 2)).tolist()
    even, favour = 1 / to_tool, design.favour
    # the arms themselves are a factor with one level, as where the draw is made again
    columns = [[0] * len(who), *(levels.tolist() for levels in who.levels)]
    counts = [[[0.0, 0.0] for _ in range(max(column, default=0) + 1)] for column in columns]
    treated, chance = [], even
    for coin, unit in zip(coins, zip(*columns, strict=True), strict=True):
        cells = [count[level] for count, level in zip(counts, unit, strict=True)]
        gap = 0.0
        for without, using in cells:
            gap += abs((using + 1) * to_tool - without * to_baseline)
            gap -= abs(using * to_tool - (without + 1) * to_baseline)
        chance = even if abs(gap) < TIE else favour if gap < 0 else 1 - favour
        tool = int(coin < chance)
        treated.append(tool)
        for cell in cells:
            cell[tool] += 1
    return treated, chance


TIE = 1e-9
"""What two sums of the same differences may be apart by rounding."""


def fewest(design: Design) -> int:
    """How many units must there be for two in each arm, or order?"""
    ratio = ratio_of(design)
    return math.ceil(2 * sum(ratio) / min(ratio))


def block_holds_ratio(design: Design) -> bool:
    """Whether a block can hold exactly the ratio's share."""
    return design.block is None or design.block % sum(ratio_of(design)) == 0


def _tool_of_block(design: Design) -> tuple[int, int]:
    """How many of a block get the tool, and its size."""
    size, ratio = design.block, ratio_of(design)
    assert size  # the trial's own validator saw to it
    return size * ratio[1] // sum(ratio), size


def _so_far(group: Ints, before: Ints) -> tuple[Ints, Ints]:
    """By group: how many of it entered earlier, and how many of those got the second pattern."""
    count, earlier = int(group.max(initial=0)) + 1, group[: len(before)]
    seen = np.bincount(earlier, minlength=count)
    return seen, np.bincount(earlier[before == 1], minlength=count)


def _starts(group: Ints, patterns: int, rng: np.random.Generator) -> Ints:
    """Each start as often as any other in each group; which ones are left over is drawn."""
    drawn = np.empty(len(group), dtype=np.int64)
    for code in np.unique(group):
        mine = np.flatnonzero(group == code)
        rounds = -(-len(mine) // patterns)
        dealt = np.concatenate([rng.permutation(patterns) for _ in range(rounds)])[: len(mine)]
        drawn[rng.permutation(mine)] = dealt
    return drawn


def balance(listed: AllocationList) -> list[tuple[str, str, tuple[int, ...]]]:
    """Column, level, and how many units drew each pattern; all units first, under no column."""
    drawn, width = np.array(listed.drawn, dtype=np.int64), len(listed.patterns)
    rows = [("", "", _counts(drawn, width))]
    for column, values in listed.strata.items():
        at = np.array(values)
        rows += [(column, str(one), _counts(drawn[at == one], width)) for one in np.unique(at)]
    return rows


def _counts(drawn: Ints, width: int) -> tuple[int, ...]:
    return tuple(np.bincount(drawn, minlength=width).tolist())


def standardised_difference(values: Floats, drawn: Ints) -> float | None:
    """Mean with the tool (or the second order) less that without, in standard deviations.

    Args:
        values: (E,) what was known of each unit beforehand; NaN where it was not.
        drawn: (E,) 0 or 1.

    Returns:
        None where an arm has fewer than two values or nothing varies.

    Source: Austin 2009, Statistics in Medicine 28:3083, equation 1: the difference over the root
    of the mean of the two variances.
    """
    arms = [values[(drawn == arm) & np.isfinite(values)] for arm in (0, 1)]
    if min(map(len, arms)) < 2:
        return None
    low, high = arms
    spread = math.sqrt((low.var(ddof=1) + high.var(ddof=1)) / 2)
    return float((high.mean() - low.mean()) / spread) if spread > 0 else None
