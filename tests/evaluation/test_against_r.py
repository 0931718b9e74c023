"""The whole way from a trial and a table to an effect, against R's stored answers.

The calls stand in tests/oracles/cr2.R and classic.R; the sets are invented.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Inference
from htkeval.evaluation import evaluate
from htkeval.trial import Trial
from tests.oracles.sheets import answers, columns

CR2, CLASSIC = answers("cr2"), answers("classic")
LOG_WORDS = {"covariates": [{"column": "words", "scale": "log"}]}
APPROVED = {"id": "y", "kind": "binary", "column": "approved", "unit": None}
ERRORS = {"id": "y", "kind": "rate", "column": "errors", "exposure": "words", "per": 1000}
RIGHT = {"id": "y", "kind": "share", "column": "right", "exposure": "answers", "unit": None}
SCORE = {"id": "y", "kind": "rating", "column": "score", "unit": None, "worthwhile": None}
UNITS = {"analysis": {"weights": "unit", "method": "cr2"}}
NOT_DRAWN = {"design": {"randomised": False}}

Weigh = Callable[..., Analysis]


@pytest.fixture(scope="module")
def weigh(make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]) -> Weigh:
    """Analyse one of the invented sets."""

    def weigh(name: str, kind: str, metric: dict[str, Any], **sections: Any) -> Analysis:
        trial = make_trial(kind, metric, **sections)
        return evaluate(trial, make_table(**columns(name)), snapshot="0" * 64)

    return weigh


def one(analysis: Analysis, scale: str, method: str) -> tuple[Effect, Inference]:
    (effect,) = (effect for effect in analysis.effects if effect.scale == scale)
    (inference,) = (answer for answer in effect.inference if answer.method == method)
    return effect, inference


CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("within.minutes.ratio", "within", {}, LOG_WORDS),
    ("within.minutes.difference", "within", {}, LOG_WORDS),
    (
        "within.kind.ratio",
        "within",
        {},
        {"covariates": [{"column": "kind", "scale": "category"}, {"column": "words"}]},
    ),
    ("within.plain.ratio", "within", {}, {}),
    (
        "within.redundant.ratio",
        "within",
        {},
        {"covariates": [{"column": "words"}, {"column": "twice"}]},
    ),
    ("within.approved.difference", "within", {**APPROVED, "worthwhile": None}, LOG_WORDS),
    ("within.errors.difference", "within", ERRORS, {}),
    ("within.units.ratio", "within", {}, LOG_WORDS | UNITS),
    ("parallel.minutes.ratio", "parallel", {}, {}),
    ("parallel.words.ratio", "parallel", {}, LOG_WORDS),
    ("parallel.words.difference", "parallel", {}, LOG_WORDS),
    ("parallel.approved.difference", "parallel", APPROVED, {}),
    ("parallel.right.difference", "parallel", RIGHT, {}),
    ("parallel.errors.difference", "parallel", ERRORS, {}),
    ("parallel.score.difference", "parallel", SCORE, {}),
    ("parallel.units.difference", "parallel", {}, UNITS),
    ("parallel.units.rate", "parallel", ERRORS, UNITS),
    ("one_task_each.minutes.ratio", "parallel", {}, {}),
    ("one_task_each.words.ratio", "parallel", {}, LOG_WORDS),
    ("cluster.minutes.ratio", "cluster", {}, {}),
    ("cluster.words.ratio", "cluster", {}, LOG_WORDS),
    ("cluster.words.difference", "cluster", {}, LOG_WORDS),
    ("cluster.units.difference", "cluster", {}, UNITS),
]


EVERY_DAY = {
    "within.minutes.ratio",
    "within.kind.ratio",
    "within.redundant.ratio",
    "within.errors.difference",
    "within.units.ratio",
    "parallel.minutes.ratio",
    "parallel.words.difference",
    "parallel.approved.difference",
    "parallel.score.difference",
    "parallel.units.rate",
    "one_task_each.words.ratio",
    "cluster.words.ratio",
    "cluster.units.difference",
}
"""Each design, scale, kind of metric, sort of covariate and weighing; the rest are campaigns."""


@pytest.mark.usefixtures("nothing_held_back")
@pytest.mark.parametrize(
    ("case", "design", "metric", "sections"),
    [
        pytest.param(*one, marks=[] if one[0] in EVERY_DAY else pytest.mark.campaign)
        for one in CASES
    ],
)
def test_cr2_is_clubsandwichs_to_eight_digits(
    weigh: Weigh, case: str, design: str, metric: dict[str, Any], sections: dict[str, Any]
) -> None:
    name, _, scale = case.split(".")
    scale = "difference" if scale == "rate" else scale
    planned = {"analysis": {"method": "cr2"}} | sections
    effect, cr2 = one(weigh(name, design, metric, **planned), scale, "cr2")
    expected = CR2[case]
    found = {"estimate": cr2.estimate, "se": cr2.se, "df": cr2.df, "p_value": cr2.p_value}
    assert found == pytest.approx(expected, rel=1e-8)
    shown = math.exp(cr2.estimate) if scale == "ratio" else cr2.estimate
    assert effect.estimate == pytest.approx(shown, rel=1e-8)
    assert (effect.method, effect.p_value) == ("cr2", cr2.p_value)


def test_every_stored_answer_of_a_design_that_is_analysed_is_used() -> None:
    asked = {case for case, *_ in CASES} | {"within.pooled.ratio"}
    assert {case for case in CR2 if not case.startswith(("rollout", "lone_team"))} == asked


@pytest.mark.parametrize(
    ("case", "metric", "scale", "level"),
    [
        ("ratio", {}, "ratio", 0.95),
        ("difference", {}, "difference", 0.95),
        ("approved", APPROVED, "difference", 0.95),
        ("90", {}, "difference", 0.90),
    ],
)
def test_one_task_each_is_welchs_t_test(
    weigh: Weigh, case: str, metric: dict[str, Any], scale: str, level: float
) -> None:
    plan = {"analysis": {"level": level, "method": "welch"}, **NOT_DRAWN}
    analysis = weigh("one_task_each", "parallel", metric, **plan)
    effect, welch = one(analysis, scale, "welch")
    found = (welch.estimate, welch.se, welch.df, welch.p_value, *welch.ci)
    assert found == pytest.approx(tuple(CLASSIC[f"welch.{case}"].values()), rel=1e-8)
    assert (effect.method, effect.p_value, effect.level) == ("welch", welch.p_value, level)


def test_equal_weights_for_people_are_welch_on_their_means(weigh: Weigh) -> None:
    plan = {"analysis": {"weights": "unit", "method": "welch"}, **NOT_DRAWN}
    effect, welch = one(weigh("parallel", "parallel", {}, **plan), "difference", "welch")
    found = (welch.estimate, welch.se, welch.df, welch.p_value, *welch.ci)
    assert found == pytest.approx(tuple(CLASSIC["welch.units"].values()), rel=1e-8)
    assert (effect.weights, effect.method) == ("unit", "welch")
    assert effect.baseline.tasks + effect.treatment.tasks == 73


def test_the_sensitivity_panel_turns_one_choice_round_at_a_time(weigh: Weigh) -> None:
    panel = weigh("within", "within", {}, **LOG_WORDS).sensitivity
    ratio = {one.model: one for one in panel if one.scale == "ratio"}
    expected = {
        "unit_weights": "within.units.ratio",
        "no_covariates": "within.plain.ratio",
        "no_participant_effects": "within.pooled.ratio",
    }
    assert set(ratio) == {*expected, "pooled_classic", "pooled_hc3", "pooled_cluster"}
    for model, case in expected.items():
        assert math.log(ratio[model].estimate) == pytest.approx(CR2[case]["estimate"], rel=1e-8)
        assert ratio[model].p_value == pytest.approx(CR2[case]["p_value"], rel=1e-8)


@pytest.mark.parametrize("scale", ["ratio", "difference"])
def test_the_intraclass_correlation_of_teams_is_rs(weigh: Weigh, scale: str) -> None:
    (effect,) = (e for e in weigh("cluster", "cluster", {}).effects if e.scale == scale)
    assert effect.icc == pytest.approx(CLASSIC[f"icc.cluster.{scale}"]["icc"], rel=1e-10)


def test_the_intraclass_correlation_of_participants_seen_in_both_arms_is_rs(weigh: Weigh) -> None:
    (effect,) = (e for e in weigh("within", "within", {}).effects if e.scale == "ratio")
    assert effect.icc == pytest.approx(CLASSIC["icc.within.ratio"]["icc"], rel=1e-10)


def test_a_lone_treated_team_gives_a_gap_on_both_scales(weigh: Weigh) -> None:
    analysis = weigh("lone_team", "cluster", {}, **LOG_WORDS)
    assert not analysis.effects
    assert [gap.scale for gap in analysis.gaps] == ["ratio", "difference"]
    assert all("alone carries the comparison" in str(gap.message) for gap in analysis.gaps)


def test_the_redundant_covariate_is_named_in_a_check(weigh: Weigh) -> None:
    both = [{"column": "words"}, {"column": "twice"}]
    analysis = weigh("within", "within", {}, covariates=both)
    (check,) = (one for one in analysis.checks if one.name == "redundant_covariates")
    assert check.passed is False
    assert check.message.values["columns"] == "twice"
