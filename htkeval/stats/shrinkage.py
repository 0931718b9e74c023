"""Effects of subgroups, drawn towards what they have in common."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.scaling import Floats, exponent, unscaled

STEPS = 200
"""Newton steps at most; from the left on a convex falling curve a dozen are usual."""


@dataclass(frozen=True)
class Shrunken:
    """Subgroups' effects, each weighed against the others' by how surely it is known."""

    values: tuple[float, ...]
    """(k,) each subgroup's effect given all of them, in the effects' unit."""
    errors: tuple[float, ...]
    """(k,) their standard errors, for normal intervals; the spread between subgroups is taken as
    known, so with few subgroups they are a little too small."""
    common: float
    """The mean effect of the subgroups, each weighed by 1 / (error^2 + tau2)."""
    common_error: float
    """Its standard error."""
    tau2: float
    """Variance of the true effects between subgroups, in the effects' unit squared; zero where
    the effects differ no more than their errors explain, and then all values are the common one."""
    q: float
    """Cochran's Q: squared distances from the fixed-effect mean in standard errors."""
    p_value: float
    """How often Q would be as large if all subgroups had one effect, chi-square with k - 1."""


def shrink(estimates: Floats, errors: Floats) -> Shrunken | Absence:
    """What is each subgroup's effect, when the loudest of several is loud partly by chance?

    Normal-normal empirical Bayes: theta_i = B_i y_i + (1 - B_i) mu with B_i = tau2 / (tau2 + s_i^2)
    and variance B_i s_i^2 + (1 - B_i)^2 var(mu).

    Args:
        estimates: (k,) finite effects of disjoint subgroups, on a scale where errors are about
            normal (logarithms for ratios).
        errors: (k,) their standard errors, above zero.

    Returns:
        The shrunken effects and how unlike they are; an absence with fewer than two subgroups.

    Source: Efron & Morris 1975; tau2 is Paule & Mandel's 1982, the root of sum w_i (y_i - mu)^2 =
    k - 1, w_i = 1 / (s_i^2 + tau2), by the Newton steps of DerSimonian & Kacker 2007. It needs no
    likelihood and is exact to rounding. R: `blup(rma(y, sei = s, method = "PM"))` in metafor.

    Example:
        >>> found = shrink(np.array([0.0, 4.0]), np.array([1.0, 1.0]))
        >>> [round(value, 6) for value in (found.tau2, *found.values)]
        [7.0, 0.25, 3.75]
    """
    from scipy.special import chdtrc

    if len(estimates) < 2:
        return Absence("too_few" if len(estimates) else "no_rows")
    if errors.min() <= 0:
        return Absence("no_spread")
    power = exponent(np.concatenate([estimates, errors]))
    y, s = np.ldexp(estimates, -power), np.ldexp(errors, -power)
    with np.errstate(all="ignore"):  # what has no place in a double is told apart below
        variances = s**2
        q = _spread(y, variances)[0]
        tau2 = _paule_mandel(y, variances)
        weights = 1 / (variances + tau2)
        share = tau2 / (variances + tau2)
        common, common_variance = float(weights @ y / weights.sum()), float(1 / weights.sum())
        values = share * y + (1 - share) * common
        spread = np.sqrt(share * variances + (1 - share) ** 2 * common_variance)
    found = Shrunken(
        values=tuple(unscaled(float(value), power) for value in values),
        errors=tuple(unscaled(float(error), power) for error in spread),
        common=unscaled(common, power),
        common_error=unscaled(math.sqrt(common_variance), power),
        tau2=unscaled(tau2, 2 * power),
        q=q,
        p_value=max(float(chdtrc(len(y) - 1, q)), sys.float_info.min),
    )
    numbers = (*found.values, *found.errors, found.common, found.tau2, q, found.p_value)
    whole = all(map(math.isfinite, numbers)) and min(*found.errors, found.common_error) > 0
    return found if whole else Absence("too_large")


def _spread(y: Floats, variances: Floats) -> tuple[float, float]:
    """sum w (y - mu)^2, and what it falls by for one more unit of tau2."""
    weights = 1 / variances
    about = y - weights @ y / weights.sum()
    return float(weights @ about**2), float(weights**2 @ about**2)


def _paule_mandel(y: Floats, variances: Floats) -> float:
    """The tau2 at which the spread is k - 1; zero where it never exceeds that."""
    tau2 = 0.0
    for _ in range(STEPS):
        spread, slope = _spread(y, variances + tau2)
        step = (spread - (len(y) - 1)) / slope if slope else 0.0
        if not step > 1e-15 * tau2:  # convex and falling: every step but rounding is upwards
            break
        tau2 += step
    return tau2
