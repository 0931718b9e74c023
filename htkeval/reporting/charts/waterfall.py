"""Sums as full bars, steps as light ones, each with its name and its hours; the span below."""

from __future__ import annotations

import math

import altair as alt

from htkeval.reporting.charts.axes import Domain, along, large_labels
from htkeval.reporting.charts.frame import Drawing
from htkeval.reporting.charts.look import FRAME, INK, MUTED, PRIMARY, STEP, on_phone
from htkeval.reporting.charts.marks import at, bar, capped, labelled, named, upright
from htkeval.reporting.pictures import tick_step
from htkeval.reporting.waterfall import Drop, Falling
from htkeval.text import Language, Text, render

PITCH, FIRST, BAR = 46, 30, 20
"""Pixels from row to row, above the first row's middle, and of a bar's height."""
NAMES, FIGURES = 292, 84
"""Pixels for the names left of the axis, and for the figures right of it."""
AXIS_BELOW = 40
CAP = 5


def draw(picture: Falling, language: Language) -> Drawing:
    """The falls."""
    domain, axis = _axis(picture, language)
    last = FIRST + PITCH * len(picture.drops)
    layers = [upright(axis, 0.0, 0, last + BAR)]
    for n, drop in enumerate(picture.drops):
        layers += _row(drop, FIRST + PITCH * n, axis, language)
    layers += _span(picture, last, domain, axis, language)
    return Drawing(layers, last + BAR + AXIS_BELOW)


def _axis(picture: Falling, language: Language) -> tuple[Domain, alt.X]:
    marks = [end for one in picture.drops for end in (one.start, one.end)]
    low = min(0.0, picture.home.low, *marks)
    high = max(0.0, picture.home.high, *marks) or 1.0
    step = tick_step((low, high), ticks=4)
    domain = step * math.floor(low / step), step * math.ceil(high / step)
    step = tick_step(domain, ticks=4)
    start, end = on_phone(0, NAMES), alt.expr(f"width - {FIGURES}")
    return domain, along(domain, step, large_labels(language), start=start, end=end)


def _row(drop: Drop, middle: float, axis: alt.X, language: Language) -> list[alt.Chart]:
    ends = min(drop.start, drop.end), max(drop.start, drop.end)
    light = {"color": STEP, "stroke": FRAME, "strokeWidth": 1}
    told = {"align": "left", "dx": 7, "fontSize": 14, "fontWeight": 600 if drop.whole else 400}
    return [
        bar(axis, ends, middle, BAR, **({"color": PRIMARY} if drop.whole else light)),
        *labelled(at(axis, middle, x=ends[1]), render(drop.figure, language), INK, **told),
        *_name(drop.name, language, middle, bold=drop.whole),
    ]


def _name(name: Text, language: Language, middle: float, *, bold: bool) -> list[alt.Chart]:
    weight, colour = (600, INK) if bold else (400, MUTED)
    limit = ("width", NAMES - 12)
    told = render(name, language)
    return named(told, middle, up=20, limit=limit, colour=colour, fontWeight=weight)


def _span(
    picture: Falling, middle: float, domain: Domain, axis: alt.X, language: Language
) -> list[alt.Chart]:
    """Low and high of the last sum, and both ends in words."""
    low, high = picture.home.low, picture.home.high
    below = at(axis, middle + 18, x=max(low, domain[0]))
    told = render(picture.span_told, language)
    return [
        *capped(axis, (low, high), middle, CAP),
        *labelled(below, told, INK, align="left", fontWeight="normal"),
        *_name(picture.span_name, language, middle, bold=False),
    ]
