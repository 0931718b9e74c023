"""The dashboard as somebody at a browser has it: its server, and a page of Debian's Chromium."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from dashboards.serve import command
from htkeval.steps.case import open_workspace_store
from htkeval.steps.start import make_workspace
from htkeval.steps.tell import tell
from htkeval.workspace import Workspace, find

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
WAIT = 30_000
"""Milliseconds for a page on a busy machine."""


def told_of_one(folder: Path) -> Workspace:
    """A workspace with one trial, told to its end."""
    place = make_workspace(folder)
    for file in place.trial_files:
        if file.parent.name != "tale-til-tekst":
            shutil.rmtree(file.parent)
    with open_workspace_store(place) as store:
        tell(place, store, before=lambda *_: None)
    return place


@contextmanager
def served(place: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The dashboard, until it is ended or killed."""
    arguments, environment = command(find(place), port)
    with (place / "server.log").open("ab") as log:
        server = subprocess.Popen(arguments, env=environment, cwd=place, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server)
            yield server
        finally:
            server.kill()
            server.wait(timeout=20)


@contextmanager
def chromium(profile: Path, viewport: dict[str, int], flags: tuple[str, ...] = ()) -> Iterator[Any]:
    """Debian's Chromium; the profile stays, as on somebody's own."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            profile, executable_path=program, args=[*FLAGS, *flags], viewport=viewport
        )
        try:
            yield context
        finally:
            context.close()


@contextmanager
def browsing(profile: Path) -> Iterator[Any]:
    """A page of the browser on a telephone."""
    with chromium(profile, PHONE) as context:
        page = context.pages[0]
        page.set_default_timeout(WAIT)
        yield page


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers; bounded."""
    for _ in range(120):
        assert server.poll() is None, "the server ended"
        try:
            with urlopen(address, timeout=2) as answer:
                assert answer.status == 200
                return
        except (URLError, TimeoutError):
            time.sleep(0.25)
    pytest.fail("the server did not answer")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
