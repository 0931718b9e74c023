"""Units in the order in which they enter, and within what their lots hang together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from htkeval.allocation_list import ONE_BY_ONE, AllocationList
from htkeval.design.allocation import Ints
from htkeval.trial import Design


@dataclass(frozen=True, eq=False)
class Entrants:
    """Units in the order of entry, those of earlier lists first."""

    levels: tuple[Ints, ...]
    """(E,) each: level of each column of strata."""
    holder: Ints
    """(E,) the participant whose task it is, where tasks are drawn; else 0 throughout."""
    entry: Ints
    """(E,) the list that the unit came with; 0: it was drawn by itself."""

    def __len__(self) -> int:
        return len(self.holder)

    def first(self, end: int) -> Entrants:
        """Those that entered first."""
        levels = tuple(one[:end] for one in self.levels)
        return Entrants(levels, self.holder[:end], self.entry[:end])


def entrants(design: Design, listed: AllocationList) -> Entrants:
    """Codes for the names on a list."""
    levels = tuple(_codes(listed.strata[name]) for name in design.strata)
    of_task = design.kind == "within"
    holder = _codes(listed.units[0]) if of_task else np.zeros(len(listed), dtype=np.int64)
    return Entrants(levels, holder, np.array(listed.entry, dtype=np.int64))


def size_of_block(design: Design) -> int | None:
    """How many units one after another are dealt out together.

    Where tasks are drawn one by one with exact counts, a participant's planned tasks are a block:
    how many there will be in the end nobody knows when the first is drawn.
    """
    if design.allocation == "blocks":
        return design.block
    return None if design.tasks_each is None else math.ceil(design.tasks_each)


def strata_of(who: Entrants) -> Ints:
    """(E,) each combination of strata, and participant where tasks are drawn, as a number.

    With `blocks` they run on through all lists.
    """
    return numbered((*who.levels, who.holder))


def groups(design: Design, who: Entrants) -> Ints:
    """(E,) within what the lots were dealt out so that counts are exact.

    `complete` (or nothing stated): stratum and list, for a new list is drawn by itself; and
    `blocks`: stratum and block, and these run on from list to list. Units that were drawn one by
    one stand in blocks in either case.
    """
    strata = strata_of(who)
    size = size_of_block(design)
    block = np.zeros(len(who), dtype=np.int64)
    alone = who.entry == ONE_BY_ONE
    if design.allocation == "blocks":
        assert size  # the trial's own validator saw to it
        return numbered((strata, place_within(strata) // size))
    if alone.any() and size:
        block[alone] = place_within(strata[alone]) // size
    return numbered((strata, who.entry, block))


def place_within(groups: Ints) -> Ints:
    """(E,) how many of a unit's own group came before it."""
    order = np.argsort(groups, kind="stable")
    sizes = np.bincount(groups)
    first = np.cumsum(sizes) - sizes
    place = np.empty_like(groups)
    place[order] = np.arange(len(groups)) - first[groups[order]]
    return place


def numbered(columns: tuple[Ints, ...]) -> Ints:
    """Each combination of some codes as a number, from 0."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        # numbered again each time, so that no product of sizes can grow too large
        code = np.unique(code * (int(column.max(initial=0)) + 1) + column, return_inverse=True)[1]
    return code.astype(np.int64)


def _codes(names: tuple[str, ...]) -> NDArray[np.int64]:
    """Each name as a number, in the order in which it first stands."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)
