"""Whether a text gives a person away: CPR numbers and e-mail addresses.

A CPR number is ten digits, DDMMYY-XXXX, whose first six are a day, however they are set apart
(01.02.03-1234, 01-02-1903-1234, 010203/1234). Digit 7 gives the century.
Modulus 11 is not used: numbers without it have been given out since 1 October 2007. Replacement
numbers add 60 to the day. Ten digits that are no day, such as most case numbers, pass.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal

Personal = Literal["cpr", "email"]

UNSEEN = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Characters that nobody sees: those of format (Unicode's category Cf), and what fills or varies
others. Between two digits they hide a number."""

_CPR = re.compile(
    r"(?<![0-9])(?<![0-9][.,])"  # not the tail of a longer number, not decimals
    r"(?P<day>[0-36-9][0-9])(?P<apart>[-‐-―−./ ])?(?P<month>[01][0-9])(?(apart)(?P=apart))"
    r"(?(apart)(?P<century>18|19|20)?)(?P<year>[0-9]{2})"  # a day in two ways: 010203, 01.02.1903
    r"(?(apart)\s?[-‐-―−/_]\s?|\s?[-‐-―−/_]?\s?)(?P<serial>[0-9]{4})(?![0-9])"
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
    text = _plainly(text)
    return "@" in text or _CPR.search(text) is not None


def personal(text: str) -> Personal | None:
    """What in a text gives a person away, or None.

    Example:
        >>> personal("sag 010203-1234"), personal("4512345678"), personal("bo@eksempel.dk")
        ('cpr', None, 'email')
    """
    text = _plainly(text)
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
    text = _plainly(text)
    text = _CPR.sub(lambda found: _without_serial(found) if _is_cpr(found) else found[0], text)
    return _EMAIL.sub(r"xxxx@\g<host>", text)


def _plainly(text: str) -> str:
    """The text in plain digits and letters, without what nobody sees."""
    return text if text.isascii() else UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def _without_serial(found: re.Match[str]) -> str:
    return f"{found['day']}{found['month']}{found['year']}-xxxx"


def _is_cpr(found: re.Match[str]) -> bool:
    """Whether the first digits are a day in the century that digit 7 gives."""
    day, year = int(found["day"]), int(found["year"])
    century = _century(int(found["serial"][0]), year)
    if found["century"] and 100 * int(found["century"]) != century:
        return False  # a day with a number behind it, such as 12-01-2026-0042
    try:
        date(century + year, int(found["month"]), day % 60)
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
