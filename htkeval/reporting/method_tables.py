"""The tables of the method section: the first place where a p-value may stand."""

from __future__ import annotations

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Inference
from htkeval.portfolio import TrialState
from htkeval.reporting.numbers import comparable, factor, level, means, number, raw_means
from htkeval.reporting.sentences import as_text, quoted
from htkeval.reporting.tables import NOTHING, Table, group
from htkeval.reporting.words import ESTIMANDS, METHODS, SCALES, SERIES, check_name, outcome
from htkeval.text import Text, say
from htkeval.trial import Trial

DIGITS = 3


def effects(trial: Trial, analysis: Analysis) -> Table:
    """Every effect with its interval, p-value, method and numbers of tasks and clusters."""
    holm = any(effect.p_adjusted is not None for effect in analysis.effects)
    head = [say("Effect"), say("Estimate"), say("From"), say("To"), say("p")]
    head += [say("p (Holm)")] if holm else []
    body = tuple(
        (
            effect_name(trial, effect),
            number(effect.estimate, DIGITS),
            *ends(effect.ci),
            p_value(effect.p_value),
            *([_p_adjusted(effect)] if holm else []),
            group(effect.tasks, people=True),
            _sizes(trial, effect),
        )
        for effect in analysis.effects
    )
    head += [say("Tasks"), say("Teams") if _by_team(trial) else say("Staff")]
    return Table(say("Effects"), tuple(head), body, figures=True)


def _p_adjusted(effect: Effect) -> Text:
    return NOTHING if effect.p_adjusted is None else p_value(effect.p_adjusted)


def _by_team(trial: Trial) -> bool:
    return trial.cluster_column == trial.design.team


def _sizes(trial: Trial, effect: Effect) -> Text:
    """How many without and with; a group of few people is not told apart."""
    people = not _by_team(trial)
    without, with_ai = (
        group(arm.clusters, people=people) for arm in (effect.baseline, effect.treatment)
    )
    return say("{without} without, {with_ai} with", without=without, with_ai=with_ai)


def inference(trial: Trial, analysis: Analysis) -> Table:
    """Each effect by every method that could be computed; a ratio is on the log scale."""
    name, sides = say("Effect and method"), (say("From"), say("To"))
    head = (name, say("Estimate"), say("s.e."), say("df"), *sides, say("p"))
    body = []
    for effect in analysis.effects:
        for one in effect.inference:
            name = say(
                "{effect}: {method}",
                effect=_on_log(trial, effect),
                method=_method(trial, one),
            )
            body.append(
                (
                    name,
                    number(one.estimate, DIGITS),
                    _maybe(one.se, DIGITS),
                    _maybe(one.df, 1),
                    *ends(one.ci),
                    p_value(one.p_value),
                )
            )
    return Table(say("The same by every method"), head, tuple(body), figures=True)


def _on_log(trial: Trial, effect: Effect) -> Text:
    """An effect's name; of a ratio that its figures are logarithms."""
    name = effect_name(trial, effect)
    return say("{effect}; logarithm", effect=name) if effect.scale == "ratio" else name


def _method(trial: Trial, one: Inference) -> Text:
    """A method's name; for the draw repeated, how often."""
    if trial.design.kind == "interrupted_time_series" and one.method == "reml":
        return SERIES
    name = METHODS[one.method]
    if one.draws is None:
        return name
    if one.exact:
        return say("{method}, all {n:#,##0} outcomes", method=name, n=one.draws)
    return say("{method}, {n:#,##0} draws", method=name, n=one.draws)


COMPARABLE = say(
    "Averages made comparable are those that the model gives where both arms have the same mix of "
    "everything else that the plan takes account of. They differ by exactly the estimate."
)
"""What the adjusted means on the page are."""


def averages(trial: Trial, analysis: Analysis) -> Table:
    """What was measured on average, and the same made comparable, where the groups are not small.

    No row where the two are the same. With one decimal, as the page has them: what one person
    adds to an average is not to be had from two analyses, with and without him.
    """
    head = (say("Average"), say("Without AI"), say("With AI"))
    body = []
    for metric in trial.metrics:
        effect = analysis.effect(metric.id, "difference")
        raw, made = (raw_means(effect), means(effect)) if effect else (None, None)
        fine = 3 if factor(metric) > 1 else 1
        if effect is None or raw is None or made is None or not comparable(effect, fine):
            continue
        names = (
            say("{label}, as measured", label=metric.label),
            say("{label}, made comparable", label=metric.label),
        )
        for name, seen in zip(names, (raw, made), strict=True):
            body.append((name, *(level(metric, value, 1) for value in seen)))
    return Table(say("Averages"), head, tuple(body), figures=True)


def checks(analysis: Analysis) -> Table:
    """What could spoil the conclusion, and whether it does."""
    head = (say("Check"), say("Result"), say("Explanation"))
    body = tuple(
        (as_text(check_name(check.name)), outcome(check), check.message)
        for check in analysis.checks
    )
    return Table(say("Checks"), head, body)


def gaps(trial: Trial, analysis: Analysis) -> Table:
    """What cannot be said, and why."""
    head = (say("Effect"), say("Why it cannot be told"))
    body = tuple(
        (label(trial, gap.metric, SCALES[gap.scale]), gap.message) for gap in analysis.gaps
    )
    return Table(say("What cannot be told"), head, body)


def fingerprints(state: TrialState) -> Table:
    """What the figures rest on, down to the bytes."""
    analysis, advice = state.analysis, state.recommendation
    changed = next((one.fingerprint for one in reversed(state.deviations) if one.fingerprint), None)
    known = (
        (say("Registration"), state.registration),
        (say("The promise as changed"), changed),
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


def effect_name(trial: Trial, effect: Effect, *, confirmatory: bool = True) -> Text:
    """A metric's label with the scale, which average it is, and whether it decides."""
    scale = SCALES[effect.scale]
    if effect.estimand != "effect":
        which = ESTIMANDS[effect.estimand]
        scale = say("{scale}; {which}", scale=scale, which=which)
    if effect.confirmatory and confirmatory:
        scale = say("{scale}; the confirmatory test", scale=scale)
    return label(trial, effect.metric, scale)


def label(trial: Trial, metric: str, scale: Text) -> Text:
    """A metric's label with a scale."""
    name = next((m.label for m in trial.metrics if m.id == metric), metric)
    return say("{label}, {scale}", label=name, scale=scale)


def ends(ci: tuple[float, float] | None, decimals: int = DIGITS) -> tuple[Text, Text]:
    """Both ends of an interval; dashes where there is none."""
    if ci is None:
        return NOTHING, NOTHING
    return number(ci[0], decimals), number(ci[1], decimals)


def _maybe(value: float | None, decimals: int) -> Text:
    return NOTHING if value is None else number(value, decimals)
