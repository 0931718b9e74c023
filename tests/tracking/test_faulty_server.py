"""An MLflow that hangs, hangs up, answers nonsense or has a full disk: said, and nothing lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from htkeval.errors import EnvironmentFailed, HtkevalError, Problem
from htkeval.tracking.memory import MemorySink
from htkeval.tracking.mlflow_sink import MlflowSink
from htkeval.tracking.publisher import SyncReport, sync
from tests.tracking.story import PUBLISHED, RUNS, TRIAL, Case

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server_that(answers: Answer) -> Iterator[str]:
    """The address of a server that answers everything in one way."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            answers(self)

        do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(timeout=10)


def saying(content: bytes, kind: str = "application/json", claimed: int | None = None) -> Answer:
    """Answers 200 and these bytes."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content) if claimed is None else claimed))
        request.end_headers()
        request.wfile.write(content)

    return answer


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")


NONSENSE = {
    "a page of a proxy": saying(b"<html>Log p\xc3\xa5</html>", "text/html"),
    "half a document": saying(b'{"experiment": {"experiment_id"'),
    "another document": saying(b'[1, "two"]'),
    "a document of other types": saying(b'{"experiment": 7, "experiments": 7, "runs": "x"}'),
    "nothing": saying(b""),
    "no text": saying(bytes(range(256)) * 40),
    "less than it says": saying(b"{}", claimed=1000),
    "hangs up": lambda request: request.connection.close(),
}


@pytest.mark.parametrize("what", NONSENSE)
def test_a_server_that_answers_nonsense_is_said_and_what_waits_is_delivered_once_afterwards(
    case: Case, titles: dict[str, str], what: str
) -> None:
    with server_that(NONSENSE[what]) as address:
        try:
            report = sync(case.store, MlflowSink(address), case.blobs, titles=titles)
        except HtkevalError as failed:
            report = SyncReport(failed=PUBLISHED, problems=(failed.problems[0].sentence,) * 4)
    assert report.failed == len(report.problems) == PUBLISHED
    assert all(str(problem).startswith("MLflow") for problem in report.problems), report.problems
    assert set(case.states()) <= {"pending", "failed"}
    sink = MemorySink()
    assert sync(case.store, sink, case.blobs, titles=titles) == SyncReport(delivered=PUBLISHED)
    assert len(sink.runs(TRIAL)) == RUNS


@pytest.mark.campaign
def test_a_server_that_takes_the_call_and_never_answers_is_away_within_seconds(
    case: Case, titles: dict[str, str]
) -> None:
    over = threading.Event()
    with server_that(lambda _: over.wait(30) and None) as address:
        begun = time.monotonic()
        with pytest.raises(EnvironmentFailed, match="an MLflow that answers"):
            sync(case.store, MlflowSink(address), case.blobs, titles=titles)
        took = time.monotonic() - begun
        over.set()
    assert took < 20  # two calls of one second each, and MLflow's own start
    assert case.states() == ["pending"] * PUBLISHED
    assert sync(case.store, MemorySink(), case.blobs, titles=titles).delivered == PUBLISHED


def test_a_full_disk_at_mlflow_while_a_file_is_sent_is_one_events_failure_and_ends_in_one_run(
    case: Case, titles: dict[str, str]
) -> None:
    class Full(MemorySink):
        full = True

        def upload(self, run_id: str, name: str, content: bytes) -> None:
            if self.full:
                raise EnvironmentFailed(Problem("MLflow", "No space left on device", "room"))
            super().upload(run_id, name, content)

    sink = Full()
    first = sync(case.store, sink, case.blobs, titles=titles)
    assert first.failed > 0
    assert all("No space left" in str(problem) for problem in first.problems)
    sink.full = False
    assert sync(case.store, sink, case.blobs, titles=titles).delivered == first.failed
    runs = sink.runs(TRIAL)
    assert len(runs) == RUNS
    assert all(run.accepted for run in runs)
