"""The list that an invented trial's draw would have left, held against its rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from htkeval.allocation_list import AllocationList
from htkeval.design.assignment import in_order
from htkeval.design.draws import Drawn
from htkeval.design.listing import patterns
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.rows import Rows
from htkeval.evaluation.draw.listed import Held
from htkeval.trial import BY_TEAM, Trial

Ints = np.ndarray[Any, np.dtype[np.integer[Any]]]


def held(trial: Trial, drawn: Drawn, at: int, rows: Rows, who: tuple[Ints, Ints]) -> Held | None:
    """What `allocate` would have kept of the draw of an invented trial: one list, all units on it.

    Args:
        trial: The plan.
        drawn: Invented trials.
        at: Which of them.
        rows: Its rows, with their arms.
        who: (N,) each, in the rows' order: participant and task of each row.

    Returns:
        None where nothing is drawn, and for a roll-out in blocks, of which no list can be drawn.
    """
    design = trial.design
    if not design.randomised or (design.kind == "stepped_wedge" and design.allocation == "blocks"):
        return None
    person, task = _units(trial, drawn, at)
    listed = AllocationList(
        columns=("unit",) if task is None else ("participant", "task"),
        units=tuple(tuple(map(str, one)) for one in (person, task) if one is not None),
        strata={
            name: _level(drawn.roster.groups[name], drawn, at, person, task)
            for name in design.strata
        },
        patterns=patterns(design, drawn.roster.teams),
        drawn=_drawn(drawn, at, person, task),
        entry=(1,) * len(person),
    )
    return Held(listed, _place(trial, drawn, at, person, task, who), rows.arm, rows.arm != NONE)


def _units(trial: Trial, drawn: Drawn, at: int) -> tuple[Ints, Ints | None]:
    """(E,) the participant of each unit in the order of entry, of teams the first, and its task;
    None where no tasks are drawn."""
    roster = drawn.roster
    if trial.design.kind == "within":
        order = in_order(roster)[at]
        order = order[roster.planned[at].reshape(-1)[order]]
        person, task = np.divmod(order, roster.shape[2])
        return person, task
    if trial.design.kind in BY_TEAM:
        return np.unique(roster.team[at], return_index=True)[1], None
    return np.arange(roster.shape[1]), None


def _level(column: Ints, drawn: Drawn, at: int, person: Ints, task: Ints | None) -> tuple[str, ...]:
    """(E,) the word of each unit in a column of strata."""
    full = np.broadcast_to(column, drawn.roster.shape)[at]
    return tuple(map(str, full[person, 0 if task is None else task].tolist()))


def _drawn(drawn: Drawn, at: int, person: Ints, task: Ints | None) -> tuple[int, ...]:
    """(E,) the arm, order or start that each unit drew."""
    if task is not None or drawn.given is None:
        return tuple(drawn.treated[at][person, task].astype(int).tolist())
    return tuple(drawn.given[at][person].tolist())


def _place(
    trial: Trial, drawn: Drawn, at: int, person: Ints, task: Ints | None, who: tuple[Ints, Ints]
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """(N,) the place on the list of each row's unit."""
    if task is not None:
        number = np.empty(drawn.roster.shape[1:], dtype=np.intp)
        number[person, task] = np.arange(len(person))
        return np.asarray(number[who])
    if trial.design.kind in BY_TEAM:
        team = drawn.roster.team[at]
        return np.asarray(np.searchsorted(team[person], team[who[0]]))
    return who[0].astype(np.intp)
