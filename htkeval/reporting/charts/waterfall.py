"""Sums as full bars, steps as light ones, each with its name and its hours; the span below."""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from htkeval.reporting.charts.look import (
    CONFIG,
    FRAME,
    HALO,
    INK,
    MARK,
    MUTED,
    NARROW,
    PRIMARY,
    STEP,
    USERMETA,
    simulated_mark,
    x_at,
    y2_at,
    y_at,
)
from htkeval.reporting.pictures import tick_step
from htkeval.reporting.waterfall import Drop, Falling
from htkeval.text import Language, Text, render

PITCH, FIRST, BAR = 46, 30, 20
"""Pixels from row to row, above the first row's middle, and of a bar's height."""
NAMES, FIGURES = 292, 84
"""Pixels for the names left of the axis, and for the figures right of it."""
AXIS_BELOW = 40
CAP = 5


def draw(picture: Falling, language: Language, *, simulated: bool = False) -> alt.LayerChart:
    """Draw the falls.

    Args:
        picture: What to show.
        language: Of every word and number in it.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
    """
    domain = _domain(picture)
    last = FIRST + PITCH * len(picture.drops)
    zero = _at(domain, language, 0, x=0.0).mark_rule(size=2, color=INK)
    layers = [zero.encode(y=y_at(0), y2=y2_at(last + BAR))]
    for n, drop in enumerate(picture.drops):
        layers += _row(drop, FIRST + PITCH * n, domain, language)
    layers += _span(picture, last, domain, language)
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=last + BAR + AXIS_BELOW + (MARK if simulated else 0),
            **({"title": simulated_mark(language)} if simulated else {}),
            width="container",
            description=render(picture.alt, language),
            usermeta=USERMETA,
            padding={"left": 2, "right": 12, "top": 2, "bottom": 2},
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure(**CONFIG)
    )
    return chart


def _domain(picture: Falling) -> tuple[float, float]:
    marks = [end for one in picture.drops for end in (one.start, one.end)]
    low = min(0.0, picture.home.low, *marks)
    high = max(0.0, picture.home.high, *marks) or 1.0
    step = tick_step((low, high), ticks=4)
    return step * math.floor(low / step), step * math.ceil(high / step)


def _x(domain: tuple[float, float], language: Language) -> alt.X:
    step = tick_step(domain, ticks=4)
    ticks = [domain[0] + step * k for k in range(round((domain[1] - domain[0]) / step) + 1)]
    dot = "." if language == "da" else ","
    sign = "(datum.value < 0 ? '−' : '') + "
    label = f"{sign}replace(format(abs(datum.value), ',.0f'), ',', '{dot}')"
    start: Any = alt.expr(f"{NARROW} ? 0 : {NAMES}")
    return alt.X(
        "x:Q",
        scale=alt.Scale(
            domain=list(domain), nice=False, range=[start, alt.expr(f"width - {FIGURES}")]
        ),
        axis=alt.Axis(values=ticks, labelExpr=label, title=None),
    )


def _at(domain: tuple[float, float], language: Language, y: float, **values: float) -> alt.Chart:
    chart: alt.Chart = alt.Chart(alt.InlineData(values=[values])).encode(
        x=_x(domain, language), y=y_at(y)
    )
    return chart


def _row(
    drop: Drop, middle: float, domain: tuple[float, float], language: Language
) -> list[alt.Chart]:
    ends = sorted((drop.start, drop.end))
    look: dict[str, Any] = (
        {"color": PRIMARY} if drop.whole else {"color": STEP, "stroke": FRAME, "strokeWidth": 1}
    )
    bar = _at(domain, language, 0, x=ends[0], x2=ends[1]).mark_rect(**look)
    top, bottom = y_at(middle - BAR / 2), y2_at(middle + BAR / 2)
    figure = _at(domain, language, middle, x=ends[1])
    words: dict[str, Any] = {"text": render(drop.figure, language), "align": "left", "dx": 7}
    words |= {"fontSize": 14, "fontWeight": 600 if drop.whole else 400}
    return [
        bar.encode(x2="x2:Q", y=top, y2=bottom),
        figure.mark_text(**words, **HALO),
        figure.mark_text(**words, color=INK),
        *_name(drop.name, language, middle, bold=drop.whole),
    ]


def _name(name: Text, language: Language, middle: float, *, bold: bool) -> list[alt.Chart]:
    """A row's name: left of the axis, above the row on a phone."""
    chart = alt.Chart(alt.InlineData(values=[{}])).encode(x=x_at(0), y=y_at(middle))
    style: dict[str, Any] = {
        "text": render(name, language),
        "align": "left",
        "fontSize": 13,
        "fontWeight": 600 if bold else 400,
        "dy": alt.expr(f"{NARROW} ? -20 : 0"),
        "limit": alt.expr(f"{NARROW} ? width : {NAMES - 12}"),
    }
    colour = INK if bold else MUTED
    return [chart.mark_text(**style, **HALO), chart.mark_text(**style, color=colour)]


def _span(
    picture: Falling, middle: float, domain: tuple[float, float], language: Language
) -> list[alt.Chart]:
    """Low and high of the last sum: a thin line with end caps, and both ends in words."""
    low, high = picture.home.low, picture.home.high
    line = _at(domain, language, middle, x=low, x2=high).mark_rule(size=2, color=PRIMARY)
    caps = [
        _at(domain, language, middle, x=end)
        .mark_rule(size=2, color=PRIMARY)
        .encode(y=y_at(middle - CAP), y2=y2_at(middle + CAP))
        for end in (low, high)
    ]
    told = _at(domain, language, middle + 18, x=max(low, domain[0]))
    words: dict[str, Any] = {"text": render(picture.span_told, language), "align": "left"}
    return [
        line.encode(x2="x2:Q"),
        *caps,
        told.mark_text(**words, fontSize=13, **HALO),
        told.mark_text(**words, fontSize=13, color=INK),
        *_name(picture.span_name, language, middle, bold=False),
    ]
