"""Between which figures an effect lies, whatever the values are that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htkeval.effect import Bounds, Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.columns import NONE, Bools, numbers
from htkeval.evaluation.outcome import measure, per
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.bounds import Bounds as Span
from htkeval.stats.bounds import banded, worst_case
from htkeval.stats.scaling import Codes, Floats
from htkeval.stats.trimming import lee

APART = ("parallel", "cluster", "within", "crossover")
"""Designs whose arms' plain means compare like with like: chance dealt out the tasks."""

MOST_ROWS = 20_000
"""Beyond so many rows trimming cluster by cluster takes seconds, and little is left to doubt."""


def bounds(basis: Basis) -> tuple[Bounds, ...]:
    """For every metric that is banded, or has missing values and ends between which they must lie.

    A share and a yes or no lie between 0 and 1, a duration between 0 and its registered cap; a
    rating, a rate and a count have no ends, so nothing bounds what is missing.
    """
    if basis.trial.design.kind not in APART:
        return ()
    return tuple(one for metric in basis.trial.metrics for one in _of(basis, metric))


def _of(basis: Basis, metric: Metric) -> Iterator[Bounds]:
    use = basis.rows.counted & (basis.rows.cluster != NONE)
    arm, cluster = basis.rows.arm[use].astype(float), basis.rows.cluster[use]
    if len(np.unique(arm)) < 2:
        return
    level = basis.trial.analysis.level
    if metric.bounds is not None and metric.source == "banded":
        low, high = (numbers(basis.rows.table, name)[use] for name in metric.bounds)
        known = np.isfinite(low) & np.isfinite(high) & (low <= high)
        span = banded(low[known], high[known], arm[known], cluster=cluster[known], level=level)
        yield from _named(metric, "banded", span)
        return
    ends = _ends(metric)
    y, known = outcome(basis, metric)
    if known[use].all() or not known[use].any():
        return
    if ends is not None:
        span = worst_case(
            y[use], known[use], arm, cluster=cluster, low=ends[0], high=ends[1], level=level
        )
        yield from _named(metric, "worst_case", span)
    if len(arm) <= MOST_ROWS:
        yield from _named(metric, "lee", lee(y[use], known[use], arm, cluster=cluster, level=level))


def outcome(basis: Basis, metric: Metric) -> tuple[Floats, Bools]:
    """(N,) values and whether each is known; a share of many answers is taken task by task."""
    seen = measure(metric, basis.rows)
    y = seen.amount
    known = seen.known.copy()
    if seen.exposure is not None:
        known &= seen.exposure > 0
        with np.errstate(over="ignore"):
            y = np.divide(y, seen.exposure, where=known, out=np.full_like(y, np.nan)) * per(metric)
        known &= np.isfinite(y)
    return np.where(known, y, 0.0), known


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


def plain(basis: Basis, metric: Metric) -> tuple[Floats, Bools, Floats, Codes]:
    """Values, whether known, arm and cluster of the rows that count."""
    use = basis.rows.counted & (basis.rows.cluster != NONE)
    y, known = outcome(basis, metric)
    return y[use], known[use], basis.rows.arm[use].astype(float), basis.rows.cluster[use]
