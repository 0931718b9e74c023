"""How well it was measured: model sentences 7 and 8, and what speaks for and against."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.analysis import Analysis
from htkeval.effect import Effect
from htkeval.evidence import Level
from htkeval.local_day import local_day
from htkeval.portfolio import TrialState
from htkeval.reporting.deviations import sentence
from htkeval.reporting.sentences import task
from htkeval.reporting.words import LEVEL_IN_SENTENCE, place
from htkeval.text import Text, say
from htkeval.trial import DesignKind, Trial

NO_FIGURE = say("How well it is measured cannot be told before there is a figure.")


@dataclass(frozen=True)
class Ground:
    """One thing that lifts or lowers how well it was measured."""

    sentence: Text
    """What."""
    lowers: bool
    """Whether it counts against."""


def reading(effect: Effect) -> Text:
    """Sentence 7: what the line in the chart means."""
    return say(
        "Every value on the line fits the measurements ({level:0.##} % confidence). Values outside "
        "are not impossible but fit badly.",
        level=100 * effect.level,
    )


def level_of(analysis: Analysis) -> Level | None:
    """How well it was measured; None where there is no figure that could be well measured: the
    method alone would read as a promise of one."""
    told = analysis.confirmatory is not None or analysis.evidence_level == "E0"
    return analysis.evidence_level if told else None


def measured(trial: Trial, level: Level | None) -> Text:
    """Sentence 8: the level in words, and the method in a few; a level as from `level_of`."""
    if level is None:
        return NO_FIGURE
    if level == "E0":
        return say("There are no measurements yet.")
    return say(
        "The measurement is {level} ({n} of 5): {method}.",
        level=LEVEL_IN_SENTENCE[level],
        n=place(level),
        method=method(trial),
    )


def method(trial: Trial) -> Text:
    """The method in a few words, as `a draw and a clock`."""
    return say("{comparison} and {source}", comparison=_comparison(trial), source=_source(trial))


def _comparison(trial: Trial) -> Text:
    if trial.design.randomised:
        return say("a draw")
    if trial.design.kind == "before_after":
        return say("before against after")
    if trial.design.kind == "interrupted_time_series":
        return say("the course over time")
    return say("a comparison without a draw")


def _source(trial: Trial) -> Text:
    if trial.primary.source == "timed":
        return say("a clock")
    if trial.primary.source == "system_log":
        return say("figures from a system")
    return say("the participants' own estimates")


def grounds(state: TrialState) -> tuple[Ground, ...]:
    """What speaks for the measurement and what against, in the order a reader asks."""
    trial = state.trial
    found = [_assignment(trial, state.analysis), _clock(trial), _promise(state)]
    judged = [m for m in trial.metrics if m.role == "guardrail" and m.kind != "duration"]
    if judged:
        blind = all(metric.blind for metric in judged)
        told = (
            say("Whoever judged the quality did not know who used AI.")
            if blind
            else say("Whoever judged the quality may have known who used AI.")
        )
        found.append(Ground(told, lowers=not blind))
    found += [Ground(sentence(one), lowers=one.grave) for one in state.deviations if one.decides]
    checks = state.analysis.checks if state.analysis else ()
    found += [
        Ground(check.message, lowers=True)
        for check in checks
        if check.name in COSTLY and check.passed is False
    ]
    return tuple(found)


COSTLY = ("missing", "covariates_known", "contamination", "as_registered")
"""Checks of what costs a level: where they fail it is lost."""


_DRAWN: dict[DesignKind, Text] = {
    "parallel": say("A draw decided who used AI."),
    "cluster": say("A draw decided which teams used AI."),
    "crossover": say("A draw decided in which order each person worked with and without AI."),
    "stepped_wedge": say("A draw decided when each team began with AI."),
}

_NOT_DRAWN: dict[DesignKind, Text] = {
    "before_after": say("The time before is compared with the time after; no draw was made."),
    "difference_in_differences": say(
        "Teams with AI are compared with teams without over the same time; no draw was made."
    ),
    "interrupted_time_series": say(
        "The course before is compared with the course after; no draw was made."
    ),
}


def _assignment(trial: Trial, analysis: Analysis | None) -> Ground:
    kind = trial.design.kind
    checks = analysis.checks if analysis else ()
    if any(one.name == "allocation" and one.passed is False for one in checks):
        return Ground(say("A draw was to decide, but it was not followed throughout."), lowers=True)
    if not trial.design.randomised:
        otherwise = say("Who used AI was not decided by a draw.")
        return Ground(_NOT_DRAWN.get(kind, otherwise), lowers=True)
    each = say("A draw for each {task} decided whether AI was used.", task=task(trial))
    return Ground(_DRAWN.get(kind, each), lowers=False)


def _clock(trial: Trial) -> Ground:
    source = trial.primary.source
    if source == "timed":
        return Ground(say("The time was taken with a clock, not estimated."), lowers=False)
    if source == "system_log":
        return Ground(say("The figures come from a system, not from memory."), lowers=False)
    if source == "banded":
        return Ground(say("The answers were given in broad steps, not as figures."), lowers=True)
    return Ground(say("The figures are the participants' own estimates."), lowers=True)


def _promise(state: TrialState) -> Ground:
    if state.registered_at is None:
        return Ground(say("The goal and the limits were not frozen beforehand."), lowers=True)
    day = local_day(state.registered_at)
    if state.registered_in_time:
        return Ground(
            say(
                "The goal and the limits were frozen on {day}, before the first task with AI.",
                day=day,
            ),
            lowers=False,
        )
    return Ground(
        say("The goal and the limits were frozen on {day}, after work with AI began.", day=day),
        lowers=True,
    )
