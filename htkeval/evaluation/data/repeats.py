"""Whether a task was delivered more than once."""

from __future__ import annotations

import numpy as np

from htkeval.effect import Check
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.rows import Rows
from htkeval.evaluation.data.told import UNTOLD, told
from htkeval.text import say
from htkeval.trial import Trial


def repeated(trial: Trial, rows: Rows) -> Check | None:
    """Whether the same person did the same task in the same arm and period more than once.

    A sheet that grows and is delivered again counts its old rows twice; this is where it shows.
    None where the trial names no task, so that nothing tells tasks apart.
    """
    design = trial.design
    if design.task is None or not rows.counted.any():
        return None
    columns = (design.participant, design.team, design.task, design.period, design.date)
    codes = [rows.arm, *(rows.words(name).codes for name in columns if name)]
    named = rows.counted & (rows.words(design.task).codes != NONE)
    keys = np.column_stack(codes)[named]
    _, first = np.unique(keys, axis=0, return_index=True)
    again = named.copy()
    again[np.flatnonzero(named)[first]] = False
    n = int(again.sum())
    if not n:
        text = say("No task stands more than once.")
    elif told(trial, rows, again):
        text = say(
            "The same task stands more than once (person, task, day): {n} rows too many.", n=n
        )
    else:
        text = say(
            "The same task stands more than once (person, task, day). How many rows too many: "
            "{untold}.",
            untold=UNTOLD,
        )
    return Check(name="repeated", passed=not n, message=text)
