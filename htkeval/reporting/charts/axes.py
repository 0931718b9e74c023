"""What several kinds of chart share: heading, labels of an axis, the frame around."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any, Protocol

import altair as alt

from htkeval.reporting.charts.look import CONFIG, HALO, INK, LONGEST_LINE, MUTED, USERMETA
from htkeval.reporting.wording import SIMULATED
from htkeval.text import Language, Text, render


class Said(Protocol):
    """What can be told in a sentence."""

    @property
    def alt(self) -> Text:
        """The chart in a sentence."""


def whole(
    layers: Sequence[alt.Chart], said: Said, language: Language, *, height: int, title: Any
) -> alt.LayerChart:
    """Layers in the common frame."""
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=height,
            title=title,
            width="container",
            description=render(said.alt, language),
            usermeta=USERMETA,
            padding={"left": 2, "right": 12, "top": 2, "bottom": 2},
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure(**CONFIG)
    )
    return chart


def heading(
    caption: Text, language: Language, *, simulated: bool, above: int = 22
) -> alt.TitleParams:
    """What is shown, so many pixels above the chart; and that its figures are invented, where they
    are."""
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


def axis_labels(step: float, language: Language, *, signed: bool) -> str:
    """A Vega expression for a tick's label, in the language's own comma."""
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2 if step >= 0.01 else 3
    comma = "," if language == "da" else "."
    minus = "(datum.value < -1e-9 ? '−' : '')"
    sign = f"(datum.value > 1e-9 ? '+' : {minus})" if signed else minus
    return f"{sign} + replace(format(abs(datum.value), '.{decimals}f'), '.', '{comma}')"


def labelled(chart: alt.Chart, label: str, colour: str, **style: Any) -> list[alt.Chart]:
    """A label with nothing behind it that could cross it."""
    every: dict[str, Any] = {"text": label, "fontSize": 13, "fontWeight": 600, **style}
    return [chart.mark_text(**every, **HALO), chart.mark_text(**every, color=colour)]
