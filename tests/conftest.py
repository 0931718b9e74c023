"""What every test stands on: a clean environment, and services that may not be missing in CI."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# before NumPy is loaded: threads that wait for work take the processor from the other test process
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# where the environment forbids it, every process that a test starts would compile the whole package
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["HTKEVAL_LANG"] = "en"  # before the command line is imported: help is made then
# no deadline: a machine that does something else is no fault of the code
settings.register_profile("ours", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=400)  # for `make properties`
settings.load_profile("ours")
REQUIRED = os.environ.get("HTKEVAL_REQUIRE_SERVICES") == "1"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of the person who runs it."""
    for name in list(os.environ):
        if name.startswith(("HTKEVAL_", "MLFLOW_")) and name != "HTKEVAL_REQUIRE_SERVICES":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HTKEVAL_USER", "tester")
    monkeypatch.setenv("HTKEVAL_LANG", "en")
    monkeypatch.setenv("HTKEVAL_DEBUG", "1")  # a fault of ours fails a test as what it is
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    # a Streamlit page that is run here takes this name, and processes started later would run it
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="module")
def few_draws() -> Iterator[None]:
    """999 re-randomisations for 9,999, where what they answer is not what is asked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("htkeval.evaluation.draw.lots.DRAWS", 999)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is loaded stays: Python need not look for garbage in all of it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """In CI a service that is missing is a failure, not a skip."""
    report = yield
    if REQUIRED and report.skipped and item.get_closest_marker("service"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped for want of a service: {report.longrepr}"
    return report
