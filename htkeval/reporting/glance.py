"""What a plan could see by its formula, in words and as a curve."""

from __future__ import annotations

from htkeval.metric import Metric
from htkeval.outlook import Glance
from htkeval.reporting.curve import Curve
from htkeval.reporting.numbers import number
from htkeval.reporting.outlook import detects, goal, needs
from htkeval.reporting.sentences import quoted, task
from htkeval.text import Text, say
from htkeval.trial import BY_TEAM, Trial

ABOUT = say(
    "Move the sliders and see how small a difference the trial could show. Nothing here has been "
    "measured, and nothing is stored."
)
NO_FORMULA = say(
    "No quick formula fits this plan, so it has to be checked in invented trials, further down."
)
BY_FORMULA = say(
    "This is a quick formula: it counts on equally many tasks for all. Check it in invented trials "
    "before you rely on it."
)


def checking(trials: int) -> Text:
    """What the button does."""
    return say(
        "The computer invents {n} trials of this size, has each analysed as the real trial will "
        "be, and counts what the reports say. It takes from ten seconds to a few minutes.",
        n=trials,
    )


def aim(trial: Trial) -> Text:
    """The goal, as the trial's definition states it."""
    metric, stated = trial.primary, trial.primary.worthwhile
    if stated is None:
        return say("The trial states no goal yet: the smallest change worth having (worthwhile).")
    percent = number(100 * stated, 0 if round(100 * stated) == 100 * stated else 1, signed=True)
    return say("The trial's goal: {percent} %, {what}.", percent=percent, what=_what(trial, metric))


def _what(trial: Trial, metric: Metric) -> Text:
    if metric.kind == "duration":
        return say("change in time per {task}", task=task(trial))
    return say("change in {label}", label=quoted(metric.label))


def units_name(trial: Trial) -> Text:
    """The slider for how many."""
    return say("Teams") if trial.design.kind in BY_TEAM else say("Participants")


def tasks_name(trial: Trial) -> Text:
    """The slider for how many tasks each of them does."""
    if trial.design.kind in BY_TEAM:
        return say("Tasks from each team, in the whole trial")
    return say("Tasks from each participant, in the whole trial")


def icc_name(trial: Trial) -> Text:
    """The slider for how much people or teams differ."""
    if trial.design.kind in BY_TEAM:
        return say("How alike one team's tasks are (ICC)")
    return say("How alike one person's tasks are (ICC)")


ICC_MEANS = say(
    "0: it makes no difference who does a task. 0.5: half of what sets tasks apart is who does "
    "them. The more alike, the more people or teams it takes."
)
LOG_SD_NAME = say("How much tasks vary (log-SD)")
"""The slider for the spread of tasks."""
LOG_SD_MEANS = say(
    "0.6: two of three tasks take between about half and nearly twice the usual time. The more "
    "they vary, the more tasks it takes."
)
"""exp(-0.6) = 0.55, exp(0.6) = 1.82."""


def reach(found: Glance) -> Text:
    """That nothing in the draw stands in the way; a floor is told by its own refusal."""
    if found.reach.least is None:
        return say("Nothing is drawn in this trial, so no draw limits what it can show.")
    return say("Yes: the draw is large enough for a result to count.")


def summary(trial: Trial, found: Glance) -> tuple[Text, ...]:
    """What the formula expects, the most important first."""
    if found.detectable is None:
        return (NO_FORMULA,)
    return (detects(trial, found), *goal(found), *needs(trial, found))


def curve(trial: Trial, found: Glance) -> Curve | None:
    """How likely a change is to be seen, by its size; None where no formula fits."""
    if not found.curve or found.detectable is None:
        return None
    return Curve(
        caption=say("Of 100 such trials, so many would see the change"),
        axis=_axis(trial),
        points=tuple((100 * one.effect, 100 * one.power) for one in found.curve),
        seen=(100 * found.detectable, 100 * found.wanted),
        goal=_drawn_goal(found),
    )


def _axis(trial: Trial) -> Text:
    what = _what(trial, trial.primary)
    return say("If this is the true {what}, %", what=what)


def _drawn_goal(found: Glance) -> tuple[float, float] | None:
    if found.goal is None or found.power is None:
        return None
    return 100 * found.goal, 100 * found.power.value
