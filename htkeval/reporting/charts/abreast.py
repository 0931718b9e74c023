"""Trials below one another on one axis: interval, estimate, goal, verdict in words."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.abreast import Abreast, TrialRow, figure
from htkeval.reporting.charts.axes import along, axis_labels, directions, inside
from htkeval.reporting.charts.frame import Drawing
from htkeval.reporting.charts.look import INK, LINE, MUTED, PRIMARY, x_at
from htkeval.reporting.charts.marks import above, dot, down, from_line, labelled, moved, rows
from htkeval.reporting.plain import shortened
from htkeval.text import Language, render, say

NAMES, VERDICTS = 204, 166
"""Pixels for the names left of the axis, and for the verdicts right of it."""
TOP, PITCH, BOTTOM = 30, 56, 26
LONGEST, LONGEST_LINE, LINE_HEIGHT = 30, 27, 15
"""Characters of an area and of each line of a name that have room, and the height of a line."""


def draw(picture: Abreast, language: Language) -> Drawing:
    """Trials on one axis."""
    high = TOP + PITCH * (len(picture.rows) - 1) + BOTTOM
    axis = _axis(picture, language)
    layers = [*_lines(picture, axis, language), *_rows(picture, axis, language, high)]
    return Drawing(layers, high + 66, right=4)


def _axis(picture: Abreast, language: Language) -> alt.X:
    step = 10 if picture.domain[1] - picture.domain[0] <= 80 else 20
    return along(
        picture.domain,
        step,
        axis_labels(step, language, signed=True),
        title=directions(say("faster"), say("slower"), language),
        start=NAMES,
        end=alt.expr(f"width - {VERDICTS}"),
        domain=False,
    )


def _lines(picture: Abreast, axis: alt.X, language: Language) -> list[alt.Chart]:
    """No difference, and what the dashed pieces are."""
    name = render(say("no difference"), language)
    layers = down(axis, 0.0, name, agreed=False, side="left")
    goal = next((row.goal for row in picture.rows if row.goal is not None), None)
    if goal is None:
        return layers
    worth = render(say("worthwhile gain"), language)
    return [*layers, above(rows({"x": goal}, x=axis), worth, LINE, side="right")]


def _rows(picture: Abreast, x: alt.X, language: Language, high: int) -> list[alt.Chart]:
    """Every trial at once, a layer for each kind of mark."""
    values = [
        _values(picture, row, language, TOP + PITCH * n) for n, row in enumerate(picture.rows)
    ]
    pixels = alt.Scale(domain=[0, high], range=[0, high], nice=False)
    data = rows(*values, y=alt.Y("y:Q", scale=pixels, axis=None))

    def text(column: str, at: Any) -> alt.Chart:
        chart: alt.Chart = data.encode(x=at, text=alt.Text(f"{column}:N"))
        return chart

    def name(column: str, at: Any, colour: str, **style: Any) -> alt.Chart:
        style |= {"align": "left", "fontSize": 13, "color": colour}
        chart: alt.Chart = text(column, at).mark_text(**style)
        return chart

    def beside(column: str, colour: str, **style: Any) -> alt.Chart:
        at = alt.Y(f"{column}_y:Q", scale=pixels, axis=None)
        chart: alt.Chart = name(column, start, colour, **style).encode(y=at)
        return chart

    seen, end = alt.X("at:Q"), {"fontWeight": "normal"}
    wide = f"width - {NAMES + VERDICTS}"
    aside = alt.expr(moved("datum.off", "length(datum.t_at)", wide))
    start, verdicts = x_at(0), x_at(alt.expr(f"width - {VERDICTS - 18}"))
    goal = data.transform_filter("isValid(datum.goal)").mark_rule(
        size=2, strokeDash=[5, 4], color=LINE
    )
    return [
        goal.encode(
            x=alt.X("goal:Q"), y=alt.Y("above:Q", scale=pixels, axis=None), y2=alt.Y2("below:Q")
        ),
        data.mark_rule(size=5, strokeCap="round", color=PRIMARY).encode(x=x, x2=alt.X2("x2:Q")),
        data.mark_point(**dot(200)).encode(x=seen),
        *labelled(text("t_at", seen), None, PRIMARY, dx=aside, dy=-17, fontSize=15, fontWeight=700),
        *labelled(text("t_low", x), None, INK, align="right", dx=-8, **end),
        *labelled(text("t_high", alt.X("x2:Q")), None, INK, align="left", dx=8, **end),
        beside("name", INK, fontWeight=600, lineBreak="\n", lineHeight=LINE_HEIGHT),
        beside("area", MUTED),
        name("verdict", verdicts, INK, fontWeight=600),
    ]


def _in_lines(name: str) -> str:
    """A name as one line or two."""
    return "\n".join(wrap(name, LONGEST_LINE, max_lines=2, placeholder=" …"))


def _values(picture: Abreast, row: TrialRow, language: Language, y: float) -> dict[str, Any]:
    """One trial's marks and words; what lies beyond the axis ends where it does."""
    low, high = row.ends
    name = _in_lines(render(row.name, language))
    half = LINE_HEIGHT * name.count("\n") / 2
    told = {"t_at": row.estimate, "t_low": low, "t_high": high}
    return {
        "y": y,
        "above": 0 if y == TOP else y - 24,
        "below": y + 20,
        "x": max(low, picture.domain[0]),
        "x2": min(high, picture.domain[1]),
        "at": inside(row.estimate, picture.domain),
        "goal": row.goal,
        "off": from_line(row.estimate, (0.0, row.goal), picture.domain),
        **{key: render(figure(value), language) for key, value in told.items()},
        "name": name,
        "name_y": y - 8 - half,
        "area_y": y + 9 + half,
        "area": shortened(render(row.area, language), LONGEST),
        "verdict": render(row.verdict.word, language),
    }
