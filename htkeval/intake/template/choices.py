"""The words that can be chosen in a column: they stand on a hidden sheet, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

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
        lots: What was drawn: beside a person or team (and its period, from 1) only the arm that
            the lot gave can be chosen.
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
    if lots:
        letters = {field.column.name: letter(n) for n, field in enumerate(fields)}
        places.update(list(_drawn(sheet, trial, lots, places, letters, first)))
    return places


def _lists(
    trial: Trial, fields: Sequence[Field], lots: Lots | None, language: Language
) -> Iterator[tuple[str, Sequence[str | int]]]:
    unit = lots.chosen_by() if lots else None
    for field in fields:
        name, kind = field.column.name, field.column.kind
        if lots and unit and name in (unit, lots.drawn):
            yield name, [row[name] for row in lots.rows]
        elif lots and not lots.tasks and kind == "word" and name in lots.columns:
            yield name, lots.words(name)
        elif lots and lots.by_period and kind == "period":
            yield name, [str(n) for n in range(1, len(lots.by_period) + 1)]
        elif kind == "arm":
            yield name, [trial.arms.value(arm) for arm in ARMS]
        elif kind == "status":
            yield name, [render(word, language) for word in STATUS]
        elif kind == "yes_no":
            yield name, [0, 1]


def _drawn(
    sheet: Any, trial: Trial, lots: Lots, places: dict[str, str], at: dict[str, str], first: int
) -> Iterator[tuple[str, str]]:
    """By column that a lot decides: the one word that was drawn for the unit on the same row."""
    unit, period, arm = lots.chosen_by(), trial.design.period, trial.design.arm
    if unit is None or unit not in places:
        return
    row = f"MATCH(${at[unit]}{first},{places[unit]},0)"
    if lots.drawn in places:
        yield lots.drawn, f"INDEX({places[lots.drawn]},{row})"
    if lots.by_period and period in places:
        arms = _arms(sheet, lots, len(places))
        yield arm, f"INDEX({arms},{row},MATCH(${at[period]}{first},{places[period]},0))"


def _arms(sheet: Any, lots: Lots, at: int) -> str:
    """Where the arms of the units stand: a row a unit, a column a period."""
    for number, row in enumerate(lots.rows, start=1):
        for period, name in enumerate(lots.by_period, start=at + 1):
            sheet.cell(number, period, row[name]).data_type = "s"
    last = letter(at + len(lots.by_period) - 1)
    return f"{LISTS}!${letter(at)}$1:${last}${len(lots.rows)}"
