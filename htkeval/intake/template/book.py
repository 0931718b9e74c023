"""The empty sheet as an Excel workbook: drop-downs, limits, a guide and a codebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from htkeval.intake.codebook import Field, codebook, headed
from htkeval.intake.header import cleaned, letter
from htkeval.intake.template.choices import choices
from htkeval.intake.template.guide import guide
from htkeval.intake.template.limits import validation
from htkeval.intake.template.lots import Lots
from htkeval.intake.template.pages import Page, codebook_rows, lots_rows
from htkeval.intake.template.same_bytes import same_bytes
from htkeval.text import Language, Text, render, say
from htkeval.trial import Trial

if TYPE_CHECKING:
    from openpyxl import Workbook

HEADER = 3
"""The row of column names: a title and the labels with their units stand above it."""
LAST = 2**20
"""The last row of an Excel sheet."""
_MEASUREMENTS = say("Measurements")
_WIDTH = 18
_FORMATS = {"day": "dd-mm-yyyy", "duration": "General"}
_TEXT = "@"
"""Excel takes a typed `1:23` for hours, and `P-1` for what it likes, but in a column of text."""


@dataclass(frozen=True)
class Template:
    """What a workbook is written from."""

    trial: Trial
    """The trial."""
    fields: tuple[Field, ...]
    """Its columns, in order."""
    lots: Lots | None
    """What was drawn."""
    language: Language
    """Of every word but the trial's own."""

    def words(self, text: Text | str) -> str:
        """A text in the workbook's language; never the arm column's name, which `add` looks for."""
        said = " ".join(render(text, self.language).split())
        return f"{said}:" if said == cleaned(self.fields[0].column.name) else said


def workbook(trial: Trial, lots: Lots | None, language: Language) -> bytes:
    """The workbook's file, the same bytes each time.

    Args:
        trial: The definition that counts.
        lots: What was drawn; None where nothing was.
        language: Of the guide, the labels and the codebook.
    """
    from openpyxl import Workbook

    made = Template(trial, codebook(trial), lots, language)
    book = Workbook()
    book.remove(book.active)
    _write_page(book, made, say("Guide"), [[line] for line in _guide(made)], widths=(100,))
    sheet = book.create_sheet(render(_MEASUREMENTS, language))
    _write_page(book, made, say("Codebook"), codebook_rows(made.fields), widths=(30, 40))
    if lots and not lots.tasks:  # tasks stand in the sheet itself
        _write_page(book, made, say("Lots"), lots_rows(lots), widths=())
    _write_measurements(book, sheet, made)
    book.active = 0
    return same_bytes(book)


def _guide(made: Template) -> list[Text | str]:
    return [made.trial.title, *guide(made.trial, made.lots, _MEASUREMENTS)]


def put(sheet: Any, row: int, column: int, text: str) -> Any:
    """A cell of text, whatever it begins with: never a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", text)
    cell.data_type = "s"
    return cell


def _write_page(
    book: Workbook, made: Template, name: Text, rows: Page, *, widths: Sequence[int]
) -> None:
    """A page to be read: its first row is bold, and nothing in it can be changed."""
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(render(name, made.language))
    wrapped = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(rows, start=1):
        for at, text in enumerate(row, start=1):
            cell = put(sheet, number, at, made.words(text))
            cell.alignment = wrapped
            if number == 1:
                cell.font = Font(bold=True)
    for at in range(max(map(len, rows))):
        sheet.column_dimensions[letter(at)].width = widths[at] if at < len(widths) else _WIDTH
    sheet.protection.sheet = True


def _write_measurements(book: Workbook, sheet: Any, made: Template) -> None:
    _write_head(sheet, made)
    lists = choices(book, made.trial, made.fields, made.lots, made.language, first=HEADER + 1)
    for at, field in enumerate(made.fields):
        prompt, title = made.words(field.allowed), made.words(field.label)
        rule = validation(made.trial, field, lists, prompt, title)
        if rule is not None:
            rule.add(f"{letter(at)}{HEADER + 1}:{letter(at)}{LAST}")
            sheet.add_data_validation(rule)
    if made.lots and made.lots.tasks:
        _write_lots(sheet, made.fields, made.lots)
    sheet.freeze_panes = f"B{HEADER + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False  # that is: it may be done
    sheet.protection.formatRows = False


def _write_head(sheet: Any, made: Template) -> None:
    """A title, the labels with their units, the names; columns below are open for writing."""
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    put(sheet, 1, 1, made.words(made.trial.title)).font = Font(bold=True, size=14)
    for at, field in enumerate(made.fields):
        column = sheet.column_dimensions[letter(at)]
        column.width = max(_WIDTH, len(field.column.name) + 2)
        column.protection = Protection(locked=False)
        column.number_format = _format(field)
        label = put(sheet, HEADER - 1, at + 1, made.words(headed(field)))
        label.alignment = Alignment(wrap_text=True, vertical="bottom")
        name = put(sheet, HEADER, at + 1, field.column.name)
        name.font = Font(bold=True)
        name.fill = PatternFill("solid", fgColor="DDE6F0")


def _format(field: Field) -> str:
    as_text = field.column.kind in ("word", "period") or field.column.unit == "min:s"
    return _TEXT if as_text else _FORMATS.get(field.column.kind, "General")


def _write_lots(sheet: Any, fields: Sequence[Field], lots: Lots) -> None:
    """A row for each task that was drawn; what the lot says cannot be changed."""
    given = [(at, field) for at, field in enumerate(fields, 1) if field.column.name in lots.columns]
    for number, row in enumerate(lots.rows, start=HEADER + 1):
        for at, field in given:
            put(sheet, number, at, row[field.column.name]).number_format = _format(field)
