"""An MLflow server with safe settings, and delivery through it."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from htkeval.errors import EnvironmentFailed, UsageError
from htkeval.tracking.memory import MemorySink
from htkeval.tracking.mlflow_sink import MlflowSink
from htkeval.tracking.publisher import compare, rebuild_all, sync
from htkeval.tracking.server import command
from tests.tracking.story import PUBLISHED, RUNS, TRIAL, Breaking, tell, without_numbers

pytestmark = pytest.mark.filterwarnings(
    # mlflow 3.17.2 names a loader strategy that SQLAlchemy 2.1 retires, on its first import
    "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
)

START = 150.0
"""Seconds that a server may take to start on a busy machine; six are usual."""


def test_the_server_is_lean_local_and_silent(tmp_path):
    arguments, environment = command(f"sqlite:///{tmp_path / 'mlflow.db'}", port=5001)
    assert arguments[:4] == [sys.executable, "-m", "mlflow", "server"]
    told = dict(zip(arguments[4::2], arguments[5::2], strict=True))
    assert told["--host"] == "127.0.0.1"
    assert told["--port"] == "5001"
    assert told["--workers"] == "1"
    assert told["--artifacts-destination"] == (tmp_path / "mlartifacts").as_uri()
    assert told["--allowed-hosts"] == "localhost:*,127.0.0.1:*"
    assert told["--x-frame-options"] == "DENY"
    assert environment["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] == "false"
    assert environment["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert environment["MLFLOW_ENABLE_REMOTE_ASSISTANT"] == "false"


def test_a_reverse_proxy_can_be_named(tmp_path):
    arguments, _ = command("sqlite:///a.db", tmp_path, allowed_hosts=("mlflow.htk.dk",))
    assert "localhost:*,127.0.0.1:*,mlflow.htk.dk" in arguments


@pytest.mark.parametrize("address", ["http://127.0.0.1:5000", "mlruns", ""])
def test_a_server_is_started_on_a_database_only(address, tmp_path):
    with pytest.raises(UsageError, match="a server can be started on"):
        command(address, tmp_path)


class Server:
    """A real server on this machine that can be killed and started again."""

    def __init__(self, folder: Path, port: int):
        tracking = f"sqlite:///{folder / 'mlflow.db'}"
        self.arguments, added = command(tracking, folder / "mlartifacts", port=port)
        self.environment = {**os.environ, **added}
        self.address = f"http://127.0.0.1:{port}"
        self.log = folder / "server.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.arguments,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(URLError, ConnectionError, TimeoutError):
                urlopen(f"{self.address}/health", timeout=2).close()
                return
            time.sleep(0.1)
        pytest.fail(f"no MLflow server within {START:.0f} s: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """As a power cut would: the server and its worker, which share a session of their own."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, 9)
            self.process.wait(timeout=10)


@pytest.fixture(scope="module")
def server(tmp_path_factory, mlflow_opened):
    import shutil
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(mlflow_opened.database, folder / "mlflow.db")
    running = Server(folder, port)
    try:
        running.start()
        yield running
    finally:
        running.kill()


def passed(case, sink, titles):
    return [check.passed for check in compare(case.store, sink, case.blobs, titles=titles)]


@pytest.mark.service
def test_through_a_server_the_runs_are_the_same(empty_case, server, titles, capfd):
    case, trial = empty_case, "through-a-server"
    tell(case, trial=trial)
    sink = MlflowSink(server.address)
    report = sync(case.store, sink, case.blobs, titles=titles)
    assert report.delivered == PUBLISHED
    twin = MemorySink()
    rebuild_all(case.store, twin, case.blobs, titles=titles)
    assert without_numbers(sink.runs(trial)) == without_numbers(twin.runs(trial))
    assert passed(case, sink, titles) == [True]
    assert capfd.readouterr() == ("", "")


@pytest.mark.service
def test_a_server_that_is_killed_on_the_way_ends_with_one_complete_run_each(
    empty_case, server, titles
):
    case, trial = empty_case, "killed-on-the-way"
    tell(case, trial=trial)

    class Cut(Breaking):
        """Kills the server instead of the client."""

        def __getattr__(self, name):
            if self._left == 0:
                server.kill()
                self._left = 10**6
            return super().__getattr__(name)

    for calls in (5, 9, 13):
        with pytest.raises(EnvironmentFailed, match="an MLflow that answers"):
            sync(case.store, Cut(MlflowSink(server.address), calls), case.blobs, titles=titles)
        assert "sending" not in case.states()
        server.start()
    sync(case.store, MlflowSink(server.address), case.blobs, titles=titles)
    assert case.states() == ["sent"] * PUBLISHED
    sink = MlflowSink(server.address)
    assert len(sink.runs(trial)) == RUNS
    assert passed(case, sink, titles) == [True]


@pytest.mark.service
def test_the_server_answers_to_no_other_name_and_cannot_be_framed(server):
    with urlopen(f"{server.address}/", timeout=10) as answer:
        assert answer.headers["X-Frame-Options"] == "DENY"
    stranger = Request(f"{server.address}/", headers={"Host": "evil.example"})
    with pytest.raises(URLError, match="403"):
        urlopen(stranger, timeout=10)


@pytest.mark.service
def test_what_was_delivered_directly_is_shown_by_a_server_on_the_same_database(
    empty_case, server, titles
):
    case = empty_case
    tell(case)
    direct = MlflowSink(server.arguments[server.arguments.index("--backend-store-uri") + 1])
    sync(case.store, direct, case.blobs, titles=titles)
    through = MlflowSink(server.address)
    assert without_numbers(through.runs(TRIAL)) == without_numbers(direct.runs(TRIAL))
    assert passed(case, through, titles) == [True]
