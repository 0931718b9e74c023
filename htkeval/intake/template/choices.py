"""The words that can be chosen in a column: they stand on a hidden sheet, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from htkeval.intake.codebook import Field
from htkeval.intake.header import letter
from htkeval.intake.template.lots import Lots
from htkeval.text import Language, render, say
from htkeval.trial import ARMS, Trial

if TYPE_CHECKING:
    from openpyxl import Workbook

LISTS = "htkeval"
"""The hidden sheet."""
STATUS = (say("done"), say("abandoned"), say("refused"))
"""What a task came to; `add` reads the Danish words too."""


def choices(
    book: Workbook,
    trial: Trial,
    fields: Sequence[Field],
    lots: Lots | None,
    language: Language,
    *,
    first: int,
) -> dict[str, str]:
    """By column: where the words stand that can be chosen in it, written as Excel names places.

    Args:
        book: Gets the hidden sheet.
        trial: Names the arms.
        fields: The columns, in the order of the sheet.
        lots: What was drawn. Where a person or team has one arm, only that can be chosen
            beside its name.
        language: Of the words for what became of a task.
        first: The first row that is filled in.
    """
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    places: dict[str, str] = {}
    for at, (name, words) in enumerate(_lists(trial, fields, lots, language)):
        for row, word in enumerate(words, start=1):
            cell = sheet.cell(row, at + 1)
            cell.value = word
            cell.data_type = "n" if isinstance(word, int) else "s"
        places[name] = f"{LISTS}!${letter(at)}$1:${letter(at)}${len(words)}"
    unit = lots.chosen_by() if lots else None
    if lots and unit and unit in places and lots.drawn in places:
        places[lots.drawn] = _of_the_unit(fields, places, unit, lots.drawn, first)
    return places


def _lists(
    trial: Trial, fields: Sequence[Field], lots: Lots | None, language: Language
) -> Iterator[tuple[str, Sequence[str | int]]]:
    unit = lots.chosen_by() if lots else None
    for field in fields:
        name, kind = field.column.name, field.column.kind
        if lots and unit and name in (unit, lots.drawn):
            yield name, [row[name] for row in lots.rows]
        elif lots and kind == "word" and name in lots.columns:
            yield name, lots.words(name)
        elif kind == "arm":
            yield name, [trial.arms.value(arm) for arm in ARMS]
        elif kind == "status":
            yield name, [render(word, language) for word in STATUS]
        elif kind == "yes_no":
            yield name, [0, 1]


def _of_the_unit(
    fields: Sequence[Field], places: dict[str, str], unit: str, drawn: str, first: int
) -> str:
    """The one word that was drawn for the unit on the same row."""
    at = [field.column.name for field in fields].index(unit)
    return f"INDEX({places[drawn]},MATCH(${letter(at)}{first},{places[unit]},0))"
