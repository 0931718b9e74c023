"""Who does which tasks when, before anybody knows the arm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.grid import Cell
from htkeval.stats.scaling import Codes
from htkeval.trial import DesignKind

PERIODS: dict[DesignKind, int] = {
    "crossover": 2,
    "before_after": 2,
    "difference_in_differences": 4,
    "stepped_wedge": 5,
}
"""Periods of the designs that have some; a series has as many as the cell says."""
TASKS: dict[DesignKind, tuple[int, int]] = {
    "parallel": (4, 20),
    "cluster": (5, 25),
    "within": (8, 32),
    "interrupted_time_series": (8, 24),
}
"""Fewest and most tasks of a unit, or of a period in a series."""
IN_A_PERIOD = (3, 12)
"""Fewest and most tasks of a unit in one of several periods."""


@dataclass(frozen=True, eq=False)
class Roster:
    """N tasks of E units."""

    unit: Codes
    """(N,) participant or team, from 0; for a series all 0."""
    period: Codes
    """(N,) period, from 1."""
    stratum: Codes
    """(E,) 0 or 1: something known of a unit beforehand."""

    @property
    def units(self) -> int:
        """E."""
        return len(self.stratum)


def roster_of(cell: Cell, rng: np.random.Generator) -> Roster:
    """Draw how many tasks each unit does in each period."""
    series = cell.design == "interrupted_time_series"
    units = 1 if series else cell.units
    periods = cell.units if series else PERIODS.get(cell.design, 1)
    low, high = TASKS.get(cell.design, IN_A_PERIOD)
    if cell.sizes == "one":
        tasks = np.ones((units, periods), dtype=np.intp)
    elif cell.sizes == "equal":
        tasks = np.full((units, periods), 2 * ((low + high) // 4))
    else:
        tasks = rng.integers(low, high + 1, (units, periods))
    if cell.design == "within":  # so that half of a person's tasks is a whole number
        tasks += tasks % 2
    if cell.design == "before_after" and not cell.balanced:
        tasks[:, 0] *= 3
    at = np.repeat(np.arange(units * periods), tasks.ravel())
    stratum = np.arange(units, dtype=np.intp) % 2
    return Roster(at // periods, at % periods + 1, stratum)
