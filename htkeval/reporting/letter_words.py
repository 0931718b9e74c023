"""What the letters to staff and to the consultation committee say alike.

Every sentence about how people are protected is true of this program, or is a place that somebody
must fill in; nothing is promised that the program does not do.
"""

from __future__ import annotations

from htkeval.decision import GATE_NAMES
from htkeval.reporting.letter import Points, Rows
from htkeval.reporting.letter_measures import figure
from htkeval.reporting.timetable import timetable
from htkeval.small_cells import FEWEST
from htkeval.text import Text, say
from htkeval.trial import DesignKind, Trial

DRAWN: dict[DesignKind, Text] = {
    "within": say("For each task a draw decides whether it is done with or without AI."),
    "crossover": say(
        "Everybody tries both ways, each in its own period. A draw decides which comes first."
    ),
    "parallel": say(
        "A draw decides who gets the new way and who works as today while the trial lasts."
    ),
    "cluster": say(
        "A draw decides which units get the new way and which work as today while the trial "
        "lasts. The whole unit follows along."
    ),
    "stepped_wedge": say(
        "Every unit gets the new way, but not at the same time. A draw decides the order."
    ),
}
"""How it is decided which way a task is done, where chance decides."""

NOT_DRAWN: dict[DesignKind, Text] = {
    "before_after": say("Everybody is measured first as today and then with AI. Nothing is drawn."),
    "difference_in_differences": say(
        "Some units get the new way, others work as today. Both are measured before and after. "
        "Nothing is drawn."
    ),
    "interrupted_time_series": say(
        "Measurements are taken week after week, before and after the day AI comes into use. "
        "Nothing is drawn."
    ),
}
"""The same where it is people who decide."""

WAITING: tuple[DesignKind, ...] = ("parallel", "cluster", "difference_in_differences")
"""Designs in which some work as today to the end; what they get then stands in no definition."""
WAIT = say(
    "Those who work as today meanwhile: "
    "[FILL IN: whether they get the new way afterwards, and when]"
)
FAIR = say("The draw makes the comparison fair: nobody can choose so that one way looks better.")
ALONE = say("The plan is that about {units} take part, each with about {n} {tasks}.")
IN_ALL = say(
    "The plan is that about {units} take part. All in a unit together do about {n} {tasks}. For "
    "each employee that is [FILL IN: number of tasks for each employee]"
)
"""How many tasks, of a person, or of a unit: nobody should take a unit's for their own."""


def chosen(trial: Trial) -> Text:
    """How it is decided which way a task is done."""
    design = trial.design
    plain = say("It is people, not a draw, who decide which way a task is done.")
    how = DRAWN.get(design.kind, plain) if design.randomised else NOT_DRAWN.get(design.kind, plain)
    if design.randomised:
        how = say("{a} {b}", a=how, b=FAIR)
    if design.kind in WAITING:
        how = say("{a} {b}", a=how, b=WAIT)
    if not design.wash_in_days:
        return how
    return say(
        "{how} The first {n} days of each period do not count: there must be time to settle in.",
        how=how,
        n=design.wash_in_days,
    )


def ways(trial: Trial) -> Points:
    """The two ways of working."""
    without, with_tool = trial.arms.baseline.label, trial.arms.treatment.label
    return Points(
        (say("As today: {label}", label=without), say("The new way: {label}", label=with_tool))
    )


def size(trial: Trial) -> Text:
    """How many take part with how many tasks."""
    design, name = trial.design, trial.task_name
    if design.clusters is None:
        return say("How many take part: [FILL IN: number of employees and tasks]")
    by_team = trial.cluster_column is not None and trial.cluster_column == design.team
    units = (
        say("{n} units", n=design.clusters) if by_team else say("{n} employees", n=design.clusters)
    )
    if design.tasks_each is None:
        return say("The plan is that about {units} take part.", units=units)
    each = IN_ALL if by_team else ALONE
    tasks = name.many if name else say("tasks")
    return Text(each.template, {"units": units, "n": figure(design.tasks_each), "tasks": tasks})


def hard_stops(trial: Trial) -> Text | None:
    """What stops the trial at once."""
    if not trial.hard_stops:
        return None
    texts = "; ".join(stop.text for stop in trial.hard_stops)
    return say("The trial stops if this happens even once: {texts}.", texts=texts)


def protection(trial: Trial) -> tuple[Text, ...]:
    """How the single employee is protected, in the third person."""
    found = [
        say(
            "The result is for all participants together and never names a single person. Nobody "
            "is ranked, and the dashboard shows no average for fewer than {n} participants.",
            n=FEWEST,
        ),
        say(
            "The sheets hold a number instead of a name. The list of who has which number is kept "
            "by the trial lead alone: [FILL IN: where the list is kept]"
        ),
        say(
            "The program that gathers the sheets (htkeval) refuses a sheet with a CPR number or an "
            "e-mail address in it."
        ),
        say(
            "The single rows can be seen by those who have access to the folder and to the archive "
            "of calculations (MLflow): [FILL IN: who has access]"
        ),
        say(
            "What has come in cannot be changed unseen: the program keeps what came when, and can "
            "show whether anything was altered."
        ),
        _kept(trial),
        say(
            "Whoever wants their own measurements taken out says so before the list is deleted: "
            "[FILL IN: to whom, and what is done then]"
        ),
    ]
    if trial.design.status:
        no = say("Anybody may decline a task. It is noted as a no, without a reason.")
        found.insert(1, no)
    return tuple(found)


def _kept(trial: Trial) -> Text:
    """Until when anything leads from a measurement to a person."""
    if trial.retention is None:
        return say(
            "The program deletes nothing by itself. The measurements are kept until [FILL IN: date "
            "on which the measurements are deleted], the list of numbers until [FILL IN: date on "
            "which the list is deleted]. After that no list ties the figures to a person."
        )
    return say(
        "Measurements can be traced to a number until {day:d MMMM y}. After that the trial lead "
        "has the program forget everybody: the single measurements do not count any more, nothing "
        "in it leads to a person, and what was found for all together stays. The list of numbers "
        "is kept until [FILL IN: date on which the list is deleted].",
        day=trial.retention.until,
    )


def days(trial: Trial, *, afterwards: bool = True) -> Rows:
    """The trial's days, with or without the follow-ups; a day that is counted out says so."""
    body = tuple(
        (
            say("{day:d MMMM y}", day=moment.day),
            moment.title if moment.firm else say("{what} (proposal)", what=moment.title),
        )
        for moment in timetable(trial, afterwards=afterwards)
    )
    return Rows((say("Day"), say("What happens")), body)


def taken_home(trial: Trial) -> tuple[Text, ...]:
    """What is promised about a gain, before there is any.

    Source: the staff committee's remark to the budget, that effects are to be made concrete and
    taken home where the gain arises.
    """
    concrete = say(
        "If there is a gain, it is made concrete and taken home where it arises ({area}). For "
        "each gain it is written down which unit, which manager and which account it concerns, "
        'and from when. It may also say "none": then the time is used for something else.',
        area=trial.area,
    )
    cash = trial.economics.cashable
    if cash is None:
        return concrete, say("How much of it, if any, is to be taken home as money is not decided.")
    low, high = sorted((cash.low, cash.high))
    money = say(
        "The calculation supposes that between {low} and {high} % of the hours are taken home as "
        "money (source: {source}).",
        low=figure(100 * low),
        high=figure(100 * high),
        source=cash.source,
    )
    return concrete, money


def conditions(trial: Trial) -> tuple[Text | str, ...]:
    """The gates that must be closed first, by name."""
    return tuple(GATE_NAMES.get(gate.id, gate.id) for gate in trial.gates if gate.required)
