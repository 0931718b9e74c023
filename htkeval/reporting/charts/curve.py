"""A curve as a chart: line, the policy's demand, the goal, labelled."""

from __future__ import annotations

import math
from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.charts.axes import along, axis_labels, upwards
from htkeval.reporting.charts.frame import HEADED, Drawing
from htkeval.reporting.charts.look import LINE, LONGEST_LINE, MUTED, PRIMARY
from htkeval.reporting.charts.marks import dot, labelled, rows
from htkeval.reporting.curve import Curve, signed
from htkeval.text import Language, render, say

HEIGHT = 300
"""Pixels, axis and heading included."""
A_FIGURE = 0.16
"""Share of a telephone's axis that a figure and its distance from the dot take."""
TICKS = (0, 20, 40, 60, 80, 100)
"""Of the height."""


def draw(curve: Curve, language: Language) -> Drawing:
    """A curve."""
    layers = [*_demand(curve, language), *_goal(curve, language), *_line(curve, language)]
    return Drawing(layers, HEIGHT, headed=HEADED, right=14)


def _at(curve: Curve, language: Language, *points: tuple[float, float]) -> alt.Chart:
    labels = axis_labels(curve.step, language, signed=True)
    title = wrap(render(curve.axis, language), LONGEST_LINE)
    x = along(curve.domain, curve.step, labels, title=title)
    return rows(*({"x": x, "y": y} for x, y in points), x=x, y=upwards((0, 100), TICKS))


def _line(curve: Curve, language: Language) -> list[alt.Chart]:
    """The curve, and where it reaches what the policy wants."""
    line = _at(curve, language, *curve.points).mark_line(size=4, color=PRIMARY, strokeCap="round")
    seen = _at(curve, language, curve.seen)
    label = render(signed(curve.seen[0]), language)
    place = _under(curve)
    return [line, seen.mark_point(**dot(160)), *labelled(seen, label, PRIMARY, **place)]


def _under(curve: Curve) -> dict[str, Any]:
    """Where the figure of the dot stands: under it on the side where the curve is high, or, where
    the goal's line would run through it there, over it on the other."""
    low, high = curve.domain
    side = _side(curve, curve.seen[0])
    away = 10 if side == "left" else -10
    ahead = math.copysign(1.0, away) * ((curve.goal or (math.inf, 0))[0] - curve.seen[0])
    if 0 <= ahead < A_FIGURE * (high - low):
        return {"align": "right" if side == "left" else "left", "dx": -away, "dy": -12}
    return {"align": side, "dx": away, "dy": 18}


def _demand(curve: Curve, language: Language) -> list[alt.Chart]:
    """How often the policy wants the goal to be seen."""
    low, high = curve.domain
    far = high if low == 0 else low  # where the curve is high, so that it crosses no label
    wanted = curve.seen[1]
    rule = _at(curve, language, (low, wanted), (high, wanted))
    label = render(say("the policy wants {n:0}", n=wanted), language)
    side = {"align": "left", "dx": 6} if far == low else {"align": "right", "dx": -6}
    return [
        rule.mark_line(size=2, strokeDash=[2, 3], color=MUTED),
        *labelled(_at(curve, language, (far, wanted)), label, MUTED, dy=-9, **side),
    ]


def _goal(curve: Curve, language: Language) -> list[alt.Chart]:
    """The smallest change worth having, from the bottom to the top."""
    if curve.goal is None:
        return []
    change = curve.goal[0]
    rule = _at(curve, language, (change, 0), (change, 100))
    label = render(say("goal {change}", change=signed(change)), language)
    top = _at(curve, language, (change, 100))
    return [
        rule.mark_line(size=2, strokeDash=[5, 4], color=LINE),
        *labelled(top, label, LINE, align=_side(curve, change), dx=0, dy=-9),
    ]


def _side(curve: Curve, change: float) -> str:
    """A label reads towards the middle of the chart."""
    low, high = curve.domain
    return "left" if change < (low + high) / 2 else "right"
