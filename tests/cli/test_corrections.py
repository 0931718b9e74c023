"""A value that is put right, a row that is left out: seen with who, when and why."""

import csv
import io
import json

import pytest
from sqlalchemy import text

from htkeval.cli.options import now, who
from htkeval.errors import EnvironmentFailed
from htkeval.steps.case import open_case
from htkeval.steps.correct import Which, correct
from htkeval.store import corrections
from htkeval.workspace import at
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed
from tests.examples import sheet
from tests.store.deliveries import drop_guards


def listed(call, *more):
    answer = call("rows", "proeve", "--format", "json", *more)
    assert answer.code == 0, answer.err
    return json.loads(answer.out)["rows"]


def put(call, *more, row="7", why="Uret gik forkert."):
    return call("correct", "proeve", "--row", row, "--why", why, "--as", "Ida", *more)


def state(call):
    return json.loads(call("status", "proeve", "--format", "json").out)["trials"][0]


def rows_of(place):
    with open_case(at(place, {}), "proeve") as case:
        return case.store.measurements("proeve")


def minutes(place):
    return [row.values["minutter"] for row in rows_of(place)]


def test_a_value_that_is_put_right_counts_and_the_old_one_is_on_record(measured, call):
    before = minutes(measured)
    answer = put(call, "--set", "minutter=35,5")
    assert answer.code == 0, answer.err
    assert "Row 7: minutter from 15.4 to 35.5 on" in answer.out
    assert "by Ida: Uret gik forkert." in answer.out
    assert sorted(minutes(measured)) == sorted([*before[:6], 35.5, *before[7:]])
    (row,) = listed(call, "--row", "7")
    (change,) = row["history"]
    assert (row["values"]["minutter"], row["counts"]) == (35.5, True)
    assert (change["column"], change["before"], change["after"]) == ("minutter", 15.4, 35.5)
    assert (change["by"], change["why"]) == ("Ida", "Uret gik forkert.")
    assert failed(call) == set()


def test_the_event_says_what_stood_before_and_after(measured, call):
    assert put(call, "--set", "minutter=0:35", "--set", "fejl=ja").code == 0
    (event,) = events(measured, "correction")
    assert event.payload["changes"] == [
        {"column": "fejl", "before": 0.0, "after": 1.0},
        {"column": "minutter", "before": 15.4, "after": 35.0},
    ]
    assert (event.payload["why"], event.actor.name) == ("Uret gik forkert.", "Ida")


def test_a_row_keeps_its_number_through_every_correction(measured, call):
    for minute in ("30", "31", "15,4"):
        assert put(call, "--set", f"minutter={minute}").code == 0
    (row,) = listed(call, "--row", "7")
    assert [one["after"] for one in row["history"]] == [30.0, 31.0, 15.4]
    assert len(listed(call)) == len(minutes(measured)) == 48
    assert failed(call) == set()


def test_an_analysis_from_before_is_told_to_be_run_again_and_then_sees_the_new_value(
    measured, call
):
    def mean():
        found = json.loads(call("analyse", "proeve", "--format", "json").out)
        effects = [e for e in found["effects"] if e["scale"] == "difference"]
        return next(e for e in effects if e["metric"] == "task_time")["treatment"]["mean"]

    before = mean()
    assert state(call)["stale"] is False
    assert "Data changed" in put(call, "--set", "minutter=39,4").out
    assert (state(call)["stale"], state(call)["data_changed"]) == (True, True)
    assert "data changed after the analysis" in call("status", "proeve").out
    treated = 24
    assert mean() == pytest.approx(before + (39.4 - 15.4) / treated)
    assert state(call)["stale"] is False
    assert failed(call) == set()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("minutter=hurtigt", "minutes, such as 35"),
        ("minutter=0", "more than 0"),
        ("minutter=-3", "no negative number"),
        ("arm=måske", "the arms of the trial"),
        ("arm=", "cannot do without it"),
        ("ukendt=1", "one of the trial's columns"),
        ("medarbejder=010203-1234", "nothing that names a citizen"),
        ("minutter=15,4", "the same values already"),
    ],
)
def test_a_value_that_no_sheet_could_have_is_refused(measured, call, setting, said):
    answer = put(call, "--set", setting)
    assert (answer.code, events(measured, "correction")) == (1, ())
    assert said in answer.err
    assert "010203-1234" not in answer.err


@pytest.mark.parametrize("given", ["minutter", "=3"])
def test_a_setting_that_is_none_is_called_wrongly(measured, call, given):
    assert put(call, "--set", given).code == 2
    assert put(call, "--set", "fejl=1", "--set", "fejl=0").code == 2
    assert call("correct", "proeve", "--set", "fejl=1", "--why", "x").code == 2


def test_a_row_that_is_none_or_several_is_refused(measured, call):
    assert "no such row" in put(call, "--set", "fejl=1", row="99").err
    who_ = rows_of(measured)[0].keys["medarbejder"]
    answer = call("correct", "proeve", "--participant", who_, "--set", "fejl=1", "--why", "x")
    assert answer.code == 1
    assert "8 rows with these keys (row 1, 7, 13, 19, 25, 31, 37, 43)" in answer.err
    answer = call("correct", "proeve", "--task", "t", "--set", "fejl=1", "--why", "x")
    assert (answer.code, "no column for" in answer.err) == (1, True)
    assert events(measured, "correction") == ()


def test_a_reason_that_names_a_person_or_nothing_is_refused(measured, call):
    assert put(call, "--set", "fejl=1", why="bo@eksempel.dk spurgte").code == 1
    assert put(call, "--set", "fejl=1", why="  ").code == 1
    assert events(measured, "correction") == ()


def test_an_arm_that_was_drawn_by_lot_stays(measured, call):
    with open_case(at(measured, {}), "proeve") as case:
        case.store.append("proeve", "allocation", {}, actor=who("Ida"), now=now())
        before = case.store.last()
    answer = put(call, "--set", "arm=uden")
    assert (answer.code, "drawn by lot" in answer.err) == (1, True)
    with open_case(at(measured, {}), "proeve") as case:
        assert case.store.last() == before


def test_a_row_that_becomes_one_with_the_tool_was_here_since_its_delivery(place, call):
    """Registered after its delivery: put right afterwards, it shows that this was too late."""
    only = [line for line in sheet(year=2099).splitlines() if ";med;" not in line]
    (place / "uden.csv").write_text("\n".join(only) + "\n", encoding="utf-8")
    assert call("add", "proeve", "uden.csv").code == 0
    assert call("register", "proeve").code == 0
    assert state(call)["registered_in_time"] is True
    assert put(call, "--set", "arm=med", row="3").code == 0
    assert state(call)["registered_in_time"] is False
    told = state(call)
    assert (told["rows"], told["baseline"], told["treatment"]) == (24, None, None)  # of one person


def test_a_wrong_pseudonym_is_put_right_and_stands_in_no_event(measured, call):
    assert put(call, "--set", "medarbejder=Q9").code == 0
    (row,) = listed(call, "--participant", "Q9")
    assert (row["id"], row["history"][0]["after"]) == (7, "Q9")
    assert "Q9" not in json.dumps([event.payload for event in events(measured)])
    assert failed(call) == set()


def test_the_event_and_the_row_are_stored_together_or_not_at_all(measured, monkeypatch):
    monkeypatch.setattr(corrections, "_NEW", text("INSERT INTO nowhere (batch) VALUES (:batch)"))
    before = minutes(measured)
    with open_case(at(measured, {}), "proeve") as case, pytest.raises(EnvironmentFailed):
        correct(case, Which(row=7), {"fejl": "1"}, why="x", actor=who("Ida"), now=now())
    assert (minutes(measured), events(measured, "correction")) == (before, ())


@pytest.mark.parametrize(
    "change",
    [
        "measured = '{}'",
        "supersedes = 8",
        "supersedes = NULL",
        "number = 2",
    ],
)
def test_a_correction_that_was_changed_from_outside_is_found(measured, call, change):
    assert put(call, "--set", "minutter=30").code == 0
    assert failed(call) == set()
    with open_case(at(measured, {}), "proeve") as case, case.store.engine.begin() as connection:
        drop_guards(connection)
        connection.execute(text(f"UPDATE measurement SET {change} WHERE id = 49"))
    assert "rows" in failed(call)


def test_a_correction_whose_row_was_taken_out_is_found(measured, call):
    assert put(call, "--set", "minutter=30").code == 0
    with open_case(at(measured, {}), "proeve") as case, case.store.engine.begin() as connection:
        drop_guards(connection)
        connection.execute(text("DELETE FROM measurement WHERE id = 49"))
    assert "rows" in failed(call)


def test_a_row_that_is_left_out_stays_on_record_and_is_told_as_a_deviation(measured, call):
    answer = call("exclude", "proeve", "--row", "7", "--why", "Strømmen gik.", "--as", "Ida")
    assert answer.code == 0, answer.err
    assert "told as a deviation" in answer.out
    assert len(minutes(measured)) == 47
    assert sum((state(call)["baseline"], state(call)["treatment"])) == 47
    (row,) = listed(call, "--row", "7")
    assert (row["counts"], row["history"][0]["kind"]) == (False, "excluded")
    found = json.loads(call("analyse", "proeve", "--format", "json").out)
    (told,) = found["deviations"]
    assert (found["rows"], told["why"], told["what"]) == (47, "Strømmen gik.", ["row 7 left out"])
    assert failed(call) == set()
    for again in (
        call("exclude", "proeve", "--row", "7", "--why", "igen"),
        put(call, "--set", "fejl=1"),
    ):
        assert (again.code, "left out already" in again.err) == (1, True)


def test_a_row_that_was_corrected_can_be_left_out_and_earlier_moments_still_hold_it(measured, call):
    assert put(call, "--set", "minutter=30").code == 0
    corrected = events(measured)[-1].seq
    assert call("exclude", "proeve", "--row", "7", "--why", "x").code == 0
    assert 30.0 not in minutes(measured)
    with open_case(at(measured, {}), "proeve") as case:
        then = case.store.measurements("proeve", until=corrected)
    assert len(then) == 48
    assert [row.values["minutter"] for row in then].count(30.0) == 1


def test_before_a_promise_there_is_nothing_to_deviate_from(place, call):
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    answer = call("exclude", "proeve", "--row", "1", "--why", "x")
    assert (answer.code, "deviation" in answer.out) == (0, False)
    assert events(place, "deviation") == ()
    assert len(minutes(place)) == 47


def test_rows_are_listed_as_a_table_and_as_csv_with_every_change(measured, call):
    assert put(call, "--set", "minutter=30", "--set", "arm=uden").code == 0
    assert call("exclude", "proeve", "--row", "8", "--why", "x").code == 0
    table = call("rows", "proeve").out
    assert "(8)" in table
    assert "Row 7: arm from med to uden" in table
    assert "Row 8: left out on" in table
    lines = list(csv.DictReader(io.StringIO(call("rows", "proeve", "--format", "csv").out)))
    assert len(lines) == 49
    mine = [line for line in lines if line["row"] == "7"]
    assert {(m["column"], m["before"], m["after"]) for m in mine} == {
        ("arm", "med", "uden"),
        ("minutter", "15.4", "30.0"),
    }
    assert {m["minutter"] for m in mine} == {"30.0"}


def test_a_trial_without_rows_has_an_empty_list(place, call):
    assert listed(call) == []
    assert call("rows", "proeve").out == "No row came in yet.\n"
    assert call("rows", "proeve", "--format", "csv").code == 0


def test_a_number_or_a_name_that_no_row_has_is_said_in_a_sentence(measured, call):
    for which in (("--row", "4711"), ("--participant", "M99")):
        answer = call("rows", "proeve", *which)
        assert (answer.code, "No row is so." in answer.out) == (0, True)
