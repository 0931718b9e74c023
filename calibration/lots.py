"""Which tasks are done with the tool: each design's draw, or its calendar."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from calibration.definition import BLOCK, STARTS_OF_WEDGE
from calibration.grid import Cell
from calibration.roster import Roster
from htkeval.design import allocation
from htkeval.stats.scaling import Codes

FAVOUR = 0.8
"""Minimisation's chance of the arm that evens things out, as a trial has it unless it says."""


def arms(cell: Cell, roster: Roster, rng: np.random.Generator) -> Codes:
    """(N,) 0 or 1."""
    unit, period = roster.unit, roster.period
    match cell.design:
        case "within":
            return _some(cell, unit, rng)
        case "crossover":
            first = _units(cell, roster, rng)[unit]
            return _codes(first ^ (period == 2))
        case "stepped_wedge":
            return _codes(period >= _starts(cell, rng)[unit])
        case "before_after":
            return _codes(period == 2)
        case "difference_in_differences":
            return _codes(_units(cell, roster, rng)[unit] & (period > 2))
        case "interrupted_time_series":
            before = cell.units // 2 if cell.balanced else 2 * cell.units // 3
            return _codes(period > before)
        case _:
            return _units(cell, roster, rng)[unit]


def _units(cell: Cell, roster: Roster, rng: np.random.Generator) -> Codes:
    """(E,) the arm, or the first arm, of each unit; groups that nobody drew come about alike."""
    one = np.zeros(roster.units, dtype=np.intp)
    if cell.allocation != "minimisation":
        return _some(cell, one, rng)
    chances, factors = np.array([0.5, 0.5]), (one, roster.stratum)
    drawn = allocation.minimised(factors, chances=chances, favour=FAVOUR, rng=rng, draws=1)
    return _codes(drawn[0])


def _some(cell: Cell, group: Codes, rng: np.random.Generator) -> Codes:
    """(E,) or (N,) the plan's share of each group."""
    ratio = (1, 1) if cell.balanced else (3, 1)
    if cell.allocation == "bernoulli":
        return _codes(allocation.bernoulli(group.shape, ratio=ratio, rng=rng))
    if cell.allocation == "blocks":
        return _codes(allocation.blocks(group[None], size=BLOCK, ratio=ratio, rng=rng)[0])
    return _codes(allocation.complete(group[None], ratio=ratio, rng=rng)[0])


def _starts(cell: Cell, rng: np.random.Generator) -> Codes:
    """(E,) the period in which each team starts: as many in each of four, or of three where four
    do not divide them; half of them in the first of three where not balanced."""
    even = cell.balanced and cell.units % len(STARTS_OF_WEDGE) == 0
    steps = STARTS_OF_WEDGE if even else STARTS_OF_WEDGE[:3]
    early = 0 if cell.balanced else cell.units // 2
    late = np.resize(steps[early > 0 :], cell.units - early)
    return rng.permutation(np.concatenate([np.repeat(steps[:1], early), np.sort(late)]))


def _codes(treated: ArrayLike) -> Codes:
    return np.asarray(treated, dtype=np.intp)
