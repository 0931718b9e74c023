"""The app reads the store and the files, through a cache that is never stale."""

import shutil
from datetime import UTC, datetime

import pytest

from dashboards import evidence
from htkeval.errors import UsageError
from htkeval.steps.case import open_case
from htkeval.steps.register import register
from htkeval.steps.states import state
from tests.business.test_knowing import rates
from tests.examples import write_workspace

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def place(tmp_path, monkeypatch):
    root = write_workspace(tmp_path / "place")
    monkeypatch.chdir(root)
    return evidence.workspace()


def promise(place, actor):
    with open_case(place, "proeve") as case:
        register(case, policy=place.policy, actor=actor, now=NOW)


def test_a_new_workspace_shows_its_trial_without_measurements(place):
    (state,) = evidence.load(place).trials
    assert state.trial.id == "proeve"
    assert state.analysis is None


def test_a_new_event_is_seen_at_once(place, actor):
    assert evidence.load(place).trials[0].registration is None
    promise(place, actor)
    assert evidence.load(place).trials[0].registration is not None


def test_a_changed_file_is_seen_at_once(place):
    assert evidence.load(place).committee
    file = place.root / "configs" / "municipality.toml"
    text = file.read_text("utf-8").replace(evidence.load(place).committee, "Teknisk Udvalg")
    file.write_text(text, encoding="utf-8")
    assert evidence.load(place).committee == "Teknisk Udvalg"


def test_nothing_is_read_twice_while_nothing_happens(place, monkeypatch):
    evidence.load(place)

    def never(*_):
        raise AssertionError("read again")

    monkeypatch.setattr("htkeval.steps.states.portfolio", never)
    assert evidence.load(place).trials


def test_what_happens_to_one_trial_makes_no_other_be_read_again(place, actor, monkeypatch):
    other = place.root / "experiments" / "anden"
    shutil.copytree(place.root / "experiments" / "proeve", other)
    text = (other / "trial.toml").read_text("utf-8").replace('id = "proeve"', 'id = "anden"')
    (other / "trial.toml").write_text(text, encoding="utf-8")
    assert {state.trial.id for state in evidence.load(place).trials} == {"proeve", "anden"}
    read = []

    def reading(case, **options):
        read.append(case.file.id)
        return state(case, **options)

    monkeypatch.setattr("htkeval.steps.states.state", reading)
    promise(place, actor)
    stands = {one.trial.id: one.registration for one in evidence.load(place).trials}
    assert (stands["proeve"] is not None, stands["anden"], read) == (True, None, ["proeve"])
    (other / "trial.toml").write_text(text.replace("En prøve", "En anden"), encoding="utf-8")
    evidence.load(place)
    assert read == ["proeve", "anden"]


def test_what_going_on_costs_is_drawn_once_until_something_behind_it_changes(place, monkeypatch):
    from dataclasses import replace

    from tests.business.test_supporting import state as of

    monkeypatch.setattr(type(place), "rates", rates())
    drawn = []
    monkeypatch.setattr("htkeval.steps.worth.going_on", lambda one, _: drawn.append(one.trial.id))
    one = of("nr-1", verdict="prolong", minutes=(-9, -6, -3))
    for _ in range(3):
        evidence.going_on(place, one)
    assert drawn == ["nr-1"]
    evidence.going_on(place, replace(one, people=7))  # an event that its worth does not follow from
    assert drawn == ["nr-1"]
    evidence.going_on(place, replace(one, analysis_fingerprint="a new one"))
    assert drawn == ["nr-1", "nr-1"]
    evidence.going_on(place, of("nr-2", verdict="go"))
    assert drawn == ["nr-1", "nr-1"]


def test_outside_a_workspace_there_is_an_error_that_says_where_to_look(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        evidence.workspace()


def test_reading_never_loads_mlflow(place):
    import subprocess
    import sys

    code = (
        "import sys; from dashboards import evidence; evidence.load(evidence.workspace()); "
        "print('mlflow' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=place.root, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"
