"""Published figures, and what the same measurements give here: not typed in but computed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from htkeval.reporting.numbers import number
from htkeval.reporting.sentences import joined
from htkeval.reporting.tables import Table
from htkeval.resources import PACKAGE
from htkeval.text import Text, say

FILE = "published.json"
"""Made by `python -m calibration.published`."""

HEADING = say("Do we get what others published?")
MEANING = say(
    "Measurements of published studies went through the same methods as ours. Beside each other "
    "stand the published figure and what comes out here."
)
STUDIES: Mapping[str, tuple[str, Text]] = {
    "metr_pooled_classic": (
        "METR 2025 (arXiv 2507.09089)",
        say("16 developers, 246 tasks: ratio of minutes, classic interval"),
    ),
    "metr_pooled_hc3": (
        "METR 2025 (arXiv 2507.09089)",
        say("the same, interval by HC3"),
    ),
    "metr_pooled_cluster": (
        "METR 2025 (arXiv 2507.09089)",
        say("the same, interval by developer"),
    ),
    "echoes_medians": (
        "Echoes of AI 2025 (arXiv 2507.00788)",
        say("first task: median time with AI beside without, %"),
    ),
    "echoes_delta_1": (
        "Echoes of AI 2025 (arXiv 2507.00788)",
        say("first task: Cliff's delta"),
    ),
    "echoes_delta_2": (
        "Echoes of AI 2025 (arXiv 2507.00788)",
        say("second task: Cliff's delta"),
    ),
    "gds_middles": (
        "GDS Copilot 2025",
        say("minutes a day that people said they saved, from the middles of bands"),
    ),
}
"""By figure: whose it is, and what it says."""


@cache
def figures() -> tuple[dict[str, Any], ...]:
    """What is stored; nothing where it was not made."""
    file = PACKAGE / "reporting" / FILE
    if not file.is_file():
        return ()
    return tuple(json.loads(file.read_text("utf-8"))["figures"])


def table() -> Table:
    """A row for each published figure."""
    head = (say("Study"), say("Published"), say("Here"))
    rows = []
    for one in figures():
        study, what = STUDIES[one["id"]]
        told = [_figure(one[of], one["decimals"]) for of in ("published", "ours")]
        rows.append((say("{study}: {what}", study=study, what=what), *told))
    return Table(HEADING, head, tuple(rows))


def _figure(values: list[float], decimals: int) -> Text:
    """An estimate, with its interval where it has one."""
    shown = [number(value, decimals) for value in values]
    if len(shown) == 1:
        return shown[0]
    estimate, low, high = shown
    return joined([estimate, say("({low} to {high})", low=low, high=high)])
