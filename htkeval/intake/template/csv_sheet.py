"""The empty sheet as CSV: column names only, as a Danish Excel opens it."""

from __future__ import annotations

import csv
import io

from htkeval.intake.columns import plan
from htkeval.intake.template.lots import Lots
from htkeval.trial import Trial


def csv_sheet(trial: Trial, lots: Lots | None) -> bytes:
    """Semicolons and a byte order mark, for å is a letter of names.

    Where tasks were drawn their rows stand below the names, with the arm of each.
    """
    names = [column.name for column in plan(trial)]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=";", restval="", extrasaction="ignore")
    writer.writeheader()
    if lots and lots.tasks:
        writer.writerows(lots.rows)
    return out.getvalue().encode("utf-8-sig")
