"""A person's own words, shown as they are: never as formatting, never as a command."""

from __future__ import annotations

import re

from htkeval.text import legible

SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$&=^:])")
"""Every sign that Markdown, or Streamlit on top of it, may read as something else."""

NUMBER_AND_WORD = re.compile(r"(?<![\w.,])([+−]?\d{1,3}(?:[.,]\d+)*\.?) (?=[^\W\d]|%)")
"""A short number, then a word; a year is not held to the word after it."""

RECOGNISED = re.compile(r":(?=[a-zA-Z/+])|www(?=\.)|@(?=\w)|[-<>~=](?=[-<>=])")
"""Where icons, emoji, addresses and arrows begin; they are found after escapes are resolved."""
JOINER = "\u2060"
"""A sign without width; between the two halves of such a thing it keeps them text."""


def plain(text: str, *, longest: int | None = None) -> str:
    """Escape a text so that Markdown shows exactly its characters, on one line.

    Args:
        text: Anything a person wrote.
        longest: Cut after so many characters, with an ellipsis.

    Example:
        >>> print(plain("*now*"))
        \\*now\\*
    """
    line = in_one_line(text, longest=longest)
    return SPECIAL.sub(r"\\\1", RECOGNISED.sub(rf"\g<0>{JOINER}", line))


def in_one_line(text: str, *, longest: int | None = None) -> str:
    """The text on one line, not longer than `longest`, each number held to its word; what would
    turn the order of letters round, or no browser can be sent, is written out."""
    return together(shortened(legible(" ".join(text.split()), keep=""), longest))


_ONLY_SOMEWHERE = re.compile(r"\\([().:!+-])")
"""Signs that mean something at the start of a line or behind a bracket alone."""
_STARTS = re.compile(r"\s*[-+0-9]|.*[\[\]]")


def aloud(text: str) -> str:
    """The same for the label of a field, which a screen reader reads as it is written.

    Example:
        >>> print(aloud("Hvor længe (minutter), *ca.*"))
        Hvor længe (minutter), \\*ca.\\*
    """
    told = plain(text)
    return told if _STARTS.match(text) else _ONLY_SOMEWHERE.sub(r"\1", told)


def together(text: str) -> str:
    """Keep a number and the word after it on one line: `15 pct.`, `5. januar`.

    Example:
        >>> together("15 pct. af 2026 dage").split(" ")
        ['15\\xa0pct.', 'af', '2026', 'dage']
    """
    return NUMBER_AND_WORD.sub("\\1\u00a0", text)


def shortened(text: str, longest: int | None) -> str:
    """The text, or its beginning with an ellipsis where it is longer than `longest`."""
    if longest is None or len(text) <= longest:
        return text
    return text[: longest - 1].rstrip() + "…"
