"""Would another draw of the same lottery have looked like this?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.answer import Absence
from htkeval.stats.regression import NOTHING
from htkeval.stats.rerandomisation import plain_draws
from htkeval.stats.rerandomisation.cells import Cells
from htkeval.stats.rerandomisation.confidence_set import Bools, Quartics, confidence_set
from htkeval.stats.scaling import Codes, Floats, unscaled

Arms = NDArray[np.uint8]
Sums = tuple[Floats, Floats, Floats, Floats, Floats, Floats]
"""(R,) each: a drawn arm's squares; its products with outcome and shift; and of the scores that
its coefficients leave, the outcome's squares, the products of both, the shift's squares."""

TIE = 1e-9
"""Relative difference below which two statistics are the same."""
UNIDENTIFIED = 1e-10
"""Share of its rows below which a drawn arm has nothing left beside the nuisance columns."""
WIDE = 1 << 20
"""Numbers of a block matrix beyond which sums are taken column by column."""
CHUNK = 1 << 21
"""Cells of draws that are looked at together: what a processor's cache bears."""


@dataclass(frozen=True)
class Rerandomised:
    """A randomisation test and the interval that belongs to it."""

    value: float
    """The arm's coefficient, in the outcome's unit."""
    p_value: float
    """Share of the allocations that look at least as extreme, the observed one included."""
    interval: tuple[float, float]
    """Hull of the shifts that are not rejected, in the outcome's unit."""
    draws: int
    """Allocations that were looked at."""
    exact: bool
    """Whether these are all there are."""
    whole: bool
    """Whether the shifts that are not rejected have no hole."""


def rerandomise(
    c: Cells, observed: Arms, arms: Arms, *, level: float, exact: bool
) -> Rerandomised | Absence:
    """How often would the lottery alone give an arm coefficient as extreme as the observed?

    The statistic is the absolute coefficient of the arm in least squares over its standard error
    robust to clusters (CR0), the arm's residuals from the nuisance columns taken anew at every
    draw. The test is exact for any statistic when the tool does nothing to anybody; this one also
    keeps its level, nearly, when it does something to each but nothing on average. The interval
    holds the shifts, the same for every row, that are not rejected; one set of draws serves all.

    Args:
        c: Sums by cell.
        observed: (U,) 0 or 1: the arm of each cell as it was drawn.
        arms: (R, U) the arms of other draws of the same lottery; with `exact` all there are,
            the observed one among them.
        level: Confidence level.
        exact: Whether `arms` are all allocations; then p = hits / R, else (1 + hits) / (1 + R).

    Returns:
        An absence where the observed arm is not identified, where nothing varies, or (`no_end`)
        where the lottery has too few allocations for any interval at this level.

    Source: Phipson & Smyth 2010 for (1 + hits) / (1 + R); Wu & Ding 2021 and Zhao & Ding 2021 for
    the studentised statistic; inversion by shifts: Hodges & Lehmann 1963, with the set found
    exactly (`confidence_set`) and not on a grid.
    """
    seen = _observed(c, observed)
    if isinstance(seen, Absence):
        return seen
    together = Quartics.together([_quartics(c, seen, chunk) for chunk in in_chunks(arms)])
    return answer(together, seen.value, seen.error, level=level, exact=exact, power=c.exponent)


def answer(
    q: Quartics,
    value: float,
    error: float,
    *,
    level: float,
    exact: bool,
    power: int,
    per: float = 1.0,
) -> Rerandomised | Absence:
    """The test of no effect and the interval, from where each draw is as extreme as the observed.

    Args:
        q: Draws about the observed coefficient.
        value: The coefficient, in scaled units.
        error: Its CR0 standard error, likewise.
        level: Confidence level.
        exact: Whether the draws are all allocations.
        power: The power of two that the units have lost.
        per: What the answer is multiplied by.
    """
    found = confidence_set(q, 1 - level, exact=exact)
    if isinstance(found, Absence):
        return found
    ends = (value, value + found.low * error, value + found.high * error)
    shown = [unscaled(end * per, power) for end in ends]
    if not all(map(math.isfinite, shown)):
        return Absence("too_large")
    p = q.p_value(-value / error, exact=exact)
    return Rerandomised(shown[0], p, (shown[1], shown[2]), len(q.a), exact, found.whole)


def p_value(c: Cells, observed: Arms, arms: Arms, *, exact: bool) -> float | Absence:
    """The p-value of `rerandomise` by itself, without the interval."""
    seen = _observed(c, observed)
    if isinstance(seen, Absence):
        return seen
    together = Quartics.together([_quartics(c, seen, chunk) for chunk in in_chunks(arms)])
    return together.p_value(-seen.value / seen.error, exact=exact)


@dataclass(frozen=True, eq=False)
class _Observed:
    """The observed arm's coefficient and what a shift of the treated rows is made of."""

    value: float
    """The coefficient, in scaled units."""
    error: float
    """Its CR0 standard error, likewise."""
    size: float
    """Sum of squares of the arm's residuals."""
    y: Floats
    """(U,) sums of the observed arm's residuals: the outcome that a shift adds."""
    xy: Floats
    """(G, k) their products with the nuisance columns."""
    left: Floats
    """(U,) sums of the outcome about the hypothesis that equals the coefficient."""
    left_xy: Floats
    """(G, k) their products with the nuisance columns."""


def _observed(c: Cells, observed: Arms) -> _Observed | Absence:
    """The observed allocation by itself."""
    a = observed[None, :].astype(float)
    slope, own = projected(c, a)
    top, bottom = _products(c, a, slope, c.y, c.xy), squares(c, a, slope, own)
    size = float(bottom.sum())
    if size <= UNIDENTIFIED * float((c.rows * observed).sum()) or size <= 0:
        return Absence("not_identified")
    value = float(top.sum()) / size
    error = math.sqrt(float(((top - value * bottom) ** 2).sum())) / size
    rows = float(c.rows.sum())
    smallest = max(c.rounding, NOTHING * math.sqrt(c.spread / rows)) / math.sqrt(size)
    if error <= smallest:
        return Absence("no_spread")
    within = c.rows * observed
    if c.absorbed:
        counts = np.add.reduceat(c.rows, c.starts)
        share = np.add.reduceat(within, c.starts) / np.maximum(counts, 1.0)
        within = within - c.rows * np.repeat(share, _sizes(c))
    xy = _by_cluster(c.x * observed[:, None], c.starts) - np.einsum("gij,j->gi", c.xx, slope[0])
    y = within - c.x @ slope[0]
    return _Observed(value, error, size, y, xy, c.y - value * y, c.xy - value * xy)


def _quartics(c: Cells, seen: _Observed, arms: Arms) -> Quartics:
    """Where each of some draws is as extreme as the observed one."""
    sums = (
        plain_draws.sums(c, arms, seen.left, seen.y)
        if plain_draws.applies(c)
        else _sums(c, seen, arms)
    )
    least = UNIDENTIFIED * np.maximum(arms @ c.rows, 1.0)
    floor = NOTHING**2 * c.spread * np.maximum(sums[0], 1.0)
    size, _, moved, *_ = sums
    same = moved**2 >= (1 - 1e-12) * size * seen.size  # Cauchy-Schwarz: the draw or its mirror
    return quartics(sums, seen.error, always=same | (size <= least), floor=floor)


def quartics(sums: Sums, error: float, *, always: Bools, floor: Floats) -> Quartics:
    """For each draw, where its statistic is at least the observed one, as a quartic of the shift.

    With the shift b = value + t error, a draw's coefficient is proportional to A + B t, the sum
    of its squared scores is c0 + c1 t + c2 t^2, and the observed statistic is |t|; so the draw is
    as extreme where (A + B t)^2 >= t^2 (c0 + c1 t + c2 t^2).

    Args:
        sums: Of each draw, the outcome about the hypothesis that equals the coefficient.
        error: The observed coefficient's error.
        always: (R,) draws that are the observed one or its mirror, or have no coefficient.
        floor: (R,) squared scores below which they are rounding.
    """
    _, top, moved, yy, yz, zz = sums
    slack = (1 - TIE) ** 2
    return Quartics(
        a=top,
        b=-error * moved,
        c0=slack * yy,
        c1=slack * -2 * error * yz,
        c2=slack * error**2 * zz,
        floor=floor,
        always=always,
    )


def _sums(c: Cells, seen: _Observed, arms: Arms) -> Sums:
    """(R,) each: the arm's squares; its products with outcome and shift; and, of the scores that
    the coefficients leave, the outcome's squares, the products of both, the shift's squares."""
    a = arms.astype(float)
    slope, own = projected(c, a)
    bottom = squares(c, a, slope, own)
    outcome = _products(c, a, slope, seen.left, seen.left_xy)
    shift = _products(c, a, slope, seen.y, seen.xy)
    size, top, moved = bottom.sum(axis=1), outcome.sum(axis=1), shift.sum(axis=1)
    inverse = np.divide(1.0, size, where=size > 0, out=np.zeros_like(size))
    outcome -= (top * inverse)[:, None] * bottom
    shift -= (moved * inverse)[:, None] * bottom
    yy, yz, zz = (
        np.einsum("rg,rg->r", one, other)
        for one, other in ((outcome, outcome), (outcome, shift), (shift, shift))
    )
    return size, top, moved, yy, yz, zz


def projected(c: Cells, a: Floats) -> tuple[Floats, Floats]:
    """(R, k) slopes of a drawn arm on the nuisance columns; (R, G, k) its products by cluster."""
    if not c.x.shape[1]:
        return np.zeros((len(a), 0)), np.zeros((len(a), len(c.starts), 0))
    own = by_cluster(a, c.x, c.starts)
    return own.sum(axis=1) @ c.inverse, own


def _products(c: Cells, a: Floats, slope: Floats, y: Floats, xy: Floats) -> Floats:
    """(R, G) products of a drawn arm's residuals with an outcome's."""
    return sum_cells(a * y, c.starts) - slope @ xy.T


def squares(c: Cells, a: Floats, slope: Floats, own: Floats) -> Floats:
    """(R, G) squares of a drawn arm's residuals."""
    counted = sum_cells(a * c.rows, c.starts)
    squares = counted.copy()
    if c.absorbed:
        squares -= counted**2 / np.maximum(np.add.reduceat(c.rows, c.starts), 1.0)
    if slope.shape[1]:
        squares -= 2 * np.einsum("rgk,rk->rg", own, slope)
        squares += np.einsum("rk,gkl,rl->rg", slope, c.xx, slope, optimize=True)
    return squares


def by_cluster(a: Floats, columns: Floats, starts: Codes) -> Floats:
    """(R, G, k) sums over each cluster of (U, k) columns, in a drawn arm."""
    u, k = columns.shape
    if not k:
        return np.zeros((len(a), len(starts), 0))
    if u * len(starts) * k > WIDE:
        return np.stack([sum_cells(a * column, starts) for column in columns.T], axis=2)
    # one product with a block matrix: faster than sums of a million short stretches
    place = np.repeat(np.arange(len(starts)), np.diff(starts, append=u))
    block = np.zeros((u, len(starts), k))
    block[np.arange(u), place] = columns
    return np.asarray((a @ block.reshape(u, -1)).reshape(len(a), len(starts), k))


def sum_cells(values: Floats, starts: Codes) -> Floats:
    """(R, U) to (R, G)."""
    if len(starts) == values.shape[1]:
        return values
    return np.add.reduceat(values, starts, axis=1)


def _by_cluster(values: Floats, starts: Codes) -> Floats:
    """(U, k) to (G, k)."""
    return np.add.reduceat(values, starts, axis=0)


def _sizes(c: Cells) -> Codes:
    return np.diff(c.starts, append=len(c.rows))


def in_chunks(arms: Arms) -> Iterator[Arms]:
    """A few draws at a time, so that memory does not grow with their number."""
    step = max(1, CHUNK // max(1, arms.shape[1]))
    for start in range(0, len(arms), step):
        yield arms[start : start + step]
