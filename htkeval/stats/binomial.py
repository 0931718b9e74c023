"""Whether chance would deal out arms so unevenly."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left


def binomial_p(hits: int, tries: int, chance: float) -> float:
    """How often would chance give a count no more likely than this one?

    Args:
        hits: Units that were given the treatment, 0 to `tries`.
        tries: Units in all.
        chance: The chance of the treatment for each unit, strictly between 0 and 1.

    Returns:
        The exact two-sided p-value by the method of small probabilities, as R's `binom.test`.

    Example:
        >>> round(binomial_p(8, 10, 0.5), 6)
        0.109375
    """
    from scipy.special import bdtr, bdtrc, xlog1py, xlogy

    def log_pmf(k: int) -> float:
        ways = math.lgamma(tries + 1) - math.lgamma(k + 1) - math.lgamma(tries - k + 1)
        return ways + float(xlogy(k, chance) + xlog1py(tries - k, -chance))

    mean = chance * tries
    limit = log_pmf(hits) + 1e-7  # as likely but for rounding counts as no more likely
    if hits == mean:
        return 1.0
    if hits < mean:  # the far tail starts where the falling side is no more likely
        far = range(math.ceil(mean), tries + 1)
        start = math.ceil(mean) + bisect_left(far, True, key=lambda k: log_pmf(k) <= limit)
        both = bdtr(hits, tries, chance) + (bdtrc(start - 1, tries, chance) if start else 1.0)
    else:
        far = range(math.floor(mean) + 1)
        end = bisect_left(far, True, key=lambda k: log_pmf(k) > limit)
        both = bdtrc(hits - 1, tries, chance) + (bdtr(end - 1, tries, chance) if end else 0.0)
    return min(1.0, max(float(both), sys.float_info.min))
