"""The invented sets and R's stored answers, as the tests read them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WORDS = ("participant", "team", "kind")
"""Columns that hold words; all others hold numbers."""


def columns(name: str) -> dict[str, list[Any]]:
    """A set as columns."""
    with (HERE / f"{name}.csv").open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    read = {
        column: [row[column] if column in WORDS else float(row[column]) for row in rows]
        for column in rows[0]
    }
    return {**read, "arm": [int(arm) for arm in read["arm"]]}


def answers(name: str) -> dict[str, dict[str, float]]:
    """What an R script wrote."""
    found: dict[str, dict[str, float]] = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    return found
