"""What a page keeps is never older than what it rests on: each thing that may move, moved alone."""

from __future__ import annotations

import json
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboards import evidence, keeping, working
from htkeval.evidence_package import as_written
from htkeval.intake.evidence_file import Incoming
from htkeval.steps import pool
from htkeval.steps.case import open_workspace_store
from htkeval.steps.exchange import take
from htkeval.store import blobs
from htkeval.text import Text
from tests.dashboards import places
from tests.dashboards.places import AFTER, WHO
from tests.packages import QUESTION, package

LATER = datetime(2027, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return places.full(tmp_path_factory.mktemp("full") / "place")


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    root = Path(shutil.copytree(made, tmp_path / "place"))
    monkeypatch.chdir(root)
    return evidence.workspace()


def asks(place, *, more: str) -> None:
    """The trial asks a question that others ask too, and the policy says something more."""
    trial = place.root / "experiments" / "proeve" / "trial.toml"
    text = trial.read_text("utf-8")
    trial.write_text(f'question_id = "{QUESTION}"\n{text}', encoding="utf-8")
    rules = place.root / "configs" / "policy.toml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("[go]\n", f"[go]\n{more}\n"), encoding="utf-8")


def others(place):
    found = evidence.load(place).trials[0].recommendation
    return next(one.met for one in found.requirements if one.id == "neighbours")


def test_what_comes_from_others_moves_the_verdict_of_ours(place):
    asks(place, more="neighbours = true")
    assert others(place) is None
    five = [package(i, -0.2 - i / 100) for i in range(5)]
    coming = [Incoming(f"{i}.json", one, as_written(one)) for i, one in enumerate(five)]
    with open_workspace_store(place) as store:
        take(store, coming, directions={}, actor=WHO, now=LATER)
    assert others(place) is True


def test_what_ours_says_to_its_question_is_of_the_day_it_is_asked_and_of_what_others_say(
    place, monkeypatch
):
    asks(place, more="neighbours = true")
    said = []

    def counting(case, *more):
        said.append(case.file.id)
        return pool_says(case, *more)

    pool_says = pool.says
    monkeypatch.setattr(pool, "says", counting)
    evidence.questions(place)
    evidence.questions(place)
    assert said == ["proeve"]
    monkeypatch.setattr(keeping, "local_day", lambda _: LATER.date())
    evidence.questions(place)
    assert said == ["proeve"] * 2
    one = package("a")
    with open_workspace_store(place) as store:
        take(store, [Incoming("a", one, as_written(one))], directions={}, actor=WHO, now=LATER)
    evidence.questions(place)
    assert said == ["proeve"] * 3


def test_a_run_that_failed_to_reach_mlflow_is_told_though_as_many_wait(place):
    def state():
        return next(one.state for one in working.trace(place, "proeve").kept if one.state)

    assert state() == "pending"
    with open_workspace_store(place) as store:
        key = store.outbox()[0].key
        store.mark(key, "sending")
        assert state() == "sending"
        store.mark(key, "failed", error="gone")
    assert state() == "failed"


def test_a_store_that_was_put_back_from_a_copy_is_read_anew(place):
    """As many events again, others: the numbers are the same, the links are not."""
    kept = place.root.parent / "copy.db"
    file = places.store_of(place.root)
    shutil.copy(file, kept)

    def gate(state):
        from htkeval.steps.case import open_case
        from htkeval.steps.gate import set_gate

        with open_case(place, "proeve") as case:
            set_gate(
                case, "dpia", state, on=AFTER.date(), responsible="DPO", document=None,
                why="Fordi", actor=WHO, now=LATER,
            )  # fmt: skip
        return {one.id: one.state for one in evidence.load(place).trials[0].gates}["dpia"]

    assert gate("closed") == "closed"
    places.missing(place.root)
    shutil.copy(kept, file)
    assert gate("forbidden") == "forbidden"


@pytest.mark.parametrize("name", ["configs/municipality.toml", "experiments/proeve/trial.toml"])
def test_a_file_that_brought_its_own_time_is_read_anew(place, name):
    before = evidence.load(place)
    file = place.root / name
    when = file.stat().st_mtime_ns
    old, new = (before.committee, "B" * len(before.committee))
    if name.endswith("trial.toml"):
        old, new = "En prøve", "En anden"
    text = file.read_text("utf-8")
    assert old in text
    other = file.with_suffix(".new")
    other.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(other, ns=(when, when))
    other.replace(file)
    assert file.stat().st_mtime_ns == when
    after = evidence.load(place)
    assert after.committee == new or after.trials[0].file_differs


def test_an_analysis_that_is_gone_is_not_shown_from_memory(place):
    from htkeval.errors import EnvironmentFailed

    stands = evidence.load(place).trials[0]
    assert stands.analysis is not None
    file = blobs.path(place.blobs, stands.analysis_fingerprint)
    kept = file.read_bytes()
    file.unlink()
    with pytest.raises(EnvironmentFailed):
        evidence.load(place)
    blobs.put(place.blobs, kept)
    assert evidence.load(place).trials[0].analysis == stands.analysis


def test_rows_that_came_back_are_shown_again(place):
    stands = evidence.load(place).trials[0]
    file = blobs.path(place.blobs, stands.snapshot)
    kept = file.read_bytes()
    file.unlink()
    assert isinstance(working.in_groups(place, "proeve"), Text)
    blobs.put(place.blobs, kept)
    assert not isinstance(working.in_groups(place, "proeve"), Text)


def test_how_far_a_trial_is_turns_with_the_day_here_not_with_that_of_greenwich(place, monkeypatch):
    """Ten to midnight and ten past, in a Danish summer: one day in UTC, two here."""
    from htkeval.steps import progress

    monkeypatch.setenv("TZ", "Europe/Copenhagen")
    time.tzset()
    asked = []

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            del tz
            return moment[0]

    moment = [datetime(2026, 7, 5, 21, 50, tzinfo=UTC)]
    real = progress.progress

    def counting(case, *, now):
        asked.append(now)
        return real(case, now=now)

    monkeypatch.setattr(progress, "progress", counting)
    monkeypatch.setattr(keeping, "datetime", Clock)
    working.progress(place, "proeve")
    moment[0] = datetime(2026, 7, 5, 22, 10, tzinfo=UTC)
    working.progress(place, "proeve")
    monkeypatch.undo()
    time.tzset()
    assert len(asked) == 2


def test_no_page_changes_what_all_sessions_share(place, monkeypatch):
    def shown():
        return json.dumps(repr((evidence.load(place), evidence.questions(place))))

    before = shown()
    for path in ("", "trial", "effects", "raw", "trace", "progress", "neighbours"):
        places.opened(path, monkeypatch, trial="proeve")
    assert shown() == before
