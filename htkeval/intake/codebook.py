"""What each column of a trial's sheet is called for people, and what it decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from htkeval.intake.columns import Column, plan
from htkeval.intake.wording import allowed, unit_of
from htkeval.metric import Metric
from htkeval.text import Text, say
from htkeval.trial import Trial


@dataclass(frozen=True)
class Field:
    """One column as the codebook tells it."""

    column: Column
    """How it is read."""
    label: Text | str
    """What it is called for people."""
    unit: Text | str
    """Of its numbers; empty where it has none."""
    allowed: Text
    """What its cells may say."""
    decides: tuple[Text, ...]
    """What it is used for, most important first."""


def codebook(trial: Trial) -> tuple[Field, ...]:
    """Every column of a trial's sheet, in the order of `columns.plan`."""
    return tuple(_field(trial, column) for column in plan(trial))


def _field(trial: Trial, column: Column) -> Field:
    told = (*_as_key(trial, column.name), *_as_value(trial, column.name))
    label = told[0][0] if told else column.name
    uses = {str(use): use for _, use in told}  # each use once
    return Field(
        column=column,
        label=label,
        unit=unit_of(trial, column),
        allowed=allowed(trial, column),
        decides=tuple(uses.values()),
    )


Told = tuple[Text | str, Text]
"""A label, and what the column is used for."""


def _as_key(trial: Trial, name: str) -> Iterator[Told]:
    design = trial.design
    keys: tuple[tuple[str | None, Text, Text], ...] = (
        (design.arm, say("Arm"), say("which arm the task counts in")),
        (design.participant, say("Participant (pseudonym)"), say("whose tasks hang together")),
        (design.task, say("Task"), say("which task it is")),
        (design.team, say("Team"), say("whose tasks hang together")),
        (design.period, say("Period"), say("when in the plan the task was done")),
        (design.sequence, say("Order or start"), say("what was drawn for the person or team")),
        (design.task_type, say("Kind of task"), say("which tasks are alike")),
        (design.date, say("Day of the task"), say("when the task was done")),
        (design.status, say("Was it finished?"), say("how an unfinished task counts")),
        (design.realised_arm, say("How it was in fact done"),
         say("whether people did as they were told")),
    )  # fmt: skip
    yield from ((label, use) for key, label, use in keys if key == name)
    if name in design.strata:
        yield name, say("within what lots are drawn")


def _as_value(trial: Trial, name: str) -> Iterator[Told]:
    for metric in trial.metrics:
        yield from _in_metric(metric, name)
    if name in (one.column for one in trial.covariates):
        label = next(one.label for one in trial.covariates if one.column == name)
        yield label or name, say("it explains part of the differences between tasks")
    for stop in trial.hard_stops:
        if stop.column == name:
            yield stop.text, say("if it happens once, the trial stops")
    if trial.forecast and trial.forecast.column == name:
        yield say("What you expect"), say("the forecast before the trial")
    for exclusion in trial.exclusions:
        if exclusion.parts[0] == name:
            yield name, say("rows that do not count: {rule}", rule=exclusion.rule)
    if name in trial.analysis.effect_modifiers:
        yield name, say("the effect is also shown by it")
    for one in trial.also:
        if one.column == name:
            yield one.label, _MEANS[one.means]


def _in_metric(metric: Metric, name: str) -> Iterator[Told]:
    label = metric.label
    if name in metric.parts:
        several = len(metric.parts) > 1
        told = say("{label}: {part}", label=label, part=name) if several else label
        if metric.exposure and not several:
            told = say("{label}: how many", label=label)  # the sheet has the count, not the rate
        yield told, _ROLES[metric.role]
    if metric.bounds and name in metric.bounds:
        low = name == metric.bounds[0]
        yield (
            say("{label}: at least", label=label) if low else say("{label}: at most", label=label),
            _ROLES[metric.role],
        )
    if name == metric.exposure:
        told = (
            say("{label}: the number it is divided by ({part})", label=label, part=name)
            if metric.kind == "rate"  # errors are not so many out of the words
            else say("{label}: out of how many ({part})", label=label, part=name)
        )
        yield told, say("what {label} is divided by", label=label)
    if name == metric.rater:
        yield say("Who rated (pseudonym)"), say("who rated {label}", label=label)
    if name == metric.pre_period:
        yield say("{label}, before the trial", label=label), _BEFORE


_ROLES = {
    "primary": say("the trial is decided on it"),
    "guardrail": say("it must not get worse"),
    "secondary": say("it is shown beside the result"),
}
_BEFORE = say("it explains part of the differences between people or teams")


_MEANS = {
    "checking": say("time that checking what the tool made takes; it is taken off the saving"),
    "correcting": say("time that correcting what the tool made takes; it is taken off the saving"),
    "error_class": say("which errors were made; no test uses it"),
    "only_because": say(
        "work that would not have been done without the tool; taken off the saving"
    ),
    "belief": say("what you believe afterwards; shown beside what was measured"),
}


def headed(field: Field) -> Text | str:
    """A column's label with its unit, as it stands above the column."""
    if not field.unit:
        return field.label
    return say("{label} ({unit})", label=field.label, unit=field.unit)
