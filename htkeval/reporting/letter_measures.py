"""What the letters say of each thing that is measured."""

from __future__ import annotations

from functools import reduce

from htkeval.metric import Metric
from htkeval.reporting.letter import Points
from htkeval.reporting.numbers import change, digits, factor, number
from htkeval.text import Text, say
from htkeval.trial import Trial

SOURCES: dict[str | None, Text] = {
    "timed": say("It is measured by the clock."),
    "system_log": say("It is read from a system's own log."),
    "self_reported": say("It is what the employee says it took."),
    "banded": say("It is what the employee says it took, as from-to."),
    None: say("It is what the employee says it took."),
}
"""How minutes come to be; not stated counts as said by the employee."""

JUDGED: dict[bool, Text] = {
    True: say("It is judged by somebody who does not know which way was used."),
    False: say("It is judged by somebody else."),
}
"""By whom, where somebody judges; by whether they know the arm."""

RISES = say("It may rise by {size} at most, or time saved does not count.")
FALLS = say("It may fall by {size} at most, or time saved does not count.")


def measured(trial: Trial) -> Points:
    """Each metric: how it is measured and what it decides."""
    return Points(tuple(_measure(metric) for metric in trial.metrics))


def _measure(metric: Metric) -> Text:
    how = [SOURCES[metric.source]] if metric.kind == "duration" else []
    if metric.rater or metric.blind:
        how.append(JUDGED[metric.blind])
    return say("{label}. {told}", label=metric.label, told=_joined([*how, *_role(metric)]))


def _joined(sentences: list[Text]) -> Text:
    """Sentences one after another."""
    return reduce(lambda a, b: say("{a} {b}", a=a, b=b), sentences)


def _role(metric: Metric) -> list[Text]:
    if metric.role == "primary":
        found = [say("This is what the trial is decided on.")]
        if metric.worthwhile is not None:
            least = figure(100 * abs(metric.worthwhile))
            found.append(say("The smallest gain worth having is {least} %.", least=least))
        return found
    if metric.role == "secondary":
        return [say("This is measured as well.")]
    if metric.margin is None:
        return [say("This must not become worse.")]
    size = change(metric, metric.margin, _decimals(metric.margin * factor(metric)))
    limit = RISES if metric.better == "lower" else FALLS
    return [Text(limit.template, {"size": size})]


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else digits(value)


def figure(value: float) -> Text:
    """A number with the decimals that it needs."""
    shown = round(value, 6)  # 100 × 0.15 is 15, whatever the machine thinks
    return number(shown, _decimals(shown))


def written_down(trial: Trial) -> Text:
    """What else stands on each row of the sheet."""
    design = trial.design
    told = {
        design.participant: say("the participant's number"),
        design.team: say("the unit's number"),
        design.task: say("the task's number"),
        design.task_type: say("the kind of task"),
        design.period: say("the period"),
        design.date: say("the day"),
        design.status: say("whether the task was done, given up or declined"),
        design.realised_arm: say("which way it was in fact done"),
    }
    known = tuple(text for column, text in told.items() if column)
    names = ", ".join(dict.fromkeys((*design.key_columns, *trial.value_columns)))
    return say(
        "For each task this is noted too: {known}. The sheet's columns are called: {names}.",
        known=known,
        names=names,
    )
