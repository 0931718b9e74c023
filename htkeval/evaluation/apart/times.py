"""The effect by week of the trial and by team, drawn towards the common one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htkeval.effect import Subgroup
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools, Words
from htkeval.evaluation.data.timeline import days
from htkeval.evaluation.data.told import few_people
from htkeval.evaluation.panel.subgroups import MOST, by
from htkeval.stats.scaling import Floats
from htkeval.text import Text, say

WEEK, TEAM = "week", "team"
"""What the groups are called in documents."""


def teams(basis: Basis) -> tuple[Subgroup, ...] | Text:
    """The effect in each team in which five people at least worked in either way."""
    design = basis.trial.design
    if design.team is None:
        return say("The plan names no column of teams.")
    if basis.trial.cluster_column == design.team:
        return say("Whole teams have the tool or not, so no team has an effect of its own.")
    if basis.trial.design.kind == "interrupted_time_series":
        return _WHOLE
    found = tuple(by(basis, TEAM, basis.rows.words(design.team)))
    return found or say(
        "No two teams have five people both with the tool and without, or so many that the others "
        "do not follow from them."
    )


_WHOLE = say("In a series over time there is one effect, of all together.")


def weeks(basis: Basis) -> tuple[Subgroup, ...] | Text:
    """The effect in each week of the trial; weeks of few people stand together."""
    trial, rows = basis.trial, basis.rows
    if trial.design.kind == "interrupted_time_series":
        return _WHOLE
    day = days(rows.table, trial.design.date)
    dated = rows.counted & np.isfinite(day)
    if not dated.any():
        return say("No column says on which day a task was done.")
    read = _together(basis, 1 + np.floor((day - day[dated].min()) / 7), dated)
    found = tuple(by(basis, WEEK, read)) if len(read.labels) <= MOST else ()
    return found or say(
        "No two parts of the trial have five people both with the tool and without who can be "
        "compared with one another."
    )


def _together(basis: Basis, week: Floats, dated: Bools) -> Words:
    """Weeks that follow one another, so many of them that both arms have five people; and the rows
    without a day, which are a group as well."""
    codes, labels = np.full(len(week), NONE, dtype=np.intp), list[str]()
    for first, last in _spans(basis, week, dated):
        codes[dated & (week >= first) & (week <= last)] = len(labels)
        labels.append(f"{first:.0f}" if first == last else f"{first:.0f}-{last:.0f}")
    undated = basis.rows.counted & ~dated
    if undated.any():
        codes[undated] = len(labels)
        labels.append("?")
    return Words(codes, tuple(labels))


def _spans(basis: Basis, week: Floats, dated: Bools) -> Iterator[tuple[float, float]]:
    """First and last week of each part; what is left over at the end goes with the one before."""
    present = np.unique(week[dated])
    width = int(np.ceil(len(present) / (MOST - 1)))
    made: list[tuple[float, float]] = []
    inside: list[float] = []
    for one in present.tolist():
        inside.append(one)
        if len(inside) >= width and _enough(basis, dated & np.isin(week, inside)):
            made.append((inside[0], inside[-1]))
            inside = []
    if inside and made:
        made[-1] = (made[-1][0], inside[-1])
    yield from made


def _enough(basis: Basis, which: Bools) -> bool:
    """Whether both arms are there, with five people each."""
    arms = [which & (basis.rows.arm == arm) for arm in (0, 1)]
    some = all(mine.any() for mine in arms)
    return some and not any(few_people(basis.trial, basis.rows, mine) for mine in arms)
