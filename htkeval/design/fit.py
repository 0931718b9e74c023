"""Does a scenario say all that a trial needs to be simulated, and nothing else?"""

from __future__ import annotations

from collections.abc import Iterator

from htkeval.design.periods import periods_of, ratio_of
from htkeval.design.scenario import Holder, MetricScenario, Scenario
from htkeval.errors import Problem, Refused
from htkeval.metric import Metric
from htkeval.text import Text, say
from htkeval.trial import BY_CALENDAR, BY_TEAM, NEVER_RANDOMISED, Trial

LEAST_PERIODS = 4
"""Fewest periods of a series: two points on each side of the change make two lines."""
PROPENSITY = ("binary", "share")
"""Kinds of metric whose mean is a probability."""

_HOLDER: dict[str, tuple[Holder, ...]] = {
    "within": ("task", "participant"),
    "parallel": ("participant",),
    "crossover": ("participant",),
    "cluster": ("team",),
    "stepped_wedge": ("team",),
}
"""Whose properties may be strata: those that are known when the unit's lot is drawn."""


def refuse_misfit(trial: Trial, scenario: Scenario) -> None:
    """Raises `Refused` with everything that does not fit."""
    found = [*_design(trial, scenario), *_metrics(trial, scenario), *_columns(trial, scenario)]
    if found:
        raise Refused(found)


def _problem(trial: Trial, key: str, found: Text | str, expected: Text | str) -> Problem:
    place = say("the scenario of trial {name}, {key}", name=trial.id, key=key)
    return Problem(place, found, expected)


def _design(trial: Trial, scenario: Scenario) -> Iterator[Problem]:
    design = trial.design
    if not design.randomised and design.kind not in NEVER_RANDOMISED:
        expected = say("true: how people choose for themselves cannot be simulated")
        yield _problem(trial, "design.randomised", "false", expected)
    if design.kind in BY_CALENDAR and _tasks_of_unit(trial, scenario) < periods_of(trial, scenario):
        expected = say("at least a task in each of {n} periods", n=periods_of(trial, scenario))
        yield _problem(trial, "tasks_each", str(scenario.tasks_each), expected)
    if design.kind == "interrupted_time_series" and scenario.periods < LEAST_PERIODS:
        expected = say("at least {n} periods", n=LEAST_PERIODS)
        yield _problem(trial, "periods", str(scenario.periods), expected)
    if design.block and design.block % sum(ratio_of(design)):
        expected = say("a multiple of {n}, the sum of ratio", n=sum(ratio_of(design)))
        yield _problem(trial, "design.block", str(design.block), expected)
    if (design.team or design.kind in BY_TEAM) and not scenario.teams:
        yield _problem(trial, "teams", say("nothing"), say("how many teams there are"))
    if design.kind not in BY_TEAM and scenario.participant_icc:
        expected = say("0 where participants are the clusters: use icc")
        yield _problem(trial, "participant_icc", str(scenario.participant_icc), expected)
    if scenario.refusals and not design.status:
        expected = say("0, or a column for the status in the trial, so that a refusal is seen")
        yield _problem(trial, "refusals", str(scenario.refusals), expected)


def _tasks_of_unit(trial: Trial, scenario: Scenario) -> float:
    """Tasks, over all periods, of what must be seen in each: a person, a team, or everybody."""
    if trial.design.kind == "interrupted_time_series":
        return scenario.participants * scenario.tasks_each
    people = scenario.participants / (scenario.teams or scenario.participants)
    return people * scenario.tasks_each if trial.design.kind in BY_TEAM else scenario.tasks_each


def _metrics(trial: Trial, scenario: Scenario) -> Iterator[Problem]:
    others = {metric.id for metric in trial.metrics} - {trial.primary.id}
    for name in sorted(set(scenario.metrics) - others):
        expected = say("one of {keys}", keys=", ".join(sorted(others)))
        yield _problem(trial, f"metrics.{name}", say("an unknown metric"), expected)
    for metric in trial.metrics:
        truth = truth_of(trial, scenario, metric)
        if truth is None:
            expected = say("the metric's mean without and with the tool")
            yield _problem(trial, f"metrics.{metric.id}", say("nothing"), expected)
        elif metric.kind in PROPENSITY:
            yield from _probability(trial, scenario, metric, truth)
        elif min(truth.baseline, truth.treatment) <= 0:
            expected = say("means above zero")
            yield _problem(trial, f"metrics.{metric.id}", "0", expected)
        if metric.kind == "rating" or metric.bounds:
            found = say("a rating or a banded answer")
            expected = say("a kind of metric that can be simulated")
            yield _problem(trial, f"metrics.{metric.id}", found, expected)


def _probability(
    trial: Trial, scenario: Scenario, metric: Metric, truth: MetricScenario
) -> Iterator[Problem]:
    key = f"metrics.{metric.id}"
    if not (0 < truth.baseline < 1 and 0 < truth.treatment < 1):
        found = say("{a} and {b}", a=truth.baseline, b=truth.treatment)
        yield _problem(trial, key, found, say("probabilities between 0 and 1"))
    if metric.kind == "share" and not metric.exposure:
        found = say("a share without the column it is divided by")
        yield _problem(trial, key, found, say("a kind of metric that can be simulated"))
    told = (scenario.reaction_sd, scenario.learning, scenario.drift, scenario.shared_task_sd)
    unused = any(told) or scenario.log_sd_treatment or scenario.covariates
    if metric.role == "primary" and unused:
        found = say("reactions, learning, drift, spread or covariates")
        yield _problem(trial, key, found, say("none of them where the primary is a probability"))


def truth_of(trial: Trial, scenario: Scenario, metric: Metric) -> MetricScenario | None:
    """What is true of a metric; the primary's stands in the scenario itself."""
    if metric.id != trial.primary.id:
        return scenario.metrics.get(metric.id)
    mean = scenario.baseline_mean
    treatment = mean * (1 + scenario.relative_effect)
    return MetricScenario(
        baseline=mean, treatment=treatment, log_sd=scenario.log_sd, icc=scenario.icc
    )


def _columns(trial: Trial, scenario: Scenario) -> Iterator[Problem]:
    design = trial.design
    known = {*design.key_columns, *trial.value_columns}
    for table in ("exposures", "covariates", "groups", "incidents"):
        for name in sorted(set(getattr(scenario, table)) - known):
            expected = say("one of {keys}", keys=", ".join(sorted(known)))
            yield _problem(trial, f"{table}.{name}", say("a column the trial has not"), expected)
    for name in sorted(set(scenario.parts) ^ set(trial.primary.columns) if scenario.parts else ()):
        expected = say("a share for each column of the primary, and for no other")
        yield _problem(trial, f"parts.{name}", say("one that does not fit"), expected)
    asked = {one.column for one in trial.also}  # no model says what these would be
    for name in sorted(known - asked - _provided(trial, scenario)):
        expected = say("what the column holds: exposures, covariates, groups or expected_change")
        yield _problem(trial, name, say("nothing"), expected)
    allowed = _HOLDER.get(design.kind, ())
    for name in design.strata:
        group = scenario.groups.get(name)
        if group and group.of not in allowed:
            expected = say("one of {keys}", keys=", ".join(allowed))
            yield _problem(trial, f"groups.{name}.of", group.of, expected)


def _provided(trial: Trial, scenario: Scenario) -> set[str]:
    """The columns that the simulator can fill."""
    design = trial.design
    made = {design.arm, design.participant, design.task, design.team, design.period}
    made.add(design.sequence if design.kind in ("crossover", "stepped_wedge") else None)
    made |= {design.date, design.status, design.realised_arm}
    for metric in trial.metrics:
        made |= {*metric.parts, metric.rater, metric.pre_period}
    made |= {stop.column for stop in trial.hard_stops}
    if trial.forecast and scenario.expected_change is not None:
        made.add(trial.forecast.column)
    tables = (scenario.exposures, scenario.covariates, scenario.groups)
    return {name for name in made if name} | {name for table in tables for name in table}
