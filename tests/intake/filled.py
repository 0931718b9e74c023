"""A template filled in as an office fills one in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import openpyxl

from htkeval.intake.columns import Column, plan
from htkeval.trial import ARMS, Trial


def a_value(trial: Trial, column: Column, row: int) -> object:
    """What somebody writes in a column on a row."""
    match column.kind:
        case "arm":
            return trial.arms.value(ARMS[row % 2])
        case "day":
            return trial.starts + timedelta(days=row)
        case "duration":
            return f"{row + 1}:30" if column.unit == "min:s" else row + 1.5
        case "yes_no":
            return row % 2
        case "status" | "word" | "period":
            return "udført" if column.kind == "status" else f"P{row % 3}"
        case _:
            return 1


def fill(
    content: bytes, trial: Trial, path: Path, *, rows: int = 6, keep: Mapping[str, object] = {}
) -> Path:
    """Write values below the column names, and save.

    Args:
        content: The template's file.
        trial: The trial.
        path: Where the filled one is saved.
        rows: How many.
        keep: By column: what is written instead; None: what stands there already is kept.
    """
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[1]
    names = {cell.value: cell.column for cell in sheet[3]}
    for row in range(rows):
        for column in plan(trial):
            value = keep.get(column.name, a_value(trial, column, row))
            if value is not None:
                sheet.cell(4 + row, names[column.name]).value = value
    book.save(path)
    return path
