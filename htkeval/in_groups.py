"""The rows of an analysis in groups, so that no person can be read from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from htkeval.effect import Interval, Scale, Subgroup
from htkeval.small_cells import FEWEST
from htkeval.text import Text
from htkeval.trial import Arm


@dataclass(frozen=True)
class ArmCurve:
    """How many of the tasks of one arm were at most so long, as a share of them."""

    arm: Arm
    """Which arm."""
    points: tuple[tuple[float, float], ...]
    """Value in the metric's unit, and per cent of the tasks at or below it; between two points, and
    beyond the outermost, lie tasks of five people at least."""
    median: float | None
    """Half of the tasks are at or below it, by a straight line between two points; None where the
    curve does not pass half."""


@dataclass(frozen=True)
class PairedGroup:
    """The means of some people, with the tool and without; five at least."""

    baseline: float
    """Mean of their own means without the tool, in the metric's unit, to three digits."""
    treatment: float
    """The same with it."""


@dataclass(frozen=True)
class Followed:
    """What the trial would have said at some moment, with an interval that holds at all of them."""

    rows: int
    """Measurements in either arm by then."""
    estimate: float
    """On the scale of the trial's main figure."""
    ci: Interval
    """Its interval; it holds however often one looks."""


@dataclass(frozen=True)
class Passed:
    """One planned look: what it found, and what it would have taken to stop there."""

    k: int
    """Its number, from 1."""
    of: int
    """How many there are."""
    rows: int
    """Measurements by then."""
    estimate: float
    """On the scale of the trial's main figure."""
    bounds: Interval
    """Outside of these the trial could stop."""
    crossed: bool
    """Whether the estimate is outside."""


@dataclass(frozen=True)
class Residual:
    """Some residuals of the model, of five people at least, beside what chance alone would give."""

    expected: float
    """Mean of the normal scores of their places, in standard deviations."""
    seen: float
    """Their mean, in standard deviations of all."""


@dataclass(frozen=True)
class InGroups:
    """What the frozen rows of one analysis show beside its figures."""

    trial: str
    """The trial's id."""
    snapshot: str
    """SHA-256 of the Parquet bytes that were read."""
    metric: str
    """The primary metric's id."""
    scale: Scale
    """The scale of the effects below."""
    curves: tuple[ArmCurve, ...] = ()
    """The distribution, baseline first."""
    paired: tuple[PairedGroup, ...] = ()
    """Groups of people from the quickest to the slowest."""
    weeks: tuple[Subgroup, ...] = ()
    """The effect by week of the trial; weeks of few people stand together."""
    teams: tuple[Subgroup, ...] = ()
    """The effect by team."""
    followed: tuple[Followed, ...] = ()
    """From the first moment at which something could be said to the last."""
    looks: tuple[Passed, ...] = ()
    """The planned looks that were taken."""
    residuals: tuple[Residual, ...] = ()
    """From the lowest to the highest."""
    missing: dict[str, Text] = field(default_factory=dict)
    """By name of a field above: why there is nothing in it."""


def told(groups: Iterable[Subgroup]) -> tuple[Subgroup, ...]:
    """The groups that may be told: none of fewer than five, none that gives another away."""
    shown = [one for one in groups if one.clusters is None or one.clusters >= FEWEST]
    alone = Counter(one.column for one in shown)
    # one group alone beside the whole gives the other away
    return tuple(one for one in shown if alone[one.column] > 1)
