"""A band that holds at every moment, the estimate's line, looks and their limits."""

from __future__ import annotations

from typing import Any

import altair as alt

from htkeval.reporting.charts.axes import axis_labels, ticks, upwards
from htkeval.reporting.charts.frame import HEADED, Drawing
from htkeval.reporting.charts.look import BAND, INK, LINE, PRIMARY
from htkeval.reporting.charts.marks import dot, labelled, ring, rows
from htkeval.reporting.course import At, Course
from htkeval.text import Language, render, say

HEIGHT = 400
"""Pixels, axis and heading included."""
TICKS = 5
"""Along the axis, about."""
APART = 18
"""Pixels between what is said of one look and of the next."""
LIMIT = 34
"""Pixels that a limit is wide."""


def draw(course: Course, language: Language) -> Drawing:
    """A course."""
    layers = [*_band(course, language), *_lines(course, language)]
    for at in course.looks:
        layers += _look(course, at, language)
    return Drawing(layers, HEIGHT, headed=HEADED)


def _on(course: Course, language: Language, values: list[dict[str, float]]) -> alt.Chart:
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, course.last * 1.05], nice=False),
        axis=alt.Axis(
            tickCount=TICKS,
            labelExpr="format(datum.value, '.0f')",
            title=render(say("measurements"), language),
        ),
    )
    labels = axis_labels(course.step, language, signed=True)
    y = upwards(course.domain, ticks(course.domain, course.step), labels, clamp=True)
    return rows(*values, x=x, y=y)


def _band(course: Course, language: Language) -> list[alt.Chart]:
    if not course.moments:
        return []
    values = [
        {"x": one.rows, "y": one.ends[0], "y2": one.ends[1], "estimate": one.estimate}
        for one in course.moments
    ]
    chart = _on(course, language, values)
    line = [{"x": one.rows, "y": one.estimate} for one in course.moments]
    return [
        chart.mark_area(color=BAND, opacity=1).encode(y2=alt.Y2("y2:Q")),
        _on(course, language, line).mark_line(size=3, color=PRIMARY),
    ]


def _lines(course: Course, language: Language) -> list[alt.Chart]:
    """No difference and the worthwhile effect, named at the left where no look is."""
    marked: list[tuple[float, Any, str, list[int]]] = [(0.0, say("no difference"), INK, [])]
    if course.line is not None:
        name = say("worthwhile gain {change}", change=course.figure(course.line))
        marked.append((course.line, name, LINE, [5, 4]))
    made = []
    for value, name, colour, dash in marked:
        ends = [{"x": 0.0, "y": value}, {"x": course.last * 1.05, "y": value}]
        style: dict[str, Any] = {"strokeDash": dash} if dash else {}
        made.append(_on(course, language, ends).mark_line(size=2, color=colour, **style))
        at = _on(course, language, ends[:1])
        below = value >= (course.line if course.line is not None else 0.0)
        made += labelled(
            at, render(name, language), colour, align="left", dx=4, dy=-9 if below else 11
        )
    return made


def _look(course: Course, at: At, language: Language) -> list[alt.Chart]:
    """Limits as short strokes, what was found as a point: open where it went on."""
    low, high = course.domain
    limits = [{"x": at.look.rows, "y": one} for one in at.bounds if low <= one <= high]
    stroke: dict[str, Any] = {"thickness": 3, "size": LIMIT, "color": INK, "orient": "horizontal"}
    late = at.look.rows > course.last / 2
    side = {"align": "right" if late else "left"}
    point = _on(course, language, [{"x": at.look.rows, "y": at.estimate}])
    found = {**dot(190), "strokeWidth": 3}
    dx = -12 if late else 12
    down = 22 + APART * (len(course.looks) - at.look.k)  # so that no two lie on one another
    made = [
        _on(course, language, limits).mark_tick(**stroke),
        point.mark_point(**(found if at.look.crossed else ring(190, thick=3))),
        *labelled(point, render(course.said(at), language), PRIMARY, dx=dx, dy=down, **side),
    ]
    top = [one for one in limits if one["y"] == max(at.bounds)]
    if top:
        name = render(say("limit at look {k}", k=at.look.k), language)
        made += labelled(
            _on(course, language, top),
            name,
            INK,
            dx=0,
            dy=-10,
            align="right" if late else "center",
        )
    return made
