"""A curve as a chart, in the look of the others: line, the policy's demand, the goal, labelled."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.charts.look import (
    CONFIG,
    HAIR,
    HALO,
    INK,
    LINE,
    LONGEST_LINE,
    MUTED,
    PRIMARY,
    USERMETA,
)
from htkeval.reporting.curve import Curve, signed
from htkeval.text import Language, render, say

HEIGHT = 300
"""Pixels, axis and heading included."""
TICKS = (0, 20, 40, 60, 80, 100)
"""Of the height."""


def draw(curve: Curve, language: Language, *, simulated: bool = False) -> alt.LayerChart:
    """Draw a curve.

    Args:
        curve: What to show.
        language: Of every word and number in it.
        simulated: Not asked: a plan's curve is about no measurements.
    """
    del simulated
    layers = [*_demand(curve, language), *_goal(curve, language), *_line(curve, language)]
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=HEIGHT,
            title=_heading(curve, language),
            width="container",
            description=render(curve.alt, language),
            usermeta=USERMETA,
            padding={"left": 2, "right": 14, "top": 2, "bottom": 2},
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure(**CONFIG)
    )
    return chart


def _heading(curve: Curve, language: Language) -> alt.TitleParams:
    """What the height is: above the axis, where it can be read without turning one's head."""
    return alt.TitleParams(
        wrap(render(curve.caption, language), LONGEST_LINE),
        anchor="start",
        frame="group",
        fontSize=13,
        fontWeight=600,
        color=INK,
        offset=22,
    )


def _x(curve: Curve, language: Language) -> alt.X:
    low, high = curve.domain
    ticks = [low + curve.step * k for k in range(round((high - low) / curve.step) + 1)]
    sign = "(datum.value > 1e-9 ? '+' : datum.value < -1e-9 ? '−' : '')"
    return alt.X(
        "x:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False),
        axis=alt.Axis(
            values=ticks,
            labelExpr=f"{sign} + format(abs(datum.value), '.0f')",
            title=wrap(render(curve.axis, language), LONGEST_LINE),
        ),
    )


def _y() -> alt.Y:
    axis = alt.Axis(values=list(TICKS), title=None, grid=True, gridColor=HAIR, domain=False)
    return alt.Y("y:Q", scale=alt.Scale(domain=[0, 100]), axis=axis)


def _at(curve: Curve, language: Language, *points: tuple[float, float]) -> alt.Chart:
    data = alt.InlineData(values=[{"x": x, "y": y} for x, y in points])
    return alt.Chart(data).encode(x=_x(curve, language), y=_y())


def _line(curve: Curve, language: Language) -> list[alt.Chart]:
    """The curve, and where it reaches what the policy wants."""
    line = _at(curve, language, *curve.points).mark_line(size=4, color=PRIMARY, strokeCap="round")
    mark: dict[str, Any] = {"filled": True, "size": 160, "opacity": 1, "stroke": "#FFFFFF"}
    dot = _at(curve, language, curve.seen)
    label = render(signed(curve.seen[0]), language)
    side = _side(curve, curve.seen[0])
    return [
        line,
        dot.mark_point(**mark, color=PRIMARY),
        *_label(dot, label, PRIMARY, align=side, dx=_away(side), dy=18),
    ]


def _demand(curve: Curve, language: Language) -> list[alt.Chart]:
    """How often the policy wants the goal to be seen."""
    low, high = curve.domain
    far = high if low == 0 else low  # where the curve is high, so that it crosses no label
    wanted = curve.seen[1]
    rule = _at(curve, language, (low, wanted), (high, wanted))
    label = render(say("the policy wants {n:0}", n=wanted), language)
    at = _at(curve, language, (far, wanted))
    align = "left" if far == low else "right"
    return [
        rule.mark_line(size=2, strokeDash=[2, 3], color=MUTED),
        *_label(at, label, MUTED, align=align, dx=6 if align == "left" else -6, dy=-9),
    ]


def _goal(curve: Curve, language: Language) -> list[alt.Chart]:
    """The smallest change worth having, from the bottom to the top."""
    if curve.goal is None:
        return []
    change = curve.goal[0]
    rule = _at(curve, language, (change, 0), (change, 100))
    label = render(say("goal {change}", change=signed(change)), language)
    top = _at(curve, language, (change, 100))
    side = _side(curve, change)
    return [
        rule.mark_line(size=2, strokeDash=[5, 4], color=LINE),
        *_label(top, label, LINE, align=side, dx=0, dy=-9),
    ]


def _side(curve: Curve, change: float) -> str:
    """A label reads towards the middle of the chart."""
    low, high = curve.domain
    return "left" if change < (low + high) / 2 else "right"


def _away(side: str) -> int:
    return 10 if side == "left" else -10


def _label(
    chart: alt.Chart, label: str, colour: str, *, align: str, dx: int, dy: int
) -> list[alt.Chart]:
    style: dict[str, Any] = {
        "text": label,
        "align": align,
        "dx": dx,
        "dy": dy,
        "fontSize": 13,
        "fontWeight": 600,
    }
    return [chart.mark_text(**style, **HALO), chart.mark_text(**style, color=colour)]
