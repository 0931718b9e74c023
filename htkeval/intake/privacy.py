"""Whether a text gives a person away: CPR numbers, e-mail addresses and telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from htkeval.intake import cpr, telephone
from htkeval.intake.suspicion import SUSPICIOUS

Personal = Literal["cpr", "cpr_checked", "email", "telephone"]
"""`cpr_checked`: the check digit of modulus 11 fits too; `ranked` tells it from `cpr`."""

UNSEEN = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Characters that nobody sees: those of format (Unicode's category Cf), and what fills or varies
others. Between two digits they hide a number."""

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
    return SUSPICIOUS.search(text) is not None


def personal(text: str) -> Personal | None:
    """What in a text gives a person away, or None.

    Example:
        >>> personal("sag 010203-1234"), personal("4512345678"), personal("bo@eksempel.dk")
        ('cpr', None, 'email')
    """
    text = plainly(text)
    if _MACHINE_ID.fullmatch(text.strip()):
        return None
    if next(cpr.numbers(text), None):
        return "cpr"
    if _AT_HOST.search(_MASK.sub(" ", text)):
        return "email"
    return "telephone" if telephone.holds(text) else None


def personal_note(text: str) -> Personal | None:
    """The same of a text that nobody declared as a key or a number: eight digits among words too.

    Example:
        >>> personal_note("ring til Bo 23456789"), personal_note("sag 23456789")
        ('telephone', None)
    """
    if found := personal(text):
        return found
    return "telephone" if telephone.holds_loosely(plainly(text)) else None


def ranked(found: Personal, text: str) -> Personal:
    """A finding by how sure it is: modulus 11 raises `cpr` to `cpr_checked`, and lowers nothing."""
    sure = found == "cpr" and any(map(cpr.fits_modulus_11, cpr.numbers(plainly(text))))
    return "cpr_checked" if sure else found


def masked(text: str) -> str:
    """The text with `010203-xxxx`, `xxxx@host` and `xx xx xx xx` for what gives a person away.

    Example:
        >>> masked("sag 0102031234")
        'sag 010203-xxxx'
    """
    if not suspect(text):
        return text
    plain = plainly(text)
    hidden = telephone.without_numbers(_EMAIL.sub(r"xxxx@\g<host>", cpr.without_serials(plain)))
    return text if hidden == plain else hidden


def plainly(text: str) -> str:
    """The text in plain digits and letters, without what nobody sees."""
    return text if text.isascii() else UNSEEN.sub("", unicodedata.normalize("NFKC", text))
