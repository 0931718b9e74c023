"""A delivery held against the lots that were drawn, while a slip can still be put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from htkeval.allocation_list import AllocationList
from htkeval.measurement import Measurement
from htkeval.text import Text, say
from htkeval.trial import ARMS, Trial

FEW = 5
"""Units that are named; of more only how many there are."""


def against_lots(
    trial: Trial, listed: AllocationList | None, rows: Iterable[Measurement]
) -> tuple[Text, ...]:
    """Which units have rows in another arm than they drew, and which drew none?

    The rows are taken all the same: the arm of the sheet is what was done, and the analysis tells
    of what differs. A row whose period is not one of the plan's is not held against the list.

    Args:
        trial: The definition.
        listed: All that was drawn; None: nothing, and nothing is said.
        rows: The delivery.
    """
    if listed is None:
        return ()
    drawn = {
        unit: listed.patterns[pattern]
        for unit, pattern in zip(listed.named(), listed.drawn, strict=True)
    }
    other: dict[str, None] = {}
    strange: dict[str, None] = {}
    for row in rows:
        unit = tuple(row.keys.get(name) or "" for name in listed.columns)
        pattern = drawn.get(unit)
        if pattern is None:
            strange.setdefault(" / ".join(unit))
        elif (lot := lot_of(trial, pattern, row.keys)) is not None and ARMS[lot] != row.arm:
            other.setdefault(" / ".join(unit))
    found = []
    if other:
        found.append(say("another arm than was drawn: {units}", units=_named(other)))
    if strange:
        found.append(
            say(
                "not on the list of the draw, so that no lot decided their arm: {units}",
                units=_named(strange),
            )
        )
    return tuple(found)


def lot_of(trial: Trial, pattern: tuple[int, ...], keys: Mapping[str, str | None]) -> int | None:
    """The arm that was drawn for a row with these keys; None where its period does not tell."""
    if len(pattern) == 1:
        return pattern[0]
    period = (keys.get(trial.design.period) if trial.design.period else None) or ""
    if not period.isdecimal() or not 1 <= int(period) <= len(pattern):
        return None
    return pattern[int(period) - 1]


def _named(units: dict[str, None]) -> Text:
    names = ", ".join(list(units)[:FEW])
    if len(units) <= FEW:
        return say("{names}", names=names)
    return say("{names} and {n:#,##0} more", names=names, n=len(units) - FEW)
