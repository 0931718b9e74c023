"""Two shares: Miettinen and Nurminen's interval with its own test, and Boschloo's exact test."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.proportion import test_proportions_2indep as score_test

from htkeval.stats.answer import Absence
from htkeval.stats.proportions import RiskDifference, boschloo, score
from tests.oracles.sheets import answers

R = answers("proportions")
SCORES = [case for case in R if case.startswith("score")]
BOSCHLOOS = [case for case in R if case.startswith("boschloo")]

Table = tuple[int, int, int, int]


@st.composite
def tables(draw: st.DrawFn, most: int = 25) -> Table:
    n0, n1 = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.integers(0, n0)), n0, draw(st.integers(0, n1)), n1


def found(table: Table, level: float = 0.95) -> RiskDifference:
    answer = score(*table, level=level)
    assert isinstance(answer, RiskDifference)
    return answer


@pytest.mark.parametrize("case", SCORES)
def test_interval_and_p_are_those_of_farrington_and_mannings_closed_form(case: str) -> None:
    """R: rpact's restricted maximum likelihood and `uniroot`, proportions.R."""
    *table, level = (int(word) for word in case.split(".")[1:])
    answer, expected = found(tuple(table), level / 100), R[case]
    assert (answer.value, *answer.interval) == pytest.approx(
        tuple(expected[name] for name in ("estimate", "low", "high")), rel=1e-10
    )
    assert answer.p_value == pytest.approx(expected["p_value"], rel=1e-10)


@pytest.mark.parametrize(
    ("table", "published"),
    [
        # Newcombe 1998, table II, method 6
        ((48, 80, 56, 70), (0.0528, 0.3382)),
        ((3, 10, 9, 10), (0.1700, 0.8406)),
        ((0, 29, 5, 56), (-0.0326, 0.1933)),
        ((0, 10, 0, 10), (-0.2879, 0.2879)),
        # Fagerland, Lydersen & Laake 2017, chapter 4, as in R's contingencytables
        ((15, 72, 0, 16), (-0.3164, -0.0056)),
        # R: PropCIs::diffscoreci(7, 34, 1, 34, 0.95)
        ((1, 34, 7, 34), (0.0270, 0.3453)),
    ],
)
def test_intervals_are_the_published_ones(table: Table, published: tuple[float, float]) -> None:
    assert found(table).interval == pytest.approx(published, abs=5.1e-5)


@pytest.mark.parametrize("table", [(48, 80, 56, 70), (0, 29, 5, 56), (1, 2, 1, 3), (0, 4, 4, 4)])
def test_the_p_is_statsmodels_and_its_interval_is_known_to_be_wrong(table: Table) -> None:
    """statsmodels 0.15 solves a wrong cubic for d other than 0 (its issue 10269), so p only."""
    hits0, n0, hits1, n1 = table
    with np.errstate(divide="ignore", invalid="ignore"):  # it computes odds ratios on the way
        expected = score_test(hits1, n1, hits0, n0, compare="diff", method="score", correction=True)
    assert found(table).p_value == pytest.approx(expected.pvalue, rel=1e-12)


def plain_z(table: Table, d: float) -> float:
    """The statistic with the restricted likelihood's cubic multiplied out and solved for roots."""
    hits0, n0, hits1, n1 = table
    n, hits = n0 + n1, hits0 + hits1
    cubic = [n, (n1 + 2 * n0) * d - n - hits, (n0 * d - n - 2 * hits0) * d + hits]
    roots = np.roots([*cubic, hits0 * d * (1 - d)]).real
    inside = roots[(roots > max(0, -d) - 1e-9) & (roots < min(1, 1 - d) + 1e-9)]

    def likelihood(p: float) -> float:
        shares = np.clip([p, 1 - p, p + d, 1 - p - d], 1e-300, 1)
        return float(np.array([hits0, n0 - hits0, hits1, n1 - hits1]) @ np.log(shares))

    p0 = max(np.clip(inside, max(0, -d), min(1, 1 - d)), key=likelihood)
    variance = p0 * (1 - p0) / n0 + (p0 + d) * (1 - p0 - d) / n1
    return (hits1 / n1 - hits0 / n0 - d) / math.sqrt(variance * n / (n - 1))


@settings(max_examples=30, deadline=None)
@given(table=tables())
def test_at_an_end_of_the_interval_the_plain_statistic_is_the_quantile(table: Table) -> None:
    low, high = found(table).interval
    quantile = float(norm.isf(0.025))
    if low > -1:
        assert plain_z(table, low) == pytest.approx(quantile, rel=1e-6)
    if high < 1:
        assert plain_z(table, high) == pytest.approx(-quantile, rel=1e-6)


@settings(max_examples=80, deadline=None)
@given(table=tables(60), level=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_interval_excludes_zero_exactly_when_p_is_small(table: Table, level: float) -> None:
    answer = found(table, level)
    low, high = answer.interval
    assert -1 <= low <= answer.value <= high <= 1
    assert (low > 0 or high < 0) == (answer.p_value < 1 - level)


@settings(max_examples=30, deadline=None)
@given(table=tables())
def test_swapping_groups_or_hits_and_misses_turns_the_interval_round(table: Table) -> None:
    hits0, n0, hits1, n1 = table
    here = found(table)
    for other in ((hits1, n1, hits0, n0), (n0 - hits0, n0, n1 - hits1, n1)):
        there = found(other)
        assert there.interval == pytest.approx((-here.interval[1], -here.interval[0]), abs=1e-12)
        assert there.p_value == pytest.approx(here.p_value, rel=1e-9)


def test_by_hand_one_of_one_against_none_of_one() -> None:
    """Pooled 1/2: V = 1/4 + 1/4, times 2/1, is 1; z = 1; p = 2 * pnorm(-1)."""
    answer = found((0, 1, 1, 1))
    assert answer.value == 1
    assert answer.p_value == pytest.approx(0.31731050786291, rel=1e-12)
    assert answer.interval[1] == 1


def test_all_alike_is_no_difference_with_an_interval_about_zero() -> None:
    for table in ((0, 10, 0, 20), (10, 10, 20, 20), (1, 1, 1, 1)):
        answer = found(table)
        assert (answer.value, answer.p_value) == (0, 1)
        assert answer.interval[0] < 0 < answer.interval[1]
        assert boschloo(*table) == 1


def test_a_group_without_a_unit_has_no_share() -> None:
    assert score(0, 0, 1, 3) == Absence("too_few")
    assert score(1, 3, 0, 0) == Absence("too_few")
    assert boschloo(0, 0, 1, 3) == Absence("too_few")


def test_trillions_of_units_are_compared() -> None:
    answer = found((10**12, 3 * 10**12, 10**12 + 5, 2 * 10**12))
    wald = 1.959963984540054 * math.sqrt((2 / 9 / 3 + 1 / 4 / 2) / 10**12)
    assert answer.p_value == sys.float_info.min
    assert answer.interval == pytest.approx((answer.value - wald, answer.value + wald), rel=1e-6)
    assert boschloo(10**12, 3 * 10**12, 1, 2) == Absence("too_many")


@pytest.mark.parametrize("case", BOSCHLOOS)
def test_boschloos_p_is_the_top_over_the_nuisance_share(case: str) -> None:
    """R: every table listed, `phyper` and `dbinom`, proportions.R."""
    table = (int(word) for word in case.split(".")[1:])
    assert boschloo(*table) == pytest.approx(R[case]["p_value"], rel=1e-9)


def test_boschloo_by_hand() -> None:
    """One of one against none of one: the likeliest share is 1/2, both sides 1/4, doubled 1/2."""
    assert boschloo(0, 1, 1, 1) == pytest.approx(0.5, rel=1e-9)
