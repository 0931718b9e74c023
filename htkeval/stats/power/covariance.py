"""How alike tasks of a planned trial are: spreads of tasks, people, teams, periods, reactions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from htkeval.stats.power.layout import Layout
from htkeval.stats.power.limits import (
    check_autocorrelation,
    check_icc,
    check_relative,
    check_sd,
    check_variances,
)
from htkeval.stats.scaling import Floats


@dataclass(frozen=True)
class Spread:
    """Variances that add up to a task's own, each shared by the tasks of one level."""

    task: float
    """Of a task about its person, team and period, without the tool."""
    cluster: float = 0.0
    """Between clusters, the same in all periods."""
    period: float = 0.0
    """Of a cluster's period about its cluster."""
    person: float = 0.0
    """Between people of one cluster; 0 where the cluster is a person."""
    reaction: float = 0.0
    """Of what the tool does to a cluster, about what it does on average."""
    task_treatment: float | None = None
    """As `task`, with the tool; None where it is the same."""

    def __post_init__(self) -> None:
        check_variances([self.task, self.cluster, self.period, self.person, self.reaction])
        check_variances([] if self.task_treatment is None else [self.task_treatment])

    @property
    def total(self) -> float:
        """Variance of one task without the tool."""
        return self.task + self.cluster + self.period + self.person


def spread_of(
    sd: float,
    *,
    icc: float,
    person_icc: float = 0.0,
    autocorrelation: float = 1.0,
    reaction_sd: float = 0.0,
) -> Spread:
    """Which variances are behind a standard deviation and an intraclass correlation?

    Args:
        sd: Of one task about its arm and period, the differences between people and teams included;
            on the ratio scale of the natural logarithm.
        icc: Correlation of two tasks of one cluster in one period (by different people, where
            `person_icc` is above zero).
        person_icc: What two tasks of one person have more.
        autocorrelation: Share of the cluster's part that lasts from period to period; the rest is
            new in each. Hooper et al. 2016 call it the cluster autocorrelation.
        reaction_sd: Standard deviation between clusters of the effect.

    Raises:
        Refused: Shares that are none or leave nothing to the task.

    Example:
        >>> found = spread_of(0.6, icc=0.1, autocorrelation=0.8)
        >>> round(found.task, 4), round(found.cluster, 4), round(found.period, 4)
        (0.324, 0.0288, 0.0072)
    """
    check_sd(sd)
    check_icc(icc, person_icc)
    check_autocorrelation(autocorrelation)
    check_variances([reaction_sd])
    whole = sd**2
    return Spread(
        task=whole * (1 - icc - person_icc),
        cluster=whole * icc * autocorrelation,
        period=whole * icc * (1 - autocorrelation),
        person=whole * person_icc,
        reaction=reaction_sd**2,
    )


@dataclass(frozen=True, eq=False)
class Covariance:
    """What tasks of one cluster share, and what each has alone; clusters are independent."""

    shared: Floats
    """(G, C, C) covariance of two tasks, of one cell or of two."""
    alone: Floats
    """(G, C) a task's variance beyond that."""


def covariance(layout: Layout, spread: Spread) -> Covariance:
    """How do tasks of a layout hang together, on the scale on which the spreads add up?

    Args:
        layout: Who does what.
        spread: The variances.
    """
    period = layout.period[:, :, None] == layout.period[:, None, :]
    person = layout.person[:, :, None] == layout.person[:, None, :]
    shared = spread.cluster + spread.period * period + spread.person * person
    shared = shared + spread.reaction * layout.arm[:, :, None] * layout.arm[:, None, :]
    using = spread.task if spread.task_treatment is None else spread.task_treatment
    return Covariance(shared, spread.task + (using - spread.task) * layout.arm)


def log_effect(relative: float) -> float:
    """What a relative change of the typical task is on the logarithmic scale: log(1 + change).

    Args:
        relative: -0.15 is 15 % less.

    Raises:
        Refused: A change of -1 or below.

    Example:
        >>> round(log_effect(-0.15), 4)
        -0.1625
    """
    check_relative(relative)
    return math.log1p(relative)


def effect_in_minutes(mean: float, relative: float, spread: Spread) -> float:
    """By how many minutes do the arms' means differ, if the typical task changes by a share?

    Args:
        mean: Mean minutes a task without the tool.
        relative: Change of the typical task: -0.15 is 15 % less.
        spread: Variances of log minutes. With the tool the mean takes exp(half) of what it adds.

    Returns:
        mean ((1 + relative) exp((s1^2 - s0^2) / 2) - 1), with s^2 a task's variance in each arm.

    Source: the log-normal mean exp(mu + s^2 / 2); Briggs & Gray 1998.

    Example:
        >>> effect_in_minutes(30, -0.15, Spread(task=0.36))
        -4.5
    """
    check_sd(mean)
    return mean * math.expm1(log_effect(relative) + float(_grown(np.ones(1), spread)[0]) / 2)


def covariance_in_minutes(
    layout: Layout, spread: Spread, *, mean: float, relative: float
) -> Covariance:
    """How do minutes hang together, when their logarithms are normal?

    Two tasks with means m and m' whose logarithms have covariance k have m m' (exp(k) - 1), and a
    task m^2 (exp(s^2) - 1). As the tool multiplies, it saves slow people more minutes: they react
    apart in minutes even where the ratio is the same for all.

    Args:
        layout: Who does what.
        spread: Variances of log minutes.
        mean: Mean minutes a task without the tool.
        relative: Change of the typical task with it: -0.15 is 15 % less.

    Raises:
        Refused: No time, or a change of -1 or below.

    Source: moments of the multivariate log-normal: Aitchison & Brown 1957.
    """
    check_sd(mean)
    log = covariance(layout, spread)
    growth = _grown(layout.arm, spread)
    means = mean * np.exp(log_effect(relative) * layout.arm + growth / 2)
    own = np.diagonal(log.shared, axis1=1, axis2=2)
    shared = means[:, :, None] * means[:, None, :] * np.expm1(log.shared)
    return Covariance(shared, means**2 * np.exp(own) * np.expm1(log.alone))


def _grown(dose: Floats, spread: Spread) -> Floats:
    """By how much the tool raises a task's variance."""
    using = spread.task if spread.task_treatment is None else spread.task_treatment
    return dose**2 * spread.reaction + dose * (using - spread.task)
