"""How an effect is worked out, plan by plan, and what repeating the draw means, in plain words."""

from __future__ import annotations

from htkeval.reporting.tables import Table
from htkeval.reporting.words import METHODS, SERIES
from htkeval.text import Text, say
from htkeval.trial import DesignKind

DESIGNS: dict[DesignKind, Text] = {
    "parallel": say("Two groups of people"),
    "within": say("Each person with and without AI, a draw for each task"),
    "crossover": say("Each person with and without AI, in a drawn order"),
    "cluster": say("Whole teams with or without AI"),
    "stepped_wedge": say("Teams that start one after another"),
    "before_after": say("Before and after"),
    "difference_in_differences": say("Change compared with others' change"),
    "interrupted_time_series": say("A series over time"),
}
"""A plan as the first words of a line."""

SHORT: dict[DesignKind, Text] = {
    "parallel": say("Two groups"),
    "within": say("Draw for each task"),
    "crossover": say("Drawn order"),
    "cluster": say("Whole teams"),
    "stepped_wedge": say("One team after another"),
    "before_after": say("Before and after"),
    "difference_in_differences": say("Change against change"),
    "interrupted_time_series": say("Series over time"),
}
"""The same in two or three words, for a narrow column."""

COMPARED: dict[DesignKind, Text] = {
    "parallel": say("The people who drew AI with the people who did not."),
    "within": say("Each person's tasks with AI with the same person's tasks without."),
    "crossover": say("Each person with themselves; what the period does is taken out."),
    "cluster": say("The teams that drew AI with the teams that did not."),
    "stepped_wedge": say(
        "Teams that have begun with teams that wait, in the same period, and each team with itself."
    ),
    "before_after": say(
        "The time before with the time after. What would have happened anyway nobody knows."
    ),
    "difference_in_differences": say(
        "How much teams with AI changed with how much the others changed over the same time."
    ),
    "interrupted_time_series": say(
        "The jump when AI came with the way the figures ran before; neighbouring periods are alike."
    ),
}
"""What is compared with what."""

REPORTED: dict[DesignKind, Text] = {
    **dict.fromkeys(
        ("parallel", "within", "crossover", "cluster", "stepped_wedge"), METHODS["rerandomisation"]
    ),
    **dict.fromkeys(("before_after", "difference_in_differences"), METHODS["cr2"]),
    "interrupted_time_series": SERIES,
}
"""The method of the reported interval, where the plan leaves the choice to the program."""

ESTIMATED: tuple[Text, ...] = (
    say(
        "How a trial is worked out follows from its plan, and the plan is frozen before the first "
        "measurement with AI. Nobody chooses the method after having seen the figures."
    ),
    say(
        "Tasks of one person or one team are like each other. Every method here takes account of "
        "that: otherwise a trial with many tasks and few people would look much surer than it is."
    ),
)
"""What comes before the table."""

INSTEAD = say(
    "Without a draw, with more than 200 people or teams, or where the draw can fall in too few "
    "ways, least squares (CR2) takes the place of the repeated draw. With fewer people or teams "
    "than can show how much they differ, no figure is given at all."
)
"""What comes after it."""

REPEATED: tuple[Text, ...] = (
    say(
        "Imagine that AI makes no difference at all. Then every task would have taken the same "
        "time whichever way the lot fell, and the difference between the two sides is the luck of "
        "the draw."
    ),
    say(
        "So the computer makes the same draw again, thousands of times, on the same measurements, "
        "and counts how often luck alone gives a difference as large as the one that was seen. If "
        "that hardly ever happens, luck is a poor explanation."
    ),
    say(
        'The uncertainty ("from … to") holds every difference that this count does not speak '
        "against. Nothing is assumed of how the figures are spread: the draw that was really made "
        "is all that is needed."
    ),
)
"""Re-randomisation as a councillor can be told it."""


def table() -> Table:
    """What is compared, and by which method, in each plan."""
    head = (say("Plan"), say("What is compared"), say("Reported method"))
    body = tuple((DESIGNS[kind], COMPARED[kind], REPORTED[kind]) for kind in DESIGNS)
    return Table(say("How an effect is worked out"), head, body)
