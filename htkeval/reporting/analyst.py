"""What the analyst reads: promise and data, every effect, groups, and how to get the same again."""

from __future__ import annotations

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Subgroup
from htkeval.in_groups import InGroups
from htkeval.local_day import local_day
from htkeval.metric import Metric, Role
from htkeval.portfolio import TrialState
from htkeval.reporting import ways
from htkeval.reporting.charts import Drawable
from htkeval.reporting.course import course
from htkeval.reporting.designs import DESIGNS
from htkeval.reporting.lines import distribution, left_over, pairs
from htkeval.reporting.method_tables import p_value
from htkeval.reporting.numbers import digits, factor, level, means, number
from htkeval.reporting.otherwise import told_groups
from htkeval.reporting.sentences import day_text, quoted
from htkeval.reporting.tables import NOTHING, Table
from htkeval.reporting.ways import Ways
from htkeval.reporting.words import COMPARISON_ONLY
from htkeval.text import Text, say
from htkeval.trial import Trial

ROLES: dict[Role, Text] = {
    "primary": say("primary"),
    "guardrail": say("guardrail"),
    "secondary": say("secondary"),
}
SCALE_WORDS = {
    "ratio": say("ratio"),
    "difference": say("difference"),
    "probability": say("probability"),
}
NOT_YET = say("The trial is not analysed yet, so nothing of its rows is shown.")
BETWEEN = say(
    "Nothing of the rows is shown between looks: whoever could follow them would find by chance "
    "what is not there. How far the trial is stands on its page."
)
MORE_CAME = say(
    "More measurements, or a deviation, came in after this was worked out. They do not count yet."
)
METHODS_MEAN = say(
    "The first row decides. The others answer the same question by other methods that take "
    "account of whose tasks they are; where they agree, the method does not carry the result."
)
TURN_MEANS = say(
    "An open diamond and yes: this way of calculating turns the conclusion. Brackets: for "
    "comparison only."
)
ADJUSTED = say(
    "The averages are made comparable: those that the model gives where both arms have the same "
    "mix of everything else that the plan takes account of."
)
GEOMETRIC = say(
    "Beside a ratio stand geometric means: what the typical task takes. They lie below the average."
)
ONE_LOOK = say("The plan has one look, at the end, so nobody could choose when to stop.")
COURSE_MEANS = say(
    "Blue area: an interval that holds at all moments at once. Short strokes: the limits at the "
    "planned looks. An open point: the limit was not passed."
)
NO_LOOK = say("No look has been taken yet.")
NO_KINDS = say("The plan names no kinds of task, or none that can be told apart.")
CURVE_MEANS = say(
    "Between any two points of a line lie tasks of five people or more, and shares are rounded. "
    "No single person can be read from it."
)
PAIRS_MEAN = say(
    "People are put together in groups of five or more, by what each did on average both with and "
    "without AI, so that chance alone makes no line fall."
)
GROUPS_MEAN = say(
    "Dot: the best guess, drawn towards all groups by as much as they seem alike. Line and short "
    "stroke: the group's own figures. Groups of fewer than five people in either way of working "
    "are not shown, nor groups that would give them away."
)
LEFT_OVER_MEANS = say(
    "Each point is the mean over tasks of five people or more. Far from the slanting line at the "
    "ends: single tasks weigh much, and the repeated draw is to be trusted more than the others."
)
SAME_AGAIN = say("These lines give exactly the figures above, from the frozen rows.")


def promised(state: TrialState) -> tuple[tuple[Text, tuple[Text, ...]], ...]:
    """What was promised and on which data: heading, and lines under it."""
    analysis = state.analysis
    when = day_text(local_day(state.registered_at)) if state.registered_at else None
    promise = [short(state.registration)] if state.registration else [say("none")]
    data = analysis.snapshot if analysis else state.snapshot
    rows = [short(data)] if data else [say("none yet")]
    if analysis:
        rows.append(say("{n:#,##0} rows", n=analysis.rows))
    return (
        (say("Design"), (DESIGNS[state.trial.design.kind],)),
        (say("Locked promise"), (*promise, *([when] if when else []))),
        (say("Data set"), tuple(rows)),
    )


def short(fingerprint: str) -> Text:
    """The first eight digits of a fingerprint, in two groups."""
    return quoted(f"{fingerprint[:4]} {fingerprint[4:8]}")


def effects(trial: Trial, analysis: Analysis) -> Table:
    """Every effect: its role, both means, interval and p."""
    levels = {round(one.level, 6) for one in analysis.effects}
    name = say("Effect [interval]")
    if len(levels) == 1:
        name = say("Effect [{level} %]", level=_level(levels.pop()))
    holm = any(one.p_adjusted is not None for one in analysis.effects)
    head = [say("Metric"), say("Role"), say("Scale"), say("Without AI"), say("With AI"), name]
    head += [say("p"), *([say("p (Holm)")] if holm else [])]
    body = []
    for one in analysis.effects:
        metric = next((m for m in trial.metrics if m.id == one.metric), None)
        if metric is None:
            continue
        adjusted = NOTHING if one.p_adjusted is None else p_value(one.p_adjusted)
        body.append(
            (
                quoted(metric.label),
                _role(metric, one),
                SCALE_WORDS[one.scale],
                *_means(metric, one),
                _figure(metric, one),
                p_value(one.p_value),
                *([adjusted] if holm else []),
            )
        )
    felt = analysis.forecasts.participants if analysis.forecasts else None
    if felt is not None:
        told = say("{n} %, no test", n=number(100 * felt, 0, signed=True))
        body.append(
            (
                say("What participants expected"),
                say("felt"),
                NOTHING,
                NOTHING,
                NOTHING,
                told,
                NOTHING,
                *([NOTHING] if holm else []),
            )
        )
    return Table(say("Effects"), tuple(head), tuple(body), figures=True)


def _level(value: float) -> Text:
    shown = 100 * value
    return number(shown, 0 if abs(shown - round(shown)) < 1e-6 else 2)


def _role(metric: Metric, effect: Effect) -> Text:
    if effect.confirmatory:
        return say("primary, confirmatory")
    if metric.role == "guardrail" and metric.margin is not None:
        return say("guardrail, limit {limit}", limit=_limit(metric))
    return ROLES[metric.role]


def _limit(metric: Metric) -> Text:
    sign = 1.0 if metric.better == "lower" else -1.0
    value = sign * (metric.margin or 0.0) * factor(metric)
    return number(value, digits(value), signed=True)


def _means(metric: Metric, effect: Effect) -> tuple[Text, Text]:
    seen = means(effect) if effect.scale != "probability" else None
    if seen is None:
        return say("not told"), say("not told")
    without, with_ai = (level(metric, value, 1) for value in seen)
    return without, with_ai


def _figure(metric: Metric, effect: Effect) -> Text:
    if effect.scale != "difference":
        shown = {"estimate": effect.estimate, "low": effect.ci[0], "high": effect.ci[1]}
        return Text(
            "{estimate} [{low}; {high}]", {name: number(value, 2) for name, value in shown.items()}
        )
    values = [value * factor(metric) for value in (effect.estimate, *effect.ci)]
    decimals = max(1, digits(*values))
    estimate, low, high = (number(value, decimals, signed=True) for value in values)
    return Text("{estimate} [{low}; {high}]", {"estimate": estimate, "low": low, "high": high})


def unlike(analysis: Analysis) -> Text | None:
    """How alike tasks of one person or team are."""
    main = analysis.confirmatory
    if main is None or main.icc is None:
        return None
    icc = number(main.icc, 2)
    if main.icc_ci is None:
        return say("Intraclass correlation (ICC) {icc}.", icc=icc)
    low, high = (number(end, 2) for end in main.icc_ci)
    return say(
        "Intraclass correlation (ICC) {icc}, between {low} and {high}.", icc=icc, low=low, high=high
    )


def turned(analysis: Analysis) -> bool:
    """Whether a way that counts turns the conclusion."""
    return any(one.flips and one.model not in COMPARISON_ONLY for one in analysis.sensitivity)


def of_kind(trial: Trial, analysis: Analysis) -> Ways | None:
    """The effect by kind of task and effect modifier."""
    return ways.by_group(trial, told_groups(analysis), _kind, say("Group"))


def _kind(one: Subgroup) -> Text:
    return say("{column}: {value}", column=quoted(one.column), value=quoted(one.value))


def of_weeks(trial: Trial, found: InGroups) -> Ways | None:
    """The effect by week of the trial."""
    return ways.by_group(trial, found.weeks, _week, say("Weeks of the trial"))


def _week(one: Subgroup) -> Text:
    if one.value == "?":
        return say("Without a day")
    first, _, last = one.value.partition("-")
    if not last:
        return say("Week {n}", n=first)
    return say("Weeks {first} to {last}", first=first, last=last)


def of_teams(trial: Trial, found: InGroups) -> Ways | None:
    """The effect by team."""
    return ways.by_group(trial, found.teams, lambda one: quoted(one.value), say("Team"))


def pictures(trial: Trial, analysis: Analysis, found: InGroups | None) -> dict[str, Drawable]:
    """By name every picture there is, as they stand on the pages."""
    made: dict[str, Drawable | None] = {
        "methods": ways.methods(trial, analysis),
        "sensitivity": ways.sensitivity(trial, analysis),
        "kinds": of_kind(trial, analysis),
    }
    if found is not None:
        made |= {
            "course": course(trial, found),
            "distribution": distribution(trial, found),
            "pairs": pairs(trial, found),
            "weeks": of_weeks(trial, found),
            "teams": of_teams(trial, found),
            "residuals": left_over(found),
        }
    return {name: one for name, one in made.items() if one is not None}


def commands(trial: Trial) -> str:
    """The shell commands that give the same numbers."""
    return f"htkeval analyse {trial.id} --format json\nhtkeval recommend {trial.id}"


def python(trial: Trial) -> str:
    """The Python lines that give the same numbers, from the frozen rows."""
    return (
        "from pathlib import Path\n\n"
        "from htkeval.steps.analyse import newest, repeat\n"
        "from htkeval.steps.case import read_case\n"
        "from htkeval.workspace import find\n\n"
        f'with read_case(find(Path.cwd()), "{trial.id}") as case:\n'
        "    analysis = repeat(case, newest(case))\n"
        "for effect in analysis.effects:\n"
        "    print(effect.metric, effect.scale, effect.estimate, *effect.ci, effect.p_value)"
    )
