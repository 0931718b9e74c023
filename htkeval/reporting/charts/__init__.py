"""The charts, in one look: every picture has one drawing, a sentence and a table.

A picture is figures and words (`alt`, `table()`); what draws it stands in the file of its kind, and
here is the only list of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import altair as alt

from htkeval.reporting.abreast import Abreast
from htkeval.reporting.budget_bars import BudgetBars
from htkeval.reporting.charts import (
    abreast,
    budget_bars,
    course,
    curve,
    forest,
    lines,
    strip,
    waterfall,
    ways,
)
from htkeval.reporting.charts.fewer import fewer
from htkeval.reporting.charts.frame import Drawing, frame, framed, spelt
from htkeval.reporting.course import Course
from htkeval.reporting.curve import Curve
from htkeval.reporting.forest import Forest
from htkeval.reporting.lines import Lines
from htkeval.reporting.pictures import Picture
from htkeval.reporting.tables import Table
from htkeval.reporting.waterfall import Falling
from htkeval.reporting.ways import Ways
from htkeval.text import Language, Text


class Drawable(Protocol):
    """What every picture can do without being drawn."""

    @property
    def caption(self) -> Text:
        """What is shown, with its unit."""

    @property
    def alt(self) -> Text:
        """The chart in a sentence, for those who do not see it."""

    def table(self) -> Table:
        """The same figures as a table."""


alt.data_transformers.consolidate_datasets = False
"""Each layer carries its own rows: a page reads named ones apart, which takes longer."""

DRAWN: dict[type[Any], Callable[..., Drawing]] = {
    Picture: strip.draw,
    Curve: curve.draw,
    BudgetBars: budget_bars.draw,
    Falling: waterfall.draw,
    Forest: forest.draw,
    Ways: ways.draw,
    Lines: lines.draw,
    Course: course.draw,
    Abreast: abreast.draw,
}
"""By the kind of picture, what draws it."""


def draw(
    picture: Drawable, language: Language, *, simulated: bool = False, **options: bool
) -> alt.LayerChart:
    """Draw a picture.

    Args:
        picture: What to show.
        language: Of every word and number in it.
        simulated: Whether the figures are invented; the chart then says so wherever it goes.
        options: What its kind alone can be asked, as `named` of an interval.
    """
    return framed(*_drawn(picture, language, simulated, options))


def _drawn(
    picture: Drawable, language: Language, simulated: bool, options: dict[str, bool]
) -> tuple[Drawing, dict[str, Any]]:
    drawing = DRAWN[type(picture)](picture, language, **options)
    around = frame(drawing, picture.caption, picture.alt, language, simulated=simulated)
    return drawing, around


def as_drawn(
    picture: Drawable, language: Language, *, simulated: bool = False, **options: bool
) -> dict[str, Any]:
    """The same as Vega-Lite, for a page or a file.

    Not held against Vega-Lite's schema, as every drawing is in a test: that takes longer than to
    draw it.
    """
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        return fewer(spelt(*_drawn(picture, language, simulated, options)))
