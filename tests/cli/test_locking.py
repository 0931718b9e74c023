"""A trial whose data are final takes nothing more, and what was signed falls with the lock."""

import json

import pytest

from tests.cli.test_deviations import events
from tests.cli.test_verify import failed
from tests.examples import sheet

WHY = "En fejl i skemaet"


@pytest.fixture
def locked(analysed, call):
    """Measured, analysed and locked by Ida; with a sheet of rows that nobody has delivered."""
    new = sheet(60, year=2099).splitlines()
    (analysed / "ny.csv").write_text("\n".join([new[0], *new[49:]]) + "\n", encoding="utf-8")
    answer = call("snapshot", "proeve", "--final", "--as", "Ida")
    assert answer.code == 0, answer.err
    return analysed


def sign(call):
    return call("decide", "proeve", "--outcome", "no_go", "--reason", "Det er nok", "--as", "Bo")


def unlock(call, why=WHY):
    return call("unlock", "proeve", "--why", why, "--as", "Ada")


def state(call):
    return json.loads(call("status", "proeve", "--format", "json").out)["trials"][0]


REFUSED = [
    ("add", "proeve", "ny.csv"),
    ("add", "proeve", "maal.csv"),
    ("add", "proeve", ".", "--watch", "--once"),
    ("correct", "proeve", "--row", "1", "--set", "minutter=30", "--why", "tastefejl"),
    ("exclude", "proeve", "--row", "1", "--why", "pause"),
    ("attach", "proeve", "maal.csv", "--tool", "wer"),
    ("allocate", "proeve", "--next", "--participant", "M77", "--task", "R1"),
]


@pytest.mark.parametrize("command", REFUSED, ids=lambda one: one[0])
def test_a_locked_trial_takes_nothing_and_says_who_locked_it_and_how_it_opens(
    locked, call, command
):
    before = events(locked)
    answer = call(*command)
    assert answer.code == 1
    assert "Ida" in answer.err
    assert "htkeval unlock proeve --why" in answer.err
    assert events(locked) == before
    assert (locked / "maal.csv").exists()


def test_a_preview_of_a_sheet_says_that_it_would_be_refused(locked, call):
    answer = call("add", "proeve", "ny.csv", "--preview")
    assert answer.code == 1
    assert "htkeval unlock" in answer.out + answer.err


def test_locking_again_says_who_did_and_stores_nothing(locked, call):
    before = events(locked)
    answer = call("snapshot", "proeve", "--final", "--as", "Bo")
    assert (answer.code, events(locked)) == (0, before)
    assert "Ida" in answer.out


def test_the_lock_is_seen_in_status_and_beside_the_recommendation(locked, call):
    assert "Ida" in state(call)["locked"]
    assert "Data are locked: by Ida" in call("status", "proeve").out
    assert "Data are locked: by Ida" in call("recommend", "proeve").out
    assert unlock(call).code == 0
    assert state(call)["locked"] is None


def test_unlocking_voids_what_was_signed_and_takes_rows_again(locked, call):
    assert sign(call).code == 0
    assert state(call)["decided"] == "no_go"
    answer = unlock(call)
    assert answer.code == 0
    assert "VOID" in answer.err
    found = state(call)
    assert found["decided"] is None
    assert WHY in found["void"][0]
    assert "Ada" in found["void"][0]
    assert WHY in call("recommend", "proeve").err
    assert call("add", "proeve", "ny.csv").code == 0
    assert failed(call) == set()


def test_a_decision_on_the_same_rows_from_before_the_lock_falls_too(measured, call):
    assert call("analyse", "proeve").code == 0
    assert sign(call).code == 0
    assert call("snapshot", "proeve", "--final").code == 0
    assert unlock(call).code == 0
    assert len(state(call)["void"]) == 1


def test_a_decision_on_fewer_rows_than_were_locked_stands(measured, call):
    assert call("analyse", "proeve").code == 0
    assert sign(call).code == 0
    (measured / "to.csv").write_text(
        "\n".join([sheet(year=2099).splitlines()[0], sheet(60, year=2099).splitlines()[-1]]),
        encoding="utf-8",
    )
    assert call("add", "proeve", "to.csv").code == 0
    assert call("snapshot", "proeve", "--final").code == 0
    assert unlock(call).code == 0
    assert (state(call)["void"], state(call)["decided"]) == ([], "no_go")


def test_a_new_decision_takes_a_new_analysis(locked, call):
    assert sign(call).code == 0
    assert unlock(call).code == 0
    refused = call("decide", "proeve", "--outcome", "go", "--reason", "x", "--outdated")
    assert refused.code == 1
    assert "htkeval analyse" in refused.err
    assert state(call)["stale"] is True
    assert call("analyse", "proeve").code == 0  # the same rows, and yet an analysis anew
    assert state(call)["stale"] is False
    assert sign(call).code == 0
    assert state(call)["decided"] == "no_go"
    assert len(state(call)["void"]) == 1
    assert failed(call) == set()


def test_unlocking_takes_a_reason_and_a_lock(measured, call):
    assert unlock(call).code == 1
    assert call("snapshot", "proeve", "--final").code == 0
    before = events(measured)
    assert unlock(call, "  ").code == 1
    assert unlock(call, "se 010203-4567").code == 1
    assert events(measured) == before


def test_a_person_may_be_forgotten_under_a_lock_which_holds_and_says_run_again(locked, call):
    name = sheet(year=2099).splitlines()[1].partition(";")[0]
    answer = call("erase", "proeve", "--participant", name, "--why", "trukket tilbage")
    assert answer.code == 0
    assert "run each analysis again" in answer.out
    assert "stays locked" in answer.out
    assert state(call)["locked"]
    assert state(call)["data_changed"]
    assert call("add", "proeve", "ny.csv").code == 1
    assert call("analyse", "proeve").code == 0
    assert failed(call) == set()


def test_nothing_to_lock_is_refused(place, call):
    answer = call("snapshot", "proeve", "--final")
    assert answer.code == 1
    assert events(place, "lock") == ()
