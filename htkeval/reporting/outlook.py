"""What a plan could see, in words that a trial lead understands."""

from __future__ import annotations

from htkeval.decision import Verdict
from htkeval.outlook import Assumption, Chances, Glance, Outlook, Size
from htkeval.reporting.numbers import number
from htkeval.reporting.promise import look_limit
from htkeval.reporting.sentences import as_text, tasks
from htkeval.reporting.tables import Table
from htkeval.reporting.words import VERDICTS
from htkeval.text import Text, say
from htkeval.trial import BY_TEAM, Trial

COLUMNS: tuple[Verdict, ...] = ("go", "prolong", "no_go", "stop")
"""The verdicts that a policy gives by itself, as columns."""

NAMES: dict[str, Text] = {
    "mean": say("mean without the tool"),
    "log_sd": say("spread of tasks (log-SD)"),
    "icc": say("how alike tasks of one person or team are (ICC)"),
    "autocorrelation": say("how much of a team's level lasts to the next period"),
    "reaction_sd": say("how differently people or teams react (log-SD)"),
    "tasks_each_cv": say("how unlike they are in the number of tasks (CV)"),
}
"""What is taken to be true."""

OFTEN = {80: say("four times in five"), 90: say("nine times in ten"), 95: say("19 times in 20")}
"""Chances in words."""


def people(trial: Trial) -> Text:
    """What is counted: participants or teams."""
    return say("teams") if trial.design.kind in BY_TEAM else say("participants")


def summary(trial: Trial, found: Outlook) -> tuple[Text, ...]:
    """The plan in a few sentences, the most important first."""
    if found.refused:
        return tuple(one.message for one in found.reach.refusals)
    return (
        *(one.message for one in found.reach.warnings),
        detects(trial, found),
        *(look_limit(one) for one in found.looks),
        *goal(found),
        *_early(found),
        *needs(trial, found),
        *_alarms(found),
    )


def detects(trial: Trial, found: Outlook | Glance) -> Text:
    """The change that such a plan sees as often as the policy wants."""
    size = {"units": found.units, "people": people(trial), "tasks": tasks(trial)}
    each = number(found.tasks_each, 0 if float(found.tasks_each).is_integer() else 1)
    if found.detectable is None and found.scale != "ratio":
        return say("The plan: {units} {people} with {each} {tasks} each.", each=each, **size)
    if found.detectable is None:
        return say(
            "With {units} {people} and {each} {tasks} each no change is so large that this plan "
            "would see it {often}.",
            each=each,
            often=often(found.wanted),
            **size,
        )
    return say(
        "With {units} {people} and {each} {tasks} each you will see {change} of {percent} % or "
        "more {often}.",
        each=each,
        change=_change(trial),
        percent=number(100 * abs(found.detectable), 1),
        often=often(found.wanted),
        **size,
    )


def _change(trial: Trial) -> Text:
    if trial.primary.better == "higher":
        return say("a rise")
    return say("a saving") if trial.primary.kind == "duration" else say("a fall")


def often(chance: float) -> Text:
    """A chance in words: four times in five."""
    return OFTEN.get(round(100 * chance)) or say("in {n} of 100 cases", n=round(100 * chance))


def goal(found: Outlook | Glance) -> tuple[Text, ...]:
    """How often the goal would be seen, and whether that is enough."""
    if found.goal is None or found.power is None:
        return (say("No smallest change worth having is stated (worthwhile): state it first."),)
    enough = found.power.value >= found.wanted
    told = say(
        "The goal is {goal} %. If it is true, {n} of 100 such trials will see it; the policy "
        "wants {wanted}.",
        goal=number(100 * found.goal, 0, signed=True),
        n=round(100 * found.power.value),
        wanted=round(100 * found.wanted),
    )
    said = say("That is enough.") if enough else say("That is too few.")
    return (say("{told} {said}", told=told, said=said),)


def _early(found: Outlook) -> tuple[Text, ...]:
    """How often a look before the end sees the goal."""
    return tuple(
        say(
            "At look {k} of {n} or before, {seen} of 100 such trials have seen it and can stop.",
            k=one.look,
            n=len(found.looks),
            seen=round(100 * one.power.value),
        )
        for one in found.early
    )


def needs(trial: Trial, found: Outlook | Glance) -> tuple[Text, ...]:
    """The size that the goal takes; nothing where it was not looked for."""
    if not found.sized or found.power is None or found.power.value >= found.wanted:
        return ()
    more, longer = found.needed_units, found.needed_tasks
    ways = [*_by_units(trial, more), *_by_tasks(trial, longer)]
    if not ways:
        return (say("No size that a municipality can have is enough: the goal is too small."),)
    return (say("It takes {ways}.", ways=ways[0] if len(ways) == 1 else _or(ways)),)


def _or(ways: list[Text]) -> Text:
    return say("{one}, or {other}", one=ways[0], other=ways[1])


def _by_units(trial: Trial, size: Size | None) -> list[Text]:
    if size is None:
        return []
    each = number(size.tasks_each, 0 if float(size.tasks_each).is_integer() else 1)
    return [
        say(
            "about {n} {people} with {each} {tasks} each",
            n=size.units,
            people=people(trial),
            each=each,
            tasks=tasks(trial),
        )
    ]


def _by_tasks(trial: Trial, size: Size | None) -> list[Text]:
    if size is None:
        return []
    return [
        say(
            "about {each} {tasks} from each of the {n} {people}",
            n=size.units,
            people=people(trial),
            each=round(size.tasks_each),
            tasks=tasks(trial),
        )
    ]


def _alarms(found: Outlook) -> tuple[Text, ...]:
    if found.alarms is None:
        return ()
    swing = 196 * max((c.error for c in (found.alarms, found.power) if c), default=0.0)
    return (
        say(
            "If the tool does nothing, {alarms} of 100 trials will still see a difference. "
            "Counted in {n:#,##0} invented trials: off by at most {swing} points, 19 times in 20.",
            alarms=number(100 * found.alarms.value, 1),
            n=found.trials,
            swing=number(swing, 1),
        ),
    )


def verdicts(found: Outlook) -> Table:
    """How often the policy would say what."""
    names = (say("the tool does nothing"), say("the goal is true"), say("twice the goal is true"))
    head = (say("If"), *(VERDICTS[verdict].word for verdict in COLUMNS))
    body = tuple(
        (_if(name, chances), *(_share(chances, verdict) for verdict in COLUMNS))
        for name, chances in zip(names, found.verdicts, strict=False)
    )
    name = say(
        "What the policy would say, in per cent, if quality holds and every condition is in place"
    )
    return Table(name, head, body, figures=True)


def _if(name: Text, chances: Chances) -> Text:
    percent = number(100 * chances.effect, 0, signed=True)
    return say("{name} ({percent} %)", name=name, percent=percent)


def _share(chances: Chances, verdict: Verdict) -> Text:
    return number(100 * chances.verdicts.get(verdict, 0.0), 0)


def assumptions(found: Outlook) -> Table:
    """What is taken to be true, and what it rests on."""
    head = (say("Taken to be true"), say("Value"), say("From"))
    body = tuple((NAMES[one.name], _value(one), as_text(one.message)) for one in found.assumed)
    return Table(say("What the plan takes to be true"), head, body)


def _value(one: Assumption) -> Text:
    return number(one.value, 1 if one.name == "mean" else 2)
