"""A series interrupted once: how sure will the change be, by AR(1) with an estimated rho?"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.power import Planned
from htkeval.stats.power.limits import check_number, check_sd, check_serial
from htkeval.stats.scaling import Floats
from htkeval.stats.series.error import adjusted
from htkeval.stats.series.likelihood import whitened

Change = Literal["level", "slope", "average"]
"""`level`: the jump at the first period after; `slope`: the change of slope, a period; `average`:
what the interruption changed, over the periods after."""


def interruption(
    before: int,
    after: int,
    *,
    sd: float,
    rho: float,
    change: Change = "level",
    rho_known: bool = False,
) -> Planned | Absence:
    """How uncertain is a change of level or slope, at one value a period?

    Args:
        before: Periods before, three or more.
        after: Periods after, three or more, and seven in all.
        sd: Of a period's value about its line, in the outcome's unit.
        rho: Correlation of two neighbouring periods' errors.
        change: Which change.
        rho_known: Whether rho is taken as known, t with T - 4, as other programs have it: too sure.

    Returns:
        Variance and degrees of freedom, as `series.interrupted` will report them on average at this
        rho; an absence where so few periods say nothing of the correlation.

    Raises:
        Refused: Too few periods, or a correlation that forgets nothing.

    Source: generalised least squares; Wagner et al. 2002; `series.error.adjusted` for what the
    estimation of rho costs (Kenward & Roger 1997).

    Example:
        >>> found = interruption(12, 12, sd=1.0, rho=0.0, rho_known=True)
        >>> round(found.variance, 6), found.df
        (0.67366, 20.0)
    """
    check_number(min(before, after), 3)
    check_number(before + after, 7)
    check_sd(sd)
    check_serial(rho)
    time = np.arange(before + after, dtype=float)
    later = (time >= before).astype(float)
    x = np.column_stack([np.ones_like(time), time, later, later * (time - before)])
    steps, z = np.ones(len(time) - 1), math.atanh(rho)
    white = whitened(x, steps, np.array([z]))[0]
    contrast = _contrast(change, after)
    upper = np.asarray(np.linalg.qr(white, mode="r"))
    root = np.linalg.solve(upper.T, contrast)
    variance, free = sd**2 * float(root @ root), float(len(time) - 4)
    if rho_known:
        return Planned(variance, free)
    small = adjusted(white, steps, z, contrast[:, None])
    if small is None:
        return Absence("saturated")
    return Planned(variance * float(small.stretch[0]) ** 2, float(small.df[0]))


def _contrast(change: Change, after: int) -> Floats:
    """(4,) weights of intercept, slope, level and slope after."""
    slope = {"level": 0.0, "slope": 1.0, "average": (after - 1) / 2}[change]
    return np.array([0.0, 0.0, 0.0 if change == "slope" else 1.0, slope])
