"""The frame around every chart: size, heading, sentence, and the mark of invented figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt

from htkeval.reporting.charts.look import CONFIG, INK, LONGEST_LINE, MUTED
from htkeval.reporting.wording import SIMULATED
from htkeval.text import Language, Text, render

MARK = 18
"""Pixels for the mark of invented figures."""
USERMETA = {"embedOptions": {"renderer": "svg", "actions": False}}
HEADED = 22
"""Pixels that a heading stands above the chart."""


@dataclass(frozen=True)
class Drawing:
    """What one kind of chart draws of a picture, without what all kinds have in common."""

    layers: Sequence[alt.Chart]
    """From the lowest to the uppermost."""
    height: int
    """Pixels, axis and heading included."""
    headed: int | None = None
    """Pixels that the caption stands above the chart; None where the page says it."""
    right: int = 12
    """Pixels that are left free at the right."""


def framed(drawing: Drawing, frame: dict[str, Any]) -> alt.LayerChart:
    """A drawing in its frame."""
    return alt.LayerChart(layer=list(drawing.layers), **frame)


def spelt(drawing: Drawing, frame: dict[str, Any]) -> dict[str, Any]:
    """The same as Vega-Lite; Altair itself would copy all rows of all layers several times."""
    inner = {"top_level": False}
    layers = [one.to_dict(validate=False, context=dict(inner)) for one in drawing.layers]
    told = {
        name: one.to_dict(validate=False) if isinstance(one, alt.SchemaBase) else one
        for name, one in frame.items()
        if one is not alt.Undefined
    }
    return {**told, "layer": layers, "$schema": alt.SCHEMA_URL}


def frame(
    drawing: Drawing, caption: Text, sentence: Text, language: Language, *, simulated: bool
) -> dict[str, Any]:
    """What stands around a drawing, and that its figures are invented, where they are."""
    title: Any = alt.Undefined
    if drawing.headed is not None:
        title = _heading(caption, language, above=drawing.headed, simulated=simulated)
    elif simulated:
        title = _simulated_mark(language)
    return {
        "height": drawing.height + (MARK if simulated else 0),
        "title": title,
        "width": "container",
        "description": render(sentence, language),
        "usermeta": USERMETA,
        "padding": {"left": 2, "right": drawing.right, "top": 2, "bottom": 2},
        "autosize": alt.AutoSizeParams(type="fit", contains="padding"),
        "config": alt.Config(**CONFIG),
    }


def _heading(caption: Text, language: Language, *, above: int, simulated: bool) -> alt.TitleParams:
    """What is shown, where it can be read without turning one's head, and the mark below it."""
    mark: dict[str, Any] = {"subtitle": render(SIMULATED, language)} if simulated else {}
    return alt.TitleParams(
        **mark,
        subtitleFontSize=13,
        subtitleFontWeight=600,
        subtitleColor=MUTED,
        subtitlePadding=4,
        text=wrap(render(caption, language), LONGEST_LINE),
        anchor="start",
        frame="group",
        fontSize=13,
        fontWeight=600,
        color=INK,
        offset=above,
    )


def _simulated_mark(language: Language) -> alt.TitleParams:
    """The mark alone, under the axis."""
    return alt.TitleParams(
        render(SIMULATED, language),
        anchor="end",
        orient="bottom",
        offset=4,
        fontSize=13,
        fontWeight=600,
        color=MUTED,
    )
