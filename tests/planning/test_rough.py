"""The closed form without a library, against the closed form."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from htkeval.planning.assumed import assume
from htkeval.planning.closed_form import closed_form
from htkeval.planning.rough import roughly
from htkeval.trial import Trial

Make = Callable[..., Trial]


@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize("units", [8, 13, 24, 60])
@pytest.mark.parametrize(
    ("kind", "design"),
    [
        ("parallel", {}),
        ("parallel", {"ratio": (1, 2)}),
        ("within", {}),
        ("within", {"ratio": (2, 1)}),
        ("crossover", {}),
        ("crossover", {"ratio": (1, 3)}),
        ("cluster", {}),
        ("stepped_wedge", {"steps": 4}),
        ("stepped_wedge", {}),
        ("before_after", {}),
        ("difference_in_differences", {}),
    ],
)
def test_it_is_within_two_points_of_the_closed_form(
    make_trial: Make, kind: str, design: dict[str, Any], units: int, better: str
) -> None:
    for goal, tasks in ((0.1, 16), (0.2, 16), (0.2, 60), (0.4, 8)):
        signed = -goal if better == "lower" else goal
        metric = {"better": better, "worthwhile": signed}
        trial = make_trial(kind, clusters=units, tasks_each=tasks, primary=metric, **design)
        exact = closed_form(trial, assume(trial), units=units, tasks_each=tasks, effect=signed)
        assert roughly(trial) == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize(
    ("kind", "design", "primary", "more"),
    [
        ("parallel", {"clusters": None}, {}, {}),
        ("parallel", {"tasks_each": None}, {}, {}),
        ("parallel", {}, {"worthwhile": None}, {}),
        ("parallel", {}, {"kind": "binary", "unit": None}, {}),
        ("parallel", {}, {}, {"analysis": {"primary_scale": "difference"}}),
        ("parallel", {}, {}, {"analysis": {"weights": "unit"}}),
        ("parallel", {"clusters": 3}, {}, {}),
        ("stepped_wedge", {"clusters": 2}, {}, {}),
        ("interrupted_time_series", {"interruption": "2026-02-20"}, {}, {}),
    ],
)
def test_where_the_closed_form_says_nothing_it_says_nothing(
    make_trial: Make, kind: str, design: dict[str, Any], primary: Any, more: Any
) -> None:
    size = {"clusters": 12, "tasks_each": 8}
    assert roughly(make_trial(kind, primary=primary, more=more, **size | design)) is None


def test_it_loads_nothing_that_computes() -> None:
    script = "import sys, htkeval.planning.rough; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "pandas"} & set(run.stdout.split())
