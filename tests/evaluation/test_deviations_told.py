"""What the check of deviations says, and that a told one costs nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from htkeval.deviation import Change, Deviation
from htkeval.text import render
from tests.evaluation.test_level import REGISTERED, check, words


def deviation(key: str, seen: str) -> Deviation:
    return Deviation(
        what=(key,),
        why="planen var forkert.",
        seen=seen,
        changes=(Change(key=key, before=1, after=2),) if "." in key else (),
        at=datetime(2026, 2, 3, 9, tzinfo=UTC),
        by="Ida",
    )


@pytest.mark.parametrize(
    ("told", "passed", "meaning"),
    [
        ((("analysis.seed", "treatment"),), False, "could have seen where the result was going"),
        ((("design.clusters", "treatment"),), False, "could have seen"),
        ((("metrics.minutes.worthwhile", "treatment"),), False, "could have seen"),
        ((("analysis.seed", "baseline"),), True, "before any measurement with AI was in"),
        ((("title.x", "nothing"), ("analysis.seed", "treatment")), False, "could have seen"),
    ],
)
def test_it_warns_where_what_decides_was_changed_after_figures(weigh, told, passed, meaning):
    analysis = weigh(promise={**REGISTERED, "deviations": tuple(deviation(*one) for one in told)})
    assert check(analysis, "changed_blind").passed is passed
    assert meaning in words(analysis, "changed_blind")
    assert "The changed plan is followed." in words(analysis, "deviations")


@pytest.mark.parametrize("told", [("metrics.minutes.label", "treatment"), ("baseline", "nothing")])
def test_what_decides_nothing_is_told_and_not_judged(weigh, told):
    analysis = weigh(promise={**REGISTERED, "deviations": (deviation(*told),)})
    assert "None of it changes how the result is found." in words(analysis, "deviations")
    assert [one for one in analysis.checks if one.name == "changed_blind"] == []


def test_a_told_deviation_stands_on_the_analysis_in_both_languages_and_costs_no_level(weigh):
    deviations = (deviation("analysis.seed", "treatment"), deviation("baseline", "nothing"))
    analysis = weigh(promise={**REGISTERED, "deviations": deviations})
    told = check(analysis, "deviations")
    assert told.passed is None
    assert "analysis.seed (3 February 2026, after the first" in render(told.message, "en")
    assert "baseline (3. februar 2026, før noget var målt: planen" in render(told.message, "da")
    assert analysis.deviations == deviations
    assert analysis.evidence_level == weigh().evidence_level


def test_without_a_deviation_nothing_is_said(weigh):
    assert [one for one in weigh().checks if one.name == "deviations"] == []
