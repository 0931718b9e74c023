"""Something odd, before anybody said anything about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from htkeval.metric import Metric
from htkeval.query import QueryRule, query_id
from htkeval.text import Text
from htkeval.trial import Trial

MINUTES = {"s": 1 / 60, "min": 1.0, "min:s": 1.0, "h": 60.0}
"""Minutes in one of a duration's unit; `min:s` is kept as minutes."""
UNITS = {"s": "s", "min": "min", "min:s": "min", "h": "h"}
"""What stands after a duration's number."""


@dataclass(frozen=True)
class Finding:
    """What one rule found."""

    rule: QueryRule
    """The rule."""
    row: int | None
    """The row's number; None where it is about many rows."""
    column: str | None
    """The column; None where it is about the whole row."""
    value: object
    """What is odd, as JSON: with another value it is another finding."""
    message: Text
    """What is odd and what to do."""
    beside: tuple[int, ...] = field(default=(), compare=False)
    """Rows that it is held against: where one of them changes it may be odd no more."""

    @property
    def id(self) -> str:
        """What it is known by."""
        return query_id(self.rule, self.row, self.column, self.value)


def durations(trial: Trial) -> dict[str, Metric]:
    """By column: the first metric whose minutes (or a part of them) stand in it."""
    found: dict[str, Metric] = {}
    for metric in trial.metrics:
        if metric.kind == "duration":
            for column in metric.parts:
                found.setdefault(column, metric)
    return found
