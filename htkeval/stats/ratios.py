"""A ratio of sums (errors per 1,000 words, right answers of all answers) as one value a task."""

from __future__ import annotations

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.scaling import Codes, Floats, exponent


def linearised(
    amount: Floats, exposure: Floats, group: Codes, *, per: float = 1.0
) -> Floats | Absence:
    """What does each task contribute to its group's ratio of sums?

    z = (e - R x) / mean(x) + R with R = sum(e) / sum(x), by group: the mean of z is R, and its
    spread is R's to first order. So whatever compares means now compares ratios of sums.

    Args:
        amount: (N,) e, finite.
        exposure: (N,) x, finite, not negative.
        group: (N,) arm of each row.
        per: z is given per so many units of exposure.

    Returns:
        (N,) z; an absence where a group's exposure is zero or a number is too large.

    Source: Taylor linearisation of a ratio, Cochran 1977, section 6.3; Deng, Knoblich & Lu 2018.

    Example:
        >>> one_arm = np.array([0, 0])
        >>> linearised(np.array([1.0, 2.0]), np.array([8.0, 8.0]), one_arm).tolist()
        [0.125, 0.25]
    """
    powers = exponent(amount), exponent(exposure)
    e, x = (np.ldexp(v, -power) for v, power in zip((amount, exposure), powers, strict=True))
    z = np.empty_like(e)
    for code in np.unique(group):
        mine = group == code
        mean = float(x[mine].mean())
        if mean <= 0:
            return Absence("no_exposure")
        with np.errstate(over="ignore", invalid="ignore"):
            ratio = e[mine].mean() / mean
            z[mine] = (e[mine] - ratio * x[mine]) / mean + ratio
    with np.errstate(over="ignore"):
        z = np.ldexp(z, powers[0] - powers[1]) * per
    return z if np.isfinite(z).all() else Absence("too_large")
