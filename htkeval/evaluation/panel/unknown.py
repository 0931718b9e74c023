"""Between which figures an effect lies, whatever the values are that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from htkeval.effect import Bounds, Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import Bools
from htkeval.evaluation.model import Choices, model_of, planned, usable
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.bounds import Bounds as Span
from htkeval.stats.bounds import banded, worst_case
from htkeval.stats.scaling import Codes, Floats
from htkeval.stats.trimming import lee
from htkeval.text import Text

APART = ("parallel", "cluster")
"""Designs whose arms' plain means compare like with like, so that trimming does too."""
MOST_ROWS = 20_000
"""Beyond so many rows trimming cluster by cluster takes seconds, and little is left to doubt."""


def bounds(basis: Basis) -> tuple[Bounds, ...]:
    """For every metric that is banded, or has missing values and ends between which they must lie.

    A share and a yes or no lie between 0 and 1, a duration between 0 and its registered cap; a
    rating and a count have no ends, so nothing bounds what is missing but trimming. Where a figure
    is a ratio of sums, or every unit counts the same, bounds by task would be of another figure.
    """
    if basis.trial.design.kind == "interrupted_time_series":
        return ()
    return tuple(one for metric in basis.trial.metrics for one in _of(basis, metric))


@dataclass(frozen=True, eq=False)
class Frame:
    """The rows that a comparison would rest on if every value were known."""

    used: Bools
    """(N,) the snapshot's rows."""
    arm: Floats
    """(n,) 0 or 1."""
    cluster: Codes
    """(n,) participant or team."""
    x: Mapping[str, Floats]
    """The design's other columns, (n,) each."""
    absorb: Codes | None
    """(n,) fixed effects; None where the design has none."""


def frame(basis: Basis, metric: Metric) -> Frame | None:
    """The design's comparison without its outcome; None where an arm is empty."""
    whole = np.ones(len(basis.rows.arm), dtype=bool)
    used = usable(basis, whole)
    if len(np.unique(basis.rows.arm[used])) < 2:
        return None
    model = model_of(basis, metric, np.zeros(int(used.sum())), used, Choices())
    if isinstance(model, Text):
        return None
    absorb = model.cluster if model.absorbed else None
    return Frame(used, model.arm.astype(float), model.cluster, model.x, absorb)


def _of(basis: Basis, metric: Metric) -> Iterator[Bounds]:
    at = frame(basis, metric)
    if at is None:
        return
    level = basis.trial.analysis.level
    if metric.bounds is not None and metric.source == "banded":
        span = _banded(basis, metric)
        if span is not None:
            yield from _named(metric, "banded", span)
        return
    if metric.exposure is not None or planned(basis.trial).by_unit:
        return
    ends = _ends(metric)
    values, seen = outcome(basis, metric)
    y, known = values[at.used], seen[at.used]
    if known.all() or not known.any():
        return
    if ends is not None:
        span = worst_case(
            y,
            known,
            at.arm,
            cluster=at.cluster,
            low=ends[0],
            high=ends[1],
            level=level,
            x=at.x,
            absorb=at.absorb,
        )
        yield from _named(metric, "worst_case", span)
    if basis.trial.design.kind in APART and len(at.arm) <= MOST_ROWS:
        span = lee(y, known, at.arm, cluster=at.cluster, level=level)
        yield from _named(metric, "lee", span)


def _banded(basis: Basis, metric: Metric) -> Span | Absence | None:
    """Bounds for answers that were given in steps; None where no comparison can be set up."""
    assert metric.bounds is not None  # the metric's validator saw to it
    low, high = (basis.rows.numbers(name) for name in metric.bounds)
    used = usable(basis, np.isfinite(low) & np.isfinite(high) & (low <= high))
    if len(np.unique(basis.rows.arm[used])) < 2:
        return None
    ends = [
        model_of(basis, metric, end[used], used, planned(basis.trial), log=False)
        for end in (low, high)
    ]
    least, most = ends
    if isinstance(least, Text) or isinstance(most, Text):
        return None
    return banded(
        least.y,
        most.y,
        least.arm.astype(float),
        cluster=least.cluster,
        level=basis.trial.analysis.level,
        x=least.x,
        absorb=least.cluster if least.absorbed else None,
    )


def outcome(basis: Basis, metric: Metric) -> tuple[Floats, Bools]:
    """(N,) values, zero where none is known, and whether each is."""
    seen = basis.values(metric, "difference")
    return np.where(seen.known, seen.amount, 0.0), seen.known


def _ends(metric: Metric) -> tuple[float, float] | None:
    if metric.kind in ("binary", "share"):
        return 0.0, 1.0
    return (0.0, metric.cap) if metric.kind == "duration" and metric.cap else None


def _named(metric: Metric, name: str, span: Span | Absence) -> Iterator[Bounds]:
    scale: Scale = "difference"
    if isinstance(span, Absence) or isinstance(span.limits, Absence):
        return
    yield Bounds(
        metric=metric.id, scale=scale, model=name, low=span.low, high=span.high, ci=span.limits
    )
