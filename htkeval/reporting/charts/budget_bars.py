"""Each booked year: a frame as long as what is booked, filled as far as there is evidence.

Below it a thin line with end caps, from the least to the most favourable: a span of assumptions
and uncertainty, not the thick line of a measurement.
"""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from htkeval.reporting.budget_bars import Bar, BudgetBars
from htkeval.reporting.charts.look import (
    CONFIG,
    HALO,
    INK,
    MARK,
    MUTED,
    NARROW,
    PRIMARY,
    SURFACE,
    USERMETA,
    simulated_mark,
    x_at,
    y2_at,
    y_at,
)
from htkeval.reporting.numbers import whole
from htkeval.reporting.pictures import tick_step
from htkeval.text import Language, Text, render, say

PITCH, FIRST, BAR = 92, 34, 22
"""Pixels from year to year, above the first bar's middle, and of a bar's height."""
SPAN, CAP = 26, 5
"""Pixels from a bar's middle down to its span, and from the span to the end of a cap."""
YEARS = 52
"""Pixels for the years, left of the axis."""
AXIS_BELOW = 46
LETTER = 7.4
"""Pixels that a letter of a label is taken to be wide."""


def draw(picture: BudgetBars, language: Language, *, simulated: bool = False) -> alt.LayerChart:
    """Draw the bars.

    Args:
        picture: What to show.
        language: Of every word and number in it.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
    """
    domain = _domain(picture)
    layers: list[alt.Chart] = []
    for n, bar in enumerate(picture.bars):
        layers += _year(bar, FIRST + PITCH * n, domain, language)
    height = FIRST + PITCH * (len(picture.bars) - 1) + SPAN + 34
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=height + AXIS_BELOW + (MARK if simulated else 0),
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


def _domain(picture: BudgetBars) -> tuple[float, float]:
    """From nought, or from the worst loss, to the furthest end, on ticks."""
    low = min(0.0, *(bar.low for bar in picture.bars))
    high = max(max(bar.booked, bar.high, bar.carried) for bar in picture.bars)
    step = tick_step((low, high), ticks=6)
    return step * math.floor(low / step), step * math.ceil(high / step)


def _x(domain: tuple[float, float], language: Language, field: str = "x") -> alt.X:
    step = tick_step(domain, ticks=6)
    ticks = [domain[0] + step * k for k in range(round((domain[1] - domain[0]) / step) + 1)]
    dot = "." if language == "da" else ","
    label = (
        "(datum.value < 0 ? '−' : '') + "
        f"replace(format(abs(datum.value), ',.0f'), ',', '{dot}')"
    )  # fmt: skip
    start: Any = YEARS
    return alt.X(
        f"{field}:Q",
        scale=alt.Scale(domain=list(domain), nice=False, range=[start, alt.expr("width")]),
        axis=alt.Axis(values=ticks, labelExpr=label, title=None),
    )


def _at(domain: tuple[float, float], language: Language, y: float, **values: float) -> alt.Chart:
    chart: alt.Chart = alt.Chart(alt.InlineData(values=[values])).encode(
        x=_x(domain, language), y=y_at(y)
    )
    return chart


def _zero(middle: float, domain: tuple[float, float], language: Language) -> alt.Chart:
    """Nought, beside each year's bar and span; the words below stand clear of it."""
    chart: alt.Chart = _at(domain, language, 0, x=0.0).mark_rule(size=2, color=INK)
    top, bottom = middle - BAR / 2 - 3, middle + SPAN + CAP
    return chart.encode(y=y_at(top), y2=y2_at(bottom))


def _year(
    bar: Bar, middle: float, domain: tuple[float, float], language: Language
) -> list[alt.Chart]:
    """One year: frame, filling, span, and what each of them is."""
    top, bottom = y_at(middle - BAR / 2), y2_at(middle + BAR / 2)
    frame = _at(domain, language, 0, x=0.0, x2=bar.booked).mark_rect(
        color=SURFACE, stroke=INK, strokeWidth=2
    )
    full = _at(domain, language, 0, x=0.0, x2=bar.carried).mark_rect(color=PRIMARY)
    layers = [frame.encode(x2="x2:Q", y=top, y2=bottom)]
    if bar.carried:
        layers.append(full.encode(x2="x2:Q", y=top, y2=bottom))
    name = alt.Chart(alt.InlineData(values=[{}])).encode(x=x_at(0), y=y_at(middle))
    year: dict[str, Any] = {"align": "left", "fontSize": 15, "fontWeight": 600, "color": INK}
    layers.append(name.mark_text(text=bar.year, **year))
    layers.append(_zero(middle, domain, language))
    layers += _inside(bar, middle, domain, language)
    layers += _span(bar, middle + SPAN, domain, language)
    return layers


def _inside(
    bar: Bar, middle: float, domain: tuple[float, float], language: Language
) -> list[alt.Chart]:
    """What is carried and what is missing, in the bar where there is room, and what is booked."""
    carried = render(_carried(bar), language)
    missing = render(say("missing {n}", n=whole(bar.missing)), language)
    booked = render(say("the budget expects {n}", n=whole(bar.booked)), language)
    share = 1 / (domain[1] - domain[0])
    filled = max(bar.carried, 0.0)
    layers = []
    if filled:
        room = _room(filled * share, len(carried))
        inside = _at(domain, language, middle, x=filled / 2)
        white: dict[str, Any] = {"color": "#FFFFFF", "fontSize": 13, "fontWeight": 600}
        layers.append(inside.mark_text(text=carried, opacity=room, **white))
    if bar.missing:
        room = _room((bar.booked - filled) * share, len(missing))
        left = _at(domain, language, middle, x=(filled + bar.booked) / 2)
        layers.append(left.mark_text(text=missing, color=INK, fontSize=13, opacity=room))
    above = _at(domain, language, middle - BAR / 2 - 12, x=bar.booked)
    end: dict[str, Any] = {"text": booked, "fontSize": 13, "color": MUTED, "align": "right"}
    return [*layers, above.mark_text(**end, **HALO), above.mark_text(**end)]


def _room(share: float, letters: int) -> alt.ExprRef:
    """Whether so many letters fit into that share of the axis."""
    return alt.ExprRef(f"{share} * (width - {YEARS}) < {LETTER * letters + 8} ? 0 : 1")


def _carried(bar: Bar) -> Text:
    return say("evidence for {n}", n=whole(bar.carried))


def _span(bar: Bar, y: float, domain: tuple[float, float], language: Language) -> list[alt.Chart]:
    """From the least to the most favourable, and both ends in words below it."""
    line = _at(domain, language, y, x=bar.low, x2=bar.high).mark_rule(size=2, color=PRIMARY)
    caps = [
        _at(domain, language, y, x=end)
        .mark_rule(size=2, color=PRIMARY)
        .encode(y=y_at(y - CAP), y2=y2_at(y + CAP))
        for end in (bar.low, bar.high)
    ]
    told = say(
        "evidence for {n}: low {low}, high {high}",
        n=whole(bar.carried),
        low=whole(bar.low),
        high=whole(bar.high),
    )
    below = alt.Chart(alt.InlineData(values=[{}])).encode(
        x=x_at(alt.expr(f"{NARROW} ? 0 : {YEARS}")), y=y_at(y + 17)
    )
    words: dict[str, Any] = {"text": render(told, language), "align": "left", "fontSize": 13}
    return [
        line.encode(x2="x2:Q"),
        *caps,
        below.mark_text(color=INK, **words),
    ]
