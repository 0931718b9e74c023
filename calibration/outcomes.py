"""What is measured when the tool does nothing, or something to each and nothing on average."""

from __future__ import annotations

import math

import numpy as np

from calibration.grid import Cell
from calibration.roster import Roster
from htkeval.stats.scaling import Codes, Floats

SPREAD = 0.8
"""Standard deviation of log minutes; the mean of such times is 1.4 of their median."""
TYPICAL = 20.0
"""Median minutes of a task."""
IN_PERIOD = 0.25
"""Share of a unit's level that it has in one period only."""
TREND = -0.05
"""What time alone does to log minutes from one period to the next, where a design allows for it."""
OWN = (0.2, 0.4)
"""For a series: how much periods differ, and tasks in a period, in log minutes."""
CUTS = (-1.2, -0.5, 0.3, 1.1)
"""Where a leaning becomes the next of five marks."""
OFTEN = 0.84
"""The leaning above which a task is done again: one in five."""
RATE = 1.5
"""Errors for 100 words."""


def outcomes(cell: Cell, roster: Roster, arm: Codes, rng: np.random.Generator) -> dict[str, Floats]:
    """Each column of the sheet that holds a value, (N,) each."""
    if cell.design == "interrupted_time_series":
        series: Floats = TYPICAL * np.exp(_series(cell, roster, rng))
        return {"minutes": series}
    leaning = _levels(cell, roster, rng)
    match cell.kind:
        case "duration":
            time = SPREAD * (leaning + _rest(cell, len(arm), rng)) + _time(cell, roster)
            minutes: Floats = TYPICAL * np.exp(time + _reactions(cell, roster, rng) * arm)
            return {"minutes": minutes}
        case "rate":
            words = np.asarray(rng.integers(100, 501, len(arm)), dtype=np.float64)
            rate: Floats = RATE / 100 * np.exp(leaning)
            return {"words": words, "errors": rng.poisson(words * rate).astype(float)}
        case "binary":
            return {"redone": (leaning + _rest(cell, len(arm), rng) > OFTEN).astype(float)}
        case _:
            mark = np.searchsorted(CUTS, leaning + _rest(cell, len(arm), rng))
            return {"rating": mark.astype(float)}


def _rest(cell: Cell, of: int, rng: np.random.Generator) -> Floats:
    """(N,) what a task has for itself."""
    return rng.normal(0, math.sqrt(1 - cell.icc), of)


def _levels(cell: Cell, roster: Roster, rng: np.random.Generator) -> Floats:
    """(N,) what the tasks of a unit share, part of it in one period only; variance `icc`."""
    level: Floats = rng.normal(0, 1, roster.units)[roster.unit]
    periods = int(roster.period.max())
    if periods > 1:
        part = rng.normal(0, 1, (roster.units, periods))[roster.unit, roster.period - 1]
        level = math.sqrt(1 - IN_PERIOD) * level + math.sqrt(IN_PERIOD) * part
    return np.asarray(math.sqrt(cell.icc) * level)


def _time(cell: Cell, roster: Roster) -> Floats:
    """(N,) a trend, which before and after cannot tell from the tool."""
    slope = 0.0 if cell.design == "before_after" else TREND
    return np.asarray(slope * (roster.period - 1.0))


def _reactions(cell: Cell, roster: Roster, rng: np.random.Generator) -> Floats:
    """(N,) what the tool does to a unit; nothing on average, on the scale that is asked for."""
    own = rng.normal(0, cell.reactions, roster.units) if cell.reactions else np.zeros(roster.units)
    # a mean of factors is one, not the mean of their logarithms nought, where minutes are added up
    centre = -(cell.reactions**2) / 2 if cell.scale == "difference" else 0.0
    return np.asarray(centre + own[roster.unit], dtype=np.float64)


def _series(cell: Cell, roster: Roster, rng: np.random.Generator) -> Floats:
    """(N,) log minutes: a line, periods that hang together, and tasks."""
    between, within = OWN
    fresh = rng.normal(0, 1, int(roster.period.max()))
    fresh[1:] *= math.sqrt(1 - cell.rho**2)
    for t in range(1, len(fresh)):
        fresh[t] += cell.rho * fresh[t - 1]
    line = TREND / 10 * roster.period if cell.scale == "ratio" else 0.0
    rest = rng.normal(0, within, len(roster.period))
    return np.asarray(line + between * fresh[roster.period - 1] + rest)
