"""Student's t, Welch, ratios of sums, intraclass correlation, the exact binomial, summaries."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from htkeval.stats.answer import Absence, Estimate, estimate
from htkeval.stats.binomial import binomial_p
from htkeval.stats.correlation import Correlation, intraclass, intraclass_over_time
from htkeval.stats.ratios import linearised
from htkeval.stats.scaling import scaled, summary
from htkeval.stats.welch import welch
from tests.oracles.sheets import answers, columns

R = answers("classic")
SAMPLE = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12)


# Student's t


@pytest.mark.parametrize("df", [1.3, 4.0001, 12.10877269])
def test_tails_and_quantiles_are_rs(df: float) -> None:
    """R: `2 * pt(-2.5, df)`, `2 * pt(-60, df)`, `-qt(0.025, df)`, classic.R."""
    expected = R[f"student.{df:g}" if df < 5 else "student.12.10877269"]
    assert Estimate(2.5, 1, df).p_value == pytest.approx(expected["p_value"], rel=1e-10)
    assert Estimate(-60, 1, df).p_value == pytest.approx(expected["tail"], rel=1e-10)
    interval = Estimate(0, 1, df).interval(0.95)
    assert isinstance(interval, tuple)
    assert interval == pytest.approx((-expected["quantile"], expected["quantile"]), rel=1e-10)


def test_a_p_value_is_never_zero_and_an_interval_never_infinite() -> None:
    assert Estimate(1e9, 1e-9, 200).p_value == sys.float_info.min
    assert Estimate(0, 1, 5).p_value == 1
    assert Estimate(1e308, 1e308, 1.5).interval(0.95) == Absence("too_large")
    assert estimate(math.nan, 1, 1) == Absence("too_large")
    assert estimate(1, 0, 1) == Absence("no_spread")


# Welch


@pytest.mark.parametrize(
    ("case", "outcome"),
    [("ratio", "log"), ("difference", "minutes"), ("approved", "approved")],
)
def test_welch_is_rs(case: str, outcome: str) -> None:
    """R: `t.test(treatment, baseline)`, classic.R."""
    d = columns("one_task_each")
    y = np.log(d["minutes"]) if outcome == "log" else np.array(d[outcome])
    arm = np.array(d["arm"])
    found = welch(y[arm == 0], y[arm == 1])
    assert isinstance(found, Estimate)
    expected = R[f"welch.{case}"]
    numbers = (found.value, found.se, found.df, found.p_value)
    assert numbers == pytest.approx(
        tuple(expected[name] for name in ("estimate", "se", "df", "p_value")), rel=1e-10
    )
    assert found.interval(0.95) == pytest.approx((expected["low"], expected["high"]), rel=1e-10)


def test_welch_by_hand() -> None:
    """Variances 1 and 4 of 3 and 3: s.e. sqrt(5/3), df (5/3)^2 / ((1/9 + 16/9) / 2) = 50/17."""
    found = welch(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    assert isinstance(found, Estimate)
    assert (found.value, found.se, found.df) == pytest.approx((2, math.sqrt(5 / 3), 50 / 17))


@settings(deadline=None)  # the first call imports SciPy
@given(a=SAMPLE, b=SAMPLE)
def test_swapping_the_groups_changes_the_sign_only(a: list[float], b: list[float]) -> None:
    one, other = welch(np.array(a), np.array(b)), welch(np.array(b), np.array(a))
    if isinstance(one, Absence):
        assert other == one
        return
    assert isinstance(other, Estimate)
    assert (one.value, one.se, one.df) == pytest.approx((-other.value, other.se, other.df))
    assert 0 < one.p_value <= 1


def test_welch_without_spread_or_with_one_value_is_absent() -> None:
    five = np.full(4, 5.0)
    assert welch(five, five + 1) == Absence("no_spread")
    assert welch(five, np.array([1.0])) == Absence("too_few")
    assert welch(np.array([]), five) == Absence("too_few")
    assert welch(np.array([0.1 + 0.2, 0.3]), np.array([0.3, 0.3])) == Absence("no_spread")


def test_welch_of_huge_values_is_welch() -> None:
    a, b = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])
    small, large = welch(a, b), welch(a * 1e300, b * 1e300)
    assert isinstance(small, Estimate)
    assert isinstance(large, Estimate)
    assert (large.value / 1e300, large.df) == pytest.approx((small.value, small.df), rel=1e-12)


# A ratio of sums


def test_a_linearised_ratio_by_hand() -> None:
    """R = 3/30 = 0.1, mean exposure 15: (1 - 1)/15 + 0.1 and (2 - 2)/15 + 0.1; and 5/10 alone."""
    z = linearised(np.array([1.0, 2.0, 5.0]), np.array([10.0, 20.0, 10.0]), np.array([0, 0, 1]))
    assert isinstance(z, np.ndarray)
    assert z == pytest.approx([0.1, 0.1, 0.5])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 900)), min_size=1, max_size=20))
def test_the_mean_contribution_is_the_ratio_of_sums(tasks: list[tuple[int, int]]) -> None:
    e, x = np.array(tasks, dtype=float).T
    z = linearised(e, x, np.zeros(len(e), dtype=int))
    assert isinstance(z, np.ndarray)
    assert z.mean() == pytest.approx(e.sum() / x.sum(), rel=1e-9, abs=1e-12)


def test_an_arm_without_exposure_has_no_ratio() -> None:
    two = np.array([0, 1])
    assert linearised(np.array([1.0, 0.0]), np.array([5.0, 0.0]), two) == Absence("no_exposure")
    huge = linearised(np.array([1e300, 0.0]), np.array([1e-300, 1.0]), two)
    assert huge == Absence("too_large")


# Intraclass correlation


@pytest.mark.parametrize("scale", ["ratio", "difference"])
def test_the_intraclass_correlation_is_that_of_rs_table(scale: str) -> None:
    """R: `aov(y ~ factor(arm) / team)`, its mean squares and m0, classic.R."""
    d = columns("cluster")
    y = np.log(d["minutes"]) if scale == "ratio" else np.array(d["minutes"])
    team = np.unique(d["team"], return_inverse=True)[1]
    found = intraclass(y, cluster=team, group=np.array(d["arm"]))
    assert isinstance(found, Correlation)
    assert found.interval[0] < found.value < found.interval[1]
    assert found.value == pytest.approx(R[f"icc.cluster.{scale}"]["icc"], rel=1e-10)


def test_the_intraclass_correlation_by_hand() -> None:
    """Teams (1, 3), (5, 7): MSB = 16, MSW = 2, m0 = 2, so 14 / 18.

    Interval: with F = 8 and q = 799.5 or 1 / 38.5 of F(1, 2), (F/q - 1) / (F/q + 1).
    """
    two = np.array([0, 0, 1, 1])
    found = intraclass(np.array([1.0, 3.0, 5.0, 7.0]), cluster=two, group=np.zeros(4, dtype=int))
    assert isinstance(found, Correlation)
    assert found.value == pytest.approx(14 / 18)
    low, high = (8 / stats.f.ppf(q, 1, 2) for q in (0.975, 0.025))
    assert found.interval == pytest.approx(((low - 1) / (low + 1), (high - 1) / (high + 1)))


def test_the_interval_of_a_likeness_of_a_tenth_holds_it_as_often_as_it_says() -> None:
    """12 teams of 3 to 21 tasks, 500 trials: at least 92 %, binomial p .003 below 95 %."""
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(500):
        team = np.repeat(np.arange(12), rng.integers(3, 22, 12))
        y = rng.normal(0, 0.1**0.5, 12)[team] + rng.normal(0, 0.9**0.5, len(team))
        found = intraclass(y, cluster=team, group=team % 2)
        assert isinstance(found, Correlation)
        held += found.interval[0] <= 0.1 <= found.interval[1]
    assert held >= 460


def test_likeness_ends_at_one_and_may_lie_below_zero() -> None:
    team, one = np.array([0, 0, 1, 1]), np.zeros(4, dtype=int)
    for y, expected in (([1.0, 1.0, 2.0, 2.0], 1), ([1.0, 2.0, 1.0, 2.0], -1)):
        found = intraclass(np.array(y), cluster=team, group=one)
        assert isinstance(found, Correlation)
        assert found.value == pytest.approx(expected)


def test_no_likeness_can_be_told_from_single_tasks_one_team_or_no_spread() -> None:
    one = np.zeros(4, dtype=int)
    y = np.array([1.0, 3.0, 5.0, 7.0])
    assert intraclass(y, cluster=np.arange(4), group=one) == Absence("saturated")
    assert intraclass(y, cluster=one, group=one) == Absence("one_cluster")
    flat = np.full(4, 0.3)
    assert intraclass(flat, cluster=np.array([0, 0, 1, 1]), group=one) == Absence("no_spread")
    assert intraclass(y[:0], cluster=one[:0], group=one[:0]) == Absence("one_cluster")


# The exact binomial test


@pytest.mark.parametrize(
    ("hits", "tries", "chance"),
    [(8, 10, 0.5), (120, 159, 0.5), (3, 40, 0.25), (0, 7, 0.5), (7, 20, 1 / 3)],
)
def test_the_binomial_p_is_rs(hits: int, tries: int, chance: float) -> None:
    """R: `binom.test(hits, tries, chance)`, classic.R."""
    expected = R[f"binomial.{hits}.{tries}.{chance:.3f}"]["p_value"]
    assert binomial_p(hits, tries, chance) == pytest.approx(expected, rel=1e-9)


@settings(deadline=None)
@given(tries=st.integers(0, 60), data=st.data())
def test_the_binomial_p_sums_all_counts_no_more_likely(tries: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, tries))
    chance = data.draw(st.sampled_from([0.5, 0.25, 2 / 3]))
    ways = [math.comb(tries, k) * chance**k * (1 - chance) ** (tries - k) for k in range(tries + 1)]
    whole = sum(way for way in ways if way <= ways[hits] * (1 + 1e-7))
    assert binomial_p(hits, tries, chance) == pytest.approx(min(1, whole), rel=1e-9)


def test_a_hundred_million_units_are_counted_at_once() -> None:
    assert binomial_p(50_000_000, 100_000_000, 0.5) == 1
    assert 0 < binomial_p(50_100_000, 100_000_000, 0.5) < 1e-80


# Summaries


def test_equal_values_are_exactly_zero_about_their_mean_in_every_cell() -> None:
    """Three times 0.1 is not 0.3 in binary, so a mean taken first would leave a rest."""
    values = np.array([0.1, 0.1, 0.1, 0.7, 0.7, 0.7])
    assert scaled(values, np.array([0, 3])).values.tolist() == [0] * 6
    rounded = scaled(np.array([0.1 + 0.2, 0.3]), np.array([0]))
    assert (rounded.values.tolist(), rounded.total) == ([0, 0], 0)


def test_a_summary_keeps_its_digits_far_from_zero_and_at_the_edge_of_doubles() -> None:
    near = np.array([0.25, 0.5, 0.75, 1.0])
    far = summary(near + 1e9)
    assert far.mean == pytest.approx(1e9 + 0.625, rel=1e-15)
    assert far.sd == pytest.approx(near.std(ddof=1), rel=1e-12)
    assert summary(np.array([1e308, 1e308])).mean == 1e308
    assert summary(np.array([-1e308, 1e308])).mean == 0
    assert summary(np.array([5e-324, 5e-324])).sd == 0
    assert summary(np.array([])).mean is None
    assert summary(np.array([3.0])).sd is None


@given(SAMPLE)
def test_a_summary_is_numpys(values: list[float]) -> None:
    y = np.array(values)
    found = summary(y)
    assert found.mean == pytest.approx(y.mean(), rel=1e-9, abs=1e-6)
    assert found.sd == pytest.approx(y.std(ddof=1), rel=1e-6, abs=1e-6)


def test_the_likeness_within_a_period_of_a_roll_out_and_its_interval() -> None:
    """100 roll-outs of 16 teams: lasting .25, passing .25, tasks 1, so 1/3 within a period."""
    rng, team, period = np.random.default_rng(4), *np.mgrid[0:16, 0:5].repeat(6, axis=2)
    team, period = team.ravel(), period.ravel()
    found = []
    for _ in range(100):
        passing = rng.normal(0, 0.5, (16, 5))[team, period]
        y = rng.normal(0, 0.5, 16)[team] + passing + rng.normal(size=len(team))
        one = intraclass_over_time(y, cluster=team, period=period)
        assert isinstance(one, Correlation)
        found.append((one.value, *one.interval))
    values, low, high = np.array(found).T
    assert values.mean() == pytest.approx(1 / 3, abs=0.03)
    assert ((low < 1 / 3) & (high > 1 / 3)).mean() > 0.87
