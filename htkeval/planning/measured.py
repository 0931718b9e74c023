"""What measurements without the tool say of the work, before anybody has it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.outcome import measure
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.data.told import few_people
from htkeval.planning.assumed import Assumed, Number
from htkeval.stats.answer import Absence
from htkeval.stats.correlation import intraclass
from htkeval.text import Text, say
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa

LEAST_ROWS = 20
"""Fewer measurements without the tool say less of the spread than other trials do."""
LEAST_CLUSTERS = 5
"""Fewer people or teams say less of how alike tasks are."""


def measured(trial: Trial, table: pa.Table, otherwise: Assumed) -> Assumed:
    """Take mean, spread and likeness from baseline measurements, where there are enough.

    Args:
        trial: The definition.
        table: Rows as in a snapshot; those with the tool are not looked at.
        otherwise: What is taken to be true of what the rows do not tell.

    Returns:
        Whichever is known; of a metric that is no duration the mean alone; nothing of fewer than
        five people.
    """
    rows, metric = read(trial, table), trial.primary
    seen = measure(metric, rows)
    used = rows.in_arm(0) & seen.known & (rows.cluster != NONE)
    amount, cluster = seen.amount[used], rows.cluster[used]
    if metric.kind == "duration":
        used &= seen.amount > 0
        amount, cluster = seen.amount[used], rows.cluster[used]
    too_few = len(amount) < LEAST_ROWS or few_people(trial, rows, used)
    if too_few or seen.exposure is not None:  # a plan is printed: no mean of few people is in it
        return otherwise
    source = say("Measured here: {n:#,##0} tasks without the tool.", n=len(amount))
    found = replace(otherwise, mean=Number(float(amount.mean()), source))
    if metric.kind != "duration":
        return found
    return _spread(found, np.log(amount), cluster, source)


def _spread(
    found: Assumed,
    y: np.ndarray[tuple[int], np.dtype[np.float64]],
    cluster: np.ndarray[tuple[int], np.dtype[np.intp]],
    source: Text,
) -> Assumed:
    """SD of a task's logarithm with the differences between clusters in it, and their share."""
    alike = intraclass(y, cluster=cluster, group=np.zeros_like(cluster))
    clusters = len(np.unique(cluster))
    if isinstance(alike, Absence) or clusters < LEAST_CLUSTERS:
        return replace(found, log_sd=Number(float(y.std(ddof=1)), source))
    icc = min(max(alike.value, 0.0), 0.95)
    means = np.bincount(cluster, y)[cluster] / np.bincount(cluster)[cluster]
    within = float(((y - means) ** 2).sum() / (len(y) - clusters))
    return replace(
        found, log_sd=Number(math.sqrt(within / (1 - icc)), source), icc=Number(icc, source)
    )
