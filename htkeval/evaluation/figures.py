"""What was seen in each arm, before any model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from htkeval.evaluation.beside import arms_told, whose
from htkeval.evaluation.data.outcome import Measured, measure, per
from htkeval.evaluation.data.rows import Rows, read
from htkeval.evaluation.data.told import few_people
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.ratios import linearised
from htkeval.stats.scaling import Summary, summary
from htkeval.trial import ARMS, Trial

if TYPE_CHECKING:
    import pyarrow as pa


def raw(metric: Metric, seen: Measured) -> Summary:
    """Count, mean and standard deviation of a metric over tasks, in its unit.

    Of a ratio of sums the mean is the pooled ratio, and the standard deviation that of what each
    task contributes to it.

    Args:
        metric: The metric.
        seen: Its known values in one arm.
    """
    if seen.exposure is None:
        return summary(seen.amount)
    together = np.zeros(len(seen.amount), dtype=np.intp)
    values = linearised(seen.amount, seen.exposure, together, per=per(metric))
    if isinstance(values, Absence):
        return Summary(len(seen.amount), None, None)
    return summary(values)


def arm_figures(trial: Trial, table: pa.Table) -> dict[str, dict[str, float]]:
    """What does a snapshot hold of each arm?

    Args:
        trial: The definition.
        table: The snapshot.

    Returns:
        By arm: `rows` and `clusters`, and `<metric>.mean` and `<metric>.sd` over the tasks that
        are not excluded and have a value; a figure that cannot be computed is left out. So are
        those of the primary metric where it is looked at before the end: anybody may read a
        snapshot on any day, and a difference of two means is a look that nobody counts. Of an arm
        of fewer than five people nothing is kept, and of the other neither; `clusters` is left out
        where it would say that one to four people have rows in one arm alone.
    """
    rows = read(trial, table)
    few = any(few_people(trial, rows, rows.arm == code) for code in (0, 1))
    sized = arms_told(trial, rows, [rows.arm == code for code in (0, 1)])
    return {arm: _of_arm(trial, rows, code, few=few, sized=sized) for code, arm in enumerate(ARMS)}


def _of_arm(trial: Trial, rows: Rows, code: int, *, few: bool, sized: bool) -> dict[str, float]:
    mine = rows.arm == code
    if few:  # one arm of few people keeps both back: both together are known elsewhere
        return {}
    figures: dict[str, float] = {"rows": int(mine.sum())}
    if sized:
        figures["clusters"] = len(whose(rows, mine))
    hidden = trial.primary.id if trial.analysis.looks != (1.0,) else None
    for metric in trial.metrics:
        seen = measure(metric, rows)
        if metric.parts and metric.id != hidden:
            of = raw(metric, seen.at(rows.in_arm(code) & seen.known))
            named = {f"{metric.id}.mean": of.mean, f"{metric.id}.sd": of.sd}
            figures |= {name: value for name, value in named.items() if value is not None}
    return figures
