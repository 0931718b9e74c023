"""How many tasks more would settle what is not settled yet: promised with the policy's power."""

from __future__ import annotations

import math
from statistics import NormalDist

from htkeval.analysis import Analysis
from htkeval.decision import Policy
from htkeval.effect import Effect
from htkeval.metric import Metric
from htkeval.text import Text, say
from htkeval.trial import Trial


def more_tasks(analysis: Analysis, policy: Policy, more: int, *, quality: bool = True) -> Text:
    """What so many tasks would do; after the last look they need a trial of their own."""
    values = {"n": more, "power": 100 * policy.power}
    look = analysis.confirmatory.look if analysis.confirmatory else None
    if look is not None and look["k"] == look["of"]:
        return say(
            "This was the last look. A new trial of about {n:#,##0} tasks gives a {power:0} % "
            "chance of telling it from no difference if the gain is the goal.",
            **values,
        )
    if not quality:
        return say(
            "About {n:#,##0} more tasks, from more people in the same way, give a {power:0} % "
            "chance of telling it from no difference if the gain is the goal.",
            **values,
        )
    return say(
        "About {n:#,##0} more tasks, from more people in the same way, give a {power:0} % chance "
        "of telling it from no difference, and quality from its limit, if the gain is the goal and "
        "quality as estimated.",
        **values,
    )


def beyond(metric: Metric, analysis: Analysis) -> bool:
    """Whether a guardrail that cannot be told yet is estimated at its limit or outside."""
    effect = analysis.effect(metric.id, "difference")
    if effect is None or metric.margin is None:
        return False
    low, high = effect.benefit_ci
    estimate = effect.estimate if effect.better == "lower" else -effect.estimate
    return low <= metric.margin < high and estimate >= metric.margin


def tasks_for_goal(trial: Trial, policy: Policy, analysis: Analysis) -> int | None:
    """Tasks to add so that the worthwhile effect would be seen with the policy's power.

    The standard error is taken to fall with the square root of the number of tasks, as it does
    when tasks come with new clusters; n / n_now = (se_now (z_level + z_power) / goal)^2.
    """
    effect, goal = analysis.confirmatory, trial.primary.worthwhile
    if effect is None or goal is None:
        return None
    base = effect.baseline.adjusted_mean
    aim = math.log1p(goal) if effect.scale == "ratio" else goal * base if base else None
    shown = next((one for one in effect.inference if one.se), None)
    if shown is None or shown.se is None or not aim:
        return None
    z = NormalDist().inv_cdf
    return _more(
        analysis, effect, shown.se * (z((1 + effect.level) / 2) + z(policy.power)) / abs(aim)
    )


def tasks_for_guardrail(metric: Metric, policy: Policy, analysis: Analysis) -> int | None:
    """Tasks to add so that the guardrail's interval ends inside its margin with the policy's power,
    were the truth as estimated.

    n / n_now = (half (1 + z_power / z_level) / (margin - estimate))^2. None where it is settled,
    has no figure, or lies at its margin already.
    """
    effect = analysis.effect(metric.id, "difference")
    if effect is None or metric.margin is None:
        return None
    high = effect.benefit_ci[1]
    estimate = effect.estimate if effect.better == "lower" else -effect.estimate
    if high <= metric.margin or estimate >= metric.margin:
        return None
    z = NormalDist().inv_cdf
    wider = 1 + z(policy.power) / z((1 + effect.level) / 2)
    return _more(analysis, effect, wider * (high - estimate) / (metric.margin - estimate))


FAR = 100.0
"""Beyond this many times the present precision a number of tasks says nothing."""


def _more(analysis: Analysis, effect: Effect, reach: float) -> int | None:
    """Tasks to add so that the standard error falls by a factor `reach`.

    Where it is not told how many the effect rests on, all that came in are taken for them.
    """
    if reach > FAR:
        return None
    now = analysis.rows if effect.tasks is None else effect.tasks
    return max(0, math.ceil(now * (reach**2 - 1)))
