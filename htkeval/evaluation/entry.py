"""The order in which units entered a trial, and the blocks that it makes."""

from __future__ import annotations

import numpy as np

from htkeval.evaluation.columns import NONE, words
from htkeval.evaluation.rows import Rows
from htkeval.evaluation.timeline import days
from htkeval.stats.scaling import Codes
from htkeval.trial import Trial


def in_order_of_entry(trial: Trial, rows: Rows, row_of: Codes) -> Codes:
    """(E,) units by the day of their first row, then by their names.

    Args:
        trial: Names the columns.
        rows: The snapshot.
        row_of: (E,) one row of each unit.
    """
    day = days(rows.table, trial.design.date)
    within = trial.design.kind == "within"
    own = words(rows.table, trial.design.task).codes if within else rows.cluster
    first = np.full(len(row_of), np.inf)
    for unit, row in enumerate(row_of):
        mine = (rows.cluster == rows.cluster[row]) & np.isfinite(day)
        if within and own[row] != NONE:
            mine &= own == own[row]
        elif within:
            mine &= np.arange(len(day)) == row
        first[unit] = day[mine].min(initial=np.inf)
    return np.lexsort((own[row_of], rows.cluster[row_of], first))


def blocks_of(group: Codes, order: Codes, size: int) -> Codes:
    """(E,) which block each unit belongs to: so many that follow one another in a group."""
    blocks = np.empty_like(group)
    for code in np.unique(group):
        mine = order[group[order] == code]
        blocks[mine] = np.arange(len(mine)) // size
    return blocks
