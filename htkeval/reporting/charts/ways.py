"""Rows under one another, figures in a column at the right; names above the rows on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.charts.axes import along, axis_labels, directions, inside
from htkeval.reporting.charts.frame import HEADED, Drawing
from htkeval.reporting.charts.look import HALO, INK, PRIMARY, on_phone, x_at
from htkeval.reporting.charts.marks import dot, down, ring, rows
from htkeval.reporting.ways import Line, Ways
from htkeval.text import Language, Text, render, say

NAMES, FIGURES, ANSWER = 250, 172, 52
"""Pixels for names, figures and answers, where there is room beside the axis."""
TOP, PITCH, BOTTOM = 34, 48, 28
"""Pixels above the first row, between rows, and below the last."""
HIGHER = 16
"""Pixels that the goal's words stand above those of no difference, so that they never meet."""
AROUND = 24 + 46 + 46 + HIGHER
"""Pixels for heading, the labels of the lines, and the axis with its title."""
NEAR = 0.42
"""Share of the axis beside an end in which a line's words need the room on both sides of it."""
WIDE_HALO = {**HALO, "strokeWidth": 9}
"""Long words, through whose gaps a line would be seen."""
LONGEST_NAME = 36
"""Characters of a name beside the axis before it goes on below."""


def draw(ways: Ways, language: Language) -> Drawing:
    """Rows, all at once: a chart of few layers is drawn ten times as fast as one of many."""
    axis = _axis(ways, language)
    layers = _lines(ways, axis, language)
    places = [(TOP + PITCH * index, row) for index, row in enumerate(ways.rows)]
    for main in (True, False):
        mine = [(y, row) for y, row in places if row.main == main]
        layers += _marks(ways, mine, axis, main=main)
        layers += _words(ways, mine, language, main=main)
    tall = TOP + PITCH * (len(ways.rows) - 1) + BOTTOM
    return Drawing(layers, tall + AROUND, headed=HEADED + HIGHER)


def _axis(ways: Ways, language: Language) -> alt.X:
    return along(
        ways.domain,
        ways.step,
        axis_labels(ways.step, language, signed=True),
        title=directions(ways.left, ways.right, language),
        start=on_phone(8, NAMES),
        end=on_phone("width - 8", f"width - {_right_of(ways)}"),
    )


def _right_of(ways: Ways) -> int:
    """Pixels for what stands right of the axis."""
    return FIGURES + (ANSWER if ways.asks else 0)


def _lines(ways: Ways, axis: alt.X, language: Language) -> list[alt.Chart]:
    """Zero and the worthwhile effect, their words in the chart wherever they lie."""
    layers: list[alt.Chart] = []
    (low, high), zero, goal = ways.domain, "left", "right"
    if ways.line is not None and ways.line >= 0:
        zero, goal = goal, zero
    marked: list[tuple[float, Text, str, int]] = [(0.0, say("no difference"), zero, 0)]
    if ways.line is not None:
        name = say("worthwhile gain {change}", change=ways.figure(ways.line))
        marked.append((ways.line, name, goal, HIGHER))
    for value, name, side, higher in marked:
        if not low <= value <= high:
            continue
        share, told = (value - low) / (high - low), render(name, language)
        outside = (side == "right" and share < NEAR) or (side == "left" and share > 1 - NEAR)
        placed = "center" if outside else side
        layers += down(axis, value, told, agreed=higher > 0, side=placed, higher=higher)
    return layers


_Y = alt.Y("y:Q", scale=None, axis=None)
"""Pixels from the top."""


def _marks(
    ways: Ways, mine: Sequence[tuple[float, Line]], x: alt.X, *, main: bool
) -> list[alt.Chart]:
    """Intervals and dots: thick where it decides, an open diamond where it turns."""
    if not mine:
        return []
    values = [_inside(ways, row, y) for y, row in mine]
    spans = rows(*values, y=_Y).mark_rule(size=6 if main else 3, strokeCap="round", color=PRIMARY)
    layers = [spans.encode(x=x, x2=alt.X2("x2:Q"))]
    own = [one for one, (_, row) in zip(values, mine, strict=True) if row.guess is not None]
    if own:  # the group's own figure is a short stroke, the best guess the dot
        stroke = rows(*own, y=_Y).mark_tick(thickness=3, size=16, color=INK, orient="vertical")
        layers.append(stroke.encode(x=alt.X("own:Q")))
    for turned in (False, True):
        some = [
            one
            for one, (_, row) in zip(values, mine, strict=True)
            if (row.turned is True) == turned
        ]
        if some:
            look = ring(150, shape="diamond") if turned else dot(230 if main else 120)
            layers.append(rows(*some, x=alt.X("seen:Q"), y=_Y).mark_point(**look))
    return layers


def _inside(ways: Ways, row: Line, y: float) -> dict[str, float]:
    """A row's marks, none of them beyond the axis."""
    return {
        "y": y,
        "x": inside(row.ends[0], ways.domain),
        "x2": inside(row.ends[1], ways.domain),
        "seen": inside(row.estimate if row.guess is None else row.guess, ways.domain),
        "own": inside(row.estimate, ways.domain),
    }


def _words(
    ways: Ways, mine: Sequence[tuple[float, Line]], language: Language, *, main: bool
) -> list[alt.Chart]:
    """Names and figures: beside the axis, or on a phone above and below the interval."""
    weight = 600 if main else 400
    style: dict[str, Any] = {"fontSize": 14 if main else 13, "fontWeight": weight, "color": INK}
    beside = [part for y, row in mine for part in _beside(row, language, y)]
    above = [{"y": y - 17, "told": render(row.name, language)} for y, row in mine]
    figures, below, answers = [], [], []
    for y, row in mine:
        told = render(ways.figures(row), language)
        answer = render(row.answer, language) if row.answer is not None else ""
        figures.append({"y": y, "told": told})
        below.append({"y": y + 15, "told": f"{told}  {answer}".strip()})
        answers += [{"y": y, "told": answer}] if answer else []
    wide, narrow = {**style, "opacity": on_phone(0, 1)}, {**style, "opacity": on_phone(1, 0)}
    number, small = {**wide, "fontSize": 13}, {**narrow, "fontSize": 13, "align": "right"}
    name = {**narrow, "align": "left", "limit": alt.expr("width")}
    return [
        *_text(beside, 0, {**wide, "align": "left"}),
        *_text(above, 0, {**name, **WIDE_HALO}),
        *_text(above, 0, name),
        *_text(figures, alt.expr(f"width - {_right_of(ways) - 14}"), {**number, "align": "left"}),
        *_text(below, alt.expr("width"), {**small, **WIDE_HALO}),
        *_text(below, alt.expr("width"), small),
        *_text(answers, alt.expr("width"), {**number, "align": "right", "fontWeight": 600}),
    ]


def _beside(row: Line, language: Language, y: float) -> list[dict[str, Any]]:
    """A name in at most two lines."""
    name = render(row.name, language)
    lines = wrap(name, LONGEST_NAME)
    if len(lines) > 2:
        lines = [lines[0], lines[1][: LONGEST_NAME - 1] + "…"]
    up = 8 * (len(lines) - 1)
    return [{"y": y - up + 16 * place, "told": line} for place, line in enumerate(lines)]


def _text(values: list[dict[str, Any]], x: Any, style: dict[str, Any]) -> list[alt.Chart]:
    if not values:
        return []
    return [rows(*values, x=x_at(x), y=_Y, text=alt.Text("told:N")).mark_text(**style)]
