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
]
"""Why there is no answer: `no_rows` nothing to compute from; `one_cluster` fewer than two clusters;
`not_identified` the column is a combination of the others; `lone_cluster` one cluster alone
identifies the contrast; `saturated` as many unknowns as rows; `too_few` an arm with fewer than two
units; `no_spread` nothing varies, so nothing measures the uncertainty; `no_exposure` an arm whose
exposure is zero; `too_large` beyond what a double can hold."""


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
    """Degrees of freedom of Student's t; above zero."""

    @property
    def p_value(self) -> float:
        """Two-sided p from Student's t, computed in the tail and never printed as zero."""
        from scipy.special import stdtr

        tail = float(stdtr(self.df, -abs(self.value / self.se)))
        return min(1.0, max(2 * tail, sys.float_info.min))

    def interval(self, level: float) -> tuple[float, float] | Absence:
        """The confidence interval that goes with `p_value`.

        Args:
            level: Confidence level, between 0 and 1.
        """
        from scipy.special import stdtrit

        # the quantile from the small tail: 1 - level loses no digits, (1 + level) / 2 would
        reach = -float(stdtrit(self.df, (1 - level) / 2)) * self.se
        low, high = self.value - reach, self.value + reach
        finite = math.isfinite(low) and math.isfinite(high)
        return (low, high) if finite else Absence("too_large")


def estimate(value: float, se: float, df: float) -> Estimate | Absence:
    """An estimate, unless one of its numbers is no number."""
    if not (math.isfinite(value) and math.isfinite(se) and math.isfinite(df)):
        return Absence("too_large")
    return Estimate(value, se, df) if se > 0 and df > 0 else Absence("no_spread")
