"""A band that holds at every moment, the estimate's line, looks and their limits."""

from __future__ import annotations

from typing import Any

import altair as alt

from htkeval.reporting.charts.axes import axis_labels, heading, labelled, whole
from htkeval.reporting.charts.look import BAND, HAIR, INK, LINE, MARK, PRIMARY
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


def draw(course: Course, language: Language, *, simulated: bool = False) -> alt.LayerChart:
    """Draw a course.

    Args:
        course: What to show.
        language: Of every word and number in it.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
    """
    layers = [*_band(course, language), *_lines(course, language)]
    for at in course.looks:
        layers += _look(course, at, language)
    return whole(
        layers,
        course,
        language,
        height=HEIGHT + (MARK if simulated else 0),
        title=heading(course.caption, language, simulated=simulated),
    )


def _on(course: Course, language: Language, values: list[dict[str, float]]) -> alt.Chart:
    low, high = course.domain
    first = round(low / course.step)
    ticks = [course.step * (first + k) for k in range(round((high - low) / course.step) + 1)]
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, course.last * 1.05], nice=False),
        axis=alt.Axis(
            tickCount=TICKS,
            labelExpr="format(datum.value, '.0f')",
            title=render(say("measurements"), language),
        ),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False, clamp=True),
        axis=alt.Axis(
            values=ticks,
            labelExpr=axis_labels(course.step, language, signed=True),
            title=None,
            domain=False,
            grid=True,
            gridColor=HAIR,
        ),
    )
    return alt.Chart(alt.InlineData(values=values)).encode(x=x, y=y)


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
        chart.mark_area(color=BAND, opacity=1).encode(y2="y2:Q"),
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
    mark: dict[str, Any] = {"filled": True, "opacity": 1, "size": 190, "strokeWidth": 3}
    mark |= (
        {"fill": PRIMARY, "stroke": "#FFFFFF"}
        if at.look.crossed
        else {"fill": "#FFFFFF", "stroke": PRIMARY}
    )
    dx = -12 if late else 12
    down = 22 + APART * (len(course.looks) - at.look.k)  # so that no two lie on one another
    made = [
        _on(course, language, limits).mark_tick(**stroke),
        point.mark_point(**mark),
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
