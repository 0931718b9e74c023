"""What a run of MLflow says, and what must be said of it."""

from __future__ import annotations

import json
import math

import pytest

from htkeval.errors import SheetError
from htkeval.intake.technical.mlflow_run import OWN, measured, read_export
from htkeval.tracking.sink import KEY_TAG
from tests.intake.evaluated import mlflow_run


def kept(run, tallies=(), **given):
    return measured(run, tallies=dict(tallies), file="x", sha256="", software="mlflow", **given)


def flags(found):
    return [one.name for one in found.flags]


def test_metrics_are_kept_by_scorer():
    found = kept(mlflow_run())
    assert [(one.scorer, one.name, one.value) for one in found.scores] == [
        (None, "accuracy_score", 0.5),
        ("safety", "mean", 0.75),
    ]
    assert (found.complete, found.status, found.task) == (True, "FINISHED", "sagsbehandling")


@pytest.mark.parametrize(
    ("status", "name"),
    [
        ("FAILED", "error"),
        ("KILLED", "cancelled"),
        ("RUNNING", "unfinished"),
        ("SCHEDULED", "unfinished"),
    ],
)
def test_a_run_that_did_not_end_well_is_incomplete_and_says_so(status, name):
    found = kept(mlflow_run(status))
    assert (found.complete, flags(found)) == (False, [name])


def test_a_scorer_that_failed_is_counted_beside_its_mean():
    found = kept(mlflow_run(), {"safety": (3, 1)})
    assert [(one.n, one.missing) for one in found.scores] == [(None, None), (3, 1)]
    assert flags(found) == ["failed_scorers"]


def test_what_could_not_be_counted_is_told():
    assert flags(kept(mlflow_run(), counted=False)) == ["left_out"]


def test_a_metric_that_is_no_number_is_left_out_and_told():
    found = kept(mlflow_run(metrics={"a": math.nan, "b": 1}))
    assert (flags(found), len(found.scores)) == (["no_value"], 1)
    assert flags(kept(mlflow_run(metrics={}))) == ["no_scores"]


def test_a_run_that_htkeval_made_is_refused():
    assert OWN == KEY_TAG
    with pytest.raises(SheetError, match="htkeval itself"):
        kept(mlflow_run(tags={OWN: "abc"}))


def test_the_answer_of_the_rest_interface_is_the_same_run(tmp_path):
    run = mlflow_run()
    pairs = [{"key": k, "value": v, "step": 0} for k, v in run["data"]["metrics"].items()]
    file = tmp_path / "run.json"
    file.write_text(json.dumps({"run": {**run, "data": {"metrics": pairs}}}), encoding="utf-8")
    assert read_export(file).scores == kept(run).scores


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[" * 200_000, "nested too deep"),
        ('{"a": NaN}', "NaN"),
        ("{", "not JSON"),
        ("3", "JSON of something else"),
        ("[]", "no run of MLflow"),
        ("1" * 5_000, "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ('{"info": {"status": "x"}, "data": {"metrics": {"' + "a" * 300 + '": 1}}}', "300 char"),
    ],
)
def test_what_is_no_run_is_refused_in_words(tmp_path, text, found):
    file = tmp_path / "run.json"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SheetError, match=found):
        read_export(file)
