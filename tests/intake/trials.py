"""A small invented trial of minutes of meetings, changed a little by each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from htkeval.trial import Trial

MINUTES: dict[str, Any] = {
    "id": "task_time",
    "label": "Minutter pr. referat",
    "kind": "duration",
    "column": "task_time",
    "unit": "min",
    "better": "lower",
    "role": "primary",
}
ERRORS: dict[str, Any] = {
    "id": "errors",
    "label": "Fejl pr. 1.000 ord",
    "kind": "rate",
    "column": "errors",
    "exposure": "words",
    "per": 1000,
    "better": "lower",
    "role": "guardrail",
}

WriteSheet = Callable[..., Path]


def build_trial(
    *metrics: dict[str, Any], design: dict[str, Any] | None = None, **sections: Any
) -> Trial:
    """A trial within participants from 12 January to 10 April 2026.

    Args:
        metrics: Changes to the duration in minutes, one dict a metric; none: that metric alone.
        design: Changes to the design.
        sections: Other sections of trial.toml.
    """
    plan = {"kind": "within", "randomised": True, "participant": "participant", **(design or {})}
    arms = {"baseline": {"label": "uden"}, "treatment": {"label": "med"}}
    return Trial.model_validate(
        {
            "id": "referater",
            "title": "Referater",
            "question": "Går det hurtigere?",
            "area": "Ingen",
            "technology": "other",
            "starts": "2026-01-12",
            "ends": "2026-04-10",
            "arms": sections.pop("arms", arms),
            "design": plan,
            "metrics": [{**MINUTES, **metric} for metric in metrics or ({},)],
            **sections,
        }
    )
