"""Each trial's interval, all together below, and the span in which one more trial is expected."""

from __future__ import annotations

from typing import Any

import altair as alt

from htkeval.reporting.charts.axes import along, axis_labels, directions, inside
from htkeval.reporting.charts.frame import Drawing
from htkeval.reporting.charts.look import INK, MUTED, PRIMARY, on_phone, x_at, y_at
from htkeval.reporting.charts.marks import (
    above,
    at,
    capped,
    dot,
    labelled,
    named,
    ring,
    rows,
    upright,
)
from htkeval.reporting.forest import Forest, Study, figure
from htkeval.reporting.pictures import tick_step
from htkeval.text import Language, Text, render, say

PITCH, FIRST, BELOW = 50, 44, 26
"""Pixels from row to row, above the first, and below the last."""
NAMES, FIGURES = 250, 150
"""Pixels for the names left of the axis, and for estimate and interval right of it."""
AROUND = 70
CAP = 6
UP = 21
"""Pixels that words stand above their row on a phone."""


def draw(picture: Forest, language: Language) -> Drawing:
    """The trials."""
    last = FIRST + PITCH * (len(picture.every) + bool(picture.prediction) - 1)
    axis = _axis(picture, language)
    label = above(rows({"x": 0.0}, x=axis), render(say("no difference"), language), INK)
    layers = [upright(axis, 0.0, 0, last + BELOW), label]
    for n, study in enumerate(picture.every):
        together = study is picture.together
        layers += _study(picture, study, axis, FIRST + PITCH * n, language, together=together)
    if picture.prediction:
        layers += _prediction(picture, picture.prediction, axis, last, language)
    return Drawing(layers, last + BELOW + AROUND)


def _axis(picture: Forest, language: Language) -> alt.X:
    step = tick_step(picture.domain, ticks=6)
    ways = say("faster"), say("slower")
    if not picture.lower_is_better:
        ways = say("worse"), say("better")
    return along(
        picture.domain,
        step,
        axis_labels(step, language, signed=True),
        title=directions(*ways, language),
        start=on_phone(0, NAMES),
        end=on_phone("width", f"width - {FIGURES}"),
    )


def _study(
    picture: Forest, study: Study, axis: alt.X, y: float, language: Language, *, together: bool
) -> list[alt.Chart]:
    """Interval and estimate; open where the trial is in no sum."""
    low, high, seen = (inside(value, picture.domain) for value in (*study.ends, study.estimate))
    line = at(axis, y, x=low, x2=high).mark_rule(
        size=7 if together else 4, strokeCap="round", color=PRIMARY
    )
    size = 260 if together else 170
    told = say(
        "{estimate} ({low} to {high})",
        estimate=figure(study.estimate),
        low=figure(study.ends[0]),
        high=figure(study.ends[1]),
    )
    return [
        line.encode(x2=alt.X2("x2:Q")),
        at(axis, y, x=seen).mark_point(**(dot(size) if study.counts else ring(size))),
        *_words(study.name, told, y, language, bold=together),
    ]


def _prediction(
    picture: Forest, ends: tuple[float, float], axis: alt.X, y: float, language: Language
) -> list[alt.Chart]:
    """Where one more trial is expected, which is no measurement."""
    low, high = (inside(end, picture.domain) for end in ends)
    told = say("{low} to {high}", low=figure(ends[0]), high=figure(ends[1]))
    words = _words(picture.prediction_name, told, y, language, bold=False)
    return [*capped(axis, (low, high), y, CAP), *words]


def _words(name: Text, told: Text, y: float, language: Language, *, bold: bool) -> list[alt.Chart]:
    """Name and figures beside the row; both above it on a phone."""
    limit = f"width - {FIGURES - 40}", NAMES - 14
    weight: dict[str, Any] = {"fontWeight": 600 if bold else 400}
    figures = rows({}, x=x_at(alt.expr("width")), y=y_at(y))
    right = {"align": "right", "dy": on_phone(-UP, 0), **weight}
    return [
        *named(render(name, language), y, up=UP, limit=limit, colour=INK, **weight),
        *labelled(figures, render(told, language), INK if bold else MUTED, **right),
    ]
