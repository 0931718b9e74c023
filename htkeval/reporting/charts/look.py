"""The one look of every chart: colours, type, labels, and the mark of invented figures.

Nothing is computed in a chart but where a label stands. Labels are strings written by the
language's own rules, so no locale is loaded in the browser.
"""

from __future__ import annotations

from typing import Any

import altair as alt

INK, MUTED, PRIMARY, LINE = "#1A2530", "#465362", "#00478F", "#9A4600"
AXIS, HAIR, SURFACE = "#6A7785", "#C5CED8", "#E9EDF1"
FONT = "IBM Plex Sans, Segoe UI, system-ui, sans-serif"

BAND, FRAME, STEP = "#C9DAEC", "#7F8C9A", "#DDE3EA"
"""A band that holds at every look; frames; the steps of a waterfall."""

NARROW = "width < 520"
"""A Vega expression: whether the chart stands on a phone."""
LONGEST_LINE, LINE_HEIGHT = 40, 16
"""Characters of a line under the axis, which a phone has room for, and its pixels."""

CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "#FFFFFF",
    "aria": False,  # the chart's own sentence says it; every mark read aloud says it ten times
    "mark": {"aria": False},  # else a mark is announced, and has no name
    "view": {"continuousWidth": 300, "continuousHeight": 300, "stroke": None},
    "axis": {
        "grid": False,
        "labelColor": MUTED,
        "labelFontSize": 13,
        "labelOverlap": True,
        "titleColor": MUTED,
        "titleFontSize": 13,
        "titleFontWeight": 400,
        "titlePadding": 8,
        "domainColor": HAIR,
        "tickColor": AXIS,
        "tickSize": 4,
    },
}
"""One configuration for every chart; the app's theme is not used."""

WHITE = "#FFFFFF"
HALO: dict[str, Any] = {"color": WHITE, "stroke": WHITE, "strokeWidth": 5, "strokeJoin": "round"}
"""Under a label, so that a line behind it does not cross it."""


def on_phone(narrow: object, wide: object) -> Any:
    """One Vega expression where there is room for a phone's chart only, another where there is
    more."""
    return alt.expr(f"{NARROW} ? {narrow} : {wide}")


def x_at(pixels: float | alt.ExprRef | alt.expr) -> alt.XValue:
    """So many pixels from the left. As a plain value Altair would look for its kind, which takes
    longer than all the rest of a drawing."""
    return alt.XValue(pixels)  # type: ignore[no-untyped-call]


def y_at(pixels: float) -> alt.YValue:
    """So many pixels from the top; likewise."""
    return alt.YValue(pixels)  # type: ignore[no-untyped-call]


def y2_at(pixels: float) -> alt.Y2Value:
    """The other end; likewise."""
    return alt.Y2Value(pixels)  # type: ignore[no-untyped-call]
