"""A lead's day, from the empty sheet to the proof: the command line and a real browser."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from htkeval.workspace import find
from tests.dashboards.in_a_browser import PHONE, browsing, free_port, served
from tests.dashboards.test_browser import OUTPUT
from tests.examples import TRIAL, write_workspace

pytestmark = pytest.mark.service

TODAY = date.today()  # noqa: DTZ011 - the day of this computer, as the page takes it
DAY = (
    TRIAL.replace("2026-01-12", str(TODAY - timedelta(days=10)))
    .replace("2026-04-10", str(TODAY + timedelta(days=80)))
    .replace('date = "dato"', 'date = "dato"\ntask = "sag"\nallocation = "bernoulli"')
)
Run = Callable[..., str]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace with one trial that is under way."""
    return write_workspace(tmp_path / "place", DAY)


@pytest.fixture
def run(place: Path) -> Run:
    """The command line, in the workspace."""

    def said(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "htkeval", *arguments, "--lang", "da"],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    return said


def fill(file: Path) -> None:
    """Six people's tasks of last week, written in the sheet by an office's own program."""
    from openpyxl import load_workbook

    book = load_workbook(file)
    sheet = book.worksheets[1]
    names = {cell.value: cell.column for cell in sheet[3]}
    for n in range(24):
        row = {"arm": ("uden", "med")[n % 2], "medarbejder": f"M-{n % 6 + 1:02}"}
        row |= {"sag": f"sag {n}", "dato": TODAY - timedelta(days=3), "fejl": n % 5 == 0}
        row |= {"minutter": 40 - 8 * (n % 2) + n % 3}
        for name, value in row.items():
            sheet.cell(4 + n, names[name]).value = int(value) if name == "fejl" else value
    book.save(file)


def test_nothing_of_a_leads_day_is_lost(place: Path, run: Run, tmp_path: Path) -> None:
    run("register", "proeve")
    run("template", "proeve", "-o", "skema.xlsx")
    fill(place / "skema.xlsx")
    assert "minutter" in run("add", "proeve", "skema.xlsx", "--preview")
    run("add", "proeve", "skema.xlsx")

    port = free_port()
    address = f"http://127.0.0.1:{port}/time?trial=proeve&participant=M-07"
    with served(place, port) as server:
        with browsing(tmp_path / "profile") as page:
            page.goto(address)
            page.get_by_label("Opgave", exact=True).fill("sag 100")
            page.keyboard.press("Tab")
            choose(page)
            page.get_by_role("button", name="Start", exact=True).click()
            page.get_by_text("Du kan lukke siden").wait_for()
            page.screenshot(path=shot("stopwatch.png"))
        os.kill(server.pid, signal.SIGKILL)  # the browser is closed, the machine stops
        server.wait(timeout=20)
    assert list(rows(run)) == list(range(1, 25))

    with served(place, port), browsing(tmp_path / "profile") as page:
        page.goto(address)
        page.get_by_text("Uret går", exact=True).wait_for()
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("button", name="Gem og tag næste").wait_for()
        page.get_by_text("Nej", exact=True).first.click()
        page.screenshot(path=shot("stopwatch-form.png"), full_page=True)
        page.get_by_role("button", name="Gem og tag næste").click()
        page.get_by_label("Opgave", exact=True).wait_for()
        assert page.locator("body").evaluate("b => b.scrollWidth") <= PHONE["width"]

    timed = rows(run)[25]
    assert timed["keys"]["sag"] == "sag 100"
    assert 0 < timed["values"]["minutter"] < 10
    (event,) = [e for e in events(place) if e.payload.get("timed")]
    assert event.payload["timed"]["resumed"] is True

    run("correct", "proeve", "--row", "25", "--set", "minutter=33", "--why", "uret stod stille")
    assert rows(run)[25]["values"]["minutter"] == 33
    run("analyse", "proeve")
    run("sync")
    before = figures(place)
    run("erase", "proeve", "--participant", "M-07", "--why", "bad om det")
    assert len(rows(run)) == 24
    run("verify")
    run("analyse", "proeve")
    run("sync")
    shutil.rmtree(place / ".htkeval" / "mlflow", ignore_errors=True)
    for file in (place / ".htkeval").glob("mlflow*"):
        file.unlink()
    run("sync", "--rebuild")
    run("verify")
    after = figures(place)
    assert before <= after, "the rebuilt MLflow lacks a figure"


def test_what_is_pressed_while_the_server_is_away_is_kept_and_sent_later(
    place: Path, run: Run, tmp_path: Path
) -> None:
    run("register", "proeve")
    port = free_port()
    address = f"http://127.0.0.1:{port}/time?trial=proeve&participant=M-07"
    with browsing(tmp_path / "profile") as page:
        with served(place, port):
            page.goto(address)
            page.get_by_label("Opgave", exact=True).fill("sag 1")
            page.keyboard.press("Tab")
            choose(page)
            page.get_by_role("button", name="Start", exact=True).click()
            page.get_by_text("Du kan lukke siden").wait_for()
        page.get_by_role("button", name="Pause", exact=True).click()
        page.get_by_text("Ikke gemt endnu").wait_for()
        with served(place, port):
            page.goto(address)
            page.get_by_role("button", name="Fortsæt", exact=True).wait_for()
            page.get_by_text("Gemt kl.").wait_for()
            page.get_by_role("button", name="Stop", exact=True).click()
            page.get_by_role("button", name="Gem og tag næste").wait_for()
    kinds = [e.payload["press"]["kind"] for e in events(place) if e.kind == "press"]
    assert kinds == ["start", "pause", "stop"]


def test_on_a_shared_device_nobody_sees_or_stops_what_another_pressed_without_a_connection(
    place: Path, run: Run, tmp_path: Path
) -> None:
    run("register", "proeve")
    port = free_port()
    address = f"http://127.0.0.1:{port}/time?trial=proeve&participant="

    def begin(page: Any, person: str) -> None:
        page.goto(address + person)
        page.get_by_label("Opgave", exact=True).fill(f"sag {person}")
        page.keyboard.press("Tab")
        choose(page)
        page.get_by_role("button", name="Start", exact=True).wait_for()

    with browsing(tmp_path / "profile") as page:
        with served(place, port):
            begin(page, "M-07")
        page.get_by_role("button", name="Start", exact=True).click()
        page.get_by_text("Ikke gemt endnu").wait_for()
        with served(place, port):
            begin(page, "M-08")
            assert not [e for e in events(place) if e.kind == "press"]
            page.get_by_role("button", name="Start", exact=True).click()
            page.get_by_text("Du kan lukke siden").wait_for()
            page.goto(address + "M-07")
            page.get_by_label("Opgave", exact=True).fill("sag M-07")
            page.keyboard.press("Tab")
            page.get_by_text("Du kan lukke siden").wait_for()
    other, first = [e.payload for e in events(place) if e.kind == "press"]
    assert [one["keys"]["sag"] for one in (other, first)] == ["sag M-08", "sag M-07"]
    assert other["subject"] != first["subject"]
    assert first["press"]["clock"] < other["press"]["clock"]


def choose(page: Any) -> None:
    """What a lot says, or where none is drawn what somebody says."""
    draw = page.get_by_role("button", name="Træk lod")
    chosen = page.get_by_text("Hvordan laves den?")
    draw.or_(chosen).first.wait_for()
    if draw.is_visible():
        draw.click()
    else:
        page.get_by_text("Med AI", exact=True).click()


def shot(name: str) -> str:
    OUTPUT.mkdir(exist_ok=True)
    return str(OUTPUT / name)


def rows(run: Run) -> dict[int, dict[str, Any]]:
    told = json.loads(run("rows", "proeve", "--format", "json"))
    return {one["id"]: one for one in told["rows"]}


def events(place: Path) -> tuple[Any, ...]:
    from htkeval.steps.case import read_workspace_store

    with read_workspace_store(find(place)) as store:
        return store.events("proeve")


def figures(place: Path) -> set[tuple[str, float]]:
    """Every metric that MLflow holds of the registration and the analyses, by run name."""
    import mlflow

    workspace = find(place)
    client = mlflow.MlflowClient(tracking_uri=workspace.tracking)
    found = set()
    for experiment in client.search_experiments():
        for one in client.search_runs([experiment.experiment_id]):
            found |= {(name, value) for name, value in one.data.metrics.items()}
    return found
