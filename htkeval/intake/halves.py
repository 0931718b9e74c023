"""CPR numbers over two neighbouring cells: the day of birth in one, four digits in the next."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from htkeval.intake import cpr
from htkeval.intake.privacy import plainly

_SIX, _FOUR = re.compile(r"[0-9]{6}"), re.compile(r"[0-9]{4}")


class Halves:
    """Pairs of neighbouring cells of six and of four digits, by the first cell's column.

    Of numbers of six digits that are no days one in 27 looks like a day, so two columns hold
    CPR numbers where at least half of their pairs do.
    """

    def __init__(self, measured: frozenset[int]) -> None:
        self._measured = measured
        self._pairs: dict[int, int] = defaultdict(int)
        self._shaped: dict[int, int] = defaultdict(int)
        self._rows: dict[int, list[int]] = defaultdict(list)

    def row(self, number: int, texts: Sequence[str]) -> None:
        """Look at the neighbours in a row."""
        for at in range(len(texts) - 1):
            if len(texts[at]) < 6 or at in self._measured or at + 1 in self._measured:
                continue
            six, four = (plainly(text).strip() for text in texts[at : at + 2])
            if _SIX.fullmatch(six) and _FOUR.fullmatch(four):
                self._count(number, at, six + four)

    def found(self) -> Iterator[tuple[int, int]]:
        """Row and column of each day of birth that has the other half beside it."""
        for at, rows in self._rows.items():
            if 2 * self._shaped[at] >= self._pairs[at]:
                yield from ((number, at) for number in rows)

    def _count(self, number: int, at: int, digits: str) -> None:
        self._pairs[at] += 1
        if cpr.is_ten(digits):
            self._shaped[at] += 1
            self._rows[at].append(number)
