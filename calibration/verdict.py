"""What a method promises, and when a cell has broken the promise."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from calibration.grid import Cell
from calibration.weighing import Weighed
from htkeval.effect import Method
from htkeval.evaluation.method import LEAST_DF

EXACT = 0.05
"""Share of null trials in which an exact test may alarm, at most."""
ASYMPTOTIC = 0.06
"""The same for a test whose level is right with many units."""
COVERED = 0.93
"""Share of null trials whose interval must hold nothing, at least."""
BELIEVED = 0.001
"""Below this one-sided p, over the number of cells, a broken promise is not bad luck."""
SAID = 0.95
"""Where fewer trials than this share get an answer, the cell is not supported."""
LONG_SERIES = 24
"""Fewest periods of a supported series."""
MANY = 12
"""Fewest units of a supported comparison of skewed minutes between unequal arms."""


@dataclass(frozen=True)
class Tally:
    """What came of a cell's trials."""

    trials: int
    """Null trials."""
    reported: int
    """Trials whose report has an answer."""
    counted: int
    """Trials that the alarms are among: reported ones; all that were computed where too few
    were reported for the cell to be supported."""
    alarms: int
    """Of these: the report says that the tool does something."""
    covered: int
    """Of these: the interval holds nothing."""
    method: Method | None
    """What most answers are by."""
    floor: float | None
    """The smallest p-value that the lottery can give; None where the answer is by none."""
    df: float | None = None
    """Median of CR2's degrees of freedom; None where CR2 has no answer."""


@dataclass(frozen=True)
class Verdict:
    """Whether a cell keeps what its method promises."""

    supported: bool
    """Whether a user is told no reservation that excuses it."""
    limit: float
    """`EXACT` or `ASYMPTOTIC`."""
    attainable: float | None
    """The largest share of alarms that a lottery with so few allocations can give, at most 5 %."""
    passed: bool
    """Neither too many alarms nor too narrow intervals; a cell that is not supported passes."""


def tally(weighed: Iterable[Weighed]) -> Tally:
    """Count what came of a cell's trials."""
    every = list(weighed)
    reported = [one for one in every if one.reported]
    computed = [one for one in every if one.method is not None]
    counted = reported if len(reported) >= SAID * len(every) else computed
    methods = sorted({one.method for one in counted if one.method is not None})
    dfs = [one.df for one in counted if one.df is not None]
    floors = [one.floor for one in counted if one.floor is not None]
    return Tally(
        trials=len(every),
        reported=len(reported),
        counted=len(counted),
        alarms=sum(one.alarm for one in counted),
        covered=sum(one.covered for one in counted),
        method=max(methods, key=[one.method for one in counted].count, default=None),
        floor=min(floors, default=None),
        df=median(dfs) if dfs else None,
    )


def judge(cell: Cell, found: Tally, *, cells: int) -> Verdict:
    """Does a cell keep its promise?

    Args:
        cell: The cell.
        found: What came of it.
        cells: How many are judged together: each has its share of `BELIEVED`.

    Returns:
        Failed only where the one-sided binomial p of alarms above the limit, or of coverage below
        93 %, is too small for luck. Too few alarms are never a failure.
    """
    # with reactions the tool does something to somebody, which no draw can answer exactly
    exact = found.method == "rerandomisation" and not cell.reactions
    limit = EXACT if exact else ASYMPTOTIC
    attainable = None if found.floor is None else _attainable(found.floor)
    supported = _supported(cell, found)
    most = attainable if exact and attainable is not None else limit
    kept = min(too_many(found.alarms, found.counted, most), too_few(found.covered, found.counted))
    return Verdict(
        supported=supported,
        limit=limit,
        attainable=attainable,
        passed=not supported or kept >= BELIEVED / cells,
    )


def too_many(hits: int, of: int, share: float) -> float:
    """One-sided binomial p of so many hits or more, where `share` of them is the most promised."""
    from scipy.special import bdtrc

    return float(bdtrc(hits - 1, of, share)) if hits else 1.0


def too_few(hits: int, of: int, share: float = COVERED) -> float:
    """One-sided binomial p of so many hits or fewer, where `share` is the least promised."""
    from scipy.special import bdtr

    return float(bdtr(hits, of, share))


def _attainable(floor: float) -> float:
    """P-values of a lottery are multiples of its smallest, the draw and its mirror being one."""
    return math.floor(EXACT / floor + 1e-9) * floor


def _supported(cell: Cell, found: Tally) -> bool:
    short = cell.design == "interrupted_time_series" and cell.units < LONG_SERIES
    lopsided = cell.skew and not cell.balanced and cell.units < MANY
    # a draw's own level needs no df, unless the tool does something else to each
    unsure = bool(cell.reactions) and found.df is not None and found.df < LEAST_DF
    return not (short or lopsided or unsure) and found.reported >= SAID * found.trials
