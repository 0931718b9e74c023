"""Interval, estimate, no difference and the agreed line, all labelled."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.charts.look import (
    CONFIG,
    HALO,
    INK,
    LINE,
    LINE_HEIGHT,
    LONGEST_LINE,
    MARK,
    NARROW,
    PRIMARY,
    SURFACE,
    USERMETA,
    simulated_mark,
    x_at,
    y_at,
)
from htkeval.reporting.pictures import Picture, Row
from htkeval.text import Language, render, say

GAP = "\u00a0" * 6
"""Between the two directions; plain spaces would be drawn as one."""
NAMES = 240
"""Pixels for the names of the rows, left of the axis, where there is room for them."""
TOP, PITCH, BOTTOM = 34, 48, 30
"""Pixels above the first row, between rows, and below the last."""
AROUND = 24 + 46
"""Pixels for the labels of the lines above, and for the axis with its title below."""


def draw(
    picture: Picture, language: Language, *, named: bool = True, simulated: bool = False
) -> alt.LayerChart:
    """Draw a picture.

    Args:
        picture: What to show.
        language: Of every word and number in it.
        named: Whether the rows carry their names, as they do where there are several. Where
            they do not, the axis says what is shown and in which unit.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
    """
    mark = {"title": simulated_mark(language)} if simulated else {}
    layers = [*_lines(picture, language, named), *_rows(picture, language, named)]
    below = LINE_HEIGHT * (len(_axis_title(picture, language, named)) - 1)
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=_height(picture) + AROUND + below + (MARK if simulated else 0),
            **mark,
            width="container",
            description=render(picture.alt, language),
            usermeta=USERMETA,
            padding={"left": 2, "right": 12, "top": 2, "bottom": 2},
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure(**CONFIG)
    )
    return chart


def _height(picture: Picture) -> int:
    """Pixels between the lines' labels and the axis."""
    return TOP + PITCH * (len(picture.rows) - 1) + BOTTOM


def _x(picture: Picture, language: Language, named: bool) -> alt.X:
    """The axis: round ticks, signed labels with the language's comma, and which way is which."""
    low, high = picture.domain
    ticks = [low + picture.step * k for k in range(round((high - low) / picture.step) + 1)]
    decimals = 0 if picture.step >= 1 else 1 if picture.step >= 0.1 else 2
    comma = "," if language == "da" else "."
    sign = "(datum.value > 1e-9 ? '+' : datum.value < -1e-9 ? '−' : '')"
    label = f"{sign} + replace(format(abs(datum.value), '.{decimals}f'), '.', '{comma}')"
    start: Any = alt.expr(f"{NARROW} ? 0 : {NAMES}") if named else 0
    return alt.X(
        "x:Q",
        scale=alt.Scale(
            domain=[low, high], nice=False, zero=False, range=[start, alt.expr("width")]
        ),
        axis=alt.Axis(values=ticks, labelExpr=label, title=_axis_title(picture, language, named)),
    )


def _axis_title(picture: Picture, language: Language, named: bool) -> list[str]:
    """Which way is which; and where no heading says it, what is shown and in which unit."""
    left, right = render(picture.left, language), render(picture.right, language)
    caption = [] if named else wrap(render(picture.caption, language), LONGEST_LINE)
    return [*caption, f"← {left}{GAP}{right} →"]


def _y(pixels: float) -> Any:
    return y_at(pixels)


def _point(x: alt.X, value: float) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=[{"x": value}])).encode(x=x)


def _lines(picture: Picture, language: Language, named: bool) -> list[alt.Chart]:
    """Zero, the agreed line, and the area beyond it."""
    x = _x(picture, language, named)
    layers = []
    zero_left = picture.line is not None and picture.line > 0
    if picture.line is not None:
        if picture.beyond is not None:
            layers += _beyond(picture, language, x)
        label = f"{render(picture.line_name, language)} " + render(
            picture.figure(picture.line), language
        )
        rule = _point(x, picture.line)
        layers.append(rule.mark_rule(size=2, strokeDash=[5, 4], color=LINE))
        layers.append(_top_label(rule, label, LINE, align="left" if zero_left else "right"))
    zero = _point(x, 0.0)
    layers.append(zero.mark_rule(size=2, color=INK))
    name = render(say("no difference"), language)
    layers.append(_top_label(zero, name, INK, align="right" if zero_left else "left"))
    return layers


def _top_label(point: alt.Chart, label: str, colour: str, *, align: Any) -> alt.Chart:
    dx = {"left": -2, "right": 2}[align]
    chart: alt.Chart = point.mark_text(
        text=label,
        align=align,
        dx=dx,
        dy=-7,
        baseline="bottom",
        color=colour,
        fontSize=13,
        fontWeight=600,
    ).encode(y=_y(0))
    return chart


def _beyond(picture: Picture, language: Language, x: alt.X) -> list[alt.Chart]:
    """The area beyond the agreed line, named where there is room."""
    line = picture.line or 0.0
    end = picture.domain[1] if line > 0 else picture.domain[0]
    data = alt.InlineData(values=[{"x": line, "x2": end, "end": end}])
    share = abs(end - line) / (picture.domain[1] - picture.domain[0])
    area = alt.Chart(data).mark_rect(color=SURFACE).encode(x=x, x2="x2:Q")
    words = alt.Chart(data).mark_text(
        text=render(picture.beyond or "", language),
        align="right" if line > 0 else "left",
        dx=-6 if line > 0 else 6,
        dy=-4,
        baseline="bottom",
        fontSize=13,
        color=INK,
        opacity=alt.expr(f"{share} * (width - {NAMES}) < 140 ? 0 : 1"),
    )
    return [area, words.encode(x=alt.X("end:Q"), y=_y(_height(picture)))]


def _rows(picture: Picture, language: Language, named: bool) -> list[alt.Chart]:
    """Interval, estimate and their figures; an open diamond for what was not measured."""
    layers: list[alt.Chart] = []
    x = _x(picture, language, named)
    for index, row in enumerate(picture.rows):
        y = _y(TOP + PITCH * index)
        layers += _measured(picture, row, language, x, y) if row.ends else []
        layers += [] if row.ends else _told(picture, row, language, x, y)
        if named:
            layers += _name(row, language, y, alone=len(picture.rows) == 1)
    return layers


def _measured(picture: Picture, row: Row, language: Language, x: alt.X, y: Any) -> list[alt.Chart]:
    low, high = row.ends or (row.estimate, row.estimate)
    start, stop = picture.domain
    inside = {"x": max(low, start), "x2": min(high, stop)}
    values = {**inside, "estimate": min(max(row.estimate, start), stop)}
    chart = alt.Chart(alt.InlineData(values=[values]))
    figure = {
        name: render(picture.figure(value), language)
        for name, value in (("estimate", row.estimate), ("low", low), ("high", high))
    }
    at = alt.X("estimate:Q")
    head: dict[str, Any] = {"text": figure["estimate"], "dy": -18, "fontSize": 16}
    end: dict[str, Any] = {"fontSize": 14, "color": INK}
    left: dict[str, Any] = {"text": figure["low"], "align": "right", "dx": -9}
    right: dict[str, Any] = {"text": figure["high"], "align": "left", "dx": 9}
    span = chart.mark_rule(size=5, strokeCap="round", color=PRIMARY)
    dot = chart.mark_point(filled=True, size=220, opacity=1, color=PRIMARY, stroke="#FFFFFF")
    return [
        span.encode(x=x, x2="x2:Q", y=y),
        dot.encode(x=at, y=y),
        chart.mark_text(**head, fontWeight=700, color=PRIMARY, **HALO).encode(x=at, y=y),
        chart.mark_text(**head, fontWeight=700, color=PRIMARY).encode(x=at, y=y),
        chart.mark_text(**left, **end, **HALO).encode(x=x, y=y),
        chart.mark_text(**left, **end).encode(x=x, y=y),
        chart.mark_text(**right, **end, **HALO).encode(x="x2:Q", y=y),
        chart.mark_text(**right, **end).encode(x="x2:Q", y=y),
    ]


def _told(picture: Picture, row: Row, language: Language, x: alt.X, y: Any) -> list[alt.Chart]:
    """What was expected or felt: an open diamond without a line."""
    chart = _point(x, row.estimate).encode(y=y)
    label = render(picture.figure(row.estimate), language)
    return [
        chart.mark_point(
            shape="diamond",
            filled=True,
            fill="#FFFFFF",
            size=130,
            stroke=INK,
            strokeWidth=2,
            opacity=1,
        ),
        chart.mark_text(text=label, align="left", dx=13, fontSize=14, color=INK),
    ]


def _name(row: Row, language: Language, y: Any, *, alone: bool) -> list[alt.Chart]:
    """A row's name: left of the axis, above the row on a phone, not at all where it is alone."""
    hidden = 0 if alone else 1
    chart = alt.Chart(alt.InlineData(values=[{}])).encode(x=x_at(0), y=y)
    style: dict[str, Any] = {
        "text": render(row.name, language),
        "align": "left",
        "fontSize": alt.expr(f"{NARROW} ? 13 : 15"),
        "fontWeight": 600 if row.ends else 400,
        "dy": alt.expr(f"{NARROW} ? -22 : 0"),
        "opacity": alt.expr(f"{NARROW} ? {hidden} : 1"),
        "limit": alt.expr(f"{NARROW} ? width : {NAMES - 20}"),
    }
    return [chart.mark_text(**style, **HALO), chart.mark_text(**style, color=INK)]
