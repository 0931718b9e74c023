"""The pooled regression as statsmodels prints it, and the published figures of a real trial."""

from __future__ import annotations

import csv
import math
import sys
from typing import Any, get_args

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.classic import Error, pooled
from tests.evaluation.test_metr import DATA, total_minutes
from tests.oracles.sheets import columns

ERRORS = get_args(Error)
ARM = np.tile([0.0, 1.0], 10)


def codes(words: list[Any]) -> np.ndarray:
    return np.unique(words, return_inverse=True)[1]


def asked(error: Error, cluster: np.ndarray) -> dict[str, Any]:
    """The same question to statsmodels."""
    if error == "cluster":
        return {"cov_type": "cluster", "cov_kwds": {"groups": cluster}}
    return {"cov_type": {"classic": "nonrobust", "hc3": "HC3"}[error]}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize(
    ("name", "unit"), [("within", "participant"), ("cluster", "team"), ("lone_team", "team")]
)
def test_every_error_is_statsmodels(error: Error, name: str, unit: str) -> None:
    """statsmodels: `OLS(y, X).fit(cov_type=..., use_t=False)`."""
    d = columns(name)
    y, words, arm = np.log(d["minutes"]), np.log(d["words"]), np.array(d["arm"], float)
    found = pooled(
        y, {"arm": arm, "words": words}, column="arm", error=error, cluster=codes(d[unit])
    )
    design = np.column_stack([np.ones(len(y)), words, arm])
    fit = sm.OLS(y, design).fit(use_t=False, **asked(error, codes(d[unit])))
    assert isinstance(found, Estimate)
    assert (found.value, found.se) == pytest.approx((fit.params[2], fit.bse[2]), rel=1e-9)
    assert found.p_value == pytest.approx(fit.pvalues[2], rel=1e-9)
    assert found.interval(0.95) == pytest.approx(tuple(fit.conf_int()[2]), rel=1e-9)


@pytest.mark.skipif(not DATA.is_file(), reason="the METR measurements are not beside this checkout")
@pytest.mark.parametrize(
    ("error", "low", "high"),
    [("classic", 1.013, 1.395), ("hc3", 1.013, 1.394), ("cluster", 1.016, 1.390)],
)
def test_the_published_ratio_of_the_developers_comes_out(
    error: Error, low: float, high: float
) -> None:
    """arXiv 2507.09089: 19 % longer with AI; the intervals are normal ones."""
    with DATA.open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    x = {
        "forecast": np.log([float(row["predicted_time_no_ai"]) for row in rows]),
        "arm": np.array([float(row["ai_treatment"]) for row in rows]),
    }
    y = np.log(total_minutes(rows))
    found = pooled(y, x, column="arm", error=error, cluster=codes([r["dev_id"] for r in rows]))
    assert isinstance(found, Estimate)
    interval = found.interval(0.95)
    assert isinstance(interval, tuple)
    ratios = [round(math.exp(value), 3) for value in (found.value, *interval)]
    assert ratios == [1.188, low, high]


def test_by_hand_two_rows_an_arm() -> None:
    """1, 3 against 4, 8: residuals -1, 1, -2, 2; difference 4; classic 10/2 x (1/2 + 1/2) = 5.

    HC3: leverage 1/2, so each residual doubles: sum of (2 e / 2)^2 = 10. One row a cluster gives
    sum of (e / 2)^2 = 2.5, times 4/3 and 3/2.
    """
    y, x = np.array([1.0, 3.0, 4.0, 8.0]), {"arm": np.array([0.0, 0.0, 1.0, 1.0])}
    for error, variance in (("classic", 5.0), ("hc3", 10.0), ("cluster", 5.0)):
        found = pooled(y, x, column="arm", error=error, cluster=np.arange(4))
        assert isinstance(found, Estimate)
        assert (found.value, found.se**2) == pytest.approx((4, variance), rel=1e-14)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), unit=st.sampled_from([1e-300, 60.0, 1e200]))
def test_unit_row_order_and_swapped_arms_change_only_what_they_must(seed: int, unit: float) -> None:
    rng = np.random.default_rng(seed)
    y, age, cluster = rng.normal(size=20), rng.normal(size=20), np.arange(20) // 3
    turn = rng.permutation(20)
    for error in ERRORS:
        one = pooled(y, {"age": age, "arm": ARM}, column="arm", error=error, cluster=cluster)
        other = pooled(
            unit * y[turn] + unit,
            {"age": age[turn], "arm": 1 - ARM[turn]},
            column="arm",
            error=error,
            cluster=cluster[turn],
        )
        assert isinstance(one, Estimate)
        assert isinstance(other, Estimate)
        assert other.value / unit == pytest.approx(-one.value, rel=1e-8, abs=1e-12)
        assert other.se / unit == pytest.approx(one.se, rel=1e-8)


def test_infinite_degrees_of_freedom_are_the_normal_distribution_far_into_the_tail() -> None:
    found = Estimate(2.5, 1.0, math.inf)
    assert found.p_value == 2 * ndtr(-2.5)
    assert found.interval(0.95) == pytest.approx(
        (2.5 + ndtri(0.025), 2.5 - ndtri(0.025)), rel=1e-14
    )
    assert Estimate(37.0, 1.0, math.inf).p_value == pytest.approx(1.1457e-299, rel=1e-3)
    assert Estimate(1e9, 1.0, math.inf).p_value == sys.float_info.min


@pytest.mark.parametrize("error", ERRORS)
def test_what_no_tool_can_compute_has_its_reason(error: Error) -> None:
    y, cluster = np.random.default_rng(1).normal(size=20), np.arange(20) // 4

    def reason(y: np.ndarray, x: dict[str, np.ndarray], rows: int = 20) -> str:
        found = pooled(
            y[:rows],
            {name: values[:rows] for name, values in x.items()},
            column="arm",
            error=error,
            cluster=cluster[:rows],
        )
        assert isinstance(found, Absence)
        return found.reason

    assert reason(y, {"arm": ARM}, rows=0) == "no_rows"
    assert reason(y, {"arm": np.ones(20)}) == "not_identified"
    assert reason(y, {"arm": ARM, "same": 3 * ARM}) == "not_identified"
    assert reason(y, {"arm": ARM}, rows=2) == "saturated"
    assert reason(3.7 + 0.1 * ARM, {"arm": ARM}) == "no_spread"
    assert reason(np.full(20, 1e300), {"arm": ARM}) == "no_spread"
    assert reason(y * 1e300, {"arm": ARM * 1e-300}) == "too_large"


def test_one_cluster_and_a_row_that_decides_alone_have_their_reasons() -> None:
    y, lone = np.random.default_rng(1).normal(size=20), np.eye(20)[3]
    one = pooled(y, {"arm": ARM}, column="arm", error="cluster", cluster=np.zeros(20, int))
    assert one == Absence("one_cluster")
    assert pooled(y, {"arm": lone}, column="arm", error="hc3") == Absence("lone_cluster")
    with pytest.raises(ValueError, match="need clusters"):
        pooled(y, {"arm": ARM}, column="arm", error="cluster")


def test_a_row_with_its_own_dummy_counts_for_nothing_in_hc3() -> None:
    y, lone = np.random.default_rng(1).normal(size=20), np.eye(20)[3]
    found = pooled(y, {"lone": lone, "arm": ARM}, column="arm", error="hc3")
    without = np.arange(20) != 3
    expected = pooled(y[without], {"arm": ARM[without]}, column="arm", error="hc3")
    assert isinstance(found, Estimate)
    assert isinstance(expected, Estimate)
    assert (found.value, found.se) == pytest.approx((expected.value, expected.se), rel=1e-12)
