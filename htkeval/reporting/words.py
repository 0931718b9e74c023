"""The glossary: what each verdict, level, state and method is called on screen and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from htkeval.decision import GATE_NAMES, GateState, Verdict
from htkeval.effect import Check, Method, Scale
from htkeval.evidence import LEVELS, Level
from htkeval.text import Text, say

Estimand = Literal["effect", "exposure_average"]
Colour = Literal["green", "blue", "orange", "gray", "red", "violet"]


@dataclass(frozen=True)
class Mark:
    """A word that is never shown by colour alone: word, icon and colour together."""

    word: Text
    """The word."""
    icon: str
    """Name of the icon in Material Symbols."""
    colour: Colour
    """Name of the colour in the theme."""


VERDICTS: dict[Verdict, Mark] = {
    "go": Mark(say("Recommended for scaling"), "check_circle", "green"),
    "go_with_conditions": Mark(say("Recommended with conditions"), "assignment_turned_in", "blue"),
    "prolong": Mark(say("Extend the trial"), "hourglass_empty", "orange"),
    "no_go": Mark(say("Not recommended"), "do_not_disturb_on", "gray"),
    "stop": Mark(say("Stop the trial"), "dangerous", "red"),
    "not_permitted": Mark(say("Not permitted"), "gavel", "violet"),
}

NO_VERDICT = Mark(say("Not measured yet"), "pending", "gray")
NOT_ANALYSED = Mark(say("Not analysed yet"), "pending", "gray")
"""Where there is no recommendation: nothing to weigh, or nobody weighed it."""

OUTCOMES: dict[Verdict, Text] = {
    "go": say("To be scaled"),
    "go_with_conditions": say("To be scaled on conditions"),
    "prolong": say("The trial goes on"),
    "no_go": say("Not to be scaled"),
    "stop": say("The trial is stopped"),
    "not_permitted": say("Not permitted"),
}
"""What was decided, which is said otherwise than what was recommended."""

LEVEL_WORDS: dict[Level, Text] = {
    "E0": say("No measurements"),
    "E1": say("Weak"),
    "E2": say("Limited"),
    "E3": say("Moderate"),
    "E4": say("Strong"),
    "E5": say("Very strong"),
}

LEVEL_IN_SENTENCE: dict[Level, Text] = {
    "E0": say("missing"),
    "E1": say("weak"),
    "E2": say("limited"),
    "E3": say("moderate"),
    "E4": say("strong"),
    "E5": say("very strong"),
}

MET: dict[bool | None, Mark] = {
    True: Mark(say("Met"), "check_circle", "green"),
    False: Mark(say("Not met"), "cancel", "red"),
    None: Mark(say("Not known yet"), "help", "orange"),
}

PASSED: dict[bool | None, Mark] = {
    True: Mark(say("Fine"), "check_circle", "green"),
    False: Mark(say("Not fine"), "cancel", "red"),
    None: Mark(say("Cannot be told"), "help", "orange"),
}

GATE_STATES: dict[GateState, Mark] = {
    "open": Mark(say("Open"), "radio_button_unchecked", "orange"),
    "closed": Mark(say("Closed"), "check_circle", "green"),
    "not_needed": Mark(say("Not needed"), "remove_circle_outline", "gray"),
    "forbidden": Mark(say("Not permitted"), "gavel", "violet"),
}

CHECKS: dict[str, Text] = {
    "registered_in_time": say("Promised in time"),
    "as_registered": say("As promised"),
    "deviations": say("Deviations"),
    "changed_blind": say("Changed before the figures"),
    "timing_source": say("Source of the time"),
    "arms_counted": say("Sizes of the groups"),
    "allocation": say("Arms as drawn"),
    "one_arm_each": say("Each in one group"),
    "repeated": say("Each task once"),
    "missing": say("Missing measurements"),
    "outliers": say("No impossibly large value"),
    "unfinished": say("Unfinished tasks"),
    "unit_known": say("Who did the task"),
    "excluded": say("Left out"),
    "covariates_known": say("Explaining columns filled"),
    "redundant_covariates": say("Explaining columns needed"),
    "few_clusters": say("Enough people or teams"),
    "tail": say("Typical task and average"),
    "contamination": say("Done as planned"),
    "hard_stop": say("Serious incidents"),
    "draw_reaches": say("Ways the draw can fall"),
    "baseline_differences": say("Alike beforehand"),
    "tipping_point": say("What the missing could change"),
    "drop_out": say("Dropped out"),
    "wash_in": say("Days of wash-in"),
    "influence": say("No single one decides"),
    "informative_size": say("Tasks and people agree"),
    "confidence_set": say("Uncertainty without holes"),
    "practice": say("Practice"),
    "learning": say("Length of use"),
    "drift": say("Stable without AI"),
    "carry_over": say("Carry-over"),
    "staggered_start": say("All began together"),
    "placebo": say("Alike before AI came"),
    "secular_trend": say("A trend instead of AI"),
    "period_order": say("Periods in order"),
    "time_order": say("Before, then after"),
    "short_series": say("A long enough series"),
    "slope": say("The slope after"),
    "same_tasks": say("Beyond these tasks"),
    "agreement": say("Those who judged agree"),
    "look": say("Which look this is"),
    "between_looks": say("Between looks"),
    "look_due": say("A look can be taken"),
    "futility": say("Worth going on"),
}
"""What the known checks are called; a later one is called by its name in files."""

SHOWN = Mark(say("For information"), "info", "gray")
NEVER_JUDGED = (
    "baseline_differences",
    "between_looks",
    "carry_over",
    "deviations",
    "futility",
    "look",
    "look_due",
    "same_tasks",
    "secular_trend",
    "slope",
    "tipping_point",
)
"""Checks that are shown and by design never pass or fail: a figure to know, not a verdict."""

METHODS: dict[Method, Text] = {
    "rerandomisation": say("the draw repeated (re-randomisation)"),
    "cr2": say("least squares, cluster-robust (CR2)"),
    "welch": say("Welch's t-test"),
    "reml": say("mixed model (REML)"),
    "kenward_roger": say("mixed model (Kenward-Roger)"),
    "score": say("score interval"),
    "brunner_munzel": say("Brunner-Munzel"),
    "jackknife": say("one left out at a time (jackknife)"),
    "always_valid": say("interval that holds however often one looks"),
}

SERIES = say("series whose periods hang together (AR(1), REML)")
"""What REML fits where the plan is a series over time."""

SCALES: dict[Scale | Literal["odds_ratio"], Text] = {
    "ratio": say("ratio, with AI to without"),
    "difference": say("difference, with AI minus without"),
    "probability": say("probability of the better value with AI"),
    "odds_ratio": say("odds ratio, with AI to without"),
}

ESTIMANDS: dict[Estimand, Text] = {
    "effect": say("every task counts the same"),
    "exposure_average": say("short and long use count the same"),
}
"""Which average an effect is where a roll-out has two."""

MODELS: dict[str, Text] = {
    "stagewise": say("counting with the looks before it (stage-wise)"),
    "task_weights": say("every task counts the same"),
    "unit_weights": say("every person or team counts the same"),
    "no_covariates": say("without the explaining columns"),
    "no_participant_effects": say("without comparing each person with themselves"),
    "no_question_effects": say("without a level of its own for each task"),
    "two_way": say("uncertainty from both people and tasks"),
    "pooled_classic": say("as if all tasks were independent (classic)"),
    "pooled_hc3": say("as if all tasks were independent (HC3)"),
    "pooled_cluster": say("without own levels, uncertainty by person"),
    "complier": say("for those who followed the plan"),
    "complier_anderson_rubin": say("for those who followed the plan (Anderson-Rubin)"),
    "per_protocol": say("only tasks done as planned: an association, not an effect"),
    "as_treated": say("by who in fact used AI: an association, not an effect"),
    "restricted_mean": say("tasks given up count as the longest time"),
    "finished_tasks": say("finished tasks only"),
    "restricted_censored": say("tasks given up as if they had gone on like others"),
    "average_after": say("the average over the whole time after"),
    "independent_periods": say("as if the periods were independent"),
    "boschloo": say("Boschloo's exact test"),
    "proportional_odds": say("one odds ratio for every step of the scale"),
}
"""What the sensitivity analysis did otherwise than the plan; a later one is called by its code."""

COMPARISON_ONLY = (
    "pooled_classic",
    "pooled_hc3",
    "pooled_cluster",
    "independent_periods",
    "per_protocol",
    "as_treated",
)
"""Models that are no answers of ours: surer than they may be, or an association."""

COMPARED_ONLY = say(
    "Figures in brackets do not count: they claim more certainty than the measurements can carry, "
    "or show only what goes together, not what AI is the cause of."
)

BOUNDS: dict[str, Text] = {
    "banded": say("answers in steps lie anywhere within their step"),
    "worst_case": say("missing values are as good or as bad as can be"),
    "lee": say("only tasks that would be measured in both arms (Lee)"),
}
"""What nobody knows, and how far it may go; a later one is called by its code."""


def model_name(model: str) -> Text | str:
    """What another way of calculating is called."""
    return MODELS.get(model) or model.replace("_", " ")


def bounds_name(model: str) -> Text | str:
    """What is unknown, in words."""
    return BOUNDS.get(model) or model.replace("_", " ")


def outcome(check: Check) -> Mark:
    """What came of a check; one that is only shown has neither passed nor failed."""
    return SHOWN if check.name in NEVER_JUDGED and check.passed is None else PASSED[check.passed]


def place(level: Level) -> int:
    """How many of five."""
    return LEVELS.index(level)


def squares(level: Level) -> str:
    """Five squares, the reached ones filled."""
    return "■" * place(level) + "□" * (5 - place(level))


def check_name(check: str) -> Text | str:
    """What a check is called."""
    return CHECKS.get(check) or check.replace("_", " ")


def gate_name(gate: str) -> Text | str:
    """What a gate is called; one that no glossary knows is called by its id."""
    return GATE_NAMES.get(gate) or gate.replace("_", " ")
