"""Columns about a provisional centre and in a power of two, so that sums lose and overflow nothing.

A power of two changes no digit. Minutes of 1e300 are squared as numbers near one, and a mean of
1e6 with a standard deviation of 1 keeps all its digits because the mean is taken off first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

ROUNDING = 16 * float(np.finfo(np.float64).eps)
"""Relative size below which a difference is rounding in how the values came to be (0.1 + 0.2)."""


@dataclass(frozen=True, eq=False)
class Scaled:
    """One column, centred within cells: value = centre of its cell + values * 2**exponent."""

    values: Floats
    """Centred and scaled; the largest is near one, or all are zero."""
    exponent: int
    """The power of two that was taken out."""
    total: float
    """Sum of squares about the centre of all rows, in units of 2**(2 * exponent)."""
    rounding: float
    """What a difference must exceed to be more than rounding, in units of 2**exponent."""


def scaled(values: Floats, starts: Codes) -> Scaled:
    """Take the cells' means and a power of two out of a column.

    Args:
        values: (N,) finite, sorted so that each cell is one stretch of rows.
        starts: (C,) row at which each cell starts; one cell of everything is `[0]`.
    """
    whole = np.zeros(1, dtype=np.intp)
    values = np.asarray(values, dtype=np.float64)  # of true and false ldexp makes 16 bits
    outer = exponent(values)
    small = np.ldexp(values, -outer)
    about_all = _centred(small, whole)
    inner = exponent(about_all)
    if math.ldexp(1.0, inner) <= ROUNDING:
        return Scaled(np.zeros_like(values), outer, 0.0, ROUNDING)
    about_all = np.ldexp(about_all, -inner)
    within = about_all if len(starts) == 1 else _centred(np.ldexp(small, -inner), starts)
    rounding = math.ldexp(ROUNDING, -inner)
    return Scaled(within, outer + inner, float(about_all @ about_all), rounding)


def unscaled(value: float, power: int) -> float:
    """Put the power of two back; infinity where a double cannot hold it."""
    with np.errstate(over="ignore", under="ignore"):
        return float(np.ldexp(value, power))


@dataclass(frozen=True)
class Summary:
    """Count, mean and standard deviation of a column."""

    count: int
    """Rows."""
    mean: float | None
    """Arithmetic mean; None without rows or beyond what a double can hold."""
    sd: float | None
    """Standard deviation with n - 1; None with fewer than two rows."""


def summary(values: Floats) -> Summary:
    """How many, how much on average, how far apart?

    Example:
        >>> summary(np.array([1e300, 2e300, 3e300])).sd
        1e+300
    """
    count = len(values)
    if not count:
        return Summary(0, None, None)
    outer = exponent(values)
    mean = unscaled(float(np.ldexp(values, -outer).mean()), outer)
    column = scaled(values, np.zeros(1, dtype=np.intp))
    if count < 2:
        return Summary(1, mean, None)
    sd = unscaled(math.sqrt(column.total / (count - 1)), column.exponent)
    return Summary(count, mean, sd if math.isfinite(sd) else None)


def starts_of(*sorted_codes: Codes) -> Codes:
    """The rows at which any of some sorted codes changes, the first row included."""
    changed = np.zeros(len(sorted_codes[0]), dtype=bool)
    changed[:1] = True
    for codes in sorted_codes:
        changed[1:] |= codes[1:] != codes[:-1]
    return np.flatnonzero(changed)


def exponent(values: Floats) -> int:
    """The power of two just above the largest absolute value; 0 where all are zero."""
    return int(np.frexp(np.abs(values).max(initial=0.0))[1])


def _centred(values: Floats, starts: Codes) -> Floats:
    """Each cell about its mean; the first value goes first, so equal values give exact zeros."""
    if len(starts) == 1:  # the same digits, in a quarter of the time: most columns are one cell
        whole: Floats = values - values[0]
        return whole - np.add.reduceat(whole, starts) / len(values)
    counts = np.diff(starts, append=len(values))
    about = values - np.repeat(values[starts], counts)
    means = np.add.reduceat(about, starts) / counts
    centred: Floats = about - np.repeat(means, counts)
    return centred
