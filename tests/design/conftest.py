"""A small trial and a plain scenario that the tests of this folder vary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from htkeval.design.scenario import Scenario
from htkeval.trial import Trial

TASK_TIME = {
    "id": "task_time",
    "label": "Minutter pr. opgave",
    "kind": "duration",
    "column": "task_time",
    "unit": "min",
    "better": "lower",
    "role": "primary",
    "worthwhile": -0.15,
    "source": "timed",
}


@pytest.fixture(scope="session")
def make_trial() -> Callable[..., Trial]:
    """A trial of a design; `metrics` stand after minutes a task unless it is given as `primary`."""

    def make(
        kind: str = "within",
        *,
        primary: dict[str, Any] | None = None,
        metrics: tuple[dict[str, Any], ...] = (),
        more: dict[str, Any] | None = None,
        **design: Any,
    ) -> Trial:
        columns = {"participant": "participant"} | ({"team": "team"} if kind == "cluster" else {})
        return Trial.model_validate(
            {
                "id": "proeve",
                "title": "Prøve",
                "question": "Går det hurtigere?",
                "area": "Social og Handicap",
                "technology": "other",
                "starts": "2026-01-12",
                "ends": "2026-04-10",
                "arms": {"baseline": {"label": "Uden AI"}, "treatment": {"label": "Med AI"}},
                "design": {"kind": kind, "randomised": True, **columns, **design},
                "metrics": [TASK_TIME | (primary or {}), *metrics],
            }
            | (more or {})
        )

    return make


@pytest.fixture(scope="session")
def make_scenario() -> Callable[..., Scenario]:
    """24 people with 10 tasks of 60 minutes; a fifth is saved. With changes."""

    def make(**changes: Any) -> Scenario:
        plain = {
            "seed": 20260112,
            "participants": 24,
            "tasks_each": 10,
            "baseline_mean": 60,
            "log_sd": 0.55,
            "relative_effect": -0.20,
        }
        return Scenario.model_validate(plain | changes)

    return make
