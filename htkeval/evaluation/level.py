"""What the evidence level rests on: the promise, and how much was lost on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval import evidence
from htkeval.deviation import Deviation
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.covariates import known
from htkeval.evaluation.data.rows import Rows, realised
from htkeval.evaluation.estimating import main_scale
from htkeval.trial import Trial


@dataclass(frozen=True)
class Promise:
    """What was promised, and when."""

    registration: str | None
    """Fingerprint of the registration; None where there was none."""
    in_time: bool
    """Whether it came before the first treatment measurement."""
    unregistered_change: bool
    """Whether primary metric, design or analysis changed without a registered deviation."""
    deviations: tuple[Deviation, ...] = ()
    """What was changed and told, oldest first."""


@dataclass(frozen=True)
class Loss:
    """How many of some rows have a certain fault, and how unevenly over the arms."""

    rows: int
    """Rows with the fault."""
    of: int
    """Rows that could have it."""
    gap: float
    """How far the arms lie apart in their share of it, 0 to 1; 0 where an arm has no rows."""

    @property
    def share(self) -> float:
        """Share of the rows; 0 where there are none."""
        return self.rows / self.of if self.of else 0.0

    @property
    def bearable(self) -> bool:
        """At most 20 % in all, and the arms at most 10 points apart: what costs no level."""
        return self.share <= 0.20 and self.gap <= 0.10


def loss(rows: Rows, fault: Bools, among: Bools) -> Loss:
    """Count a fault.

    Args:
        rows: The snapshot's rows.
        fault: (N,) which rows have it.
        among: (N,) which rows are looked at.
    """
    arms = [among & (rows.arm == code) for code in (0, 1)]
    shares = [float(fault[arm].mean()) if arm.any() else None for arm in arms]
    low, high = shares
    gap = 0.0 if low is None or high is None else abs(high - low)
    return Loss(rows=int((fault & among).sum()), of=int(among.sum()), gap=gap)


def missing(basis: Basis) -> Loss:
    """Rows whose primary value is missing or withdrawn, or that nobody stands behind."""
    return loss(basis.rows, ~_measured(basis), basis.rows.counted)


def _measured(basis: Basis) -> Bools:
    """(N,) whether a row has its primary value, and somebody who stands behind it."""
    trial, rows = basis.trial, basis.rows
    measured = basis.values(trial.primary, main_scale(trial)).known
    if trial.cluster_column is not None:
        measured = measured & (rows.cluster != NONE)
    return measured


def contamination(trial: Trial, rows: Rows) -> Loss:
    """Rows done under another arm than the assigned, among those that say under which."""
    done = realised(trial, rows.table)
    return loss(rows, done != rows.arm, rows.counted & (done != NONE))


def evidence_level(basis: Basis, promise: Promise) -> evidence.Level:
    """How well was the effect measured?"""
    trial, rows = basis.trial, basis.rows
    usable = _measured(basis) & known(trial, rows)
    lost = loss(rows, ~usable, rows.counted)
    facts = evidence.Facts(
        arms_seen=len(np.unique(rows.arm[rows.counted & usable])),
        registered=promise.registration is not None,
        in_time=promise.in_time,
        unregistered_change=promise.unregistered_change,
        missing=lost.share,
        missing_gap=lost.gap,
        contamination=contamination(trial, rows).share,
    )
    return evidence.level(trial, facts)
