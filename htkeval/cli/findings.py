"""An analysis on a screen of text: what moved, by other models, within which bounds, by group.

What is in order is told in few words; every figure stands in `--format json`.
"""

from __future__ import annotations

from htkeval.analysis import Analysis, Forecasts
from htkeval.cli.otherwise import print_sensitivity
from htkeval.cli.output import line, paragraph, print_table, simulated_banner
from htkeval.effect import Bounds, Check, Effect, Gap, Subgroup
from htkeval.reporting.labels import AVERAGED, METHODS, SCALES
from htkeval.reporting.numbers import number
from htkeval.reporting.promise import relative
from htkeval.reporting.sentences import joined
from htkeval.reporting.tables import group
from htkeval.reporting.words import bounds_name, check_name, outcome
from htkeval.text import Text, say

Cell = Text | str


def print_analysis(found: Analysis) -> None:
    """The whole analysis, the answer first."""
    if found.simulated:
        line(simulated_banner())
    values = {"trial": found.trial, "n": found.rows, "level": found.evidence_level}
    line(say("{trial}: {n:#,##0} rows, evidence level {level}.", **values))
    line(say("snapshot {hash}", hash=found.snapshot))
    _effects(found.effects)
    for gap in found.gaps:
        scale = _scale(gap)
        paragraph(
            say("no {scale} of {metric}: {why}", scale=scale, metric=gap.metric, why=gap.message)
        )
    if found.forecasts:
        paragraph(expectation(found.forecasts))
    print_sensitivity(found)
    if found.bounds:
        headers = [say("Bounds for the effect"), say("Metric"), say("Lies between")]
        print_table([*headers, say("With uncertainty")], [_bounds_row(b) for b in found.bounds])
    if found.subgroups:
        _subgroups(found.subgroups)
    _checks(found.checks)


def expectation(told: Forecasts) -> Text:
    """What was expected before, to be read beside what was measured."""
    lead = say("Expected before by the trial lead: {change}.", change=relative(told.lead))
    if told.participants is None or told.people is None:
        return lead
    asked = say(
        "By {n:#,##0} participants: {change}.", n=told.people, change=relative(told.participants)
    )
    return joined([lead, asked])


def _effects(effects: tuple[Effect, ...]) -> None:
    if not effects:
        return
    adjusted = any(effect.p_adjusted is not None for effect in effects)
    headers: list[Cell] = [say("Metric"), say("Scale"), say("Without AI"), say("With AI")]
    headers += [
        say("Effect"),
        say("Interval ({level:0.##} %)", level=100 * _plain_level(effects)),
        say("p"),
    ]
    headers += [say("p (Holm)")] if adjusted else []
    rows = [_effect_row(effect, adjusted=adjusted) for effect in effects]
    print_table([*headers, say("Method")], rows)
    paragraph(say("* decides. Means are as measured; effects are adjusted as the design says."))
    for note in _notes(effects):
        paragraph(note)


def _plain_level(effects: tuple[Effect, ...]) -> float:
    """The plan's level; where all figures are those of a look, theirs."""
    return next((effect.level for effect in effects if effect.look is None), effects[0].level)


def _effect_row(effect: Effect, *, adjusted: bool) -> list[Cell]:
    digits = decimals(effect.scale, effect.ci) if effect.scale == "difference" else 2
    return [
        f"{effect.metric} *" if effect.confirmatory else effect.metric,
        _scale(effect, unit=effect.unit),
        *(
            "–" if arm.mean is None else number(arm.mean, digits)
            for arm in (effect.baseline, effect.treatment)
        ),
        *_figures(effect.scale, effect.estimate, effect.ci),
        _p(effect.p_value),
        *([_p(effect.p_adjusted)] if adjusted else []),
        METHODS.get(effect.method, effect.method),
    ]


def _scale(one: Effect | Gap, *, unit: str | None = None) -> Text:
    """What the figure is: a ratio, a difference in its unit, a chance; which average of two."""
    scale = SCALES[one.scale]
    if one.scale == "difference" and unit is not None:
        scale = say("{scale}, {unit}", scale=scale, unit=unit)
    averaged = one.estimand == "exposure_average"
    return say("{scale} ({which})", scale=scale, which=AVERAGED) if averaged else scale


def _notes(effects: tuple[Effect, ...]) -> list[Text]:
    """What the table has no room for, a sentence each."""
    found = [_at_look(one) for one in effects if one.look and one.confirmatory]
    if any(effect.method == "always_valid" for effect in effects):
        found.append(
            say("Between looks: the interval holds however often one looks. Nothing is decided.")
        )
    if any(effect.estimand == "exposure_average" for effect in effects):
        found.append(
            say(
                "By length of use: the average of the effects after one, two, three … periods "
                "with AI, each counted alike."
            )
        )
    if any(effect.scale == "probability" for effect in effects):
        found.append(
            say(
                "Probability: how often one with AI lies above one without, ties counted half; "
                "0.5 is no difference."
            )
        )
    if _other_tasks(effects):
        found.append(
            say(
                "In the difference tasks that were given up count as the cap, and none for more; "
                "the ratio knows finished tasks only. So the two can point in different "
                "directions."
            )
        )
    drawn = next((o for e in effects for o in e.inference if o.method == "rerandomisation"), None)
    if drawn and drawn.draws and any(e.method == "rerandomisation" for e in effects):
        found.append(
            say(
                "Re-randomisation: in how many of all {n:#,##0} ways the draw can fall chance "
                "alone gives an effect at least as clear. Clear is the effect over its standard "
                "error.",
                n=drawn.draws,
            )
            if drawn.exact
            else say(
                "Re-randomisation: the draw was repeated {n:#,##0} times to see how often chance "
                "alone gives an effect at least as clear. Clear is the effect over its standard "
                "error.",
                n=drawn.draws,
            )
        )
    alike = [e for e in effects if e.icc is not None and e.estimand == "effect"]
    told = {e.metric: e for e in sorted(alike, key=lambda one: one.confirmatory)}
    if told:
        found.append(
            say(
                "How alike tasks of one participant or team are (ICC): {figures}.",
                figures=tuple(_alike(e.metric, e.icc, e.icc_ci) for e in told.values()),
            )
        )
    periods = tuple(
        _alike(e.metric, e.cluster_autocorrelation, e.cluster_autocorrelation_ci)
        for e in told.values()
        if e.cluster_autocorrelation is not None
    )
    if periods:
        found.append(
            say(
                "How alike two periods of one team are, where the same period is 1: {figures}.",
                figures=periods,
            )
        )
    return found


def _at_look(effect: Effect) -> Text:
    """Which look this is, what its limit is, and how wide the interval is for it."""
    look = effect.look or {}
    nominal = look["nominal_level"]
    return say(
        "{metric}: look {k} of {n}. The limit today is p ≤ {limit}; the interval is one of "
        "{level} %, so that all looks together are as sure as one would be.",
        metric=effect.metric,
        k=look["k"],
        n=look["of"],
        limit=number(nominal, 3 if nominal >= 0.001 else 6),
        level=number(100 * effect.level, 2 if nominal >= 0.001 else 4),
    )


def _other_tasks(effects: tuple[Effect, ...]) -> bool:
    """Whether a metric's difference rests on more tasks than its ratio."""
    tasks = {(e.metric, e.scale): e.tasks for e in effects if e.tasks is not None}
    return any(
        scale == "ratio" and n < tasks.get((metric, "difference"), 0)
        for (metric, scale), n in tasks.items()
    )


def _alike(metric: str, value: float | None, ends: tuple[float, float] | None) -> Text:
    shown = number(value or 0.0, 2)
    if ends is None:
        return say("{metric} {value}", metric=metric, value=shown)
    low, high = (number(end, 2) for end in ends)
    return say("{metric} {value} ({low} to {high})", metric=metric, value=shown, low=low, high=high)


def _bounds_row(one: Bounds) -> list[Cell]:
    digits = decimals(one.scale, one.ci)
    between, sure = (_span(pair, digits) for pair in ((one.low, one.high), one.ci))
    return [bounds_name(one.model), one.metric, between, sure]


def _subgroups(groups: tuple[Subgroup, ...]) -> None:
    headers = [say("{metric} by group", metric=groups[0].metric), say("Tasks")]
    headers += [say("People or teams"), say("{scale}, interval", scale=SCALES[groups[0].scale])]
    rows: list[list[Cell]] = [
        [
            f"{one.column}: {one.value}",
            group(one.tasks, people=False),
            group(one.clusters, people=True),
            say(
                "{estimate} ({ends})",
                estimate=number(one.estimate, decimals(one.scale, one.ci)),
                ends=_span(one.ci, decimals(one.scale, one.ci)),
            ),
            number(one.shrunken, decimals(one.scale, one.ci)),
        ]
        for one in groups
    ]
    print_table([*headers, say("Best guess")], rows)
    paragraph(
        say(
            "Best guess: drawn towards the common effect by as much as the groups seem alike. "
            "Groups of fewer than five are not shown."
        )
    )


def _checks(checks: tuple[Check, ...]) -> None:
    """What is not in order first, in whole sentences; what is, by name."""
    told = sorted(
        (check for check in checks if not check.passed), key=lambda one: one.passed is None
    )
    if told:
        headers: list[Cell] = [say("Check"), "", say("What it says")]
        print_table(headers, [_check_row(check) for check in told])
    fine = tuple(
        name if isinstance(name, Text) else Text("{n}", {"n": name})
        for name in (check_name(check.name) for check in checks if check.passed)
    )
    if fine:
        paragraph(
            say(
                "In order ({n} of {all} checks; --format json tells each): {names}.",
                n=len(fine),
                all=len(checks),
                names=fine,
            )
        )


def _check_row(check: Check) -> list[Cell]:
    return [check_name(check.name), outcome(check).word, check.message]


def decimals(scale: str, ci: tuple[float, float]) -> int:
    """A ratio has three; a difference two, or three where all of it is less than one."""
    return 2 if scale == "difference" and max(map(abs, ci)) >= 1 else 3


def _figures(scale: str, estimate: float, ci: tuple[float, float]) -> list[Cell]:
    digits = decimals(scale, ci)
    return [number(estimate, digits), _span(ci, digits)]


def _span(ends: tuple[float, float], digits: int) -> Text:
    low, high = (number(end, digits) for end in ends)
    return say("{low} to {high}", low=low, high=high)


def _p(value: float | None) -> Cell:
    if value is None:
        return "–"
    return say("{p:0.000}", p=value) if value >= 0.001 else say("< 0.001")
