"""MLflow on PostgreSQL, without a server of its own and in the same database as the store."""

import pytest

from htkeval.errors import EnvironmentFailed
from htkeval.store.store import open_store
from htkeval.tracking.mlflow_sink import MlflowSink
from htkeval.tracking.publisher import compare, sync
from tests.store.conftest import empty_database, postgresql
from tests.tracking.story import PUBLISHED, RUNS, TITLE, TRIAL, Case, tell

__all__ = ["empty_database", "postgresql"]

pytestmark = [
    pytest.mark.service,
    pytest.mark.filterwarnings(
        # mlflow 3.17.2 names a loader strategy that SQLAlchemy 2.1 retires, on its first import
        "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
    ),
]


def test_store_and_runs_live_in_one_database(request, tmp_path):
    address = request.getfixturevalue("empty_database")
    with open_store(address) as store:
        case = Case(store, tmp_path / "blobs")
        tell(case)
        sink = MlflowSink(address, artifacts=tmp_path / "mlartifacts")
        titles = {TRIAL: TITLE}
        assert sync(store, sink, case.blobs, titles=titles).delivered == PUBLISHED
        assert len(sink.runs(TRIAL)) == RUNS
        (check,) = compare(store, sink, case.blobs, titles=titles)
        assert check.passed is True
    assert len(list((tmp_path / "mlartifacts" / TRIAL).iterdir())) == PUBLISHED


def test_a_database_server_that_is_away_is_said(tmp_path):
    address = f"postgresql+psycopg://maja:secret@/runs?host={tmp_path}"
    with pytest.raises(EnvironmentFailed, match="an MLflow that answers") as failed:
        MlflowSink(address, artifacts=tmp_path).runs(TRIAL)
    assert "secret" not in failed.value.message("en")
