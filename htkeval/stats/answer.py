"""An estimate with its uncertainty, or the typed absence of one."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "no_rows",
    "one_cluster",
    "not_identified",
    "lone_cluster",
    "saturated",
    "too_few",
    "no_spread",
    "no_exposure",
    "too_large",
    "no_events",
    "too_many",
    "weak_instrument",
    "nothing_missing",
    "nothing_to_tip",
    "same_time",
    "short_follow_up",
    "no_end",
    "few_clusters",
    "out_of_reach",
    "nothing_spent",
    "no_new_information",
    "no_looks_left",
    "few_to_follow",
    "too_early",
]
"""Why there is no answer: `no_rows` nothing to compute from; `one_cluster` fewer than two clusters;
`not_identified` the column is a combination of the others; `lone_cluster` one cluster alone
identifies the contrast; `saturated` as many unknowns as rows; `too_few` an arm with fewer than two
units; `no_spread` nothing varies, so nothing measures the uncertainty; `no_exposure` an arm whose
exposure is zero; `too_large` beyond what a double can hold;
`weak_instrument` the assignment hardly moved what was used; `nothing_missing` every value of the
treatment arm is known; `nothing_to_tip` the interval already holds zero;
`same_time` two values at one point in time; `short_follow_up` an unfinished row stops before the
cap with nothing seen beyond it; `few_clusters` too few clusters carry the
comparison for any measure of their spread; `no_end` a lottery with too few allocations for an
interval; `no_events` an arm without a single event, so no ratio; `too_many` more
units than an exact test can list; `out_of_reach` no size that was tried has the wanted power;
`nothing_spent` a look at which the plan never stops;
`no_new_information` a look that shows no more than the one before; `no_looks_left` the last look;
`few_to_follow` too few clusters for an interval that holds at every look; `too_early` so few beside
the plan that such an interval has no end."""


@dataclass(frozen=True)
class Absence:
    """No answer, and why."""

    reason: Reason
    """The kind of obstacle; words are put to it where units and arms are known."""


@dataclass(frozen=True)
class Estimate:
    """A contrast, its standard error and the degrees of freedom of that error."""

    value: float
    """The contrast, in the outcome's unit."""
    se: float
    """Standard error, in the outcome's unit; above zero."""
    df: float
    """Degrees of freedom of Student's t; above zero; infinite is the normal distribution, which
    only the errors of other tools use."""

    @property
    def p_value(self) -> float:
        """Two-sided p from Student's t, computed in the tail and never printed as zero."""
        from scipy.special import ndtr, stdtr

        t = -abs(self.value / self.se)
        tail = float(ndtr(t) if math.isinf(self.df) else stdtr(self.df, t))
        return min(1.0, max(2 * tail, sys.float_info.min))

    def interval(self, level: float) -> tuple[float, float] | Absence:
        """The confidence interval that goes with `p_value`.

        Args:
            level: Confidence level, between 0 and 1.
        """
        from scipy.special import ndtri, stdtrit

        # the quantile from the small tail: 1 - level loses no digits, (1 + level) / 2 would
        tail = (1 - level) / 2
        quantile = float(ndtri(tail) if math.isinf(self.df) else stdtrit(self.df, tail))
        reach = -quantile * self.se
        low, high = self.value - reach, self.value + reach
        finite = math.isfinite(low) and math.isfinite(high)
        return (low, high) if finite else Absence("too_large")


def estimate(value: float, se: float, df: float) -> Estimate | Absence:
    """An estimate, unless one of its numbers is no number."""
    if not (math.isfinite(value) and math.isfinite(se) and math.isfinite(df)):
        return Absence("too_large")
    return Estimate(value, se, df) if se > 0 and df > 0 else Absence("no_spread")
