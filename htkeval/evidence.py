"""The evidence level E0-E5: a table, never typed in."""

from collections.abc import Iterable
from typing import Literal, Protocol

from htkeval.frozen import Finite, Frozen
from htkeval.metric import MetricKind, Role, Source
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

CLOCKED: tuple[Source, ...] = ("timed", "system_log")
"""Sources that rest on nobody's memory."""


BEARABLE = 0.10
"""The share of rows that may have another arm than the draw gave without costing a level."""


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
    undrawn: Finite = 0.0
    """Share of rows with another arm than was drawn for them, or for which nothing was drawn, where
    a list of the draw is stored."""


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
    return highest(
        trial.design.kind,
        randomised=trial.design.randomised,
        source=trial.primary.source,
        registered=facts.registered,
        blind=judged_blind(trial.metrics),
    )


def highest(
    kind: DesignKind, *, randomised: bool, source: Source | None, registered: bool, blind: bool
) -> int:
    """The level that a comparison of both arms reaches where nothing went wrong.

    Args:
        kind: The plan of the comparison.
        randomised: Whether chance decided the arm.
        source: How the primary values came to be.
        registered: Whether there is a registration.
        blind: As `judged_blind`.
    """
    if source not in CLOCKED:
        return 2
    if kind not in CONCURRENT or not registered:
        return 3
    if kind == "difference_in_differences":
        return 4
    if not randomised:
        return 3
    return 5 if blind and source == "timed" else 4


class Judged(Protocol):
    """What is known of a measure where it is asked who judged quality."""

    @property
    def role(self) -> Role: ...
    @property
    def kind(self) -> MetricKind: ...
    @property
    def blind(self) -> bool: ...


def judged_blind(metrics: Iterable[Judged]) -> bool:
    """Whether quality was judged, and by people who did not know the arm."""
    judged = [m for m in metrics if m.role == "guardrail" and m.kind != "duration"]
    return bool(judged) and all(metric.blind for metric in judged)


def _steps_down(facts: Facts) -> int:
    """One level for each thing that went wrong."""
    late = facts.registered and not facts.in_time
    lost = facts.missing > 0.20 or facts.missing_gap > 0.10
    moved = facts.contamination > BEARABLE, facts.undrawn > BEARABLE
    return sum((late, facts.unregistered_change, lost, *moved))
