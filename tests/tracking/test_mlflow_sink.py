"""The same in MLflow itself, on SQLite, as people see it there."""

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from htkeval.errors import EnvironmentFailed, Refused, UsageError
from htkeval.store.store import open_store
from htkeval.tracking.from_event import publications
from htkeval.tracking.memory import MemorySink
from htkeval.tracking.mlflow_opening import sqlite_file
from htkeval.tracking.mlflow_sink import MlflowSink
from htkeval.tracking.publisher import SyncReport, compare, rebuild_all, sync
from tests.often import often
from tests.tracking.story import (
    ANALYSIS,
    PUBLISHED,
    RUNS,
    TITLE,
    TRIAL,
    Breaking,
    Case,
    Killed,
    tell,
    without_numbers,
)
from tests.tracking.test_later_papers import PAPER, keep

pytestmark = pytest.mark.filterwarnings(
    # mlflow 3.17.2 names a loader strategy that SQLAlchemy 2.1 retires, on its first import
    "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def mlflow_sink(mlflow_address):
    return MlflowSink(mlflow_address)


@pytest.fixture
def delivered(case, mlflow_sink, titles):
    assert sync(case.store, mlflow_sink, case.blobs, titles=titles).delivered == PUBLISHED
    return case


@pytest.fixture
def client(mlflow_address):
    return client_of(mlflow_address)


def client_of(address):
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=address)


def passed(case, sink, titles):
    return [check.passed for check in compare(case.store, sink, case.blobs, titles=titles)]


@pytest.fixture(scope="module")
def shown(tmp_path_factory, mlflow_opened):
    """A delivered story that tests only look at: the case, and the address of its MLflow."""
    folder = tmp_path_factory.mktemp("shown")
    shutil.copy(mlflow_opened.database, folder / "mlflow.db")
    address = f"sqlite:///{folder / 'mlflow.db'}"
    with open_store(f"sqlite:///{folder / 'store.db'}") as store:
        case = Case(store, folder / "blobs")
        tell(case)
        report = sync(store, MlflowSink(address), case.blobs, titles={TRIAL: TITLE})
        assert report == SyncReport(delivered=PUBLISHED)
        yield case, address


def test_mlflow_holds_what_its_twin_in_memory_holds(shown, titles):
    case, address = shown
    twin, sink = MemorySink(), MlflowSink(address)
    rebuild_all(case.store, twin, case.blobs, titles=titles)
    assert without_numbers(sink.runs(TRIAL)) == without_numbers(twin.runs(TRIAL))
    assert passed(case, sink, titles) == [True]


def test_search_runs_shows_params_metrics_tags_and_nested_runs(shown, monkeypatch):
    import mlflow

    monkeypatch.setenv("MLFLOW_TRACKING_URI", shown[1])
    frame = mlflow.search_runs(experiment_names=[TRIAL]).set_index("tags.mlflow.runName")
    assert len(frame) == RUNS
    assert set(frame["status"]) == {"FINISHED"}
    assert set(frame["tags.htk.state"]) == {"verified"}
    analysis = frame.loc["analysis 4"]
    assert analysis["metrics.task_time.ratio.estimate"] == 0.8047281516
    assert analysis["params.evidence_level"] == "E4"
    arm = frame.loc["snapshot 3: treatment"]
    assert arm["tags.mlflow.parentRunId"] == frame.loc["snapshot 3"]["run_id"]
    assert arm["metrics.task_time.mean"] == 25.9
    assert str(analysis["start_time"]) == "2026-04-13 15:00:00.123000+00:00"
    assert analysis["start_time"] == analysis["end_time"]
    assert frame.loc["decision 5: go_with_conditions"]["params.outcome"] == "go_with_conditions"


def test_the_experiment_carries_the_title_and_the_files_stand_beside_the_database(shown):
    case, address = shown
    client = client_of(address)
    experiment = client.get_experiment_by_name(TRIAL)
    assert experiment.tags["mlflow.note.content"] == TITLE
    (run,) = client.search_runs([experiment.experiment_id], "params.evidence_level = 'E4'")
    assert [file.path for file in client.list_artifacts(run.info.run_id)] == ["analysis.json"]
    folder = (case.blobs.parent / "mlartifacts").as_uri()
    assert run.info.artifact_uri == f"{folder}/{TRIAL}/{run.info.run_id}/artifacts"
    file = case.blobs.parent / "mlartifacts" / TRIAL / run.info.run_id / "artifacts"
    assert (file / "analysis.json").read_bytes() == ANALYSIS


def test_the_snapshot_is_an_input_of_the_analysis_with_its_fingerprint(shown):
    case, address = shown
    client = client_of(address)
    digest = case.store.latest(TRIAL, "snapshot").payload["sha256"]
    experiment = client.get_experiment_by_name(TRIAL).experiment_id
    for kind in ("snapshot", "analysis"):
        (run,) = client.search_runs([experiment], f"tags.`htk.kind` = '{kind}'")
        (used,) = run.inputs.dataset_inputs
        assert used.dataset.digest == digest[:36]
        assert used.dataset.profile == '{"num_rows": 159}'
        assert {tag.key: tag.value for tag in used.tags}["htk.sha256"] == digest


def test_delivering_and_rebuilding_again_make_no_further_run(shown, titles):
    case, address = shown
    sink = MlflowSink(address)
    assert sync(case.store, sink, case.blobs, titles=titles) == SyncReport()
    again = rebuild_all(case.store, sink, case.blobs, titles=titles)
    assert again == SyncReport(already=PUBLISHED)
    assert len(sink.runs(TRIAL)) == RUNS


def test_more_runs_than_one_page_are_all_read(shown, monkeypatch):
    monkeypatch.setattr("htkeval.tracking.mlflow_sink.PAGE", 4)
    assert len({run.run_id for run in MlflowSink(shown[1]).runs(TRIAL)}) == RUNS


def test_an_empty_mlflow_gets_the_same_runs(shown, mlflow_address, titles):
    case, address = shown
    new = MlflowSink(mlflow_address)
    assert rebuild_all(case.store, new, case.blobs, titles=titles).delivered == PUBLISHED
    old = MlflowSink(address)
    assert without_numbers(new.runs(TRIAL)) == without_numbers(old.runs(TRIAL))
    assert passed(case, new, titles) == [True]


@pytest.mark.parametrize("calls", often([3, 17, 24, 38], [17]))
def test_killed_on_the_way_the_next_delivery_ends_with_one_complete_run_each(
    case, mlflow_address, titles, calls
):
    with pytest.raises(Killed):
        sync(case.store, Breaking(MlflowSink(mlflow_address), calls), case.blobs, titles=titles)
    sink = MlflowSink(mlflow_address)
    sync(case.store, sink, case.blobs, titles=titles)
    assert len(sink.runs(TRIAL)) == RUNS
    assert passed(case, sink, titles) == [True]


def test_what_somebody_edits_in_mlflow_is_found(delivered, client, mlflow_sink, titles):
    experiment = client.get_experiment_by_name(TRIAL).experiment_id
    (run,) = client.search_runs([experiment], "tags.`htk.kind` = 'analysis'")
    client.log_metric(run.info.run_id, "task_time.ratio.estimate", 0.5)
    client.set_tag(run.info.run_id, "htk.simulated", "true")
    client.log_text(run.info.run_id, "{}", "analysis.json")
    found = compare(delivered.store, mlflow_sink, delivered.blobs, titles=titles)
    assert [check.passed for check in found] == [False] * 3


def test_a_run_that_somebody_deletes_is_found_and_can_be_rebuilt(
    delivered, client, mlflow_sink, titles
):
    client.delete_run(mlflow_sink.runs(TRIAL)[0].run_id)
    assert passed(delivered, mlflow_sink, titles).count(False) > 0
    assert rebuild_all(delivered.store, mlflow_sink, delivered.blobs, titles=titles).delivered == 1
    assert passed(delivered, mlflow_sink, titles) == [True]


def test_a_paper_that_is_kept_after_its_decision_comes_into_the_finished_run(
    delivered, client, mlflow_sink, titles
):
    keep(delivered)
    report = sync(delivered.store, mlflow_sink, delivered.blobs, titles=titles)
    assert report == SyncReport(delivered=1)
    (run,) = [one for one in mlflow_sink.runs(TRIAL) if one.tags["htk.kind"] == "decision"]
    assert run.accepted
    names = [file.path for file in client.list_artifacts(run.run_id)]
    assert names == ["decision.json", "paper-p1-da.pdf", "recommendation.json"]
    assert mlflow_sink.fetch(run.run_id, "paper-p1-da.pdf") == PAPER
    assert passed(delivered, mlflow_sink, titles) == [True]


def test_runs_that_people_make_themselves_are_left_alone(delivered, client, mlflow_sink, titles):
    experiment = client.get_experiment_by_name(TRIAL).experiment_id
    client.create_run(experiment, run_name="mine")
    assert len(mlflow_sink.runs(TRIAL)) == RUNS + 1
    assert passed(delivered, mlflow_sink, titles) == [True]


def test_a_key_is_never_taken_from_what_a_person_wrote(mlflow_sink):
    with pytest.raises(ValueError, match="not a key"):
        mlflow_sink.find(TRIAL, "x' OR tags.a = 'b")


def test_a_deleted_experiment_is_reported_and_not_brought_back(
    delivered, client, mlflow_address, titles
):
    client.delete_experiment(client.get_experiment_by_name(TRIAL).experiment_id)
    tell(delivered)
    sink = MlflowSink(mlflow_address)
    report = sync(delivered.store, sink, delivered.blobs, titles=titles)
    assert report.failed == PUBLISHED
    assert "an experiment that somebody deleted" in str(report.problems[0])
    first = compare(delivered.store, sink, delivered.blobs, titles=titles)[0]
    assert first.passed is False
    assert "an experiment that somebody deleted" in str(first.message)


def test_a_param_that_was_changed_is_refused_by_mlflow_too(case, mlflow_sink):
    (run,) = publications(case.store.events()[0], "A title")
    made = mlflow_sink.create(run, parent_run=None)
    mlflow_sink.log(made, run.model_copy(update={"params": {"policy": "mine"}}))
    with pytest.raises(Refused):
        mlflow_sink.log(made, run)


def test_the_longest_values_arrive_whole(case, mlflow_sink):
    (run,) = publications(case.store.events()[0], "A title")
    long = run.model_copy(
        update={
            "params": {f"p{n}": "æ" * 6000 for n in range(120)},
            "metrics": {f"m{n}": n / 7 for n in range(1100)},
            "tags": {**run.tags, "htk.reason": "ø" * 8000},
        }
    )
    made = mlflow_sink.create(long, parent_run=None)
    mlflow_sink.log(made, long)
    (stored,) = mlflow_sink.runs(TRIAL)
    assert (stored.params, stored.metrics) == (long.params, long.metrics)
    assert stored.tags["htk.reason"] == "ø" * 8000


DELIVER = """
import os, sys
from pathlib import Path
from htkeval.store.store import open_store
from htkeval.tracking.mlflow_sink import MlflowSink
from htkeval.tracking.publisher import sync
from tests.tracking.story import Breaking
store, runs, blobs, calls = sys.argv[1:]
sink = Breaking(MlflowSink(runs), int(calls), error=lambda: os.kill(os.getpid(), 9))
with open_store(store) as opened:
    sync(opened, sink, Path(blobs), titles={})
"""
"""A delivery in a process of its own, which the system kills after so many calls."""


@pytest.mark.campaign  # every day within this process: what is killed on the way, above
def test_a_process_killed_by_the_system_leaves_nothing_in_the_way(case, mlflow_address, titles):
    arguments = [str(case.store.engine.url), mlflow_address, str(case.blobs), "20"]
    killed = subprocess.run(
        [sys.executable, "-c", DELIVER, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (killed.returncode, killed.stdout, killed.stderr) == (-9, b"", b"")
    assert case.states() == ["sent", "sending", "pending", "pending"]
    sink = MlflowSink(mlflow_address)
    assert sync(case.store, sink, case.blobs, titles=titles).delivered == PUBLISHED - 1
    assert len(sink.runs(TRIAL)) == RUNS
    assert passed(case, sink, titles) == [True]


MAKE_HALF = """
import sys, threading, time, os, signal
from pathlib import Path
from htkeval.tracking.mlflow_opening import open_client
file = Path(sys.argv[1])
def stop():
    while not any(part.stat().st_size > 100_000 for part in file.parent.rglob("mlflow.db")):
        time.sleep(0.002)
    os.kill(os.getpid(), signal.SIGKILL)
threading.Thread(target=stop, daemon=True).start()
open_client(f"sqlite:///{file}", file.parent / "artifacts")
time.sleep(60)
"""


def test_half_of_mlflows_tables_are_made_again_and_never_take_the_files_name(
    mlflow_template, tmp_path, monkeypatch
):
    """What a process killed on the way leaves, by hand: some table in the folder of the making."""
    file = tmp_path / "new" / "mlflow.db"

    def half(address, _):
        with sqlite3.connect(sqlite_file(address)) as made:
            made.execute("CREATE TABLE alembic_version (version_num)")
        made.close()
        raise Killed

    monkeypatch.setattr("htkeval.tracking.mlflow_opening._make_tables", half)
    with pytest.raises(Killed):
        MlflowSink(f"sqlite:///{file}").runs(TRIAL)
    assert not file.exists() or file.stat().st_size == 0
    assert [part.name for part in file.parent.rglob("mlflow.db") if part != file] == ["mlflow.db"]

    def whole(address, _):
        made = sqlite_file(address)
        assert not made.exists()
        shutil.copy(mlflow_template, made)

    monkeypatch.setattr("htkeval.tracking.mlflow_opening._make_tables", whole)
    assert MlflowSink(f"sqlite:///{file}").runs(TRIAL) == ()
    assert [part.name for part in file.parent.glob("*.making*")] == []


@pytest.mark.campaign
def test_a_process_killed_while_mlflow_makes_its_tables_blocks_nothing(case, tmp_path, titles):
    """MLflow cannot go on with half of its tables."""
    file = tmp_path / "new" / "mlflow.db"
    file.parent.mkdir()
    killed = subprocess.run(
        [sys.executable, "-c", MAKE_HALF, str(file)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -9, killed.stderr
    assert not file.exists() or file.stat().st_size == 0
    sink = MlflowSink(f"sqlite:///{file}")
    assert sync(case.store, sink, case.blobs, titles=titles).delivered == PUBLISHED
    assert passed(case, sink, titles) == [True]
    assert [part.name for part in file.parent.glob("*.making*")] == []


def test_publishers_at_once_with_mlflows_of_their_own_make_one_run_each(
    case, mlflow_address, titles, tmp_path
):
    def publish():
        with open_store(f"sqlite:///{tmp_path / 'store.db'}") as store:
            return sync(store, MlflowSink(mlflow_address), case.blobs, titles=titles)

    with ThreadPoolExecutor(3) as pool:
        reports = [each.result(timeout=60) for each in [pool.submit(publish) for _ in range(3)]]
    assert sum(report.delivered for report in reports) == PUBLISHED
    assert len(MlflowSink(mlflow_address).runs(TRIAL)) == RUNS


def test_in_a_new_place_it_says_nothing_and_does_not_mind_old_runs_in_the_working_directory(
    mlflow_opened,
):
    assert mlflow_opened.said == ""
    assert mlflow_opened.desk == ["mlruns", "mlruns/0", "mlruns/0/meta.yaml"]
    with sqlite3.connect(mlflow_opened.database) as runs:
        roots = runs.execute("SELECT artifact_location FROM experiments").fetchall()
        mode = runs.execute("PRAGMA journal_mode").fetchone()
    runs.close()
    place = mlflow_opened.database.parent / "mlartifacts"
    assert (roots, mode) == ([(f"{place.as_uri()}/0",)], ("wal",))


def test_a_file_that_is_no_database_is_said_at_once(tmp_path):
    (tmp_path / "mlflow.db").write_bytes(b"not a database, but long enough to look at" * 30)
    began = time.monotonic()
    with pytest.raises(EnvironmentFailed, match="file is not a database"):
        MlflowSink(f"sqlite:///{tmp_path / 'mlflow.db'}").runs(TRIAL)
    assert time.monotonic() - began < 5


def test_a_database_of_another_mlflow_is_said_with_what_to_do(mlflow_address, tmp_path):
    with sqlite3.connect(tmp_path / "runs" / "mlflow.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0c779009ac13'")
    database.close()
    with pytest.raises(EnvironmentFailed, match="mlflow db upgrade"):
        MlflowSink(mlflow_address).runs(TRIAL)


@pytest.mark.parametrize("address", ["", "mlruns", "file:///tmp/mlruns", "databricks", "sqlite://"])
def test_an_address_that_is_not_ours_to_use_is_refused_and_everything_waits(case, titles, address):
    with pytest.raises(UsageError, match="MLFLOW_TRACKING_URI"):
        sync(case.store, MlflowSink(address), case.blobs, titles=titles)
    assert case.states() == ["pending"] * PUBLISHED


def test_a_dead_server_is_said_in_seconds_and_everything_waits(case, titles, free_port):
    sink = MlflowSink(f"http://maja:secret@127.0.0.1:{free_port}")
    began = time.monotonic()
    with pytest.raises(EnvironmentFailed, match="an MLflow that answers") as failed:
        sync(case.store, sink, case.blobs, titles=titles)
    assert time.monotonic() - began < 10
    assert case.states() == ["pending"] * PUBLISHED
    assert "secret" not in failed.value.message("en") + str(case.store.outbox())
    assert "Nothing is lost" in failed.value.message("en")


def test_a_server_that_answers_500_to_everything_is_away(case, titles, sick_server):
    with pytest.raises(EnvironmentFailed):
        sync(case.store, MlflowSink(sick_server), case.blobs, titles=titles)
    assert case.states() == ["pending"] * PUBLISHED


def test_a_database_server_without_a_folder_for_files_is_refused():
    with pytest.raises(UsageError, match="keeps files"):
        MlflowSink("postgresql+psycopg://maja:secret@localhost/runs").runs(TRIAL)


def test_logging_is_quiet_once_mlflow_is_open(mlflow_sink):
    mlflow_sink.runs(TRIAL)
    for name in ("mlflow", "alembic"):
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR)
