"""Whether a text gives a person away: CPR numbers and e-mail addresses.

A CPR number is ten digits, DDMMYY-XXXX, whose first six are a day. Digit 7 gives the century.
Modulus 11 is not used: numbers without it have been given out since 1 October 2007. Replacement
numbers add 60 to the day. Ten digits that are no day, such as most case numbers, pass.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal

Personal = Literal["cpr", "email"]

_CPR = re.compile(
    r"(?<![0-9])(?<![0-9][.,])"  # not the tail of a longer number, not decimals
    r"(?P<day>[0-36-9][0-9])(?P<month>[01][0-9])(?P<year>[0-9]{2})"
    r"(?P<between>\s?[-‐-―−]?\s?)(?P<serial>[0-9]{4})(?![0-9])"
)
_NAME = r"[^\s@;,:<>\"'()|]"
_AT_HOST = re.compile(rf"(?<={_NAME})@{_NAME}+\.[^\W\d_]{{2,}}")
_EMAIL = re.compile(rf"{_NAME}{{1,64}}@(?P<host>{_NAME}+\.[^\W\d_]{{2,}})")
_MASK = re.compile(rf"(?<!{_NAME})xxxx@")
"""What `masked` puts in a name's place: it gives nobody away."""
_MACHINE_ID = re.compile(
    r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE
)
"""A UUID or a digest: by chance every few thousandth of them holds a day."""


def suspect(text: str) -> bool:
    """Whether a text, or a row joined by `|`, is worth the full search; False is certain."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return "@" in text or _CPR.search(text) is not None


def personal(text: str) -> Personal | None:
    """What in a text gives a person away, or None.

    Example:
        >>> personal("sag 010203-1234"), personal("4512345678"), personal("bo@eksempel.dk")
        ('cpr', None, 'email')
    """
    text = unicodedata.normalize("NFKC", text)
    if _MACHINE_ID.fullmatch(text.strip()):
        return None
    if any(_is_cpr(match) for match in _CPR.finditer(text)):
        return "cpr"
    return "email" if _AT_HOST.search(_MASK.sub(" ", text)) else None


def masked(text: str) -> str:
    """The text with every CPR number as `010203-xxxx` and every e-mail address as `xxxx@host`.

    Example:
        >>> masked("sag 0102031234")
        'sag 010203-xxxx'
    """
    if not suspect(text):
        return text
    text = unicodedata.normalize("NFKC", text)
    text = _CPR.sub(lambda found: _without_serial(found) if _is_cpr(found) else found[0], text)
    return _EMAIL.sub(r"xxxx@\g<host>", text)


def _without_serial(found: re.Match[str]) -> str:
    return f"{found['day']}{found['month']}{found['year']}-xxxx"


def _is_cpr(found: re.Match[str]) -> bool:
    """Whether the first six digits are a day in the century that digit 7 gives."""
    day, year = int(found["day"]), int(found["year"])
    try:
        date(_century(int(found["serial"][0]), year) + year, int(found["month"]), day % 60)
    except ValueError:
        return False
    return True


def _century(seventh: int, year: int) -> int:
    """Source: the rule of the CPR register, digit 7 and the year together."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800
