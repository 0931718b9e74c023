"""Checks of how alike the arms were before, and who left on the way."""

from __future__ import annotations

import numpy as np

from htkeval.effect import Check
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.beside import arms_told, whose
from htkeval.evaluation.data.columns import numbers
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.wording import people, units
from htkeval.small_cells import counted, small
from htkeval.stats.scaling import Floats, summary
from htkeval.text import Text, say


def baseline_differences(basis: Basis) -> Check | None:
    """How far the arms lie apart in what was known before; a draw does that: it is not judged."""
    found = {name: gap for name, values in _before(basis).items() if (gap := _apart(basis, values))}
    if not found:
        return None
    name, most = max(found.items(), key=lambda one: abs(one[1]))
    text = say(
        "The largest difference between the arms in what was known beforehand is {most:0.00} "
        "standard deviations ({column}; {n} looked at). A draw gives such differences by itself, "
        "so they are shown and not judged.",
        most=abs(most),
        column=name,
        n=len(found),
    )
    if not basis.trial.design.randomised:
        text = say(
            "The largest difference between the arms in what was known beforehand is {most:0.00} "
            "standard deviations ({column}; {n} looked at). Without a draw it may be more than "
            "chance.",
            most=abs(most),
            column=name,
            n=len(found),
        )
    return Check(name="baseline_differences", passed=None, message=text)


def _before(basis: Basis) -> dict[str, Floats]:
    """Columns that the arm cannot have changed."""
    trial, table = basis.trial, basis.rows.table
    names = [one.column for one in trial.covariates if one.scale != "category"]
    names += [metric.pre_period for metric in trial.metrics if metric.pre_period]
    return {name: numbers(table, name) for name in dict.fromkeys(names)}


def _apart(basis: Basis, values: Floats) -> float | None:
    """Difference of the arms' means over the root of their mean variance."""
    arms = [values[basis.rows.in_arm(code) & np.isfinite(values)] for code in (0, 1)]
    low, high = (summary(one) for one in arms)
    if low.sd is None or high.sd is None or low.mean is None or high.mean is None:
        return None
    largest = max(low.sd, high.sd)
    if largest <= 0:
        return None
    spread = largest * float(np.sqrt(((low.sd / largest) ** 2 + (high.sd / largest) ** 2) / 2))
    gap = high.mean / spread - low.mean / spread
    return float(gap) if np.isfinite(gap) else None


def drop_out(basis: Basis) -> Check | None:
    """Whether as many people or teams were lost in one arm as in the other."""
    rows = basis.rows
    known = basis.values(basis.trial.primary, main_scale(basis.trial)).known
    mine = [rows.in_arm(code) for code in (0, 1)]
    began = [whose(rows, one) for one in mine]
    whole = [len(who) for who in began]
    if min(whole) == 0:
        return None
    stayed = (whose(rows, one & known) for one in mine)
    lost = [len(who - left) for who, left in zip(began, stayed, strict=True)]
    shares = [n / of for n, of in zip(lost, whole, strict=True)]
    text = _lost(basis, lost, whole, sized=arms_told(basis.trial, rows, mine))
    bearable = max(shares) <= 0.20 and abs(shares[1] - shares[0]) <= 0.10
    return Check(name="drop_out", passed=bearable, message=text)


def _lost(basis: Basis, lost: list[int], whole: list[int], *, sized: bool) -> Text:
    """How many of how many; of few people not of how many, for the result tells how many stayed."""
    if people(basis.trial) and (not sized or any(small(n) for n in (*lost, *whole))):
        return say(
            "Took part, but have no measured task at all: {lost0} without the tool, {lost1} with "
            "it ({units}).",
            lost0=counted(lost[0]),
            lost1=counted(lost[1]),
            units=units(basis.trial),
        )
    return say(
        "Took part, but have no measured task at all: {lost0} of {of0} without the tool, {lost1} "
        "of {of1} with it ({units}).",
        lost0=lost[0],
        of0=whole[0],
        lost1=lost[1],
        of1=whole[1],
        units=units(basis.trial),
    )
