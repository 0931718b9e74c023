"""Checks of how things went over time: practice, drift, days of wash-in."""

from __future__ import annotations

import numpy as np

from htkeval.effect import Check
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools, words
from htkeval.evaluation.data.timeline import days
from htkeval.evaluation.data.told import UNTOLD, told
from htkeval.evaluation.estimating import (
    Coefficient,
    beside_arm,
    coefficient,
    main_scale,
    primary_model,
)
from htkeval.evaluation.model import Model, build, planned
from htkeval.evaluation.wording import units
from htkeval.evidence import CONCURRENT
from htkeval.stats.scaling import Floats
from htkeval.text import Text, say

MONTH = 30.4375
"""Days in a month, on average."""


def when(basis: Basis) -> Floats | None:
    """(N,) when each row was done, in days or else in periods; None where nothing says so."""
    day = days(basis.rows.table, basis.trial.design.date)
    if np.isfinite(day).any():
        return day
    period = basis.rows.period
    if not (period.codes != NONE).any():
        return None
    return period.of_rows


def practice(basis: Basis) -> Check | None:
    """Whether the effect changes as people do more tasks with the tool."""
    model, time = primary_model(basis), when(basis)
    if model is None or model.by_unit or time is None:
        return None
    if basis.trial.design.kind in ("stepped_wedge", "before_after"):
        return None  # a roll-out has its own check; before and after cannot tell it from drift
    if _orders_only(basis):
        return None
    earlier, experience = _earlier(basis, model, time)
    more = {"earlier": earlier, "experience": experience}
    found = beside_arm(basis, model, more, "experience")
    if found is None:
        text = say("Whether the effect changes with practice cannot be told.")
        return Check(name="practice", passed=None, message=text)
    text = say(
        "Each time the number of tasks done with the tool doubles, the effect changes by {change}.",
        change=span(basis, found),
    )
    return Check(name="practice", passed=not found.sure, message=text)


def _orders_only(basis: Basis) -> bool:
    """Whether periods are all that is known of time, and everybody has one of them in each arm."""
    dated = np.isfinite(days(basis.rows.table, basis.trial.design.date)).any()
    return basis.trial.design.kind == "crossover" and not dated


def _earlier(basis: Basis, model: Model, time: Floats) -> tuple[Floats, Floats]:
    """Doublings of a person's earlier tasks: of any kind, and with the tool for those with it."""
    table = basis.rows.table
    person = words(table, basis.trial.design.participant).codes[model.row]
    person = np.where(person == NONE, model.cluster, person)
    at = time[model.row]
    earlier, with_tool = np.zeros(len(at)), np.zeros(len(at))
    for code in np.unique(person):
        mine = np.flatnonzero((person == code) & np.isfinite(at))
        sorted_at = np.sort(at[mine])
        using = np.sort(at[mine[model.arm[mine] == 1]])
        earlier[mine] = np.searchsorted(sorted_at, at[mine], side="left")
        with_tool[mine] = np.searchsorted(using, at[mine], side="left")
    return np.log2(1 + earlier), np.log2(1 + with_tool) * model.arm


def drift(basis: Basis) -> Check | None:
    """Whether work without the tool changed over the trial's own time."""
    trial, time = basis.trial, when(basis)
    if time is None or trial.design.kind == "interrupted_time_series" or _orders_only(basis):
        return None
    model = build(basis, trial.primary, main_scale(trial), planned(trial))
    if not isinstance(model, Model) or model.by_unit:
        return None
    at = time[model.row]
    keep: Bools = (model.arm == 0) & np.isfinite(at)
    alone = Model(
        y=model.y[keep],
        x={},
        arm=model.arm[keep],
        cluster=model.cluster[keep],
        absorbed=True,
        row=model.row[keep],
        one_each=False,
    )
    dated = np.isfinite(days(basis.rows.table, trial.design.date)).any()
    unit = MONTH if dated else 1.0
    found = None
    if keep.any():
        found = coefficient(basis, alone.y, {"time": at[keep] / unit}, "time", alone)
    if found is None:
        text = say("Whether work without the tool changed over time cannot be told.")
        return Check(name="drift", passed=None, message=text)
    each = say("month") if dated else say("period")
    text = say(
        "Without the tool the figure changed by {change} a {each}.",
        change=span(basis, found),
        each=each,
    )
    # arms measured side by side drift together; a comparison of then and now does not forgive it
    harmless = trial.design.kind in CONCURRENT
    passed = True if not found.sure else None if harmless else False
    if found.sure and harmless:
        text = say(
            "{text} Both arms were measured at the same time, so this is not taken for an effect.",
            text=text,
        )
    return Check(name="drift", passed=passed, message=text)


def washed_in(basis: Basis) -> Check | None:
    """How many rows of the first days of each period were left out, as the plan says."""
    wanted = basis.trial.design.wash_in_days
    if not wanted:
        return None
    dated = np.isfinite(days(basis.rows.table, basis.trial.design.date)).any()
    if not dated:
        text = say("The days of wash-in cannot be told: no row has a date.")
        return Check(name="wash_in", passed=False, message=text)
    if not (basis.rows.period.codes != NONE).any():
        text = say("The days of wash-in cannot be told: no row has a period.")
        return Check(name="wash_in", passed=False, message=text)
    asked = {"days": wanted, "units": units(basis.trial)}
    text = (
        say(
            "Left out in the first {days} days of each period, counted for each of the {units} "
            "from their own first day in it: {n} tasks.",
            n=int(basis.rows.washed.sum()),
            **asked,
        )
        if told(basis.trial, basis.rows, basis.rows.washed)
        else say(
            "Left out in the first {days} days of each period, counted for each of the {units} "
            "from their own first day in it. How many: {untold}.",
            untold=UNTOLD,
            **asked,
        )
    )
    return Check(name="wash_in", passed=True, message=text)


def span(basis: Basis, found: Coefficient) -> Text:
    """An estimate and its interval, in per cent or in the metric's unit."""
    told = {"value": found.value, "low": found.interval[0], "high": found.interval[1]}
    if main_scale(basis.trial) == "ratio":
        return say("{value:+0.0;-0.0} % (from {low:+0.0;-0.0} to {high:+0.0;-0.0} %)", **told)
    if basis.trial.primary.unit is None:
        return say("{value:+0.00;-0.00} (from {low:+0.00;-0.00} to {high:+0.00;-0.00})", **told)
    return say(
        "{value:+0.00;-0.00} {unit} (from {low:+0.00;-0.00} to {high:+0.00;-0.00})",
        unit=basis.trial.primary.unit,
        **told,
    )
