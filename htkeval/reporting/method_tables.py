"""The tables of the method section: the first place where a p-value may stand."""

from __future__ import annotations

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Sensitivity
from htkeval.portfolio import TrialState
from htkeval.reporting.numbers import comparable, factor, level, means, number, raw_means
from htkeval.reporting.sentences import as_text, listed, quoted
from htkeval.reporting.tables import Table
from htkeval.reporting.words import METHODS, PASSED, SCALES, check_name, model_name
from htkeval.text import Text, say
from htkeval.trial import Trial

DIGITS = 3


def effects(trial: Trial, analysis: Analysis) -> Table:
    """Every effect with its interval, p-value, method and numbers of tasks and clusters."""
    head = (
        say("Effect"),
        say("Estimate"),
        say("From"),
        say("To"),
        say("p"),
        say("Tasks"),
        say("Clusters"),
    )
    body = tuple(
        (
            _name(trial, effect),
            number(effect.estimate, DIGITS),
            number(effect.ci[0], DIGITS),
            number(effect.ci[1], DIGITS),
            p_value(effect.p_value),
            number(effect.baseline.tasks + effect.treatment.tasks, 0),
            say(
                "{without} without, {with_ai} with",
                without=effect.baseline.clusters,
                with_ai=effect.treatment.clusters,
            ),
        )
        for effect in analysis.effects
    )
    return Table(say("Effects"), head, body, figures=True)


def inference(trial: Trial, analysis: Analysis) -> Table:
    """Each effect by every method that could be computed; a ratio is on the log scale."""
    name, ends = say("Effect and method"), (say("From"), say("To"))
    head = (name, say("Estimate"), say("s.e."), say("df"), *ends, say("p"))
    body = []
    for effect in analysis.effects:
        for one in effect.inference:
            name = say(
                "{effect}: {method}", effect=_name(trial, effect), method=METHODS[one.method]
            )
            body.append(
                (
                    name,
                    number(one.estimate, DIGITS),
                    _maybe(one.se, DIGITS),
                    _maybe(one.df, 1),
                    number(one.ci[0], DIGITS),
                    number(one.ci[1], DIGITS),
                    p_value(one.p_value),
                )
            )
    return Table(say("The same by every method"), head, tuple(body), figures=True)


COMPARABLE = say(
    "Averages made comparable are those that the model gives where both arms have the same mix of "
    "everything else that the plan takes account of. They differ by exactly the estimate."
)
"""What the adjusted means on the page are."""


def averages(trial: Trial, analysis: Analysis) -> Table:
    """What was measured on average, and the same made comparable, where the groups are not small.

    No row where the two are the same.
    """
    head = (say("Average"), say("Without AI"), say("With AI"))
    body = []
    for metric in trial.metrics:
        effect = analysis.effect(metric.id, "difference")
        raw, made = (raw_means(effect), means(effect)) if effect else (None, None)
        fine = 4 if factor(metric) > 1 else 2
        if effect is None or raw is None or made is None or not comparable(effect, fine):
            continue
        names = (
            say("{label}, as measured", label=metric.label),
            say("{label}, made comparable", label=metric.label),
        )
        for name, seen in zip(names, (raw, made), strict=True):
            body.append((name, *(level(metric, value, 2) for value in seen)))
    return Table(say("Averages"), head, tuple(body), figures=True)


def sensitivity(trial: Trial, analysis: Analysis) -> Table:
    """Each effect as planned, then by every other way of calculating, and whether that turns it."""
    head = (say("Effect and way"), say("Estimate"), say("From"), say("To"), say("Turns it?"))
    body = []
    for effect in analysis.effects:
        others = _others(analysis, effect)
        if others:
            planned = (say("as planned"), effect.estimate, effect.ci, quoted("–"))
            told = [(model_name(s.model), s.estimate, s.ci, _yes(s.flips)) for s in others]
            for way, estimate, ci, turns in (planned, *told):
                name = say("{effect}: {method}", effect=_name(trial, effect), method=way)
                ends = (_maybe(value, DIGITS) for value in ci or (None, None))
                body.append((name, number(estimate, DIGITS), *ends, turns))
    return Table(say("Does it hold otherwise?"), head, tuple(body), figures=True)


def holds(analysis: Analysis) -> Text | None:
    """Sentence 24: how many other ways of calculating turn the conclusion; None without any."""
    effect = analysis.confirmatory
    others = _others(analysis, effect) if effect else ()
    if not others:
        return None
    turning = [model_name(one.model) for one in others if one.flips]
    if not turning and len(others) == 1:
        return say("The other way of calculating does not turn the conclusion.")
    if not turning:
        return say("None of the {n} other ways of calculating turns the conclusion.", n=len(others))
    if len(others) == 1:
        return say("The other way of calculating turns the conclusion: {which}.", which=turning[0])
    return say(
        "{k} of {n} other ways of calculating turn the conclusion: {which}.",
        k=len(turning),
        n=len(others),
        which=listed(turning),
    )


def _others(analysis: Analysis, effect: Effect) -> tuple[Sensitivity, ...]:
    return tuple(
        one
        for one in analysis.sensitivity
        if one.metric == effect.metric and one.scale == effect.scale
    )


def _yes(turns: bool) -> Text:
    return say("yes") if turns else say("no")


def checks(analysis: Analysis) -> Table:
    """What could spoil the conclusion, and whether it does."""
    head = (say("Check"), say("Result"), say("Explanation"))
    body = tuple(
        (as_text(check_name(check.name)), PASSED[check.passed], check.message)
        for check in analysis.checks
    )
    return Table(say("Checks"), head, body)


def gaps(trial: Trial, analysis: Analysis) -> Table:
    """What cannot be said, and why."""
    head = (say("Effect"), say("Why it cannot be told"))
    body = tuple(
        (_label(trial, gap.metric, SCALES[gap.scale]), gap.message) for gap in analysis.gaps
    )
    return Table(say("What cannot be told"), head, body)


def fingerprints(state: TrialState) -> Table:
    """What the figures rest on, down to the bytes."""
    analysis, advice = state.analysis, state.recommendation
    known = (
        (say("Registration"), state.registration),
        (say("Snapshot"), analysis.snapshot if analysis else state.snapshot),
        (say("Analysis"), state.analysis_fingerprint),
        (say("Program"), analysis.software if analysis else None),
        (say("Policy"), advice.policy if advice else None),
    )
    body = tuple((name, quoted(value)) for name, value in known if value)
    return Table(say("Fingerprints"), (say("What"), say("Fingerprint")), body)


def p_value(value: float) -> Text:
    """A p-value with four decimals; never nought."""
    return say("< {p}", p=number(0.0001, 4)) if value < 0.0001 else number(value, 4)


def _name(trial: Trial, effect: Effect) -> Text:
    scale = SCALES[effect.scale]
    if effect.confirmatory:
        scale = say("{scale}; the confirmatory test", scale=scale)
    return _label(trial, effect.metric, scale)


def _label(trial: Trial, metric: str, scale: Text) -> Text:
    label = next((m.label for m in trial.metrics if m.id == metric), metric)
    return say("{label}, {scale}", label=label, scale=scale)


def _maybe(value: float | None, decimals: int) -> Text:
    return quoted("–") if value is None else number(value, decimals)
