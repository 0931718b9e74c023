"""A record that was changed from outside: one sentence from every command, the whole table of
`verify`, and no traceback."""

import json
import sqlite3
from contextlib import closing

import pytest

from htkeval.cli.options import now, who
from htkeval.steps.case import open_case
from htkeval.workspace import at

READING = (
    ("status",),
    ("analyse", "proeve"),
    ("letter", "proeve", "--to", "staff"),
    ("recommend", "proeve"),
    ("allocate", "proeve"),
    (),
)


@pytest.fixture
def told(measured, call):
    """A story with an event of every kind that a drawn lot does not take."""
    for step in (
        ("gate", "proeve", "dpia", "--state", "closed"),
        ("deviate", "proeve", "--what", "ferie", "--why", "Uge 7 gik ud"),
        ("analyse", "proeve"),
        ("decide", "proeve", "--outcome", "stop", "--reason", "Nej"),
    ):
        assert call(*step).code == 0
    return measured


def checks(call):
    answer = call("verify", "--no-runs", "--format", "json")
    found = {one["name"]: one["passed"] for one in json.loads(answer.out)["checks"]}
    assert answer.code == (1 if False in found.values() else 0)
    return found


def change(place, seq, payload):
    """As somebody who can write to the file, and puts the guards back."""
    with closing(sqlite3.connect(place / ".htkeval" / "store.db")) as raw:
        query = "select name, sql from sqlite_master where type = 'trigger'"
        guards = raw.execute(query).fetchall()
        for name, _ in guards:
            raw.execute(f"drop trigger {name}")
        (before,) = raw.execute("select payload from event where seq = ?", (seq,)).fetchone()
        raw.execute("update event set payload = ? where seq = ?", (payload, seq))
        for _, made in guards:
            raw.execute(made)
        raw.commit()
    return before


def kinds(place):
    with closing(sqlite3.connect(place / ".htkeval" / "store.db")) as raw:
        return raw.execute("select seq, kind from event order by seq").fetchall()


def test_whichever_event_was_changed_the_whole_proof_is_told(told, call):
    clean = checks(call)
    emptied = [(seq, "{}") for seq, _ in kinds(told)]
    for seq, payload in (*emptied, (1, "[]"), (2, "null"), (3, "not json")):
        before = change(told, seq, payload)
        found = checks(call)
        lost = {name.partition(":")[0] for name in clean.keys() - found.keys()}
        assert found["chain"] is False
        assert found["guards"] is True
        assert lost <= {"promise", "snapshot"}  # of what no event tells any more
        change(told, seq, before)
    assert checks(call) == clean


@pytest.mark.parametrize("kind", ["registration", "batch", "deviation"])
def test_what_builds_on_a_changed_event_says_which_and_what_to_do(told, call, kind):
    seq = max(seq for seq, its in kinds(told) if its == kind)
    stored = len(kinds(told))
    change(told, seq, "{}")
    for command in (("status",), ("analyse", "proeve")):
        answer = call(*command)
        assert answer.code == 1
        assert answer.err == (
            f"event {seq} of trial proeve: found that it was changed from outside; expected what "
            "was stored. Run `htkeval verify`; bring back the newest backup.\n"
        )
    assert len(kinds(told)) == stored


def test_no_command_that_reads_ends_in_a_traceback(told, call):
    """`HTKEVAL_DEBUG` is set here, so a fault of ours would be raised as it is."""
    emptied = [(seq, "{}") for seq, _ in kinds(told)]
    for seq, payload in (*emptied, (1, "[]"), (2, "null"), (3, "not json")):
        before = change(told, seq, payload)
        for command in READING:
            assert call(*command).code in (0, 1)
        change(told, seq, before)


def test_a_forger_who_seals_an_empty_event_is_found_and_stops_one_check_only(told, call):
    clean = checks(call)
    with open_case(at(told, {}), "proeve") as case:
        case.store.append("proeve", "analysis", {}, actor=who("x"), now=now())
    found = checks(call)
    failed = {name for name, passed in found.items() if passed is False}
    assert failed == {"files", "analysis:proeve"}
    assert found.keys() == clean.keys()
