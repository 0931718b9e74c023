"""What was drawn: the trial's lottery, read from its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from htkeval.design.lottery import Arms, Lottery, again, every
from htkeval.evaluation.columns import NONE, Bools, words
from htkeval.evaluation.entry import blocks_of, in_order_of_entry
from htkeval.evaluation.rows import Rows
from htkeval.evaluation.wording import not_as_drawn
from htkeval.stats.scaling import Codes
from htkeval.text import Text
from htkeval.trial import Trial

DRAWS = 9_999
"""Draws where the allocations are too many to look at each."""
LEAST_DRAWS = 999
"""Fewest draws, where every one of them moves very many cells."""
MOST_MOVES = 200_000_000
"""Cells times draws that are looked at for a figure: some seconds."""
MOST_CELLS = 200_000
"""Beyond so many cells even the fewest draws take long, and CR2 says what they would say."""
IN_PERIODS = ("crossover", "stepped_wedge")
"""Designs in which a unit draws an order or a start, not an arm."""


@dataclass(frozen=True, eq=False)
class Lots:
    """The lottery, the cells that it moves, and the draws that are looked at."""

    lottery: Lottery
    """How the arms could have fallen."""
    cell: Codes
    """(N,) the cell of each row; `NONE` where a row was not drawn."""
    cluster_of: Codes
    """(U,) the cluster of each cell, rising."""
    seed: int
    """The registered seed."""
    blocks_told: bool = True
    """Whether the blocks of the plan can be told from the rows."""
    draws: int = DRAWS
    """How many allocations are drawn where not all are looked at."""

    @property
    def exact(self) -> bool:
        """Whether every allocation is looked at."""
        return self.lottery.enumerable

    @cached_property
    def arms(self) -> Arms:
        """(R, U) the allocations that are looked at; the same for every figure of the trial."""
        if self.exact:
            return every(self.lottery)
        return again(self.lottery, np.random.default_rng(self.seed), self.draws)

    @property
    def too_many(self) -> bool:
        """Whether looking at other draws would take too long."""
        return len(self.cluster_of) > MOST_CELLS

    @cached_property
    def floor(self) -> float:
        """The smallest p-value that this lottery can give: the observed draw and its mirror."""
        observed = self.lottery.observed
        if not self.exact:
            return 1 / (1 + self.draws)
        same = (self.arms == observed).all(axis=1) | (self.arms == 1 - observed).all(axis=1)
        return float(same.mean())


def read_lots(trial: Trial, rows: Rows) -> Lots | Text | None:
    """Which lottery gave these rows their arms?

    Every row in an arm was drawn, whether its value counts or not. Where the mechanism is
    `complete`, `blocks` or not stated, the counts of each group are taken as given, which keeps
    the test exact; groups are strata, within people where tasks were drawn, and blocks.

    Returns:
        None where nothing was drawn; a sentence where the rows do not follow the design.
    """
    if not trial.design.randomised:
        return None
    drawn = (rows.arm != NONE) & (rows.cluster != NONE)
    by_period = trial.design.kind in IN_PERIODS
    if by_period:
        drawn &= rows.period.codes != NONE
    if not drawn.any():
        return not_as_drawn(trial)
    at = np.flatnonzero(drawn)
    arm = rows.arm[at]
    slot = rows.period.codes[at] if by_period else np.zeros(len(at), dtype=np.intp)
    for unit_key in _units(trial, rows, at):
        keys = np.column_stack([rows.cluster[at], unit_key, slot])
        cells, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        if not (arm != arm[first][inverse]).any():
            break
    else:
        return not_as_drawn(trial)
    cell = np.full(len(rows.arm), NONE, dtype=np.intp)
    cell[at] = inverse
    units, unit = np.unique(cells[:, :2], axis=0, return_inverse=True)
    member = at[first]  # one row of each cell
    table = _seen(unit, cells[:, 2], arm[first], len(units), int(slot.max()) + 1)
    found = _patterns(trial, table)
    if found is None:
        return not_as_drawn(trial)
    patterns, drawn_pattern = found
    one = _first_of(unit, len(units))
    group, told, order = _groups(trial, rows, member[one], units[:, 0], drawn_pattern)
    lottery = Lottery(
        patterns=patterns,
        drawn=drawn_pattern,
        group=group,
        unit=unit,
        slot=cells[:, 2] if by_period else np.zeros(len(cells), dtype=np.int64),
        mechanism="permuted",
    )
    if trial.design.allocation == "bernoulli":
        lottery = _free(trial, lottery)
    if trial.design.allocation == "minimisation":
        lottery = _minimised(trial, rows, lottery, member[one], order)
    return Lots(
        lottery,
        cell,
        cells[:, 0],
        trial.analysis.seed,
        draws=max(LEAST_DRAWS, min(DRAWS, MOST_MOVES // len(cells))),
        blocks_told=told,
    )


def _units(trial: Trial, rows: Rows, at: Codes) -> Iterator[Codes]:
    """What was drawn within its cluster: a task where tasks were drawn, else the cluster itself.

    A person's task that stands in both arms was not drawn as one: then each row was.
    """
    if trial.design.kind != "within":
        yield np.zeros(len(at), dtype=np.intp)
        return
    task = words(rows.table, trial.design.task).codes[at]
    own = len(rows.arm) + np.arange(len(at))
    yield np.where(task == NONE, own, task)
    yield own


def _seen(unit: Codes, slot: Codes, arm: Codes, units: int, slots: int) -> Codes:
    """(E, S) the arm of each unit in each slot; `NONE` where nothing was seen."""
    table = np.full((units, slots), NONE, dtype=np.intp)
    table[unit, slot] = arm
    return table


def _patterns(trial: Trial, seen: Codes) -> tuple[Arms, Codes] | None:
    """The patterns that were drawn and which unit drew which; None where they are no such."""
    slots = seen.shape[1]
    if trial.design.kind not in IN_PERIODS:
        return np.array([[0], [1]], dtype=np.uint8), seen[:, 0].astype(np.int64)
    if trial.design.kind == "stepped_wedge":
        treated = seen == 1
        start = np.where(treated.any(axis=1), treated.argmax(axis=1), slots)
        if ((seen == 0) & (np.arange(slots) >= start[:, None])).any():
            return None
        starts, drawn = np.unique(start, return_inverse=True)
        return (np.arange(slots) >= starts[:, None]).astype(np.uint8), drawn.astype(np.int64)
    whole = np.unique(seen[(seen != NONE).all(axis=1)], axis=0)
    if not len(whole):
        return None
    fits = ((seen[:, None, :] == NONE) | (seen[:, None, :] == whole[None])).all(axis=2)
    if not (fits.sum(axis=1) == 1).all():
        # what was not seen cannot be told where several orders fit, or none does
        return None
    return whole.astype(np.uint8), fits.argmax(axis=1).astype(np.int64)


def _first_of(unit: Codes, units: int) -> Codes:
    """(E,) the first cell of each unit."""
    first = np.full(units, len(unit), dtype=np.intp)
    np.minimum.at(first, unit, np.arange(len(unit)))
    return first


def _groups(
    trial: Trial,
    rows: Rows,
    row_of: Codes,
    cluster: Codes,
    drawn: Codes,
) -> tuple[Codes, bool, Codes]:
    """(E,) within what lots are permuted; whether blocks are told; units in order of entry."""
    columns: list[Codes] = [words(rows.table, name).codes[row_of] for name in trial.design.strata]
    if trial.design.kind == "within":
        columns.append(cluster)
    group = _numbered(columns, len(row_of))
    if trial.design.allocation not in ("blocks", "minimisation"):
        return group, True, np.arange(len(row_of))
    order = in_order_of_entry(trial, rows, row_of)
    if trial.design.block is None or trial.design.allocation == "minimisation":
        return group, True, order
    blocks = blocks_of(group, order, trial.design.block)
    even = _evenly(blocks, drawn, trial.design.block, trial.design.ratio)
    return (_numbered([group, blocks], len(row_of)), True, order) if even else (group, False, order)


def _numbered(columns: Sequence[Codes], n: int) -> Codes:
    """Each combination of some codes as a number."""
    if not columns:
        return np.zeros(n, dtype=np.intp)
    return np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].astype(np.intp)


def _evenly(blocks: Codes, drawn: Codes, size: int, ratio: tuple[int, int]) -> bool:
    """Whether every full block holds its share: else these are not the blocks that were used."""
    counts, treated = np.bincount(blocks), np.bincount(blocks, drawn)
    full: Bools = counts == size
    return bool((treated[full] * sum(ratio) == size * ratio[1]).all())


def _free(trial: Trial, lottery: Lottery) -> Lottery:
    """Every unit by itself; an order or a start has the same chance as any other."""
    low, high = trial.design.ratio
    n = len(lottery.patterns)
    one_slot = trial.design.kind not in IN_PERIODS
    chances = np.array([low, high]) / (low + high) if one_slot else np.full(n, 1 / n)
    return replace(lottery, mechanism="bernoulli", chances=chances)


def _minimised(trial: Trial, rows: Rows, lottery: Lottery, row_of: Codes, order: Codes) -> Lottery:
    """The units in the order of entry, so that the rule can be run again."""
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    levels = [np.zeros(len(order), dtype=np.intp)]
    for name in trial.design.strata:
        codes = words(rows.table, name).codes[row_of[order]]
        levels.append(np.where(codes == NONE, codes.max(initial=0) + 1, codes))
    low, high = trial.design.ratio
    return replace(
        lottery,
        drawn=lottery.drawn[order],
        group=lottery.group[order],
        unit=place[lottery.unit],
        mechanism="minimisation",
        chances=np.array([low, high]) / (low + high),
        factors=tuple(levels),
        favour=trial.design.favour,
    )
