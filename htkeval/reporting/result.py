"""What it gave, in words: model sentences 1 to 6. Every figure is read from an effect."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.analysis import Analysis
from htkeval.effect import Effect
from htkeval.reporting.numbers import (
    change,
    comparable,
    digits,
    factor,
    level,
    means,
    number,
    per_cent,
)
from htkeval.reporting.sentences import quoted, task, tasks_first
from htkeval.text import Text, say
from htkeval.trial import Trial

LOOKS = ("look", "between_looks", "futility")
"""Checks that say where an analysis stands among the looks of its trial."""


@dataclass(frozen=True)
class Finding:
    """What a trial gave, shortest first."""

    headline: Text
    """The best estimate as a sentence."""
    uncertainty: Text
    """What else the measurements fit."""
    more: tuple[Text, ...] = ()
    """What has to be said beside it."""


def finding(trial: Trial, analysis: Analysis) -> Finding:
    """What did the trial give?"""
    effect, primary = analysis.confirmatory, trial.primary
    if effect is None:
        return _absence(trial, analysis)
    minutes = analysis.effect(primary.id, "difference")
    if primary.kind != "duration" or primary.better != "lower":
        return _other(trial, effect)
    if minutes is None:
        return _speed(trial, effect)
    given_up = next((c for c in analysis.checks if c.name == "unfinished" and not c.passed), None)
    more = _disagreement(effect, minutes)
    if given_up is not None:
        more = (*more, given_up.message)
    return Finding(*_time(trial, minutes), more=more)


def of_looks(analysis: Analysis) -> tuple[Text, ...]:
    """Which look this is and what was adjusted for it; that it is none; whether to go on."""
    return tuple(check.message for check in analysis.checks if check.name in LOOKS)


def _absence(trial: Trial, analysis: Analysis) -> Finding:
    """The reason why there is no effect, from its gap."""
    gap = next((gap for gap in analysis.gaps if gap.metric == trial.primary.id), None)
    reason = gap.message if gap else say("There are too few measurements.")
    return Finding(say("What it gave cannot be told yet."), reason)


def _time(trial: Trial, minutes: Effect) -> tuple[Text, Text]:
    """Sentences 1, 2 and 4: saved, perhaps saved, lost."""
    metric, (low, high) = trial.primary, minutes.benefit_ci
    shown = digits(minutes.estimate, low, high)

    def amount(value: float) -> Text:
        return change(metric, abs(value), shown)

    def figure(value: float) -> Text:
        return number(abs(value), shown)

    values = {"estimate": amount(minutes.estimate), "task": task(trial)}
    if high < 0:
        return (
            say("{estimate} saved per {task}.", **values),
            say(
                "The measurements fit anything between {low} and {high}.",
                low=figure(high),
                high=amount(low),
            ),
        )
    if low > 0:
        return (
            say(
                "{tasks} took longer with AI: {estimate} more per {task}.",
                tasks=tasks_first(trial),
                **values,
            ),
            say(
                "The measurements fit anything between {low} and {high}.",
                low=figure(low),
                high=amount(high),
            ),
        )
    headline = (
        say("Perhaps {estimate} saved per {task}.", **values)
        if minutes.estimate <= 0
        else say("Perhaps {estimate} lost per {task}.", **values)
    )
    return headline, say(
        "The measurements fit anything from {best} saved to {worst} lost.",
        best=amount(low),
        worst=amount(high),
    )


def in_per_cent(trial: Trial, effect: Effect) -> Text | None:
    """Sentence 5: how much faster, in per cent. None where there is no relative change."""
    values = per_cent(effect)
    if values is None or trial.primary.kind != "duration":
        return None
    estimate, low, high = values
    shown = digits(estimate, low, high)
    names = ("estimate", "low", "high")
    told = {
        name: number(abs(value), shown)
        for name, value in zip(names, (estimate, low, high), strict=True)
    }
    subject = tasks_first(trial)
    if high < 0:
        return say(
            "{tasks} were done {estimate} % faster. The uncertainty runs from {high} to {low} %.",
            tasks=subject,
            **told,
        )
    if low > 0:
        return say(
            "{tasks} took {estimate} % longer. The uncertainty runs from {low} to {high} %.",
            tasks=subject,
            **told,
        )
    return say(
        "In per cent the uncertainty runs from {low} % faster to {high} % slower.",
        low=told["low"],
        high=told["high"],
    )


def _speed(trial: Trial, effect: Effect) -> Finding:
    """Where there is no figure in minutes, the ratio is all there is."""
    sentence = in_per_cent(trial, effect) or say("What it gave cannot be told yet.")
    return Finding(sentence, say("How many minutes that is cannot be told."))


def _disagreement(effect: Effect, minutes: Effect) -> tuple[Text, ...]:
    """Sentence 6: the typical task became faster, the sum of minutes perhaps not."""
    if effect.benefit_ci[1] < 0 <= minutes.benefit_ci[1]:
        return (
            say(
                "The typical task became faster, but whether total minutes fell cannot be told. "
                "The budget follows the minutes."
            ),
        )
    return ()


def _other(trial: Trial, effect: Effect) -> Finding:
    """A primary metric that is not time: levels with and without, and the span of the change."""
    metric = trial.primary
    values = [value * factor(metric) for value in (effect.estimate, *effect.ci)]
    shown = digits(*values)
    label, seen = quoted(metric.label), means(effect)
    told = {"label": label, "change": change(metric, effect.estimate, shown, signed=True)}
    low, high = effect.benefit_ci
    if low <= 0 <= high:
        headline = say("{label}: perhaps a change of {change}.", **told)
    elif seen:
        headline = say(
            "{label}: {with_ai} with AI against {without} without.",
            label=label,
            with_ai=level(metric, seen[1], shown),
            without=level(metric, seen[0], shown),
        )
    else:
        headline = say("{label}: a change of {change}.", **told)
    return Finding(
        headline,
        say(
            "The difference may be anything from {low} to {high}.",
            low=number(values[1], shown, signed=True),
            high=change(metric, effect.ci[1], shown, signed=True),
        ),
    )


def short_of_goal(trial: Trial, effect: Effect) -> Text | None:
    """Sentence 3: even the favourable end of the uncertainty does not reach the goal."""
    values, goal = per_cent(effect), trial.primary.worthwhile
    if values is None or goal is None:
        return None
    best = values[1] if goal < 0 else values[2]
    wanted = 100 * goal
    if (best <= wanted if goal < 0 else best >= wanted) or best * goal <= 0:
        return None
    shown = digits(best, best - wanted)
    return say(
        "Even at the favourable end of the uncertainty ({best} %) the gain does not reach the "
        "{worthwhile} % set as the goal.",
        best=number(abs(best), shown),
        worthwhile=number(abs(wanted), shown if shown > 1 else int(wanted != round(wanted))),
    )


def average(trial: Trial, analysis: Analysis) -> Text | None:
    """What one task took on average, with the tool and without."""
    effect, metric = analysis.effect(trial.primary.id, "difference"), trial.primary
    seen = means(effect) if effect else None
    if effect is None or seen is None or metric.kind != "duration":
        return None
    told = {"with_ai": level(metric, seen[1], 1), "without": number(seen[0], 1)}
    if comparable(effect):
        return say(
            "On average, made comparable, one {task} took {with_ai} with AI and {without} without.",
            task=task(trial),
            **told,
        )
    return say(
        "On average one {task} took {with_ai} with AI and {without} without.",
        task=task(trial),
        **told,
    )
