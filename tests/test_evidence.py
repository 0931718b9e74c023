"""The evidence level, by the table of the design."""

import pytest

from htkeval.evidence import Facts, level
from htkeval.trial_file import load
from tests.examples import TRIAL, write_trial

GOOD = {"arms_seen": 2, "registered": True, "in_time": True}
BLIND = TRIAL.replace("margin = 0.10", "margin = 0.10\nblind = true")
NOT_DRAWN = TRIAL.replace("randomised = true", "randomised = false")


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        (TRIAL, {**GOOD, "arms_seen": 0}, "E0"),
        (TRIAL.replace("timed", "self_reported"), {**GOOD, "arms_seen": 1}, "E1"),
        (TRIAL.replace("timed", "self_reported"), GOOD, "E2"),
        (NOT_DRAWN.replace("timed", "self_reported"), GOOD, "E2"),
        (TRIAL.replace('source = "timed"\n', ""), GOOD, "E2"),
        (NOT_DRAWN, GOOD, "E3"),
        (TRIAL, {**GOOD, "registered": False}, "E3"),
        (TRIAL, GOOD, "E4"),
        (BLIND, GOOD, "E5"),
        (BLIND.replace("timed", "system_log"), GOOD, "E4"),
        (BLIND, {**GOOD, "arms_seen": 1}, "E1"),
        (BLIND, {**GOOD, "in_time": False}, "E4"),
        (BLIND, {**GOOD, "unregistered_change": True}, "E4"),
        (BLIND, {**GOOD, "missing": 0.21}, "E4"),
        (BLIND, {**GOOD, "missing": 0.20}, "E5"),
        (BLIND, {**GOOD, "missing_gap": 0.11}, "E4"),
        (BLIND, {**GOOD, "missing": 0.5, "missing_gap": 0.5}, "E4"),
        (BLIND, {**GOOD, "contamination": 0.11}, "E4"),
        (BLIND, {**GOOD, "contamination": 0.10}, "E5"),
        (BLIND, {**GOOD, "undrawn": 0.11}, "E4"),
        (BLIND, {**GOOD, "undrawn": 0.10}, "E5"),
        (BLIND, {**GOOD, "contamination": 0.2, "in_time": False, "missing": 0.3}, "E2"),
    ],
)
def test_the_level_follows_the_table(tmp_path, text, facts, expected):
    assert level(load(write_trial(tmp_path, text)), Facts(**facts)) == expected


def test_without_any_measure_of_quality_nothing_was_judged_blind(tmp_path):
    only_time = TRIAL[: TRIAL.rindex("[[metrics]]")] + TRIAL[TRIAL.index("[[gates]]") :]
    assert level(load(write_trial(tmp_path, only_time)), Facts(**GOOD)) == "E4"


def test_difference_in_differences_is_never_above_four(tmp_path):
    text = BLIND.replace('kind = "within"', 'kind = "difference_in_differences"')
    text = text.replace("randomised = true", 'randomised = false\nteam = "hold"\nperiod = "uge"')
    assert level(load(write_trial(tmp_path, text)), Facts(**GOOD)) == "E4"


def test_the_level_never_falls_below_zero(tmp_path):
    text = TRIAL.replace("timed", "self_reported")
    worst = {"in_time": False, "unregistered_change": True, "missing": 1.0, "contamination": 1.0}
    facts = Facts(arms_seen=1, registered=True, **worst)
    assert level(load(write_trial(tmp_path, text)), facts) == "E0"
