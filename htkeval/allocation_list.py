"""Who was given what by lot: the list that a draw leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from pydantic import model_validator

from htkeval.frozen import Contradiction, Frozen

ONE_BY_ONE = 0
"""In place of a list's number: the unit's lot was drawn when it was asked for, not with a list."""


class AllocationList(Frozen):
    """Units in the order in which they entered, and what chance gave each of them.

    Everything that has a value for each unit is a column of its own, so that a hundred thousand
    units are a few columns and not as many nouns.
    """

    columns: tuple[str, ...]
    """What names a unit: the sheet's column of the participant or team, or those of the
    participant and the task."""
    units: tuple[tuple[str, ...], ...]
    """By column: the name in it of each unit."""
    strata: dict[str, tuple[str, ...]]
    """By column of strata: its value for each unit."""
    patterns: tuple[tuple[int, ...], ...]
    """What can be drawn: the arm (0 baseline, 1 treatment) in each period; one period where arms
    are drawn, not orders or starts."""
    drawn: tuple[int, ...]
    """Which pattern each unit drew, from 0."""
    entry: tuple[int, ...]
    """The number of the list that each unit came with, from 1; 0 where it was drawn by itself."""

    @model_validator(mode="after")
    def _as_long_throughout(self) -> Self:
        lengths = {len(self.drawn), len(self.entry), *map(len, self.units)}
        lengths |= set(map(len, self.strata.values()))
        if len(lengths) != 1 or len(self.units) != len(self.columns):
            raise Contradiction("an allocation list needs a value in every column for every unit")
        return self

    def __len__(self) -> int:
        return len(self.drawn)

    def named(self) -> list[tuple[str, ...]]:
        """Each unit by its names, in the order of entry."""
        return list(zip(*self.units, strict=True))

    def taken(self, places: Sequence[int]) -> AllocationList:
        """The units at some places, in their order."""
        return self.model_copy(
            update={
                "units": tuple(tuple(column[at] for at in places) for column in self.units),
                "strata": {k: tuple(v[at] for at in places) for k, v in self.strata.items()},
                "drawn": tuple(self.drawn[at] for at in places),
                "entry": tuple(self.entry[at] for at in places),
            }
        )

    def after(self, earlier: AllocationList) -> AllocationList:
        """This list behind an earlier one of the same trial."""
        pairs = zip(earlier.units, self.units, strict=True)
        return self.model_copy(
            update={
                "units": tuple((*one, *other) for one, other in pairs),
                "strata": {k: (*earlier.strata[k], *v) for k, v in self.strata.items()},
                "drawn": (*earlier.drawn, *self.drawn),
                "entry": (*earlier.entry, *self.entry),
            }
        )
