"""A trial from promise to decision, and places for its runs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from htkeval.store.store import open_store
from htkeval.tracking.lock import only_publisher
from htkeval.tracking.memory import MemorySink
from tests.tracking.story import TITLE, TRIAL, Case, tell


@dataclass(frozen=True)
class Opened:
    """What it was like to open MLflow in a new place."""

    database: Path
    said: str
    desk: list[str]


@pytest.fixture
def empty_case(tmp_path: Path) -> Iterator[Case]:
    with open_store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        yield Case(store, tmp_path / "blobs")


@pytest.fixture
def case(empty_case: Case) -> Case:
    tell(empty_case)
    return empty_case


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def titles() -> dict[str, str]:
    return {TRIAL: TITLE}


OPEN = """
import sys
from htkeval.tracking.mlflow_sink import MlflowSink
assert MlflowSink(sys.argv[1]).runs("nothing") == ()
"""


@pytest.fixture(scope="session")
def mlflow_opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """An empty MLflow database, made once, as its schema takes seconds; and what that was like.

    A process of its own makes it, in a folder that holds another MLflow's old runs. Test
    processes that run side by side share it.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "mlflow-template"
    desk, place, said = folder / "desk", folder / "place", folder / "said.txt"
    with only_publisher(folder, wait=180):
        if not said.exists():
            (desk / "mlruns" / "0").mkdir(parents=True)
            (desk / "mlruns" / "0" / "meta.yaml").write_text("experiment_id: '0'\n")
            made = subprocess.run(
                [sys.executable, "-c", OPEN, f"sqlite:///{place / 'mlflow.db'}"],
                cwd=desk,
                capture_output=True,
                text=True,
                check=False,
                timeout=150,
            )
            said.write_text(made.stdout + made.stderr)
    left = sorted(str(file.relative_to(desk)) for file in desk.glob("**/*"))
    return Opened(place / "mlflow.db", said.read_text(), left)


@pytest.fixture
def mlflow_template(mlflow_opened: Opened) -> Path:
    """An empty MLflow database to copy."""
    assert mlflow_opened.said == ""
    return mlflow_opened.database


@pytest.fixture
def mlflow_address(mlflow_template: Path, tmp_path: Path) -> str:
    """The address of a fresh MLflow database."""
    (tmp_path / "runs").mkdir()
    shutil.copy(mlflow_template, tmp_path / "runs" / "mlflow.db")
    return f"sqlite:///{tmp_path / 'runs' / 'mlflow.db'}"


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Sick(BaseHTTPRequestHandler):
    """Answers 500 to everything, and asks to be left alone for an hour."""

    def _fail(self) -> None:
        self.send_response(500)
        self.send_header("Retry-After", "3600")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = do_PATCH = _fail  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def sick_server() -> Iterator[str]:
    """The address of a server that fails at everything."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Sick) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(timeout=10)
