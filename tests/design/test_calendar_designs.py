"""Designs whose arms follow the calendar, and what hangs together over periods."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from htkeval.design.draws import Drawn, draw
from htkeval.design.outcomes import period
from htkeval.design.scenario import Scenario
from htkeval.trial import Trial

Make = Callable[..., Trial]
MakeScenario = Callable[..., Scenario]

DESIGNS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "crossover": ({}, {}),
    "stepped_wedge": ({"steps": 3}, {"teams": 6, "tasks_each": 12}),
    "before_after": ({"randomised": False}, {}),
    "difference_in_differences": ({"randomised": False}, {"teams": 6}),
    "interrupted_time_series": ({"randomised": False}, {"periods": 10}),
}


def made(
    make_trial: Make, make_scenario: MakeScenario, kind: str, trials: int, **more: Any
) -> tuple[Trial, Scenario, Drawn]:
    design, scenario = DESIGNS[kind]
    columns = {"period": "period"} | ({"team": "team"} if "teams" in scenario else {})
    trial = make_trial(kind, **{**columns, **design})
    truth = make_scenario(**{**scenario, **more})
    return trial, truth, draw(trial, truth, np.random.default_rng(4), trials=trials)


def arms_by_period(trial: Trial, truth: Scenario, found: Drawn) -> np.ndarray:
    """(participants, periods) the one arm that each has in each period of the first trial."""
    when = np.broadcast_to(period(trial, found.roster, truth), found.roster.shape)[0]
    seen = np.full((when.shape[0], when.max() + 1), -1)
    for person in range(when.shape[0]):
        for at in range(when.max() + 1):
            (seen[person, at],) = np.unique(found.treated[0, person, when[person] == at])
    return seen


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("crossover", {(0, 1): 12, (1, 0): 12}),
        ("stepped_wedge", {(0, 0, 0, 1): 8, (0, 0, 1, 1): 8, (0, 1, 1, 1): 8}),
        ("before_after", {(0, 1): 24}),
        ("difference_in_differences", {(0, 0): 12, (0, 1): 12}),
        ("interrupted_time_series", {(0,) * 5 + (1,) * 5: 24}),
    ],
)
def test_each_design_has_its_own_calendar(
    make_trial: Make, make_scenario: MakeScenario, kind: str, rows: dict[Any, int]
) -> None:
    seen = arms_by_period(*made(make_trial, make_scenario, kind, 1))
    found, counts = np.unique(seen, axis=0, return_counts=True)
    assert {tuple(row): n for row, n in zip(found.tolist(), counts.tolist(), strict=True)} == rows


def test_a_series_changes_on_the_planned_day(make_trial: Make, make_scenario: MakeScenario) -> None:
    # 89 days from the 12th of January; the 8th of February is day 27, 3 of 10 periods on
    trial = make_trial(
        "interrupted_time_series", randomised=False, period="week", interruption="2026-02-08"
    )
    found = draw(trial, make_scenario(periods=10), np.random.default_rng(1))
    assert found.treated.mean() == pytest.approx(0.7)


@pytest.mark.parametrize("kind", DESIGNS)
def test_the_typical_task_moves_by_the_stated_effect_in_every_design(
    make_trial: Make, make_scenario: MakeScenario, kind: str
) -> None:
    """By least squares on what differs within each, over 400 trials; four standard errors."""
    trial, truth, found = made(make_trial, make_scenario, kind, 400, icc=0.2)
    log, arm = np.log(found.values["task_time"]), found.treated.astype(float)
    when = np.broadcast_to(period(trial, found.roster, truth), log.shape)
    each = []
    for y, x, at in zip(log, arm, when, strict=True):
        columns = [x.ravel(), np.ones(x.size)]
        if kind in ("stepped_wedge", "difference_in_differences"):
            columns += [(at.ravel() == t).astype(float) for t in range(1, at.max() + 1)]
        if kind != "interrupted_time_series":
            columns += [(np.indices(x.shape)[0].ravel() == p).astype(float)
                        for p in range(1, len(x))]  # fmt: skip
        each.append(np.linalg.lstsq(np.column_stack(columns), y.ravel(), rcond=None)[0][0])
    error = 4 * np.std(each, ddof=1) / math.sqrt(len(each))
    assert error < 0.04
    assert np.mean(each) == pytest.approx(math.log(0.8), abs=error)


def test_a_team_keeps_as_much_of_its_level_as_is_stated(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    """Two tasks of a team correlate by the ICC in one period, by .4 of it in two (80 trials)."""
    *_, found = made(
        make_trial, make_scenario, "stepped_wedge", 80, relative_effect=0, icc=0.5,
        cluster_autocorrelation=0.4, teams=24, participants=24, tasks_each=40,
    )  # fmt: skip
    log = np.log(found.values["task_time"])
    means = log.reshape(80, 24, 4, 10)  # even times: ten tasks in each of four periods
    first, second = means[..., :5].mean(axis=3), means[..., 5:].mean(axis=3)
    total = 0.55**2 / 0.5
    same = np.mean(first[..., 0] * second[..., 0]) - first.mean() ** 2
    other = np.mean(first[..., 0] * second[..., 2]) - first.mean() ** 2
    # 1,920 teams of variance about .3: four standard errors of a covariance are .04
    assert same == pytest.approx(0.5 * total, abs=0.045)
    assert other == pytest.approx(0.5 * 0.4 * total, abs=0.045)


def test_what_a_period_shares_hangs_together_with_its_neighbour(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    *_, found = made(
        make_trial, make_scenario, "interrupted_time_series", 3000, relative_effect=0,
        period_sd=0.5, period_rho=0.6, log_sd=0.01,
    )  # fmt: skip
    log = np.log(found.values["task_time"]).mean(axis=1)
    assert log.std() == pytest.approx(0.5, abs=0.02)
    assert np.corrcoef(log[:, 0], log[:, 1])[0, 1] == pytest.approx(0.6, abs=0.05)
    assert np.exp(log).mean() == pytest.approx(60, abs=2.5)  # the factor has mean one


def test_minimisation_draws_by_the_rule_that_the_analysis_makes_again(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    trial = make_trial("parallel", allocation="minimisation", strata=("seniority",), favour=0.95)
    group = {"shares": {"new": 0.5, "old": 0.5}, "of": "participant"}
    truth = make_scenario(groups={"seniority": group})
    found = draw(trial, truth, np.random.default_rng(2), trials=200)
    given, word = found.given, found.roster.groups["seniority"][:, :, 0]
    assert given is not None
    gaps = [np.abs(((2 * given - 1) * (word == level)).sum(axis=1)) for level in (0, 1)]
    # by single lots 12 of a level lie 2.7 apart on average (E|S| = 2.71)
    assert max(gap.mean() for gap in gaps) < 1.5
