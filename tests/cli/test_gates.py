"""A gate said to be open, closed or not needed, by whom and why."""

from __future__ import annotations

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
