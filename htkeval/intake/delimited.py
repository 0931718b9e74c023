"""Text files with a separator: what Excel, LibreOffice and statistical programs call CSV."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from htkeval.errors import Problem, SheetError
from htkeval.intake.cells import Raw
from htkeval.intake.header import LOOKED_AT, find, fit
from htkeval.text import Text, say

DELIMITERS = (";", ",", "\t")
"""Separators that are tried, in the order in which a tie is decided."""

LONGEST_ROW = 1 << 24
"""Characters of a row: a hundred times what an Excel sheet of short words has."""

_CHUNK = 1 << 20
_HEAD = 1 << 18
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEXT_FILE = say("a text file with one measurement a line")


@dataclass(frozen=True)
class Delimited:
    """A text file, opened."""

    encoding: str
    """Python's name of how its letters are stored."""
    delimiter: str
    """What separates its cells."""
    rows: Iterator[Sequence[Raw]]
    """Its rows from the first, as a person counts them in Excel."""


def open_delimited(path: Path, *, wanted: Sequence[str]) -> Delimited:
    """Find out how a text file is written, and read its rows one by one.

    Args:
        path: The file.
        wanted: Names of columns, the arm's first; the separator is the one that shows most.

    Raises:
        SheetError: The file is not text; later, while reading: quotation marks do not pair up.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        head = file.read(_HEAD)
    delimiter = _delimiter(head, wanted)
    return Delimited(encoding, delimiter, _rows(path, encoding, delimiter))


def _encoding(path: Path) -> str:
    """UTF-8 where every byte is, else Windows-1252; UTF-16 only with its mark."""
    with path.open("rb") as file:
        has_mark = file.read(2) in _UTF16
    if not has_mark:
        _check_is_text(path)
    for encoding in ("utf-16",) if has_mark else ("utf-8-sig", "cp1252"):
        if _decodes(path, encoding):
            return encoding
    raise _refusal(path, say("bytes that are neither UTF-8 nor Windows-1252"))


def _check_is_text(path: Path) -> None:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if _NOT_TEXT.search(chunk):
                raise _refusal(path, _what_it_is(path))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _what_it_is(path: Path) -> Text:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return say("an Excel workbook or another file that is not text")
    return say("bytes that are not text")


def _refusal(path: Path, found: Text) -> SheetError:
    step = say("Save the sheet as CSV, or give the file the ending that it has: .xlsx, .parquet.")
    return SheetError(Problem(path.name, found, _TEXT_FILE, step))


def _delimiter(head: str, wanted: Sequence[str]) -> str:
    def fits(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        rows: list[Sequence[Raw]] = []
        with contextlib.suppress(csv.Error):  # said with its row when the file is read in earnest
            rows.extend(itertools.islice(reader, LOOKED_AT))
        return fit(find(rows, wanted).names, wanted)

    return max(DELIMITERS, key=fits)


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[Sequence[Raw]]:
    number = held = 0

    def lines() -> Iterator[str]:
        """The file's lines, one row's worth at most: a file may be one line, or one row."""
        nonlocal held
        while line := file.readline(LONGEST_ROW + 1):
            held += len(line)
            if held > LONGEST_ROW:
                raise SheetError(_too_long(path, number + 1))
            yield line

    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(lines(), delimiter=delimiter, strict=True)
        try:
            for row in reader:
                number += 1
                held = 0
                yield row
        except csv.Error as wrong:
            raise SheetError(_misquoted(path, number + 1, wrong)) from None


def _too_long(path: Path, row: int) -> Problem:
    place = say("{file}, row {row}", file=path.name, row=row)
    found = say("a row of more than {n:#,##0} characters", n=LONGEST_ROW)
    return Problem(place, found, say("short words and numbers"), _UNCLOSED)


def _misquoted(path: Path, row: int, wrong: csv.Error) -> Problem:
    place = say("{file}, row {row}", file=path.name, row=row)
    if "field larger" in str(wrong):
        found = say("a cell of more than {n:#,##0} characters", n=csv.field_size_limit())
        return Problem(place, found, say("short words and numbers"), _UNCLOSED)
    return Problem(place, say("quotation marks that do not pair up"), _PAIRS, _UNCLOSED)


_PAIRS = say("a cell that begins and ends with a quotation mark, or has none around it")
_UNCLOSED = say("Look for a quotation mark that is never closed, in this row or before it.")
