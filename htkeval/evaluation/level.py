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


BEARABLE_SHARE, BEARABLE_GAP = 0.20, 0.10
"""How much may be missing, and how far the arms may lie apart in that, before it costs a level."""


@dataclass(frozen=True)
class Loss:
    """How many of some rows, or units, have a certain fault, and how unevenly over the arms."""

    rows: int
    """Rows (or units) with the fault."""
    of: int
    """Rows (or units) that could have it."""
    gap: float
    """How far the arms lie apart in their share of it, 0 to 1; 0 where an arm has no rows."""

    @property
    def share(self) -> float:
        """Share of the rows; 0 where there are none."""
        return self.rows / self.of if self.of else 0.0

    @property
    def bearable(self) -> bool:
        """At most 20 % in all, and the arms at most 10 points apart: what costs no level."""
        return self.share <= BEARABLE_SHARE and self.gap <= BEARABLE_GAP


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
    return loss(basis.rows, ~measured(basis), basis.rows.counted)


def withdrawn(basis: Basis) -> Loss | None:
    """Units that were drawn and have no rows: nobody sees them in a sheet.

    Whether a unit has left or has not come to its work yet, neither sheet nor list tells. So every
    unit without rows counts, for whoever may say "not yet" could leave out what he does not like,
    and whoever is drawn again as another task until the lot suits leaves such units behind. While
    a planned look is still to come they are told and not judged: then most are yet to come.

    Returns:
        None where no list is stored. The arms' distance is that of the two arms, or orders; a
        roll-out's teams all have both arms, so it is 0 there.
    """
    if basis.held is None:
        return None
    by_pattern = basis.held.without_rows()
    none, all_ = (sum(column) for column in zip(*by_pattern, strict=True))
    shares = [lost / of if of else None for lost, of in by_pattern]
    gap = 0.0
    two = len(shares) == 2 and basis.trial.design.kind != "stepped_wedge"
    if two and shares[0] is not None and shares[1] is not None:
        gap = abs(shares[1] - shares[0])
    return Loss(rows=none, of=all_, gap=gap)


def judged(basis: Basis) -> Loss | None:
    """`withdrawn`, where it is held against what is bearable."""
    return None if basis.held is None or basis.held.under_way else withdrawn(basis)


def measured(basis: Basis) -> Bools:
    """(N,) whether a row has its primary value, and somebody who stands behind it."""
    trial, rows = basis.trial, basis.rows
    measured = basis.values(trial.primary, main_scale(trial)).known
    if trial.cluster_column is not None:
        measured = measured & (rows.cluster != NONE)
    return measured


def contamination(trial: Trial, rows: Rows) -> Loss:
    """Rows done under another arm than the assigned, among those that say under which."""
    return loss(rows, *contaminated_rows(trial, rows))


def contaminated_rows(trial: Trial, rows: Rows) -> tuple[Bools, Bools]:
    """(N,) each: which rows those are, and among which."""
    done = realised(trial, rows.table)
    return done != rows.arm, rows.counted & (done != NONE)


def undrawn(basis: Basis) -> float:
    """The share of rows with another arm than was drawn, or for which nothing was drawn; nought
    where no list is stored."""
    held = basis.held
    if held is None or not held.rows.any():
        return 0.0
    astray = held.differs(basis.rows.arm) | held.strangers
    return float(astray.sum() / held.rows.sum())


def evidence_level(basis: Basis, promise: Promise) -> evidence.Level:
    """How well was the effect measured?"""
    trial, rows = basis.trial, basis.rows
    usable = measured(basis) & known(trial, rows)
    lost = loss(rows, ~usable, rows.counted)
    gone = judged(basis)
    facts = evidence.Facts(
        arms_seen=len(np.unique(rows.arm[rows.counted & usable])),
        registered=promise.registration is not None,
        in_time=promise.in_time,
        unregistered_change=promise.unregistered_change,
        missing=max(lost.share, gone.share if gone else 0.0),
        missing_gap=max(lost.gap, gone.gap if gone else 0.0),
        contamination=contamination(trial, rows).share,
        undrawn=undrawn(basis),
    )
    return evidence.level(trial, facts)
