"""Random-effects pooling of trials, against R's metafor, in closed form and by its limits."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence
from htkeval.stats.pooling import Average, Pooled, pool
from tests.oracles.sheets import HERE

R: dict[str, dict[str, Any]] = json.loads((HERE / "pooling.json").read_text("utf-8"))


def pooled(effects: Any, errors: Any, level: float = 0.95) -> Pooled:
    found = pool(np.array(effects, float), np.array(errors, float), level=level)
    assert isinstance(found, Pooled)
    return found


def numbers(average: Average | Absence) -> list[float]:
    assert isinstance(average, Average)
    assert isinstance(average.interval, tuple)
    assert isinstance(average.prediction, tuple)
    effect = average.effect
    return [effect.value, effect.se, effect.p_value, *average.interval, *average.prediction]


@pytest.mark.parametrize("case", sorted(R))
def test_averages_intervals_and_predictions_are_metafors(case: str) -> None:
    """R: `rma(y, sei = s, method = "REML", test = "knha")` and `predict`, pooling.R; what policy
    reads is `test = "adhoc"`."""
    d = R[case]
    found = pooled(d["effect"], d["error"])
    assert numbers(found.hartung_knapp) == pytest.approx(list(d["knha"].values()), rel=1e-9)
    assert numbers(found.reported) == pytest.approx(list(d["adhoc"].values()), rel=1e-9)
    assert found.wald.effect.se == pytest.approx(d["wald_se"], rel=1e-9)
    at_80 = pooled(d["effect"], d["error"], level=0.8)
    assert numbers(at_80.hartung_knapp) == pytest.approx(list(d["knha_80"].values()), rel=1e-9)
    assert found.tau**2 == pytest.approx(d["all"]["tau2"], rel=1e-8, abs=1e-10)
    assert found.q == pytest.approx(d["all"]["q"], rel=1e-10)
    assert found.q_p == pytest.approx(max(d["all"]["q_p"], sys.float_info.min), rel=1e-8)
    assert found.i2 == pytest.approx(d["all"]["i2"], rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("case", [case for case in sorted(R) if "without" in R[case]])
def test_leaving_one_out_is_metafors(case: str) -> None:
    """R: `leave1out(rma(...))`, pooling.R."""
    d = R[case]
    without = pooled(d["effect"], d["error"]).without
    assert len(without) == len(d["effect"])
    for i, found in enumerate(without):
        assert isinstance(found, Pooled)
        assert found.without == ()
        expected = {name: values[i] for name, values in d["without"].items()}
        value, se, *_ = numbers(found.hartung_knapp)
        assert (value, se) == pytest.approx((expected["estimate"], expected["se"]), rel=1e-9)
        assert found.tau**2 == pytest.approx(expected["tau2"], rel=1e-8, abs=1e-10)
        assert found.q == pytest.approx(expected["q"], rel=1e-10)
        assert found.i2 == pytest.approx(expected["i2"], rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("case", sorted(R))
def test_policy_reads_the_wider_of_the_two_errors(case: str) -> None:
    found = pooled(R[case]["effect"], R[case]["error"])
    assert isinstance(found.hartung_knapp, Average)
    knapp, wald = found.hartung_knapp.effect.se, found.wald.effect.se
    assert found.floored is (case in {"alike", "apart", "close"})
    assert found.reported.effect.se == pytest.approx(max(knapp, wald), rel=1e-12)
    assert (found.tau == 0) is (case == "close")


def test_two_trials_by_hand() -> None:
    """The only contrast is y1 - y2 with variance v1 + v2 + 2 tau^2, so tau^2 = ((1 - 3)^2 - 0.25 -
    0.75) / 2 = 1.5; weights 1 / 1.75 and 1 / 2.25, mean (1 / 1.75 + 3 / 2.25) / (1 / 1.75 + 1 /
    2.25) = 15/8; q = 1 at the solution, so both variances are 1 / (1 / 1.75 + 1 / 2.25)."""
    found = pooled([1.0, 3.0], [0.5, math.sqrt(0.75)])
    assert found.tau**2 == pytest.approx(1.5, rel=1e-12)
    variance = 1 / (1 / 1.75 + 1 / 2.25)
    for average in (found.hartung_knapp, found.wald):
        value, se, *_ = numbers(average)
        assert (value, se) == pytest.approx((15 / 8, math.sqrt(variance)), rel=1e-12)
    assert not found.floored
    assert found.q == pytest.approx(4 / (0.25 + 0.75), rel=1e-12)
    assert found.without == (Absence("too_few"), Absence("too_few"))


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=12), st.floats(0.05, 3))
def test_equal_errors_give_students_t_on_the_effects(effects: list[float], error: float) -> None:
    """tau^2 = max(0, s^2 - v), and Hartung-Knapp is s / sqrt(k) whatever tau is."""
    y = np.array(effects)
    found = pool(y, np.full(len(y), error))
    assert isinstance(found, Pooled)
    variance = float(y.var(ddof=1))
    assert found.tau**2 == pytest.approx(max(0.0, variance - error**2), rel=1e-9, abs=1e-12)
    if variance > 1e-12:
        assert isinstance(found.hartung_knapp, Average)
        effect = found.hartung_knapp.effect
        assert (effect.value, effect.se) == pytest.approx(
            (y.mean(), math.sqrt(variance / len(y))), rel=1e-9, abs=1e-12
        )


def test_effects_that_scatter_exactly_as_chance_would_leave_no_variance_of_rounding() -> None:
    """s^2 = v = 0.01: the likelihood is flat next to zero, only its slope tells where it peaks."""
    assert pooled([-0.2, -0.4, -0.3], [0.1, 0.1, 0.1]).tau < 1e-8


def restricted_likelihood(tau2: float, y: np.ndarray, s: np.ndarray) -> float:
    """In full matrices: Harville 1974."""
    x, v = np.ones((len(y), 1)), np.diag(s**2 + tau2)
    inverse = np.linalg.inv(v)
    bread = x.T @ inverse @ x
    p = inverse - inverse @ x @ np.linalg.inv(bread) @ x.T @ inverse
    logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(bread)[1]
    return -0.5 * float(logs + y @ p @ y)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), k=st.integers(2, 9), tau=st.sampled_from([0.0, 0.3, 3.0]))
def test_no_other_variance_is_likelier(seed: int, k: int, tau: float) -> None:
    rng = np.random.default_rng(seed)
    s = np.exp(rng.normal(-1, 1, k))
    y = rng.normal(0, np.hypot(s, tau))
    found = pooled(y, s)
    others = np.append(0.0, np.geomspace(1e-4, 1e3, 300))
    best = max(restricted_likelihood(each, y, s) for each in others)
    assert restricted_likelihood(found.tau**2, y, s) >= best - 1e-9


def test_the_higher_of_two_peaks_is_taken() -> None:
    y, s = np.array(R["two_peaks"]["effect"]), np.array(R["two_peaks"]["error"])
    zero, uphill, valley, peak = (restricted_likelihood(t, y, s) for t in (0, 0.001, 0.1, 5.676))
    assert valley < uphill < zero < peak
    assert pooled(y, s).tau ** 2 == pytest.approx(5.676, abs=1e-3)


def test_units_signs_and_the_order_of_trials_change_nothing_but_the_unit() -> None:
    y, s = np.array(R["usual"]["effect"]), np.array(R["usual"]["error"])
    base = numbers(pooled(y, s).reported)
    order = np.random.default_rng(1).permutation(len(y))
    assert numbers(pooled(y[order], s[order]).reported) == pytest.approx(base, rel=1e-9)
    moved = numbers(pooled(y + 1000, s).reported)
    assert moved[0] - 1000 == pytest.approx(base[0], abs=1e-9)
    assert moved[1] == pytest.approx(base[1], rel=1e-8)
    signs = [1, 1, 0, 1, 1, 1, 1]  # the p-value has no unit
    huge = numbers(pooled(y * 1e300, s * 1e300).reported)
    assert huge == pytest.approx(
        [n * 1e300**sign for n, sign in zip(base, signs, strict=True)], rel=1e-9
    )


def test_one_trial_no_trial_and_an_error_of_zero_have_reasons() -> None:
    one = np.array([0.3])
    assert pool(one, one) == Absence("too_few")
    assert pool(one[:0], one[:0]) == Absence("no_rows")
    assert pool(np.array([1.0, 2.0]), np.array([0.0, 1.0])) == Absence("no_spread")
    assert pool(np.array([1.0, 2.0]), np.array([1e-200, 1.0])) == Absence("too_large")


def test_trials_with_one_same_effect_leave_only_their_own_errors() -> None:
    found = pooled([0.3, 0.3, 0.3], [0.1, 0.2, 0.2])
    assert found.hartung_knapp == Absence("no_spread")
    assert (found.tau, found.i2, found.q_p) == (0, 0, 1)
    assert found.reported.effect.se == pytest.approx(1 / math.sqrt(100 + 25 + 25))
    assert found.floored


ANY = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ANY, ANY.map(abs)), max_size=6))
@example([(1.5e233, 5e307), (0.0, 2e223)])  # the square of the second weight overflows
def test_any_finite_numbers_give_an_answer_or_its_absence(rows: list[tuple[float, float]]) -> None:
    y, s = np.array(rows, float).reshape(-1, 2).T
    found = pool(y, s)
    if isinstance(found, Pooled):
        effect = found.reported.effect
        every = (effect.value, effect.se, effect.p_value, found.tau, found.q, found.q_p, found.i2)
        assert all(math.isfinite(n) for n in every)
        assert found.q_p > 0
