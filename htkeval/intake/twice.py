"""Units of a list that stand twice, under two spellings, or that have a lot already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from htkeval.intake.cells import Fault, shown
from htkeval.intake.sheet import Sheet
from htkeval.intake.spelling import Spellings, folded
from htkeval.text import say

Unit = tuple[str, ...]
"""The names of a unit: its participant or team, or its participant and its task."""


def refuse_twice(
    sheet: Sheet,
    columns: Sequence[Sequence[str | None]],
    strata: Mapping[str, Sequence[str | None]],
    refused: Mapping[Unit, Fault],
    *,
    at: str,
) -> None:
    """Units that stand twice, alike or in two strata, and those that cannot be drawn."""
    if not refused and _all_apart(columns):
        return
    first: dict[Unit, int] = {}
    before, here = Spellings(refused), Spellings()
    inside = list(zip(*strata.values(), strict=True)) if strata else None
    for place, cells in enumerate(zip(*columns, strict=True)):
        if None in cells:
            continue
        unit = tuple(map(str, cells))
        fault = refused.get(unit)
        if fault is None and (other := before.other(unit)):
            fault = written_before(other)
        elif fault is None and (other := here.other(unit)):
            fault = _written_there(other, sheet.rows[first[other]])
        here.add(unit)
        first.setdefault(unit[:1], place)
        earlier = first.setdefault(unit, place)
        if earlier != place:
            moved = inside is not None and inside[earlier] != inside[place]
            fault = _twice(sheet.rows[earlier], moved=moved)
        if fault is not None:
            cell = " / ".join(unit)
            sheet.findings.add(sheet.rows[place], sheet.places[at], at, fault, cell)


def _all_apart(columns: Sequence[Sequence[str | None]]) -> bool:
    """Whether each unit stands once and every name is written in one way: a long list mostly is."""
    if any(None in column for column in columns):
        return False
    read = [list(map(folded, map(str, column))) for column in columns]
    ends = range(1, len(columns) + 1)
    once = _distinct(columns) == len(columns[0])
    return once and all(_distinct(columns[:end]) == _distinct(read[:end]) for end in ends)


def _distinct(columns: Sequence[Sequence[object]]) -> int:
    return len(set(zip(*columns, strict=True) if len(columns) > 1 else columns[0]))


_ONE_WAY = say("each unit written in one way")


def written_before(other: Unit) -> Fault:
    """A unit that was drawn or measured under another spelling of its name."""
    return Fault(
        _ONE_WAY,
        next_step=say(
            "It has a lot, or measurements, as {other}; if it is another unit, call it otherwise.",
            other=shown(" / ".join(other)),
        ),
    )


def _written_there(other: Unit, row: int) -> Fault:
    """A unit that stood there already under another spelling of its name."""
    return Fault(
        _ONE_WAY,
        next_step=say(
            "Row {row} has {other}, the same name; if it is another unit, call it otherwise.",
            row=row,
            other=shown(" / ".join(other)),
        ),
    )


def _twice(row: int, *, moved: bool) -> Fault:
    """A unit that stood there already."""
    if moved:
        return Fault(
            say("each unit in one stratum"),
            next_step=say("It stands in row {row} with other values; which is right?", row=row),
        )
    return Fault(say("each unit once"), next_step=say("It stands in row {row} already.", row=row))
