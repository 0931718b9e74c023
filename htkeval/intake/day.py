"""Days as Danes, programs and Excel write them: `23-11-2026`, `23.11.2026`, `2026-11-23`."""

from __future__ import annotations

import re
from datetime import date, datetime

from htkeval.intake.cells import Broken, Fault, Raw, broken, is_blank, word
from htkeval.text import say

_CLOCK = r"(?:[T\s]\s*[0-9]{1,2}[:.][0-9]{2}.{0,20})?"
_DANISH = re.compile(
    rf"(?P<d>[0-9]{{1,2}})(?:\s?([.-])\s?(?P<m>[0-9]{{1,2}})\s?\2\s?|/(?P<n>[0-9]{{1,2}})-)"
    rf"(?P<y>[0-9]{{4}}){_CLOCK}"
)
_ISO = re.compile(rf"(?P<y>[0-9]{{4}})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}}){_CLOCK}")

NOT_A_DAY = Fault(say("a date such as 23-11-2026 or 2026-11-23"))


def day(cell: Raw, first: date, last: date) -> str | Fault | None:
    """The day in a cell as ISO text; None where the cell is empty.

    Args:
        cell: The cell.
        first: The trial's first day.
        last: The trial's last day; a day outside is a fault.

    Example:
        >>> day("23.11.2026", date(2026, 11, 1), date(2026, 11, 30))
        '2026-11-23'
    """
    if isinstance(cell, Broken):
        return broken(cell)
    if is_blank(cell):
        return None
    found = _day(cell)
    if found is None:
        return NOT_A_DAY
    if not first <= found <= last:
        return Fault(say("a date from {first:d MMMM y} to {last:d MMMM y}", first=first, last=last))
    return found.isoformat()


def period(cell: Raw) -> str | Fault | None:
    """A period's name; where it is a day, its ISO text, so that periods sort as they ran."""
    found = _day(cell)
    return word(cell) if found is None else found.isoformat()


def _day(cell: Raw) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        return None
    shape = _ISO.fullmatch(cell.strip()) or _DANISH.fullmatch(cell.strip())
    if shape is None:
        return None
    parts = shape.groupdict()
    try:
        return date(int(parts["y"]), int(parts["m"] or parts["n"]), int(parts["d"]))
    except ValueError:
        return None
