"""Bounds for missing and banded outcomes: by hand, against R, and on a published survey."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.bounds import Bounds, banded, banded_mean, tipping_point, worst_case
from htkeval.stats.moments import moments
from htkeval.stats.regression import cr2, solve
from htkeval.stats.trimming import lee
from tests.oracles.sheets import answers, columns

R = answers("bounds")
BANDS = Path(__file__).parents[3] / "shared" / "data" / "gds-copilot-bands" / "bands.csv"
ARM = np.repeat([0.0, 1.0], 4)
EACH = np.arange(8)


def sheet(name: str, unit: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    d = columns(name)
    return (
        np.array(d["minutes"]),
        np.array(d["arm"], float),
        np.unique(d[unit], return_inverse=True)[1],
    )


MINUTES, PARALLEL, PERSON = sheet("parallel", "participant")
TEAM_MINUTES, TEAM_ARM, TEAM = sheet("cluster", "team")
ROW = np.arange(len(MINUTES)) + 1
TEAM_ROW = np.arange(len(TEAM_MINUTES)) + 1


def numbers(found: Bounds | Absence) -> tuple[float, ...]:
    assert isinstance(found, Bounds)
    assert isinstance(found.limits, tuple)
    return found.low, found.high, *found.limits


# Missing outcomes


def test_worst_cases_and_bands_have_the_limits_of_clubsandwich() -> None:
    """R: `coef_test(lm(extreme ~ arm), "CR2", participant, "Satterthwaite")`, bounds.R."""
    y = np.where(ROW % 5 != 0, MINUTES, math.nan)  # what is not known is not looked at
    found = worst_case(y, ROW % 5 != 0, PARALLEL, cluster=PERSON, low=0, high=120)
    assert numbers(found) == pytest.approx(tuple(R["missing"].values()), rel=1e-10)
    floor = 15 * np.floor(MINUTES / 15)
    found = banded(floor, floor + 15, PARALLEL, cluster=PERSON)
    assert numbers(found) == pytest.approx(tuple(R["banded"].values()), rel=1e-10)


def test_by_hand_one_missing_answer_in_each_arm() -> None:
    """Approved 1 1 0 ? against 1 1 1 ?: from 3/4 - 3/4 to 4/4 - 2/4.

    Variances 1/4 and 1/4 at the worst, 1/3 and 0 at the best; over four each, t with 6.
    """
    y, known = np.array([1.0, 1, 0, 9, 1, 1, 1, -9]), EACH % 4 != 3
    found = worst_case(y, known, ARM, cluster=EACH, low=0, high=1)
    assert isinstance(found, Bounds)
    t = -stdtrit(6, 0.025)
    assert numbers(found) == pytest.approx((0, 0.5, -t * 8**-0.5, 0.5 + t * 12**-0.5), abs=1e-12)


def test_where_an_end_has_no_spread_the_bounds_stand_without_limits() -> None:
    """None approved 0 0 0 ? against all 1 1 1 ?: at the best end nothing varies."""
    found = worst_case(ARM, EACH % 4 != 3, ARM, cluster=EACH, low=0, high=1)
    assert isinstance(found, Bounds)
    assert (found.low, found.high) == pytest.approx((0.5, 1.0), rel=1e-12)
    assert found.limits == Absence("no_spread")


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.floats(0, 0.8))
def test_whatever_the_missing_values_are_the_difference_lies_between_the_bounds(
    seed: int, share: float
) -> None:
    rng = np.random.default_rng(seed)
    truth, known = rng.uniform(0, 60, len(MINUTES)), rng.random(len(MINUTES)) > share
    found = worst_case(truth, known, PARALLEL, cluster=PERSON, low=0, high=60)
    difference = truth[PARALLEL == 1].mean() - truth[PARALLEL == 0].mean()
    low, high, lower, upper = numbers(found)
    assert lower < low <= difference + 1e-9
    assert difference - 1e-9 <= high < upper
    swapped = worst_case(truth, known, 1 - PARALLEL, cluster=PERSON, low=60, high=0)
    assert isinstance(swapped, Bounds)
    assert isinstance(found, Bounds)
    assert (-swapped.high, -swapped.low) == pytest.approx((found.low, found.high))


def test_where_nothing_is_missing_the_bounds_are_the_estimate_and_its_interval() -> None:
    m = moments(MINUTES, {"arm": PARALLEL}, cluster=PERSON)
    plain = cr2(m, solve(m), "arm")
    assert isinstance(plain, Estimate)
    interval = plain.interval(0.9)
    assert isinstance(interval, tuple)
    known = np.ones(len(MINUTES), bool)
    found = worst_case(MINUTES, known, PARALLEL, cluster=PERSON, low=0, high=1, level=0.9)
    assert numbers(found) == pytest.approx((plain.value, plain.value, *interval), rel=1e-12)


def test_bounds_without_an_arm_without_rows_or_beyond_a_double_are_absent() -> None:
    y, all_known = np.arange(8.0), np.ones(8, bool)
    for arm in (np.zeros(8), np.ones(8)):
        found = worst_case(y, all_known, arm, cluster=EACH, low=0, high=9)
        assert found == Absence("not_identified")
    none = np.array([])
    assert banded(none, none, none, cluster=EACH[:0]) == Absence("no_rows")
    assert banded(y * 0 - 1.7e308, y * 0 + 1.7e308, ARM, cluster=EACH) == Absence("too_large")
    one = banded(y, y + 1, ARM, cluster=EACH * 0)
    assert isinstance(one, Bounds)
    assert one.limits == Absence("one_cluster")


# The tipping point


@pytest.mark.parametrize(("case", "effect"), [("tip.lower", -0.2), ("tip.higher", 1.0)])
def test_the_finding_tips_where_rs_does(case: str, effect: float) -> None:
    """R: `uniroot` of clubSandwich's t^2 less its limit, bounds.R."""
    y, known = np.log(TEAM_MINUTES) + effect * TEAM_ARM, TEAM_ROW % 7 != 0
    y = np.where(known, y, math.nan)
    delta = tipping_point(y, known, TEAM_ARM, cluster=TEAM)
    assert delta == pytest.approx(R[case]["delta"], rel=1e-9)
    assert isinstance(delta, float)
    assert (delta > 0) is (effect < 0)
    hours = tipping_point(y / 60, known, 1 * TEAM_ARM, cluster=TEAM)
    assert hours == pytest.approx(delta / 60, rel=1e-10)


def test_by_hand_a_missing_value_must_be_so_much_worse() -> None:
    """Means 20 and 10 with one of four missing; variance and t of the filled rows at delta.

    Baseline 18 20 20 22: variance 8/3. Treatment 9 10 11 and 10 + d: mean 10 + d/4, variance
    (2 + 3 d^2 / 4) / 3. with t the 97.5 % point at 6 degrees
    of freedom, (10 - d/4)^2 = t^2 (8/3 + (2 + 3 d^2 / 4) / 3) / 4.
    """
    y, known = np.array([18.0, 20, 20, 22, 9, 10, 11, 0]), EACH != 7
    d = tipping_point(y, known, ARM, cluster=EACH)
    assert isinstance(d, float)
    right = stdtrit(6, 0.025) ** 2 * (8 / 3 + (2 + 3 * d**2 / 4) / 3) / 4
    assert (10 - d / 4) ** 2 == pytest.approx(right, rel=1e-10)
    assert 0 < d < 40


def test_worse_is_away_from_the_finding_even_where_better_would_blur_it_sooner() -> None:
    """One outlying team: a missing value 7.84 lower would widen the interval over zero as well."""
    y = np.array([9.0, 12, 8, 8, 5, 12, 12, 9, -3, 0, 3, 8, 4, 11, 2, 6])
    arm, team, known = np.repeat([0.0, 1.0], 8), np.arange(16) // 2, np.arange(16) != 9
    assert tipping_point(y, known, arm, cluster=team) == pytest.approx(15.752736, abs=1e-6)
    filled = np.where(known, y, y[8:][known[8:]].mean()) - 7.85 * ~known
    m = moments(filled, {"arm": arm}, cluster=team)
    found = cr2(m, solve(m), "arm")
    assert isinstance(found, Estimate)
    assert found.value < 0
    assert found.p_value > 0.05


def test_at_the_tipping_point_the_interval_touches_zero_and_before_it_does_not() -> None:
    y, known = np.log(TEAM_MINUTES) - TEAM_ARM, TEAM_ROW % 5 != 0
    delta = tipping_point(y, known, TEAM_ARM, cluster=TEAM, level=0.9)
    assert isinstance(delta, float)

    def upper(share: float) -> float:
        filled = y.copy()
        for arm in (0, 1):
            mine = arm == TEAM_ARM
            filled[mine & ~known] = y[mine & known].mean() + arm * share * delta
        m = moments(filled, {"arm": TEAM_ARM}, cluster=TEAM)
        found = cr2(m, solve(m), "arm")
        assert isinstance(found, Estimate)
        interval = found.interval(0.9)
        assert isinstance(interval, tuple)
        return interval[1]

    assert upper(1) == pytest.approx(0, abs=1e-12)
    assert all(upper(share) < 0 for share in (0, 0.5, 0.9, 0.999))


WEDGE = np.repeat(np.arange(8), 6), np.tile(np.arange(3).repeat(2), 8)
WEDGE_ARM = ((WEDGE[1] == 2) | ((WEDGE[1] == 1) & (WEDGE[0] < 4))).astype(float)
WEDGE_X = {"1": (WEDGE[1] == 1) * 1.0, "2": (WEDGE[1] == 2) * 1.0}


@pytest.mark.parametrize("trend", [-60.0, 60.0])
def test_a_trend_that_the_design_takes_out_moves_no_tipping_point(trend: float) -> None:
    team, period = WEDGE
    rng = np.random.default_rng(6)
    y = 10 - 3 * WEDGE_ARM + rng.normal(size=8)[team] + rng.normal(0, 0.5, len(team))
    known = rng.random(len(team)) > 0.15
    asked = {"cluster": team, "x": WEDGE_X, "absorb": team}
    level = tipping_point(y, known, WEDGE_ARM, **asked)
    assert isinstance(level, float)
    assert tipping_point(y + trend * period, known, WEDGE_ARM, **asked) == pytest.approx(level)


def test_what_no_shift_undoes_is_an_absence() -> None:
    """Nothing is known of the last period, where all had the tool: its level takes up any shift."""
    team, period = WEDGE
    y = 10 - 3 * WEDGE_ARM + np.random.default_rng(0).normal(0, 0.3, len(team))
    found = tipping_point(y, period < 2, WEDGE_ARM, cluster=team, x=WEDGE_X, absorb=team)
    assert found == Absence("no_end")


def test_nothing_missing_nothing_to_tip_and_nothing_known_have_their_reasons() -> None:
    y = np.array([18.0, 20, 20, 22, 9, 10, 11, 10])

    def reason(y: np.ndarray, known: np.ndarray, **more: Any) -> str:
        found = tipping_point(y, known, **({"arm": ARM, "cluster": EACH} | more))
        assert isinstance(found, Absence)
        return found.reason

    assert reason(y, EACH != 0) == "nothing_missing"  # the baseline's are not put to the question
    assert reason(y + 9.5 * ARM, EACH != 7) == "nothing_to_tip"
    assert reason(y, EACH < 4) == "no_rows"
    assert reason(y, EACH > 3) == "nothing_missing"
    assert reason(y, EACH == 5) == "no_rows"
    assert reason(y, EACH != 7, arm=np.ones(8)) == "not_identified"
    assert reason(y, EACH != 7, cluster=EACH * 0) == "one_cluster"
    assert reason(20 - ARM, EACH != 7) == "no_spread"
    assert reason(y[:0], EACH[:0] > 0, arm=ARM[:0], cluster=EACH[:0]) == "no_rows"
    large = tipping_point(y * 1e300, EACH != 7, ARM, cluster=EACH)
    assert large == pytest.approx(
        1e300 * float(str(tipping_point(y, EACH != 7, ARM, cluster=EACH)))
    )


# Bands


@pytest.mark.skipif(not BANDS.is_file(), reason="the survey is not beside this checkout")
def test_the_published_survey_says_26_minutes_and_knows_19_to_41() -> None:
    """GDS, June 2025: mid-points 25.7-25.8 minutes a day with the top band at its floor."""
    with BANDS.open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    low, share = (np.array([float(r[name]) for r in rows]) for name in ("lower_min", "share"))
    high, floor = (
        np.array([float(r["upper_min"] or top) for r in rows])
        for top in (120, rows[-1]["lower_min"])
    )
    bounds = banded_mean(low, high, weights=share)
    assert bounds == pytest.approx((19.4, 40.6), abs=0.051)
    middle = (low + floor) / 2
    for top in (60.0, 61.0):
        middle[-1] = top
        one = banded_mean(middle, middle, weights=share)
        assert isinstance(one, tuple)
        assert 25.65 < one[0] == one[1] < 25.85


def test_by_hand_a_mean_of_bands() -> None:
    low, high = np.array([0.0, 5.0, 20.0]), np.array([5.0, 20.0, 60.0])
    assert banded_mean(low, high, weights=np.array([2.0, 1.0, 1.0])) == (6.25, 22.5)
    assert banded_mean(high, low, weights=np.array([2e300, 1e300, 1e300])) == (6.25, 22.5)
    assert banded_mean(low[:0], low[:0], weights=low[:0]) == Absence("no_rows")
    assert banded_mean(low, high, weights=np.zeros(3)) == Absence("no_exposure")


# Lee's bounds


@pytest.mark.parametrize(("case", "every"), [("lee.treatment", (4, 11)), ("lee.baseline", (9, 4))])
def test_trimming_is_what_repeated_rows_give_in_r(case: str, every: tuple[int, int]) -> None:
    """R: `head(rep(sort(y), each = n), kept)`, clusters left out in turn, bounds.R."""
    known = TEAM_ROW % np.where(TEAM_ARM == 1, every[1], every[0]) != 0
    y = np.where(known, TEAM_MINUTES, math.nan)
    found = lee(y, known, TEAM_ARM, cluster=TEAM)
    assert numbers(found) == pytest.approx(tuple(R[case].values()), rel=1e-10)
    turn = np.random.default_rng(1).permutation(len(y))
    hours = lee(y[turn] / 60, known[turn], 1 - TEAM_ARM[turn], cluster=TEAM[turn])
    low, high, lower, upper = R[case].values()
    assert numbers(hours) == pytest.approx((-high / 60, -low / 60, -upper / 60, -lower / 60))


def test_by_hand_trimming_by_three_quarters_of_one_value() -> None:
    """Known 3/4 and 5/5: of 1 2 3 4 5 the lowest 3.75 have (1 + 2 + 3 + 3) / 3.75 = 2.4."""
    y = np.array([1.0, 1, 1, 0, 1, 2, 3, 4, 5])
    found = lee(y, np.arange(9) != 3, np.repeat([0.0, 1.0], [4, 5]), cluster=np.arange(9))
    assert isinstance(found, Bounds)
    assert (found.low, found.high) == pytest.approx((1.4, 2.6), rel=1e-14)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_always_known_lie_between_the_bounds_when_the_tool_only_adds_outcomes(
    seed: int,
) -> None:
    """Each baseline row has its twin under treatment: those known in both are always known."""
    rng = np.random.default_rng(seed)
    y0, y1 = rng.normal(size=(2, 12))
    always, added = rng.random(12) < 0.6, rng.random(12) < 0.5
    always[0] = True
    known, y = np.concatenate([always, always | added]), np.concatenate([y0, y1])
    found = lee(y, known, np.repeat([0.0, 1.0], 12), cluster=np.arange(24))
    assert isinstance(found, Bounds)
    effect = float((y1 - y0)[always].mean())
    assert found.low - 1e-12 <= effect <= found.high + 1e-12


def test_lee_without_what_it_needs_is_absent() -> None:
    y, known = np.array([18.0, 20, 20, 22, 9, 10, 11, 10]), EACH != 2
    assert lee(y[:0], known[:0], ARM[:0], cluster=EACH[:0]) == Absence("no_rows")
    assert lee(y, known, np.ones(8), cluster=EACH) == Absence("not_identified")
    assert lee(y, EACH > 3, ARM, cluster=EACH) == Absence("no_rows")

    def limits(y: np.ndarray, cluster: np.ndarray) -> Any:
        found = lee(y, known, ARM, cluster=cluster)
        assert isinstance(found, Bounds)
        return found.limits

    assert limits(y, EACH * 0) == Absence("one_cluster")
    assert limits(y, EACH // 4) == Absence("too_few")
    assert limits(np.full(8, 1e300), EACH) == Absence("no_spread")
    assert limits(y * 1e300, EACH) == pytest.approx([1e300 * each for each in limits(y, EACH)])
    assert lee(y * 0 + 1.7e308 * (1 - 2 * ARM), known, ARM, cluster=EACH) == Absence("too_large")


@pytest.mark.campaign
def test_trimmed_limits_hold_where_one_arm_is_small() -> None:
    """1,000 null trials of 20 and 3, one value missing; one sum over all clusters missed 9 %."""
    rng = np.random.default_rng(11)
    arm, each, missed, told = np.repeat([0.0, 1.0], [20, 3]), np.arange(23), 0, 0
    for _ in range(1000):
        found = lee(rng.normal(size=23), each != 3, arm, cluster=each)
        if isinstance(found, Bounds) and isinstance(found.limits, tuple):
            told += 1
            missed += not found.limits[0] <= 0 <= found.limits[1]
    assert told > 900
    assert missed / told < 0.05 + 4 * math.sqrt(0.05 * 0.95 / told)


def test_many_clusters_are_left_out_several_at_a_time() -> None:
    rng = np.random.default_rng(5)
    y, arm = rng.normal(size=5000), np.arange(5000) % 2 * 1.0
    found = lee(y + arm, rng.random(5000) < 0.8 + 0.1 * arm, arm, cluster=np.arange(5000))
    low, high, lower, upper = numbers(found)
    assert lower < low < 1 < high < upper
    assert low - lower < 0.1
