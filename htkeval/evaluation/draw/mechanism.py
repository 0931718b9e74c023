"""How the plan says that chance decided: freely, in blocks, or so that factors stay even."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from htkeval.design.lottery import Lottery
from htkeval.design.periods import IN_PERIODS, ratio_of
from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.draw.entry import blocks_of, dated, in_order_of_entry
from htkeval.stats.scaling import Codes, Floats
from htkeval.trial import Trial

NO_LUCK = 0.01
"""Where blocks are even, as lots without blocks would so seldom be, they are those that were used,
though no days say so."""


def free(trial: Trial, lottery: Lottery) -> Lottery:
    """Every unit by itself; an order or a start has the same chance as any other."""
    n = len(lottery.patterns)
    chances = np.full(n, 1 / n) if trial.design.kind in IN_PERIODS else _shares(trial)
    return replace(lottery, mechanism="bernoulli", chances=chances)


def blocked(trial: Trial, lottery: Lottery, day: Floats) -> Lottery | None:
    """Lots permuted within blocks too; None where the rows do not tell the blocks.

    They do where days say where each block ends, or where the order of the names makes blocks so
    even that it must be the list's; and where every full block holds its share, which there is
    only of two arms or orders.

    Args:
        trial: Says size and ratio.
        lottery: Permuted within strata.
        day: (E,) day of entry of each unit.
    """
    size = trial.design.block
    if size is None or len(lottery.patterns) != 2:
        return None
    group, order = lottery.group, in_order_of_entry(day)
    blocks = numbered([group, blocks_of(group, order, size)], len(group))
    within = replace(lottery, group=blocks)
    told = dated(group, order, size, day)
    if not told:
        told = within.log_count - lottery.log_count <= math.log(NO_LUCK)
    even = _evenly(blocks, lottery.drawn, size, ratio_of(trial.design))
    return within if told and even else None


def minimised(trial: Trial, lottery: Lottery, order: Codes, levels: Sequence[Codes]) -> Lottery:
    """Units in the order of entry, so that the plan's rule can be run again.

    The arms themselves are a factor beside the strata.

    Args:
        trial: Says ratio and favour.
        lottery: Its units in any order.
        order: (E,) the units in the order of entry.
        levels: (E,) each, in that order: level of each factor, `NONE` where it is empty.
    """
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    known = [np.where(one == NONE, one.max(initial=0) + 1, one) for one in levels]
    return replace(
        lottery,
        drawn=lottery.drawn[order],
        group=lottery.group[order],
        unit=place[lottery.unit],
        mechanism="minimisation",
        chances=np.full(2, 0.5) if trial.design.kind in IN_PERIODS else _shares(trial),
        factors=(np.zeros(len(order), dtype=np.intp), *known),
        favour=trial.design.favour,
    )


def numbered(columns: Sequence[Codes], n: int) -> Codes:
    """Each combination of some codes as a number."""
    if not columns:
        return np.zeros(n, dtype=np.intp)
    return np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].astype(np.intp)


def _shares(trial: Trial) -> Floats:
    """(2,) chance of baseline and of treatment."""
    ratio = np.array(trial.design.ratio, dtype=float)
    return np.asarray(ratio / ratio.sum())


def _evenly(blocks: Codes, drawn: Codes, size: int, ratio: tuple[int, int]) -> bool:
    """Whether every full block holds its share: else these are not the blocks that were used."""
    counts, treated = np.bincount(blocks), np.bincount(blocks, drawn)
    full: Bools = counts == size
    return bool((treated[full] * sum(ratio) == size * ratio[1]).all())
