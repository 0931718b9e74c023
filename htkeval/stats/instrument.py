"""What use does, where the lot decided only who was offered: the lot as instrument for the use."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.scaling import Codes, Floats, unscaled
from htkeval.stats.shifts import Region, region, shifts

STRONG = 2.0
"""Standard errors by which the assignment must have moved the use."""


def complier_effect(
    y: Floats,
    *,
    realised: Floats,
    assigned: Floats,
    x: Mapping[str, Floats],
    cluster: Codes,
    absorb: Codes | None = None,
) -> Estimate | Absence:
    """What did use do for those who used because the lot said so?

    Two-stage least squares, just identified: the effect of the assignment on the outcome over its
    effect on the use. It is the compliers' mean effect only if the lot acts through use alone and
    makes nobody use less (Imbens & Angrist 1994).

    Args:
        y: (N,) finite outcome.
        realised: (N,) the arm as worked in, or the share of use.
        assigned: (N,) the arm as the lot had it.
        x: The design's other columns, each (N,), without an intercept.
        cluster: (N,) which cluster a row belongs to.
        absorb: (N,) fixed effects, each within one cluster; without them an intercept is fitted.

    Returns:
        The effect of one unit of use with CR2 and Satterthwaite; an absence besides those of
        `shifts` where the assignment moved the use by less than two of its own standard errors:
        then only `anderson_rubin` tells the truth.

    Source: Angrist, Imbens & Rubin 1996; CR2 as R's clubSandwich has it for `AER::ivreg`: the
    adjustment from the projected columns, the residuals from the realised arm. In the just
    identified case that is the CR2 error of the assignment on y - b * realised over the first
    stage's coefficient.
    """
    found = shifts(y, realised, assigned=assigned, x=x, cluster=cluster, absorb=absorb)
    if isinstance(found, Absence):
        return found
    moved = abs(found.moved_effect)
    if moved <= max(STRONG * float(np.linalg.norm(found.moved_scores)), found.moved_smallest):
        return Absence("weak_instrument")
    error = found.error(found.zero) / moved
    if error == 0:
        return Absence("no_spread")
    value, se = (unscaled(each, found.exponent) for each in (found.zero, error))
    return estimate(value, se, found.df)


def anderson_rubin(
    y: Floats,
    *,
    realised: Floats,
    assigned: Floats,
    x: Mapping[str, Floats],
    cluster: Codes,
    absorb: Codes | None = None,
    level: float = 0.95,
) -> Region | Absence:
    """Which effects of use are compatible with the lot, however weakly the lot moved the use?

    All b for which the CR2 test of the assignment on y - b * realised has p of at least 1 - level.

    Args:
        y: (N,) finite outcome.
        realised: (N,) the arm as worked in, or the share of use.
        assigned: (N,) the arm as the lot had it.
        x: The design's other columns, each (N,), without an intercept.
        cluster: (N,) which cluster a row belongs to.
        absorb: (N,) fixed effects, each within one cluster; without them an intercept is fitted.
        level: Confidence level, between 0 and 1.

    Returns:
        An interval, two rays, everything or nothing; where the first stage is strong, an interval
        that holds the complier effect. The absences are those of `shifts`.

    Source: Anderson & Rubin 1949; solved, not searched: t^2 <= q^2 is quadratic in b.
    """
    found = shifts(y, realised, assigned=assigned, x=x, cluster=cluster, absorb=absorb)
    return found if isinstance(found, Absence) else region(found, level=level)
