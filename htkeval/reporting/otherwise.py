"""The same question otherwise: other models, bounds for what is unknown, groups apart."""

from __future__ import annotations

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Sensitivity, Subgroup
from htkeval.in_groups import told
from htkeval.reporting.method_tables import DIGITS, effect_name, ends, label, p_value
from htkeval.reporting.numbers import number
from htkeval.reporting.sentences import as_text, listed, quoted
from htkeval.reporting.tables import NOTHING, Table, group
from htkeval.reporting.words import (
    COMPARED_ONLY,
    COMPARISON_ONLY,
    SCALES,
    bounds_name,
    model_name,
)
from htkeval.text import Text, say
from htkeval.trial import Trial


def holds(analysis: Analysis) -> Text | None:
    """Sentence 24: how many other ways of calculating turn the conclusion; None without any."""
    effect = analysis.confirmatory
    found = _counted(others_of(analysis, effect)) if effect else ()
    if not found:
        return None
    turning = [model_name(one.model) for one in found if one.flips]
    if not turning and len(found) == 1:
        return say("The other way of calculating does not turn the conclusion.")
    if not turning:
        return say("None of the {n} other ways of calculating turns the conclusion.", n=len(found))
    if len(found) == 1:
        return say("The other way of calculating turns the conclusion: {which}.", which=turning[0])
    return say(
        "{k} of {n} other ways of calculating turn the conclusion: {which}.",
        k=len(turning),
        n=len(found),
        which=listed(turning),
    )


def confirmatory(trial: Trial, analysis: Analysis) -> Table:
    """The effect that decides as planned, then by every other way, and whether that turns it."""
    name = say("Does it hold otherwise?")
    effect = analysis.confirmatory
    return _table(analysis, effect, name) if effect else Table(name, _HEAD, ())


def rest(trial: Trial, analysis: Analysis) -> tuple[tuple[Text, Table], ...]:
    """For every other effect: whether it holds, in a sentence, and its table."""
    found = []
    for effect in analysis.effects:
        others = () if effect.confirmatory else _counted(others_of(analysis, effect))
        if others:
            name = effect_name(trial, effect)
            found.append((_summary(name, others), _table(analysis, effect, name)))
    return tuple(found)


_HEAD = (say("Way"), say("Estimate"), say("From"), say("To"), say("Turns it?"))


def _table(analysis: Analysis, effect: Effect, name: Text) -> Table:
    planned = (say("as planned"), number(effect.estimate, DIGITS), *ends(effect.ci), NOTHING)
    rows = [
        (_way(one), number(one.estimate, DIGITS), *ends(one.ci), _turns(one))
        for one in ordered(others_of(analysis, effect))
    ]
    return Table(name, _HEAD, (planned, *rows), figures=True)


def _way(one: Sensitivity) -> Text:
    """What a model is called; an exact test that has no interval says its p-value."""
    name = as_text(model_name(one.model))
    if one.ci is not None:
        return name
    return say("{name}, p {p}", name=name, p=p_value(one.p_value))


def _summary(name: Text, others: tuple[Sensitivity, ...]) -> Text:
    turning = [model_name(one.model) for one in others if one.flips]
    if len(others) == 1 and turning:
        return say("{effect}: the other way turns it ({which}).", effect=name, which=turning[0])
    if len(others) == 1:
        return say("{effect}: the other way does not turn it.", effect=name)
    if not turning:
        return say("{effect}: none of {n} other ways turns it.", effect=name, n=len(others))
    return say(
        "{effect}: {k} of {n} other ways turn it ({which}).",
        effect=name,
        k=len(turning),
        n=len(others),
        which=listed(turning),
    )


def others_of(analysis: Analysis, effect: Effect) -> tuple[Sensitivity, ...]:
    """The other models of an effect; proportional odds stand with the difference."""
    if effect.estimand != "effect":
        return ()
    scales = (effect.scale, "odds_ratio") if effect.scale == "difference" else (effect.scale,)
    return tuple(
        one for one in analysis.sensitivity if one.metric == effect.metric and one.scale in scales
    )


def _counted(others: tuple[Sensitivity, ...]) -> tuple[Sensitivity, ...]:
    """Those that may turn the conclusion: not what is shown for comparison only."""
    return tuple(one for one in others if one.model not in COMPARISON_ONLY)


def ordered(others: tuple[Sensitivity, ...]) -> list[Sensitivity]:
    """What counts first."""
    return sorted(others, key=lambda one: one.model in COMPARISON_ONLY)


def _turns(one: Sensitivity) -> Text:
    word = say("yes") if one.flips else say("no")
    return Text("({word})", {"word": word}) if one.model in COMPARISON_ONLY else word


def compared_only(analysis: Analysis) -> Text | None:
    """What the brackets in the tables mean; None where there are none."""
    some = any(one.model in COMPARISON_ONLY for one in analysis.sensitivity)
    return COMPARED_ONLY if some else None


BOUNDS = say(
    "Some values are missing, or known only as steps. Whatever they are, the difference lies "
    "between the limits; with the uncertainty of the known values it lies between the outer ones."
)
"""What the bounds are."""


def bounds(trial: Trial, analysis: Analysis) -> Table:
    """Between which figures each effect lies, whatever the values that nobody knows."""
    sides = (say("From"), say("To"), say("Outer, from"), say("Outer, to"))
    body = tuple(
        (
            say(
                "{effect}: {what}",
                effect=label(trial, one.metric, SCALES[one.scale]),
                what=as_text(bounds_name(one.model)),
            ),
            *ends((one.low, one.high)),
            *ends(one.ci),
        )
        for one in analysis.bounds
    )
    return Table(say("What is certain whatever is missing"), (say("Unknown"), *sides), body, True)


SUBGROUPS = say(
    "Groups are small, so their figures swing. The best guess draws each of them towards the "
    "effect of all by as much as the groups seem alike. Groups of fewer than five are not shown."
)
"""What the groups' figures are."""


def told_groups(analysis: Analysis) -> tuple[Subgroup, ...]:
    """The groups that may be told: none of fewer than five, none that gives another away."""
    return told(analysis.subgroups)


def subgroups(trial: Trial, analysis: Analysis) -> Table:
    """The effect by kind of task and effect modifier; never of fewer than five."""
    head = (say("Group"), say("Tasks"), say("Estimate"), say("From"), say("To"), say("Best guess"))
    shown = told_groups(analysis)
    body = tuple(
        (
            say("{column}: {value}", column=quoted(one.column), value=quoted(one.value)),
            group(one.tasks, people=False),
            number(one.estimate, DIGITS),
            *ends(one.ci),
            number(one.shrunken, DIGITS),
        )
        for one in shown
    )
    name = say("The effect by group")
    if body:
        first = shown[0]
        name = say("{effect}, by group", effect=label(trial, first.metric, SCALES[first.scale]))
    return Table(name, head, body, figures=True)
