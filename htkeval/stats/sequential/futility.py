"""Whether it is worth going on: advice at a look, which no limit counts on."""

from __future__ import annotations

import math

from htkeval.stats.answer import Absence
from htkeval.stats.sequential import Boundary
from htkeval.stats.sequential.recursion import exits


def conditional_power(
    z: float, limits: Boundary, *, look: int, drift: float | None = None
) -> float | Absence:
    """How likely is it, after this look, that a later one finds the effect?

    The limits are as wide as if nobody followed such advice, so it may be followed or not.

    Args:
        z: Estimate over standard error at the look; with a small-sample method `as_z` of its p.
        limits: The limits of all looks, those still to come as planned; see `foreseen`.
        look: The number of the look, 1 for the first.
        drift: The z that is expected at information fraction 1 under the effect that is asked
            about: effect / planned standard error at the end. Not given: the trend seen so far,
            z / sqrt(fraction).

    Returns:
        Chance, from 0 to 1, that a later look stops in the direction of the effect asked about; an
        absence at the last look.

    Source: Lan, Simon & Halperin 1982; Jennison & Turnbull 2000, 10.2; rpact's
    `getConditionalPower`, with two sides that of `twoSidedPower = FALSE`.

    Example:
        >>> from htkeval.stats.sequential import boundary
        >>> round(conditional_power(0.3, boundary((0.5, 1.0)), look=1), 3)
        0.014
    """
    now, later = limits.fractions[look - 1], limits.fractions[look:]
    if not later:
        return Absence("no_looks_left")
    drift = z / math.sqrt(now) if drift is None else drift
    if limits.sides == 2 and drift < 0:  # both sides alike: ask upwards
        z, drift = -z, -drift
    found = exits(
        later,
        limits.lower[look:],
        limits.upper[look:],
        drift=drift,
        score=z * math.sqrt(now),
        time=now,
    )
    return min(1.0, sum(found.above))
