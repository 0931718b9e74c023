"""What an undrawn design cannot bear: time that runs backwards; and what a series has not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.effect import Check
from htkeval.evaluation import evaluate
from htkeval.frozen import document
from htkeval.trial import Trial

Weigh = Callable[..., Analysis]


def check(analysis: Analysis, name: str = "time_order") -> Check | None:
    return next((one for one in analysis.checks if one.name == name), None)


def sheet(*, turned: int = 0, dates: bool = True, periods: bool = True) -> dict[str, Any]:
    """Eight units, three tasks in each of twelve weeks; with the tool from the seventh on, but the
    first `turned` units the other way round."""
    rng = np.random.default_rng(2)
    unit, week = (part.ravel() for part in np.mgrid[0:8, 0:12].repeat(3, axis=2))
    arm = ((week >= 6) ^ (unit < turned)).astype(int)
    day = np.datetime64("2026-01-05") + 7 * week
    return {
        "arm": arm.tolist(),
        "participant": [f"p{i}" for i in unit],
        "team": [f"t{i}" for i in unit],
        "period": [str(w + 1) if periods else None for w in week],
        "date": [str(d) if dates else None for d in day],
        "minutes": np.exp(3 - 0.2 * arm + rng.normal(0, 0.3, len(unit))).tolist(),
        "words": rng.normal(5, 1, len(unit)).tolist(),
    }


@pytest.fixture(scope="module")
def weigh(make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]) -> Weigh:
    def weigh(kind: str, table: dict[str, Any], **sections: Any) -> Analysis:
        design = {"randomised": False, "date": "date", **sections.pop("design", {})}
        trial = make_trial(kind, design=design, **sections)
        return evaluate(trial, make_table(**table), snapshot="0" * 64)

    return weigh


@pytest.mark.parametrize("told", [{"periods": False}, {"dates": False}])
def test_before_that_comes_after_is_red_and_counted(weigh: Weigh, told: dict[str, bool]) -> None:
    right = check(weigh("before_after", sheet(**told)))
    wrong = check(weigh("before_after", sheet(turned=3, **told)))
    assert right is not None
    assert wrong is not None
    assert (right.passed, wrong.passed) == (True, False)
    assert "under 5 of 8 participants" in str(wrong.message)


def test_teams_that_lost_the_tool_are_red_in_a_difference_in_differences(weigh: Weigh) -> None:
    table = sheet(turned=2)
    never = [team >= "t5" for team in table["team"]]
    table["arm"] = [0 if out else arm for out, arm in zip(never, table["arm"], strict=True)]
    found = check(weigh("difference_in_differences", table))
    assert found is not None
    assert (found.passed, "2 of 5 teams" in str(found.message)) == (False, True)


def test_without_dates_and_periods_nothing_is_told_and_drawn_designs_are_not_asked(
    weigh: Weigh,
) -> None:
    found = check(weigh("before_after", sheet(dates=False, periods=False)))
    assert found is not None
    assert found.passed is None
    assert check(weigh("within", sheet(), design={"randomised": True})) is None


@pytest.mark.parametrize(("day", "n"), [("2026-02-16", 0), ("2026-02-23", 24), ("2026-02-02", 48)])
def test_a_series_is_held_against_the_day_that_the_plan_names(
    weigh: Weigh, day: str, n: int
) -> None:
    analysis = weigh("interrupted_time_series", sheet(), design={"interruption": day})
    kept = Analysis.model_validate_json(json.dumps(document(analysis, "en")))
    assert kept == analysis, "a stored analysis is the one that was computed"
    found = check(analysis)
    assert found is not None
    assert found.passed is (n == 0)
    assert found.message.values["n"] == n
    undated = sheet(dates=False)
    untold = check(weigh("interrupted_time_series", undated, design={"interruption": day}))
    assert untold is not None
    assert untold.passed is None


def test_a_series_has_no_covariates_and_loses_no_row_to_them(weigh: Weigh) -> None:
    """The same rows, means and level as without the covariate; and a sentence that says so."""
    table = sheet()
    table["words"] = [None if i % 3 else w for i, w in enumerate(table["words"])]
    bare = weigh("interrupted_time_series", table)
    found = weigh("interrupted_time_series", table, covariates=[{"column": "words"}])
    assert len(found.effects) == 2
    assert found.effects == bare.effects
    assert found.evidence_level == bare.evidence_level
    told = check(found, "covariates_known")
    assert told is not None
    assert (told.passed, check(found, "redundant_covariates")) == (None, None)
    assert "covariates do not count" in str(told.message)


def test_a_gap_says_which_of_a_roll_outs_averages_it_is(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """No length of use is seen in two teams, so only the second average is missing."""
    unit, period = (part.ravel() for part in np.mgrid[0:12, 1:7].repeat(3, axis=2))
    start = np.where(unit < 4, 2, 9)  # the other eight start after the trial
    arm = (period >= start).astype(int)
    seen = (arm == 0) | (period == start + unit)  # each team once with the tool, at its own length
    rng = np.random.default_rng(3)
    table = {
        "arm": arm[seen].tolist(),
        "team": [f"t{i}" for i in unit[seen]],
        "period": [str(p) for p in period[seen]],
        "sequence": [str(s) for s in start[seen]],
        "minutes": np.exp(3 - 0.3 * arm + rng.normal(0, 0.2, len(unit)))[seen].tolist(),
    }
    trial = make_trial("stepped_wedge", design={"sequence": "sequence"})
    analysis = evaluate(trial, make_table(**table), snapshot="0" * 64, method="rerandomisation")
    assert {e.estimand for e in analysis.effects} == {"effect"}
    gaps = {(gap.scale, gap.estimand) for gap in analysis.gaps}
    assert gaps == {("ratio", "exposure_average"), ("difference", "exposure_average")}


def test_work_in_both_arms_where_the_draw_had_one_is_named_by_team_and_period(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    unit, period = (part.ravel() for part in np.mgrid[0:8, 1:7].repeat(3, axis=2))
    arm = (period > 1 + unit % 4).astype(int)
    slip = int(np.flatnonzero((unit == 2) & (period == 2))[0])
    arm[slip] = 1 - arm[slip]
    rng = np.random.default_rng(3)
    table = {
        "arm": arm.tolist(),
        "team": [f"T{i}" for i in unit],
        "period": [str(p) for p in period],
        "minutes": np.exp(rng.normal(3, 0.2, len(unit))).tolist(),
    }
    trial, sheet = make_trial("stepped_wedge"), make_table(**table)
    analysis = evaluate(trial, sheet, snapshot="0" * 64, method="rerandomisation")
    (message,) = {str(gap.message) for gap in analysis.gaps if gap.estimand == "effect"}
    assert message.startswith("In T2 / 2 (1 such places) there is work both with and without")
    told = check(analysis, "draw_reaches")
    assert told is not None
    assert (told.passed, str(told.message)) == (False, message)


@pytest.mark.parametrize("names", [("foer", "efter"), ("januar", "april"), ("uge 50", "uge 2")])
def test_names_of_periods_are_no_order_of_time(weigh: Weigh, names: tuple[str, str]) -> None:
    table = sheet(dates=False)
    table["period"] = [names[arm] for arm in table["arm"]]
    found = check(weigh("before_after", table))
    assert found is not None
    assert found.passed is None
    order = check(weigh("difference_in_differences", table), "period_order")
    assert order is not None
    assert (order.passed, "order of their names" in str(order.message)) == (None, True)


def test_a_row_without_a_value_turns_no_time_round(weigh: Weigh) -> None:
    table = sheet()
    for name, value in {
        "arm": 0,
        "participant": "p0",
        "team": "t0",
        "period": "12",
        "date": "2026-06-01",
        "minutes": None,
        "words": 5.0,
    }.items():
        table[name].append(value)
    found = check(weigh("before_after", table))
    assert found is not None
    assert found.passed is True


@pytest.mark.parametrize(("weeks", "reported"), [(10, False), (12, True)])
def test_how_many_periods_a_series_has_decides_whether_it_is_reported(
    weigh: Weigh, weeks: int, reported: bool
) -> None:
    """Not its degrees of freedom, which hang on the outcome."""
    for seed in range(15):
        rng = np.random.default_rng(seed)
        week = np.repeat(np.arange(weeks), 4)
        day = np.datetime64("2026-01-05") + 7 * week
        table = {
            "arm": (week >= weeks // 2).astype(int).tolist(),
            "period": [str(w + 1) for w in week],
            "date": [str(d) for d in day],
            "minutes": np.exp(rng.normal(3, 0.3, len(week))).tolist(),
        }
        analysis = weigh("interrupted_time_series", table)
        assert len(analysis.effects) == (2 if reported else 0)
