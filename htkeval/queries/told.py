"""What a row brought with it: whoever measured it saw that something was odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from htkeval.kept_row import KeptRow
from htkeval.queries.finding import Finding
from htkeval.text import Text, say

RowRemark = Literal["clocks_differ", "resumed"]
"""What may be odd about a row when it is measured."""
Came = Mapping[tuple[int, int], Sequence[RowRemark]]
"""By the event that brought a row, and the row's number in it: its remarks."""

_MEANING: Mapping[RowRemark, Text] = {
    "clocks_differ": say(
        "The clock that started the task and the one that ended it do not agree. Compare the time "
        "with the notes; put it right, or answer that it is right."
    ),
    "resumed": say(
        "The stopwatch was closed and opened again while the task ran. Was the task under way all "
        "that time? Put the time right, or answer that it was."
    ),
}


def told(came: Came, rows: Sequence[KeptRow]) -> Iterator[Finding]:
    """The remarks of rows that nobody has put right since."""
    for row in rows:
        for rule in () if row.history else came.get((row.event, row.number), ()):
            if rule in _MEANING:  # a later version may know more
                yield Finding(rule, row.id, None, [row.event, row.number], _MEANING[rule])
