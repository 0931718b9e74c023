"""CPR numbers, however they are written.

A CPR number is ten digits, DDMMYY-XXXX, whose first six are a day, however they are set apart
(01.02.03-1234, 01-02-1903-1234, 010203/1234, 01 02 03 12 34, 0 1 0 2 …). Digit 7 gives the century.
Modulus 11 rejects nothing: numbers without it have been given out since 1 October 2007.
Replacement numbers add 60 to the day. Ten digits that are no day, such as most case numbers, pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_NUMBER = re.compile(
    r"(?<![0-9])(?<![0-9][.,])"  # not the tail of a longer number, not decimals
    r"(?P<day>[0-36-9][0-9])(?P<apart>[-‐-―−./ ])?(?P<month>[01][0-9])(?(apart)(?P=apart))"
    r"(?P<century>18|19|20)?(?P<year>[0-9]{2})"  # a day in three ways: 010203, 01021903, 01.02.1903
    r"(?:\s?[-‐-―−/_:]\s?|(?(century)\s|(?(apart)(?!)|\s{0,2})))"  # 01.02.26 0930 is an hour
    r"(?P<serial>[0-9]{4})(?![0-9])"
)
_BETWEEN = r"\s?[-‐-―−/_:]?\s?"
_SPREAD = re.compile(
    r"(?<![0-9])(?<![0-9][.,\s])(?:"
    rf"(?:[0-9]\s){{5}}[0-9]{_BETWEEN}(?:[0-9]\s){{3}}[0-9]"
    rf"|(?:[0-9]{{2}}\s){{2}}[0-9]{{2}}{_BETWEEN}[0-9]{{2}}\s[0-9]{{2}}"
    rf"|[0-9]{{6}}{_BETWEEN}[0-9]{{2}}\s[0-9]{{2}}"
    rf"|[0-9]{{2}} ?[0-9]{{2}} [0-9]{{2}}{_BETWEEN}[0-9]{{4}}"
    r")(?![0-9])(?!\s[0-9])"  # a longer row of figures is a list, not a number
)
"""Ten digits with spaces between all of them, between pairs, or around the year."""
_APART = re.compile(r"[^0-9]")


def numbers(text: str) -> Iterator[str]:
    """Every CPR number in a text, as ten digits."""
    for found in _NUMBER.finditer(text):
        if _is_cpr(found):
            yield _digits(found)
    for found in _SPREAD.finditer(text):
        if is_ten(digits := _APART.sub("", found[0])):
            yield digits


def without_serials(text: str) -> str:
    """The text with every CPR number as `010203-xxxx`."""
    text = _NUMBER.sub(lambda found: _cut(_digits(found)) if _is_cpr(found) else found[0], text)
    return _SPREAD.sub(_spread_cut, text)


def is_ten(digits: str) -> bool:
    """Whether ten digits are shaped like a CPR number."""
    found = _NUMBER.fullmatch(digits)
    return found is not None and _is_cpr(found)


def fits_modulus_11(digits: str) -> bool:
    """Whether the last digit is the check digit; of ten digits by chance one in eleven fits.

    Source: `stdnum.dk.cpr`, weights 4 3 2 7 6 5 4 3 2 1.

    Example:
        >>> fits_modulus_11("0707614285")
        True
    """
    from stdnum.dk.cpr import checksum

    return checksum(digits) == 0


def _digits(found: re.Match[str]) -> str:
    return "".join(found[part] for part in ("day", "month", "year", "serial"))


def _cut(digits: str) -> str:
    return f"{digits[:6]}-xxxx"


def _spread_cut(found: re.Match[str]) -> str:
    digits = _APART.sub("", found[0])
    return _cut(digits) if is_ten(digits) else found[0]


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
