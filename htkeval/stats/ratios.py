"""A ratio of sums (errors per 1,000 words, right answers of all answers) as one value a task."""

from __future__ import annotations

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.scaling import Codes, Floats


def linearised(amount: Floats, exposure: Floats, group: Codes) -> Floats | Absence:
    """What does each task contribute to its group's ratio of sums?

    z = (e - R x) / mean(x) + R with R = sum(e) / sum(x), by group: the mean of z is R, and its
    spread is R's to first order. So whatever compares means now compares ratios of sums.

    Args:
        amount: (N,) e, finite.
        exposure: (N,) x, finite, not negative.
        group: (N,) arm of each row.

    Returns:
        (N,) z; an absence where a group's exposure is zero or a number is too large.

    Source: Taylor linearisation of a ratio, Cochran 1977, section 6.3; Deng, Knoblich & Lu 2018.

    Example:
        >>> two = np.array([0, 0])
        >>> linearised(np.array([1.0, 2.0]), np.array([10.0, 10.0]), two).tolist()
        [0.1, 0.2]
    """
    z = np.empty_like(amount)
    for code in np.unique(group):
        mine = group == code
        mean = float(exposure[mine].mean())
        if mean <= 0:
            return Absence("no_exposure")
        with np.errstate(all="ignore"):
            ratio = amount[mine].mean() / mean
            z[mine] = (amount[mine] - ratio * exposure[mine]) / mean + ratio
    return z if np.isfinite(z).all() else Absence("too_large")
