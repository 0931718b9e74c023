"""The empty sheet as CSV: column names only, as a Danish Excel opens it."""

from __future__ import annotations

from htkeval.csv_text import csv_text
from htkeval.intake.columns import plan
from htkeval.intake.template.lots import Lots
from htkeval.trial import Trial


def csv_sheet(trial: Trial, lots: Lots | None) -> bytes:
    """Semicolons and a byte order mark, for å is a letter of names.

    Where tasks were drawn their rows stand below the names, with the arm of each.
    """
    names = [column.name for column in plan(trial)]
    lines = lots.rows if lots and lots.tasks else ()
    cells = ([row.get(name, "") for name in names] for row in lines)
    return csv_text(names, cells, delimiter=";", end="\r\n").encode("utf-8-sig")
