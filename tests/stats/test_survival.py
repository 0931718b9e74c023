"""Means up to a cap when some tasks never finished, against R's survival and by hand."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.survival import RestrictedMean, restricted_difference, restricted_mean
from htkeval.stats.welch import welch
from tests.oracles.sheets import HERE, answers

R = answers("survival")


def of_set(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Minutes, finished, arm and team."""
    with (HERE / "survival.csv").open(newline="", encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["set"] == name]
    minutes, finished, arm = (
        np.array([int(row[column]) for row in rows]) for column in ("minutes", "finished", "arm")
    )
    team = np.unique([row["team"] for row in rows], return_inverse=True)[1]
    return minutes.astype(float), finished == 1, arm, team


def mean_of(time: list[float], finished: list[int], cap: float) -> RestrictedMean:
    found = restricted_mean(np.array(time, float), np.array(finished) == 1, cap=cap)
    assert isinstance(found, RestrictedMean)
    return found


@pytest.mark.parametrize("arm", [0, 1])
@pytest.mark.parametrize("cap", [20, 45.5, 60])
@pytest.mark.parametrize("name", ["nested", "crossed"])
def test_restricted_means_are_rs(name: str, cap: float, arm: int) -> None:
    """R: `summary(survfit(Surv(minutes, finished) ~ 1), rmean = cap)$table`, survival.R."""
    minutes, finished, of_arm, _ = of_set(name)
    found = restricted_mean(minutes[of_arm == arm], finished[of_arm == arm], cap=cap)
    assert isinstance(found, RestrictedMean)
    expected = R[f"{name}.{cap:g}.arm{arm}"]
    assert (found.value, found.se) == pytest.approx((expected["mean"], expected["se"]), rel=1e-10)


@pytest.mark.parametrize("cap", [20, 45.5, 60])
@pytest.mark.parametrize("name", ["nested", "crossed"])
def test_the_jackknife_is_rs_survfit_without_each_team(name: str, cap: float) -> None:
    """R: `survfit` for the rows of all teams but one, in turn, survival.R."""
    minutes, finished, arm, team = of_set(name)
    found = restricted_difference(minutes, finished, arm=arm, cluster=team, cap=cap)
    assert isinstance(found, Estimate)
    expected = R[f"{name}.{cap:g}.difference"]
    assert (found.value, found.se, found.df) == pytest.approx(
        (expected["estimate"], expected["se"], expected["df"]), rel=1e-10
    )


def test_a_restricted_mean_by_hand() -> None:
    """1, 2+, 3, 5+ up to 4: survival 1, 3/4 from 1, 3/8 from 3; area 1 + 2 * 3/4 + 3/8 = 23/8.
    Greenwood: the area from 1 is 15/8, squared times 1/(4*3); from 3 it is 3/8, times 1/(2*1)."""
    found = mean_of([1, 2, 3, 5], [1, 0, 1, 0], cap=4)
    assert found.value == pytest.approx(23 / 8, rel=1e-14)
    assert found.se == pytest.approx(math.sqrt((15 / 8) ** 2 / 12 + (3 / 8) ** 2 / 2), rel=1e-14)


def test_a_task_that_finishes_beyond_the_cap_counts_as_the_cap() -> None:
    assert mean_of([1, 2, 9], [1, 1, 1], cap=6) == mean_of([1, 2, 6], [1, 1, 0], cap=6)
    assert mean_of([8, 9], [1, 0], cap=6) == RestrictedMean(6, 0)


def test_a_finish_comes_before_a_loss_at_the_same_time() -> None:
    """2 at work at 3, one finishes: survival 1/2 from there, so 3 + 2/2 up to 5."""
    assert mean_of([3, 3, 9], [1, 0, 0], cap=5).value == pytest.approx(3 + 2 * 2 / 3)


def test_a_curve_that_ends_before_the_cap_has_no_mean_to_it() -> None:
    time, finished = np.array([1.0, 2.0, 3.0]), np.array([True, True, False])
    assert restricted_mean(time, finished, cap=4) == Absence("short_follow_up")
    assert isinstance(restricted_mean(time, finished, cap=3), RestrictedMean)
    assert isinstance(restricted_mean(time, ~finished, cap=4), RestrictedMean)


MINUTES = st.lists(st.floats(0, 1e5), min_size=2, max_size=15)


@given(MINUTES)
def test_with_every_task_finished_it_is_the_plain_mean(minutes: list[float]) -> None:
    """And Greenwood's error is then the population deviation over the root of n."""
    y = np.array(minutes)
    found = mean_of(minutes, [1] * len(y), cap=2e5)
    assert found.value == pytest.approx(y.mean(), rel=1e-9, abs=1e-9)
    assert found.se == pytest.approx(y.std() / math.sqrt(len(y)), rel=1e-6, abs=1e-6)


@settings(deadline=None)
@given(a=MINUTES, b=MINUTES)
def test_with_every_task_finished_and_its_own_cluster_the_difference_is_welchs(
    a: list[float], b: list[float]
) -> None:
    y, arm = np.array(a + b), np.repeat([0, 1], [len(a), len(b)])
    found = restricted_difference(
        y, np.ones(len(y), bool), arm=arm, cluster=np.arange(len(y)), cap=2e5
    )
    expected = welch(np.array(a), np.array(b))
    if isinstance(found, Absence) or isinstance(expected, Absence):
        assert isinstance(found, Absence)  # what is rounding of 2e5 may be a spread of its own
        return
    assert found.value == pytest.approx(expected.value, rel=1e-6, abs=1e-6)
    assert found.se == pytest.approx(expected.se, rel=1e-6, abs=1e-6)
    if expected.se > 1e-3:
        assert found.df == pytest.approx(expected.df, rel=1e-3)


def test_with_every_task_finished_and_persons_in_both_arms_it_is_the_paired_t() -> None:
    """Differences 1, 2, 6: mean 3, s.e. sqrt(7/3), 2 degrees of freedom."""
    y = np.array([10.0, 11, 20, 22, 30, 36])
    found = restricted_difference(
        y, np.ones(6, bool), arm=np.tile([0, 1], 3), cluster=np.array([0, 0, 1, 1, 2, 2]), cap=50
    )
    assert isinstance(found, Estimate)
    assert (found.value, found.se, found.df) == pytest.approx((3, math.sqrt(7 / 3), 2), rel=1e-12)


@pytest.mark.parametrize("name", ["nested", "crossed"])
def test_arms_units_names_and_the_order_of_rows_change_only_sign_and_unit(name: str) -> None:
    minutes, finished, arm, team = of_set(name)
    shuffled = np.random.default_rng(2).permutation(len(minutes))

    def numbers(y: np.ndarray, of_arm: np.ndarray, cap: float) -> tuple[float, float, float]:
        found = restricted_difference(
            y[shuffled],
            finished[shuffled],
            arm=of_arm[shuffled],
            cluster=(97 - 3 * team)[shuffled],
            cap=cap,
        )
        assert isinstance(found, Estimate)
        return found.value, found.se, found.df

    base = restricted_difference(minutes, finished, arm=arm, cluster=team, cap=50)
    assert isinstance(base, Estimate)
    value, se, df = base.value, base.se, base.df
    assert numbers(minutes, arm, 50) == pytest.approx((value, se, df), rel=1e-10)
    assert numbers(60 * minutes, arm, 3000) == pytest.approx((60 * value, 60 * se, df), rel=1e-10)
    assert numbers(minutes, 1 - arm, 50) == pytest.approx((-value, se, df), rel=1e-10)
    huge = numbers(minutes * 1e300, arm, 5e301)
    assert huge == pytest.approx((value * 1e300, se * 1e300, df), rel=1e-10)


def test_blocks_of_clusters_change_no_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    minutes, finished, arm, team = of_set("crossed")
    whole = restricted_difference(minutes, finished, arm=arm, cluster=team, cap=50)
    monkeypatch.setattr("htkeval.stats.survival.BLOCK", 100)
    assert restricted_difference(minutes, finished, arm=arm, cluster=team, cap=50) == whole


def test_without_clusters_or_spread_there_is_a_reason() -> None:
    y, done = np.array([1.0, 2, 3, 4, 5, 6]), np.ones(6, bool)
    arm, cluster = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 1, 2, 3, 3])

    def reason(
        y: np.ndarray, done: np.ndarray, arm: np.ndarray, cluster: np.ndarray, cap: float = 9
    ) -> str:
        found = restricted_difference(y, done, arm=arm, cluster=cluster, cap=cap)
        assert isinstance(found, Absence)
        return found.reason

    assert restricted_mean(y[:0], done[:0], cap=9) == Absence("no_rows")
    assert reason(y[:0], done[:0], arm[:0], cluster[:0]) == "no_rows"
    assert reason(y, done, arm, 0 * cluster) == "one_cluster"
    assert reason(y, done, 0 * arm, cluster) == "too_few"
    assert reason(y, done, arm, arm) == "too_few"
    assert reason(y, y < 6, arm, cluster) == "short_follow_up"
    assert reason(y, done, arm, cluster, cap=0.5) == "no_spread"
    assert reason(0 * y + 0.3, done, arm, cluster) == "no_spread"
    alike = np.array([0.1, 0.2, 0.7] * 4)
    assert reason(alike, alike < 1, np.repeat([0, 1], 6), np.arange(12) // 3) == "no_spread"


ANY = st.floats(allow_nan=False, allow_infinity=False)
ROW = st.tuples(ANY, st.booleans(), st.integers(0, 1), st.integers(0, 4))


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(ROW, max_size=10), cap=ANY)
def test_any_finite_numbers_give_an_answer_or_its_absence(
    rows: list[tuple[float, bool, int, int]], cap: float
) -> None:
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    time, finished = np.array(columns[0], float), np.array(columns[1], bool)
    arm, cluster = np.array(columns[2], int), np.array(columns[3], int)
    one = restricted_mean(time, finished, cap=cap)
    both = restricted_difference(time, finished, arm=arm, cluster=cluster, cap=cap)
    for found in (one, both):
        assert isinstance(found, Absence) or (
            math.isfinite(found.value) and math.isfinite(found.se)
        )


def test_two_hundred_clusters_of_a_hundred_tasks_need_no_loop_over_tasks() -> None:
    rng = np.random.default_rng(8)
    y = rng.exponential(30, 20_000)
    arm, team = np.repeat([0, 1], 10_000), np.repeat(np.arange(200), 100)
    found = restricted_difference(np.minimum(y, 60), y < 60, arm=arm, cluster=team, cap=60)
    assert isinstance(found, Estimate)
    assert abs(found.value) < 4 * found.se
    assert found.se == pytest.approx(y.clip(max=60).std() * math.sqrt(2 / 10_000), rel=0.2)
