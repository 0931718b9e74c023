"""How much of the chance of a false alarm has been spent by each look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

Sides = Literal[1, 2]
Spending = Literal["obrien_fleming", "pocock"] | tuple[float, ...]
"""A function of the information fraction, or what has been spent by each look as a share of all."""


def spent(
    fractions: Sequence[float],
    spending: Spending,
    *,
    alpha: float,
    sides: Sides = 2,
    final: bool = True,
) -> tuple[float, ...]:
    """How much of alpha may have been spent by each look?

    A function spends by the information that there is, so looks may come earlier or later than
    planned. A table spends by the number of the look, whenever it comes. Either is valid as long as
    nothing that was seen of the effect decides when a look comes.

    Args:
        fractions: (K,) information at each look over the planned information, above zero.
        spending: `obrien_fleming`, `pocock` or (K or more) shares that do not fall and end in 1.
        alpha: What is spent in all, both sides together.
        sides: 2 where each side has half of alpha, 1 where one side has it all.
        final: Whether the last of these looks is the trial's last, which spends what is left
            whatever its fraction.

    Returns:
        (K,) cumulative alpha, both sides together; alpha itself from fraction 1 on.

    Raises:
        ValueError: A table with fewer shares than looks.

    Source: Lan & DeMets 1983. For a side with a = alpha / sides: 2 - 2 Phi(z / sqrt(t)) with z
    cutting off a / 2 (O'Brien-Fleming-type), a ln(1 + (e - 1) t) (Pocock-type); rpact's `asOF`,
    `asP` and `asUser`.

    Example:
        >>> [round(each, 6) for each in spent((0.5, 1.0), "obrien_fleming", alpha=0.05)]
        [0.003051, 0.05]
    """
    if not isinstance(spending, str):
        if len(spending) < len(fractions):
            raise ValueError(f"{len(spending)} shares for {len(fractions)} looks")
        used = [alpha * share for share in spending[: len(fractions)]]
    else:
        function = _obrien_fleming if spending == "obrien_fleming" else _pocock
        used = [
            sides * function(t, alpha / sides) if 0 < t < 1 else alpha if t >= 1 else 0.0
            for t in fractions
        ]
    return (*used[:-1], alpha) if final and used else tuple(used)


def _obrien_fleming(t: float, alpha: float) -> float:
    from scipy.special import ndtr, ndtri

    return 2 * float(ndtr(ndtri(alpha / 2) / math.sqrt(t)))


def _pocock(t: float, alpha: float) -> float:
    return alpha * math.log1p((math.e - 1) * t)
