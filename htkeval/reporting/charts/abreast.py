"""Trials below one another on one axis: interval, estimate, goal, verdict in words."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.abreast import Abreast, TrialRow, figure
from htkeval.reporting.charts.look import (
    CONFIG,
    HALO,
    INK,
    LINE,
    MARK,
    MUTED,
    PRIMARY,
    USERMETA,
    simulated_mark,
    x_at,
    y_at,
)
from htkeval.reporting.plain import shortened
from htkeval.text import Language, render, say

NAMES, VERDICTS = 204, 166
"""Pixels for the names left of the axis, and for the verdicts right of it."""
TOP, PITCH, BOTTOM = 30, 56, 26
LONGEST, LONGEST_LINE, LINE_HEIGHT = 30, 27, 15
"""Characters of an area and of each line of a name that have room, and the height of a line."""
GAP = "\u00a0" * 6


def draw(picture: Abreast, language: Language, *, simulated: bool = False) -> alt.LayerChart:
    """Draw trials on one axis.

    Args:
        picture: What to show.
        language: Of every word and number in it.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
    """
    mark = {"title": simulated_mark(language)} if simulated else {}
    high = TOP + PITCH * (len(picture.rows) - 1) + BOTTOM
    layers = [*_zero(picture, language), *_rows(picture, language, high)]
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=high + 66 + (MARK if simulated else 0),
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


def _x(picture: Abreast, language: Language) -> alt.X:
    low, high = picture.domain
    step = 10 if high - low <= 80 else 20
    ticks = [value for value in range(int(low), int(high) + 1) if value % step == 0]
    label = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + abs(datum.value)"
    title = f"← {render(say('faster'), language)}{GAP}{render(say('slower'), language)} →"
    return alt.X(
        "x:Q",
        scale=alt.Scale(
            domain=[low, high],
            nice=False,
            zero=False,
            range=[NAMES, alt.expr(f"width - {VERDICTS}")],
        ),
        axis=alt.Axis(values=ticks, labelExpr=label, title=title, domain=False),
    )


def _zero(picture: Abreast, language: Language) -> list[alt.Chart]:
    """No difference, and what the dashed pieces are."""
    lines = [{"x": 0.0, "text": render(say("no difference"), language)}]
    goal = next((row.goal for row in picture.rows if row.goal is not None), None)
    top: dict[str, Any] = {"baseline": "bottom", "dy": -7, "fontSize": 13, "fontWeight": 600}
    zero = alt.Chart(alt.InlineData(values=lines)).encode(x=_x(picture, language))
    layers = [
        zero.mark_rule(size=2, color=INK),
        zero.mark_text(align="left", color=INK, dx=-2, **top).encode(
            y=y_at(0), text=alt.Text("text:N")
        ),
    ]
    if goal is None:
        return layers
    named = [{"x": goal, "text": render(say("worthwhile gain"), language)}]
    label = alt.Chart(alt.InlineData(values=named)).encode(x=_x(picture, language))
    over = label.mark_text(align="right", color=LINE, dx=2, **top).encode(
        y=y_at(0), text=alt.Text("text:N")
    )
    return [*layers, over]


def _rows(picture: Abreast, language: Language, high: int) -> list[alt.Chart]:
    """Every trial at once, a layer for each kind of mark."""
    values = [
        _values(picture, row, language, TOP + PITCH * n) for n, row in enumerate(picture.rows)
    ]
    data, x = alt.Chart(alt.InlineData(values=values)), _x(picture, language)
    pixels = alt.Scale(domain=[0, high], range=[0, high], nice=False)
    y = alt.Y("y:Q", scale=pixels, axis=None)

    def text(column: str, at: Any, **style: Any) -> alt.Chart:
        chart: alt.Chart = data.mark_text(**style).encode(x=at, y=y, text=alt.Text(f"{column}:N"))
        return chart

    def named(column: str, **style: Any) -> alt.Chart:
        at = alt.Y(f"{column}_y:Q", scale=pixels, axis=None)
        chart: alt.Chart = data.mark_text(**name, **style).encode(
            x=start, y=at, text=alt.Text(f"{column}:N")
        )
        return chart

    end: dict[str, Any] = {"fontSize": 13, "color": INK}
    left: dict[str, Any] = {"align": "right", "dx": -8, **end}
    right: dict[str, Any] = {"align": "left", "dx": 8, **end}
    head: dict[str, Any] = {"dy": -17, "fontSize": 15, "fontWeight": 700}
    name: dict[str, Any] = {"align": "left", "fontSize": 13}
    start, verdicts = x_at(0), x_at(alt.expr(f"width - {VERDICTS - 18}"))
    goal = data.transform_filter("isValid(datum.goal)").mark_rule(
        size=2, strokeDash=[5, 4], color=LINE
    )
    return [
        goal.encode(x=alt.X("goal:Q"), y=alt.Y("above:Q", scale=pixels, axis=None), y2="below:Q"),
        data.mark_rule(size=5, strokeCap="round", color=PRIMARY).encode(x=x, x2="x2:Q", y=y),
        data.mark_point(filled=True, size=200, opacity=1, color=PRIMARY, stroke="#FFFFFF").encode(
            x=alt.X("at:Q"), y=y
        ),
        text("t_at", alt.X("at:Q"), **head, **HALO),
        text("t_at", alt.X("at:Q"), **head, color=PRIMARY),
        text("t_low", x, **left, **HALO),
        text("t_low", x, **left),
        text("t_high", alt.X("x2:Q"), **right, **HALO),
        text("t_high", alt.X("x2:Q"), **right),
        named("name", fontWeight=600, color=INK, lineBreak="\n", lineHeight=LINE_HEIGHT),
        named("area", color=MUTED),
        text("verdict", verdicts, **name, fontWeight=600, color=INK),
    ]


def _in_lines(name: str) -> str:
    """A name as one line or two."""
    return "\n".join(wrap(name, LONGEST_LINE, max_lines=2, placeholder=" …"))


def _values(picture: Abreast, row: TrialRow, language: Language, y: float) -> dict[str, Any]:
    """One trial's marks and words; what lies beyond the axis ends where it does."""
    (start, stop), (low, high) = picture.domain, row.ends
    name = _in_lines(render(row.name, language))
    above = LINE_HEIGHT * name.count("\n") / 2
    told = {"t_at": row.estimate, "t_low": low, "t_high": high}
    return {
        "y": y,
        "above": 0 if y == TOP else y - 24,
        "below": y + 20,
        "x": max(low, start),
        "x2": min(high, stop),
        "at": min(max(row.estimate, start), stop),
        "goal": row.goal,
        **{key: render(figure(value), language) for key, value in told.items()},
        "name": name,
        "name_y": y - 8 - above,
        "area_y": y + 9 + above,
        "area": shortened(render(row.area, language), LONGEST),
        "verdict": render(row.verdict.word, language),
    }
