"""Two independent groups whose spreads may differ."""

from __future__ import annotations

import math

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.scaling import Floats, Summary, summary


def welch(baseline: Floats, treatment: Floats) -> Estimate | Absence:
    """How far apart are two groups of independent values?

    Args:
        baseline: (n0,) finite values, one a unit.
        treatment: (n1,) finite values, one a unit.

    Returns:
        Treatment minus baseline; an absence with fewer than two values in a group, or where
        neither group varies.

    Source: Welch 1947; the degrees of freedom are Satterthwaite's, as in R's `t.test`.

    Example:
        >>> import numpy as np
        >>> welch(np.array([1.0, 2.0, 3.0]), np.array([3.0, 4.0, 5.0])).value
        2.0
    """
    groups = summary(baseline), summary(treatment)
    if min(group.count for group in groups) < 2:
        return Absence("too_few")
    means = [group.mean for group in groups]
    if None in means or any(group.sd is None for group in groups):
        return Absence("too_large")
    return _from_summaries(*groups)


def _from_summaries(baseline: Summary, treatment: Summary) -> Estimate | Absence:
    mean0, mean1 = baseline.mean or 0.0, treatment.mean or 0.0
    errors = [(group.sd or 0.0) / math.sqrt(group.count) for group in (baseline, treatment)]
    se = math.hypot(*errors)
    if se == 0:  # a spread that is rounding only is exactly zero in a summary
        return Absence("no_spread")
    shares = [(error / se) ** 2 for error in errors]  # of the squared error: no overflow
    counts = (baseline.count, treatment.count)
    df = 1 / sum(share**2 / (n - 1) for share, n in zip(shares, counts, strict=True))
    return estimate(mean1 - mean0, se, df)
