"""What was promised, in words: the same lines on the screen and for the case file."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.looks import Limit
from htkeval.metric import Metric
from htkeval.registration import Registration
from htkeval.reporting.designs import DESIGNS
from htkeval.reporting.numbers import change, digits, factor, number
from htkeval.reporting.sentences import joined, quoted
from htkeval.reporting.words import METHODS, SERIES
from htkeval.text import Text, say
from htkeval.trial import Design, Trial


@dataclass(frozen=True)
class Said:
    """One thing that was promised."""

    name: Text
    """What it is about."""
    text: Text
    """What was promised, in sentences."""


def summary(promise: Registration) -> tuple[Said, ...]:
    """The promise in a few lines, as `register` prints it."""
    trial = promise.definition
    return (
        Said(say("Question"), quoted(trial.question)),
        Said(say("Compared"), arms(trial)),
        Said(say("Plan"), design(trial)),
        Said(say("Decides"), primary(trial)),
        Said(say("Must not get worse"), guardrails(trial)),
        Said(say("Method"), joined((method(promise), looks(trial)))),
        *([Said(say("Looks"), limits(promise))] if promise.information else []),
        Said(say("Expected"), forecast(trial)),
        Said(say("Policy"), policy(promise)),
    )


def arms(trial: Trial) -> Text:
    """The two ways of working."""
    return say(
        "With AI: {treatment}. Without: {baseline}.",
        treatment=trial.arms.treatment.label.removesuffix("."),
        baseline=trial.arms.baseline.label.removesuffix("."),
    )


def design(trial: Trial) -> Text:
    """The plan of the comparison, and its size where it is stated."""
    plan = trial.design
    parts = [say("{design}.", design=DESIGNS[plan.kind]), *_drawn(plan), *_size(trial)]
    if plan.baseline_tasks is not None:
        parts.append(
            say(
                "At least {n:#,##0} tasks without AI come before the first with it.",
                n=plan.baseline_tasks,
            )
        )
    return joined(parts)


def _drawn(plan: Design) -> list[Text]:
    """Whether chance decides, where the plan's own words do not say so."""
    if not plan.randomised:
        return [say("No draw is made.")]
    return [] if plan.kind in ("within", "crossover") else [say("A draw decides which.")]


def _size(trial: Trial) -> list[Text]:
    plan, by_team = trial.design, trial.cluster_column == trial.design.team
    if plan.clusters is None:
        return [say("The size is not stated.")]
    some = say("{n:#,##0} teams", n=plan.clusters) if by_team else None
    who = some or say("{n:#,##0} participants", n=plan.clusters)
    if plan.tasks_each is None:
        return [say("Planned: {who}.", who=who)]
    each = number(plan.tasks_each, 0 if plan.tasks_each == int(plan.tasks_each) else 1)
    return [say("Planned: {who}, each with {n} tasks.", who=who, n=each)]


def primary(trial: Trial) -> Text:
    """The one figure that decides, and the smallest gain worth having."""
    one = trial.primary
    if one.worthwhile is None:
        return say("{label}. No smallest worthwhile change is stated.", label=one.label)
    return say(
        "{label}. At least {change} is worth having.",
        label=one.label,
        change=relative(one.worthwhile),
    )


def relative(change: float) -> Text:
    """A relative change as people say it: 15 % less."""
    size = round(abs(100 * change), 1)
    shown = number(size, 0 if size.is_integer() else 1)
    if size == 0:
        return say("no change")
    return say("{n} % less", n=shown) if change < 0 else say("{n} % more", n=shown)


def guardrails(trial: Trial) -> Text:
    """Each measure of quality with the worsening that was accepted."""
    watched = [metric for metric in trial.metrics if metric.role == "guardrail"]
    if not watched:
        return say("Nothing: no measure of quality was agreed.")
    return joined([limit(metric) for metric in watched])


def limit(metric: Metric) -> Text:
    """The worsening of one measure that was accepted beforehand."""
    if metric.margin is None:
        return say("{label}: no limit is stated.", label=metric.label)
    size = metric.margin * factor(metric)
    shown = change(metric, metric.margin, digits(size) if size else 0)
    return say("{label}: at most {limit} worse.", label=metric.label, limit=shown)


def method(promise: Registration) -> Text:
    """How the figure is found, how surely, and with which seed."""
    plan, kind = promise.definition.analysis, promise.definition.design.kind
    if promise.method is None:
        name = say("not frozen")
    else:
        series = kind == "interrupted_time_series" and promise.method == "reml"
        name = SERIES if series else METHODS[promise.method]
    return say(
        "Reported by: {method}. Confidence: {level} %. Seed of the draws: {seed}.",
        method=name,
        level=number(100 * plan.level, 0 if round(100 * plan.level, 6).is_integer() else 1),
        seed=str(plan.seed),
    )


_SPENDING = {
    "obrien_fleming": say("little is spent early (O'Brien-Fleming)"),
    "pocock": say("it is spent evenly (Pocock)"),
}


def looks(trial: Trial) -> Text:
    """When the figures are looked at, and how the risk of a false alarm is shared out."""
    plan = trial.analysis
    if plan.looks == (1.0,):
        return say("The result is looked at once, at the end.")
    at = tuple(number(100 * look, 0) for look in plan.looks)
    shape = (
        _SPENDING[plan.spending]
        if isinstance(plan.spending, str)
        else say(
            "it is spent by a table of its own: {shares} %",
            shares=tuple(
                number(100 * one, 0 if (100 * one).is_integer() else 1) for one in plan.spending
            ),
        )
    )
    told = say(
        "The result is looked at {n} times, at {at} % of the information. Of the risk of a false "
        "alarm, {shape}.",
        n=len(at),
        at=at,
        shape=shape,
    )
    if plan.futility is None:
        return told
    stop = say(
        "Below {share} % chance of a clear answer a look advises to stop.",
        share=number(100 * plan.futility, 0),
    )
    return joined((told, stop))


def limits(promise: Registration) -> Text:
    """The limit of each look, whether it can be reached, and what was taken to be true."""
    known = promise.information
    assert known is not None  # asked of promises with looks only
    trial = promise.definition
    teams = trial.cluster_column == trial.design.team
    people = say("teams") if teams else say("participants")
    taken = say(
        "Planned information: {units:#,##0} {people} with {each} tasks each, spread of tasks "
        "(log-SD) {sd:0.00}, alike (ICC) {icc:0.00}; the effect's planned standard error at the "
        "end is {se:0.000}.",
        units=known.units,
        people=people,
        each=number(known.tasks_each, 0 if known.tasks_each == int(known.tasks_each) else 1),
        sd=known.log_sd,
        icc=known.icc,
        se=known.variance**0.5,
    )
    rests = [known.log_sd_from] if known.log_sd_from else []
    return joined((*(look_limit(one) for one in known.limits), taken, *rests))


def look_limit(one: Limit) -> Text:
    """When a planned look comes, and how small p must be there."""
    if one.nominal_level == 0:
        said = say("nothing can be found there")
    else:
        small = number(one.nominal_level, 4 if one.nominal_level >= 0.0001 else 7)
        said = say("p at most {limit}", limit=small)
        if not one.possible:
            said = say("{limit}, which this draw cannot give", limit=said)
    return say(
        "Look {k} of {n}, at {share} %: {said}.",
        k=one.look,
        n=one.of,
        share=number(100 * one.fraction, 0),
        said=said,
    )


def forecast(trial: Trial) -> Text:
    """What was expected, by the lead and by those who take part."""
    if trial.forecast is None:
        return say("Nobody said what they expect.")
    lead = say("The trial lead expects {change}.", change=relative(trial.forecast.relative_change))
    if trial.forecast.column is None:
        return lead
    asked = say(
        "Participants say what they expect in the column “{column}”, before they use AI.",
        column=trial.forecast.column,
    )
    return joined((lead, asked))


def policy(promise: Registration) -> Text:
    """The rules in force when it was promised."""
    if promise.policy_fingerprint is None:
        return say("Version {version}.", version=promise.policy)
    return say(
        "Version {version} (fingerprint {hash}).",
        version=promise.policy,
        hash=promise.policy_fingerprint[:16],
    )
