"""A run of an evaluation, read from MLflow as its own evaluations leave it."""

from __future__ import annotations

from pathlib import Path

import pytest

from htkeval.errors import UsageError
from htkeval.tracking.evaluated_run import TABLE, read_run

pytestmark = pytest.mark.filterwarnings(
    # mlflow 3.17.2 names a loader strategy that SQLAlchemy 2.1 retires, on its first import
    "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
)
SECRET = "hemmeligt"


@pytest.fixture
def run_id(mlflow_address, tmp_path):
    """Two traces: a scorer gives a value for one and fails for the other; a table of two rows."""
    from htkeval.tracking.mlflow_opening import open_client

    client = open_client(mlflow_address, tmp_path / "files")
    from mlflow.entities import AssessmentError, Feedback, TraceInfo, TraceLocation, TraceState
    from mlflow.tracing.client import TracingClient

    tracing = TracingClient(tracking_uri=mlflow_address)
    experiment = client.create_experiment("proeve", (tmp_path / "files").as_uri())
    run = client.create_run(experiment, run_name="sagsbehandling").info.run_id
    client.log_metric(run, "safety/mean", 0.5)
    table = {"columns": ["inputs", "tone/v1/score"], "data": [[SECRET, 0.25], [SECRET, None]]}
    client.log_dict(run, table, TABLE)
    for number, value in enumerate((0.5, None)):
        made = TraceInfo(
            trace_id=f"tr-{number}",
            trace_location=TraceLocation.from_experiment_id(experiment),
            request_time=1,
            state=TraceState.OK,
            request_preview=SECRET,
        )
        error = None if value else AssessmentError("SCORER_ERROR", SECRET)
        given = Feedback(name="safety", value=value, error=error, rationale=SECRET)
        trace = tracing.start_trace(made).trace_id
        tracing.log_assessment(trace, given)
        client.link_traces_to_run([trace], run)
    return run


@pytest.mark.campaign
def test_metrics_status_and_what_each_scorer_gave_are_read_and_no_text(
    mlflow_address, tmp_path, run_id
):
    found = read_run(mlflow_address, tmp_path / "files", run_id)
    assert found.run["info"]["status"] == "RUNNING"
    assert found.run["data"]["metrics"] == {"safety/mean": 0.5}
    assert found.tallies == {"safety": (1, 1), "tone/v1": (1, 1)}
    assert SECRET not in str(found)


@pytest.mark.campaign
def test_traces_that_are_too_many_are_not_half_counted(
    mlflow_address, tmp_path, run_id, monkeypatch
):
    monkeypatch.setattr("htkeval.tracking.evaluated_run.PAGE", 1)
    assert read_run(mlflow_address, tmp_path / "files", run_id).tallies["safety"] == (1, 1)
    monkeypatch.setattr("htkeval.tracking.evaluated_run.MOST_PAGES", 1)
    found = read_run(mlflow_address, tmp_path / "files", run_id)
    assert (found.counted, found.tallies) == (False, {"tone/v1": (1, 1)})


@pytest.mark.campaign
def test_a_run_that_is_not_there_is_no_such_run(mlflow_address, tmp_path):
    with pytest.raises(UsageError, match="no run"):
        read_run(mlflow_address, tmp_path, "0" * 32)


def test_asking_an_mlflow_that_is_not_there_makes_none(tmp_path: Path):
    with pytest.raises(UsageError, match="no run"):
        read_run(f"sqlite:///{tmp_path / 'none.db'}", tmp_path, "0" * 32)
    assert list(tmp_path.iterdir()) == []
