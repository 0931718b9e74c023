"""Intervals that hold however often one looks: for a page that anyone may open on any day."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from functools import lru_cache

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.scaling import Floats, summary
from htkeval.stats.welch import welch

LEAST = 10
"""Clusters (in each arm) below which there is no interval."""
ROUNDS = 200
"""Rounds of the tuning at most; each takes a tenth of the error away."""


@dataclass(frozen=True)
class AlwaysValid:
    """An effect with an interval that holds at every look at once."""

    value: float
    """The effect, in the outcome's unit."""
    interval: tuple[float, float]
    """With at least the level's chance, the intervals of all looks hold the effect."""
    p_value: float
    """At most alpha at any look, ever, in at most alpha of trials without an effect; below
    1 - level exactly where the interval excludes zero."""


def always_valid(
    differences: Floats, *, planned: int, level: float = 0.95
) -> AlwaysValid | Absence:
    """How large is the mean of clusters' own differences, seen at any time?

    Args:
        differences: (n,) what each cluster shows, treatment minus baseline; finite.
        planned: How many clusters the plan has, which alone sets where the interval is narrowest;
            never what was seen.
        level: Confidence level, between 0 and 1.

    Returns:
        The interval; an absence below ten clusters, without spread, or so early beside the plan
        that the interval has no end.

    Source: Lai 1976; Wang & Ramdas 2024, theorem 4.9; Lindon et al. 2022. The effect over the
    standard deviation is mixed over N(0, 1 / g): with h = n the interval is
    se sqrt((n - 1) (1 - a) / (a - r)), r = g / (g + h), a = (r alpha^2)^(1 / n). g makes it
    narrowest at `planned`; there it is 1.70 times as wide as Student's interval with 10 clusters,
    1.62 with 20, 1.58 with 40.
    Exact for independent normal clusters that enter one after another, each once. Where the same
    clusters are seen again as their tasks come in it is no theorem: looked at after every task from
    a tenth of them on, it misses in at most 5 % of trials, also with ten clusters that do not
    differ at all; from the first of 100 tasks on in 7 % of those.

    Example:
        >>> import numpy as np
        >>> found = always_valid(np.arange(12.0) - 8, planned=12)
        >>> [round(end, 2) for end in found.interval]
        [-6.33, 1.33]
    """
    if len(differences) < LEAST:
        return Absence("few_to_follow")
    told = summary(differences)
    if told.mean is None or told.sd is None:
        return Absence("too_large")
    if told.sd == 0:
        return Absence("no_spread")
    n = len(differences)
    found = Estimate(told.mean, told.sd / math.sqrt(n), n - 1)
    return _answer(found, n, of=planned, df=planned - 1, level=level)


def always_valid_between(
    baseline: Floats, treatment: Floats, *, planned: int, level: float = 0.95
) -> AlwaysValid | Absence:
    """How far apart are the means of two groups of clusters, seen at any time?

    Args:
        baseline: (n0,) the means of the clusters without, finite.
        treatment: (n1,) the means of the clusters with, finite.
        planned: How many clusters the plan has, both arms together.
        level: Confidence level, between 0 and 1.

    Returns:
        Treatment minus baseline; absences as in `always_valid`, below ten clusters in either arm.

    Source: as `always_valid`, with Welch's error and degrees of freedom in place of the pooled
    ones, h = n0 n1 / (n0 + n1) and a = (r alpha^2)^(1 / (df + 1)). The pooled error would be exact
    where both arms spread alike. Where the small arm of 1 to 3 spreads twice as much it misses in
    16 % of trials, Welch's in 2-3 %; with means as skewed as log-normal ones of log-SD 0.6, Welch's
    in 7 % there and in at most 4 % with arms of one size.
    """
    if min(len(baseline), len(treatment)) < LEAST:
        return Absence("few_to_follow")
    found = welch(baseline, treatment)
    if isinstance(found, Absence):
        return found
    information = len(baseline) * len(treatment) / (len(baseline) + len(treatment))
    return _answer(found, information, of=planned / 4, df=planned - 2, level=level)


def _answer(
    found: Estimate, information: float, *, of: float, df: float, level: float
) -> AlwaysValid | Absence:
    """The mixture's interval and p-value.

    Args:
        found: The effect, its error and degrees of freedom.
        information: Variance of one cluster over that of the effect, now.
        of: The same as planned.
        df: Degrees of freedom as planned.
        level: Confidence level.
    """
    alpha = 1 - level
    planned = _narrowest(max(df, 1.0) + 1, alpha)
    g = of * planned / (1 - planned)
    r = g / (g + information)
    a = (r * alpha**2) ** (1 / (found.df + 1))
    if a <= r:
        return Absence("too_early")
    reach = found.se * math.sqrt(found.df * (1 - a) / (a - r))
    low, high = found.value - reach, found.value + reach
    if not (math.isfinite(low) and math.isfinite(high)):
        return Absence("too_large")
    t = found.value / found.se
    gain = -math.log(r + (1 - r) / (1 + t * t / found.df))
    evidence = (
        math.log(r) + (found.df + 1) * gain
    ) / 2  # logarithm of a martingale that starts at 1
    return AlwaysValid(
        found.value, (low, high), min(1.0, max(math.exp(-evidence), sys.float_info.min))
    )


@lru_cache(maxsize=1024)
def _narrowest(m: float, alpha: float) -> float:
    """The r at which (1 - a) / (a - r) is least, with a = (r alpha^2)^(1 / m)."""
    r = 0.1
    for _ in range(ROUNDS):
        a = (r * alpha**2) ** (1 / m)
        r, before = a / (m * (1 - a) + a), r
        if abs(r - before) < 1e-15:
            break
    return r
