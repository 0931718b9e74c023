"""Each trial's interval, all together below, and the span in which one more trial is expected."""

from __future__ import annotations

from typing import Any

import altair as alt

from htkeval.reporting.charts.look import (
    CONFIG,
    HALO,
    INK,
    MARK,
    MUTED,
    NARROW,
    PRIMARY,
    USERMETA,
    simulated_mark,
    x_at,
    y2_at,
    y_at,
)
from htkeval.reporting.charts.strip import GAP
from htkeval.reporting.forest import Forest, Study, figure
from htkeval.reporting.pictures import tick_step
from htkeval.text import Language, Text, render, say

PITCH, FIRST, BELOW = 50, 44, 26
"""Pixels from row to row, above the first, and below the last."""
NAMES, FIGURES = 250, 150
"""Pixels for the names left of the axis, and for estimate and interval right of it."""
AROUND = 70
CAP = 6


def draw(picture: Forest, language: Language, *, simulated: bool = False) -> alt.LayerChart:
    """Draw the trials.

    Args:
        picture: What to show.
        language: Of every word and number in it.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
    """
    rows = len(picture.every) + bool(picture.prediction)
    height = FIRST + PITCH * (rows - 1) + BELOW
    axis = _x(picture, language)
    layers = _zero(axis, height, language)
    for n, study in enumerate(picture.every):
        together = study is picture.together
        layers += _study(picture, study, axis, FIRST + PITCH * n, language, together=together)
    if picture.prediction:
        layers += _prediction(picture, axis, FIRST + PITCH * (rows - 1), language)
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=height + AROUND + (MARK if simulated else 0),
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


def _x(picture: Forest, language: Language) -> alt.X:
    low, high = picture.domain
    step = tick_step((low, high), ticks=6)
    first = step * round(low / step)
    ticks = [first + step * k for k in range(round((high - first) / step) + 1)]
    sign = "(datum.value > 1e-9 ? '+' : datum.value < -1e-9 ? '−' : '')"
    ways = say("faster"), say("slower")
    if not picture.lower_is_better:
        ways = say("worse"), say("better")
    left, right = (render(way, language) for way in ways)
    edge: Any = alt.expr(f"{NARROW} ? 0 : {NAMES}")
    end: Any = alt.expr(f"{NARROW} ? width : width - {FIGURES}")
    return alt.X(
        "x:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False, range=[edge, end]),
        axis=alt.Axis(
            values=ticks,
            labelExpr=f"{sign} + format(abs(datum.value), '.0f')",
            title=f"← {left}{GAP}{right} →",
        ),
    )


def _at(axis: alt.X, y: float, **values: float) -> alt.Chart:
    chart: alt.Chart = alt.Chart(alt.InlineData(values=[values])).encode(x=axis, y=y_at(y))
    return chart


def _zero(axis: alt.X, height: float, language: Language) -> list[alt.Chart]:
    rule = _at(axis, 0, x=0.0).mark_rule(size=2, color=INK)
    words: dict[str, Any] = {"fontSize": 13, "fontWeight": 600, "color": INK}
    name = render(say("no difference"), language)
    label = _at(axis, 0, x=0.0).mark_text(text=name, dy=-7, baseline="bottom", **words)
    return [rule.encode(y=y_at(0), y2=y2_at(height)), label]


def _study(
    picture: Forest, study: Study, axis: alt.X, y: float, language: Language, *, together: bool
) -> list[alt.Chart]:
    """Interval and estimate; open where the trial is in no sum."""
    start, stop = picture.domain
    low, high = max(study.ends[0], start), min(study.ends[1], stop)
    line = _at(axis, y, x=low, x2=high).mark_rule(
        size=7 if together else 4, strokeCap="round", color=PRIMARY
    )
    at = min(max(study.estimate, start), stop)
    look: dict[str, Any] = {"size": 260 if together else 170, "opacity": 1, "filled": True}
    look |= (
        {"color": PRIMARY, "stroke": "#FFFFFF"}
        if study.counts
        else {"fill": "#FFFFFF", "stroke": PRIMARY, "strokeWidth": 2}
    )
    told = say(
        "{estimate} ({low} to {high})",
        estimate=figure(study.estimate),
        low=figure(study.ends[0]),
        high=figure(study.ends[1]),
    )
    return [
        line.encode(x2="x2:Q"),
        _at(axis, y, x=at).mark_point(**look),
        *_words(study.name, told, y, language, bold=together),
    ]


def _prediction(picture: Forest, axis: alt.X, y: float, language: Language) -> list[alt.Chart]:
    """A thin line with end caps: where one more trial is expected, which is no measurement."""
    assert picture.prediction is not None
    start, stop = picture.domain
    low, high = max(picture.prediction[0], start), min(picture.prediction[1], stop)
    line = _at(axis, y, x=low, x2=high).mark_rule(size=2, color=PRIMARY)
    caps = [
        _at(axis, y, x=end)
        .mark_rule(size=2, color=PRIMARY)
        .encode(y=y_at(y - CAP), y2=y2_at(y + CAP))
        for end in (low, high)
    ]
    ends = [figure(end) for end in picture.prediction]
    told = say("{low} to {high}", low=ends[0], high=ends[1])
    name = picture.prediction_name
    return [line.encode(x2="x2:Q"), *caps, *_words(name, told, y, language, bold=False)]


def _words(name: Text, told: Text, y: float, language: Language, *, bold: bool) -> list[alt.Chart]:
    """Name and figures beside the row; both above it on a phone."""
    nothing = alt.Chart(alt.InlineData(values=[{}])).encode(y=y_at(y))
    weight = 600 if bold else 400
    left: dict[str, Any] = {
        "text": render(name, language),
        "align": "left",
        "fontSize": 13,
        "fontWeight": weight,
        "dy": alt.expr(f"{NARROW} ? -21 : 0"),
        "limit": alt.expr(f"{NARROW} ? width - {FIGURES - 40} : {NAMES - 14}"),
    }
    right: dict[str, Any] = {
        "text": render(told, language),
        "align": "right",
        "fontSize": 13,
        "fontWeight": weight,
        "dy": alt.expr(f"{NARROW} ? -21 : 0"),
    }
    names = nothing.encode(x=x_at(0))
    figures = nothing.encode(x=x_at(alt.expr("width")))
    colour = INK if bold else MUTED
    return [
        names.mark_text(**left, **HALO),
        names.mark_text(**left, color=INK),
        figures.mark_text(**right, **HALO),
        figures.mark_text(**right, color=colour),
    ]
