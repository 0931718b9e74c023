"""One regular expression for what is worth the full search, as Python and Arrow's RE2 read it.

It looks neither back nor ahead, so it finds more than there is and misses nothing: every cell of
a sheet is held against it, and only what it finds is looked at in Python.
"""

from __future__ import annotations

import itertools
import re
from array import array
from collections.abc import Collection, Sequence
from typing import Any

_SPACE = r"[\x09-\x0d\x1c-\x20]"
_BETWEEN = rf"{_SPACE}?[-/_:]?{_SPACE}?"
_ODD = r"[^\x00-\x7f\xa7\xab\xbb\xc0-\xff\x{2019}\x{201c}\x{201d}\x{20ac}]"
"""Digits in other scripts, other dashes and spaces, what nobody sees: settled in Python."""

_BEFORE = r"(?:^|[^0-9.,]|(?:^|[^0-9])[.,])"
"""Neither the tail of a longer number nor decimals."""
_AFTER = r"(?:[^0-9]|$)"
_PAIR = "[0-9]{2}"
_CPR = (
    rf"[0-36-9][0-9][-./ ]?[01][0-9][-./ ]?(?:18|19|20)?{_PAIR}{_BETWEEN}[0-9]{{4}}",
    rf"(?:[0-9]{_SPACE}){{5}}[0-9]{_BETWEEN}(?:[0-9]{_SPACE}){{3}}[0-9]",
    rf"(?:{_PAIR}{_SPACE}){{2}}{_PAIR}{_BETWEEN}{_PAIR}{_SPACE}{_PAIR}",
    rf"[0-9]{{6}}{_BETWEEN}{_PAIR}{_SPACE}{_PAIR}",
)
_TELEPHONE = (
    rf"(?:\+|00){_SPACE}?\(?45",
    rf"[2-9][0-9](?: {_PAIR}){{3}}",
    rf"[2-9][0-9](?:\.{_PAIR}){{3}}",
    rf"[2-9][0-9](?:-{_PAIR}){{3}}",
    r"[2-9][0-9]{3} [0-9]{4}",
)
_PARTS = (
    "@",
    _ODD,
    rf"{_BEFORE}(?:{'|'.join(_CPR)}){_AFTER}",
    rf"{_BEFORE}(?:{'|'.join(_TELEPHONE)})",
    rf"(?i:tlf|tel[a-z0-9]*|mob[a-z0-9]*|phone|fax)[ .:()+nr-]{{0,8}}{_PAIR}",
    r"[^0-9A-Za-z.,/+|-][2-9][0-9]{7}",
    rf"{_BEFORE}[2-9][0-9]{{7}}[^0-9A-Za-z|/-]",
    rf"(?:^|\|){_SPACE}*[0-9]{{6}}{_SPACE}*\|{_SPACE}*[0-9]{{4}}{_SPACE}*(?:\||$)",
)
_PATTERN = "|".join(_PARTS)

SUSPICIOUS = re.compile(re.sub(r"\\x\{(\w{4})\}", r"\\u\1", _PATTERN))
"""The pattern in Python's spelling: ten times as slow as Arrow, and there at once."""


def suspicious(texts: Sequence[str], named: str | None = None) -> Sequence[int]:
    """Which of many texts are worth the full search: their places, found by Arrow.

    Args:
        texts: Rows, each as one text.
        named: What finds the words of a list of names, by `naming`; None where there is no list.
    """
    import pyarrow.compute as pc

    column = _column(texts)
    found = pc.match_substring_regex(column, _PATTERN)
    if named is not None:
        found = pc.or_(found, pc.match_substring_regex(column, named))
    places: list[int] = pc.indices_nonzero(found).to_pylist()
    return places


def naming(words: Collection[str]) -> str | None:
    """What finds these words as words of their own, in small letters or large, by RE2.

    A letter that Latin-1 has not is worth the full search anyway (`_ODD`); of those that it has
    only ß is another word in small letters.

    Args:
        words: In small letters, as `names.words` gives them.
    """
    if not words:
        return None
    some = re.sub("ss+", lambda run: _written(len(run[0])), "|".join(sorted(words)))
    return rf"(?i)(?:^|[^\pL\pN])(?:{some})(?:[^\pL\pN]|$)"


def _written(n: int) -> str:
    """How `n` letters s can be written: of three either the first two or the last two are one ß.

    Of more than any name has it finds some that are not so many, lest the pattern grows on.
    """
    if n < 2:
        return "s" * n
    return (
        f"(?:s{_written(n - 1)}|ß{_written(n - 2)})" if n <= 16 else f"[sß]{{{(n + 1) // 2},{n}}}"
    )


def _column(texts: Sequence[str]) -> Any:
    """As Arrow keeps them; `pyarrow.array` would load pandas for a quarter of a second."""
    import pyarrow as pa

    written = [text.encode() for text in texts]
    ends = array("q", itertools.accumulate(map(len, written), initial=0))
    return pa.LargeStringArray.from_buffers(
        len(written), pa.py_buffer(ends), pa.py_buffer(b"".join(written))
    )
