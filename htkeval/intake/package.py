"""An .xlsx is a package of parts: what none may be before any of them is read.

A small package may unpack to a very large one, and two programs may read the same bytes
differently: the one that reads values passes over what Excel never writes (entities, comments
inside a number, a part that stands twice) and would give half a number, or none, in silence.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from htkeval.errors import Problem, SheetError
from htkeval.intake.cells import LONGEST_CELL
from htkeval.text import Text, say

LARGEST = 512 * 2**20
"""Bytes of a workbook once unpacked."""
LARGEST_LIST = 2**22
"""Bytes of the part that lists the sheets: it is read as a tree."""
MOST_SHEETS = 255
"""Sheets of a workbook; each is held in memory."""
MOST_WORDS = 10_000_000
"""Texts that cells share."""

A_WORKBOOK = say("an Excel workbook with one sheet of measurements")
SAVE_AGAIN = say("Open it in Excel and save it again as .xlsx, without a password.")
_SPLIT = say("Split it, or save it as CSV.")

CHUNK = 1 << 20
_OURS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_WORDS = "xl/sharedstrings.xml"
_NOT_EXCEL = re.compile(rb"<!DOCTYPE|<!ENTITY")
_NOT_VALUES = re.compile(
    rb"<!|&(?!amp;|lt;|gt;|quot;|apos;|#)|<(?:\w+:)?v(?:\s[^>]*)?>(?:[-+0-9.eE]+&|&#)"
)
"""Of a worksheet: comments and the like, unknown entities, and numbers spelt with them."""


class Damaged(Exception):
    """What `workbook_xml.damaged` tells: the package is not as Excel writes one."""


def check(path: Path, package: zipfile.ZipFile) -> array[int]:
    """Read every part to its end, once.

    Returns:
        Bytes of each text that cells share, with its marks.

    Raises:
        SheetError: It unpacks to more than `LARGEST`, or a cell holds more than any sheet's may.
        Damaged, and what zipfile raises: a part that stands twice, or is not as large as it says.
    """
    parts = package.infolist()
    whole = path.stat().st_size
    if any(part.compress_size > whole for part in parts):
        raise Damaged  # room is made for as much as a part says of itself
    size = sum(part.file_size for part in parts)
    if size > LARGEST:
        found = say("a workbook of {n:#,##0} MB once unpacked", n=round(size / 2**20))
        raise _too_much(path, found, say("at most {n:#,##0} MB", n=LARGEST // 2**20))
    if len({part.filename.casefold() for part in parts}) < len(parts):
        raise Damaged
    words = array("I")
    for part in parts:
        name = part.filename.casefold()
        if name in _OURS and part.file_size > LARGEST_LIST:
            raise Damaged
        with closing(_chunks(package, part)) as chunks:
            if name == _WORDS:
                words = _words(path, chunks)
            else:
                _read_through(name, chunks)
    return words


def _chunks(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Generator[bytes, None, None]:
    with package.open(part) as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def _read_through(name: str, chunks: Iterator[bytes]) -> None:
    is_sheet = "/worksheets/" in name and "/_rels/" not in name
    unwanted = _NOT_VALUES if is_sheet else _NOT_EXCEL
    tail = b""
    for chunk in chunks:
        if name.endswith((".xml", ".rels")):
            text = tail + chunk
            inside = is_sheet and text.find(b"<?", 0 if tail else 1) >= 0
            if inside or unwanted.search(text) or (not tail and b"\x00" in text[:4]):
                raise Damaged
            tail = text[-64:]


def _words(path: Path, chunks: Iterator[bytes]) -> array[int]:
    """How long each shared text is. Each cell that shows one gets a copy of it."""
    lengths = array("I")
    since = 0
    tail = b""
    for chunk in chunks:
        if _NOT_EXCEL.search(tail + chunk) or (not tail and b"\x00" in chunk[:4]):
            raise Damaged
        tail = chunk[-64:]
        first, *rest = chunk.split(b"<si")
        since += len(first)
        if since > 8 * LONGEST_CELL:
            found = say("a cell of more than {n:#,##0} characters", n=LONGEST_CELL)
            step = say("Free text is not kept; leave it out of the sheet.")
            raise SheetError(Problem(path.name, found, say("short words and numbers"), step))
        if rest:
            lengths.append(since)
            lengths.extend(map(len, rest[:-1]))
            since = len(rest[-1])
        if len(lengths) > MOST_WORDS:
            found = say("more than {n:#,##0} different texts", n=MOST_WORDS)
            raise _too_much(path, found, say("at most {n:#,##0}", n=MOST_WORDS))
    lengths.append(since)
    return lengths[1:]  # before the first there is no text


def _too_much(path: Path, found: Text, expected: Text) -> SheetError:
    return SheetError(Problem(path.name, found, expected, _SPLIT))
