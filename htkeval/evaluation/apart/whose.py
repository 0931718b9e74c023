"""Whose rows the pictures are made of, and how a figure of several people is rounded."""

from __future__ import annotations

import numpy as np

from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.told import few_people
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.model import usable
from htkeval.evaluation.wording import nothing_in_arm
from htkeval.stats.scaling import Codes, Floats
from htkeval.text import Text, say

NOBODY = say("No column says whose a row is, so groups of five people cannot be made.")
SMALL = say("An arm has fewer than five people, so nothing of it is shown.")


def people(basis: Basis) -> Codes:
    """(N,) whose each row is: a participant, or where no column says so, a team."""
    codes = basis.rows.words(basis.trial.design.participant).codes
    return basis.rows.cluster if (codes == NONE).all() else codes


def behind(basis: Basis) -> Bools | Text:
    """(N,) the rows of somebody that the main figure rests on; why there is nothing to show."""
    rows, trial = basis.rows, basis.trial
    known = basis.values(trial.primary, main_scale(trial)).known
    used: Bools = usable(basis, known) & (people(basis) != NONE)
    if (people(basis) == NONE).all():
        return NOBODY
    if (problem := nothing_in_arm(trial, rows.arm[used])) is not None:
        return problem
    if any(few_people(trial, rows, used & (rows.arm == arm)) for arm in (0, 1)):
        return SMALL
    return used


def three_digits(value: float) -> float:
    """A mean of several people, so that no single value can be worked out of it."""
    return float(f"{value:.3g}")


def values(basis: Basis) -> Floats:
    """(N,) the primary metric's values in its unit; NaN where there is none."""
    seen = basis.values(basis.trial.primary, "difference")
    return np.where(seen.known, seen.amount, np.nan)
