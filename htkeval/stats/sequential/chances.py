"""What looks would do to a trial if the effect were so large."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.stats.sequential import Boundary
from htkeval.stats.sequential.recursion import exits


@dataclass(frozen=True)
class Chances:
    """How likely a trial stops at each look."""

    above: tuple[float, ...]
    """(K,) chance to stop at look k with a positive effect."""
    below: tuple[float, ...]
    """(K,) chance to stop there with a negative one; zero where limits have one side."""
    information: float
    """Mean information fraction at which the trial ends."""

    @property
    def stops(self) -> tuple[float, ...]:
        """(K,) chance to stop at look k, either way."""
        return tuple(a + b for a, b in zip(self.above, self.below, strict=True))

    @property
    def power(self) -> float:
        """Chance that some look finds an effect, either way."""
        return min(1.0, sum(self.stops))


def chances(limits: Boundary, *, drift: float) -> Chances:
    """How likely is it that the trial stops at each look, and finds anything at all?

    Args:
        limits: The limits of all looks.
        drift: The z expected at information fraction 1: effect / planned standard error at the
            end. Zero gives what is spent.

    Returns:
        Chances by look; after the last, a trial ends whatever it shows.

    Source: Armitage, McPherson & Rowe 1969; rpact's `getPowerAndAverageSampleNumber`.

    Example:
        >>> from htkeval.stats.sequential import boundary
        >>> found = chances(boundary((0.5, 1.0)), drift=3.24)
        >>> [round(each, 3) for each in (*found.stops, found.power)]
        [0.251, 0.648, 0.899]
    """
    found = exits(limits.fractions, limits.lower, limits.upper, drift=drift)
    early = [a + b for a, b in zip(found.above[:-1], found.below[:-1], strict=True)]
    ended = sum(p * t for p, t in zip(early, limits.fractions, strict=False))
    left = max(0.0, 1 - sum(early))
    return Chances(found.above, found.below, ended + left * limits.fractions[-1])
