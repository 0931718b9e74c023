"""Excel workbooks, read by calamine: .xlsx, .xlsm and .xls."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from htkeval.errors import Problem, SheetError
from htkeval.intake.cells import Broken, Raw
from htkeval.intake.header import LOOKED_AT, cleaned, find, fit
from htkeval.intake.package import A_WORKBOOK
from htkeval.intake.privacy import masked
from htkeval.intake.search import refuse_listed, refuse_name
from htkeval.intake.workbook_xml import Survey, damaged, surveys
from htkeval.text import say

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_LISTED = 15
_ONE_SHEET = say("Keep one of them in the file, or save each as a file of its own.")


def workbook_rows(
    path: Path, *, wanted: Sequence[str], listed: frozenset[str] = frozenset()
) -> Iterator[Sequence[Raw]]:
    """The rows, from the first, of the visible sheet that holds the trial's arm column.

    Args:
        path: The workbook. Macros are never run, links never followed.
        wanted: Names of columns, the arm's first.
        listed: Words of names that no sheet's name may hold.

    Raises:
        SheetError: Not a workbook, damaged, behind a password, too large, or several sheets
            hold the arm column.
    """
    seen = surveys(path) if zipfile.is_zipfile(path) else {}
    heads, rests = {}, {}
    for sheet in _sheets(path):
        refuse_name(path.name, sheet.name)
        refuse_listed(path.name, sheet.name, listed)
        rows = _marked(sheet, seen.get(sheet.name, Survey()).broken)
        heads[sheet.name] = list(itertools.islice(rows, LOOKED_AT))
        rests[sheet.name] = rows
    name = _chosen(path, heads, wanted)
    return itertools.chain(heads.get(name, []), rests.get(name, ()))


def _sheets(path: Path) -> list[CalamineSheet]:
    """The visible worksheets."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(path)
        return [
            book.get_sheet_by_name(each.name)
            for each in book.sheets_metadata
            if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
        ]
    except CalamineError:
        raise damaged(path) from None


def _marked(
    sheet: CalamineSheet, broken: Mapping[int, Mapping[int, Broken]]
) -> Iterator[Sequence[Raw]]:
    """The rows from the first; yes and no as words, and what was not worked out marked as such."""
    left: list[Raw] = [None] * (sheet.start[1] if sheet.start else 0)
    number = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [*left, *(str(cell).lower() if isinstance(cell, bool) else cell for cell in row)]
        yield _with(cells, broken.get(number, {}))
    for last in range(number + 1, max(broken, default=0) + 1):  # rows of nothing but such cells
        yield _with([], broken.get(last, {}))


def _with(cells: list[Raw], broken: Mapping[int, Broken]) -> list[Raw]:
    for at, what in broken.items():
        cells.extend([None] * (at + 1 - len(cells)))
        cells[at] = what
    return cells


def _chosen(path: Path, heads: Mapping[str, list[Sequence[Raw]]], wanted: Sequence[str]) -> str:
    """The sheet with the arm column; where none has it, the one whose names fit best."""
    arm = cleaned(wanted[0])
    headers = {name: find(head, wanted) for name, head in heads.items()}
    having = [name for name, header in headers.items() if arm in header.names]
    if len(having) > 1:
        found = say(
            "several sheets with the column {name}: {sheets}",
            name=arm,
            sheets=masked(", ".join(having[:_LISTED])),
        )
        raise SheetError(Problem(path.name, found, A_WORKBOOK, _ONE_SHEET))
    return max(having or headers, key=lambda name: fit(headers[name].names, wanted), default="")
