"""One name written in two ways: two lots for one unit, until one of them suits."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from htkeval.intake.privacy import UNSEEN

Names = tuple[str, ...]


def folded(name: str) -> str:
    """A name as an eye reads it: without case, width, odd spaces and signs that nobody sees.

    Example:
        >>> folded("P017") == folded("p\u200b０１７ ")
        True
        >>> folded("SØREN") == folded("Søren"), folded("P 17") == folded("P17")
        (True, False)
    """
    if name.isascii() and name.isalnum():
        return name.casefold()  # what nearly every name is: nothing below would touch it
    if not name.isascii():
        name = UNSEEN.sub("", unicodedata.normalize("NFKC", name))
    text = " ".join(name.split()).casefold()
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


class Spellings:
    """How names were written first: a participant's, and where tasks are drawn a task's of his."""

    def __init__(self, units: Iterable[Names] = ()) -> None:
        self._first: dict[Names, Names] = {}
        for unit in units:
            self.add(unit)

    def add(self, unit: Names) -> None:
        """Remember how a unit is written."""
        for end in range(1, len(unit) + 1):
            self._first.setdefault(tuple(map(folded, unit[:end])), unit[:end])

    def other(self, unit: Names) -> Names | None:
        """How a name of this unit was written first, where it was otherwise."""
        for end in range(1, len(unit) + 1) if self._first else ():
            first = self._first.get(tuple(map(folded, unit[:end])))
            if first is not None and first != unit[:end]:
                return first
        return None
