"""Rows under one another, figures in a column at the right; names above the rows on a phone."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.charts.axes import axis_labels, heading, whole
from htkeval.reporting.charts.look import HALO, INK, LINE, MARK, NARROW, PRIMARY
from htkeval.reporting.forest import Forest, Line
from htkeval.text import Language, Text, render, say

NAMES, FIGURES, ANSWER = 250, 172, 52
"""Pixels for names, figures and answers, where there is room beside the axis."""
TOP, PITCH, BOTTOM = 34, 48, 28
"""Pixels above the first row, between rows, and below the last."""
AROUND = 24 + 46 + 22
"""Pixels for heading, the labels of the lines, and the axis with its title."""
NEAR = 0.42
"""Share of the axis beside an end in which a line's words need the room on both sides of it."""
LONGEST_NAME = 36
"""Characters of a name beside the axis before it goes on below."""


def draw(forest: Forest, language: Language, *, simulated: bool = False) -> alt.LayerChart:
    """Draw rows.

    Args:
        forest: What to show.
        language: Of every word and number in it.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
    """
    layers = [*_lines(forest, language), *_rows(forest, language)]
    tall = TOP + PITCH * (len(forest.rows) - 1) + BOTTOM
    return whole(
        layers,
        forest,
        language,
        height=tall + AROUND + (MARK if simulated else 0),
        title=heading(forest.caption, language, simulated=simulated),
    )


def _x(forest: Forest, language: Language) -> alt.X:
    low, high = forest.domain
    right = FIGURES + (ANSWER if forest.asks else 0)
    start = alt.expr(f"{NARROW} ? 8 : {NAMES}")
    end = alt.expr(f"{NARROW} ? width - 8 : width - {right}")
    ticks = [low + forest.step * k for k in range(round((high - low) / forest.step) + 1)]
    gap = "\u00a0" * 6
    title = f"← {render(forest.left, language)}{gap}{render(forest.right, language)} →"
    return alt.X(
        "x:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False, range=[start, end]),
        axis=alt.Axis(
            values=ticks, labelExpr=axis_labels(forest.step, language, signed=True), title=title
        ),
    )


def _at(value: Any) -> Any:
    return alt.value(value)


def _lines(forest: Forest, language: Language) -> list[alt.Chart]:
    """Zero and the worthwhile effect, labelled above."""
    x, layers = _x(forest, language), []
    left_of_zero = forest.line is None or forest.line < 0
    marked: list[tuple[float, Text, str, list[int], Any]] = [
        (0.0, say("no difference"), INK, [], "left" if left_of_zero else "right")
    ]
    if forest.line is not None:
        name = say("worthwhile gain {change}", change=forest.figure(forest.line))
        marked.append((forest.line, name, LINE, [5, 4], "right" if left_of_zero else "left"))
    for value, name, colour, dash, align in marked:
        if not forest.domain[0] <= value <= forest.domain[1]:
            continue
        rule = alt.Chart(alt.InlineData(values=[{"x": value}])).encode(x=x)
        share = (value - forest.domain[0]) / (forest.domain[1] - forest.domain[0])
        outside = (align == "right" and share < NEAR) or (align == "left" and share > 1 - NEAR)
        side: Any = "center" if outside else align  # its words stay in the chart
        style: dict[str, Any] = {"strokeDash": dash} if dash else {}
        layers.append(rule.mark_rule(size=2, color=colour, **style))
        layers.append(
            rule.mark_text(
                text=render(name, language),
                align=side,
                dx={"right": 2, "left": -2, "center": 0}[side],
                dy=-7,
                baseline="bottom",
                color=colour,
                fontSize=13,
                fontWeight=600,
            ).encode(y=_at(0))
        )
    return layers


def _rows(forest: Forest, language: Language) -> list[alt.Chart]:
    layers: list[alt.Chart] = []
    x = _x(forest, language)
    for index, row in enumerate(forest.rows):
        y = TOP + PITCH * index
        layers += _interval(forest, row, x, y)
        layers += _name(row, language, y)
        layers += _figures(forest, row, language, y)
    return layers


def _interval(forest: Forest, row: Line, x: alt.X, y: float) -> list[alt.Chart]:
    """The interval and its dot: thick where it decides, an open diamond where it turns."""
    start, stop = forest.domain
    seen = row.estimate if row.guess is None else row.guess
    values = {
        "x": min(max(row.ends[0], start), stop),
        "x2": max(min(row.ends[1], stop), start),
        "seen": min(max(seen, start), stop),
        "own": min(max(row.estimate, start), stop),
    }
    chart = alt.Chart(alt.InlineData(values=[values])).encode(y=_at(y))
    span = chart.mark_rule(size=6 if row.main else 3, strokeCap="round", color=PRIMARY)
    layers = [span.encode(x=x, x2="x2:Q")]
    if row.guess is not None:  # the group's own figure is a short stroke, the best guess the dot
        own = chart.mark_tick(thickness=3, size=16, color=INK, orient="vertical")
        layers.append(own.encode(x=alt.X("own:Q")))
    turned = row.turned is True
    dot: dict[str, Any] = {"filled": True, "opacity": 1, "strokeWidth": 2 if turned else 1.5}
    dot |= (
        {"shape": "diamond", "fill": "#FFFFFF", "stroke": PRIMARY, "size": 150}
        if turned
        else {"color": PRIMARY, "stroke": "#FFFFFF", "size": 230 if row.main else 120}
    )
    return [*layers, chart.mark_point(**dot).encode(x=alt.X("seen:Q"))]


def _name(row: Line, language: Language, y: float) -> list[alt.Chart]:
    """Beside the axis in at most two lines; above the row on a phone."""
    name = render(row.name, language)
    beside = wrap(name, LONGEST_NAME)[:2]
    if len(wrap(name, LONGEST_NAME)) > 2:
        beside[1] = beside[1][: LONGEST_NAME - 1] + "…"
    common: dict[str, Any] = {
        "align": "left",
        "color": INK,
        "fontSize": 14 if row.main else 13,
        "fontWeight": 600 if row.main else 400,
    }
    up = 8 * (len(beside) - 1)
    # wide: lines are texts of their own, for a list of lines cannot be told from a row of data
    wide = [
        _text(y - up + 16 * place, 0, line, {**common, "opacity": _wide()})
        for place, line in enumerate(beside)
    ]
    limit = alt.expr("width")
    narrow = _text(y - 15, 0, name, {**common, "limit": limit, "opacity": _narrow()})
    return [*wide, *narrow_halo(narrow)]


def narrow_halo(chart: alt.Chart) -> list[alt.Chart]:
    """A text with nothing behind it that could cross it."""
    under = chart.copy(deep=True)
    under.mark = alt.MarkDef(**{**chart.mark.to_dict(), **HALO, "color": "#FFFFFF"})
    return [under, chart]


def _figures(forest: Forest, row: Line, language: Language, y: float) -> list[alt.Chart]:
    told = render(forest.figures(row), language)
    weight = 600 if row.main else 400
    right = FIGURES + (ANSWER if forest.asks else 0)
    style: dict[str, Any] = {"color": INK, "fontSize": 13, "fontWeight": weight}
    answer = render(row.answer, language) if row.answer is not None else ""
    layers = [
        _text(
            y,
            alt.expr(f"width - {right - 14}"),
            told,
            {**style, "align": "left", "opacity": _wide()},
        ),
    ]
    both = f"{told}  {answer}".strip()
    above = _text(
        y + 14, alt.expr("width"), both, {**style, "align": "right", "opacity": _narrow()}
    )
    layers += narrow_halo(above)
    if answer:
        bold = {**style, "fontWeight": 600, "align": "right", "opacity": _wide()}
        layers.append(_text(y, alt.expr("width"), answer, bold))
    return layers


def _text(y: float, x: Any, told: str, style: dict[str, Any]) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_text(text=told, **style)
        .encode(x=alt.value(x), y=_at(y))
    )
    return chart


def _wide() -> Any:
    return alt.expr(f"{NARROW} ? 0 : 1")


def _narrow() -> Any:
    return alt.expr(f"{NARROW} ? 1 : 0")
