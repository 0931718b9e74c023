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
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from htkeval.errors import Problem, SheetError
from htkeval.intake.cells import Broken
from htkeval.text import say

LARGEST = 512 * 2**20
"""Bytes of a workbook once unpacked."""

A_WORKBOOK = say("an Excel workbook with one sheet of measurements")
SAVE_AGAIN = say("Open it in Excel and save it again as .xlsx, without a password.")

_CHUNK = 1 << 20
_LONGEST_ERROR = 12
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    RuntimeError,
    NotImplementedError,
    UnicodeDecodeError,
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
    broken: dict[int, dict[int, Broken]] = field(default_factory=dict)
    """Cells that were not worked out, by row (from 1) and then by column (from 0)."""


def surveys(path: Path) -> dict[str, Survey]:
    """Look through every worksheet of a workbook, by the sheet's name.

    Raises:
        SheetError: The file is damaged, or unpacks to more than `LARGEST`.
    """
    try:
        with zipfile.ZipFile(path) as package:
            _check_size(path, package)
            members = _members(package)
            return {name: _survey(package, member) for name, member in members.items()}
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


def _check_size(path: Path, package: zipfile.ZipFile) -> None:
    """A small file may unpack to a very large one; each part must also be as large as it says."""
    size = sum(part.file_size for part in package.infolist())
    if size > LARGEST:
        found = say("a workbook of {n:#,##0} MB once unpacked", n=round(size / 2**20))
        expected = say("at most {n:#,##0} MB", n=LARGEST // 2**20)
        raise SheetError(Problem(path.name, found, expected, say("Split it, or save it as CSV.")))
    if package.testzip() is not None:
        raise damaged(path)


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
    tail = b""
    with package.open(member) as part:
        while chunk := part.read(_CHUNK):
            text = tail + chunk
            letters.update(_LETTERS.findall(text))
            rows.update(_ROWS.findall(text))
            has_broken = has_broken or any(map(text.__contains__, _MAY_BE_BROKEN))
            tail = text[text.rfind(b"<") :]
    return Survey(
        rows=max(map(int, rows), default=0),
        columns=max((_count(each.decode()) for each in letters), default=0),
        broken=_broken(package, member) if has_broken else {},
    )


_LETTERS = re.compile(rb"""r=["']([A-Z]{1,4})[0-9]""")
_ROWS = re.compile(rb"""r=["'][A-Z]{0,4}([0-9]{1,9})""")
_MAY_BE_BROKEN = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b't="e"', b"t='e'")


def _count(letters: str) -> int:
    """A column's number from its letters: 1 for A, 27 for AA."""
    number = 0
    for each in letters:
        number = number * 26 + ord(each) - ord("A") + 1
    return number


def _broken(package: zipfile.ZipFile, member: str) -> dict[int, dict[int, Broken]]:
    look = _Look()
    with package.open(member) as part:
        while chunk := part.read(_CHUNK):
            look.parser.Parse(chunk, False)
    look.parser.Parse(b"", True)
    return look.broken


class _Look:
    """Follows the elements `row`, `c` (cell), `f` (formula) and `v` (value) of a worksheet."""

    def __init__(self) -> None:
        self.broken: dict[int, dict[int, Broken]] = {}
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
            if attributes.get("t") == "e":
                self.parser.EndElementHandler = self._end
        elif name == "f":
            self._formula = True
            self.parser.EndElementHandler = self._end
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
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
        place = self._cell.get("r", "")
        letters = place.rstrip("0123456789")
        row = int(place[len(letters) :]) if place else self._row
        column = _count(letters) if place else self._at
        self.broken.setdefault(row, {})[column - 1] = what
