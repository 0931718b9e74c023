"""Interrupted time series with AR(1) errors, against R's nlme and against plain matrices."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence
from htkeval.stats.series import Change, Interruption, interrupted
from tests.oracles.sheets import HERE, answers

R = answers("series")


def sets() -> dict[str, dict[str, np.ndarray]]:
    with (HERE / "series.csv").open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    names = ("time", "after", "minutes", "tasks")
    return {
        case: {
            name: np.array([float(row[name]) for row in rows if row["series"] == case])
            for name in names
        }
        for case in {row["series"] for row in rows}
    }


SETS = sets()


def found_of(
    y: np.ndarray, time: np.ndarray, after: np.ndarray, weights: np.ndarray | None = None
) -> Interruption:
    found = interrupted(y, time, after, weights=weights)
    assert isinstance(found, Interruption)
    return found


def of_set(case: str) -> Interruption:
    d = SETS["gaps" if case == "weighted" else case]
    return found_of(d["minutes"], d["time"], d["after"], d["tasks"] if case == "weighted" else None)


def numbers(change: Change) -> list[float]:
    every = (change.level, change.slope, change.average)
    return [number for each in every for number in (each.value, each.se)]


NAMES = ("level", "level_se", "slope", "slope_se", "average", "average_se")


@pytest.mark.parametrize("case", sorted(R))
def test_levels_slopes_and_their_errors_are_nlmes(case: str) -> None:
    """R: `gls(y ~ time + after + since, correlation = corAR1(form = ~time), method = "REML")`,
    with `weights = varFixed(~v)` in the last case; series.R."""
    found, expected = of_set(case), R[case]
    assert numbers(found.reml) == pytest.approx([expected[n] for n in NAMES], rel=1e-6)
    assert numbers(found.independent) == pytest.approx(
        [expected[f"plain_{n}"] for n in NAMES], rel=1e-10
    )
    # gls stops on the way to one; the answers above no longer depend on where
    assert found.rho == pytest.approx(expected["rho"], abs=1e-4 if found.edge else 1e-5)
    assert found.reml.level.p_value == pytest.approx(expected["level_p"], rel=1e-5)
    assert found.reml.slope.p_value == pytest.approx(expected["slope_p"], rel=1e-5)
    assert found.reml.level.df == len(SETS.get(case, SETS["gaps"])["time"]) - 4


@pytest.mark.parametrize("case", sorted(set(R) - {"wandering"}))
def test_reported_errors_and_degrees_of_freedom_are_those_of_full_matrices_in_r(case: str) -> None:
    """Kenward & Roger by `numDeriv::jacobian` of V at nlme's fit; `small_sample` in series.R."""
    found, expected = of_set(case), R[case]
    for name in ("level", "slope", "average"):
        one, plain = getattr(found.autoregressive, name), getattr(found.reml, name)
        assert one.se == pytest.approx(expected[f"adjusted_{name}_se"], rel=1e-5)
        assert one.df == pytest.approx(expected[f"adjusted_{name}_df"], rel=1e-5)
        assert (one.value, one.se > plain.se, one.df < plain.df) == (plain.value, True, True)


def test_only_errors_that_wander_end_at_the_edge() -> None:
    assert [case for case in sorted(R) if of_set(case).edge] == ["wandering"]


def test_by_hand_a_line_of_three_points_and_a_line_of_four() -> None:
    """Before, 1 2 4: mean 7/3, slope 3/2, so 16/3 at t = 3 and 91/12 at t = 4.5. After, 10 8 9 7:
    mean 17/2, slope -4/5, so 97/10 at t = 3. RSS = 1/6 + 9/5 on 3 df, s^2 = 59/90. Variances in
    s^2: level (1/3 + 4/2) + (1/4 + (9/4)/5) = 91/30; slope 1/2 + 1/5 = 7/10; average
    (1/3 + (49/4)/2) + 1/4 = 161/24."""
    y, after = np.array([1.0, 2, 4, 10, 8, 9, 7]), np.array([0.0, 0, 0, 1, 1, 1, 1])
    found = found_of(y, np.arange(7.0), after).independent
    s = math.sqrt(59 / 90)
    level, slope, average = (s * math.sqrt(each) for each in (91 / 30, 7 / 10, 161 / 24))
    assert numbers(found) == pytest.approx(
        [131 / 30, level, -23 / 10, slope, 11 / 12, average], rel=1e-12
    )
    assert found.level.df == 3


def dense(
    y: np.ndarray, time: np.ndarray, after: np.ndarray, rho: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Coefficients, covariance and minus twice the restricted log-likelihood, matrices in full."""
    since = (time - time[after == 1].min()) * after
    x = np.column_stack([np.ones(len(y)), time, after, since])
    distance = np.abs(np.subtract.outer(time, time))
    r = rho**distance
    inverse = np.linalg.inv(r)
    bread = np.linalg.inv(x.T @ inverse @ x)
    beta = bread @ x.T @ inverse @ y
    rss = float((y - x @ beta) @ inverse @ (y - x @ beta))
    logs = np.linalg.slogdet(r)[1] - np.linalg.slogdet(bread)[1]
    df = len(y) - 4
    return beta, bread * rss / df, float(df * np.log(rss) + logs)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), periods=st.integers(9, 25))
def test_the_answer_is_that_of_plain_matrices_at_the_likeliest_correlation(
    seed: int, periods: int
) -> None:
    rng = np.random.default_rng(seed)
    time = np.cumsum(rng.integers(1, 3, periods)).astype(float)
    time[1:] += 1 - time[1] + time[0]  # one step of one, so that rho is per unit of time
    after = (np.arange(periods) >= periods // 2).astype(float)
    y = rng.normal(size=periods) + after
    found = found_of(y, time, after)
    beta, covariance, peak = dense(y, time, after, found.rho)
    if not found.edge:  # next to one the full matrices lose their digits
        change = found.reml
        assert (change.level.value, change.slope.value) == pytest.approx(
            (beta[2], beta[3]), rel=1e-6, abs=1e-8
        )
        assert (change.level.se, change.slope.se) == pytest.approx(
            (covariance[2, 2] ** 0.5, covariance[3, 3] ** 0.5), rel=1e-6
        )
    elsewhere = [dense(y, time, after, rho)[2] for rho in np.linspace(-0.99, 0.99, 67)]
    assert peak <= min(elsewhere) + 1e-4


def test_units_origin_order_and_steps_change_nothing_but_the_unit() -> None:
    d = SETS["gaps_alternating"]
    y, time, after = d["minutes"], d["time"], d["after"]
    base = found_of(y, time, after)
    level, level_se, slope, slope_se, average, average_se = numbers(base.autoregressive)
    shuffled = np.random.default_rng(1).permutation(len(y))
    moved = found_of(y[shuffled] + 1000, time[shuffled] + 50, after[shuffled])
    assert numbers(moved.autoregressive) == pytest.approx(numbers(base.autoregressive), rel=1e-6)
    hours = found_of(60 * y, time * 7, after)  # weeks counted in days: still one step apart
    assert numbers(hours.autoregressive) == pytest.approx(
        [60 * n for n in (level, level_se, slope / 7, slope_se / 7, average, average_se)],
        rel=1e-6,
    )
    assert (moved.rho, hours.rho) == pytest.approx((base.rho, base.rho), abs=1e-6)
    months = found_of(y, 2020 + time / 12, after)  # not exact in binary, still whole steps
    assert months.rho == pytest.approx(base.rho, abs=1e-5)
    assert months.autoregressive.level.value == pytest.approx(level, rel=1e-5)


def test_doubling_every_weight_changes_nothing_and_an_empty_period_is_left_out() -> None:
    d = SETS["gaps"]
    y, time, after, tasks = d["minutes"], d["time"], d["after"], d["tasks"]
    base = found_of(y, time, after, tasks)
    assert found_of(y, time, after, tasks * 2) == base
    assert found_of(y, time, after, np.full(len(y), 7.0)).rho == pytest.approx(
        found_of(y, time, after).rho, abs=1e-6
    )
    emptied = np.where(time == 10, 0.0, tasks)
    kept = time != 10
    assert found_of(y, time, after, emptied) == found_of(
        y[kept], time[kept], after[kept], tasks[kept]
    )


def test_times_without_a_common_step_allow_no_negative_correlation() -> None:
    time = np.cumsum(np.tile([1.0, math.sqrt(2)], 10))
    y = np.tile([1.0, -1.0], 10) + np.random.default_rng(3).normal(0, 0.1, 20)
    after = (np.arange(20) >= 10).astype(float)
    assert found_of(y, np.arange(20.0), after).rho < -0.5
    assert 0 <= found_of(y, time, after).rho < 1e-3


def test_a_short_or_exact_series_has_a_reason() -> None:
    time, after = np.arange(8.0), np.array([0.0] * 4 + [1.0] * 4)
    rng = np.random.default_rng(0)
    y = rng.normal(size=8)
    for constant in (5.0, 0.1 + 0.2, 1e300, 0.0):
        assert interrupted(np.full(8, constant), time, after) == Absence("no_spread")
    assert interrupted(3 + 0.7 * time - 2 * after, time, after) == Absence("no_spread")
    assert interrupted(y[:6], time[:6], after[:6]) == Absence("too_few")
    assert interrupted(y, time, 0 * after) == Absence("too_few")
    assert interrupted(y[1:7], time[1:7], after[1:7]) == Absence("saturated")
    nothing = np.array([])
    assert interrupted(nothing, nothing, nothing) == Absence("no_rows")
    assert interrupted(y, time, after, weights=np.zeros(8)) == Absence("no_rows")
    assert interrupted(y, np.array([0.0, 1, 1, 3, 4, 5, 6, 7]), after) == Absence("same_time")
    assert interrupted(y, (time - 3.5) * 4e307, after) == Absence("too_large")
    far = np.array([0.0, 1e-200, 2e-200, 3e-200, 1e200, 2e200, 3e200, 4e200])
    assert interrupted(y, far, after) == Absence("not_identified")


def test_values_of_1e300_are_computed_and_those_beyond_a_double_are_not() -> None:
    d = SETS["twelve"]
    y, time, after = d["minutes"], d["time"], d["after"]
    small, large = found_of(y, time, after), found_of(y * 1e300, time, after)
    assert [n / 1e300 for n in numbers(large.autoregressive)] == pytest.approx(
        numbers(small.autoregressive), rel=1e-6
    )
    assert interrupted(y * 1e300, time * 1e-300, after) == Absence("too_large")
    wide = found_of(y, time * 1e300, after)
    assert wide.autoregressive.level.value == pytest.approx(small.autoregressive.level.value)
    weights = np.geomspace(1e300, 1e-300, len(y))
    assert interrupted(y, time, after, weights=weights) == Absence("not_identified")


ANY = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(ANY, ANY, st.booleans(), ANY), max_size=12), weighted=st.booleans())
def test_any_finite_numbers_give_an_answer_or_its_absence(
    rows: list[tuple[float, float, bool, float]], *, weighted: bool
) -> None:
    y, time, after, weights = np.array(rows, float).reshape(-1, 4).T
    found = interrupted(y, time, after, weights=weights if weighted else None)
    if isinstance(found, Interruption):
        every = [*numbers(found.autoregressive), *numbers(found.reml), *numbers(found.independent)]
        assert all(math.isfinite(n) for n in (found.rho, *every))
        for name in ("level", "slope", "average"):
            one, plain = getattr(found.autoregressive, name), getattr(found.reml, name)
            assert plain.se <= one.se
            assert 0 < one.df <= plain.df * (1 + 1e-12)
            assert 0 < one.p_value <= 1


@pytest.mark.campaign
def test_with_a_correlation_of_four_tenths_one_in_twenty_series_alarms_and_not_one_in_ten() -> None:
    rng = np.random.default_rng(20261125)
    time, after = np.arange(24.0), (np.arange(24) >= 12).astype(float)
    trials, alarms, plain = 400, 0, 0
    for _ in range(trials):
        y = rng.normal(size=24)
        for i in range(1, 24):
            y[i] = 0.4 * y[i - 1] + math.sqrt(1 - 0.4**2) * y[i]
        found = found_of(y, time, after)
        alarms += found.autoregressive.level.p_value <= 0.05
        plain += found.reml.level.p_value <= 0.05
    assert 0.02 * trials < alarms < 0.075 * trials  # expected 5 %, standard deviation 1.1 points
    assert plain > 0.08 * trials
