"""The participants' own names: a list that is read, held against every cell, and never kept."""

from __future__ import annotations

import re
from pathlib import Path

from htkeval.errors import Problem, UsageError
from htkeval.intake.privacy import plainly
from htkeval.text import say

PLACE = Path("configs") / "names.txt"
"""Where a workspace may have its list; it belongs in no version control."""

SHORTEST = 3
"""Letters of a word that counts: `Bo` is a part of too much."""

_WORD = re.compile(rf"(?<![^\W_])[^\W\d_]{{{SHORTEST},}}(?![^\W_])")


def listed(root: Path, given: Path | None) -> frozenset[str]:
    """The words of the names in a list, one name a line without a header; none without a list.

    Every word counts by itself: a cell that says only `Mette` is refused for `Mette Holm`.

    Args:
        root: The workspace.
        given: The file that the caller named; else the workspace's own, where there is one.

    Raises:
        UsageError: The named file cannot be read as text.
    """
    path = given or root / PLACE
    if given is None and not path.exists():
        return frozenset()
    return words(_text(path))


def counted(root: Path) -> int | None:
    """How many names a workspace's own list has; None where there is none.

    Raises:
        UsageError: As for `listed`.
    """
    path = root / PLACE
    if not path.exists():
        return None
    return sum(bool(words(line)) for line in _text(path).splitlines())


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        raise UsageError(Problem(path.name, say("no file that can be read"), _A_LIST)) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


_A_LIST = say("a text file with one name a line")


def words(text: str) -> frozenset[str]:
    """The words of a text that may be names, in small letters.

    Example:
        >>> sorted(words("Mette Holm; P017, Bo"))
        ['holm', 'mette']
    """
    return frozenset(_WORD.findall(plainly(text).casefold()))
