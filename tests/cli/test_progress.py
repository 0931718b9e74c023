"""`status TRIAL` tells how far the trial is, in every form."""

import csv
import io
import json


def test_one_trial_is_told_with_its_rows_queries_and_flow(measured, call):
    out = call("status", "proeve", "--lang", "en").out
    refused = "Tasks that somebody refused to do in their arm: 0."
    told = ("The whole trial", "Week 6 of 2099", "Came in", "Counts in the analysis", refused)
    for words in (*told, "No query is open."):
        assert words in out, words


def test_the_document_has_the_counts_and_they_add_up(measured, call):
    (line,) = json.loads(call("status", "proeve", "--format", "json").out)["trials"]
    found = line["progress"]
    came, steps = found["flow"]["came_in"], found["flow"]["steps"]
    assert came == {"rows": 48, "baseline": 24, "treatment": 24}
    assert sum(step["rows"] for step in steps) == 48
    assert (line["baseline"], line["treatment"]) == (came["baseline"], came["treatment"])
    assert found["open_queries"] == 0


def test_rows_left_out_and_queries_are_counted(measured, call):
    assert call("correct", "proeve", "--row", "1", "--set", "minutter=500", "--why", "x").code == 0
    assert call("exclude", "proeve", "--row", "2", "--why", "x").code == 0
    (line,) = json.loads(call("status", "proeve", "--format", "json").out)["trials"]
    found = line["progress"]
    asked = (found["open_queries"], found["open_by_rule"])
    assert asked == (None, {"impossible_duration": None})  # of one row, so of one person
    fates = {step["fate"]: step["rows"] for step in found["flow"]["steps"]}
    assert fates == {"by_hand": 1, "analysed": 47}
    assert "`htkeval query proeve` lists them." in call("status", "proeve", "--lang", "en").out


def test_the_csv_of_one_trial_has_the_counts_in_cells(measured, call):
    (line,) = csv.DictReader(io.StringIO(call("status", "proeve", "--format", "csv").out))
    assert line["flow"] == "came_in=48;analysed=48"
    assert "arm:baseline=24/" in line["progress"]


def test_all_trials_together_are_told_without(measured, call):
    (line,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert line["progress"] is None
    assert "progress" not in call("status", "--format", "csv").out
