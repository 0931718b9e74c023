"""What may be asked of a planned trial; all else is refused with what was expected instead."""

from __future__ import annotations

import math
from collections.abc import Iterable

from htkeval.errors import Problem, Refused
from htkeval.text import Text, say


def check_power(power: float, level: float) -> None:
    """Refuse a power that no trial has, or that a trial of any size has.

    Args:
        power: The wanted chance of finding the effect.
        level: Confidence level; without any effect the chance is already 1 - level.
    """
    check_level(level)
    if not 1 - level < power < 1:
        expected = say("more than {alpha:0.###} and less than 1", alpha=1 - level)
        raise _refusal(say("the power"), power, expected)


def check_level(level: float) -> None:
    """Refuse a confidence level that is none."""
    if not 0 < level < 1:
        raise _refusal(say("the confidence level"), level, say("more than 0 and less than 1"))


def check_effect(effect: float) -> None:
    """Refuse a size for an effect of zero: no trial is large enough to find it."""
    if not math.isfinite(effect) or effect == 0:
        expected = say("a difference from 0: no trial is large enough to find no effect")
        raise _refusal(say("the effect"), effect, expected)


def check_variances(variances: Iterable[float]) -> None:
    """Refuse a variance below zero, or one that is no number."""
    for variance in variances:
        if not (math.isfinite(variance) and variance >= 0):
            raise _refusal(say("the variance"), variance, say("0 or more"))


def check_error(variance: float, df: float) -> None:
    """Refuse an uncertainty that no estimate has."""
    if not (math.isfinite(variance) and variance > 0):
        raise _refusal(say("the variance"), variance, say("more than 0"))
    if not df > 0:
        raise _refusal(say("the degrees of freedom"), df, say("more than 0"))


def check_sd(sd: float) -> None:
    """Refuse a standard deviation of nothing."""
    if not (math.isfinite(sd) and sd > 0):
        raise _refusal(say("the standard deviation"), sd, say("more than 0"))


def check_ratio(ratio: float) -> None:
    """Refuse a group that is no part of the other."""
    if not (math.isfinite(ratio) and ratio > 0):
        raise _refusal(say("the ratio of the groups"), ratio, say("more than 0"))


def check_icc(*shares: float) -> None:
    """Refuse shares of the spread that leave nothing to the tasks themselves."""
    if min(shares) < 0 or not sum(shares) < 1:
        wrong = min(shares) if min(shares) < 0 else sum(shares)
        raise _refusal(say("the intraclass correlation"), wrong, say("0 or more, and less than 1"))


def check_autocorrelation(correlation: float) -> None:
    """Refuse a cluster autocorrelation that is no share of what a cluster's tasks share."""
    if not 0 <= correlation <= 1:
        raise _refusal(say("the cluster autocorrelation"), correlation, say("from 0 to 1"))


def check_serial(rho: float) -> None:
    """Refuse a correlation of neighbouring periods that forgets nothing."""
    if not -1 < rho < 1:
        expected = say("more than -1 and less than 1")
        raise _refusal(say("the correlation of neighbouring periods"), rho, expected)


def check_number(found: float, least: float) -> None:
    """Refuse fewer units than any comparison takes."""
    if not found >= least:
        raise _refusal(say("the number of units"), found, say("{n} or more", n=least))


def check_tasks(*tasks: float) -> None:
    """Refuse units without a task."""
    for each in tasks:
        if not (math.isfinite(each) and each > 0):
            raise _refusal(say("the number of tasks"), each, say("more than 0"))


def check_part(share: float) -> None:
    """Refuse a part that is none, or more than the whole."""
    if not 0 < share <= 1:
        raise _refusal(say("the share"), share, say("more than 0 and at most 1"))


def check_shares(share0: float, share1: float) -> None:
    """Refuse two shares that have no spread, or are the same."""
    for share in (share0, share1):
        if not 0 < share < 1:
            raise _refusal(say("the share"), share, say("more than 0 and less than 1"))
    check_effect(share1 - share0)


def check_relative(change: float) -> None:
    """Refuse a relative change that takes away all time or more."""
    if not (math.isfinite(change) and change > -1):
        expected = say("more than -1: nobody saves all of the time or more")
        raise _refusal(say("the relative change"), change, expected)


def _refusal(place: Text, found: float, expected: Text) -> Refused:
    return Refused(Problem(place, say("{found}", found=found), expected))
