"""What a trial would have said at any moment, with intervals that hold at all of them at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from htkeval.evaluation.apart.whose import behind
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.between import seen_so_far
from htkeval.evaluation.data.columns import Bools
from htkeval.evaluation.data.timeline import days
from htkeval.evaluation.data.told import few_people
from htkeval.evaluation.estimating import main_scale
from htkeval.in_groups import Followed
from htkeval.stats.scaling import Floats
from htkeval.text import Text, say

MOST = 40
"""Moments at most."""


def followed(basis: Basis) -> tuple[Followed, ...] | Text:
    """How did the estimate and its interval move as measurements came in?

    Each moment is the end of a day; between two of them lie rows of five people at least in each
    arm that rows came to, so that nobody's can be had by subtraction.
    """
    used = behind(basis)
    if isinstance(used, Text):
        return used
    day = days(basis.rows.table, basis.trial.design.date)
    in_arm = basis.rows.arm >= 0
    if not np.isfinite(day[in_arm]).all():
        return say("Not every row says on which day it was done.")
    found, why = [], say("No column says on which day a task was done.")
    for last in _moments(basis, used, day):
        until = day <= last
        rows = replace(basis.rows, excluded=basis.rows.excluded | ~until)
        seen = seen_so_far(replace(basis, rows=rows), basis.trial.primary, main_scale(basis.trial))
        if isinstance(seen, Text):
            why = seen
            continue
        estimate, ci = seen
        found.append(Followed(int(np.count_nonzero(in_arm & until)), estimate, ci))
    return tuple(found) or why


def _moments(basis: Basis, used: Bools, day: Floats) -> list[float]:
    """Ends of days, the last of them that of all rows."""
    present = np.unique(day[used])
    least = np.count_nonzero(used) / MOST
    made: list[float] = []
    for one in present[:-1].tolist():
        since = used & (day <= one) & (day > (made[-1] if made else -np.inf))
        after = used & (day > one)
        if np.count_nonzero(since) >= least and _several(basis, since) and _several(basis, after):
            made.append(one)
    return [*made, float(present[-1])]


def _several(basis: Basis, which: Bools) -> bool:
    """Whether some rows are of nobody in an arm, or of five people there."""
    arms = [which & (basis.rows.arm == arm) for arm in (0, 1)]
    return not any(few_people(basis.trial, basis.rows, mine) for mine in arms)
