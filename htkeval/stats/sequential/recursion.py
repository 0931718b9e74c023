"""Where the score of a trial stands at each look, and where it leaves its limits.

The score is B(t) = z sqrt(t): Brownian motion with a drift, seen at a few times t. A trial that has
not stopped is a sum over points instead of a density, and each look is one more sum.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from htkeval.stats.scaling import Floats

POINTS = 16
"""Gauss-Legendre points in a panel."""
PANEL = 4.0
"""Width of a panel in standard deviations of the smaller of the two steps beside it; four times as
many points change no limit by 1e-14."""
REACH = 9.0
"""Standard deviations below its mean at which a trial is cut: 1e-19 lies beyond."""
HEIGHT = 40.0
"""The same above, where what goes on counts even in the far tail: nothing that a double holds."""
LEAST_STEP = 1e-3
"""Least new information at a look, as a share of what there is: the points grow with its root."""


@dataclass(frozen=True, eq=False)
class Going:
    """A trial that has not stopped, as a sum over points."""

    time: float
    """The information fraction it has come to."""
    score: Floats
    """(m,) where the score may stand."""
    mass: Floats
    """(m,) with what probability, stopped trials left out."""


@dataclass(frozen=True)
class Exits:
    """Where a trial first leaves its limits."""

    below: tuple[float, ...]
    """(K,) probability that it does so at look k, downwards."""
    above: tuple[float, ...]
    """(K,) the same upwards."""


def started(score: float = 0.0, time: float = 0.0) -> Going:
    """A trial whose score is known: zero before anything was measured, or what a look showed."""
    return Going(time, np.array([score]), np.ones(1))


def beyond(going: Going, fraction: float, limit: float, *, drift: float = 0.0) -> float:
    """With what probability does a trial go on to the look at `fraction` and have z > `limit`?"""
    from scipy.special import ndtr

    return float(going.mass @ ndtr(_distance(going, fraction, limit, drift)))


def density(going: Going, fraction: float, limit: float) -> float:
    """How fast `beyond` falls where `limit` rises, without drift."""
    step = fraction - going.time
    height = np.exp(-0.5 * _distance(going, fraction, limit, 0.0) ** 2) / math.sqrt(2 * math.pi)
    return float(going.mass @ height) * math.sqrt(fraction / step)


def carried(
    going: Going, fraction: float, low: float, high: float, *, drift: float = 0.0, after: float
) -> Going:
    """The trials that go on past a look.

    Args:
        going: The trials that go on to it.
        fraction: Its information fraction.
        low: The z at or below which a trial stops, finite.
        high: The z at or above which it stops, finite.
        drift: Expected z at fraction 1.
        after: The next look's fraction: the points must be fine enough for that step too.

    Source: Armitage, McPherson & Rowe 1969: f_k(x) = integral over the limits of
    f_{k-1}(y) phi((x - y - drift step) / sqrt(step)) / sqrt(step) dy.
    """
    step = fraction - going.time
    points, weights = _panels(
        low * math.sqrt(fraction),
        max(low, high) * math.sqrt(fraction),
        PANEL * math.sqrt(min(step, after - fraction)),
    )
    apart = (points[:, None] - going.score - drift * step) / math.sqrt(step)
    mass = weights * (np.exp(-0.5 * apart**2) @ going.mass) / math.sqrt(2 * math.pi * step)
    return Going(fraction, points, mass)


def exits(
    fractions: Sequence[float],
    lower: Sequence[float],
    upper: Sequence[float],
    *,
    drift: float = 0.0,
    score: float = 0.0,
    time: float = 0.0,
) -> Exits:
    """At which look does a trial first leave its limits, and on which side?

    Args:
        fractions: (K,) information fractions, rising, the first above `time`.
        lower: (K,) z at or below which it stops; minus infinity where that side is open.
        upper: (K,) z at or above which it stops; infinity where it stops on neither side.
        drift: Expected z at fraction 1.
        score: z sqrt(t) where it stands now.
        time: The fraction of now.
    """
    going = started(score, time)
    # a look at which nothing can stop changes nothing
    real = [k for k, limit in enumerate(upper) if math.isfinite(limit)]
    below, above = [0.0] * len(fractions), [0.0] * len(fractions)
    for k, after in itertools.zip_longest(real, real[1:]):
        t = fractions[k]
        above[k] = beyond(going, t, upper[k], drift=drift)
        below[k] = _beneath(going, t, lower[k], drift)
        if after is not None:
            mean, sd = score + drift * (t - time), math.sqrt(t - time)
            low = max(lower[k], (mean - REACH * sd) / math.sqrt(t))
            high = min(upper[k], (mean + HEIGHT * sd) / math.sqrt(t))
            going = carried(going, t, low, high, drift=drift, after=fractions[after])
    return Exits(tuple(below), tuple(above))


def _beneath(going: Going, fraction: float, limit: float, drift: float) -> float:
    from scipy.special import ndtr

    return float(going.mass @ ndtr(-_distance(going, fraction, limit, drift)))


def _distance(going: Going, fraction: float, limit: float, drift: float) -> Floats:
    """(m,) how far each point is beyond the limit of the next look, in its step's deviations."""
    step = fraction - going.time
    ahead: Floats = going.score + drift * step - limit * math.sqrt(fraction)
    return ahead / math.sqrt(step)


def _panels(low: float, high: float, width: float) -> tuple[Floats, Floats]:
    """Points and weights of an integral from `low` to `high` in panels no wider than `width`."""
    knots, weights = _legendre()
    count = max(1, math.ceil((high - low) / width))
    half = (high - low) / (2 * count)
    middles = low + half * (2 * np.arange(count) + 1)
    return (middles[:, None] + half * knots).ravel(), np.tile(half * weights, count)


@lru_cache(maxsize=1)
def _legendre() -> tuple[Floats, Floats]:
    knots, weights = np.polynomial.legendre.leggauss(POINTS)
    return knots, weights
