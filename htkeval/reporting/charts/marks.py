"""What stands on the axes: rows, their names, points, bars, lines down the chart, and words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import altair as alt

from htkeval.reporting.charts.look import (
    HALO,
    INK,
    LINE,
    PRIMARY,
    WHITE,
    on_phone,
    x_at,
    y2_at,
    y_at,
)

BOLD: dict[str, Any] = {"fontSize": 13, "fontWeight": 600}
HALF_A_LETTER, GAP = 5, 5
"""Pixels of half a letter of an estimate's figure, and between it and a line."""
SQUEEZED = 0.15
"""Share of the axis that a figure between two lines needs."""


def rows(*values: dict[str, Any], **places: Any) -> alt.Chart:
    """Something that is drawn once for each row, at those places of it."""
    chart: alt.Chart = alt.Chart(alt.InlineData(values=list(values))).encode(**places)
    return chart


def at(axis: alt.X, pixels: float, **values: float) -> alt.Chart:
    """One row, so many pixels from the top."""
    return rows(values, x=axis, y=y_at(pixels))


def labelled(chart: alt.Chart, label: str | None, colour: str, **style: Any) -> list[alt.Chart]:
    """A label with nothing behind it that could cross it; None: each row has its own."""
    every: dict[str, Any] = {**({} if label is None else {"text": label}), **BOLD, **style}
    return [chart.mark_text(**every, **HALO), chart.mark_text(**every, color=colour)]


def from_line(value: float, lines: Iterable[float | None], domain: tuple[float, float]) -> float:
    """How far the nearest line down the chart is from a value, as a share of the axis; below nought
    where it lies right of it. Where another is as near on the other side, a figure has nowhere to
    go: it stays, with its halo.
    """
    offs = sorted((value - line for line in lines if line is not None), key=abs)
    span = domain[1] - domain[0]
    if not offs or (len(offs) > 1 and offs[0] * offs[1] < 0 and abs(offs[1]) < span * SQUEEZED):
        return 1.0
    return offs[0] / span


def half(letters: float) -> float:
    """Pixels of half an estimate's figure, and a gap."""
    return HALF_A_LETTER * letters + GAP


def moved(off: str, letters: str, wide: str) -> str:
    """How many pixels an estimate's figure is moved, so that no line runs through it.

    Args:
        off: From the nearest line, as `from_line` says it; like the others an expression.
        letters: Of the figure.
        wide: Pixels of the axis.
    """
    wanted = f"{HALF_A_LETTER} * {letters} + {GAP}"
    return f"({off} < 0 ? -1 : 1) * max(0, {wanted} - abs({off}) * ({wide}))"


def named(
    name: str, pixels: float, *, up: int, limit: tuple[object, object], colour: str, **style: Any
) -> list[alt.Chart]:
    """A row's name: left of the axis, on a phone so many pixels above the row.

    Args:
        name: The name.
        pixels: How far the row is from the top.
        up: Pixels that the name stands above it on a phone.
        limit: Pixels that it may be wide, as expressions: on a phone, and beside the axis.
        colour: Of the letters.
        style: What else is to be said of them.
    """
    every = {"align": "left", "dy": on_phone(-up, 0), "limit": on_phone(*limit), **style}
    return labelled(rows({}, x=x_at(0), y=y_at(pixels)), name, colour, **every)


def down(
    axis: alt.X, value: float, name: str, *, agreed: bool, side: str, higher: int = 0
) -> list[alt.Chart]:
    """No difference, or what was agreed (dashed): a line down the chart, in words above it."""
    point, colour = rows({"x": value}, x=axis), LINE if agreed else INK
    dash: dict[str, Any] = {"strokeDash": [5, 4]} if agreed else {}
    return [
        point.mark_rule(size=2, **dash, color=colour),
        above(point, name, colour, side=side, higher=higher),
    ]


def above(
    point: alt.Chart, name: str, colour: str, *, side: str = "center", higher: int = 0
) -> alt.Chart:
    """Words over the chart, beginning or ending where a line does."""
    dx = {"left": -2, "right": 2, "center": 0}[side]
    style: dict[str, Any] = {"align": side, "dx": dx, "dy": -7 - higher, "baseline": "bottom"}
    chart: alt.Chart = point.mark_text(text=name, color=colour, **BOLD, **style).encode(y=y_at(0))
    return chart


def upright(axis: alt.X, value: float, top: float, bottom: float) -> alt.Chart:
    """A line from so many pixels to so many."""
    line = rows({"x": value}, x=axis).mark_rule(size=2, color=INK)
    chart: alt.Chart = line.encode(y=y_at(top), y2=y2_at(bottom))
    return chart


def bar(axis: alt.X, ends: tuple[float, float], middle: float, high: int, **look: Any) -> alt.Chart:
    """A bar around so many pixels from the top."""
    chart: alt.Chart = rows({"x": ends[0], "x2": ends[1]}, x=axis).mark_rect(**look)
    return chart.encode(x2=alt.X2("x2:Q"), y=y_at(middle - high / 2), y2=y2_at(middle + high / 2))


def capped(axis: alt.X, ends: tuple[float, float], pixels: float, cap: int) -> list[alt.Chart]:
    """A thin line with end caps: a span of assumptions, not the thick line of a measurement."""
    line: dict[str, Any] = {"size": 2, "color": PRIMARY}
    return [
        at(axis, pixels, x=ends[0], x2=ends[1]).mark_rule(**line).encode(x2=alt.X2("x2:Q")),
        *(
            at(axis, pixels, x=end)
            .mark_rule(**line)
            .encode(y=y_at(pixels - cap), y2=y2_at(pixels + cap))
            for end in ends
        ),
    ]


def dot(size: int) -> dict[str, Any]:
    """The look of an estimate."""
    return {"filled": True, "opacity": 1, "color": PRIMARY, "stroke": WHITE, "size": size}


def ring(size: int, *, colour: str = PRIMARY, thick: int = 2, **shape: str) -> dict[str, Any]:
    """The look of what is no estimate of its own: open."""
    hollow: dict[str, Any] = {"filled": True, "opacity": 1, "fill": WHITE, "stroke": colour}
    return {**hollow, "strokeWidth": thick, "size": size, **shape}
