"""A series over time, interrupted once: the level that changed, by periods' means."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from htkeval.effect import Inference, Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.outcome import obstacle, per
from htkeval.evaluation.found import Found, Means, alone, pair
from htkeval.evaluation.mixture import inference
from htkeval.evaluation.model import usable
from htkeval.evaluation.wording import (
    few_periods,
    in_words,
    mixed_periods,
    nothing_in_arm,
    short_of_periods,
)
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.scaling import Floats
from htkeval.stats.series import Interruption, interrupted
from htkeval.text import Text, say

LEAST_PERIODS = 12
"""A series of fewer periods is computed, not reported. Its degrees of freedom are no gate: they
hang on the outcome, and of ten periods would report one trial in fifty, the luckiest."""


@dataclass(frozen=True, eq=False)
class Series:
    """One value a period."""

    y: Floats
    """(T,) the period's value; natural logarithms on the ratio scale."""
    time: Floats
    """(T,) the period's number."""
    after: Floats
    """(T,) 1 from the interruption on."""
    tasks: Floats
    """(T,) rows behind each value."""


def level_change(basis: Basis, metric: Metric, scale: Scale) -> Found | Text:
    """The jump at the interruption, AR(1) by REML and Student's t."""
    built = series_of(basis, metric, scale)
    if isinstance(built, Text):
        return built
    found = interrupted(built.y, built.time, built.after)
    if isinstance(found, Absence):
        short = found.reason in ("too_few", "saturated")
        after = int(built.after.sum())
        return few_periods(len(built.y) - after, after) if short else in_words(found, basis.trial)
    one = inference("reml", found.autoregressive.level, basis.trial)
    if not isinstance(one, Inference):
        return in_words(one, basis.trial)
    fit = alone(one)
    if len(built.y) < LEAST_PERIODS:
        fit = replace(fit, reported=short_of_periods(len(built.y), LEAST_PERIODS))
    # every period counts the same, however many tasks it holds
    return Found(fit, _means(built, found, scale), weights="unit")


def series_of(basis: Basis, metric: Metric, scale: Scale) -> Series | Text:
    """The periods' values, in order of time."""
    trial, rows = basis.trial, basis.rows
    if scale == "probability":
        return say("A series over time has no probability of one arm above the other.")
    every = basis.values(metric, scale)
    used = usable(basis, every.known)
    seen = every.at(used)
    problem = nothing_in_arm(trial, rows.arm[used]) or obstacle(metric, scale, seen)
    if problem is not None:
        return problem
    when, arm = rows.period.codes[used], rows.arm[used]
    codes, place, tasks = np.unique(when, return_inverse=True, return_counts=True)
    treated = np.bincount(place, arm)
    if ((treated > 0) & (treated < tasks)).any():
        return mixed_periods()
    values = np.log(seen.amount) if scale == "ratio" and seen.exposure is None else seen.amount
    sums = np.bincount(place, values)
    if seen.exposure is None:
        y = sums / tasks
    else:
        exposure = np.bincount(place, seen.exposure)
        if (exposure <= 0).any() or (scale == "ratio" and (sums <= 0).any()):
            return in_words(Absence("no_exposure"), trial)
        y = sums / exposure * per(metric)
        y = np.log(y) if scale == "ratio" else y
    if not np.isfinite(y).all():
        return in_words(Absence("too_large"), trial)
    after = (treated > 0).astype(float)
    if (np.diff(after) < 0).any():
        return say("A period without the tool comes after one with it, so the series has no break.")
    return Series(y, rows.period.times[codes], after, tasks.astype(float))


def _means(built: Series, found: Interruption, scale: Scale) -> Means:
    """What was expected in the first period after, had nothing changed, and with the change."""
    before = built.after == 0
    first = float(built.time[~before].min())
    line = np.polynomial.Polynomial.fit(built.time[before], built.y[before], 1)
    return pair(float(line(first)), found.autoregressive.level.value, scale)
