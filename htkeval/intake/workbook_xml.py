"""Looks through the XML of an .xlsx for what a reader of values does not tell.

A formula whose value was never stored, and an error such as `#N/A`, must not pass as an empty
cell; a stray cell in the last corner must not fill the memory; a file must be as large as it says.
"""

from __future__ import annotations

import errno
import posixpath
import re
import zipfile
import zlib
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from htkeval.errors import Problem, SheetError
from htkeval.intake.cells import Broken, shown
from htkeval.intake.package import (
    A_WORKBOOK,
    CHUNK,
    LARGEST,
    MOST_SHEETS,
    SAVE_AGAIN,
    Damaged,
    check,
)
from htkeval.text import say

MOST_ROWS = 2**20
"""As many as an Excel sheet holds."""
MOST_COLUMNS = 2**14
"""As many as an Excel sheet holds."""
MOST_CELLS = 20_000_000
"""Cells of the rectangles up to each sheet's last used cell; the reader holds them all at once."""
MOST_BROKEN = 2_000_000
"""Cells that were not worked out."""

_LONGEST_ERROR = 12
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    RuntimeError,
    NotImplementedError,
    UnicodeDecodeError,
    ValueError,
    Damaged,
)
"""What zipfile raises for a damaged or locked package."""
_NO_VALUE = Broken(say("a formula without a stored value"))


@dataclass
class Survey:
    """What was seen in one worksheet."""

    rows: int = 0
    """The last row that has a cell, as Excel numbers it."""
    columns: int = 0
    """The last column that has a cell, counted from 1."""
    cells: int = 0
    """How many cells there are, whatever place they claim."""
    broken: dict[int, dict[int, Broken]] = field(default_factory=dict)
    """Cells that were not worked out, by row (from 1) and then by column (from 0)."""


def surveys(path: Path) -> dict[str, Survey]:
    """Look through every worksheet of a workbook, by the sheet's name.

    Raises:
        SheetError: The file is damaged, or would take more memory than it may.
    """
    try:
        with zipfile.ZipFile(path) as package:
            lengths = check(path, package)
            members = _members(package)
            if len(members) > MOST_SHEETS or len(set(members.values())) < len(members):
                raise Damaged  # one part that stands for many sheets is read as many times
            found = {}
            for name, member in members.items():
                found[name] = _survey(package, member)
                _check_size(path, name, found)
            words = max(lengths, default=0) * sum(each.cells for each in found.values())
            if words > LARGEST and _copied(package, members, lengths) > LARGEST:
                raise _too_long(path)
            return found
    except (*_DAMAGED, ElementTree.ParseError, expat.ExpatError):
        raise damaged(path) from None
    except OSError as failed:
        if failed.errno != errno.EINVAL:
            raise
        raise damaged(path) from None  # its directory points outside the file


def damaged(path: Path) -> SheetError:
    """The refusal of what is not, or no longer, an Excel workbook."""
    found = say("a file that is not an Excel workbook, is damaged or has a password")
    return SheetError(Problem(path.name, found, A_WORKBOOK, SAVE_AGAIN))


def _check_size(path: Path, name: str, surveys: dict[str, Survey]) -> None:
    """Raises `SheetError` where the sheets up to this one reach further than can be held."""
    last = surveys[name]
    cells = sum(max(each.rows * each.columns, each.cells) for each in surveys.values())
    if cells <= MOST_CELLS and last.columns <= MOST_COLUMNS:
        return
    place = say("{file}, sheet {sheet}", file=path.name, sheet=shown(name))
    found = say(
        "cells in use as far as row {rows:#,##0} and column {columns:#,##0}",
        rows=last.rows,
        columns=last.columns,
    )
    expected = say("at most {n:#,##0} cells", n=MOST_CELLS)
    step = say("Delete the rows and columns outside the table, and save it again.")
    raise SheetError(Problem(place, found, expected, step))


def _too_long(path: Path) -> SheetError:
    """The same long text in very many cells: each would hold a copy."""
    found = say("texts that take more than {n:#,##0} MB", n=LARGEST // 2**20)
    step = say("Free text is not kept; leave it out of the sheet.")
    return SheetError(Problem(path.name, found, say("short words and numbers"), step))


def _members(package: zipfile.ZipFile) -> dict[str, str]:
    """The part that holds each worksheet, by the sheet's name."""
    links = {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip(
            "/"
        )
        for link in _tree(package, "xl/_rels/workbook.xml.rels").iter()
    }
    parts = set(package.namelist())
    members = {}
    for sheet in _tree(package, "xl/workbook.xml").iter():
        link = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        if sheet.tag.rpartition("}")[2] == "sheet" and links.get(link) in parts:
            members[sheet.get("name", "")] = links[link]
    return members


def _tree(package: zipfile.ZipFile, member: str) -> ElementTree.Element:
    return ElementTree.fromstring(package.read(member))


def _survey(package: zipfile.ZipFile, member: str) -> Survey:
    """How far a worksheet reaches; and, only where it has formulas or errors, its broken cells."""
    letters: set[bytes] = set()
    rows: set[bytes] = set()
    has_broken = False
    cells = placed = row_tags = 0
    tail = b""
    with package.open(member) as part:
        while chunk := part.read(CHUNK):
            whole, mark, rest = (tail + chunk).rpartition(b"<")
            tail = mark + rest
            if len(tail) > CHUNK:  # one text as long as a book
                raise _too_long(Path(package.filename or ""))
            places = _LETTERS.findall(whole)
            cells += len(_CELLS.findall(whole))
            row_tags += len(_ROW_TAGS.findall(whole))
            placed += len(places)
            letters.update(places)
            rows.update(_ROWS.findall(whole))
            has_broken = has_broken or any(map(whole.__contains__, _MAY_BE_BROKEN))
    survey = Survey(
        rows=max(max(map(int, rows), default=0), row_tags),
        columns=max((_count(each.decode()) for each in letters), default=0),
        cells=cells,
    )
    if cells > MOST_CELLS or not (has_broken or placed < cells):
        return survey
    look = _looked_through(package, member)
    survey.columns = max(survey.columns, look.columns)
    survey.broken = look.broken
    return survey


_CELLS = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW_TAGS = re.compile(rb"<(?:\w+:)?row[\s/>]")
_LETTERS = re.compile(rb"""r=["']([A-Z]{1,4})[0-9]""")
_ROWS = re.compile(rb"""r=["'][A-Z]{0,4}([0-9]{1,9})""")
_MAY_BE_BROKEN = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b't="e"', b"t='e'")


def _count(letters: str) -> int:
    """A column's number from its letters: 1 for A, 27 for AA."""
    number = 0
    for each in letters:
        number = number * 26 + ord(each) - ord("A") + 1
    return number


def _looked_through(package: zipfile.ZipFile, member: str) -> _Look:
    look = _Look()
    with package.open(member) as part:
        while chunk := part.read(CHUNK):
            look.parser.Parse(chunk, False)
    look.parser.Parse(b"", True)
    return look


def _copied(package: zipfile.ZipFile, members: dict[str, str], lengths: array[int]) -> int:
    """Bytes of all texts that cells show, each as often as it is shown."""
    total = 0
    is_word = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal is_word
        name = tag.rpartition(":")[2]
        is_word = attributes.get("t") == "s" if name == "c" else is_word
        parser.CharacterDataHandler = value if name == "v" and is_word else None

    def value(text: str) -> None:
        nonlocal total
        total += lengths[int(text)]

    for member in members.values():
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        with package.open(member) as part:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    return total


class _Look:
    """Follows the elements `row`, `c` (cell), `f` (formula) and `v` (value) of a worksheet."""

    def __init__(self) -> None:
        self.broken: dict[int, dict[int, Broken]] = {}
        self.columns = 0
        self._left = MOST_BROKEN
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self._row = self._at = 0
        self._cell: dict[str, str] = {}
        self._value = ""
        self._formula = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell, self._value, self._formula = attributes, "", False
            self._at += 1
            self.columns = max(self.columns, self._at)
            if self._at > MOST_COLUMNS:
                raise Damaged
            if attributes.get("t") == "e":
                self.parser.EndElementHandler = self._end
        elif name == "f":
            self._formula = True
            self.parser.EndElementHandler = self._end
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            if not 0 < self._row <= MOST_ROWS:
                raise Damaged
            self._at = 0
        elif name == "v" and self.parser.EndElementHandler:
            self.parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        self._value += text

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v":
            self.parser.CharacterDataHandler = None
        elif name == "c":
            self.parser.EndElementHandler = None
            self._close_cell()

    def _close_cell(self) -> None:
        kind = self._cell.get("t")
        if kind == "e":
            what = Broken(self._value.strip()[:_LONGEST_ERROR] or "#")
        elif self._formula and not self._value and kind != "str":
            what = _NO_VALUE
        else:
            return
        row, column = self._row, self._at
        if place := self._cell.get("r"):
            found = _PLACE.fullmatch(place)
            if found is None:
                raise Damaged
            row, column = int(found[2]), _count(found[1])
        self._left -= 1
        if self._left < 0 or row > MOST_ROWS or column > MOST_COLUMNS:
            raise Damaged
        self.broken.setdefault(row, {})[column - 1] = what


_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
