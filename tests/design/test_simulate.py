"""A simulated trial as the rows of a sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from htkeval.design.scenario import Scenario
from htkeval.design.simulate import simulate, to_csv
from htkeval.intake.rows import read as read_sheet
from htkeval.measurement import Measurement
from htkeval.trial import Trial

Make = Callable[..., Trial]
MakeScenario = Callable[..., Scenario]

COLUMNS = {
    "task": "task",
    "team": "team",
    "period": "period",
    "date": "date",
    "status": "status",
    "realised_arm": "used",
    "task_type": "kind",
}
RATED = {
    "id": "right",
    "label": "Rigtige svar",
    "kind": "binary",
    "column": "right",
    "better": "higher",
    "role": "guardrail",
    "rater": "rater",
}
MORE = {
    "arms": {
        "baseline": {"label": "Uden AI", "value": "uden"},
        "treatment": {"label": "Med AI", "value": "med"},
    },
    "covariates": [{"column": "pages", "scale": "log"}],
    "forecast": {"relative_change": -0.25, "column": "expected"},
    "hard_stops": [{"column": "leak", "text": "Et navn er lækket"}],
}


def everything(
    make_trial: Make, make_scenario: MakeScenario, *, unit: str = "min"
) -> tuple[Trial, Scenario]:
    """A trial with every column that can be filled, and a scenario in which all of it happens."""
    trial = make_trial(primary={"unit": unit}, metrics=(RATED,), more=MORE, **COLUMNS)
    scenario = make_scenario(
        teams=4,
        periods=3,
        shared_tasks=12,
        refusals=0.1,
        missing=0.1,
        contamination=0.1,
        dropout=0.2,
        expected_change=-0.3,
        incidents={"leak": 0.2},
        metrics={"right": {"baseline": 0.9, "treatment": 0.85}},
        covariates={"pages": {"mean": 30, "sd": 10, "elasticity": 0.5}},
        groups={"kind": {"shares": {"kort": 0.5, "lang": 0.5}, "levels": {"lang": 2}}},
    )
    return trial, scenario


def test_the_same_seed_gives_the_same_measurements(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    trial, scenario = everything(make_trial, make_scenario)
    first = simulate(trial, scenario, seed=7)
    assert simulate(trial, scenario, seed=7) == first
    assert simulate(trial, scenario, seed=8) != first


def test_every_column_of_the_trial_is_filled(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial, scenario = everything(make_trial, make_scenario)
    rows = simulate(trial, scenario, seed=7)
    for row in rows:
        assert {trial.design.arm, *row.keys} == set(trial.design.key_columns)
        assert set(row.values) == set(trial.value_columns)
    assert {row.keys["kind"] for row in rows} == {"kort", "lang"}
    assert {row.keys["team"] for row in rows} == {"T01", "T02", "T03", "T04"}
    assert {row.keys["period"] for row in rows} == {"1", "2", "3"}
    assert {row.values["rater"] for row in rows} == {"R1", "R2"}
    assert {row.values["leak"] for row in rows} == {0.0, 1.0}
    assert {row.keys["used"] for row in rows} == {"baseline", "treatment", None}


def test_a_refused_task_was_not_measured(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial, scenario = everything(make_trial, make_scenario)
    rows = simulate(trial, scenario, seed=7)
    refused = [row for row in rows if row.keys["status"] == "refused"]
    done = [row for row in rows if row.keys["status"] == "done"]
    assert refused
    assert len(refused) + len(done) == len(rows)
    assert all(row.values["task_time"] is None and row.keys["used"] is None for row in refused)
    missing = [row for row in done if row.values["task_time"] is None]
    assert missing
    assert all(row.values["right"] is not None for row in missing)


def test_an_incident_needs_the_tool(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial, scenario = everything(make_trial, make_scenario)
    rows = simulate(trial, scenario, seed=7)
    assert {row.keys["used"] for row in rows if row.values["leak"]} == {"treatment"}


def test_expectations_stand_on_baseline_rows_one_a_person(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    trial, scenario = everything(make_trial, make_scenario)
    told: dict[str | None, set[object]] = {}
    for row in simulate(trial, scenario, seed=7):
        if row.arm == "treatment":
            assert row.values["expected"] is None
        else:
            told.setdefault(row.keys["participant"], set()).add(row.values["expected"])
    assert all(len(answers) == 1 for answers in told.values())


def test_tasks_come_in_order_on_working_days_of_the_trial(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    trial, scenario = everything(make_trial, make_scenario)
    rows = simulate(trial, scenario, seed=7)
    days = [date.fromisoformat(row.keys["date"] or "") for row in rows]
    assert days == sorted(days)
    assert all(trial.starts <= day <= trial.ends and day.weekday() < 5 for day in days)
    assert (days[-1] - days[0]).days > 70
    periods = [row.keys["period"] for row in rows]
    assert periods == sorted(periods, key=str)


def test_nobody_does_the_same_task_twice(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial, scenario = everything(make_trial, make_scenario)
    pairs = [
        (row.keys["participant"], row.keys["task"]) for row in simulate(trial, scenario, seed=7)
    ]
    assert len(set(pairs)) == len(pairs)
    assert {task for _, task in pairs} == {f"Q{n:02d}" for n in range(1, 13)}


def test_minutes_are_logged_to_a_tenth_and_never_zero(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    quick = make_scenario(baseline_mean=0.2, log_sd=1.0)
    times = [row.values["task_time"] for row in simulate(make_trial(), quick, seed=1)]
    assert all(isinstance(time, float) and time == round(time, 1) for time in times)
    assert min(times) == 0.1


def test_a_time_in_two_columns_is_their_sum(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial = make_trial(primary={"column": None, "columns": ["writing", "checking"]})
    rows = simulate(trial, make_scenario(relative_effect=0), seed=1)
    sums = [row.values["writing"] + row.values["checking"] for row in rows]
    # 240 tasks with log-SD .55: c.v. .59, s.e. 2.3 minutes
    assert 50 < sum(sums) / len(sums) < 70


def test_the_parts_of_a_time_have_their_stated_shares(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    trial = make_trial(primary={"column": None, "columns": ["writing", "checking"]})
    rows = simulate(trial, make_scenario(parts={"writing": 3, "checking": 1}), seed=1)
    for row in rows:
        # each is rounded to a tenth of a minute
        assert abs(row.values["writing"] - 3 * row.values["checking"]) <= 0.2 + 1e-9


def by_hand() -> tuple[Measurement, ...]:
    keys = {"participant": "P001", "task": "0001"}
    values = {"task_time": 31.5, "right": 1.0, "rater": "R1", "pages": None}
    return (Measurement(arm="treatment", keys=keys, values=values),)


def test_a_sheet_names_the_arms_as_the_trial_does(make_trial: Make) -> None:
    trial = make_trial(metrics=(RATED,), more=MORE, task="task")
    assert to_csv(trial, by_hand()) == (
        "arm,participant,task,task_time,right,rater,pages,htkeval_simulated\n"
        "med,P001,0001,31.5,1,R1,,1\n"
    )


def test_a_sheet_marks_every_row_as_invented(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial = make_trial()
    head, *lines = to_csv(trial, simulate(trial, make_scenario(), seed=7)).splitlines()
    assert head.endswith(",htkeval_simulated")
    assert len(lines) == 240
    assert all(line.endswith(",1") for line in lines)
    assert to_csv(trial, ()) == "arm,htkeval_simulated\n"


def test_a_sheet_reads_back_as_the_same_rows(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial, scenario = everything(make_trial, make_scenario)
    rows = simulate(trial, scenario, seed=7)
    read = list(csv.DictReader(io.StringIO(to_csv(trial, rows))))
    own = {"baseline": "uden", "treatment": "med"}
    assert len(read) == len(rows)
    for line, row in zip(read, rows, strict=True):
        assert line["arm"] == own[row.arm]
        assert line["task_time"] == "" or float(line["task_time"]) == row.values["task_time"]
        assert line["used"] == own.get(row.keys["used"] or "", "")


@pytest.mark.parametrize("unit", ["s", "min", "min:s", "h"])
def test_what_is_invented_passes_the_same_door_as_what_is_measured(
    make_trial: Make, make_scenario: MakeScenario, tmp_path: Path, unit: str
) -> None:
    trial, scenario = everything(make_trial, make_scenario, unit=unit)
    measured = simulate(trial, scenario, seed=7)
    sheet = tmp_path / "maalinger.csv"
    sheet.write_text(to_csv(trial, measured), encoding="utf-8", newline="")
    batch = read_sheet(trial, sheet)
    assert batch.simulated
    assert batch.measurements == measured
