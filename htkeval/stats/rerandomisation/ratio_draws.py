"""Re-randomising a difference of two ratios of sums: errors per word, right answers of all.

The outcome of a row is its share in its arm's ratio, z = (e - R x) / mean(x) + R, and another draw
has other arms, so other ratios: z is formed anew for each. It is linear in e, so a hypothesised
shift of the ratio, which takes x times the shift off the treated rows' e, stays linear too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.regression import NOTHING
from htkeval.stats.rerandomisation import (
    CHUNK,
    UNIDENTIFIED,
    Arms,
    Rerandomised,
    Sums,
    answer,
    by_cluster,
    projected,
    quartics,
    squares,
    sum_cells,
)
from htkeval.stats.rerandomisation.cells import Cells, by_cell, cells, nuisance_columns
from htkeval.stats.rerandomisation.confidence_set import Quartics
from htkeval.stats.scaling import Codes, Floats, exponent


@dataclass(frozen=True, eq=False)
class Amounts:
    """Something that is counted, by cell, alone and times each nuisance column."""

    alone: Floats
    """(U,) its sum."""
    times: Floats
    """(U, k) its products with the nuisance columns."""

    def less(self, other: Amounts, share: Floats) -> Amounts:
        """This less a share of another, cell by cell, (U,)."""
        return Amounts(self.alone - share * other.alone, self.times - share[:, None] * other.times)


@dataclass(frozen=True, eq=False)
class RatioCells:
    """Sums of U cells: what is divided, what it is divided by, and the nuisance columns."""

    plain: Cells
    """Rows and nuisance columns."""
    amount: Amounts
    """e: what is divided."""
    exposure: Amounts
    """x: what it is divided by."""
    rows: Amounts
    """Rows themselves."""
    power: int
    """The power of two that a ratio has lost."""


def ratio_cells(
    amount: Floats,
    exposure: Floats,
    x: Mapping[str, Floats],
    *,
    cell: Codes,
    cluster_of: Codes,
    absorbed: bool,
) -> RatioCells:
    """Sum rows into cells.

    Args:
        amount: (N,) e, finite.
        exposure: (N,) x, finite, not negative.
        x: Nuisance columns, (N,) each: covariates, periods; no arm, no intercept.
        cell: (N,) which cell a row belongs to, from 0 to U - 1.
        cluster_of: (U,) the cluster of each cell, in rising order.
        absorbed: Whether every cluster has an effect of its own; otherwise there is one intercept.
    """
    powers = exponent(amount), exponent(exposure)
    amount, exposure = (np.ldexp(v, -p) for v, p in zip((amount, exposure), powers, strict=True))
    plain = cells(amount, x, cell=cell, cluster_of=cluster_of, absorbed=absorbed)
    columns = nuisance_columns(amount, x, cell=cell, cluster_of=cluster_of, absorbed=absorbed)
    size = len(cluster_of)

    def summed(values: Floats) -> Amounts:
        times = by_cell(columns * values[:, None], cell, size)
        return Amounts(np.bincount(cell, values, size).astype(float), times)

    return RatioCells(
        plain=plain,
        amount=summed(amount),
        exposure=summed(exposure),
        rows=summed(np.ones_like(amount)),
        power=powers[0] - powers[1],
    )


def rerandomise_ratio(
    c: RatioCells, observed: Arms, arms: Arms, *, level: float, exact: bool, per: float = 1.0
) -> Rerandomised | Absence:
    """How often would the lottery alone put two ratios of sums as far apart?

    The statistic is that of `rerandomise`, the arm's coefficient over its CR0 error, on rows'
    shares in their arm's ratio; both ratios are computed anew at every draw.

    Args:
        c: Sums by cell.
        observed: (U,) 0 or 1: the arm of each cell as it was drawn.
        arms: (R, U) as for `rerandomise`.
        level: Confidence level.
        exact: Whether `arms` are all allocations.
        per: The difference is given per so many units of exposure.

    Returns:
        As `rerandomise`; an absence (`no_exposure`) where an observed arm has no exposure.

    Source: as `rerandomise`; ratios of sums by linearisation (Cochran 1977, section 6.3). Without
    recomputing them the outcome would know the draw: 17 % false alarms with one large unit.
    """
    treated = observed.astype(float)
    shift = Amounts(treated * c.exposure.alone, treated[:, None] * c.exposure.times)
    one = _sums(c, observed[None, :], c.amount, shift)
    if not one[0][0] > UNIDENTIFIED * float(c.plain.rows @ treated):
        without = min(float(treated @ c.exposure.alone), float((1 - treated) @ c.exposure.alone))
        return Absence("no_exposure" if without <= 0 else "not_identified")
    size, top, _, spread, *_ = (float(part[0]) for part in one)
    value, error = top / size, math.sqrt(spread) / size
    if error <= NOTHING * max(abs(value), float(np.abs(c.amount.alone).sum()) / size):
        return Absence("no_spread")
    left = c.amount.less(c.exposure, value * treated)
    step = max(1, CHUNK // (len(observed) * (1 + c.plain.x.shape[1])))
    seen, parts = c.plain.rows > 0, []
    for at in range(0, len(arms), step):
        some = arms[at : at + step]
        least = UNIDENTIFIED * np.maximum(some @ c.plain.rows, 1.0)
        floor = np.full(len(some), NOTHING**2 * spread)
        sums = _sums(c, some, left, shift)
        same = (some == observed)[:, seen].all(axis=1) | (some != observed)[:, seen].all(axis=1)
        parts.append(quartics(sums, error, always=same | (sums[0] <= least), floor=floor))
    together = Quartics.together(parts)
    return answer(together, value, error, level=level, exact=exact, power=c.power, per=per)


def _sums(c: RatioCells, arms: Arms, outcome: Amounts, shift: Amounts) -> Sums:
    """(R,) each, as `rerandomise` needs them: the arm's squares; its products with outcome and
    shift; and of the scores that the coefficients leave: the outcome's squares, products, the
    shift's squares."""
    a, plain = arms.astype(float), c.plain
    slope, own = projected(plain, a)
    bottom = squares(plain, a, slope, own)
    # d_g'W_g, what a drawn arm's residuals still share with the nuisance columns in a cluster
    shared = own - np.einsum("gkl,rl->rgk", plain.xx, slope)
    with_arm = _arm_sums(c, a)
    ready = [_products(c, a, slope, shared, with_arm, each) for each in (outcome, shift)]
    alive = ready[0][1]
    size = np.where(alive, bottom.sum(axis=1), 0.0)
    inverse = np.divide(1.0, size, where=size > 0, out=np.zeros_like(size))
    tops = [products.sum(axis=1) for products, _ in ready]
    scores = [
        products - (top * inverse)[:, None] * bottom
        for (products, _), top in zip(ready, tops, strict=True)
    ]
    yy, yz, zz = (np.einsum("rg,rg->r", scores[i], scores[j]) for i, j in ((0, 0), (0, 1), (1, 1)))
    return size, tops[0], tops[1], yy, yz, zz


def _arm_sums(c: RatioCells, a: Floats) -> dict[str, tuple[Floats, Floats]]:
    """By cluster, of the rows in a drawn arm: (R, G) exposure and rows, (R, G, k) times columns."""
    return {
        name: _by_cluster(part, a, c.plain.starts)
        for name, part in (("exposure", c.exposure), ("rows", c.rows))
    }


def _by_cluster(part: Amounts, a: Floats, starts: Codes) -> tuple[Floats, Floats]:
    return sum_cells(a * part.alone, starts), by_cluster(a, part.times, starts)


def _products(
    c: RatioCells,
    a: Floats,
    slope: Floats,
    shared: Floats,
    with_arm: dict[str, tuple[Floats, Floats]],
    amount: Amounts,
) -> tuple[Floats, np.ndarray]:
    """(R, G) products of a drawn arm's residuals with its own shares; (R,) whether it has any."""
    starts = c.plain.starts
    treated = {"amount": _by_cluster(amount, a, starts), **with_arm}
    whole = {
        name: tuple(np.add.reduceat(v, starts, axis=0)[None] for v in (part.alone, part.times))
        for name, part in (("amount", amount), ("exposure", c.exposure), ("rows", c.rows))
    }
    sums, alive = [], np.ones(len(a), dtype=bool)
    for using in (True, False):
        of = {
            name: tuple(
                on if using else all_ - on
                for on, all_ in zip(treated[name], whole[name], strict=True)
            )
            for name in whole
        }
        total, exposure, rows = (of[name][0].sum(axis=1) for name in ("amount", "exposure", "rows"))
        known = exposure > 0
        alive &= known
        ratio = np.divide(total, exposure, where=known, out=np.zeros_like(total))
        scale = np.divide(rows, exposure, where=known, out=np.zeros_like(total))
        # z = (e - R x) rows / exposure + R
        sums.append(
            [
                _wide(scale, e) * (e - _wide(ratio, x) * x) + _wide(ratio, n) * n
                for e, x, n in zip(of["amount"], of["exposure"], of["rows"], strict=True)
            ]
        )
    (on, on_times), (off, off_times) = sums
    times = on_times + off_times
    found = on - np.einsum("rk,rgk->rg", slope, times)
    if c.plain.absorbed:
        counts = np.maximum(np.add.reduceat(c.plain.rows, starts), 1.0)
        found = found - with_arm["rows"][0] / counts * (on + off)
    theta = times.sum(axis=1) @ c.plain.inverse
    return found - np.einsum("rgk,rk->rg", shared, theta), alive


def _wide(values: Floats, like: Floats) -> Floats:
    """(R,) made to multiply an array of draws."""
    return values.reshape(-1, *([1] * (like.ndim - 1)))
