"""Re-randomising how often a value with the tool lies above one without."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.ranks import EVEN
from htkeval.stats.rerandomisation import TIE, Arms, Rerandomised, in_chunks
from htkeval.stats.rerandomisation.confidence_set import share
from htkeval.stats.scaling import Codes, Floats, starts_of

ROUNDING = 1e-14
"""A squared error of a chance that is rounding only."""


def rerandomise_between(
    y: Floats, observed: Arms, arms: Arms, *, level: float, exact: bool
) -> Rerandomised | Absence:
    """Would another draw of the units have set the arms' ranks as far apart?

    The statistic is Brunner and Munzel's: the mean placement of the treated less one half, over
    Welch's error of both arms' placements. Its Student approximation alarms in 7 to 8 % of null
    trials where one arm is small; held against the lottery's own draws it is exact where the tool
    does nothing, and nearly so where it widens the spread only.

    Args:
        y: (n,) finite values, one a unit.
        observed: (n,) 0 or 1: the arm of each unit.
        arms: (R, n) the arms of other draws; with `exact` all there are.
        level: Confidence level.
        exact: Whether `arms` are all allocations.

    Returns:
        The chance, with the interval of the chances whose statistic is not among the most extreme;
        an absence with fewer than two units in an arm, where the observed placements do not vary,
        or (`no_end`) where the lottery has too few allocations for an interval.

    Source: Neubert & Brunner 2007; Pauly, Asendorf & Konietschke 2016 for the interval.
    """
    ordered = np.sort(y)
    low, high = (np.searchsorted(ordered, y, side) for side in ("left", "right"))
    order = np.argsort(y, kind="stable")

    def placed(a: Floats) -> tuple[Floats, Floats]:
        below = np.zeros((len(a), len(y) + 1))
        np.cumsum(a[:, order], axis=1, out=below[:, 1:])
        treated = below[:, low] + below[:, high]  # twice the treated below each unit: whole numbers
        untreated = (low + high) - treated
        n1 = a.sum(axis=1)
        n0 = len(y) - n1
        of1, of0 = _moments(untreated * a, n1), _moments(treated * (1 - a), n0)
        with np.errstate(divide="ignore", invalid="ignore"):
            effect = of1[0] / (2 * n0)
            variance = of1[1] / (2 * n0) ** 2 / n1 + of0[1] / (2 * n1) ** 2 / n0
        return effect, np.where(np.minimum(n1, n0) < 2, np.nan, variance)

    return _held(placed, observed, arms, level=level, exact=exact)


def rerandomise_within(
    y: Floats, cell: Codes, cluster: Codes, observed: Arms, arms: Arms, *, level: float, exact: bool
) -> Rerandomised | Absence:
    """Would another draw of people's tasks have set their own ranks as far apart?

    The statistic is the mean share of `ranks.relative_effect_within` less one half, over its error.

    Args:
        y: (N,) finite outcome of tasks.
        cell: (N,) the cell of each task: what a lot moves.
        cluster: (N,) participant of each task.
        observed: (U,) 0 or 1: the arm of each cell.
        arms: (R, U) the arms of other draws; with `exact` all there are.
        level: Confidence level.
        exact: Whether `arms` are all allocations.

    Returns:
        As `rerandomise_between`; people who have but one arm in a draw do not count in it.
    """
    order = np.lexsort((cell, cluster))
    of, people = cell[order], starts_of(cluster[order])
    pieces = starts_of(cluster[order], of)
    ranks = _own_ranks(y[order], people)
    rows, sums = (np.add.reduceat(v, pieces) for v in (np.ones(len(order)), ranks))
    which, first = of[pieces], np.searchsorted(pieces, people)
    total = np.add.reduceat(rows, first)

    def placed(a: Floats) -> tuple[Floats, Floats]:
        mine = a[:, which]
        n1 = np.add.reduceat(mine * rows, first, axis=1)
        above = 2 * np.add.reduceat(mine * sums, first, axis=1) - n1 * (n1 + 1)
        pairs = n1 * (total - n1)
        shares = np.divide(above, 2 * pairs, where=pairs > 0, out=np.zeros_like(pairs))
        count = (pairs > 0).sum(axis=1).astype(float)
        # about one half, so that equal shares leave no rounding in the spread of half of them
        mean, variance = _moments(np.where(pairs > 0, shares - EVEN, 0.0), count)
        with np.errstate(divide="ignore", invalid="ignore"):
            return EVEN + mean, np.where(count < 2, np.nan, variance / count)

    return _held(placed, observed, arms, level=level, exact=exact)


def _held(
    placed: Callable[[Floats], tuple[Floats, Floats]],
    observed: Arms,
    arms: Arms,
    *,
    level: float,
    exact: bool,
) -> Rerandomised | Absence:
    """The observed chance and its squared error held against those of the draws."""
    (value,), (variance,) = placed(observed[None, :].astype(float))
    if not np.isfinite(variance):
        return Absence("too_few")
    if variance <= ROUNDING:
        return Absence("no_spread")
    drawn = np.concatenate([_distances(*placed(each.astype(float))) for each in in_chunks(arms)])
    se = math.sqrt(variance)
    seen = abs(value - EVEN) / se
    hits = int((drawn >= seen * (1 - TIE)).sum())
    # a chance belongs to the interval while so many draws lie as far out that p is above alpha
    count = len(drawn)
    least = (1 - level) * count if exact else (1 - level) * (1 + count) - 1
    needed = max(1, math.floor(least * (1 + 1e-12) + 1e-9) + 1)
    reach = float(np.partition(drawn, count - needed)[count - needed])
    if not math.isfinite(reach):
        return Absence("no_end")
    low, high = max(value - reach * se, 0.0), min(value + reach * se, 1.0)
    p = share(hits, count, exact=exact)
    if hits >= needed:  # rounding must not put one half outside
        low, high = min(low, EVEN), max(high, EVEN)
    return Rerandomised(
        float(value),
        p,
        (float(low), float(high)),
        count,
        exact,
        whole=True,
    )


def _distances(effect: Floats, variance: Floats) -> Floats:
    """(R,) errors from one half; infinite, and so a hit, where a draw has no error."""
    told = variance > ROUNDING
    root = np.sqrt(variance, where=told, out=np.ones_like(variance))
    return np.where(told, np.abs(effect - EVEN) / root, np.inf)


def _moments(values: Floats, count: Floats) -> tuple[Floats, Floats]:
    """(R,) mean and variance of the `count` values in each row that are in it; others are 0."""
    total = values.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (count * (values**2).sum(axis=1) - total**2) / (count * (count - 1))
        return total / count, variance


def _own_ranks(y: Floats, people: Codes) -> Floats:
    """(N,) rank of each task among its person's own, ties at their mean; people stand together."""
    person = np.repeat(np.arange(len(people)), np.diff(people, append=len(y)))
    level = np.unique(y, return_inverse=True)[1]
    order = np.lexsort((level, person))
    ties = starts_of(person[order], level[order])
    sizes = np.diff(ties, append=len(y))
    ranks = np.empty(len(y))
    ranks[order] = np.repeat(ties + (sizes + 1) / 2, sizes) - people[person[order]]
    return ranks
