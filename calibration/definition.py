"""A cell as a trial that somebody could have written."""

from __future__ import annotations

from datetime import date
from typing import Any

from calibration.grid import Cell
from htkeval.metric import Metric, MetricKind
from htkeval.trial import Arms, ArmText, Design, Trial

METRICS: dict[MetricKind, dict[str, Any]] = {
    "duration": {"column": "minutes", "unit": "min", "source": "timed"},
    "rate": {"column": "errors", "exposure": "words", "per": 100.0},
    "binary": {"column": "redone"},
    "rating": {"column": "rating"},
}
"""The columns of each kind of outcome."""
STARTS_OF_WEDGE = (2, 3, 4, 5)
"""Periods in which teams of a roll-out start."""
BLOCK = 4
"""Units in a block."""


def trial_of(cell: Cell) -> Trial:
    """The cell's design and metric, planned for as many units as it has."""
    metric = Metric.model_validate(
        {
            "id": "outcome",
            "label": "outcome",
            "kind": cell.kind,
            "better": "lower",
            "role": "primary",
            **METRICS[cell.kind],
        }
    )
    scale = cell.scale if cell.scale != "probability" else "difference"
    return Trial.model_validate(
        {
            "id": "null",
            "title": "null",
            "question": "null?",
            "area": "none",
            "technology": "other",
            "starts": date(2026, 1, 12),
            "ends": date(2026, 4, 10),
            "arms": Arms(baseline=ArmText(label="without"), treatment=ArmText(label="with")),
            "design": _design(cell),
            "metrics": (metric,),
            "analysis": {"primary_scale": scale, "weights": cell.weights, "method": cell.asked},
        }
    )


def _design(cell: Cell) -> Design:
    series = cell.design == "interrupted_time_series"
    return Design(
        kind=cell.design,
        randomised=cell.randomised,
        allocation=cell.allocation if cell.randomised else None,
        block=BLOCK if cell.allocation == "blocks" else None,
        ratio=(1, 1) if cell.balanced or not cell.randomised else (3, 1),
        clusters=None if series else cell.units,
        participant="participant",
        team="team",
        period="period",
        strata=("stratum",) if cell.allocation == "minimisation" else (),
    )
