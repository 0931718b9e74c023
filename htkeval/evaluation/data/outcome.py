"""What a metric measured on each row, and whether a scale can be computed from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval.effect import Scale
from htkeval.evaluation.data.columns import Bools
from htkeval.evaluation.data.rows import Rows
from htkeval.metric import Metric, MetricKind
from htkeval.stats.scaling import Floats
from htkeval.text import Text, say
from htkeval.trial import Trial

OFTEN = 0.05
"""Above this share of tasks never finished, finished tasks alone do not tell how long one takes."""
SCALES: dict[MetricKind, tuple[Scale, ...]] = {
    "duration": ("ratio", "difference"),
    "rate": ("difference", "ratio"),
    "rating": ("difference", "probability"),
    "binary": ("difference",),
    "share": ("difference",),
    "count": ("difference",),
}
"""What each kind of metric is answered with, or with a gap."""


@dataclass(frozen=True, eq=False)
class Measured:
    """A metric's values, row by row."""

    amount: Floats
    """(N,) the value; for a rate or a share with exposure: what is divided. NaN where missing."""
    exposure: Floats | None
    """(N,) what it is divided by, NaN where missing; None where the value stands alone."""
    known: Bools
    """(N,) whether the row has a value."""

    def at(self, rows: Bools) -> Measured:
        """The same for some of the rows."""
        exposure = None if self.exposure is None else self.exposure[rows]
        return Measured(self.amount[rows], exposure, self.known[rows])


def measure(metric: Metric, rows: Rows) -> Measured:
    """Read a metric's columns; a sum is missing where a part is.

    The time spent on a task that was given up is not the time it takes, so it is missing too. A
    task that someone refused to do in its arm and then did has its value: analysis is by
    assignment.
    A banded answer is known where both its bounds are.
    """
    parts = metric.parts or metric.bounds or ()
    columns = [rows.numbers(name) for name in parts]
    with np.errstate(over="ignore"):
        amount = np.sum(columns, axis=0) if metric.parts else columns[0]
    exposure = rows.numbers(metric.exposure) if metric.exposure else None
    known = np.isfinite(amount) & np.all(np.isfinite(columns), axis=0)
    if exposure is not None:
        known &= np.isfinite(exposure)
    if metric.kind == "duration":
        known &= ~rows.abandoned
    return Measured(amount, exposure, known)


def has_cap(trial: Trial, metric: Metric) -> bool:
    """Whether a plan says how a task that was never finished counts."""
    return metric.kind == "duration" and metric.cap is not None and trial.design.status is not None


def to_the_cap(metric: Metric, rows: Rows) -> Measured:
    """Minutes, at most the cap; a task that was never finished has the cap."""
    assert metric.cap is not None  # asked of durations with a cap only
    seen = measure(metric, rows)
    amount = np.where(rows.abandoned, metric.cap, np.minimum(seen.amount, metric.cap))
    return Measured(amount, None, seen.known | rows.abandoned)


def obstacle(metric: Metric, scale: Scale, seen: Measured) -> Text | None:
    """Why a scale cannot be computed from these values; None where it can.

    Args:
        metric: The metric.
        scale: The scale that is wanted.
        seen: Its known values.
    """
    if metric.source == "banded":
        return say(
            "The answers are given in steps, not as figures: only the limits between which the "
            "effect lies can be told."
        )
    impossible = int(_impossible(metric, scale, seen).sum())
    if not impossible:
        return None
    if metric.kind == "duration" and scale == "ratio":
        return say(
            "A relative change in time needs times above zero; rows where it is not: {n}.",
            n=impossible,
        )
    return say("Rows with a value that cannot be right for this kind of figure: {n}.", n=impossible)


def _impossible(metric: Metric, scale: Scale, seen: Measured) -> Bools:
    amount, exposure = seen.amount, seen.exposure
    if metric.kind == "duration" and scale == "ratio":
        return np.asarray(amount <= 0)
    if metric.kind == "rating":
        return np.zeros(len(amount), dtype=bool)
    if metric.kind == "binary":
        return np.asarray((amount != 0) & (amount != 1))
    wrong = amount < 0
    if metric.kind == "share":
        wrong |= amount > (1 if exposure is None else exposure)
    if exposure is not None:
        wrong |= exposure < 0
    return np.asarray(wrong)


def per(metric: Metric) -> float:
    """What a ratio of sums is multiplied by; a share is a proportion."""
    return metric.per if metric.kind == "rate" else 1.0
