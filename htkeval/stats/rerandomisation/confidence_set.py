"""The shifts that a randomisation test does not reject, found exactly."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.answer import Absence
from htkeval.stats.scaling import Floats

Bools = NDArray[np.bool_]

FAR = 1e6
"""Standard errors beyond which a shift is as good as infinite."""
MOST_STEPS = 100
"""Steps towards a root; seven are usual, and so many halve a bracket down to rounding."""
NEAR = 1e-10
"""Relative step after which Newton's next is less than rounding."""


@dataclass(frozen=True, eq=False)
class Quartics:
    """R draws; each is as extreme as the observed where (a + b t)^2 >= t^2 (c0 + c1 t + c2 t^2).

    t is the shift in observed standard errors from the observed coefficient.
    """

    a: Floats
    """(R,)"""
    b: Floats
    """(R,)"""
    c0: Floats
    """(R,)"""
    c1: Floats
    """(R,)"""
    c2: Floats
    """(R,)"""
    floor: Floats
    """(R,) a variance below which it is rounding: such a draw counts as a hit."""
    always: Bools
    """(R,) draws that are hits at every shift: the observed one, its mirror, and those whose arm
    has no coefficient."""

    @classmethod
    def together(cls, parts: Sequence[Quartics]) -> Quartics:
        """Several sets of draws as one."""
        each = (np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls))
        return cls(*each)

    def excess(self, t: Floats) -> Floats:
        """(R, n) a draw's squared statistic times its variance, less the observed one's.

        Args:
            t: (n,) or (R, n) shifts.
        """
        a, b, c0, c1, c2 = (v[:, None] for v in (self.a, self.b, self.c0, self.c1, self.c2))
        return np.asarray((a + b * t) ** 2 - t**2 * (c0 + t * (c1 + t * c2)))

    def p_value(self, t: float, *, exact: bool) -> float:
        """Share of draws at least as extreme at one shift."""
        variance = self.c0 + t * (self.c1 + t * self.c2)
        hit = (self.a + self.b * t) ** 2 >= t**2 * variance
        hits = int((hit | (variance <= self.floor) | self.always).sum())
        return share(hits, len(self.a), exact=exact)


@dataclass(frozen=True)
class ConfidenceSet:
    """The hull of a set of shifts, in standard errors from the estimate."""

    low: float
    """Its lower end."""
    high: float
    """Its upper end."""
    whole: bool
    """Whether every shift between the ends belongs to it."""


def share(hits: int, draws: int, *, exact: bool) -> float:
    """The p-value of a count of hits; never zero."""
    found = hits / draws if exact else (1 + hits) / (1 + draws)
    return min(1.0, max(found, sys.float_info.min))


def confidence_set(q: Quartics, alpha: float, *, exact: bool) -> ConfidenceSet | Absence:
    """Which shifts have a p-value above alpha?

    Each draw is a hit on at most three stretches of shifts, bounded by the real roots of its
    quartic; the p-value is a step function of the shift that changes at these roots only.

    Args:
        q: The draws.
        alpha: One minus the confidence level.
        exact: As for the p-value.

    Returns:
        The hull; `no_end` where shifts however far away are not rejected.
    """
    always = q.always | (q.c0 + q.c2 <= q.floor)
    roots = _roots(q, ~always)
    hit = _hits(q, roots)
    hit[always] = True
    n = len(q.a)
    base = int(hit[:, 0].sum())
    step = hit[:, 1:].astype(np.int64) - hit[:, :-1]
    changed = step != 0
    where, step = roots[changed], step[changed]
    order = np.argsort(where, kind="stable")
    where, count = where[order], base + np.concatenate([[0], np.cumsum(step[order])])
    # a stretch belongs to the set when p > alpha, with the smallest slack for rounding in alpha
    least = alpha * n if exact else alpha * (1 + n) - 1
    kept = count > least * (1 + 1e-12) + 1e-9
    if kept[0] or kept[-1] or not kept.any():
        return Absence("no_end")
    ends = np.flatnonzero(kept)
    low, high = float(where[ends[0] - 1]), float(where[ends[-1]])
    if max(-low, high) >= FAR:
        return Absence("no_end")
    inside = kept[ends[0] : ends[-1] + 1]
    width = np.diff(where[ends[0] - 1 : ends[-1] + 1])
    return ConfidenceSet(low, high, bool((inside | (width <= 1e-9)).all()))


def _roots(q: Quartics, wanted: Bools) -> Floats:
    """(R, 5) real roots in rising order; one that is not there is put beyond everything.

    t^4 + p t^3 + q t^2 + r t + s = 0, with p, q, r, s = c1, c0 - b^2, -2 a b, -a^2 over c2. Between
    its turning points a quartic has one root where its sign changes, and otherwise none.
    """
    found = np.full((len(q.a), 5), 2 * FAR)
    a, b, c0, c1, c2 = (v[wanted] for v in (q.a, q.b, q.c0, q.c1, q.c2))
    # without a quartic term a draw has roots so far away that they count as no end
    lead = np.maximum(c2, 1e-16 * (c0 + c2))
    monic = np.stack([c1, c0 - b**2, -2 * a * b, -(a**2)]) / lead
    mirrored = monic * np.array([[-1.0], [1.0], [-1.0], [1.0]])
    # at 0 the quartic is -a^2: there a draw is a hit however its turning points are rounded
    points = [-_beyond(mirrored), *_turns(monic), np.zeros(len(a)), _beyond(monic)]
    edges = np.sort(np.clip(np.stack(points), -2 * FAR, 2 * FAR), axis=0)
    below = _quartic(monic, edges) <= 0
    found_here = np.full((5, len(a)), 2 * FAR)
    found_here[0, below[0]] = -2 * FAR
    _, draw = crossed = np.nonzero(below[1:] != below[:-1])
    found_here[crossed] = _between(monic[:, draw], edges[:-1][crossed], edges[1:][crossed])
    found[wanted] = np.sort(found_here, axis=0).T
    return found


def _quartic(monic: Floats, t: Floats) -> Floats:
    p, q, r, s = monic
    return np.asarray((((t + p) * t + q) * t + r) * t + s)


def _beyond(monic: Floats) -> Floats:
    """(n,) a bound above every positive root (Kioustelidis 1986), and a little more.

    Where there is none it is above 0 all the same: a draw of no effect at all is a hit at 0 alone.
    """
    each = np.maximum(-monic, 0.0) ** (1 / np.arange(1, 5)[:, None])
    return np.asarray(np.maximum(2.1 * each.max(axis=0), 1.0))


def _turns(monic: Floats) -> Floats:
    """(3, n) where the quartic's derivative is zero, by the cubic's closed form (Viete; Cardano).

    A single turning point stands there three times.
    """
    a, b, c = monic[0] * 3 / 4, monic[1] / 2, monic[2] / 4
    q, r = (a**2 - 3 * b) / 9, (2 * a**3 - 9 * a * b + 27 * c) / 54
    three = r**2 < q**3
    root = np.sqrt(np.where(three, q, 1.0))
    angle = np.arccos(np.clip(np.where(three, r, 0.0) / root**3, -1, 1))
    thirds = (angle + 2 * np.pi * np.arange(3)[:, None]) / 3
    first = np.cbrt(np.abs(r) + np.sqrt(np.where(three, 0.0, r**2 - q**3)))
    second = np.divide(q, first, where=first > 0, out=np.zeros_like(q))
    one = -np.copysign(first + second, r)
    return np.asarray(np.where(three, -2 * root * np.cos(thirds), one) - a / 3)


def _between(monic: Floats, low: Floats, high: Floats) -> Floats:
    """(M,) the root between two points of unlike sign: Newton's steps, halves where they leave."""
    found, at = np.empty_like(low), np.arange(len(low))
    rising = _quartic(monic, low) < _quartic(monic, high)
    t = (low + high) / 2
    for _ in range(MOST_STEPS):
        p, q, r, s = monic
        value = (((t + p) * t + q) * t + r) * t + s
        slope = ((4 * t + 3 * p) * t + 2 * q) * t + r
        right = (value > 0) == rising
        low, high = np.where(right, low, t), np.where(right, t, high)
        step = np.divide(value, slope, where=slope != 0, out=np.full_like(t, np.nan))
        moved = t - step
        inside = (moved >= low) & (moved <= high)
        moved = np.where(inside, moved, (low + high) / 2)
        done = (inside & (np.abs(step) <= NEAR * np.abs(t))) | (moved == t)
        found[at] = moved
        if done.all():
            break
        t = moved
        if 2 * np.count_nonzero(done) > len(done):
            left = np.flatnonzero(~done)
            monic, at, t, rising = monic[:, left], at[left], t[left], rising[left]
            low, high = low[left], high[left]
    return found


def _hits(q: Quartics, roots: Floats) -> Bools:
    """(R, 6) whether each draw is a hit before, between and after its roots."""
    middle = (roots[:, 1:] + roots[:, :-1]) / 2
    first = np.where(roots[:, :1] < 2 * FAR, roots[:, :1] - 1 - np.abs(roots[:, :1]), 0.0)
    last = roots[:, -1:] + 1 + np.abs(roots[:, -1:])
    points = np.concatenate([first, middle, last], axis=1)
    return np.asarray(q.excess(points) >= 0)
