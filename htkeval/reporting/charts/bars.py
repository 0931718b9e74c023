"""The budget's years as bars: dark is documented, light in a frame is missing."""

from __future__ import annotations

from typing import Any

import altair as alt

from htkeval.reporting.bars import Bars, BarYear, figure
from htkeval.reporting.charts.look import (
    CONFIG,
    HALO,
    INK,
    MARK,
    MUTED,
    PRIMARY,
    SURFACE,
    USERMETA,
    simulated_mark,
)
from htkeval.text import Language, render, say

NAMES, AFTER = 50, 120
"""Pixels for the years left of the bars, and for what is booked right of them."""
PITCH, THICK = 58, 28
ROOM = 110
"""Pixels that a label takes inside a bar."""


def draw(picture: Bars, language: Language, *, simulated: bool = False) -> alt.LayerChart:
    """Draw the booked years.

    Args:
        picture: What to show.
        language: Of every word and number in it.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
    """
    mark = {"title": simulated_mark(language)} if simulated else {}
    layers = _layers(picture, language)
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=PITCH * len(picture.years) + 6 + (MARK if simulated else 0),
            width="container",
            description=render(picture.alt, language),
            usermeta=USERMETA,
            padding={"left": 2, "right": 4, "top": 2, "bottom": 2},
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
            **mark,
        )
        .configure(**CONFIG)
    )
    return chart


def _ends(picture: Bars) -> tuple[float, float]:
    """The axis: from nought, or a loss that is possible, to the largest of all."""
    return (
        min(0.0, *(one.low for one in picture.years)),
        max(max(one.booked, one.high, one.documented) for one in picture.years) or 1.0,
    )


def _layers(picture: Bars, language: Language) -> list[alt.Chart]:
    """Every year at once, a layer for each kind of mark."""
    low, high = _ends(picture)
    scale = alt.Scale(domain=[low, high], nice=False, range=[NAMES, alt.expr(f"width - {AFTER}")])
    tall = PITCH * len(picture.years) + 6
    pixels = alt.Scale(domain=[0, tall], range=[0, tall], nice=False)
    values = [
        _values(one, language, THICK / 2 + 2 + PITCH * n, wide=470 / (high - low))
        for n, one in enumerate(picture.years)
    ]
    data = alt.Chart(alt.InlineData(values=values))

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=None)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=pixels, axis=None)

    def text(column: str, at: Any, line: str = "y", **style: Any) -> alt.Chart:
        kept: dict[str, Any] = {"align": "left", "dx": 8, "fontSize": 13, **style}
        chart: alt.Chart = data.mark_text(**kept).encode(
            x=at, y=y(line), text=alt.Text(f"{column}:N")
        )
        return chart

    def bar(end: str, **style: Any) -> alt.Chart:
        chart: alt.Chart = data.mark_rect(**style).encode(
            x=x("zero"), x2=f"{end}:Q", y=y("top"), y2="below:Q"
        )
        return chart

    def cap(end: str) -> alt.Chart:
        chart: alt.Chart = data.mark_rule(size=2, color=PRIMARY).encode(
            x=x(end), y=y("over"), y2="under:Q"
        )
        return chart

    strong: dict[str, Any] = {"fontWeight": 600}
    return [
        bar("booked", color=SURFACE, stroke=INK, strokeWidth=1.5),
        bar("shown", color=PRIMARY),
        data.mark_rule(size=2, color=INK).encode(x=x("zero"), y=y("top"), y2="under:Q"),
        data.mark_rule(size=2, color=PRIMARY).encode(x=x("low"), x2="high:Q", y=y("line")),
        cap("low"),
        cap("high"),
        text("year", alt.value(0), dx=0, fontSize=14, fontWeight=700, color=INK),
        text("inside", x("zero"), color="#FFFFFF", **strong),
        text("rest", x("shown"), color=INK, **strong),
        text("of", x("booked"), color=MUTED),
        text("span", x("high"), "line", color=MUTED, **HALO),
        text("span", x("high"), "line", color=MUTED),
    ]


def _values(one: BarYear, language: Language, y: float, *, wide: float) -> dict[str, Any]:
    """One year's marks and words: what is documented stands in its bar where there is room.

    Args:
        one: The year.
        language: Of every word and number.
        y: Pixels from the top to the middle of the bar.
        wide: Pixels of one unit, on paper.
    """
    shown = min(max(one.documented, 0.0), one.booked)
    documented = say("documented {kr}", kr=figure(one.documented))
    missing = say("missing {kr}", kr=figure(one.missing))
    has_room = shown * wide > ROOM
    rest = missing if has_room else say("{a}, {b}", a=documented, b=missing)
    fits = (one.booked - shown) * wide > ROOM
    budget = say("of the budget's {kr}", kr=figure(one.booked))
    if not fits and (one.missing or not has_room):  # beside the bar, where there is room
        budget = say("of {kr}, {rest}", kr=figure(one.booked), rest=rest)
    words = {
        "inside": documented if has_room else "",
        "rest": rest if fits else "",
        "of": budget,
        "span": say("low {low}, high {high}", low=figure(one.low), high=figure(one.high)),
    }
    line = y + THICK / 2 + 11
    return {
        "year": str(one.year),
        "zero": 0.0,
        "booked": one.booked,
        "shown": shown,
        "low": one.low,
        "high": one.high,
        "y": y,
        "top": y - THICK / 2,
        "below": y + THICK / 2,
        "line": line,
        "over": line - 5,
        "under": line + 5,
        **{name: render(told, language) for name, told in words.items()},
    }
