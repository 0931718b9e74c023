"""When units entered a trial: their order, the blocks that it makes, the start of a roll-out."""

from __future__ import annotations

import numpy as np

from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.rows import Rows
from htkeval.evaluation.data.timeline import days
from htkeval.stats.scaling import Codes, Floats
from htkeval.trial import Trial


def days_of_entry(trial: Trial, rows: Rows, unit_of: Codes) -> Floats:
    """(E,) the day of each unit's first row; infinite where no row of it has a day.

    Args:
        trial: Names the column of days.
        rows: The snapshot.
        unit_of: (N,) the unit of each row, `NONE` where it has none.
    """
    day = days(rows.table, trial.design.date)
    first = np.full(int(unit_of.max(initial=NONE)) + 1, np.inf)
    known = (unit_of != NONE) & np.isfinite(day)
    np.minimum.at(first, unit_of[known], day[known])
    return first


def in_order_of_entry(day: Floats) -> Codes:
    """(E,) units by the day of their first row, then by their numbers, which follow their names.

    A sheet does not say in which order lots were drawn. The day is what comes nearest; whether it
    tells enough is for whoever uses the order to ask (`dated`).
    """
    return np.argsort(day, kind="stable")


def blocks_of(group: Codes, order: Codes, size: int) -> Codes:
    """(E,) which block each unit belongs to: so many that follow one another in a group."""
    blocks = np.empty_like(group)
    for code in np.unique(group):
        mine = order[group[order] == code]
        blocks[mine] = np.arange(len(mine)) // size
    return blocks


def dated(group: Codes, order: Codes, size: int, day: Floats) -> bool:
    """Whether days alone say where one block ends and the next begins: no day has both."""
    if not np.isfinite(day).all():
        return False
    each = [day[order[group[order] == code]] for code in np.unique(group)]
    return all((mine[size - 1 : -1 : size] < mine[size::size]).all() for mine in each)


def seen_in(unit: Codes, slot: Codes, arm: Codes, units: int, slots: int) -> Codes:
    """(E, S) the arm of each unit in each slot; `NONE` where nothing was seen."""
    table = np.full((units, slots), NONE, dtype=np.intp)
    table[unit, slot] = arm
    return table


def span_of_start(seen: Codes) -> tuple[Codes, Codes]:
    """(E,) each: the first and the last slot in which a team can have started.

    It started after the last slot in which it was seen without the tool, and at the latest in the
    first in which it was seen with it; the number of slots stands for a start after all of them.
    The first comes after the last where a team went back.
    """
    slots = seen.shape[1]
    place = np.arange(slots)
    first = np.where(seen == 0, place + 1, 0).max(axis=1, initial=0)
    last = np.where(seen == 1, place, slots).min(axis=1, initial=slots)
    return first, last


def began(first: Codes, last: Codes) -> tuple[Codes, Codes]:
    """When each team started, and how many starts fit it.

    A team with rows on both sides of its start says when that was. Another's start is the one
    among those known that fits, if there is just one: a plan gives starts to teams, not a start
    to each team.

    Args:
        first: (E,) as from `span_of_start`.
        last: (E,) likewise.

    Returns:
        (E,) the slot, `NONE` where it cannot be told; (E,) how many of the known starts fit.
    """
    known = np.unique(first[first == last])
    fits: Bools = (known >= first[:, None]) & (known <= last[:, None])
    fitting = fits.sum(axis=1)
    if not len(known):
        return np.full(len(first), NONE, dtype=np.intp), fitting
    told: Codes = np.where(first == last, first, known[fits.argmax(axis=1)])
    return np.where((fitting == 1) | (first == last), told, NONE), fitting


def said_of(trial: Trial, rows: Rows, unit_of: Codes) -> Codes | None:
    """(E,) the sheet's word for what each unit drew, `NONE` without; None where a unit has two."""
    word = rows.words(trial.design.sequence).codes
    said = np.full(int(unit_of.max(initial=NONE)) + 1, NONE, dtype=np.intp)
    known = (unit_of != NONE) & (word != NONE)
    np.maximum.at(said, unit_of[known], word[known])
    return None if (word[known] != said[unit_of[known]]).any() else said


def together(seen: Codes, said: Codes) -> Codes | None:
    """(E, S) the arms seen in each unit or in another with its word: they were given the same.

    None where two units with one word were seen in unlike arms of one slot.
    """
    all_seen = seen.copy()
    for word in np.unique(said[said != NONE]):
        mine = seen[said == word]
        order = mine.max(axis=0)
        if ((mine != NONE) & (mine != order)).any():
            return None
        all_seen[said == word] = order
    return all_seen


def starts(trial: Trial, rows: Rows) -> Codes:
    """(C,) by cluster: place of the period in which it started using the tool.

    The number of periods where it did not within the trial; `NONE` where rows do not tell. Every
    row in an arm tells, whether its value counts or not.
    """
    use = (rows.arm != NONE) & (rows.cluster != NONE) & (rows.period.codes != NONE)
    clusters, slots = int(rows.cluster.max(initial=NONE)) + 1, len(rows.period.labels)
    seen = np.full((clusters, slots), NONE, dtype=np.intp)
    # a period in both arms is one with the tool
    np.maximum.at(seen, (rows.cluster[use], rows.period.codes[use]), rows.arm[use])
    said = said_of(trial, rows, rows.cluster)
    known = None if said is None else together(seen, said)
    return began(*span_of_start(seen if known is None else known))[0]
