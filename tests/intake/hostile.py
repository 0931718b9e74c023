"""Files that were made to be in the way: workbooks from their parts, and what reading costs."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
WORDS = "xl/sharedStrings.xml"
_SCHEMA = "http://schemas.openxmlformats.org"
Change = Callable[[bytes], bytes]


def workbook(path: Path, name: str = "Ark1") -> Path:
    """A whole workbook with one row."""
    book = openpyxl.Workbook()
    book.active.title = name
    book.active.append(("participant", "arm", "task_time"))
    book.active.append(("P1", "baseline", 35))
    book.save(path)
    return path


def changed(
    path: Path, changes: Mapping[str, Change] = {}, *, more: Mapping[str, bytes] = {}
) -> Path:
    """The workbook with parts changed and parts put in."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, changes.get(name, bytes)(content))
        for name, content in more.items():
            new.writestr(name, content)
    return path


def instead(old: bytes, new: bytes) -> Change:
    """Puts other bytes in."""

    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return change


def with_words(path: Path, *words: bytes, rows: int = 1, last: str = "") -> Path:
    """A workbook whose cells share texts: in each row a person, an arm, 35 and what is last."""
    texts = (b"participant", b"arm", b"task_time", b"P1", b"baseline", *words)
    listed = b"".join(b"<si><t>" + text + b"</t></si>" for text in texts)
    names = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'
    body = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>3</v></c><c r="B{n}" t="s"><v>4</v></c>'
        f'<c r="C{n}"><v>35</v></c>{last.format(n=n)}</row>'
        for n in range(2, rows + 2)
    )
    cells = f'<sheetData><row r="1">{names}</row>{body}</sheetData>'.encode()
    kind = f"{_SCHEMA}/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    sst = f'<sst xmlns="{_SCHEMA}/spreadsheetml/2006/main">'.encode() + listed + b"</sst>"
    return changed(
        workbook(path),
        {
            SHEET: lambda old: re.sub(rb"<sheetData>.*</sheetData>", cells, old, flags=re.S),
            "xl/_rels/workbook.xml.rels": instead(b"</Relationships>", link.encode()),
        },
        more={WORDS: sst},
    )
