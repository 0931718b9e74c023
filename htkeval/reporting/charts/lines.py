"""Lines over an axis, named where they lie."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.charts.axes import along, axis_labels, ticks, upwards
from htkeval.reporting.charts.frame import HEADED, Drawing
from htkeval.reporting.charts.look import INK, LONGEST_LINE, PRIMARY, on_phone
from htkeval.reporting.charts.marks import dot, labelled, rows
from htkeval.reporting.lines import Lines, Series
from htkeval.text import Language, render

HEIGHT = 320
"""Pixels, axis and heading included."""
NAMED_AT = 0.72
"""Share of a line's rise at which its name stands."""


def draw(lines: Lines, language: Language) -> Drawing:
    """Lines."""
    layers = _across(lines, language)
    for one in lines.series:
        layers += _series(lines, one, language)
    return Drawing(layers, HEIGHT, headed=HEADED)


def _x(lines: Lines, language: Language) -> alt.X:
    domain, step = lines.x
    title = wrap(render(lines.axis, language), LONGEST_LINE)
    if not lines.places:
        return along(domain, step, axis_labels(step, language, signed=False), title=title)
    names = [render(name, language) for name in lines.places]
    told = "[" + ", ".join(f"'{name}'" for name in names) + "][datum.value]"
    values = list(range(len(names)))
    return along(domain, step, told, title=title, values=values, labelOverlap=False)


def _on(lines: Lines, language: Language, points: Any) -> alt.Chart:
    domain, step = lines.y
    y = upwards(domain, ticks(domain, step), axis_labels(step, language, signed=False))
    return rows(*({"x": x, "y": y} for x, y in points), x=_x(lines, language), y=y)


def _across(lines: Lines, language: Language) -> list[alt.Chart]:
    """The height that is marked with what it means, and the line on which both axes agree."""
    made = []
    if lines.equal:
        low, high = max(lines.x[0][0], lines.y[0][0]), min(lines.x[0][1], lines.y[0][1])
        same = _on(lines, language, [(low, low), (high, high)])
        made.append(same.mark_line(size=2, color=INK, strokeDash=[5, 4]))
    if lines.level is not None and lines.note is not None:
        # below, to the right: there no line that rises to the right can be
        label = _on(lines, language, [(lines.x[0][1], lines.y[0][0])])
        style: dict[str, Any] = {"align": "right", "dx": -4, "dy": -14, "fontWeight": 400}
        style["opacity"] = on_phone(0, 1)  # no room: it stands below as well
        made += labelled(label, render(lines.note, language), INK, **style)
    return made


def _series(lines: Lines, one: Series, language: Language) -> list[alt.Chart]:
    chart = _on(lines, language, one.points)
    if one.dots:
        return [chart.mark_point(**dot(90))]
    style: dict[str, Any] = {"size": 3.5, "color": PRIMARY, "interpolate": "linear"}
    if one.dashed:
        style = {"size": 2.5, "color": INK, "strokeDash": [7, 5], "interpolate": "linear"}
    layers = [chart.mark_line(**style)]
    if lines.places:  # few points, each of them to be read
        layers.append(chart.mark_point(filled=True, size=90, opacity=1, color=PRIMARY))
    return [*layers, *(_name(lines, one, language) if one.name is not None else [])]


def _name(lines: Lines, one: Series, language: Language) -> list[alt.Chart]:
    """Beside the line, on the side where the other is not."""
    named = sorted((each for each in lines.series if each.name is not None), key=_reached)
    first = len(named) > 1 and one is named[0]
    x, y = _reached(one)
    side = {"align": "right", "dx": -12} if first else {"align": "left", "dx": 12}
    colour = INK if one.dashed else PRIMARY
    at = _on(lines, language, [(x, y)])
    return labelled(at, render(one.name or "", language), colour, fontWeight=700, **side)


def _reached(one: Series) -> tuple[float, float]:
    low, high = one.points[0][1], one.points[-1][1]
    wanted = low + NAMED_AT * (high - low)
    return next((point for point in one.points if point[1] >= wanted), one.points[-1])
