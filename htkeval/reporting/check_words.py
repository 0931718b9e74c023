"""What each check looks at, in groups as a reader asks."""

from __future__ import annotations

from htkeval.reporting.tables import Table
from htkeval.reporting.words import CHECKS
from htkeval.text import Text, say

PROMISE = {
    "registered_in_time": say("Was the plan frozen before the first measurement with AI?"),
    "as_registered": say("Was the plan kept, or was a change told?"),
    "deviations": say("What was changed after the promise? Shown, not judged."),
    "changed_blind": say("Was it changed before figures with AI could be seen?"),
    "look": say("Which planned look is this, and what is its limit?"),
    "between_looks": say("Is it no planned look, so that nothing is decided?"),
    "look_due": say("Can the next planned look be taken?"),
    "futility": say("Is an improvement still likely to be found? Advice, not a rule."),
    "timing_source": say("Is the main figure measured, or what people say?"),
    "arms_counted": say("Are the two sides as large as the draw would make them?"),
    "allocation": say("Is each task on the side that the stored list of the draw says?"),
    "draw_reaches": say("Can the draw fall in enough ways to rule out luck?"),
    "one_arm_each": say("Is everyone on one side only, where the plan says so?"),
    "baseline_differences": say("Were the two sides alike before? Shown, not judged."),
    "contamination": say("Was the work done with or without AI as drawn?"),
    "hard_stop": say("Did something happen that must not happen?"),
}

ROWS = {
    "repeated": say("Does each task count only once?"),
    "missing": say("How many tasks lack the main figure, and alike on both sides?"),
    "outliers": say("Is a value so large that it must be a slip of the pen?"),
    "tipping_point": say("How far off must the missing be to undo the result? Shown, not judged."),
    "drop_out": say("Did as many people or teams drop out on both sides?"),
    "unfinished": say("Were so many tasks given up that the finished ones mislead?"),
    "unit_known": say("Does every task say whose it is?"),
    "excluded": say("How much was left out by the rules, and alike on both sides?"),
    "wash_in": say("Were the first days of each period left out, as the plan says?"),
    "agreement": say("Do those who judged the same task agree?"),
    "covariates_known": say("Are the explaining columns filled in?"),
    "redundant_covariates": say("Does each explaining column tell something new?"),
}

ROBUST = {
    "few_clusters": say("Do enough people or teams carry the comparison?"),
    "influence": say("Does the result stand when any one person or team is left out?"),
    "informative_size": say("Is the result the same where tasks and where people count alike?"),
    "confidence_set": say("Do the values that fit the draw hang together?"),
    "tail": say("Do the typical task and the average tell the same story?"),
    "same_tasks": say("Does the result reach beyond the few tasks that all of them did?"),
}

TIME = {
    "practice": say("Does the effect change as people do more tasks with AI?"),
    "learning": say("Does the effect change with the length of use?"),
    "drift": say("Did work without AI change during the trial?"),
    "carry_over": say("Does the first period work on in the second?"),
    "staggered_start": say("Did all who got AI begin at the same time?"),
    "placebo": say("Did the two sides move alike before anybody had AI?"),
    "secular_trend": say("Which change over time would explain the whole effect?"),
    "period_order": say("Do the periods follow one another?"),
    "time_order": say("Did work with AI come after the work that it is compared with?"),
    "short_series": say("Are there periods enough before and after?"),
    "slope": say("Did the slope change beside the level? Shown, not judged."),
}

GROUPS: tuple[tuple[Text, dict[str, Text]], ...] = (
    (say("The promise and the draw"), PROMISE),
    (say("The measurements"), ROWS),
    (say("What the result hangs on"), ROBUST),
    (say("The course over time"), TIME),
)
"""Every check, under the question it belongs to."""


OUTCOMES = say(
    'Every check is fine, not fine, or cannot be told. "For information" is a figure to know that '
    "no limit judges."
)
"""What may come of a check."""


def tables() -> tuple[Table, ...]:
    """A table for each group: the check and what it looks at."""
    head = (say("Check"), say("What it looks at"))
    return tuple(
        Table(name, head, tuple((CHECKS[check], text) for check, text in looks.items()))
        for name, looks in GROUPS
    )
