"""Rows under one another, figures in a column at the right; names above the rows on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.charts.axes import axis_labels, heading, whole
from htkeval.reporting.charts.look import HALO, INK, LINE, MARK, NARROW, PRIMARY, x_at, y_at
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
LONGEST_NAME = 36
"""Characters of a name beside the axis before it goes on below."""


def draw(ways: Ways, language: Language, *, simulated: bool = False) -> alt.LayerChart:
    """Draw rows.

    Args:
        ways: What to show.
        language: Of every word and number in it.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
    """
    layers = [*_lines(ways, language), *_rows(ways, language)]
    tall = TOP + PITCH * (len(ways.rows) - 1) + BOTTOM
    return whole(
        layers,
        ways,
        language,
        height=tall + AROUND + (MARK if simulated else 0),
        title=heading(ways.caption, language, simulated=simulated, above=22 + HIGHER),
    )


def _x(ways: Ways, language: Language) -> alt.X:
    low, high = ways.domain
    right = FIGURES + (ANSWER if ways.asks else 0)
    start = alt.expr(f"{NARROW} ? 8 : {NAMES}")
    end = alt.expr(f"{NARROW} ? width - 8 : width - {right}")
    ticks = [low + ways.step * k for k in range(round((high - low) / ways.step) + 1)]
    gap = "\u00a0" * 6
    title = f"← {render(ways.left, language)}{gap}{render(ways.right, language)} →"
    return alt.X(
        "x:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False, range=[start, end]),
        axis=alt.Axis(
            values=ticks, labelExpr=axis_labels(ways.step, language, signed=True), title=title
        ),
    )


def _lines(ways: Ways, language: Language) -> list[alt.Chart]:
    """Zero and the worthwhile effect, labelled above."""
    x, layers = _x(ways, language), []
    left_of_zero = ways.line is None or ways.line < 0
    marked: list[tuple[float, Text, str, list[int], Any]] = [
        (0.0, say("no difference"), INK, [], "left" if left_of_zero else "right")
    ]
    if ways.line is not None:
        name = say("worthwhile gain {change}", change=ways.figure(ways.line))
        marked.append((ways.line, name, LINE, [5, 4], "right" if left_of_zero else "left"))
    for value, name, colour, dash, align in marked:
        if not ways.domain[0] <= value <= ways.domain[1]:
            continue
        rule = alt.Chart(alt.InlineData(values=[{"x": value}])).encode(x=x)
        share = (value - ways.domain[0]) / (ways.domain[1] - ways.domain[0])
        outside = (align == "right" and share < NEAR) or (align == "left" and share > 1 - NEAR)
        side: Any = "center" if outside else align  # its words stay in the chart
        style: dict[str, Any] = {"strokeDash": dash} if dash else {}
        layers.append(rule.mark_rule(size=2, color=colour, **style))
        layers.append(
            rule.mark_text(
                text=render(name, language),
                align=side,
                dx={"right": 2, "left": -2, "center": 0}[side],
                dy=-7 - (HIGHER if dash else 0),
                baseline="bottom",
                color=colour,
                fontSize=13,
                fontWeight=600,
            ).encode(y=y_at(0))
        )
    return layers


def _rows(ways: Ways, language: Language) -> list[alt.Chart]:
    """All rows at once: a chart of few layers is drawn ten times as fast as one of many."""
    x = _x(ways, language)
    places = [(TOP + PITCH * index, row) for index, row in enumerate(ways.rows)]
    layers = []
    for main in (True, False):
        mine = [(y, row) for y, row in places if row.main == main]
        layers += _marks(ways, mine, x, main=main)
        layers += _words(ways, mine, language, main=main)
    return layers


def _on(values: list[dict[str, Any]]) -> alt.Chart:
    """A layer of rows, each at its own height."""
    return alt.Chart(alt.InlineData(values=values)).encode(y=_Y)


_Y = alt.Y("y:Q", scale=None, axis=None)
"""Pixels from the top."""


def _marks(
    ways: Ways, rows: Sequence[tuple[float, Line]], x: alt.X, *, main: bool
) -> list[alt.Chart]:
    """Intervals and dots: thick where it decides, an open diamond where it turns."""
    if not rows:
        return []
    values = [_inside(ways, row, y) for y, row in rows]
    spans = _on(values).mark_rule(size=6 if main else 3, strokeCap="round", color=PRIMARY)
    layers = [spans.encode(x=x, x2="x2:Q")]
    own = [one for one, (_, row) in zip(values, rows, strict=True) if row.guess is not None]
    if own:  # the group's own figure is a short stroke, the best guess the dot
        stroke = _on(own).mark_tick(thickness=3, size=16, color=INK, orient="vertical")
        layers.append(stroke.encode(x=alt.X("own:Q")))
    for turned in (False, True):
        some = [
            one
            for one, (_, row) in zip(values, rows, strict=True)
            if (row.turned is True) == turned
        ]
        if some:
            layers.append(_on(some).mark_point(**_dot(main, turned)).encode(x=alt.X("seen:Q")))
    return layers


def _dot(main: bool, turned: bool) -> dict[str, Any]:
    if turned:
        shape = {"shape": "diamond", "fill": "#FFFFFF", "stroke": PRIMARY, "size": 150}
        return {"filled": True, "opacity": 1, "strokeWidth": 2, **shape}
    size = 230 if main else 120
    return {"filled": True, "opacity": 1, "color": PRIMARY, "stroke": "#FFFFFF", "size": size}


def _inside(ways: Ways, row: Line, y: float) -> dict[str, float]:
    """A row's marks, none of them beyond the axis."""
    start, stop = ways.domain
    seen = row.estimate if row.guess is None else row.guess
    return {
        "y": y,
        "x": min(max(row.ends[0], start), stop),
        "x2": max(min(row.ends[1], stop), start),
        "seen": min(max(seen, start), stop),
        "own": min(max(row.estimate, start), stop),
    }


def _words(
    ways: Ways, rows: Sequence[tuple[float, Line]], language: Language, *, main: bool
) -> list[alt.Chart]:
    """Names and figures: beside the axis, or on a phone above and below the interval."""
    weight = 600 if main else 400
    style: dict[str, Any] = {"fontSize": 14 if main else 13, "fontWeight": weight, "color": INK}
    beside = [part for y, row in rows for part in _beside(row, language, y)]
    above = [{"y": y - 15, "told": render(row.name, language)} for y, row in rows]
    figures, below, answers = [], [], []
    for y, row in rows:
        told = render(ways.figures(row), language)
        answer = render(row.answer, language) if row.answer is not None else ""
        figures.append({"y": y, "told": told})
        below.append({"y": y + 14, "told": f"{told}  {answer}".strip()})
        answers += [{"y": y, "told": answer}] if answer else []
    right = FIGURES + (ANSWER if ways.asks else 0) - 14
    wide, narrow = {**style, "opacity": _wide()}, {**style, "opacity": _narrow()}
    number, small = {**wide, "fontSize": 13}, {**narrow, "fontSize": 13, "align": "right"}
    name = {**narrow, "align": "left", "limit": alt.expr("width")}
    return [
        *_text(beside, 0, {**wide, "align": "left"}),
        *_text(above, 0, {**name, **HALO, "color": "#FFFFFF"}),
        *_text(above, 0, name),
        *_text(figures, alt.expr(f"width - {right}"), {**number, "align": "left"}),
        *_text(below, alt.expr("width"), {**small, **HALO, "color": "#FFFFFF"}),
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
    return [_on(values).mark_text(**style).encode(x=x_at(x), text="told:N")]


def _wide() -> Any:
    return alt.expr(f"{NARROW} ? 0 : 1")


def _narrow() -> Any:
    return alt.expr(f"{NARROW} ? 1 : 0")
