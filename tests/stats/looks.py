"""What the tests of looks share."""

from __future__ import annotations

from htkeval.stats.sequential import Boundary, boundary
from htkeval.stats.sequential.spending import Sides, Spending

KINDS: dict[str, Spending] = {"obrien_fleming": "obrien_fleming", "pocock": "pocock"}
TWO: dict[int, Sides] = {1: 1, 2: 2}


def numbered(case: dict[str, float], name: str) -> tuple[float, ...]:
    """The values t1, t2, ... of a stored answer."""
    return tuple(case[f"{name}{i}"] for i in range(1, 10) if f"{name}{i}" in case)


def equal(count: int) -> tuple[float, ...]:
    """Fractions of looks with equal steps."""
    return tuple((k + 1) / count for k in range(count))


def limits(
    fractions: tuple[float, ...],
    spending: Spending,
    *,
    sides: int = 2,
    alpha: float = 0.05,
    final: bool = True,
) -> Boundary:
    """Limits that are there."""
    found = boundary(fractions, spending=spending, sides=TWO[sides], alpha=alpha, final=final)
    assert isinstance(found, Boundary)
    return found
