"""How far two observers of the same things agree, in the unit of what they measure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.scaling import ROUNDING, Floats

FEWEST = 3
"""Things that both must have measured."""
WIDE = 1.959963984540054
"""Standard deviations on each side that hold 95 % of normal differences."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Limits:
    """Limits of agreement."""

    bias: float
    """Mean of second less first."""
    bias_ci: Span
    """Its confidence interval."""
    sd: float
    """Standard deviation of the differences."""
    limits: Span
    """Bias less and plus 1.96 standard deviations."""
    limits_ci: tuple[Span, Span]
    """The confidence interval of each."""


def limits_of_agreement(first: Floats, second: Floats, *, level: float) -> Limits | Absence:
    """Between which limits do 95 of 100 differences of two observers lie?

    The limits' error is s sqrt(1/n + 1.96^2 / (2 (n - 1))).

    Args:
        first: (N,) one observer's values, finite.
        second: (N,) the other's of the same things.
        level: Confidence level, between 0 and 1.

    Returns:
        Bias and limits; an absence with fewer than three things.

    Source: Bland & Altman 1986, The Lancet; the limits' error after Bland & Altman 1999, section
    2.1 (in 1986 the rounder sqrt(3 s^2 / n)).

    Example:
        >>> found = limits_of_agreement(np.zeros(3), np.array([1.0, 2.0, 3.0]), level=0.95)
        >>> found.bias, found.sd, round(found.limits[1], 2)
        (2.0, 1.0, 3.96)
    """
    difference = second - first
    n = len(difference)
    if n < FEWEST:
        return Absence("too_few" if n else "no_rows")
    bias, sd = float(difference.mean()), float(difference.std(ddof=1))
    reach = WIDE * sd
    of_limit = sd * math.sqrt(1 / n + WIDE**2 / (2 * (n - 1)))
    ends = (bias - reach, bias + reach)
    spans = [
        _span(bias, sd / math.sqrt(n), n, level),
        *(_span(e, of_limit, n, level) for e in ends),
    ]
    found = [one for one in spans if not isinstance(one, Absence)]
    if len(found) < len(spans):
        return Absence("too_large")
    return Limits(bias, found[0], sd, ends, (found[1], found[2]))


def _span(value: float, se: float, n: int, level: float) -> Span | Absence:
    """By t on n - 1; of no width where nothing differs."""
    return Estimate(value, se, n - 1).interval(level) if se > 0 else (value, value)


@dataclass(frozen=True)
class Icc:
    """An intraclass correlation."""

    value: float
    """1 is full agreement; 0, or below, none beyond chance."""
    interval: Span | Absence
    """Its confidence interval; an absence where observers never disagree."""


def icc_agreement(ratings: Floats, *, level: float) -> Icc | Absence:
    """Which part of all differences lies between things, if other observers might have measured?

    ICC(A,1) of McGraw & Wong, ICC(2,1) of Shrout & Fleiss: two-way, observers random, absolute
    agreement, one observer. With MSR between things, MSC between observers and MSE the rest:
    (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n).

    Args:
        ratings: (n things, k observers), finite.
        level: Confidence level, between 0 and 1.

    Returns:
        The coefficient; an absence with fewer than three things, or where nothing differs.

    Source: Shrout & Fleiss 1979, Psychological Bulletin 86, case 2; the interval after McGraw &
    Wong 1996, Psychological Methods 1, table 7, with its erratum.

    Example:
        >>> round(icc_agreement(np.array([[1.0, 2], [2, 3], [4, 5]]), level=0.95).value, 3)
        0.824
    """
    n, k = ratings.shape
    if n < FEWEST or k < 2:
        return Absence("too_few" if n else "no_rows")
    between, across = ratings.mean(axis=1), ratings.mean(axis=0)
    centre = float(ratings.mean())
    rest = ratings - between[:, None] - across + centre
    msr = k * float(((between - centre) ** 2).sum()) / (n - 1)
    msc = n * float(((across - centre) ** 2).sum()) / (k - 1)
    mse = float((rest**2).sum()) / ((n - 1) * (k - 1))
    size = float(np.abs(ratings - centre).max()) ** 2 * ROUNDING
    whole = msr + (k - 1) * mse + k * (msc - mse) / n
    if not math.isfinite(whole):
        return Absence("too_large")
    if whole <= size:
        return Absence("no_spread")
    value = (msr - mse) / whole
    if mse <= size:
        return Icc(value, Absence("no_spread"))
    return Icc(value, _mcgraw_wong(value, msr, msc, mse, n, k, level))


def _mcgraw_wong(
    value: float, msr: float, msc: float, mse: float, n: int, k: int, level: float
) -> Span | Absence:
    from scipy.special import fdtri

    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    parts = (a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1))
    df = (a * msc + b * mse) ** 2 / parts
    inside = (1 + level) / 2
    high_f, low_f = float(fdtri(n - 1, df, inside)), float(fdtri(df, n - 1, inside))
    others = k * msc + (k * n - k - n) * mse
    low = n * (msr - high_f * mse) / (high_f * others + n * msr)
    high = n * (low_f * msr - mse) / (others + n * low_f * msr)
    finite = math.isfinite(low) and math.isfinite(high)
    return (max(-1.0, low), min(1.0, high)) if finite else Absence("too_large")
