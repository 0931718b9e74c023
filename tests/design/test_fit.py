"""A scenario and a trial that do not fit are refused, all at once, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from htkeval.design.fit import refuse_misfit
from htkeval.design.scenario import Scenario
from htkeval.design.simulate import draw
from htkeval.errors import Refused
from htkeval.trial import Trial

Make = Callable[..., Trial]
MakeScenario = Callable[..., Scenario]

ERRORS = {
    "id": "errors",
    "label": "Fejl",
    "kind": "rate",
    "column": "errors",
    "exposure": "words",
    "per": 1000,
    "better": "lower",
    "role": "guardrail",
}
RIGHT = {
    "id": "right",
    "label": "Rigtige svar",
    "kind": "binary",
    "column": "right",
    "better": "higher",
    "role": "guardrail",
}


def said(trial: Trial, scenario: Scenario) -> str:
    with pytest.raises(Refused) as refused:
        refuse_misfit(trial, scenario)
    return refused.value.message("en")


def test_a_plain_trial_fits(make_trial: Make, make_scenario: MakeScenario) -> None:
    refuse_misfit(make_trial(), make_scenario())


@pytest.mark.parametrize(
    ("trial", "scenario", "sentence"),
    [
        (
            {"kind": "crossover", "period": "period"},
            {"tasks_each": 1},
            "at least a task in each of 2 periods",
        ),
        (
            {"kind": "interrupted_time_series", "randomised": False, "period": "period"},
            {"periods": 3},
            "at least 4 periods",
        ),
        ({"randomised": False}, {}, "how people choose for themselves cannot be simulated"),
        (
            {"allocation": "blocks", "block": 4, "ratio": (1, 2)},
            {},
            "a multiple of 3, the sum of ratio",
        ),
        ({"kind": "cluster"}, {}, "how many teams there are"),
        ({}, {"participant_icc": 0.1}, "0 where participants are the clusters"),
        ({}, {"refusals": 0.1}, "a column for the status"),
        ({}, {"metrics": {"errors": {"baseline": 1, "treatment": 1}}}, "an unknown metric"),
        ({"metrics": (ERRORS,)}, {}, "the metric's mean without and with the tool"),
        (
            {"metrics": (ERRORS,)},
            {"metrics": {"errors": {"baseline": 1, "treatment": 1}}},
            "what the column holds",
        ),
        (
            {"metrics": (RIGHT,)},
            {"metrics": {"right": {"baseline": 0.9, "treatment": 1.1}}},
            "probabilities between 0 and 1",
        ),
        (
            {"metrics": (RIGHT | {"kind": "rating"},)},
            {"metrics": {"right": {"baseline": 3, "treatment": 3}}},
            "a kind of metric that can be simulated",
        ),
        ({}, {"incidents": {"leak": 0.1}}, "a column the trial has not"),
        ({"task_type": "kind"}, {}, "what the column holds"),
        ({}, {"parts": {"task_time": 1}}, "a share for each column of the primary"),
        (
            {"kind": "parallel", "strata": ("seniority",)},
            {"groups": {"seniority": {"shares": {"new": 0.5, "old": 0.5}, "of": "task"}}},
            "one of participant",
        ),
        (
            {"primary": {"kind": "binary", "unit": None}},
            {"baseline_mean": 0.5, "log_sd": 1, "learning": -0.1},
            "none of them where the primary is a probability",
        ),
    ],
)
def test_what_does_not_fit_is_said(
    make_trial: Make,
    make_scenario: MakeScenario,
    trial: dict[str, Any],
    scenario: dict[str, Any],
    sentence: str,
) -> None:
    assert sentence in said(make_trial(**trial), make_scenario(**scenario))


def test_every_misfit_is_told_at_once(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial = make_trial(metrics=(ERRORS, RIGHT), allocation="blocks", block=3)
    message = said(trial, make_scenario(refusals=0.1))
    for place in ("design.block", "refusals", "metrics.errors", "metrics.right", "words"):
        assert place in message


def test_the_core_refuses_too(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial = make_trial("stepped_wedge", team="team", period="period")
    with pytest.raises(Refused):
        draw(trial, make_scenario(), np.random.default_rng(1))
