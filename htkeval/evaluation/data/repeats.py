"""Whether a task was delivered more than once."""

from __future__ import annotations

import numpy as np

from htkeval.effect import Check
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.rows import Rows
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
    again = len(keys) - len(np.unique(keys, axis=0))
    text = (
        say("The same task stands more than once (person, task, day): {n} rows too many.", n=again)
        if again
        else say("No task stands more than once.")
    )
    return Check(name="repeated", passed=not again, message=text)
