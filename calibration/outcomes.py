"""What is measured when the tool does nothing, or something to each and nothing on average."""

from __future__ import annotations

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


def outcomes(
    cell: Cell, roster: Roster, arm: Codes, rng: np.random.Generator
) -> dict[str, Floats]:
    """Each column of the sheet that holds a value, (N,) each."""
    if cell.design == "interrupted_time_series":
        return {"minutes": TYPICAL * np.exp(_series(cell, roster, rng))}
    leaning = _levels(cell, roster, rng)
    match cell.kind:
        case "duration":
            rest = rng.normal(0, np.sqrt(1 - cell.icc), len(arm))
            time = SPREAD * (leaning + rest) + _time(cell, roster)
            return {"minutes": TYPICAL * np.exp(time + _reactions(cell, roster, rng) * arm)}
        case "rate":
            words = rng.integers(100, 501, len(arm)).astype(float)
            return {"words": words, "errors": _errors(leaning, words, rng)}
        case "binary":
            rest = rng.normal(0, np.sqrt(1 - cell.icc), len(arm))
            return {"redone": (leaning + rest > OFTEN).astype(float)}
        case _:
            rest = rng.normal(0, np.sqrt(1 - cell.icc), len(arm))
            return {"rating": 1.0 + np.searchsorted(CUTS, leaning + rest)}


def _levels(cell: Cell, roster: Roster, rng: np.random.Generator) -> Floats:
    """(N,) what the tasks of a unit share, part of it in one period only; variance `icc`."""
    whole = rng.normal(0, 1, roster.units)[roster.unit]
    periods = int(roster.period.max())
    if periods == 1:
        return np.sqrt(cell.icc) * whole
    part = rng.normal(0, 1, (roster.units, periods))[roster.unit, roster.period - 1]
    return np.sqrt(cell.icc) * (np.sqrt(1 - IN_PERIOD) * whole + np.sqrt(IN_PERIOD) * part)


def _time(cell: Cell, roster: Roster) -> Floats:
    """(N,) a trend, which before and after cannot tell from the tool."""
    slope = 0.0 if cell.design == "before_after" else TREND
    return slope * (roster.period - 1.0)


def _reactions(cell: Cell, roster: Roster, rng: np.random.Generator) -> Floats:
    """(N,) what the tool does to a unit; nothing on average, on the scale that is asked for."""
    own = rng.normal(0, cell.reactions, roster.units) if cell.reactions else np.zeros(roster.units)
    # a mean of factors is one, not the mean of their logarithms nought, where minutes are added up
    return (own - (cell.reactions**2 / 2 if cell.scale == "difference" else 0.0))[roster.unit]


def _errors(leaning: Floats, words: Floats, rng: np.random.Generator) -> Floats:
    """(N,) errors, more of them in some units than in others."""
    return rng.poisson(words / 100 * RATE * np.exp(leaning)).astype(float)


def _series(cell: Cell, roster: Roster, rng: np.random.Generator) -> Floats:
    """(N,) log minutes: a line, periods that hang together, and tasks."""
    between, within = OWN
    fresh = rng.normal(0, 1, int(roster.period.max()))
    fresh[1:] *= np.sqrt(1 - cell.rho**2)
    for t in range(1, len(fresh)):
        fresh[t] += cell.rho * fresh[t - 1]
    line = TREND / 10 * roster.period if cell.scale == "ratio" else 0.0
    return line + between * fresh[roster.period - 1] + rng.normal(0, within, len(roster.period))
