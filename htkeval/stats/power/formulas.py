"""The textbooks' variances, design by design: what the general variance comes down to.

Each holds where its design is balanced, and is held equal to `variance` there by a test.
"""

from __future__ import annotations

from htkeval.stats.answer import Absence
from htkeval.stats.power import Planned
from htkeval.stats.power.covariance import Spread
from htkeval.stats.power.limits import check_icc, check_number, check_tasks, check_variances
from htkeval.stats.scaling import Floats

NOTHING = 1e-12
"""Share of a roll-out's cells below which what they tell of the arm is rounding."""


def design_effect(tasks: float, *, icc: float, cv: float = 0.0) -> float:
    """How many times as many tasks does it take when they come from clusters?

    Args:
        tasks: Mean tasks of a cluster.
        icc: Intraclass correlation.
        cv: Standard deviation of the clusters' sizes over their mean; 0 where all are equal.

    Returns:
        1 + ((cv^2 + 1) m - 1) icc: what unweighted least squares lose.

    Raises:
        Refused: A correlation that is none, or a mean size of nothing.

    Source: Eldridge, Ashby & Kerry 2006; equal sizes: Donner, Birkett & Buck 1981.

    Example:
        >>> round(design_effect(10, icc=0.1), 12), round(design_effect(10, icc=0.1, cv=0.5), 12)
        (1.9, 2.15)
    """
    check_icc(icc)
    check_tasks(tasks)
    check_variances([cv])
    return 1 + ((cv**2 + 1) * tasks - 1) * icc


def cluster(g0: float, g1: float, *, tasks: float, spread: Spread, cv: float = 0.0) -> Planned:
    """Clusters in one arm each: teams, or people with several tasks each.

    Args:
        g0: Baseline's clusters, two or more.
        g1: Treatment's, likewise.
        tasks: Mean tasks of a cluster.
        spread: Only `task`, `cluster` and `period` matter; of both arms.
        cv: Standard deviation of the clusters' sizes over their mean.

    Returns:
        s^2 DE / m (1/g0 + 1/g1), t with g0 + g1 - 2 degrees of freedom.

    Raises:
        Refused: An arm with fewer than two clusters.

    Source: Donner & Klar 2000; `design_effect`; small samples: Hayes & Moulton 2017.
    """
    check_number(min(g0, g1), 2)
    shared = spread.cluster + spread.period
    whole = spread.task + shared
    loss = design_effect(tasks, icc=shared / whole if whole else 0.0, cv=cv)
    return Planned(whole * loss / tasks * (1 / g0 + 1 / g1), g0 + g1 - 2)


def within(people: float, *, baseline: float, treatment: float, spread: Spread) -> Planned:
    """Each person's tasks drawn to the arms: people differ in nothing but their reactions.

    Args:
        people: Two or more.
        baseline: Tasks of each without the tool.
        treatment: Tasks of each with it.
        spread: `cluster` and `period` drop out.

    Returns:
        (t0 / k0 + t1 / k1 + reaction) / G, with t the tasks' variances, and G - 1 degrees of
        freedom: the paired t on people's own differences. Also before and after, where a period's
        part does not drop out: there add it to each arm, as in `before_after`.

    Raises:
        Refused: Fewer than two people.

    Source: the paired t; Senn 2002.
    """
    check_number(people, 2)
    check_tasks(baseline, treatment)
    using = spread.task if spread.task_treatment is None else spread.task_treatment
    return Planned(
        (spread.task / baseline + using / treatment + spread.reaction) / people, people - 1
    )


def before_after(people: float, *, before: float, after: float, spread: Spread) -> Planned:
    """Everybody without the tool first, then with it: what time changed counts as effect.

    Args:
        people: Two or more.
        before: Tasks of each before.
        after: Tasks of each after.
        spread: `cluster` drops out.

    Returns:
        As `within`, with two periods' parts for each person.

    Raises:
        Refused: Fewer than two people.
    """
    found = within(people, baseline=before, treatment=after, spread=spread)
    return Planned(found.variance + 2 * spread.period / people, found.df)


def crossover(people: float, *, tasks: float, spread: Spread) -> Planned:
    """Half of the people in each order, periods taken out.

    Args:
        people: Four or more, in all.
        tasks: Tasks of a person in a period.
        spread: `cluster` drops out.

    Returns:
        (2 (t / k + period) + reaction) / G, with G - 2 degrees of freedom.

    Raises:
        Refused: Fewer than four people.

    Source: Jones & Kenward 2014: half the difference between the orders' means of
    within-person differences.
    """
    check_number(people, 4)
    found = before_after(people, before=tasks, after=tasks, spread=spread)
    return Planned(found.variance, people - 2)


def difference_in_differences(
    untreated: float, treated: float, *, before: float, after: float, spread: Spread
) -> Planned:
    """The change of teams that got the tool, less that of those that did not.

    Args:
        untreated: Teams without it, two or more.
        treated: Teams with it, likewise.
        before: Tasks of a team before.
        after: Tasks of a team after.
        spread: `cluster` drops out; `reaction` is of the treated only.

    Returns:
        The two groups' variances of a change, over their teams, with teams - 2 degrees of freedom;
        exact where the tool changes nothing in how far tasks are apart.

    Raises:
        Refused: A group of fewer than two teams.

    Source: the two-sample t on changes.
    """
    check_number(min(untreated, treated), 2)
    check_tasks(before, after)
    change = spread.task / before + spread.task / after + 2 * spread.period
    variance = change / untreated + (change + spread.reaction) / treated
    return Planned(variance, untreated + treated - 2)


def stepped_wedge(arm: Floats, *, tasks: float, spread: Spread, df: float) -> Planned | Absence:
    """A roll-out, with periods as categories and teams as random: the best that can be made of it.

    With K teams in P periods, X_kj the arm, B = sum X, C = sum_k (sum_j X)^2,
    D = sum_j (sum_k X)^2, s^2 the variance of a team's mean in a period and r the correlation of
    two periods' means of one team, the variance is
    s^2 K (1 - r) (1 + (P - 1) r) / (K B - D + (B^2 + K (P - 1) B - (P - 1) D - K C) r).

    Args:
        arm: (K, P) 0 or 1.
        tasks: Tasks of a team in a period, new people in each.
        spread: `period` makes it nested exchangeable, its absence exchangeable; no `reaction`.
        df: Degrees of freedom to go with it; infinite in the papers.

    Returns:
        Variance and `df`; an absence where periods and teams tell the arm, as when all start at the
        same time.

    Raises:
        Refused: Fewer than two teams, or no task.

    Source: Hooper, Teerenstra, de Hoop & Eldridge 2016, equation for the design effect due to
    repeated assessment, with P = T + 1; without `period` it is Hussey & Hughes 2007.
    """
    teams, periods = arm.shape
    check_number(teams, 2)
    check_tasks(tasks)
    mean = spread.task / tasks + spread.cluster + spread.period
    r = spread.cluster / mean
    b, later = float(arm.sum()), periods - 1
    c, d = float((arm.sum(axis=1) ** 2).sum()), float((arm.sum(axis=0) ** 2).sum())
    told = teams * b - d + (b**2 + teams * later * b - later * d - teams * c) * r
    if told <= NOTHING * teams * b:
        return Absence("not_identified")
    return Planned(mean * teams * (1 - r) * (1 + later * r) / told, df)
