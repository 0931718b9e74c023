"""The one effect that money follows: minutes a task as the budget sees them, or why none is."""

from __future__ import annotations

from htkeval.analysis import Analysis
from htkeval.effect import ArmFigures, Effect, Inference
from htkeval.text import Text, say
from htkeval.trial import Trial

MINUTES = {"s": 1 / 60, "min": 1.0, "min:s": 1.0, "h": 60.0}
"""Minutes in one unit of a duration; `min:s` is kept in minutes."""


def measured(trial: Trial, analysis: Analysis) -> Effect | Text:
    """The arithmetic effect in minutes a task, whatever unit the trial measures in.

    None is told where more minutes are the improvement, for those are no saving; and where the
    plan counts each person the same, for the budget sees each task the same.

    Args:
        trial: The definition.
        analysis: Its effects.
    """
    if trial.primary.kind != "duration":
        return say("The trial does not measure minutes.")
    if trial.primary.better != "lower":
        return say("More minutes are better here, so none are saved.")
    if analysis.between_looks:
        return say("Nothing is told between the planned looks.")
    effect = analysis.effect(trial.primary.id, "difference")
    if effect is None:
        return say("No change in minutes was found out.")
    if effect.weights != "task":
        return say("The plan counts each person the same, and the budget sees each task the same.")
    return in_minutes(effect)


def in_minutes(effect: Effect) -> Effect:
    """An effect on the difference scale, in minutes."""
    times = MINUTES[effect.unit or "min"]
    if times == 1:
        return effect
    low, high = effect.ci
    return effect.model_copy(
        update={
            "unit": "min",
            "estimate": times * effect.estimate,
            "ci": (times * low, times * high),
            "baseline": _arm(effect.baseline, times),
            "treatment": _arm(effect.treatment, times),
            "inference": tuple(_inference(one, times) for one in effect.inference),
        }
    )


def _arm(arm: ArmFigures, times: float) -> ArmFigures:
    names = ("mean", "sd", "adjusted_mean")
    told = {name: getattr(arm, name) for name in names}
    return arm.model_copy(
        update={name: None if value is None else times * value for name, value in told.items()}
    )


def _inference(one: Inference, times: float) -> Inference:
    return one.model_copy(
        update={
            "estimate": times * one.estimate,
            "se": None if one.se is None else times * one.se,
            "ci": (times * one.ci[0], times * one.ci[1]),
        }
    )
