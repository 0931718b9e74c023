"""Whether the periods of a plan follow one another, and the tool came after what it is held to."""

from __future__ import annotations

import numpy as np

from htkeval.effect import Check
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.beside import number
from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.timeline import days
from htkeval.evaluation.data.told import UNTOLD, told
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.model import BY_PERIOD, usable
from htkeval.evaluation.wording import FEW, how_many, units
from htkeval.stats.scaling import Codes, Floats
from htkeval.text import say
from htkeval.trial import DesignKind

THEN_AND_NOW: tuple[DesignKind, ...] = ("before_after", "difference_in_differences")
"""Undrawn designs in which a unit is held against itself at an earlier time."""


def period_order(basis: Basis) -> Check | None:
    """In which order the periods were read; red where their dates lie in one another."""
    period = basis.rows.period
    if basis.trial.design.kind not in (*BY_PERIOD, "interrupted_time_series") or not period.labels:
        return None
    of = {"n": len(period.labels), "first": period.labels[0], "last": period.labels[-1]}
    if period.mixed:
        text = say(
            "The dates of some of the {n} periods lie in one another, so their order cannot be "
            "told (first {first}, last {last}).",
            **of,
        )
    else:
        text = say("{n} periods, the first is {first} and the last is {last}.", **of)
    if not period.told:
        text = say("{text} No dates say so: it is the order of their names.", text=text)
        return Check(name="period_order", passed=None, message=text)
    return Check(name="period_order", passed=not period.mixed, message=text)


def time_order(basis: Basis) -> Check | None:
    """Whether work with the tool came after the work that it is compared with."""
    rows, kind = basis.rows, basis.trial.design.kind
    day = days(rows.table, basis.trial.design.date)
    if kind == "interrupted_time_series":
        return _interrupted(basis, day)
    if kind not in THEN_AND_NOW:
        return None
    primary = basis.trial.primary
    seen = usable(basis, basis.values(primary, main_scale(basis.trial)).known)
    for time in (day, rows.period.of_rows) if rows.period.told else (day,):
        last = _extreme(rows.cluster, time, seen & (rows.arm == 0), np.maximum, -np.inf)
        first = _extreme(rows.cluster, time, seen & (rows.arm == 1), np.minimum, np.inf)
        both = np.isfinite(last) & np.isfinite(first)
        if not both.any() or (first[both] == last[both]).all():
            continue
        turned = int((first[both] < last[both]).sum())
        of = {
            "n": how_many(basis.trial, turned),
            "all": number(basis.trial, rows, np.flatnonzero(both).tolist(), enough=FEW),
            "units": units(basis.trial),
        }
        text = (
            say("Work with the tool was done before work without it: {n} of {all} {units}.", **of)
            if turned
            else say("Work with the tool came after work without it ({all} {units}).", **of)
        )
        return Check(name="time_order", passed=not turned, message=text)
    text = say(
        "Whether the work with the tool came last cannot be told: nobody has work both with and "
        "without it at times that differ."
    )
    return Check(name="time_order", passed=None, message=text)


def _extreme(cluster: Codes, time: Floats, which: Bools, take: np.ufunc, empty: float) -> Floats:
    """(G,) each cluster's first or last time among some rows."""
    which = which & np.isfinite(time)
    found = np.full(int(cluster.max(initial=NONE)) + 1, empty)
    take.at(found, cluster[which], time[which])
    return found


def _interrupted(basis: Basis, day: Floats) -> Check | None:
    """Whether the arms change on the day that the plan names."""
    planned = basis.trial.design.interruption
    if planned is None:
        return None
    dated = basis.rows.counted & np.isfinite(day)
    if not dated.any():
        text = say("Without dates it cannot be told whether the tool came on the planned day.")
        return Check(name="time_order", passed=None, message=text)
    after = day[dated] >= planned.toordinal()
    n = int((after != (basis.rows.arm[dated] == 1)).sum())
    wrong = (day >= planned.toordinal()) != (basis.rows.arm == 1)
    iso = planned.isoformat()  # as a stored document has it
    text = (
        say(
            "Tasks on the wrong side of the day the tool came into use, {day:d MMMM y}: {n} of "
            "{all}.",
            day=iso,
            n=n,
            all=int(dated.sum()),
        )
        if told(basis.trial, basis.rows, wrong, dated)
        else say(
            "Tasks on the wrong side of the day the tool came into use, {day:d MMMM y}: {untold}.",
            day=iso,
            untold=UNTOLD,
        )
    )
    return Check(name="time_order", passed=not n, message=text)
