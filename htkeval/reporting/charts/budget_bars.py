"""Each booked year: a frame as long as what is booked, filled as far as there is evidence.

Below it a thin line with end caps, from the least to the most favourable: a span of assumptions
and uncertainty, not the thick line of a measurement.
"""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from htkeval.reporting.budget_bars import Bar, BudgetBars
from htkeval.reporting.charts.axes import Domain, along, large_labels
from htkeval.reporting.charts.frame import Drawing
from htkeval.reporting.charts.look import (
    INK,
    MUTED,
    PRIMARY,
    SURFACE,
    WHITE,
    on_phone,
    x_at,
    y_at,
)
from htkeval.reporting.charts.marks import BOLD, at, bar, capped, labelled, rows, upright
from htkeval.reporting.numbers import whole
from htkeval.reporting.pictures import tick_step
from htkeval.text import Language, render, say

PITCH, FIRST, BAR = 92, 34, 22
"""Pixels from year to year, above the first bar's middle, and of a bar's height."""
SPAN, CAP = 26, 5
"""Pixels from a bar's middle down to its span, and from the span to the end of a cap."""
YEARS = 52
"""Pixels for the years, left of the axis."""
AXIS_BELOW = 46
LETTER = 7.4
"""Pixels that a letter of a label is taken to be wide."""


def draw(picture: BudgetBars, language: Language) -> Drawing:
    """The bars."""
    domain = _domain(picture)
    axis = along(domain, tick_step(domain, ticks=6), large_labels(language), start=YEARS)
    layers: list[alt.Chart] = []
    for n, one in enumerate(picture.bars):
        layers += _year(one, FIRST + PITCH * n, domain, axis, language)
    height = FIRST + PITCH * (len(picture.bars) - 1) + SPAN + 34
    return Drawing(layers, height + AXIS_BELOW)


def _domain(picture: BudgetBars) -> Domain:
    """From nought, or from the worst loss, to the furthest end, on ticks."""
    low = min(0.0, *(one.low for one in picture.bars))
    high = max(max(one.booked, one.high, one.carried) for one in picture.bars)
    step = tick_step((low, high), ticks=6)
    return step * math.floor(low / step), step * math.ceil(high / step)


def _year(
    one: Bar, middle: float, domain: Domain, axis: alt.X, language: Language
) -> list[alt.Chart]:
    """One year: frame, filling, span, and what each of them is."""
    outline = {"color": SURFACE, "stroke": INK, "strokeWidth": 2}
    layers = [bar(axis, (0.0, one.booked), middle, BAR, **outline)]
    if one.carried:
        layers.append(bar(axis, (0.0, one.carried), middle, BAR, color=PRIMARY))
    year: dict[str, Any] = {"align": "left", "fontSize": 15, "fontWeight": 600, "color": INK}
    layers.append(rows({}, x=x_at(0), y=y_at(middle)).mark_text(text=one.year, **year))
    # nought, beside bar and span; the words below stand clear of it
    layers.append(upright(axis, 0.0, middle - BAR / 2 - 3, middle + SPAN + CAP))
    layers += _inside(one, middle, domain, axis, language)
    layers += _span(one, middle + SPAN, axis, language)
    return layers


def _inside(
    one: Bar, middle: float, domain: Domain, axis: alt.X, language: Language
) -> list[alt.Chart]:
    """What is carried and what is missing, in the bar where there is room, and what is booked."""
    carried = render(say("evidence for {n}", n=whole(one.carried)), language)
    missing = render(say("missing {n}", n=whole(one.missing)), language)
    booked = render(say("the budget expects {n}", n=whole(one.booked)), language)
    share = 1 / (domain[1] - domain[0])
    filled = max(one.carried, 0.0)
    layers = []
    if filled:
        room = _room(filled * share, len(carried))
        within = at(axis, middle, x=filled / 2)
        layers.append(within.mark_text(text=carried, opacity=room, color=WHITE, **BOLD))
    if one.missing:
        room = _room((one.booked - filled) * share, len(missing))
        left = at(axis, middle, x=(filled + one.booked) / 2)
        layers.append(left.mark_text(text=missing, color=INK, fontSize=13, opacity=room))
    over = at(axis, middle - BAR / 2 - 12, x=one.booked)
    return [*layers, *labelled(over, booked, MUTED, align="right", fontWeight="normal")]


def _room(share: float, letters: int) -> alt.ExprRef:
    """Whether so many letters fit into that share of the axis."""
    return alt.ExprRef(f"{share} * (width - {YEARS}) < {LETTER * letters + 8} ? 0 : 1")


def _span(one: Bar, y: float, axis: alt.X, language: Language) -> list[alt.Chart]:
    """From the least to the most favourable, and both ends in words below it."""
    told = say(
        "evidence for {n}: low {low}, high {high}",
        n=whole(one.carried),
        low=whole(one.low),
        high=whole(one.high),
    )
    below = rows({}, x=x_at(on_phone(0, YEARS)), y=y_at(y + 17))
    words: dict[str, Any] = {"text": render(told, language), "align": "left", "fontSize": 13}
    return [*capped(axis, (one.low, one.high), y, CAP), below.mark_text(color=INK, **words)]
