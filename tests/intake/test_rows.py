"""A whole sheet: every row is checked, and all rows are taken or none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from htkeval.errors import SheetError, UsageError
from htkeval.intake.rows import read
from htkeval.trial import Trial
from tests.intake.trials import ERRORS, WriteSheet, build_trial


def problems(trial: Trial, path: Path) -> list[str]:
    with pytest.raises(SheetError) as caught:
        read(trial, path)
    assert caught.value.exit_code == 1
    return caught.value.message("en").splitlines()


def test_a_sheet_becomes_measurements_in_its_own_order(write_sheet: WriteSheet) -> None:
    trial = build_trial({}, ERRORS, design={"task": "opgave", "date": "dato", "status": "status"})
    path = write_sheet(
        "Referater, uge 3",
        "participant;opgave;arm;dato;status;task_time;errors;words;noter",
        "P1;1;baseline;12-01-2026;udført;35,5;2;400;x",
        ";;;;;;;;",
        "P2;2,0;TREATMENT;2026-01-13;afbrudt;-;;;y",
    )
    batch = read(trial, path)
    assert (batch.trial, batch.name) == ("referater", "maalinger.csv")
    assert [row.model_dump() for row in batch.measurements] == [
        {
            "arm": "baseline",
            "keys": {"participant": "P1", "opgave": "1", "dato": "2026-01-12", "status": "done"},
            "values": {"task_time": 35.5, "errors": 2.0, "words": 400.0},
        },
        {
            "arm": "treatment",
            "keys": {
                "participant": "P2",
                "opgave": "2",
                "dato": "2026-01-13",
                "status": "abandoned",
            },
            "values": {"task_time": None, "errors": None, "words": None},
        },
    ]


def test_the_arm_that_was_in_fact_used_is_named_like_the_assigned_one(
    write_sheet: WriteSheet,
) -> None:
    arms = {"baseline": {"label": "uden", "value": 0}, "treatment": {"label": "med", "value": 1}}
    trial = build_trial(design={"realised_arm": "brugt"}, arms=arms)
    path = write_sheet("participant;arm;brugt;task_time", "P1;0;1;35", "P1;1;;35")
    rows = read(trial, path).measurements
    assert [(row.arm, row.keys["brugt"]) for row in rows] == [
        ("baseline", "treatment"),
        ("treatment", None),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "P1;placebo;35",
            'column arm: found "placebo"; expected "baseline" or "treatment", the arms of the'
            " trial.",
        ),
        ("P1;;35", "column arm: found nothing; expected a value: the trial cannot do without it."),
        (
            "-;baseline;35",
            'column participant: found "-"; expected a value: the trial cannot do without it.',
        ),
        (
            "P1;baseline;en time",
            'column task_time: found "en time"; expected minutes, such as 35, 35,5, 35 min or 0:35'
            " (hours:minutes).",
        ),
        (
            "P1;baseline;0",
            'column task_time: found "0"; expected more than 0 min. Leave the cell empty where the'
            " time was not taken.",
        ),
        (
            "P1;baseline;0:00",
            'column task_time: found "0:00"; expected more than 0 min. Leave the cell empty where'
            " the time was not taken.",
        ),
        ("P1;baseline;-5", 'column task_time: found "-5"; expected no negative number.'),
        (
            "P1;baseline;1.234",
            'column task_time: found "1.234", which is 1234 or 1,234; expected a number that can'
            " be read in one way only. Write 1234, or 1,23 with two decimals.",
        ),
    ],
)
def test_a_bad_cell_is_refused_with_its_row_and_column(
    write_sheet: WriteSheet, row: str, problem: str
) -> None:
    path = write_sheet("participant;arm;task_time", "P0;treatment;20", row)
    assert problems(build_trial(), path) == [f"maalinger.csv, row 3, {problem}"]


def test_the_same_refusal_is_given_in_danish(write_sheet: WriteSheet) -> None:
    path = write_sheet("participant;arm;task_time", "P0;treatment;x")
    with pytest.raises(SheetError) as caught:
        read(build_trial(), path)
    message = caught.value.message("da")
    assert message.startswith('maalinger.csv, række 2, kolonne task_time: fandt "x"; ventede')
    assert message.endswith("minutter som 35 eller 35,5 eller 35 min eller 0:35 (timer:minutter).")


def test_a_day_outside_the_trial_is_refused(write_sheet: WriteSheet) -> None:
    path = write_sheet("participant;arm;task_time;dato", "P0;treatment;20;11-04-2026")
    assert problems(build_trial(design={"date": "dato"}), path) == [
        'maalinger.csv, row 2, column dato: found "11-04-2026"; expected a date from'
        " 12 January 2026 to 10 April 2026."
    ]


@pytest.mark.parametrize(
    ("metric", "cells", "problem"),
    [
        (ERRORS, "-1;400", 'column errors: found "-1"; expected no negative number.'),
        (ERRORS, "1;0", 'column words: found "0"; expected a number above 0.'),
        (ERRORS, "1;-400", 'column words: found "-400"; expected a number above 0.'),
        (ERRORS, "x;400", 'column errors: found "x"; expected a number such as 35 or 35,5.'),
        (
            {"kind": "share", "exposure": None},
            "1,5;400",
            'column errors: found "1,5"; expected a number from 0 to 1.',
        ),
        (
            {"kind": "share"},
            "401;400",
            'column errors: found "401"; expected at most what words says.',
        ),
        (
            {"kind": "binary", "exposure": None},
            "2;1",
            'column errors: found "2"; expected 0 or 1, or ja or nej.',
        ),
        (
            {"kind": "count", "exposure": None},
            "-2;1",
            'column errors: found "-2"; expected no negative number.',
        ),
    ],
)
def test_a_number_that_its_metric_cannot_have_is_refused(
    write_sheet: WriteSheet, metric: dict[str, Any], cells: str, problem: str
) -> None:
    trial = build_trial({}, {**ERRORS, **metric, "unit": None})
    path = write_sheet("participant;arm;task_time;errors;words", f"P0;treatment;20;{cells}")
    assert problems(trial, path) == [f"maalinger.csv, row 2, {problem}"]


def test_a_share_may_be_written_in_per_cent(write_sheet: WriteSheet) -> None:
    trial = build_trial({}, {**ERRORS, "kind": "share", "exposure": None, "unit": None})
    path = write_sheet("participant;arm;task_time;errors", "P;baseline;1;85 %", "P;baseline;1;0,5")
    assert [row.values["errors"] for row in read(trial, path).measurements] == [0.85, 0.5]


def test_one_of_several_parts_may_take_no_time_but_not_all_of_them(write_sheet: WriteSheet) -> None:
    trial = build_trial({"column": None, "columns": ["skrive", "rette"]})
    good = write_sheet("participant;arm;skrive;rette", "P;baseline;36;0", "P;baseline;0;")
    assert [row.values for row in read(trial, good).measurements] == [
        {"skrive": 36.0, "rette": 0.0},
        {"skrive": 0.0, "rette": None},
    ]
    bad = write_sheet("participant;arm;skrive;rette", "P;baseline;0;0")
    assert problems(trial, bad) == [
        "maalinger.csv, row 2, column skrive: found times that add up to 0 (skrive + rette);"
        " expected more than 0 min. Leave the cell empty where the time was not taken."
    ]


def test_the_upper_end_of_an_answer_in_bands_is_not_below_its_lower(
    write_sheet: WriteSheet,
) -> None:
    trial = build_trial({"column": None, "source": "banded", "bounds": ["fra", "til"]})
    path = write_sheet("participant;arm;fra;til", "P;baseline;0;10", "P;baseline;20;10")
    assert problems(trial, path) == [
        'maalinger.csv, row 3, column til: found "10"; expected at least what fra says.'
    ]


@pytest.mark.parametrize(
    ("kind", "column"),
    [("cluster", "team"), ("stepped_wedge", "period"), ("crossover", "participant")],
)
def test_what_the_design_cannot_do_without_may_not_be_empty(
    write_sheet: WriteSheet, kind: str, column: str
) -> None:
    names = {"participant": "participant", "team": "team", "period": "period"}
    trial = build_trial(design={"kind": kind, **names})
    row = {"participant": "P1", "team": "T1", "period": "1", column: ""}
    path = write_sheet(
        "participant;team;period;arm;task_time",
        f"{row['participant']};{row['team']};{row['period']};baseline;35",
    )
    assert problems(trial, path) == [
        f"maalinger.csv, row 2, column {column}: found nothing; expected a value: the trial cannot"
        " do without it."
    ]


def test_every_other_part_of_a_trial_gets_its_column_read(write_sheet: WriteSheet) -> None:
    trial = build_trial(
        {"pre_period": "før"},
        {**ERRORS, "rater": "bedømmer"},
        covariates=[
            {"column": "længde", "scale": "log"},
            {"column": "sagstype", "scale": "category"},
        ],
        exclusions=[
            {"rule": "pauser > 3", "reason": "x"},
            {"rule": "afdeling == Nord", "reason": "x"},
            {"rule": "kode == 7", "reason": "x"},
        ],
        hard_stops=[{"column": "lækket", "text": "x"}],
        analysis={"effect_modifiers": ["erfaring"]},
        forecast={"relative_change": -0.2, "column": "forventet"},
    )
    header = (
        "participant;arm;task_time;før;errors;words;bedømmer;længde;sagstype;pauser;afdeling;kode;"
        "lækket;erfaring;forventet"
    )
    path = write_sheet(header, "P;baseline;35;0:40;1;400;B1;12,5;3;2;Nord;7;nej;under 1 år;-0,25")
    values = read(trial, path).measurements[0].values
    assert values == {
        "task_time": 35.0,
        "før": 40.0,
        "errors": 1.0,
        "words": 400.0,
        "bedømmer": "B1",
        "længde": 12.5,
        "sagstype": "3",
        "pauser": 2.0,
        "afdeling": "Nord",
        "kode": 7.0,
        "lækket": 0.0,
        "erfaring": "under 1 år",
        "forventet": -0.25,
    }


def test_the_forecast_may_be_missing_since_only_the_baseline_sheet_has_it(
    write_sheet: WriteSheet,
) -> None:
    trial = build_trial(forecast={"relative_change": -0.2, "column": "forventet"})
    path = write_sheet("participant;arm;task_time", "P;treatment;35")
    assert read(trial, path).measurements[0].values == {"task_time": 35.0, "forventet": None}


@pytest.mark.parametrize(
    ("row", "column", "shown"),
    [
        ("010203-1234;baseline;35;x", "participant", '"010203-xxxx"'),
        ("0102031234;baseline;35;x", "participant", '"010203-xxxx"'),
        ("P1;baseline;35;ring til 010203 1234", "noter", '"ring til 010203-xxxx"'),
        ("P1;baseline;35;bo@eksempel.dk", "noter", '"xxxx@eksempel.dk"'),
        ("P1;baseline;610203-1234;x", "task_time", '"610203-xxxx"'),
    ],
)
def test_a_row_that_gives_a_person_away_is_refused_and_not_echoed(
    write_sheet: WriteSheet, row: str, column: str, shown: str
) -> None:
    path = write_sheet("participant;arm;task_time;noter", "P0;treatment;20;", row)
    lines = problems(build_trial(), path)
    assert lines[0].startswith(f"maalinger.csv, row 3, column {column}: found {shown}; expected")
    assert not any("1234" in line or "bo@" in line for line in lines)


def test_an_ordinary_case_number_of_ten_digits_is_no_cpr_number(write_sheet: WriteSheet) -> None:
    path = write_sheet("participant;arm;task_time;task", "P1;baseline;35;4512345678")
    rows = read(build_trial(design={"task": "task"}), path).measurements
    assert rows[0].keys["task"] == "4512345678"


def test_problems_stand_in_the_order_of_the_sheet(write_sheet: WriteSheet) -> None:
    path = write_sheet(
        "task_time;participant;arm", "x;;placebo", "35;P1;baseline", "0;bo@eksempel.dk;baseline"
    )
    places = [line.split(":")[0] for line in problems(build_trial(), path)]
    assert places == [
        "maalinger.csv, row 2, column task_time",
        "maalinger.csv, row 2, column participant",
        "maalinger.csv, row 2, column arm",
        "maalinger.csv, row 4, column task_time",
        "maalinger.csv, row 4, column participant",
    ]


def test_the_first_twenty_problems_are_written_out_and_the_rest_counted(
    write_sheet: WriteSheet,
) -> None:
    rows = [f"P1;baseline;x{n}" for n in range(30)]
    lines = problems(build_trial(), write_sheet("participant;arm;task_time", *rows))
    assert len(lines) == 21
    assert lines[0].startswith('maalinger.csv, row 2, column task_time: found "x0"')
    assert lines[19].startswith('maalinger.csv, row 21, column task_time: found "x19"')
    assert lines[20] == "… and 10 more problems."


def test_a_comma_separated_sheet_of_a_program_has_decimal_points(write_sheet: WriteSheet) -> None:
    path = write_sheet("participant,arm,task_time", "P1,baseline,1.234", "P1,treatment,232.0")
    rows = read(build_trial(), path).measurements
    assert [row.values["task_time"] for row in rows] == [1.234, 232.0]


def test_hours_with_a_point_are_asked_about_until_one_of_them_can_only_be_decimals(
    write_sheet: WriteSheet,
) -> None:
    trial = build_trial({"unit": "h"})
    head, one = "arm;participant;task_time", "baseline;P1;1.30"
    (problem,) = problems(trial, write_sheet(head, one, "baseline;P2;2.15"))[:1]
    assert '"1.30", which is 1 hours and 30 minutes or 1,30 hours' in problem
    assert "Write 90 min, or 1,30 t." in problem
    told = read(trial, write_sheet(head, one, "baseline;P2;2.75")).measurements
    assert [row.values["task_time"] for row in told] == [1.3, 2.75]
    for answer, hours in (("90 min", 1.5), ("1,30 t", 1.3), ("1:30", 1.5)):
        (row,) = read(trial, write_sheet(head, f"baseline;P1;{answer}")).measurements
        assert row.values["task_time"] == hours


def test_another_column_tells_that_a_point_parts_thousands(write_sheet: WriteSheet) -> None:
    path = write_sheet(
        "participant;arm;task_time;errors;words", "P1;baseline;35,5;1;1.234", "P1;baseline;1;1;1"
    )
    rows = read(build_trial({}, ERRORS), path).measurements
    assert rows[0].values["words"] == 1234.0


def test_a_missing_file_is_a_wrong_call_with_code_2(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(build_trial(), tmp_path / "findes-ikke.csv")
    assert caught.value.exit_code == 2
    assert "found no such file" in caught.value.message("en")


def test_what_is_no_file_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="something that is no file"):
        read(build_trial(), Path(os.devnull))


def test_the_published_trial_is_read_as_its_authors_wrote_it() -> None:
    path = Path(__file__).parents[3] / "shared/data/metr-oss-devs/data_complete.csv"
    if not path.is_file():
        pytest.skip("the published data set is not beside this checkout")
    trial = build_trial(
        {
            "column": None,
            "columns": ["initial_implementation_time", "post_review_implementation_time"],
        },
        design={"participant": "dev_id", "task": "issue_id", "arm": "ai_treatment"},
        arms={
            "baseline": {"label": "uden", "value": 0},
            "treatment": {"label": "med", "value": 1},
        },
        covariates=[{"column": "predicted_time_no_ai", "scale": "log"}],
    )
    rows = read(trial, path).measurements
    assert len(rows) == 246
    assert len({row.keys["dev_id"] for row in rows}) == 16
    # awk -F, 'NR>1 && $7==1.0' data_complete.csv | wc -l, and the sum of column 8
    assert sum(row.arm == "treatment" for row in rows) == 136
    first = "initial_implementation_time"
    assert sum(float(row.values[first] or 0) for row in rows) == 26256.5
    missing = sum(row.values["post_review_implementation_time"] is None for row in rows)
    assert missing == 16
