"""A chart as a file: for papers and downloads, drawn offline with our own letters."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from htkeval.reporting.charts import Drawable, as_drawn
from htkeval.resources import PACKAGE
from htkeval.text import Language

WIDTH = 640
"""Pixels, unless it is said otherwise: what a page's column is wide."""
SHARP = 2.0
"""Points of a PNG for each pixel, so that it can be printed."""


def svg(
    picture: Drawable,
    language: Language,
    *,
    simulated: bool,
    width: int = WIDTH,
    **options: bool,
) -> str:
    """A chart as SVG; its words stay text.

    Args:
        picture, language, simulated, options: As for `draw`.
        width: Pixels.
    """
    return str(_converter().vegalite_to_svg(_spec(picture, language, simulated, width, options)))


def png(
    picture: Drawable,
    language: Language,
    *,
    simulated: bool,
    width: int = WIDTH,
    **options: bool,
) -> bytes:
    """A chart as PNG; otherwise as `svg`."""
    spec = _spec(picture, language, simulated, width, options)
    return bytes(_converter().vegalite_to_png(spec, scale=SHARP))


def _spec(
    picture: Drawable, language: Language, simulated: bool, width: int, options: dict[str, bool]
) -> str:
    spec = as_drawn(picture, language, simulated=simulated, **options)
    return json.dumps({**spec, "width": width})


@cache
def _converter() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(PACKAGE / "reporting" / "fonts"))
    return vl_convert
