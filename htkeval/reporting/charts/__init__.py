"""The charts, in one look: every picture has one drawing, a sentence and a table.

A picture is figures and words (`alt`, `table()`); what draws it stands in the file of its kind, and
here is the only list of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import altair as alt

from htkeval.reporting.bars import Bars
from htkeval.reporting.charts import bars, curve, forest, strip
from htkeval.reporting.curve import Curve
from htkeval.reporting.forest import Forest
from htkeval.reporting.pictures import Picture
from htkeval.reporting.tables import Table
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


DRAWN: dict[type[Any], Callable[..., alt.LayerChart]] = {
    Picture: strip.draw,
    Curve: curve.draw,
    Forest: forest.draw,
    Bars: bars.draw,
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
    return DRAWN[type(picture)](picture, language, simulated=simulated, **options)
