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
    """(R, 4) real roots in rising order; one that is not real is put beyond everything.

    c2 t^4 + c1 t^3 + (c0 - b^2) t^2 - 2 a b t - a^2 = 0, by the eigenvalues of its companion.
    """
    found = np.full((len(q.a), 4), np.inf)
    a, b, c0, c1, c2 = (v[wanted] for v in (q.a, q.b, q.c0, q.c1, q.c2))
    # without a quartic term a draw has roots so far away that they count as no end
    lead = np.maximum(c2, 1e-16 * (c0 + c2))
    companion = np.zeros((len(a), 4, 4))
    companion[:, 0, 0], companion[:, 0, 1] = -c1 / lead, (b**2 - c0) / lead
    companion[:, 0, 2], companion[:, 0, 3] = 2 * a * b / lead, a**2 / lead
    companion[:, [1, 2, 3], [0, 1, 2]] = 1.0
    values = np.linalg.eigvals(companion)
    real = np.abs(values.imag) <= 1e-7 * (1 + np.abs(values.real))
    found[wanted] = np.sort(np.where(real, values.real, np.inf), axis=1)
    return np.asarray(np.clip(found, -2 * FAR, 2 * FAR))


def _hits(q: Quartics, roots: Floats) -> Bools:
    """(R, 5) whether each draw is a hit before, between and after its roots."""
    middle = (roots[:, 1:] + roots[:, :-1]) / 2
    first = np.where(roots[:, :1] < 2 * FAR, roots[:, :1] - 1 - np.abs(roots[:, :1]), 0.0)
    last = roots[:, -1:] + 1 + np.abs(roots[:, -1:])
    points = np.concatenate([first, middle, last], axis=1)
    return np.asarray(q.excess(points) >= 0)
