"""The evidence level E0-E5: a table, never typed in."""

from typing import Literal

from htkeval.frozen import Finite, Frozen
from htkeval.trial import DesignKind, Trial

Level = Literal["E0", "E1", "E2", "E3", "E4", "E5"]
LEVELS: tuple[Level, ...] = ("E0", "E1", "E2", "E3", "E4", "E5")

CONCURRENT: tuple[DesignKind, ...] = (
    "parallel",
    "within",
    "crossover",
    "cluster",
    "stepped_wedge",
    "difference_in_differences",
)
"""Designs in which both arms are measured over the same time."""


class Facts(Frozen):
    """What the level is computed from, beside the trial's own definition."""

    arms_seen: int
    """How many arms have at least one row."""
    registered: bool
    """Whether there is a registration."""
    in_time: bool
    """Whether it came before the first treatment measurement."""
    unregistered_change: bool = False
    """Whether primary metric, design or analysis changed without a registered deviation."""
    missing: Finite = 0.0
    """Share of rows whose primary value is missing or withdrawn, or of the units that were drawn
    and have no rows, whichever is larger."""
    missing_gap: Finite = 0.0
    """How far the arms lie apart in that share."""
    contamination: Finite = 0.0
    """Share of rows done under another arm than the assigned."""


def level(trial: Trial, facts: Facts) -> Level:
    """How well was the effect measured?

    Args:
        trial: The definition that was analysed.
        facts: What happened.

    Returns:
        `E0` (no measurements) to `E5` (randomised, timed, blind quality).

    Source: the table in section 6 of the design.
    """
    if facts.arms_seen == 0:
        return "E0"
    return LEVELS[max(0, _row(trial, facts) - _steps_down(facts))]


def _row(trial: Trial, facts: Facts) -> int:
    """The row of the table."""
    series = trial.design.kind == "interrupted_time_series"
    if facts.arms_seen == 1 and not series:
        return 1
    if trial.primary.source not in ("timed", "system_log"):
        return 2
    if trial.design.kind not in CONCURRENT or not facts.registered:
        return 3
    if trial.design.kind == "difference_in_differences":
        return 4
    if not trial.design.randomised:
        return 3
    return 5 if _blind(trial) and trial.primary.source == "timed" else 4


def _blind(trial: Trial) -> bool:
    """Whether quality was judged, and by people who did not know the arm."""
    judged = [m for m in trial.metrics if m.role == "guardrail" and m.kind != "duration"]
    return bool(judged) and all(metric.blind for metric in judged)


def _steps_down(facts: Facts) -> int:
    """One level for each thing that went wrong."""
    late = facts.registered and not facts.in_time
    lost = facts.missing > 0.20 or facts.missing_gap > 0.10
    return sum((late, facts.unregistered_change, lost, facts.contamination > 0.10))
