"""Danish telephone numbers, told apart from the other numbers of eight digits.

A Danish number has eight digits, the first from 2 to 9, and no area code; abroad it is dialled
with 45 in front, and it is written in pairs. Source: the national numbering plan (Danish Energy
Agency, 2016), as told in "Telephone numbers in Denmark", Wikipedia. Case, CVR and order
numbers have eight digits too, so eight digits alone are none. A telephone number is

1. eight digits behind +45 or 0045;
2. four pairs with one separator, `23 45 67 89`, `23.45.67.89`, `23-45-67-89`, that are no longer
   list of pairs and, with dots and hyphens, do not begin with a day (`23.11.26.01`);
3. two fours with a space, `2345 6789`, the first of which is no year from 2000 to 2039;
4. eight digits behind a word such as tlf. or mobil;
5. where the caller says that the text is an office's own note (`loose`): eight digits among words,
   unless the word beside them says what they count (`sag`, `CVR`, `kr.`) or they are a day.
"""

from __future__ import annotations

import re
from datetime import date

_EIGHT = r"[2-9](?:[ .-]?[0-9]){7}(?![0-9])"
_A_DAY = (
    r"(?!(?:2[0-9]|3[01])[.-](?:0[1-9]|1[0-2])[.-])"  # 23.11.26.01
    r"(?![2-9][0-9][.-](?:0[1-9]|1[0-2])[.-](?:[0-2][0-9]|3[01])[.-])"  # 26-11-23-01
)
_CALLED = r"(?:tlf|tel|tele(?:fon|phone)\w{0,8}|mobil\w{0,8}|mob|phone|fax)"
_NUMBER = re.compile(
    rf"(?<![0-9])(?<![0-9][.,])(?:\+|00)\s?\(?45\)?[ .-]?{_EIGHT}"
    rf"|(?<![0-9])(?<![0-9][.,/-])(?<!(?<![0-9])[0-9]{{2}}[ ]){_A_DAY}"
    r"[2-9][0-9](?P<apart>[ .-])[0-9]{2}(?P=apart)[0-9]{2}(?P=apart)[0-9]{2}"
    r"(?![0-9]|[.,/:-][0-9])(?![ ][0-9]{2}(?![0-9]))"
    r"|(?<![0-9])(?<![0-9][ .,/-])(?!20[0-3])[2-9][0-9]{3}[ ][0-9]{4}(?![0-9]|[ .,/:-][0-9])"
    rf"|(?<![^\W_]){_CALLED}(?![^\W\d_])[ .:()+nr-]{{0,8}}(?:45[ .-]?)?{_EIGHT}",
    re.IGNORECASE,
)
_HEADER = re.compile(rf"(?<![^\W_]){_CALLED}(?![^\W])|(?:telefon|mobil)n(?:umme)?r", re.IGNORECASE)
_ALONE = re.compile(_EIGHT)
_BARE = re.compile(r"(?<![\w.,/+-])[2-9][0-9]{7}(?![\w/-]|[.,][0-9])")
_WORD = re.compile(r"[^\W\d_]{2,}")
_COUNTED = re.compile(
    r"(?:sag|sags?id|nr|no|nummer|number|case|ref|id|cvr|ean|se|kode|code|dok|dokument|journal"
    r"|faktura|ordre|bilag|konto|kr|dkk|version|beløb|best)$",
    re.IGNORECASE,
)
"""What a word ends with that says what eight digits beside it are."""
_UNITS = re.compile(r"\s*(?:kr|dkk|ord|tegn|bytes?|stk|eur|words|ms)\b", re.IGNORECASE)


def holds(text: str) -> bool:
    """Whether a text holds a telephone number by the rules 1 to 4."""
    return _NUMBER.search(text) is not None


def holds_loosely(text: str) -> bool:
    """Whether an office's own note holds eight digits that nothing calls something else (5).

    Example:
        >>> holds_loosely("Bo 23456789"), holds_loosely("sag 23456789"), holds_loosely("23456789")
        (True, False, False)
    """
    return _WORD.search(text) is not None and any(map(_is_bare, _BARE.finditer(text)))


def named(header: str) -> bool:
    """Whether a column's name says that telephone numbers stand in it."""
    return _HEADER.search(header) is not None


def alone(text: str) -> bool:
    """Whether a cell is eight digits that could be dialled, and nothing else."""
    return _ALONE.fullmatch(text.strip()) is not None


def without_numbers(text: str) -> str:
    """The text with every number of the rules 1 to 4 as `xx xx xx xx`."""
    return _NUMBER.sub("xx xx xx xx", text)


def _is_bare(found: re.Match[str]) -> bool:
    before = found.string[: found.start()].rstrip(" .:#()")
    if _COUNTED.search(before) or _UNITS.match(found.string, found.end()):
        return False
    digits = found[0]
    return not (_is_day(digits) or _is_day(digits[4:] + digits[2:4] + digits[:2]))


def _is_day(digits: str) -> bool:
    """Whether YYYYMMDD is a day in these centuries."""
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False
