"""Whether quality suffered: model sentences 9 to 11, one for each guardrail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from htkeval.analysis import Analysis
from htkeval.effect import Effect
from htkeval.metric import Metric
from htkeval.reporting.numbers import MOST_DIGITS, change, digits, factor, level, means, number
from htkeval.reporting.sentences import joined, quoted
from htkeval.text import Text, say
from htkeval.trial import Trial


@dataclass(frozen=True)
class Guardrail:
    """One quality measure, what was found and what that means."""

    metric: Metric
    """What was watched."""
    effect: Effect | None
    """How much it moved; None where that cannot be told."""
    inside: bool | None
    """Whether the whole interval lies inside the margin; None: cannot be told."""
    sentence: Text
    """In words."""


def guardrails(
    trial: Trial, analysis: Analysis, *, agreed_before: bool = False
) -> tuple[Guardrail, ...]:
    """Did quality become worse than agreed? One answer for each guardrail of the trial.

    Args:
        trial: The definition that was analysed.
        analysis: What was found.
        agreed_before: Whether the margins were registered before the first measurement with AI.
    """
    watched = [metric for metric in trial.metrics if metric.role == "guardrail"]
    return tuple(_guardrail(metric, analysis, agreed_before) for metric in watched)


def _guardrail(metric: Metric, analysis: Analysis, agreed_before: bool) -> Guardrail:
    effect = analysis.effect(metric.id, "difference")
    if effect is None or metric.margin is None:
        return Guardrail(metric, effect, None, _no_figure(metric, analysis))
    if analysis.between_looks:
        told = say(
            "{label}: it is settled at the planned looks, and this is none of them.",
            label=quoted(metric.label),
        )
        return Guardrail(metric, effect, None, told)
    inside = within_margin(effect, metric.margin)
    return Guardrail(metric, effect, inside, _sentence(metric, effect, inside, agreed_before))


def within_margin(effect: Effect, margin: float) -> bool | None:
    """Whether the whole interval lies inside the margin, outside it, or across it."""
    low, high = effect.benefit_ci
    return True if high <= margin else False if low > margin else None


def _no_figure(metric: Metric, analysis: Analysis) -> Text:
    gap = next((gap for gap in analysis.gaps if gap.metric == metric.id), None)
    opening = say("{label}: there is no figure.", label=metric.label)
    return joined([opening, gap.message]) if gap else opening


def against_limit(metric: Metric, effect: Effect) -> Text | None:
    """The interval beside the margin, in a line; None where no margin was agreed."""
    if metric.margin is None:
        return None
    _, low, high, limit = _figures(metric, effect)
    return say(
        "The difference is between {low} and {high}; the limit is {margin}.",
        low=low,
        high=high,
        margin=limit,
    )


def _figures(metric: Metric, effect: Effect) -> tuple[int, Text, Text, Text]:
    """Decimals, both ends of the interval, and the limit with its unit."""
    margin = metric.margin or 0.0
    values = [value * factor(metric) for value in (effect.estimate, *effect.ci)]
    shown = digits(*values)
    fine = max(shown, digits(margin * factor(metric))) if margin else shown
    ends = shown
    while ends < MOST_DIGITS and _reads_as(values[1:], margin * factor(metric), ends):
        ends += 1  # an end just inside the limit is not the limit
    low, high = (number(value, ends, signed=True) for value in values[1:])
    return shown, low, high, change(metric, margin, fine)


def _reads_as(ends: Sequence[float], limit: float, decimals: int) -> bool:
    """Whether an end of the interval reads as the limit that it is not."""
    at = round(limit, decimals)
    return any(end != limit and round(abs(end), decimals) == at for end in ends)


def _sentence(metric: Metric, effect: Effect, inside: bool | None, agreed_before: bool) -> Text:
    """Sentences 9, 10 and 11."""
    shown, low, high, limit = _figures(metric, effect)
    label = quoted(metric.label)
    if inside is False:
        return say("{label}: worse than agreed. The gain therefore does not count.", label=label)
    if inside is None:
        return say(
            "{label}: whether it became worse than agreed cannot be told. The difference may be "
            "anything from {low} to {high}; the limit was {margin}.",
            label=label,
            low=low,
            high=high,
            margin=limit,
        )
    return joined([_levels(metric, effect, shown), _limit(limit, agreed_before)])


def _levels(metric: Metric, effect: Effect, shown: int) -> Text:
    """What was seen in the two arms, or where a group is too small for that, the difference."""
    seen = means(effect)
    if seen is None:
        return say(
            "{label}: a difference of {change}.",
            label=metric.label,
            change=change(metric, effect.estimate, shown, signed=True),
        )
    return say(
        "{label}: {with_ai} with AI against {without} without.",
        label=quoted(metric.label),
        with_ai=level(metric, seen[1], shown),
        without=level(metric, seen[0], shown),
    )


def _limit(limit: Text, agreed_before: bool) -> Text:
    if agreed_before:
        return say(
            "The whole uncertainty lies inside the limit of {margin} agreed before the trial.",
            margin=limit,
        )
    return say("The whole uncertainty lies inside the limit of {margin}.", margin=limit)
