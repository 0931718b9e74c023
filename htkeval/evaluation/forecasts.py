"""What was expected before: by the lead, and by those who took part."""

from __future__ import annotations

import numpy as np

from htkeval.analysis import Forecasts
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.rows import Rows
from htkeval.small_cells import FEWEST, small
from htkeval.stats.scaling import Codes
from htkeval.trial import Trial


def forecasts(trial: Trial, rows: Rows) -> Forecasts | None:
    """What did people expect, to be held against what was measured?

    The participants' figure is the geometric mean of their expected ratios 1 + x, each person
    once: the scale on which a relative change is measured, where a halving and a doubling cancel.

    Args:
        trial: The definition; its `[forecast]` has the lead's figure and the column's name.
        rows: The rows; answers count on rows without the tool only.

    Returns:
        None where the trial states no forecast. No figure for fewer than five people.
    """
    stated = trial.forecast
    if stated is None:
        return None
    told = rows.numbers(stated.column)
    person = rows.words(trial.design.participant).codes
    answered = np.isfinite(told) & (rows.arm == 0) & (person != NONE)
    usable = answered & (told > -1)
    _, place = np.unique(person[usable], return_inverse=True)
    each = np.bincount(place, np.log1p(told[usable])) / np.bincount(place)
    return Forecasts(
        lead=stated.relative_change,
        participants=float(np.expm1(each.mean())) if each.size >= FEWEST else None,
        people=None if small(each.size) else int(each.size),
        unread=_unread(person[answered & ~usable]),
    )


def _unread(person: Codes) -> int | None:
    """How many answers are no relative change; None where they are of one to four people."""
    return None if small(len(np.unique(person))) else len(person)
