"""Proportional odds, against R's ordinal and sandwich and by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.ordinal import odds, odds_ratio
from tests.oracles.sheets import answers, columns

R = answers("ordinal")
CASES = {
    "within": ("score", ()),
    "parallel": ("score", ()),
    "cluster": ("score", ()),
    "cluster.words": ("score", ("words",)),
    "cluster.right": ("right", ("words",)),
    "cluster.passed": ("approved", ()),
}


def case(name: str) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    d = columns(name.split(".", maxsplit=1)[0])
    outcome, covariates = CASES[name]
    x = {covariate: np.log(d[covariate]) for covariate in covariates}
    unit = d["team"] if "team" in d else d["participant"]
    cluster = np.unique(unit, return_inverse=True)[1]
    return np.round(d[outcome]), x | {"arm": np.array(d["arm"], float)}, cluster


def numbers(found: Estimate | Absence) -> tuple[float, float, float]:
    assert isinstance(found, Estimate)
    return found.value, found.se, found.df


@pytest.mark.parametrize("name", CASES)
def test_the_ratio_is_clms_and_its_error_vcovcls(name: str) -> None:
    """R: `clm(rating ~ ... + arm)`, `vcovCL(type = "HC0", cadjust = TRUE)`, ordinal.R."""
    rating, x, cluster = case(name)
    expected = R[name]
    assert numbers(odds_ratio(rating, x, column="arm", cluster=cluster)) == pytest.approx(
        (expected["estimate"], expected["se"], expected["df"]), rel=1e-8
    )


@pytest.mark.parametrize("name", CASES)
def test_the_information_is_clms(name: str) -> None:
    """R: `vcov(clm(rating ~ ... + arm))`, ordinal.R."""
    rating, x, _ = case(name)
    centred = np.column_stack([values - values.mean() for values in x.values()])
    found = odds(np.unique(rating, return_inverse=True)[1], centred)
    assert found is not None
    assert math.sqrt(found.variance[-1, -1]) == pytest.approx(R[name]["model_se"], rel=1e-7)
    assert found.scores.sum(axis=0) == pytest.approx(0, abs=1e-9)


def test_by_hand_two_levels_are_a_two_by_two_table() -> None:
    """Odds 3/5 and 6/2 of one task each: ratio 5, and W = sum of reciprocals without clusters.

    Each row's score over its arm's information is (y - p) / (n p (1 - p)), so the sum of squares
    is that sum of reciprocals, 1/3 + 1/5 + 1/6 + 1/2 = 1.2, and G / (G - 1) = 16/15.
    """
    rating = np.array([1.0] * 3 + [0.0] * 5 + [1.0] * 6 + [0.0] * 2)
    found = odds_ratio(
        rating, {"arm": np.repeat([0.0, 1.0], 8)}, column="arm", cluster=np.arange(16)
    )
    assert numbers(found) == pytest.approx((math.log(5), math.sqrt(1.2 * 16 / 15), 15), rel=1e-10)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_only_order_counts_and_turning_the_scale_or_the_arms_turns_the_sign(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cluster, arm, age = np.arange(40) // 4, rng.integers(0, 2, 40) * 1.0, rng.normal(size=40)
    rating = rng.integers(1, 6, 40) * 1.0

    def found(rating: np.ndarray, arm: np.ndarray, by: float = 1.0) -> tuple[float, float, float]:
        x = {"age": age * by, "arm": arm}
        return numbers(odds_ratio(rating, x, column="arm", cluster=cluster))

    value, se, df = found(rating, arm)
    assert found(np.exp(rating), arm) == (value, se, df)
    assert found(rating, arm, 1e300) == pytest.approx((value, se, df), rel=1e-8)
    assert found(-rating, arm) == pytest.approx((-value, se, df), rel=1e-8, abs=1e-10)
    assert found(rating, 1 - arm) == pytest.approx((-value, se, df), rel=1e-8, abs=1e-10)


def reason(rating: Any, arm: Any, cluster: Any, **x: Any) -> str:
    made = {name: np.array(values, float) for name, values in {**x, "arm": arm}.items()}
    found = odds_ratio(np.array(rating, float), made, column="arm", cluster=np.array(cluster))
    assert isinstance(found, Absence)
    return found.reason


def test_what_cannot_be_told_is_absent_with_its_reason() -> None:
    arm, pairs = [0, 1, 0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2, 3, 3]
    rating = [1, 2, 3, 1, 2, 3, 1, 2]
    assert reason([], [], []) == "no_rows"
    assert reason([3] * 8, arm, pairs) == "no_spread"
    assert reason(rating, [1] * 8, pairs) == "not_identified"
    assert reason(rating, arm, pairs, twice=[0, 2] * 4) == "not_identified"
    assert reason(rating, arm, [0] * 8) == "one_cluster"
    assert reason([1, 2, 3], [0, 1, 0], [0, 1, 2]) == "saturated"
    assert reason(rating, [0] * 6 + [1, 1], pairs) == "lone_cluster"
    assert reason([1, 2, 1, 2, 1, 2, 1, 2], arm, pairs) == "not_identified"  # arms wholly apart
    assert reason([1, 3, 1, 3, 2, 3, 2, 3], arm, pairs) == "not_identified"
    assert reason([1, 1, 2, 2, 1, 1, 2, 2], [0, 1] * 4, pairs) == "no_spread"


def test_a_ratio_in_a_unit_too_small_is_too_large() -> None:
    rating, x, cluster = case("cluster")
    tiny = {"arm": x["arm"] * 1e-310}
    assert odds_ratio(rating, tiny, column="arm", cluster=cluster) == Absence("too_large")
