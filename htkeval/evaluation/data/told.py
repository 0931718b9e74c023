"""Whose rows some rows are, and whether their number can be told beside the others'."""

from __future__ import annotations

import numpy as np

from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.rows import Rows
from htkeval.small_cells import small
from htkeval.text import say
from htkeval.trial import Trial

UNTOLD = say("not told, for it would show fewer than five people")
"""In place of a number of tasks."""


def few_people(trial: Trial, rows: Rows, which: Bools) -> bool:
    """Whether some rows are of one to four people, so that no figure of them is shown.

    Five teams are five people at least. Where no column says whose a row is, nobody is counted.
    """
    codes = rows.words(trial.design.participant).codes[which]
    return small(int(np.count_nonzero(np.bincount(codes[codes != NONE]))))


def told(trial: Trial, rows: Rows, which: Bools, among: Bools | None = None) -> bool:
    """Whether it can be told, in all and by arm, how many of some rows are such rows.

    How many rows there are is known. So they, those among them that are not such, and those that
    are not among them are each of nobody or of five people at least, in all and in either arm.

    Args:
        trial: The definition.
        rows: The snapshot's rows.
        which: (N,) the rows to be counted.
        among: (N,) the rows of which they are a part; all in an arm if left out.
    """
    whole = rows.arm != NONE
    among = whole if among is None else among & whole
    return parts_told(trial, rows, among & which, among & ~which, whole & ~among)


def parts_told(trial: Trial, rows: Rows, *parts: Bools) -> bool:
    """The same of all the parts into which what is told beside each other cuts the rows: a part
    that no number names follows from the others."""
    for mine in (rows.arm != NONE, rows.arm == 0, rows.arm == 1):
        some = [mine & part for part in parts if (mine & part).any()]
        if len(some) > 1 and any(few_people(trial, rows, part) for part in some):
            return False
    return True
