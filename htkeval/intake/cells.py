"""What stands in one cell of a sheet, and what may be wrong with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from htkeval.csv_text import unguarded
from htkeval.intake import privacy
from htkeval.text import Text, say


@dataclass(frozen=True, eq=False)
class Broken:
    """A cell that a program could not work out: a formula without its value, or `#N/A`.

    Each is its own: two of them are never the same value.
    """

    what: Text | str
    """What stood there, for people."""


Raw = str | int | float | date | datetime | time | timedelta | Broken | None
"""A cell as the file holds it. Yes and no are the words `true` and `false`."""


@dataclass(frozen=True)
class Fault:
    """Why a cell cannot be taken. One fault serves every cell that is wrong in the same way."""

    expected: Text
    """What should have stood there."""
    found: Text | None = None
    """What stood there; None: the cell itself is shown."""
    next_step: Text | str = ""
    """What to do now; empty where the expectation says it."""


BLANK = frozenset({"", "-", "–", "—", "−"})
"""What an office writes where there is nothing."""

NOT_MEASURED = frozenset({"NA", "N/A"})
"""What statistical programs write where a value is missing."""

LONGEST_WORD = 200
"""Characters in a cell that names something; more is free text, which is not kept."""

LONGEST_CELL = 2**17
"""Characters in any cell: four times what Excel takes, and what Python's reader of CSV takes."""

_LONGEST_SHOWN = 40
_WHOLE_WITH_ZEROS = re.compile(r"(-?[0-9]+)[.,]0+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_ONE_WORD = say("a short word or a number, such as P017")
_TOO_LONG = Fault(_ONE_WORD, next_step=say("Free text is not kept; leave it out of the sheet."))
_CONTROLS = Fault(_ONE_WORD, next_step=say("The cell holds a line break or a control character."))
_UNSEEN = Fault(
    _ONE_WORD,
    next_step=say(
        "The cell holds a character that cannot be seen, such as a non-breaking space: the name "
        "would be another than the one you read. Delete it and write the name by hand."
    ),
)
_ODD_SPACE = re.compile(r"[^\S ]")
_A_VALUE = say("a value")
_STORE_VALUE = say("Open the file in Excel and save it, or write the value itself.")


def is_blank(cell: Raw) -> bool:
    """Whether a cell holds nothing, or the dash that stands for nothing."""
    return cell is None or (isinstance(cell, str) and cell.strip() in BLANK)


def broken(cell: Broken) -> Fault:
    """The fault of a cell that was not worked out; it is never taken as an empty one."""
    found = cell.what if isinstance(cell.what, Text) else say("{what}", what=cell.what)
    return Fault(_A_VALUE, found, _STORE_VALUE)


def word(cell: Raw) -> str | Fault | None:
    """A cell that names something, written the same from every kind of file.

    Whole numbers have no decimals, so participant 12 of a CSV is participant 12.0 of an Excel
    sheet; letters with marks are composed; days are ISO text.

    Example:
        >>> word(12.0), word(" P 7 "), word("12,0"), word("-")
        ('12', 'P 7', '12', None)
    """
    if isinstance(cell, str) and cell.isascii() and cell.isalnum() and len(cell) <= LONGEST_WORD:
        return cell  # what nearly every name is: nothing below would touch it
    if isinstance(cell, Broken):
        return broken(cell)
    if cell is None or is_blank(cell):
        return None
    text = unguarded(composed(cell.strip())) if isinstance(cell, str) else plain(cell)
    if len(text) > LONGEST_WORD:
        return _TOO_LONG
    if _CONTROL.search(text):
        return _CONTROLS
    if not text.isascii() and (privacy.UNSEEN.search(text) or _ODD_SPACE.search(text)):
        return _UNSEEN
    whole = _WHOLE_WITH_ZEROS.fullmatch(text)
    return whole[1] if whole else text


def composed(text: str) -> str:
    """The text with å as one character; some programs write it as two."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain(cell: Raw) -> str:
    """A cell as text: 12.0 is `12`, a day is `2026-11-23`, a time is `0:35:00`."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return "" if cell is None else str(cell)


def shown(cell: Raw) -> Text | str:
    """A cell as a message may quote it: short, and without anything that names a citizen."""
    if isinstance(cell, Broken):
        return cell.what
    start = plain(cell)[: 5 * _LONGEST_SHOWN]  # longer than what is shown: no number is cut in two
    text = _CONTROL.sub(" ", privacy.masked(start)).strip()
    if not text:
        return say("nothing")
    return f'"{text}"' if len(text) <= _LONGEST_SHOWN else f'"{text[: _LONGEST_SHOWN - 1]}…"'
