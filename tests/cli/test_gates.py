"""A gate said to be open, closed or not needed, by whom and why."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from tests.cli.test_deviations import events


@pytest.mark.parametrize("reason", [(), ("--why", " ")])
def test_a_gate_that_is_not_needed_needs_a_reason(place, call, reason):
    answer = call("gate", "proeve", "dpia", "--state", "not_needed", *reason)
    assert answer.code == 1
    assert "--why: found nothing; expected why the gate does not apply here" in answer.err
    assert events(place, "gate") == ()


def test_the_reason_is_kept_and_shown(place, call):
    why = ("--why", "Ingen oplysninger om borgere indgår")
    answer = call("gate", "proeve", "dpia", "--state", "not_needed", *why, "--as", "Ida")
    assert answer.code == 0
    assert "Ingen oplysninger om borgere indgår" in answer.out
    assert events(place, "gate")[-1].payload["why"] == why[1]
    assert events(place, "gate")[-1].payload["responsible"] == "Ida"


@pytest.mark.parametrize("state", ["open", "closed"])
def test_other_gates_need_none(place, call, state):
    assert call("gate", "proeve", "dpia", "--state", state).code == 0
    assert events(place, "gate")[-1].payload["why"] is None


def test_a_gate_is_closed_on_the_day_that_it_is_here(place, call, monkeypatch):
    """Half past ten in the evening by UTC is half past midnight in Denmark."""
    monkeypatch.setenv("TZ", "Europe/Copenhagen")
    time.tzset()
    monkeypatch.setattr("htkeval.cli.gate.now", lambda: datetime(2026, 6, 1, 22, 30, tzinfo=UTC))
    try:
        assert call("gate", "proeve", "dpia", "--state", "closed").code == 0
        assert events(place, "gate")[-1].payload["date"] == "2026-06-02"
        told = ("--state", "closed", "--date", "2026-06-02")
        assert call("gate", "proeve", "dpia", *told).code == 0
        told = ("--state", "closed", "--date", "2026-06-03")
        assert call("gate", "proeve", "dpia", *told).code == 1
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_the_law_does_not_allow_is_not_permitted_whatever_the_figures_say(analysed, call):
    bare = call("gate", "proeve", "dpia", "--state", "forbidden")
    assert bare.code == 1
    assert "what in the law does not allow it" in bare.err
    assert events(analysed, "gate") == ()
    why = "Juristen: lovgrundlaget mangler"
    assert call("gate", "proeve", "dpia", "--state", "forbidden", "--why", why).code == 0
    found = json.loads(call("recommend", "proeve", "--format", "json").out)
    assert found["verdict"] == "not_permitted"
    (gate,) = (one for one in found["requirements"] if one["id"] == "gate_dpia")
    assert (gate["met"], "the law does not allow the use" in gate["text"]) == (False, True)
    assert "No measurement changes this" in found["next"]["what"]
