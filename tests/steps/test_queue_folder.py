"""A folder of sheets that wait: each comes in once, in order, whatever happens on the way."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from htkeval.errors import EnvironmentFailed, Problem
from htkeval.steps import queue_folder
from htkeval.steps.queue_folder import DELIVERED, REFUSED, deliver_waiting, waiting
from tests.steps.conftest import WHEN, WHO


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "indbakke"
    place.mkdir()
    return place


def put(folder: Path, name: str, *rows: str, age: float = 60.0, head="arm;person;task_time;task"):
    """A sheet that has not changed for so many seconds."""
    file = folder / name
    file.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    then = time.time() - age
    os.utime(file, (then, then))
    return file


def deliver(case, folder):
    return list(deliver_waiting(case, folder, actor=WHO, now=WHEN))


def test_sheets_come_in_by_name_and_are_put_away(open_case, folder):
    case = open_case(task="task", team=None, period=None)
    put(folder, "02.csv", "baseline;P1;9;2")
    put(folder, "01.csv", "baseline;P1;9;1")
    put(folder, "~$03.csv", "baseline;P1;9;3")
    (folder / "noter.docx").write_bytes(b"x")
    assert [one.file for one in deliver(case, folder)] == ["01.csv", "02.csv"]
    names = [event.payload["name"] for event in case.store.events(case.file.id, "batch")]
    assert names == ["01.csv", "02.csv"]
    assert sorted(f.name for f in (folder / DELIVERED).iterdir()) == ["01.csv", "02.csv"]
    assert deliver(case, folder) == []


def test_a_sheet_that_was_kept_and_not_put_away_counts_once(open_case, folder, monkeypatch):
    case = open_case(task="task", team=None, period=None)
    put(folder, "01.csv", "baseline;P1;9;1", "treatment;P1;7;2")

    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(queue_folder, "_put_away", stopped)
        with pytest.raises(KeyboardInterrupt):
            deliver(case, folder)
    assert case.store.counts(case.file.id) == {"baseline": 1, "treatment": 1}
    (again,) = deliver(case, folder)
    assert again.added is not None
    assert again.added.duplicate
    assert case.store.counts(case.file.id) == {"baseline": 1, "treatment": 1}
    assert waiting(folder) == ()


def test_while_the_store_is_away_sheets_wait_in_their_order(open_case, folder, monkeypatch):
    case = open_case(task="task", team=None, period=None)
    put(folder, "01.csv", "baseline;P1;9;1")
    put(folder, "02.csv", "baseline;P1;9;2")

    def away(*_, **__):
        raise EnvironmentFailed(Problem("store", "locked", ""))

    with monkeypatch.context() as broken:
        broken.setattr(queue_folder, "add_files", away)
        with pytest.raises(EnvironmentFailed):
            deliver(case, folder)
    assert [file.name for file in waiting(folder)] == ["01.csv", "02.csv"]
    assert [one.file for one in deliver(case, folder)] == ["01.csv", "02.csv"]


def test_a_sheet_that_is_being_written_waits_and_so_do_those_after_it(open_case, folder):
    case = open_case(task="task", team=None, period=None)
    put(folder, "01.csv", "baseline;P1;9;1")
    half = put(folder, "02.csv", "baseline;P1;9;2", age=0.0)
    put(folder, "03.csv", "baseline;P1;9;3")
    assert [one.file for one in deliver(case, folder)] == ["01.csv"]
    then = time.time() - 60
    os.utime(half, (then, then))
    assert [one.file for one in deliver(case, folder)] == ["02.csv", "03.csv"]


def test_a_sheet_that_is_refused_is_put_aside_and_the_next_comes_in(open_case, folder):
    case = open_case(task="task", team=None, period=None)
    put(folder, "01.csv", "baseline;P1;ni;1")
    put(folder, "02.csv", "baseline;P1;9;2")
    put(folder, "02.csv", "baseline;P1;9;2")
    refused, added = deliver(case, folder)
    assert refused.refused is not None
    assert added.added is not None
    assert [f.name for f in (folder / REFUSED).iterdir()] == ["01.csv"]
    put(folder, "01.csv", "baseline;P1;10;1")
    put(folder, "02.csv", "baseline;P1;9;2", "baseline;P1;9;3")
    assert [one.added.here for one in deliver(case, folder)] == [0, 1]
    assert sorted(f.name for f in (folder / DELIVERED).iterdir()) == [
        "01.csv",
        "02 (2).csv",
        "02.csv",
    ]


def test_week_nine_comes_in_before_week_ten(open_case, folder):
    case = open_case(task="task", team=None, period=None)
    for name in ("uge10.csv", "uge9.csv", "Uge1.csv", "uge9b.csv"):
        put(folder, name, f"baseline;P1;9;{name}")
    told = [one.file for one in deliver(case, folder)]
    assert told == ["Uge1.csv", "uge9.csv", "uge9b.csv", "uge10.csv"]


def test_a_folder_that_is_away_is_waited_for(open_case, folder):
    case = open_case(task="task", team=None, period=None)
    put(folder, "01.csv", "baseline;P1;9;1")
    away = folder.rename(folder.with_name("andetsteds"))
    with pytest.raises(EnvironmentFailed, match="a folder that can be read and written"):
        deliver(case, folder)
    away.rename(folder)
    assert [one.file for one in deliver(case, folder)] == ["01.csv"]


def test_a_folder_that_goes_while_sheets_are_delivered_loses_and_doubles_nothing(open_case, folder):
    case = open_case(task="task", team=None, period=None)
    put(folder, "01.csv", "baseline;P1;9;1")
    put(folder, "02.csv", "baseline;P1;9;2")
    coming = deliver_waiting(case, folder, actor=WHO, now=WHEN)
    assert next(coming).file == "01.csv"
    away = folder.rename(folder.with_name("andetsteds"))
    assert list(coming) == []
    away.rename(folder)
    assert [one.file for one in deliver(case, folder)] == ["02.csv"]
    assert len(case.store.measurements(case.file.id)) == 2


def test_a_sheet_of_a_day_to_come_is_taken_once_nobody_writes_to_it(open_case, folder, monkeypatch):
    case = open_case(task="task", team=None, period=None)
    file = put(folder, "01.csv", "baseline;P1;9;1", age=-86_400)

    def copied_meanwhile(_):
        put(folder, "01.csv", "baseline;P1;9;1", "treatment;P1;7;2", age=-86_400)

    monkeypatch.setattr(queue_folder.time, "sleep", copied_meanwhile)
    assert deliver(case, folder) == []
    monkeypatch.setattr(queue_folder.time, "sleep", lambda _: None)
    assert [one.file for one in deliver(case, folder)] == ["01.csv"]
    assert not file.exists()
