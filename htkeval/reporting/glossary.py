"""What each verdict, level and word means, for the page of method and words."""

from __future__ import annotations

from htkeval.decision import Verdict
from htkeval.evidence import LEVELS, Level
from htkeval.reporting.sentences import quoted
from htkeval.reporting.tables import Table
from htkeval.reporting.words import LEVEL_WORDS, VERDICTS
from htkeval.text import Text, say

VERDICT_MEANS: dict[Verdict, Text] = {
    "go": say(
        "The gain is sure and large enough, quality stays inside the agreed limits, and law, "
        "security and co-operation are in place."
    ),
    "go_with_conditions": say("The same, once the named conditions are met."),
    "prolong": say("Something is still unknown or not in place; the page says what, and how far."),
    "no_go": say("The gain is surely too small, or quality became worse than agreed."),
    "stop": say("A serious incident happened, or the work surely became slower or worse."),
    "not_permitted": say("The law does not allow this use, whatever the figures say."),
}

LEVEL_TAKES: dict[Level, Text] = {
    "E0": say("Nothing is measured."),
    "E1": say("Only work with AI or only work without was measured: nothing to compare."),
    "E2": say("People tell what they think it took. Felt time is often wrong."),
    "E3": say(
        "Measured, but without a draw or a comparison at the same time, or without a promise "
        "frozen beforehand."
    ),
    "E4": say(
        "Measured with and without AI at the same time, by lot or against others' change, as "
        "promised beforehand."
    ),
    "E5": say(
        "As strong, by lot and clock, and quality was judged by somebody who did not know who "
        "used AI."
    ),
}

STEPS_DOWN = say(
    "A level is lost for each of these: the promise came after the first measurement with AI; "
    "the plan was changed without saying so; more than 20 % of the figures are missing, or 10 "
    "percentage points more on one side than on the other; more than 10 % of the tasks were done "
    "otherwise than drawn; more than 10 % of the rows have another arm than the list of the draw, "
    "or stand not on it."
)

TERMS: tuple[tuple[Text, Text], ...] = (
    (say("Worthwhile gain"), say("The smallest gain worth having, set before the measurements.")),
    (
        say("Agreed limit"),
        say("How much worse quality may become, agreed before the measurements."),
    ),
    (
        say("Uncertainty"),
        say("All differences that fit the measurements, with 95 % confidence."),
    ),
    (
        say("Difference and ratio"),
        say("A difference is in minutes or points; a ratio of 0.80 is a fifth less with AI."),
    ),
    (
        say("Explaining column"),
        say("Something known beforehand, as the length of a meeting, that is taken account of."),
    ),
    (
        say("p-value"),
        say("How often luck alone would give at least so large a difference, if AI did nothing."),
    ),
    (
        say("Degrees of freedom"),
        say(
            "How many people or teams the uncertainty in fact rests on. Below 4 no figure is given."
        ),
    ),
    (
        say("CR2"),
        say("A standard error for measurements that hang together, made to hold for few teams."),
    ),
    (
        say("How alike tasks are (ICC)"),
        say(
            "From 0, where tasks of one person or team are as unlike as any, to 1, where they are "
            "all the same. Chance can bring it a little below 0."
        ),
    ),
    (
        say("By length of use"),
        say("The average of the effects after one, two, three … periods with AI, counted alike."),
    ),
    (
        say("Turns it"),
        say(
            "Another way of calculating gives another sign, or another answer to whether there is "
            "an effect or whether it is large enough."
        ),
    ),
    (
        say("Association"),
        say("Two things that go together. It does not show that one is the cause of the other."),
    ),
)
"""Words on the screens that need one more sentence."""


def verdicts() -> Table:
    """What each recommendation means."""
    body = tuple((mark.word, VERDICT_MEANS[name]) for name, mark in VERDICTS.items())
    return Table(say("Recommendations"), (say("Recommendation"), say("What it means")), body)


def levels() -> Table:
    """What each level of evidence takes."""
    head = (say("Level"), say("Code"), say("What it takes"))
    body = tuple((LEVEL_WORDS[name], quoted(name), LEVEL_TAKES[name]) for name in LEVELS)
    return Table(say("How well it is measured"), head, body)


def terms() -> Table:
    """Other words on the screens."""
    return Table(say("Other words"), (say("Word"), say("What it means")), TERMS)
