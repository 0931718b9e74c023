"""What was drawn: the trial's lottery, read from its rows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from htkeval.design.floor import always_hits
from htkeval.design.lottery import MOST, Arms, Lottery, again, every
from htkeval.design.periods import IN_PERIODS
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.rows import Rows
from htkeval.evaluation.draw.entry import days_of_entry, in_order_of_entry, said_of, seen_in
from htkeval.evaluation.draw.listed import Held, lottery_of
from htkeval.evaluation.draw.mechanism import blocked, free, minimised, numbered
from htkeval.evaluation.draw.patterns import patterns
from htkeval.evaluation.wording import both_arms, not_as_drawn
from htkeval.stats.rerandomisation.confidence_set import share
from htkeval.stats.scaling import Codes
from htkeval.text import Text, say
from htkeval.trial import Trial

DRAWS = 9_999
"""Draws where the allocations are too many to look at each."""
LEAST_DRAWS = 999
"""Fewest draws, where every one of them moves very many cells."""
MOST_MOVES = 200_000_000
"""Cells times draws that are looked at for a figure: some seconds."""
MOST_CELLS = 200_000
"""Beyond so many cells even the fewest draws take long, and CR2 says what they would say."""
WITH_ITSELF = ("within", "crossover", "stepped_wedge")
"""Drawn designs in which a cluster is compared with itself, so that its own level says nothing."""


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
    with_itself: bool
    """Whether each cluster is compared with itself."""
    untold: Literal["blocks", "order"] | None = None
    """What of the plan's draw cannot be told from the rows: then its blocks are left out, or the
    order of entry is that of the names."""
    apart: int = 0
    """Tasks that stand in both arms of one participant, so that each row is a lot of its own."""
    draws: int = DRAWS
    """How many allocations are drawn where not all are looked at."""
    most: int = MOST
    """Up to so many allocations all of them are looked at."""

    @property
    def exact(self) -> bool:
        """Whether every allocation is looked at."""
        few = self.lottery.log_count <= math.log(self.most) + 1e-9
        return self.lottery.enumerable and few

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
        """The smallest p-value that this lottery can give: the share of draws that always count.

        A figure whose rows leave cells out, or whose covariates say more, can have a larger one.
        What a minimisation's is does not depend on which lists were drawn.
        """
        even = self.lottery.even_chance
        if even is not None:
            return (1 + even * self.draws) / (1 + self.draws)
        hits = always_hits(
            self.arms,
            self.lottery.observed,
            slot=self.lottery.slot,
            cluster=self.cluster_of if self.with_itself else None,
        )
        return share(int(hits.sum()), len(hits), exact=self.exact)


def read_lots(trial: Trial, rows: Rows, held: Held | None = None) -> Lots | Text | None:
    """Which lottery gave these rows their arms?

    Every row in an arm was drawn, whether its value counts or not. Where the mechanism is
    `complete`, `blocks` or not stated, the counts of each group are taken as given, which keeps
    the test exact; groups are strata, within people where tasks were drawn, and blocks. Where the
    rows do not tell the blocks, lots are permuted without them, and `untold` says so.

    Args:
        trial: The definition.
        rows: The snapshot.
        held: The list that the draw left, where it is stored. Where every row follows it, it tells
            the blocks and the order of entry, and nothing has to be read from days.

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
    key, apart = _units(trial, rows, at)
    keys = np.column_stack([rows.cluster[at], key, slot])
    cells, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    torn = np.unique(inverse[arm != arm[first][inverse]])
    if len(torn):
        return both_arms(trial, _places(trial, rows, cells[torn]))
    units, unit = np.unique(cells[:, :2], axis=0, return_inverse=True)
    unit_of = np.full(len(rows.arm), NONE, dtype=np.intp)
    unit_of[at] = unit[inverse]
    seen = seen_in(unit, cells[:, 2], arm[first], len(units), int(slot.max()) + 1)
    found = patterns(trial, seen, said_of(trial, rows, unit_of))
    if isinstance(found, Text):
        return found
    cell = np.full(len(rows.arm), NONE, dtype=np.intp)
    cell[at] = inverse
    row_of = at[first][_first_of(unit, len(units))]
    lottery = Lottery(
        patterns=found[0],
        drawn=found[1],
        group=_strata(trial, rows, row_of, units[:, 0]),
        unit=unit,
        slot=cells[:, 2] if by_period else np.zeros(len(cells), dtype=np.int64),
        mechanism="permuted",
    )
    lots = Lots(
        lottery,
        cell,
        cells[:, 0],
        trial.analysis.seed,
        with_itself=trial.design.kind in WITH_ITSELF,
        apart=apart,
        draws=max(LEAST_DRAWS, min(DRAWS, MOST_MOVES // len(cells))),
    )
    if held is not None and (listed := _by_list(trial, rows, lots, held, row_of)) is not None:
        return listed
    return _by_mechanism(trial, rows, lots, row_of, unit_of)


def _by_list(trial: Trial, rows: Rows, lots: Lots, held: Held, row_of: Codes) -> Lots | None:
    """The lottery that the stored list tells of; None where not every row follows it."""
    strays = held.strangers | held.untold | held.differs(rows.arm)
    if strays.any() or lots.apart:
        return None
    lottery = lottery_of(trial, held, lots.lottery, held.unit[row_of])
    return None if lottery is None else replace(lots, lottery=lottery)


def _by_mechanism(
    trial: Trial, rows: Rows, lots: Lots, row_of: Codes, unit_of: Codes
) -> Lots | Text:
    """The lottery as the plan's mechanism has it, where that is not one of given counts."""
    how, lottery = trial.design.allocation, lots.lottery
    if how == "bernoulli":
        return replace(lots, lottery=free(trial, lottery))
    if how not in ("blocks", "minimisation"):
        return lots
    day = days_of_entry(trial, rows, unit_of)
    if how == "blocks":
        within = blocked(trial, lottery, day)
        return replace(lots, untold="blocks") if within is None else replace(lots, lottery=within)
    if len(lottery.patterns) != 2:
        return say(
            "Minimisation chooses between two; the rows tell of {n} orders, so the draw cannot be "
            "made again.",
            n=len(lottery.patterns),
        )
    order = in_order_of_entry(day)
    levels = [rows.words(name).codes[row_of[order]] for name in trial.design.strata]
    redrawn = minimised(trial, lottery, order, levels)
    return replace(lots, lottery=redrawn, untold=None if np.isfinite(day).all() else "order")


def _units(trial: Trial, rows: Rows, at: Codes) -> tuple[Codes, int]:
    """What was drawn within its cluster: a task where tasks were drawn, else the cluster itself.

    A person's task that stands in both arms was not drawn as one: then each of its rows was. The
    number of such tasks is told too.
    """
    if trial.design.kind != "within":
        return np.zeros(len(at), dtype=np.intp), 0
    task = rows.words(trial.design.task).codes[at]
    own = len(rows.arm) + np.arange(len(at))
    arm = rows.arm[at]
    pairs = np.column_stack([rows.cluster[at], task])
    _, first, pair = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
    unlike = (task != NONE) & (arm != arm[first][pair])
    torn = np.unique(pair[unlike])
    alone = (task == NONE) | np.isin(pair, torn)
    return np.where(alone, own, task), len(torn)


def _places(trial: Trial, rows: Rows, cells: Codes) -> tuple[str, ...]:
    """The team of each cell, and its period where periods were drawn; people are not named."""
    if trial.cluster_column != trial.design.team:
        return ("",) * len(cells)
    teams, when = rows.words(trial.design.team).labels, rows.period.labels
    if trial.design.kind not in IN_PERIODS:
        return tuple(teams[team] for team, _, _ in cells)
    return tuple(f"{teams[team]} / {when[period]}" for team, _, period in cells)


def _first_of(unit: Codes, units: int) -> Codes:
    """(E,) the first cell of each unit."""
    first = np.full(units, len(unit), dtype=np.intp)
    np.minimum.at(first, unit, np.arange(len(unit)))
    return first


def _strata(trial: Trial, rows: Rows, row_of: Codes, cluster: Codes) -> Codes:
    """(E,) within what lots are permuted, blocks apart."""
    columns: list[Codes] = [rows.words(name).codes[row_of] for name in trial.design.strata]
    if trial.design.kind == "within":
        columns.append(cluster)
    return numbered(columns, len(row_of))
