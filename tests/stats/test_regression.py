"""Least squares and CR2 from moments, against R's clubSandwich and against plain matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.moments import INTERCEPT, Moments, moments
from htkeval.stats.regression import cr2, sandwich, solve
from tests.oracles.sheets import answers, columns

R = answers("cr2")


def codes(words: list[Any]) -> np.ndarray:
    return np.unique(words, return_inverse=True)[1]


def dummies(words: list[Any]) -> dict[str, np.ndarray]:
    return {f"= {word}": np.array([each == word for each in words], float) for word in set(words)}


def rollout(column: str) -> Moments:
    d = columns("rollout")
    team, x = codes(d["team"]), dummies(d["period"]) | {column: np.array(d[column], float)}
    return moments(np.log(d["minutes"]), x, cluster=team, absorb=team)


def lone_team() -> Moments:
    d = columns("lone_team")
    x = {"words": np.log(d["words"]), "arm": np.array(d["arm"], float)}
    return moments(np.log(d["minutes"]), x, cluster=codes(d["team"]))


@pytest.mark.parametrize(
    ("case", "m", "column", "alone"),
    [
        ("rollout.ratio", rollout("arm"), "arm", False),
        ("rollout.lone.ratio", rollout("lone"), "lone", True),
        ("lone_team.words.words", lone_team(), "words", False),
        ("lone_team.words.arm", lone_team(), "arm", True),
    ],
)
def test_the_sandwich_is_clubsandwichs_even_where_it_must_not_be_reported(
    case: str, m: Moments, column: str, *, alone: bool
) -> None:
    """R: `coef_test(lm(...), vcov = "CR2", cluster = team, test = "Satterthwaite")`, cr2.R."""
    found = sandwich(m, solve(m), column)
    expected = R[case]
    assert (found.value, found.se, found.df) == pytest.approx(
        (expected["estimate"], expected["se"], expected["df"]), rel=1e-8
    )
    assert found.alone is alone
    reported = cr2(m, solve(m), column)
    assert isinstance(reported, Absence if alone else Estimate)
    if isinstance(reported, Absence):
        assert reported.reason == "lone_cluster"


def test_by_hand_three_pairs_give_the_paired_t() -> None:
    """Differences 1, 2, 6: mean 3, s.e. sqrt(7)/sqrt(3), 2 degrees of freedom."""
    y = np.array([10.0, 11.0, 20.0, 22.0, 30.0, 36.0])
    person, arm = np.array([0, 0, 1, 1, 2, 2]), np.array([0.0, 1.0] * 3)
    m = moments(y, {"arm": arm}, cluster=person, absorb=person)
    found = cr2(m, solve(m), "arm")
    assert isinstance(found, Estimate)
    assert (found.value, found.se, found.df) == pytest.approx((3, math.sqrt(7 / 3), 2), rel=1e-12)


def plain_cr2(y: np.ndarray, x: np.ndarray, cluster: np.ndarray) -> tuple[float, float, float]:
    """CR2 of the last column with every matrix written out: A_g and the G x G Omega."""
    m = np.linalg.inv(x.T @ x)
    hat, residual = x @ m @ x.T, y - x @ (m @ x.T @ y)
    p = []
    for g in np.unique(cluster):
        i = cluster == g
        values, vectors = np.linalg.eigh((np.eye(len(y)) - hat)[np.ix_(i, i)])
        root = np.where(values > 1e-8, 1 / np.sqrt(np.maximum(values, 1e-8)), 0)
        adjusted = (vectors * root) @ vectors.T
        column = np.zeros(len(y))
        column[i] = adjusted @ x[i] @ m[:, -1]
        p.append(column)
    whole = np.array(p)
    omega = whole @ (np.eye(len(y)) - hat) @ whole.T
    variance = float(((whole @ residual) ** 2).sum())
    df = float(np.trace(omega) ** 2 / (omega**2).sum())
    return float((m @ x.T @ y)[-1]), math.sqrt(variance), df


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), groups=st.integers(3, 9), absorbed=st.booleans())
def test_moments_give_what_plain_matrices_give(seed: int, groups: int, *, absorbed: bool) -> None:
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(groups), rng.integers(2, 7, groups))
    n = len(cluster)
    x = {"age": rng.normal(size=n), "arm": rng.normal(size=n)}
    y = rng.normal(size=n) + 0.3 * cluster
    effects = np.equal.outer(cluster, np.arange(groups)) * 1.0 if absorbed else np.ones((n, 1))
    m = moments(y, x, cluster=cluster, absorb=cluster if absorbed else None)
    found = sandwich(m, solve(m), "arm")
    expected = plain_cr2(y, np.column_stack([effects, *x.values()]), cluster)
    assert (found.value, found.se, found.df) == pytest.approx(expected, rel=1e-7)


def test_a_cluster_that_nearly_carries_the_contrast_alone_costs_no_digits() -> None:
    """Leverage 0.99999 in one of three clusters; s.e. and df with 60 digits by mpmath."""
    rng = np.random.default_rng(1289)
    cluster = np.repeat(np.arange(3), rng.integers(2, 7, 3))
    n = len(cluster)
    x = {"age": rng.normal(size=n), "arm": rng.normal(size=n)}
    y = rng.normal(size=n) + 0.3 * cluster
    m = moments(y, x, cluster=cluster, absorb=cluster)
    found = sandwich(m, solve(m), "arm")
    assert (found.se, found.df) == pytest.approx((0.3320614073844622, 1.4579869818778445), rel=1e-9)


def test_a_mean_of_a_million_and_a_deviation_of_one_lose_nothing() -> None:
    rng = np.random.default_rng(7)
    cluster, arm = np.repeat(np.arange(20), 50), np.tile([0.0, 1.0], 500)
    y = np.round(rng.normal(size=1000), 6)  # so that a million can be added exactly enough
    near, far = (moments(v, {"arm": arm}, cluster=cluster) for v in (y, y + 1e6))
    a, b = (cr2(m, solve(m), "arm") for m in (near, far))
    assert isinstance(a, Estimate)
    assert isinstance(b, Estimate)
    assert (a.value, a.se, a.df) == pytest.approx((b.value, b.se, b.df), rel=1e-8)


def test_participants_a_million_minutes_apart_do_not_blur_the_effect_within_them() -> None:
    person, arm = np.repeat(np.arange(8), 2), np.tile([0.0, 1.0], 8)
    difference = np.array([1, 2, 3, 4, 5, 6, 7, 9.0])
    y = 1e6 * np.repeat(np.arange(8.0), 2)
    y[1::2] += difference
    m = moments(y, {"arm": arm}, cluster=person, absorb=person)
    found = cr2(m, solve(m), "arm")
    assert isinstance(found, Estimate)
    expected = (difference.mean(), difference.std(ddof=1) / math.sqrt(8))
    assert (found.value, found.se) == pytest.approx(expected, rel=1e-9)


def test_a_redundant_column_is_dropped_by_name_and_the_earlier_one_stays() -> None:
    d = columns("within")
    words = np.array(d["words"])
    x = {"words": words, "twice": 2 * words - 7, "one": np.full(len(words), 0.1 + 0.2)}
    x["arm"] = np.array(d["arm"], float)
    person = codes(d["participant"])
    m = moments(np.log(d["minutes"]), x, cluster=person, absorb=person)
    assert solve(m).kept == ("words", "arm")
    assert solve(m).dropped == ("twice", "one")


def test_a_column_that_varies_by_rounding_only_is_constant() -> None:
    """0.1 + 0.2 is not 0.3 in binary: a sum of columns may be constant but for that."""
    rng = np.random.default_rng(4)
    person, arm = np.repeat(np.arange(10), 4), np.tile([0.0, 1.0, 1.0, 0.0], 10)
    rounding = np.tile([0.1 + 0.2, 0.3, 0.3, 0.3], 10)
    y = rng.normal(size=40)
    pooled = moments(y, {"rounding": rounding, "arm": arm}, cluster=person)
    own = {"rounding": rounding * (1 + person), "arm": arm}
    assert solve(pooled).dropped == ("rounding",)
    assert solve(moments(y, own, cluster=person, absorb=person)).dropped == ("rounding",)


def test_an_arm_that_a_covariate_already_tells_has_no_effect_of_its_own() -> None:
    arm = np.tile([0.0, 1.0], 10)
    m = moments(np.arange(20.0), {"same": arm * 3, "arm": arm}, cluster=np.arange(20) // 4)
    assert solve(m).dropped == ("arm",)
    assert cr2(m, solve(m), "arm") == Absence("not_identified")


def test_one_cluster_a_saturated_model_and_a_constant_have_reasons() -> None:
    arm = np.tile([0.0, 1.0], 10)
    rng = np.random.default_rng(1)

    def reason(y: np.ndarray, cluster: np.ndarray, rows: int = 20) -> str:
        m = moments(y[:rows], {"arm": arm[:rows]}, cluster=cluster[:rows])
        found = cr2(m, solve(m), "arm")
        assert isinstance(found, Absence)
        return found.reason

    pairs = np.arange(20) // 2
    assert reason(rng.normal(size=20), np.zeros(20, int)) == "one_cluster"
    assert reason(rng.normal(size=20), np.arange(20), rows=2) == "saturated"
    for constant in (5.0, 0.1 + 0.2, 1e300, 0.0):
        assert reason(np.full(20, constant), pairs) == "no_spread"
    assert reason(3.7 + 0.1 * arm, pairs) == "no_spread"  # a perfect fit knows no uncertainty


def test_values_of_1e300_are_computed_and_those_beyond_a_double_are_not() -> None:
    arm, cluster = np.tile([0.0, 1.0], 10), np.arange(20) // 2
    y = np.random.default_rng(3).normal(size=20)
    small, large = (
        sandwich(m, solve(m), "arm")
        for m in (moments(v, {"arm": arm}, cluster=cluster) for v in (y, y * 1e300))
    )
    assert large.value / 1e300 == pytest.approx(small.value, rel=1e-12)
    assert large.df == pytest.approx(small.df, rel=1e-12)
    tiny = moments(y * 1e300, {"arm": arm * 1e-300}, cluster=cluster)
    assert cr2(tiny, solve(tiny), "arm") == Absence("too_large")


def test_rescaling_and_the_order_of_rows_change_nothing_but_the_unit() -> None:
    d = columns("cluster")
    y, team, arm = np.array(d["minutes"]), codes(d["team"]), np.array(d["arm"], float)
    shuffled = np.random.default_rng(5).permutation(len(y))

    def numbers(y: np.ndarray, arm: np.ndarray, team: np.ndarray) -> tuple[float, float, float]:
        m = moments(y, {"arm": arm}, cluster=team)
        found = sandwich(m, solve(m), "arm")
        return found.value, found.se, found.df

    value, se, df = numbers(y, arm, team)
    assert numbers(y[shuffled], arm[shuffled], team[shuffled]) == pytest.approx((value, se, df))
    assert numbers(y * 60, arm, team) == pytest.approx((60 * value, 60 * se, df), rel=1e-12)
    assert numbers(y, 1 - arm, team) == pytest.approx((-value, se, df), rel=1e-12)


def test_an_effect_in_two_clusters_is_refused() -> None:
    with pytest.raises(ValueError, match="more than one cluster"):
        moments(np.arange(4.0), {}, cluster=np.array([0, 0, 1, 1]), absorb=np.array([0, 1, 1, 2]))


def test_without_absorbed_effects_there_is_an_intercept() -> None:
    m = moments(np.arange(4.0), {}, cluster=np.arange(4))
    assert m.columns == (INTERCEPT,)
    assert m.rows.tolist() == [1, 1, 1, 1]


def test_twenty_thousand_clusters_need_no_matrix_of_their_number() -> None:
    """A G x G matrix would be 3 GiB; the moments and all that follows stay small."""
    rng = np.random.default_rng(2)
    cluster = np.repeat(np.arange(20_000), 3)
    arm = rng.integers(0, 2, 60_000) * 1.0
    m = moments(rng.normal(size=60_000) + arm, {"arm": arm}, cluster=cluster)
    found = cr2(m, solve(m), "arm")
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(1, abs=0.05)
    assert found.df > 1000
