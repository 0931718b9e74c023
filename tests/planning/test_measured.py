"""What baseline measurements tell a plan."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from htkeval.planning.assumed import assume, usual
from htkeval.planning.measured import measured
from htkeval.text import render
from htkeval.trial import Trial

Make = Callable[..., Trial]


def rows(*, people: int, tasks: int, sd: float, icc: float, arm: str = "baseline") -> pa.Table:
    rng = np.random.default_rng(7)
    own = np.repeat(rng.normal(0, sd * np.sqrt(icc), people), tasks)
    log = np.log(25) + own + rng.normal(0, sd * np.sqrt(1 - icc), people * tasks)
    names = np.repeat([f"P{n:03d}" for n in range(people)], tasks)
    return pa.table({"arm": [arm] * len(log), "participant": names, "minutes": np.exp(log)})


def test_mean_spread_and_likeness_come_from_the_rows(make_trial: Make) -> None:
    """300 people of 20 tasks: standard errors of the SD and the ICC are .01 and .02."""
    trial, table = make_trial(), rows(people=300, tasks=20, sd=0.7, icc=0.3)
    found = measured(trial, table, usual(trial))
    assert found.log_sd.value == pytest.approx(0.7, abs=0.03)
    assert found.icc.value == pytest.approx(0.3, abs=0.06)
    assert found.mean.value == pytest.approx(table.column("minutes").to_numpy().mean())
    assert found.reaction_sd == usual(trial).reaction_sd
    assert "Measured here: 6,000 tasks" in render(found.log_sd.source, "en")


def test_a_stated_number_counts_before_a_measured_one(make_trial: Make) -> None:
    trial = make_trial()
    seen = measured(trial, rows(people=30, tasks=10, sd=0.7, icc=0.3), usual(trial))
    found = assume(trial, icc=0.05, measured=seen)
    assert found.icc.value == 0.05
    assert found.log_sd == seen.log_sd


@pytest.mark.parametrize(
    "table",
    [
        rows(people=4, tasks=3, sd=0.5, icc=0.1),
        rows(people=30, tasks=10, sd=0.5, icc=0.1, arm="treatment"),
    ],
    ids=["too few", "with the tool"],
)
def test_few_rows_and_rows_with_the_tool_tell_nothing(make_trial: Make, table: pa.Table) -> None:
    trial = make_trial()
    assert measured(trial, table, usual(trial)) == usual(trial)


def test_a_likeness_below_zero_is_none_and_one_of_everything_is_held_back(
    make_trial: Make,
) -> None:
    trial = make_trial()
    alike = measured(trial, rows(people=30, tasks=10, sd=0.5, icc=0.9999), usual(trial))
    assert alike.icc.value == 0.95
    unlike = rows(people=6, tasks=10, sd=0.5, icc=0.0)
    assert measured(trial, unlike, usual(trial)).icc.value >= 0


@pytest.mark.parametrize(("people", "told"), [(4, False), (5, True)])
def test_of_fewer_than_five_people_neither_mean_nor_spread_is_in_a_plan(
    make_trial: Make, people: int, told: bool
) -> None:
    trial = make_trial()
    table = rows(people=people, tasks=10, sd=0.7, icc=0.3)
    assert (measured(trial, table, usual(trial)) == usual(trial)) is not told
