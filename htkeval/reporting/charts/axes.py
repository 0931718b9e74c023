"""The axes of every chart: where their ticks are, and what stands at them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from htkeval.reporting.charts.look import HAIR
from htkeval.text import Language, Text, render

Domain = tuple[float, float]

GAP = "\u00a0" * 6
"""Between the two directions; plain spaces would be drawn as one."""


def ticks(domain: Domain, step: float) -> list[float]:
    """Every multiple of the step on an axis, zero among them where it is on it."""
    first, last = math.ceil(domain[0] / step - 1e-9), math.floor(domain[1] / step + 1e-9)
    return [step * k for k in range(first, last + 1)]


def directions(left: Text, right: Text, language: Language) -> str:
    """Which way is which, under an axis."""
    return f"← {render(left, language)}{GAP}{render(right, language)} →"


def axis_labels(step: float, language: Language, *, signed: bool) -> str:
    """A Vega expression for a tick's label, in the language's own comma."""
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2 if step >= 0.01 else 3
    comma = "," if language == "da" else "."
    minus = "(datum.value < -1e-9 ? '−' : '')"
    sign = f"(datum.value > 1e-9 ? '+' : {minus})" if signed else minus
    return f"{sign} + replace(format(abs(datum.value), '.{decimals}f'), '.', '{comma}')"


def large_labels(language: Language) -> str:
    """The same of whole numbers that may have thousands."""
    dot = "." if language == "da" else ","
    sign = "(datum.value < 0 ? '−' : '')"
    return f"{sign} + replace(format(abs(datum.value), ',.0f'), ',', '{dot}')"


def along(
    ends: Domain, step: float, labels: str, *, title: str | list[str] | None = None,
    start: Any = 0, end: Any = None, **axis: Any,
) -> alt.X:  # fmt: skip
    """The axis from left to right.

    Args:
        ends: Left and right.
        step: Between two ticks.
        labels: A Vega expression for what stands at a tick.
        title: What stands under it.
        start, end: Where it begins and ends, in pixels or as an expression; the whole width where
            nothing is said.
        axis: What else is to be said of it.
    """
    given: dict[str, Any] = {"values": ticks(ends, step), "labelExpr": labels, "title": title}
    return alt.X(
        "x:Q",
        scale=alt.Scale(
            domain=list(ends),
            nice=False,
            zero=False,
            range=[start, alt.expr("width") if end is None else end],
        ),
        axis=alt.Axis(**{**given, **axis}),
    )


def upwards(
    domain: Domain, values: Sequence[float], labels: str | None = None, *, clamp: bool = False
) -> alt.Y:
    """The axis from the bottom to the top: hairs across the chart, and no line of its own."""
    told: dict[str, Any] = {} if labels is None else {"labelExpr": labels}
    within: dict[str, Any] = {"clamp": True} if clamp else {}
    return alt.Y(
        "y:Q",
        scale=alt.Scale(domain=list(domain), nice=False, zero=False, **within),
        axis=alt.Axis(
            values=list(values), **told, title=None, grid=True, gridColor=HAIR, domain=False
        ),
    )


def inside(value: float, domain: Domain) -> float:
    """A mark that is not drawn beyond the axis."""
    return min(max(value, domain[0]), domain[1])
