"""Invents what was measured, given who did what with or without the tool."""

from __future__ import annotations

import math
from functools import partial
from statistics import NormalDist

import numpy as np

from htkeval.design.allocation import Bools, Floats, Ints
from htkeval.design.calendar import period_of
from htkeval.design.fit import PROPENSITY, truth_of
from htkeval.design.periods import periods_of
from htkeval.design.roster import Roster, held, whole
from htkeval.design.scenario import Holder, MetricScenario, Scenario
from htkeval.metric import Metric
from htkeval.trial import BY_TEAM, Trial

STEPS = {"s": 1.0, "min": 0.1, "min:s": 1 / 60, "h": 0.01}
"""What a person would log, by the unit of a duration; also the least that is ever logged."""


def measure(
    trial: Trial, scenario: Scenario, roster: Roster, tool: Bools, rng: np.random.Generator
) -> dict[str, Floats]:
    """Values by column, each of the roster's full shape.

    Args:
        trial: What is measured.
        scenario: What is true.
        roster: Who does which task when.
        tool: Full shape: whether the task was in fact done with the tool.
        rng: Source of the noise.

    A positive primary metric of a task by somebody of cluster c is
        log Y = log m + a_c + covariates + groups + drift + D (log(1 + effect) + r_c + learning) + e
    with m such that the arithmetic mean without the tool is the stated one. The tasks of a
    cluster share a_c, whose variance is icc / (1 - icc) times that of e, and r_c.
    """
    exposures = {
        name: np.broadcast_to(
            held(roster, scenario, "task", partial(whole, spread, rng)), roster.shape
        )
        for name, spread in scenario.exposures.items()
    }
    columns = dict(exposures)
    cluster = cluster_holder(trial)
    for metric in trial.metrics:
        truth = truth_of(trial, scenario, metric)
        assert truth is not None  # `refuse_misfit` saw to it
        if metric.kind in PROPENSITY:
            chance = _chance(roster, scenario, cluster, truth, tool, rng)
            among = exposures[metric.exposure].astype(int) if metric.exposure else 1
            columns[metric.parts[0]] = rng.binomial(among, chance).astype(float)
            continue
        if metric.role == "primary":
            own = _own(roster, scenario, cluster, rng)
            log = _primary(trial, roster, scenario, own, tool, rng)
            level = np.exp(log + _of_period(trial, roster, scenario, rng))
            if metric.pre_period:
                columns[metric.pre_period] = _before(metric, roster, scenario, own, rng)
        else:
            level = _level(roster, scenario, cluster, truth, tool, rng)
        columns |= _logged(metric, level, exposures, scenario.parts, rng)
    return columns


def cluster_holder(trial: Trial) -> Holder:
    """Whose tasks hang together, and who reacts to the tool in a way of their own."""
    return "team" if trial.design.kind in BY_TEAM else "participant"


def _own(roster: Roster, scenario: Scenario, cluster: Holder, rng: np.random.Generator) -> Floats:
    """Log level of each participant's own typical task without the tool, in the first period."""
    total = scenario.log_sd**2 / (1 - scenario.icc - scenario.participant_icc)
    kept = total * scenario.icc * scenario.cluster_autocorrelation
    own = math.sqrt(kept) * held(roster, scenario, cluster, rng.standard_normal)
    if scenario.participant_icc:
        more = held(roster, scenario, "participant", rng.standard_normal)
        own = own + math.sqrt(total * scenario.participant_icc) * more
    half = (total + scenario.shared_task_sd**2) / 2
    return np.asarray(math.log(scenario.baseline_mean) - half + own)


def _primary(
    trial: Trial,
    roster: Roster,
    scenario: Scenario,
    own: Floats,
    tool: Bools,
    rng: np.random.Generator,
) -> Floats:
    """Log level of each task; equation in `measure`."""
    effect = np.full((1, 1, 1), math.log1p(scenario.relative_effect))
    if scenario.reaction_sd:
        reaction = held(roster, scenario, cluster_holder(trial), rng.standard_normal)
        effect = effect + scenario.reaction_sd * reaction
    if scenario.learning:
        earlier: Ints = np.cumsum(tool, axis=2, dtype=np.int64) - tool
        effect = effect + math.log1p(scenario.learning) * earlier
    log = own + tool * effect + _explained(roster, scenario)
    if scenario.shared_task_sd:
        log = log + scenario.shared_task_sd * held(roster, scenario, "task", rng.standard_normal)
    if scenario.drift:
        log = log + math.log1p(scenario.drift) * period(trial, roster, scenario)
    with_tool = scenario.log_sd_treatment or scenario.log_sd
    noise = rng.standard_normal(roster.shape)
    return np.asarray(log + noise * np.where(tool, with_tool, scenario.log_sd))


def _of_period(
    trial: Trial, roster: Roster, scenario: Scenario, rng: np.random.Generator
) -> Floats:
    """Log level that tasks of one period share: of one cluster, or of all; with mean factor one.

    What a cluster does not keep from period to period is part of its level's variance.
    """
    log, when = np.zeros((1, 1, 1)), period(trial, roster, scenario)
    periods = periods_of(trial, scenario)
    if scenario.period_sd:
        shared = rng.standard_normal((roster.shape[0], periods))
        for t in range(1, periods):
            fresh = math.sqrt(1 - scenario.period_rho**2) * shared[:, t]
            shared[:, t] = scenario.period_rho * shared[:, t - 1] + fresh
        of_all = shared[np.arange(roster.shape[0])[:, None, None], when]
        log = log + scenario.period_sd * of_all - scenario.period_sd**2 / 2
    lost = 1 - scenario.cluster_autocorrelation
    if lost and scenario.icc:
        total = scenario.log_sd**2 / (1 - scenario.icc - scenario.participant_icc)
        clusters = [held(roster, scenario, cluster_holder(trial), rng.standard_normal)
                    for _ in range(periods)]  # fmt: skip
        own = np.concatenate(clusters, axis=2)
        log = log + math.sqrt(total * scenario.icc * lost) * np.take_along_axis(own, when, axis=2)
    return np.asarray(log)


def period(trial: Trial, roster: Roster, scenario: Scenario) -> Ints:
    """Full shape: the period of a task, from 0."""
    return period_of(roster.time, periods_of(trial, scenario))


def _explained(roster: Roster, scenario: Scenario) -> Floats:
    """What covariates and groups add to the log level; the factor has mean one."""
    added = np.zeros((1, 1, 1))
    for name, covariate in scenario.covariates.items():
        slope = covariate.elasticity
        log_variance = math.log1p((covariate.sd / covariate.mean) ** 2)
        centre = math.log(covariate.mean) - log_variance / 2
        added = added + slope * (np.log(roster.covariates[name]) - centre)
        added = added - slope**2 * log_variance / 2
    for name, group in scenario.groups.items():
        levels = np.array([group.levels.get(word, 1.0) for word in group.shares])
        mean = float(levels @ np.array(list(group.shares.values())))
        added = added + np.log(levels / mean)[roster.groups[name]]
    return added


def _level(
    roster: Roster,
    scenario: Scenario,
    cluster: Holder,
    truth: MetricScenario,
    tool: Bools,
    rng: np.random.Generator,
) -> Floats:
    """Level of another positive metric: its arm's mean times log-normal noise of mean one."""
    between = truth.log_sd * math.sqrt(truth.icc / (1 - truth.icc))
    log = between * held(roster, scenario, cluster, rng.standard_normal)
    log = log + truth.log_sd * rng.standard_normal(roster.shape)
    factor = np.exp(log - (between**2 + truth.log_sd**2) / 2)
    return np.asarray(np.where(tool, truth.treatment, truth.baseline) * factor)


def _chance(
    roster: Roster,
    scenario: Scenario,
    cluster: Holder,
    truth: MetricScenario,
    tool: Bools,
    rng: np.random.Generator,
) -> Floats:
    """Chance of yes in each task, from a normal propensity that the cluster shares.

    It is yes when sqrt(icc) a_c + sqrt(1 - icc) e < z(p); so the mean over clusters is p itself.
    """
    if not truth.icc:
        return np.asarray(np.where(tool, truth.treatment, truth.baseline), dtype=float)
    normal = NormalDist()
    below = np.vectorize(normal.cdf, otypes=[float])
    shared = math.sqrt(truth.icc) * held(roster, scenario, cluster, rng.standard_normal)
    without, using = (
        below((normal.inv_cdf(p) - shared) / math.sqrt(1 - truth.icc))
        for p in (truth.baseline, truth.treatment)
    )
    return np.asarray(np.where(tool, using, without), dtype=float)


def _logged(
    metric: Metric,
    level: Floats,
    exposures: dict[str, Floats],
    parts: dict[str, float],
    rng: np.random.Generator,
) -> dict[str, Floats]:
    """What stands in the metric's columns: counted, or rounded as a person logs it."""
    if metric.kind == "duration":
        return _split(metric, level, parts)
    amount = exposures[metric.exposure] / metric.per if metric.exposure else 1.0
    return {metric.parts[0]: rng.poisson(level * amount).astype(float)}


def _split(metric: Metric, level: Floats, parts: dict[str, float]) -> dict[str, Floats]:
    """A time in its parts, each rounded to the step of its unit and never zero."""
    step = STEPS[metric.unit or "min"]
    shares = {name: parts.get(name, 1.0) for name in metric.parts}
    steps = {name: level * share / sum(shares.values()) / step for name, share in shares.items()}
    return {name: np.round(np.maximum(1.0, np.rint(n)) * step, 6) for name, n in steps.items()}


def _before(
    metric: Metric, roster: Roster, scenario: Scenario, own: Floats, rng: np.random.Generator
) -> Floats:
    """The participant's mean over a few tasks before the trial."""
    noise = scenario.log_sd / math.sqrt(scenario.pre_tasks)
    people = (*roster.shape[:2], 1)
    level = np.exp(own + noise * rng.standard_normal(people))
    step = STEPS.get(metric.unit or "", 0.01)
    logged = np.round(np.maximum(1.0, np.rint(level / step)) * step, 6)
    return np.asarray(np.broadcast_to(logged, roster.shape))
