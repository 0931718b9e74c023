"""What every figure of one analysis rests on: the trial, its rows, its lottery, its method."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from htkeval.effect import Method, Scale
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.outcome import Measured, measure, to_the_cap
from htkeval.evaluation.data.rows import Rows
from htkeval.evaluation.draw.listed import Held
from htkeval.evaluation.draw.lots import Lots
from htkeval.metric import Metric
from htkeval.text import Text
from htkeval.trial import Trial

MOST_TASKS = 100
"""More different tasks than this are no set of questions that everybody is asked."""


@dataclass(frozen=True, eq=False)
class Basis:
    """One trial, read once."""

    trial: Trial
    """The definition that is followed."""
    rows: Rows
    """The snapshot."""
    lots: Lots | Text | None
    """How the arms could have fallen; a sentence where the rows do not follow the draw; None
    where there was none."""
    method: Method
    """The method of every reported interval that it applies to."""
    capped: frozenset[str] = frozenset()
    """Durations of which so many tasks were never finished that the difference in minutes counts
    each of these to the registered cap."""
    held: Held | None = None
    """The list that the draw left, held against the rows; None where none is stored."""

    def values(self, metric: Metric, scale: Scale) -> Measured:
        """A metric's values as one scale counts them."""
        if scale == "difference" and metric.id in self.capped:
            return to_the_cap(metric, self.rows)
        return measure(metric, self.rows)

    @cached_property
    def crossed(self) -> bool:
        """Whether a few tasks are each done by several people or teams: they have own levels."""
        rows, design = self.rows, self.trial.design
        if design.task is None:
            return False
        task = rows.words(design.task).codes
        both = rows.counted & (task != NONE) & (rows.cluster != NONE)
        pairs = np.unique(np.column_stack([task[both], rows.cluster[both]]), axis=0)
        tasks = len(np.unique(pairs[:, 0]))
        return 1 < tasks <= min(MOST_TASKS, len(pairs) / 2)
