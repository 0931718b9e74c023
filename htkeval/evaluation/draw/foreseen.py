"""The lottery that a plan foresees, before there is a row."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from htkeval.design.allocation import likeliest
from htkeval.design.entrants import place_within
from htkeval.design.listing import patterns
from htkeval.design.lottery import Arms, Lottery
from htkeval.design.periods import ratio_of
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
    given = np.array(patterns(trial.design, units), dtype=np.uint8)
    return _lots(trial, given, np.zeros(units, dtype=np.intp), np.arange(units))


def foreseen_tasks(trial: Trial, people: int, tasks_each: int) -> Lots:
    """Which lottery will the tasks of so many participants have, where tasks are drawn?

    As for `foreseen`, strata and blocks being those of each participant's tasks.
    """
    holder, place = np.divmod(np.arange(people * tasks_each), tasks_each)
    return _lots(trial, np.array([[0], [1]], dtype=np.uint8), holder, place)


def _lots(trial: Trial, given: Arms, holder: Codes, place: Codes) -> Lots:
    """The lots of E units that come one after another, in turn from each stratum.

    Args:
        trial: The plan.
        given: (P, S) what can be drawn.
        holder: (E,) the participant whose task each is, rising; 0 where no tasks are drawn.
        place: (E,) how many of the same participant's came before it.
    """
    design, units, slots = trial.design, len(holder), given.shape[1]
    group = _groups(trial, holder, place, blocks=len(given) == 2)
    unit, slot = np.divmod(np.arange(units * slots), slots)
    drawn = _evenly(group, len(given), ratio_of(design))
    lottery = Lottery(patterns=given, drawn=drawn, group=group, unit=unit, slot=slot)
    if design.allocation == "bernoulli":
        lottery = free(trial, lottery)
    if design.allocation == "minimisation":
        lottery = _listed(trial, lottery)
    cluster = holder if design.kind == "within" else unit
    within = design.kind in WITH_ITSELF
    return Lots(lottery, np.arange(len(unit)), cluster, trial.analysis.seed, with_itself=within)


def _groups(trial: Trial, holder: Codes, place: Codes, *, blocks: bool) -> Codes:
    """(E,) within what lots are dealt out: participant, stratum and block."""
    design = trial.design
    if design.allocation in ("bernoulli", "minimisation"):
        return np.zeros_like(holder)
    most = int(place.max(initial=0)) + 1
    strata = LEVELS ** min(len(design.strata), most.bit_length())
    group = numbered([holder, place % strata], len(holder))
    if design.allocation == "blocks" and design.block and blocks:
        group = numbered([group, place_within(group) // design.block], len(holder))
    return group


def _evenly(group: Codes, patterns: int, ratio: tuple[int, int]) -> Codes:
    """(E,) which pattern each unit draws, in any order within its group."""
    place = place_within(group)
    if patterns != 2:
        return place % patterns
    sizes = np.bincount(group)
    treated = {n: _share(n, ratio) for n in np.unique(sizes).tolist()}
    return (place < np.array([treated[n] for n in sizes.tolist()])[group]).astype(np.intp)


def _share(n: int, ratio: tuple[int, int]) -> int:
    """How many of n units draw the second of two patterns."""
    least, rest = divmod(n * ratio[1], sum(ratio))
    more = least + 1 if rest else least
    return min(least, more, key=lambda k: math.comb(n, k))


def _listed(trial: Trial, lottery: Lottery) -> Lottery:
    """A minimisation whose factors, each of two values, are spread evenly over the units."""
    order = np.arange(len(lottery.drawn))
    levels = [order >> j & 1 for j in range(min(len(trial.design.strata), 62))]
    planned = minimised(trial, lottery, order, levels)
    tool = likeliest(planned.factors, chances=planned.chances, favour=planned.favour)
    return replace(planned, drawn=tool.astype(np.int64))
