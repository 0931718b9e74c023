"""How often a value with the tool lies above one without: a comparison that knows only order."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.scaling import Codes, Floats, starts_of, summary
from htkeval.stats.welch import welch

EVEN = 0.5
"""The relative effect of two groups neither of which tends to lie above the other."""


@dataclass(frozen=True)
class RelativeEffect:
    """The chance that a treated value lies above a baseline value, ties counted half."""

    value: float
    """The chance, 0 to 1; one half is no effect."""
    interval: tuple[float, float]
    """Its confidence interval, within 0 to 1."""
    p_value: float
    """Two-sided p of one half; below 1 - level exactly when the interval excludes one half."""
    se: float
    """Standard error of `value`, as a chance."""
    df: float
    """Degrees of freedom of Student's t."""


def relative_effect(
    baseline: Floats, treatment: Floats, *, level: float = 0.95
) -> RelativeEffect | Absence:
    """How often would a unit with the tool lie above a unit without?

    Each value's placement is the share of the other group below it. The mean placement of the
    treated is the effect; the two groups' placements have Welch's error and degrees of freedom.

    The interval is that of the test, cut off at 0 and 1. On the logit scale no cut would be needed,
    but with 6 to 12 units a group that test alarms in 0.1 to 3 % of null trials where 5 % are
    meant, this one in 4.4 to 6.6 %. Where one group is smaller it alarms more: 8 % with 5 and 25,
    9 % with 3 and 12. Where the groups were drawn, `rank_draws` holds it against the draw.

    Args:
        baseline: (n0,) finite values, one an independent unit (a participant's mean, say).
        treatment: (n1,) finite values, one an independent unit.
        level: Confidence level, between 0 and 1.

    Returns:
        P(baseline < treatment) + P(equal) / 2; an absence with fewer than two units in a group, or
        `no_spread` where every placement is alike: the groups lie wholly apart, or all values are
        equal. How far from apart they might have been, such data do not tell.

    Source: Brunner & Munzel 2000, with the variance of Neubert & Brunner 2007, as in SciPy's
    `brunnermunzel`.

    Example:
        >>> relative_effect(np.array([1.0, 2.0, 4.0]), np.array([3.0, 4.0, 5.0])).value.__round__(4)
        0.8333
    """
    if min(len(baseline), len(treatment)) < 2:
        return Absence("too_few")
    below = _placements(treatment, baseline)
    found = welch(_placements(baseline, treatment), below)
    if isinstance(found, Absence):
        return found
    value = float(below.mean())  # welch's own contrast of the placements is 2 * value - 1
    return _answer(value, found.se, found.df, level)


def relative_effect_within(
    y: Floats, *, arm: Codes, cluster: Codes, level: float = 0.95
) -> RelativeEffect | Absence:
    """How often does someone's task with the tool lie above a task of their own without?

    Each participant's own share of such pairs of tasks is one value; participants are the units,
    and weigh alike however many tasks they did.

    Args:
        y: (N,) finite outcome of tasks.
        arm: (N,) 0 baseline, 1 treatment.
        cluster: (N,) participant of each task; one without tasks in both arms is left out.
        level: Confidence level, between 0 and 1.

    Returns:
        The mean share over participants with Student's t on their number less one; an absence with
        fewer than two participants, or where all their shares are equal.

    Source: The within-cluster effect of Obuchowski 1997 and Konietschke & Brunner 2009, with each
    cluster weighing alike and the spread between clusters as its error; with one task an arm it is
    the t-test on signs.
    """
    shares = summary(_own_shares(y, arm, cluster))
    if shares.mean is None or shares.sd is None:  # only for want of participants: shares are small
        return Absence("too_few")
    if shares.sd == 0:
        return Absence("no_spread")
    se = shares.sd / math.sqrt(shares.count)
    return _answer(shares.mean, se, shares.count - 1, level)


def relative_effect_crossover(
    y: Floats, *, second: Codes, first_with: Codes, cluster: Codes, level: float = 0.95
) -> RelativeEffect | Absence:
    """The same where everyone works in both arms, one after the other, in one of two orders.

    A person's share of pairs in which the second period lies above the first holds the tool and
    the time between the periods. Half the difference between those who had the tool second and
    those who had it first holds the tool alone, as in Jones and Kenward's analysis of differences.

    Args:
        y: (N,) finite outcome of tasks.
        second: (N,) 1 in the second period, 0 in the first.
        first_with: (N,) 1 where the task's participant had the tool in the first period.
        cluster: (N,) participant of each task; one seen in one period only is left out.
        level: Confidence level, between 0 and 1.

    Returns:
        The chance, with Welch's error over participants; an absence with fewer than two of either
        order, or where shares do not vary.
    """
    shares, person = later_shares(y, second, cluster)
    order = np.zeros(int(cluster.max(initial=-1)) + 1, dtype=np.intp)
    order[cluster] = first_with
    found = welch(shares[order[person] == 1], shares[order[person] == 0])
    if isinstance(found, Absence):
        return found
    return _answer(EVEN + found.value / 2, found.se / 2, found.df, level)


def later_shares(y: Floats, second: Codes, cluster: Codes) -> tuple[Floats, Codes]:
    """By participant seen in both periods: the share of pairs in which the later task lies above
    the earlier; and who that is."""
    names, person = np.unique(cluster, return_inverse=True)
    both = [len(np.unique(second[person == i])) == 2 for i in range(len(names))]
    return _own_shares(y, second, cluster), names[both]


def _placements(values: Floats, others: Floats) -> Floats:
    """(n,) the share of `others` below each value, ties counted half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    placements: Floats = below / (2 * len(others))
    return placements


def _own_shares(y: Floats, arm: Codes, cluster: Codes) -> Floats:
    """The mean placement of each participant's treated tasks among their own baseline tasks."""
    order = np.argsort(cluster, kind="stable")
    parts = np.split(order, starts_of(cluster[order])[1:])
    pairs = [(y[part[arm[part] == 0]], y[part[arm[part] == 1]]) for part in parts]
    return np.array([_placements(one, zero).mean() for zero, one in pairs if len(zero) * len(one)])


def _answer(value: float, se: float, df: float, level: float) -> RelativeEffect | Absence:
    excess = Estimate(value - EVEN, se, df)
    interval = excess.interval(level)
    if isinstance(interval, Absence):
        return interval
    low, high = (EVEN + end for end in interval)
    return RelativeEffect(value, (max(low, 0.0), min(high, 1.0)), excess.p_value, se, df)
