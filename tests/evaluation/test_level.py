"""What the evidence level rests on: the promise, the source, what was lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from htkeval.analysis import Analysis
from htkeval.effect import Check
from htkeval.text import render
from tests.oracles.sheets import columns

Weigh = Callable[..., Analysis]
REGISTERED = {"registration": "f" * 64, "in_time": True}


def check(analysis: Analysis, name: str) -> Check:
    (found,) = (check for check in analysis.checks if check.name == name)
    return found


def words(analysis: Analysis, name: str) -> str:
    return render(check(analysis, name).message, "en")


@pytest.mark.parametrize(
    ("promise", "in_time", "kept", "level"),
    [
        (REGISTERED, True, None, "E4"),
        ({"registration": "f" * 64}, False, None, "E3"),
        ({**REGISTERED, "unregistered_change": True}, True, False, "E3"),
        ({}, False, None, "E3"),
    ],
)
def test_the_promise_decides_the_level(
    weigh: Weigh, promise: dict[str, Any], *, in_time: bool, kept: bool | None, level: str
) -> None:
    analysis = weigh(promise=promise)
    assert check(analysis, "registered_in_time").passed is in_time
    found = [check.passed for check in analysis.checks if check.name == "as_registered"]
    assert found == ([] if kept is None else [kept])
    assert analysis.evidence_level == level


@pytest.mark.parametrize(
    ("source", "passed", "level"),
    [("timed", True, "E4"), ("system_log", True, "E4"), ("self_reported", False, "E2"),
     (None, False, "E2")],
)  # fmt: skip
def test_what_people_say_is_not_a_measurement(
    weigh: Weigh, source: str | None, *, passed: bool, level: str
) -> None:
    analysis = weigh(metrics=[{"source": source}])
    assert check(analysis, "timing_source").passed is passed
    assert analysis.evidence_level == level


@pytest.mark.usefixtures("all_told")
def test_missing_values_beyond_a_fifth_or_uneven_over_the_arms_cost_a_level(
    weigh: Weigh,
) -> None:
    d = columns("within")
    few = [None if i % 10 == 0 else m for i, m in enumerate(d["minutes"])]
    analysis = weigh(table={"minutes": few})
    assert (check(analysis, "missing").passed, analysis.evidence_level) == (True, "E4")
    assert words(analysis, "missing").startswith("Tasks without the primary figure: 10 of 100")
    many = [None if i % 4 == 0 else m for i, m in enumerate(d["minutes"])]
    analysis = weigh(table={"minutes": many})
    assert (check(analysis, "missing").passed, analysis.evidence_level) == (False, "E3")
    seen = iter(range(100))
    uneven = [
        None if arm and next(seen) % 5 == 0 else m
        for m, arm in zip(d["minutes"], d["arm"], strict=True)
    ]
    analysis = weigh(table={"minutes": uneven})
    assert sum(m is None for m in uneven) < 20
    assert (check(analysis, "missing").passed, analysis.evidence_level) == (False, "E3")


@pytest.mark.usefixtures("all_told")
def test_more_than_a_tenth_in_the_wrong_arm_costs_a_level(weigh: Weigh) -> None:
    arms = ["treatment" if arm else "baseline" for arm in columns("within")["arm"]]
    other = {"treatment": "baseline", "baseline": "treatment"}
    design = {"design": {"realised_arm": "used"}}
    wrong = [other[arm] if i < 11 else arm for i, arm in enumerate(arms)]
    analysis = weigh(table={"used": wrong}, **design)
    assert (check(analysis, "contamination").passed, analysis.evidence_level) == (False, "E3")
    assert "11 of 100" in words(analysis, "contamination")
    right = weigh(table={"used": arms}, **design)
    assert (check(right, "contamination").passed, right.evidence_level) == (True, "E4")
    assert check(weigh(table={"used": [None] * 100}, **design), "contamination").passed is None
    own = {
        "arms": {
            "baseline": {"label": "u", "value": "U"},
            "treatment": {"label": "m", "value": "M"},
        }
    }
    sheet = ["M" if arm == "treatment" else "U" for arm in arms]
    assert check(weigh(table={"used": sheet}, **design, **own), "contamination").passed is True


def test_one_arm_is_weaker_than_two(weigh: Weigh) -> None:
    assert weigh(table={"arm": [0] * 100}).evidence_level == "E1"


@pytest.mark.usefixtures("all_told")
def test_a_task_that_was_given_up_has_no_time_and_one_refused_but_done_has(
    weigh: Weigh,
) -> None:
    status = ["abandoned", "refused", "Abandoned", *["done"] * 97]
    analysis = weigh(table={"status": status}, design={"status": "status"})
    effect = analysis.effects[0]
    assert effect.baseline.tasks + effect.treatment.tasks == 98
    assert check(analysis, "missing").message.values["n"] == 2
    told = check(analysis, "unfinished").message.values["told"].values
    assert told["using"] + told["without"] == 3
    assert check(analysis, "unfinished").passed is True
    often = weigh(table={"status": ["abandoned"] * 6 + [None] * 94}, design={"status": "status"})
    assert check(often, "unfinished").passed is False
