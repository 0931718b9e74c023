"""The list that the draw left behind, held against the rows; and the lottery that it tells of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from htkeval.allocation_list import AllocationList
from htkeval.design.entrants import entrants, groups
from htkeval.design.lottery import Lottery
from htkeval.design.periods import IN_PERIODS
from htkeval.evaluation.data.columns import NONE, Bools, Words, as_number
from htkeval.evaluation.data.rows import Rows
from htkeval.evaluation.data.timeline import Periods
from htkeval.evaluation.draw.mechanism import free, minimised
from htkeval.stats.scaling import Codes
from htkeval.trial import Trial


@dataclass(frozen=True, eq=False)
class Held:
    """A list held against the rows."""

    listed: AllocationList
    """What was drawn."""
    unit: Codes
    """(N,) place on the list of each row's unit, `NONE` where it is not on it."""
    drawn: Codes
    """(N,) the arm that each row's unit drew, `NONE` where that cannot be told."""
    rows: Bools
    """(N,) which rows are in an arm, so that they are held against the list."""
    under_way: bool = False
    """Whether a planned look is still to come, so that units may have no rows yet."""
    people: bool = False
    """Whether each unit is one person."""

    @property
    def seen(self) -> Bools:
        """(L,) which units of the list have rows."""
        found: Bools = np.zeros(len(self.listed), dtype=bool)
        found[self.unit[self.rows & (self.unit != NONE)]] = True
        return found

    def without_rows(self) -> list[tuple[int, int]]:
        """For each pattern that was drawn: how many units have no rows, and of how many."""
        drawn, unseen = np.array(self.listed.drawn, dtype=np.intp), ~self.seen
        width = len(self.listed.patterns)
        none, all_ = (np.bincount(some, minlength=width) for some in (drawn[unseen], drawn))
        return list(zip(none.tolist(), all_.tolist(), strict=True))

    @property
    def strangers(self) -> Bools:
        """(N,) rows of units that are not on the list."""
        found: Bools = self.rows & (self.unit == NONE)
        return found

    @property
    def untold(self) -> Bools:
        """(N,) rows of which it cannot be told what was drawn for them: their period is not one
        of the plan's."""
        found: Bools = self.rows & (self.unit != NONE) & (self.drawn == NONE)
        return found

    def differs(self, arm: Codes) -> Bools:
        """(N,) rows with another arm than the one drawn."""
        found: Bools = self.rows & (self.drawn != NONE) & (self.drawn != arm)
        return found


def hold(trial: Trial, rows: Rows, listed: AllocationList, *, under_way: bool = False) -> Held:
    """Find each row's unit on the list, and the arm that it drew."""
    unit = _places(rows, listed)
    patterns = np.array(listed.patterns, dtype=np.intp)
    slots = np.zeros(len(unit), dtype=np.intp)
    if trial.design.kind in IN_PERIODS:
        slots = _slots(rows.period, patterns.shape[1])
    of_unit = np.append(np.array(listed.drawn, dtype=np.intp), 0)[unit]
    drawn = np.where((unit == NONE) | (slots == NONE), NONE, patterns[of_unit, slots])
    people = listed.columns == (trial.design.participant,)
    return Held(listed, unit, drawn.astype(np.intp), rows.arm != NONE, under_way, people)


def lottery_of(trial: Trial, held: Held, lottery: Lottery, place: Codes) -> Lottery | None:
    """The lottery as the list tells of it: its blocks, its order of entry, its strata.

    Where counts are given, they are those of the units that have rows: given what the others
    drew, the lots of these are as likely in any order. A minimisation is run again with all units
    of the list, for those without rows moved the coins of those that came after.

    Args:
        trial: The definition.
        held: The list, which every row follows.
        lottery: As the rows tell of it, permuted within strata.
        place: (E,) the place on the list of each of its units.

    Returns:
        None where rows tell of other patterns than were drawn, so that the list cannot be used.
    """
    design, listed = trial.design, held.listed
    if design.allocation == "bernoulli":
        return free(trial, lottery)
    who = entrants(design, listed)
    if design.allocation != "minimisation":
        return replace(lottery, group=groups(design, who)[place].astype(np.intp))
    if lottery.patterns.tolist() != [list(pattern) for pattern in listed.patterns]:
        return None
    whole = replace(
        lottery,
        drawn=np.array(listed.drawn, dtype=np.int64),
        group=np.zeros(len(listed), dtype=np.int64),
        unit=place[lottery.unit],
    )
    return minimised(trial, whole, np.arange(len(listed)), who.levels)


def _places(rows: Rows, listed: AllocationList) -> Codes:
    """(N,) place on the list of each row's unit."""
    known = {unit: place for place, unit in enumerate(listed.named())}
    read = [rows.words(name) for name in listed.columns]
    pairs = np.column_stack([one.codes for one in read])
    found, inverse = np.unique(pairs, axis=0, return_inverse=True)
    of_pair = [known.get(_name(read, codes), NONE) for codes in found.tolist()]
    return np.array(of_pair, dtype=np.intp)[inverse.reshape(-1)]


def _name(read: list[Words], codes: list[int]) -> tuple[str, ...]:
    """What a row calls its unit; an empty cell is no name on any list."""
    pairs = zip(read, codes, strict=True)
    return tuple("" if code == NONE else one.labels[code] for one, code in pairs)


def _slots(period: Periods, slots: int) -> Codes:
    """(N,) which of the plan's periods each row is from, `NONE` where that cannot be told.

    Periods are known by their numbers, 1, 2, …, or, where as many have rows as the plan has, by
    their order.
    """
    numbers = [as_number(label) for label in period.labels]
    if all(number in range(1, slots + 1) for number in numbers):
        of_label = [int(number) - 1 for number in numbers]
    elif len(numbers) == slots:
        of_label = list(range(slots))
    else:
        of_label = [NONE] * len(numbers)
    return np.array([*of_label, NONE], dtype=np.intp)[period.codes]
