"""The lottery that a plan foresees, before there is a row."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from htkeval.design.allocation import likeliest
from htkeval.design.listing import patterns
from htkeval.design.lottery import Arms, Lottery
from htkeval.evaluation.draw.entry import blocks_of
from htkeval.evaluation.draw.lots import WITH_ITSELF, Lots
from htkeval.evaluation.draw.mechanism import free, minimised, numbered
from htkeval.stats.scaling import Codes
from htkeval.trial import Trial

LEVELS = 2
"""Different values that a column of strata has, at least."""


def foreseen(trial: Trial, units: int) -> Lots:
    """Which lottery will so many participants or teams have, if all goes as planned?

    What a plan leaves open is taken to be as even as can be, and where two ways are as even, the
    one that leaves fewer ways to fall: an odd unit, the cut of a last block. Every column of
    strata has two values, which is the least that it can have. A roll-out that does not state its
    `steps` has three, or a team at a time where there are five at most. A minimisation gave the
    list that it gives most often. The trial may turn out otherwise: then `draw_reaches` says so.
    """
    design = trial.design
    given = _patterns(trial, units)
    strata = LEVELS ** min(len(design.strata), units.bit_length())
    group: Codes = np.arange(units) % strata
    if design.allocation in ("bernoulli", "minimisation"):
        group = np.zeros(units, dtype=np.intp)
    if design.allocation == "blocks" and design.block and len(given) == 2:
        group = numbered([group, blocks_of(group, np.arange(units), design.block)], units)
    ratio = design.ratio if given.shape[1] == 1 else (1, 1)
    drawn = np.empty(units, dtype=np.int64)
    for code in np.unique(group):
        mine = group == code
        drawn[mine] = _evenly(int(mine.sum()), len(given), ratio)
    unit, slot = np.divmod(np.arange(units * given.shape[1]), given.shape[1])
    lottery = Lottery(patterns=given, drawn=drawn, group=group, unit=unit, slot=slot)
    if design.allocation == "bernoulli":
        lottery = free(trial, lottery)
    if design.allocation == "minimisation":
        lottery = _listed(trial, lottery)
    cell = np.arange(len(unit))
    return Lots(lottery, cell, unit, trial.analysis.seed, with_itself=design.kind in WITH_ITSELF)


def _patterns(trial: Trial, units: int) -> Arms:
    """The arms, the two orders, or the starts."""
    return np.array(patterns(trial.design, units), dtype=np.uint8)


def _evenly(n: int, patterns: int, ratio: tuple[int, int]) -> Codes:
    """(n,) which pattern each of n units draws, in any order."""
    if patterns != 2:
        return np.arange(n) % patterns
    least, rest = divmod(n * ratio[1], sum(ratio))
    more = least + 1 if rest else least
    treated = min(least, more, key=lambda k: math.comb(n, k))
    return (np.arange(n) < treated).astype(np.intp)


def _listed(trial: Trial, lottery: Lottery) -> Lottery:
    """A minimisation whose factors, each of two values, are spread evenly over the units."""
    order = np.arange(len(lottery.drawn))
    levels = [order >> j & 1 for j in range(min(len(trial.design.strata), 62))]
    planned = minimised(trial, lottery, order, levels)
    tool = likeliest(planned.factors, chances=planned.chances, favour=planned.favour)
    return replace(planned, drawn=tool.astype(np.int64))
