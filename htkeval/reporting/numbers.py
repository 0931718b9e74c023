"""How a number is written for people: decimals, sign, unit. Nothing is computed but rounding."""

from __future__ import annotations

from collections.abc import Iterable

from htkeval.effect import ArmFigures, Effect
from htkeval.metric import Metric
from htkeval.small_cells import FEWEST
from htkeval.text import Text, say, to_the_thousand

MOST_DIGITS = 3


def digits(estimate: float, *others: float) -> int:
    """Decimals that an estimate and its interval share.

    None from ten up and one below, as people say it; more only where a number that is not zero
    would read as zero, or an interval as a single value.

    Example:
        >>> digits(-12.0, -17.0, -7.0), digits(-2.4, 0.3), digits(0.02, -0.01)
        (0, 1, 2)
        >>> digits(-97.9, -98.1, -97.8)
        1
    """
    wanted = 0 if round(abs(estimate), 1) >= 10 else 1
    values = [value for value in (estimate, *others) if value != 0]
    while wanted < MOST_DIGITS and any(round(value, wanted) == 0 for value in values):
        wanted += 1
    ends = {estimate, *others}
    while wanted < MOST_DIGITS and len(ends) > len({round(end, wanted) for end in ends}) == 1:
        wanted += 1
    return wanted


def number(value: float, decimals: int, *, signed: bool = False) -> Text:
    """A number with so many decimals; `signed` puts a plus before a gain in size."""
    shown = round(float(value), decimals) + 0.0  # so that minus zero is zero
    plus = "+" if signed and shown > 0 else ""
    pattern = plus + "#,##0" + ("." + "0" * decimals if decimals else "")
    return Text(template="{n:" + pattern + "}", values={"n": shown})


def whole(value: float) -> Text:
    """A figure without decimals; one that is not nought and would read so has as many as it takes.

    Example:
        >>> print(whole(-89.354), whole(0.3), whole(0.0))
        −89 0.3 0
    """
    decimals = 0
    while decimals < MOST_DIGITS and value and not round(value, decimals):
        decimals += 1
    return number(value, decimals)


LEAST_KR = 500
"""Kroner missing or lost that are told: from here on they are shown as a thousand."""

ROUNDED = say(
    "Every amount is rounded by itself: a total may be some thousand kroner off the sum of its "
    "parts."
)


def adds_up(total: float, parts: Iterable[float]) -> bool:
    """Whether amounts add up as they are shown, each to the nearest thousand kroner."""
    return to_the_thousand(total) == sum(to_the_thousand(part) for part in parts)


def factor(metric: Metric) -> float:
    """What a value is multiplied by before it is shown: shares are shown in per cent."""
    return 100.0 if metric.kind in ("share", "binary") else 1.0


def level(metric: Metric, value: float, decimals: int) -> Text:
    """A level of a metric with its unit: 48 minutes, 12 %."""
    return _with_unit(metric, value, decimals, share=(say("{n} %"), say("{n} %")))


def change(metric: Metric, value: float, decimals: int, *, signed: bool = False) -> Text:
    """A difference of a metric with its unit: 12 minutes, 3 percentage points."""
    points = (say("{n} percentage point"), say("{n} percentage points"))
    return _with_unit(metric, value, decimals, share=points, signed=signed)


_TIME: dict[str, tuple[Text, Text]] = {
    "s": (say("{n} second"), say("{n} seconds")),
    "min": (say("{n} minute"), say("{n} minutes")),
    "min:s": (say("{n} minute"), say("{n} minutes")),
    "h": (say("{n} hour"), say("{n} hours")),
}


def _with_unit(
    metric: Metric, value: float, decimals: int, *, share: tuple[Text, Text], signed: bool = False
) -> Text:
    shown = value * factor(metric)
    figure = number(shown, decimals, signed=signed)
    if metric.kind == "duration":
        words = _TIME[metric.unit or "min"]
    elif metric.kind in ("share", "binary"):
        words = share
    else:
        return figure
    one = abs(round(shown, decimals)) == 1 and decimals == 0
    return Text(template=words[0 if one else 1].template, values={"n": figure})


def means(effect: Effect) -> tuple[float, float] | None:
    """Adjusted means without and with the tool; None where a group is too small to be shown.

    One mean and the effect give the other, so both are kept back together.
    """
    arms: tuple[ArmFigures, ArmFigures] = (effect.baseline, effect.treatment)
    without, with_tool = (arm.adjusted_mean for arm in arms)
    few = any(arm.clusters is not None and arm.clusters < FEWEST for arm in arms)
    if without is None or with_tool is None or few:
        return None
    return without, with_tool


def comparable(effect: Effect, decimals: int = 1) -> bool:
    """Whether the adjusted means, with so many decimals, are others than those measured."""
    arms = (effect.baseline, effect.treatment)
    pairs = [(arm.mean, arm.adjusted_mean) for arm in arms]
    return any(
        raw is not None and made is not None and round(raw, decimals) != round(made, decimals)
        for raw, made in pairs
    )


def raw_means(effect: Effect) -> tuple[float, float] | None:
    """What was measured without and with the tool, before any model; None as for `means`."""
    without, with_tool = effect.baseline.mean, effect.treatment.mean
    if means(effect) is None or without is None or with_tool is None:
        return None
    return without, with_tool


def per_cent(effect: Effect) -> tuple[float, float, float] | None:
    """Estimate, lower and upper end as a relative change in per cent; None where there is none."""
    values = [effect.relative_of(value) for value in (effect.estimate, *effect.ci)]
    if any(value is None for value in values):
        return None
    estimate, low, high = (100.0 * value for value in values if value is not None)
    return estimate, low, high
