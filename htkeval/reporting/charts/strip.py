"""Interval, estimate, no difference and the agreed line, all labelled."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.charts.axes import along, axis_labels, directions, inside
from htkeval.reporting.charts.frame import Drawing
from htkeval.reporting.charts.look import (
    INK,
    LINE_HEIGHT,
    LONGEST_LINE,
    PRIMARY,
    SURFACE,
    on_phone,
    y_at,
)
from htkeval.reporting.charts.marks import (
    at,
    dot,
    down,
    from_line,
    half,
    labelled,
    moved,
    named,
    ring,
    rows,
)
from htkeval.reporting.pictures import Picture, Row
from htkeval.text import Language, render, say

NAMES = 240
"""Pixels for the names of the rows, left of the axis, where there is room for them."""
TOP, PITCH, BOTTOM = 34, 48, 30
"""Pixels above the first row, between rows, and below the last."""
NARROWEST = 300
"""Pixels of an axis on a telephone."""
AROUND = 24 + 46
"""Pixels for the labels of the lines above, and for the axis with its title below."""


def draw(picture: Picture, language: Language, *, named: bool = True) -> Drawing:
    """Rows of intervals.

    Args:
        picture: What to show.
        language: Of every word and number in it.
        named: Whether the rows carry their names, as they do where there are several. Where
            they do not, the axis says what is shown and in which unit.
    """
    caption = [] if named else wrap(render(picture.caption, language), LONGEST_LINE)
    axis = along(
        picture.domain,
        picture.step,
        axis_labels(picture.step, language, signed=True),
        title=[*caption, directions(picture.left, picture.right, language)],
        start=on_phone(0, NAMES) if named else 0,
    )
    high = TOP + PITCH * (len(picture.rows) - 1) + BOTTOM
    layers = _lines(picture, axis, high, language)
    for n, row in enumerate(picture.rows):
        y = TOP + PITCH * n
        if row.ends:
            layers += _measured(picture, row, axis, y, language, named=named)
        else:
            layers += _told(picture, row, axis, y, language)
        if named:
            layers += _name(row, language, y, alone=len(picture.rows) == 1)
    return Drawing(layers, high + AROUND + LINE_HEIGHT * len(caption))


def _lines(picture: Picture, axis: alt.X, high: int, language: Language) -> list[alt.Chart]:
    """Zero, the agreed line, and the area beyond it."""
    layers: list[alt.Chart] = []
    left, right = "left", "right"
    if picture.line is not None:
        if picture.line > 0:
            left, right = right, left
        if picture.beyond is not None:
            layers += _beyond(picture, language, axis, high)
        figure = render(picture.figure(picture.line), language)
        name = f"{render(picture.line_name, language)} {figure}"
        layers += down(axis, picture.line, name, agreed=True, side=right)
    name = render(say("no difference"), language)
    return [*layers, *down(axis, 0.0, name, agreed=False, side=left)]


def _beyond(picture: Picture, language: Language, axis: alt.X, high: int) -> list[alt.Chart]:
    """The area beyond the agreed line, named where there is room."""
    line = picture.line or 0.0
    end = picture.domain[1] if line > 0 else picture.domain[0]
    data = rows({"x": line, "x2": end, "end": end})
    share = abs(end - line) / (picture.domain[1] - picture.domain[0])
    area = data.mark_rect(color=SURFACE).encode(x=axis, x2=alt.X2("x2:Q"))
    words = data.mark_text(
        text=render(picture.beyond or "", language),
        align="right" if line > 0 else "left",
        dx=-6 if line > 0 else 6,
        dy=-4,
        baseline="bottom",
        fontSize=13,
        color=INK,
        opacity=alt.expr(f"{share} * (width - {NAMES}) < 140 ? 0 : 1"),
    )
    return [area, words.encode(x=alt.X("end:Q"), y=y_at(high))]


def _measured(
    picture: Picture, row: Row, axis: alt.X, y: int, language: Language, *, named: bool
) -> list[alt.Chart]:
    """Interval, estimate and their figures."""
    low, high = row.ends or (row.estimate, row.estimate)
    values = {
        "x": max(low, picture.domain[0]),
        "x2": min(high, picture.domain[1]),
        "estimate": inside(row.estimate, picture.domain),
    }
    told = [render(picture.figure(one), language) for one in (row.estimate, low, high)]
    chart = at(axis, y, **values)
    seen, end = chart.encode(x=alt.X("estimate:Q")), {"fontSize": 14, "fontWeight": "normal"}
    return [
        chart.mark_rule(size=5, strokeCap="round", color=PRIMARY).encode(x2=alt.X2("x2:Q")),
        seen.mark_point(**dot(220)),
        *labelled(
            seen,
            told[0],
            PRIMARY,
            dy=-18,
            fontSize=16,
            fontWeight=700,
            **_clear(values["estimate"], told[0], picture, NAMES if named else 0),
        ),
        *labelled(chart, told[1], INK, align="right", dx=-9, **end),
        *labelled(chart.encode(x=alt.X("x2:Q")), told[2], INK, align="left", dx=9, **end),
    ]


def _clear(estimate: float, label: str, picture: Picture, names: int) -> dict[str, Any]:
    """How far an estimate's figure is moved off a line that would run through it, if one would."""
    off = from_line(estimate, (0.0, picture.line), picture.domain)
    if abs(off) * NARROWEST >= half(len(label)):
        return {}
    room = on_phone("width", f"(width - {names})").expr
    return {"dx": alt.expr(moved(str(off), str(len(label)), room))}


def _told(picture: Picture, row: Row, axis: alt.X, y: int, language: Language) -> list[alt.Chart]:
    """What was expected or felt: an open diamond without a line."""
    chart = at(axis, y, x=row.estimate)
    label = render(picture.figure(row.estimate), language)
    return [
        chart.mark_point(**ring(130, colour=INK, shape="diamond")),
        chart.mark_text(text=label, align="left", dx=13, fontSize=14, color=INK),
    ]


def _name(row: Row, language: Language, y: int, *, alone: bool) -> list[alt.Chart]:
    """A row's name; on a phone not at all where it is alone."""
    style: dict[str, Any] = {
        "fontSize": on_phone(13, 15),
        "fontWeight": 600 if row.ends else 400,
        "opacity": on_phone(0 if alone else 1, 1),
    }
    limit = ("width", NAMES - 20)
    return named(render(row.name, language), y, up=22, limit=limit, colour=INK, **style)
