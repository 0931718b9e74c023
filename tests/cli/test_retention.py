"""The day until which people are known: promised, kept to, and told when it has passed."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from htkeval.errors import EnvironmentFailed
from htkeval.portfolio import TrialState
from htkeval.reporting.next_step import step
from htkeval.steps import retention
from htkeval.steps.case import open_case
from htkeval.store import appending, blobs
from htkeval.trial_file import load
from htkeval.workspace import at
from tests.cli.test_corrections import rows_of, state
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed
from tests.examples import TO_COME, TRIAL, sheet, write_trial, write_workspace
from tests.often import often

PAST = TRIAL.replace("2026-", "2020-")
KEPT = "\n[retention]\nuntil = {day}\n"


def made(root, day, text=PAST):
    write_trial(root / "experiments" / "proeve", text + KEPT.format(day=day))


@pytest.fixture
def kept(ready, place, call):
    """48 measurements of six people with an analysis, in a trial whose day has passed."""
    return ready("past", lambda: analyse_past(place, call))


def analyse_past(root, call):
    made(root, "2021-12-31")
    (root / "maal.csv").write_text(sheet(year=2020), encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    (root / "maal.csv").unlink()
    assert call("analyse", "proeve").code == 0


def holding(root, name=b"M03"):
    return [file for file in root.rglob("*") if file.is_file() and name in file.read_bytes()]


def test_everybody_is_forgotten_in_one_go_and_the_chain_verifies(kept, call):
    (old,) = events(kept, "snapshot")
    assert holding(kept) != []
    answer = call("erase", "proeve", "--due", "--as", "Ida")
    assert answer.code == 0, answer.err
    assert "6 participants are forgotten" in answer.out
    assert "any more: 48" in answer.out
    assert rows_of(kept) == ()
    found = events(kept, "erasure")
    assert (len(found), sum(event.payload["rows"] for event in found)) == (6, 48)
    assert {event.payload["why"] for event in found} == {
        "Kept until 31 December 2021, as promised."
    }
    with open_case(at(kept, {}), "proeve") as case:
        assert not blobs.path(case.blobs, old.payload["sha256"]).exists()
    assert holding(kept) == []
    assert failed(call) == set()


def test_a_second_run_says_that_nobody_is_left(kept, call):
    assert call("erase", "proeve", "--due").code == 0
    again = call("erase", "proeve", "--due")
    assert (again.code, "nobody is known any more" in again.out) == (0, True)
    assert len(events(kept, "erasure")) == 6


def test_status_and_the_next_step_tell_before_and_after(kept, call):
    assert (state(call)["retention_until"], state(call)["retention_due"]) == ("2021-12-31", True)
    assert "its participants were to be known until 2021-12-31" in call("status").out
    assert "htkeval erase proeve --due" in call().out
    assert call("erase", "proeve", "--due").code == 0
    after = state(call)
    assert (after["retention_due"], after["people"], after["all_forgotten"]) == (False, 0, True)
    told = call("status").out
    assert "everybody is forgotten, as promised" in told
    assert "run it again" not in told  # no row is left to run it on
    assert "everybody is forgotten, as promised; nothing waits" in call().out


def test_before_the_day_nothing_happens_and_it_says_when(kept, call):
    made(kept, "2098-12-31")
    assert call("deviate", "proeve", "--what", "retention", "--why", "MED bad om det").code == 0
    answer = call("erase", "proeve", "--due")
    assert (answer.code, events(kept, "erasure")) == (0, ())
    assert "until 31 December 2098; 6 will be forgotten" in answer.out
    to_come = call("erase", "proeve", "--due", "--on", "2099-01-01")
    assert (to_come.code, events(kept, "erasure")) == (0, ())
    assert "6 would be forgotten" in to_come.out
    assert (state(call)["retention_due"], len(rows_of(kept))) == (False, 48)


@pytest.mark.parametrize(("on", "n"), [("2021-12-31", 0), ("2022-01-01", 6)])
def test_the_last_day_itself_is_not_past(kept, call, on, n):
    assert call("erase", "proeve", "--due", "--on", on).code == 0
    assert len(events(kept, "erasure")) == n


def test_the_promised_day_counts_until_a_deviation_is_told(kept, call):
    """Whoever edits the file alone neither keeps people longer nor forgets them sooner."""
    made(kept, "2098-12-31")
    assert state(call)["untold"] == ["retention.until"]
    assert state(call)["retention_until"] == "2021-12-31"
    before = json.loads(call("analyse", "proeve", "--format", "json").out)["evidence_level"]
    told = call("deviate", "proeve", "--what", "retention.until", "--why", "MED bad om det")
    assert told.code == 0, told.err
    assert state(call)["retention_until"] == "2098-12-31"
    after = json.loads(call("analyse", "proeve", "--format", "json").out)["evidence_level"]
    assert before == after  # how the result is found is not changed
    assert "how long participants are known" in " ".join(call("status").out.split())


def test_a_day_that_the_promise_does_not_have_is_told_first(place, call):
    assert call("register", "proeve").code == 0
    assert "Write [retention]" in call("erase", "proeve", "--due").err
    made(place, "2100-12-31", TO_COME)
    refused = call("erase", "proeve", "--due")
    assert (refused.code, "htkeval deviate proeve --what retention" in refused.err) == (1, True)


def test_a_trial_without_the_key_has_the_fingerprint_that_it_always_had(place, call):
    assert call("register", "proeve").code == 0
    (event,) = events(place, "registration")
    assert "retention" not in event.payload["definition"]
    assert failed(call) == set()
    assert state(call)["untold"] == []


@pytest.mark.parametrize("day", ["2020-04-09", '"snart"', "12"])
def test_a_day_before_the_end_or_none_is_refused(tmp_path, monkeypatch, call, day):
    root = write_workspace(tmp_path / "place", PAST)
    monkeypatch.chdir(root)
    made(root, day)
    answer = call("check", "proeve")
    assert answer.code == 1
    assert "retention" in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--due", "--participant", "M01", "--why", "x"),
        (),
        ("--participant", "M01"),
        ("--participant", "M01", "--why", "x", "--on", "2022-01-01"),
    ],
)
def test_half_a_command_is_called_wrongly(kept, call, arguments):
    assert call("erase", "proeve", *arguments).code == 2
    assert events(kept, "erasure") == ()


def test_a_machine_that_stops_inside_forgets_nobody(kept, call, monkeypatch):
    add, calls = appending.append, []

    def stops(*arguments, **named):
        calls.append(1)
        if len(calls) == 4:
            raise EnvironmentFailed(())
        return add(*arguments, **named)

    monkeypatch.setattr(appending, "append", stops)
    assert call("erase", "proeve", "--due").code == 3
    monkeypatch.undo()
    monkeypatch.chdir(kept)
    assert (events(kept, "erasure"), len(rows_of(kept))) == ((), 48)
    assert failed(call) == set()


KILLED = """
import os, signal, sys
from htkeval.cli.options import now, who
from htkeval.steps import erase, retention
from htkeval.steps.case import open_case
from htkeval.workspace import at
from htkeval.store import appending
from pathlib import Path

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "inside":
    add, calls = appending.append, []
    def stops(*arguments, **named):
        calls.append(1)
        return die() if len(calls) == 4 else add(*arguments, **named)
    appending.append = stops
else:
    erase.sweep = die
with open_case(at(Path(sys.argv[1]), {}), "proeve") as case:
    moment = now()
    retention.erase_due(case, on=moment.date(), why="x", actor=who("Ida"), now=moment)
"""


@pytest.mark.parametrize(
    ("moment", "gone"),
    often([("inside", 0), ("before the files", 6)], [("before the files", 6)]),
)
def test_killed_in_the_middle_it_is_everybody_or_nobody_and_a_second_run_finishes(
    kept, call, moment, gone
):
    run = [sys.executable, "-c", KILLED, str(kept), moment]
    assert subprocess.run(run, check=False).returncode == -signal.SIGKILL
    assert len(events(kept, "erasure")) == gone
    assert call("erase", "proeve", "--due").code == 0
    assert (len(events(kept, "erasure")), holding(kept)) == (6, [])
    assert failed(call) == set()


def test_an_unfinished_look_comes_first(kept, call, monkeypatch):
    monkeypatch.setattr(retention, "unfinished", lambda _: object())
    answer = call("erase", "proeve", "--due")
    assert (answer.code, "a look that was begun" in answer.err) == (1, True)
    assert events(kept, "erasure") == ()


def test_the_letter_says_the_day_where_it_is_set(kept, call):
    said = call("letter", "proeve", "--to", "staff").out
    assert "until 31 December 2021" in said
    danish = call("letter", "proeve", "--to", "staff", "--lang", "da").out
    assert "til og med 31. december 2021" in danish


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("kind", ["speech_to_text", "domain_chatbot", "chatbot", "other"])
def test_a_new_trial_proposes_the_end_of_the_year_after(place, call, kind, lang):
    assert call("new", "nyt", "--kind", kind, "--lang", lang).code == 0
    trial = load(place / "experiments" / "nyt" / "trial.toml")
    assert trial.retention.until == date(trial.ends.year + 1, 12, 31)
    readme = (place / "experiments" / "nyt" / "README.md").read_text(encoding="utf-8")
    assert "htkeval erase nyt --due" in readme


def test_a_day_that_has_not_passed_changes_no_next_step(kept):
    trial = load(kept / "experiments" / "proeve" / "trial.toml")
    waiting = TrialState(trial=trial, people=6)
    assert "htkeval register" in str(step(waiting, today=date(2021, 12, 31)))
    assert "htkeval erase" in str(step(waiting, today=date(2022, 1, 1)))
    assert "htkeval register" in str(step(waiting))
    empty = TrialState(trial=trial)
    assert "htkeval register" in str(step(empty, today=date(2022, 1, 1)))  # nobody ever was known
    assert "nothing waits" in str(step(replace(empty, registration="7c"), today=date(2022, 1, 1)))
