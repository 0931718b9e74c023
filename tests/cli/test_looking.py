"""Looks from the shell: refused without a size, in order, logged with who looked."""

import dataclasses
import json
from datetime import UTC, datetime

import pytest

from htkeval.cli import speech
from htkeval.cli.documents import schema
from htkeval.decision import Actor, Recommendation
from htkeval.errors import StateError
from htkeval.planning.floors import floor
from htkeval.planning.limits import limits
from htkeval.reporting.tables import history
from htkeval.steps.case import open_case
from htkeval.steps.look import look as take
from htkeval.steps.plan import known
from htkeval.steps.snapshot import snapshot
from htkeval.steps.states import state_of
from htkeval.workspace import at
from tests.examples import TO_COME, sheet
from tests.planning.conftest import trial_of

SIZE = 'date = "dato"\nclusters = 6\ntasks_each = 8'
WHO = Actor(name="Ida", known_by="declared")
WHEN = datetime(2099, 2, 1, 9, tzinfo=UTC)
PRIMARY = "task_time"
LOOKS = "\n[analysis]\nlooks = [0.5, 1.0]\n"
PLAN = TO_COME.replace('date = "dato"', SIZE) + LOOKS


@pytest.fixture
def speak(monkeypatch):
    """Sets the language of the command line."""

    def spoken(language):
        monkeypatch.setenv("HTKEVAL_LANG", language)
        speech.language.cache_clear()

    yield spoken
    speech.language.cache_clear()


@pytest.fixture
def looking(ready, place, call):
    """A registered trial with two looks and half of its measurements; the rest in b.csv."""
    return ready("looking", lambda: _looking(place, call))


def _looking(place, call):
    (place / "experiments" / "proeve" / "trial.toml").write_text(PLAN, encoding="utf-8")
    lines = sheet(48, year=2099).splitlines()
    (place / "a.csv").write_text("\n".join(lines[:25]) + "\n", encoding="utf-8")
    (place / "b.csv").write_text("\n".join([lines[0], *lines[25:]]) + "\n", encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "a.csv").code == 0


def events(place, kind):
    with open_case(at(place, {}), "proeve") as case:
        return case.store.events("proeve", kind)


@pytest.mark.parametrize(("language", "word"), [("da", "Angiv clusters"), ("en", "State clusters")])
def test_looks_without_a_size_are_not_registered(place, call, speak, language, word):
    speak(language)
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME + LOOKS, encoding="utf-8")
    refused = call("register", "proeve")
    assert refused.code == 1
    assert word in refused.err
    assert "tasks_each" in refused.err
    assert events(place, "registration") == ()


def test_what_looks_rest_on_is_frozen_and_a_trial_without_them_is_as_before(place, call, speak):
    speak("da")
    file = place / "experiments" / "proeve" / "trial.toml"
    assert call("register", "proeve").code == 0
    (plain,) = events(place, "registration")
    assert "information" not in plain.payload
    other = place / "experiments" / "andet"
    other.mkdir()
    (other / "trial.toml").write_text(PLAN.replace('id = "proeve"', 'id = "andet"'), "utf-8")
    said = call("register", "andet")
    assert "Kig 1 af 2, ved 50 pct.: p højst 0,0031." in " ".join(said.out.split())
    with open_case(at(place, {}), "andet") as case:
        kept = case.registration.payload["information"]
    assert (kept["units"], kept["tasks_each"], kept["log_sd"], kept["icc"]) == (6, 8, 0.6, 0.14)
    # tasks 0.6² (1 - .14) twice over 24, reactions .1² over 6 people
    assert kept["variance"] == pytest.approx(2 * 0.36 * 0.86 / 24 + 0.01 / 6, rel=1e-9)
    assert file.is_file()


def test_looks_are_taken_in_order_and_logged_with_who_looked(looking, call, speak):
    speak("en")
    assert call("analyse", "proeve", "--look", "2").code == 1
    assert events(looking, "look") == ()
    first = call("analyse", "proeve", "--look", "1", "--as", "Ida")
    assert first.code == 0
    assert "look 1 of 2" in first.out
    (event,) = events(looking, "look")
    assert (event.actor.name, event.payload["k"], event.payload["final"]) == ("Ida", 1, False)
    # 24 tasks of 48, two a side of each person: tasks' variance doubles, that of reactions stays
    task, reaction = 2 * 0.36 * 0.86 / 24, 0.01 / 6
    fraction = (task + reaction) / (2 * task + reaction)
    assert event.payload["fraction"] == pytest.approx(fraction, rel=1e-9)
    again = call("analyse", "proeve", "--look", "1")
    assert again.code == 1
    assert "a look that Ida took" in again.err
    early = call("analyse", "proeve", "--look", "2")
    assert early.code == 1
    assert "of the look before" in early.err
    assert call("add", "proeve", "b.csv").code == 0
    last = json.loads(call("analyse", "proeve", "--look", "2", "--format", "json").out)
    effect = next(e for e in last["effects"] if e["confirmatory"])
    assert effect["look"]["k"] == effect["look"]["of"] == 2
    assert [e.payload["final"] for e in events(looking, "look")] == [False, True]
    assert call("analyse", "proeve", "--look", "3").code == 1
    shown = json.loads(call("analyse", "proeve", "--format", "json").out)
    assert shown == last  # the same rows are the same look
    assert call("verify", "--no-runs").code == 0


def test_before_a_look_nothing_is_shown_or_decided(looking, call):
    import jsonschema

    found = json.loads(call("analyse", "proeve", "--format", "json").out)
    assert [e for e in found["effects"] if e["role"] == "primary"] == []
    assert found["sensitivity"] == [] or {s["metric"] for s in found["sensitivity"]} == {"errors"}
    assert "between_looks" in {c["name"] for c in found["checks"]}
    advice = json.loads(call("recommend", "proeve", "--format", "json").out)
    assert advice["verdict"] == "prolong"
    jsonschema.validate(advice, schema(Recommendation))
    assert call("verify", "--no-runs").code == 0


def test_a_look_is_at_a_registered_trial_with_looks_and_not_at_a_sheet(measured, call):
    assert call("analyse", "proeve", "--look", "1").code == 1
    assert call("analyse", "proeve", "--look", "1", "--data", "maal.csv").code == 2
    assert events(measured, "look") == ()


def test_four_against_four_can_find_nothing_at_look_one_of_two():
    looks = {"analysis": {"looks": [0.5, 1.0]}}
    four, six = (trial_of("parallel", clusters=n, tasks_each=4, more=looks) for n in (8, 12))
    told = [
        [one.possible for one in limits(t, reach, method="rerandomisation")]
        for t, reach in (
            (four, floor(four, units=8, tasks_each=4)),
            (six, floor(six, units=12, tasks_each=4)),
        )
    ]
    assert told == [[False, True], [True, True]]  # 2 / 70 = .0286 and 2 / 924 = .0022 against .0031
    by_cr2 = limits(four, floor(four, units=8, tasks_each=4), method="cr2")
    assert [one.possible for one in by_cr2] == [True, True]


def test_a_look_that_somebody_else_took_at_the_same_moment_is_refused(looking):
    with open_case(at(looking, {}), "proeve") as case:
        frozen = snapshot(case, actor=WHO, now=WHEN)
        blind = dataclasses.replace(case, store=Stale(case.store))
        take(case, 1, frozen=frozen, actor=WHO, now=WHEN)
        with pytest.raises(StateError, match="a moment ago"):
            take(blind, 1, frozen=frozen, actor=WHO, now=WHEN)
        assert len(case.store.events("proeve", "look")) == 1


class Stale:
    """A store that was read before anybody looked, and written to afterwards."""

    def __init__(self, store):
        self.store = store

    def __getattr__(self, name):
        return getattr(self.store, name)

    def events(self, trial, kind=None):
        return () if kind == "look" else self.store.events(trial, kind)

    def newest(self, trial, *kinds):
        return self.store.newest(trial, *kinds) | {"look": 0}


def test_between_looks_no_mean_of_an_arm_leaves_by_the_snapshot(looking, call):
    assert call("analyse", "proeve", "--look", "1").code == 0
    assert call("add", "proeve", "b.csv").code == 0
    assert call("snapshot", "proeve").code == 0
    for event in events(looking, "snapshot"):
        for figures in event.payload["arms"].values():
            assert figures["rows"] > 0
            assert not [name for name in figures if name.startswith(f"{PRIMARY}.")]
            assert [name for name in figures if name.endswith(".mean")]  # guardrails are shown


def test_what_was_measured_without_the_tool_says_how_much_a_look_knows(place, call, speak):
    speak("da")
    (place / "experiments" / "proeve" / "trial.toml").write_text(PLAN, encoding="utf-8")
    head, *rows = sheet(96, year=2099).splitlines()
    before = [row for row in rows if ";uden;" in row]
    (place / "foer.csv").write_text("\n".join([head, *before]) + "\n", encoding="utf-8")
    assert call("add", "proeve", "foer.csv").code == 0
    said = call("register", "proeve")
    assert said.code == 0, said.err
    assert f"Målt her: {len(before)} opgaver uden redskabet" in " ".join(said.out.split())
    with open_case(at(place, {}), "proeve") as case:
        kept, taken = case.registration.payload["information"], known(case)
        assert (kept["log_sd"], kept["icc"]) == (taken.log_sd.value, taken.icc.value)
        assert kept["log_sd"] != 0.6
    # a deviation rests on what the promise took to be true, whatever has been measured since
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(PLAN.replace("looks = [0.5, 1.0]", "looks = [0.6, 1.0]"), encoding="utf-8")
    (place / "b.csv").write_text(sheet(60, people=5, year=2099), encoding="utf-8")
    assert call("add", "proeve", "b.csv").code == 0
    assert call("deviate", "proeve", "--what", "analysis.looks", "--why", "ferie").code == 0
    with open_case(at(place, {}), "proeve") as case:
        assert known(case).log_sd.value != kept["log_sd"]
        changed = case.in_force.payload["promise"]["information"]
        assert {k: changed[k] for k in ("log_sd", "icc", "variance")} == {
            k: kept[k] for k in ("log_sd", "icc", "variance")
        }
        assert changed["limits"] != kept["limits"]


def in_time(answer) -> str:
    checks = json.loads(answer.out)["checks"]
    return next(check["text"] for check in checks if check["name"] == "registered_in_time")


def test_a_sheet_beside_a_registered_trial_with_looks_is_a_look_that_nobody_counts(looking, call):
    """It says so on standard error, so that the document stays one; the promise is not denied."""
    before = events(looking, None)
    answer = call("analyse", "proeve", "--data", "a.csv", "--format", "json", "--lang", "en")
    assert answer.code == 0
    assert "a look at a sheet is a look that nobody counts" in answer.err
    assert in_time(answer).startswith("A sheet is analysed without the promise")
    assert events(looking, None) == before


def test_a_sheet_without_a_promise_says_that_there_is_none(place, call):
    """Nor does it make a store; with a promise but no looks there is nothing to warn of."""
    (place / "a.csv").write_text(sheet(24, year=2099), encoding="utf-8")
    bare = call("analyse", "proeve", "--data", "a.csv", "--format", "json")
    assert in_time(bare).startswith("There is no registration")
    assert bare.err == ""
    assert not (place / ".htkeval").exists()
    assert call("register", "proeve").code == 0
    kept = call("analyse", "proeve", "--data", "a.csv", "--format", "json")
    assert in_time(kept).startswith("A sheet is analysed without the promise")
    assert kept.err == ""


def test_status_and_history_say_who_looked_and_when(looking, call, speak):
    speak("da")
    assert call("analyse", "proeve", "--look", "1", "--as", "Ida").code == 0
    (line,) = json.loads(call("status", "proeve", "--format", "json").out)["trials"]
    (said,) = line["looks"]
    assert said.startswith("Kig 1 af 2, ved 52 pct. af det, planen skal vide til sidst. Taget den ")
    assert said.endswith(" af Ida.")
    assert said in " ".join(call("status", "proeve").out.split())
    shown = history(state_of(at(looking, {}), "proeve")).rows
    assert [str(row[2]) for row in shown if "Look 1 of 2" in str(row[1])] == ["Ida"]


def test_the_next_step_is_to_measure_on_until_a_look_is_due_and_then_to_take_it(place, call, speak):
    speak("en")
    (place / "experiments" / "proeve" / "trial.toml").write_text(PLAN, encoding="utf-8")
    head, *rows = sheet(48, year=2099).splitlines()
    assert call("register", "proeve").code == 0
    for name, part in (("a.csv", rows[:12]), ("b.csv", rows[12:24])):
        (place / name).write_text("\n".join([head, *part]) + "\n", encoding="utf-8")
    on = "go on measuring until the next planned look"
    for name, before, step in (
        ("a.csv", on, on),
        ("b.csv", "analyse what was measured", "htkeval analyse proeve --look 1"),
    ):
        assert call("add", "proeve", name).code == 0
        assert before in call().out
        assert call("analyse", "proeve").code == 0
        assert step in call().out
    assert call("analyse", "proeve", "--look", "1").code == 0
    assert "--look" not in call().out
