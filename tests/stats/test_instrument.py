"""The complier effect against R's ivreg and clubSandwich, and the sets for weak instruments."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.instrument import anderson_rubin, complier_effect
from htkeval.stats.moments import moments
from htkeval.stats.regression import cr2, solve
from htkeval.stats.shifts import Region
from tests.oracles.sheets import answers, columns

R = answers("instrument")
D = {
    name: np.unique(values, return_inverse=True)[1] if name == "team" else np.array(values, float)
    for name, values in columns("instrument").items()
}
LOG_WORDS = {"words": np.log(D["words"])}
ONE_EACH = np.arange(8)
ASSIGNED = np.repeat([0.0, 1.0], 4)


def asked(used: str, assigned: str, x: dict[str, np.ndarray], *, absorbed: bool) -> dict[str, Any]:
    team = D["team"]
    arms = {"realised": D[used], "assigned": D[assigned]}
    return {**arms, "x": x, "cluster": team, "absorb": team if absorbed else None}


TEAM = asked("used", "arm", {}, absorbed=False)
WORDS = asked("used", "arm", LOG_WORDS, absorbed=False)
ABSORBED = asked("used_own", "own", LOG_WORDS, absorbed=True)
THIRD = {"third": (D["team"] == 2) * 1.0}
WEAK = asked("weak", "own", {}, absorbed=True)


@pytest.mark.parametrize(
    ("case", "outcome", "question"),
    [
        ("team", "minutes", TEAM),
        ("words", "minutes", WORDS),
        ("absorbed", "minutes_own", ABSORBED),
        ("third", "minutes_own", asked("used_own", "own", LOG_WORDS | THIRD, absorbed=False)),
    ],
)
def test_the_complier_effect_is_ivregs_with_clubsandwichs_error(
    case: str, outcome: str, question: dict[str, Any]
) -> None:
    """R: `coef_test(ivreg(y ~ w + used | w + arm), "CR2", team, "Satterthwaite")`, instrument.R."""
    found, expected = complier_effect(np.log(D[outcome]), **question), R[case]
    assert isinstance(found, Estimate)
    assert (found.value, found.se, found.df) == pytest.approx(
        (expected["estimate"], expected["se"], expected["df"]), rel=1e-10
    )
    assert found.p_value == pytest.approx(expected["p_value"], rel=1e-10)


@pytest.mark.parametrize(
    ("case", "outcome", "question", "level", "kind"),
    [
        ("set.words", D["minutes"], WORDS, 0.95, "interval"),
        ("set.absorbed", D["minutes_own"], ABSORBED, 0.95, "interval"),
        ("set.weak", D["minutes_own"], WEAK, 0.8, "interval"),
        ("set.rays", D["minutes_own"] * np.exp(D["own"]), WEAK, 0.95, "rays"),
    ],
)
def test_the_set_ends_where_rs_test_turns(
    case: str, outcome: np.ndarray, question: dict[str, Any], level: float, kind: str
) -> None:
    """R: `uniroot` of clubSandwich's t^2 less its limit, instrument.R; `inside` is its sign."""
    found, expected = anderson_rubin(np.log(outcome), **question, level=level), R[case]
    assert isinstance(found, Region)
    assert found.kind == kind
    assert (found.low, found.high) == pytest.approx((expected["low"], expected["high"]), rel=1e-9)
    assert (expected["inside"] < 0) is (kind == "interval")


def test_a_weak_first_stage_gives_no_estimate_but_still_a_set() -> None:
    """R's first-stage t is 1.45, and no effect at all can be ruled out at 95 %."""
    y = np.log(D["minutes_own"])
    assert R["weak"]["first"] < 2
    assert complier_effect(y, **WEAK) == Absence("weak_instrument")
    assert anderson_rubin(y, **WEAK) == Region("everything")


def test_by_hand_three_of_four_took_the_offer() -> None:
    """Effects -4 on minutes and 3/4 on use: -16/3.

    y - b used has mean 13 in both arms; variances 20/3 and 28/9, so 22/9 for their difference,
    over (3/4)^2: 352/81. Four v four, one task each: 6 degrees of freedom.
    """
    y, used = np.array([10.0, 12, 14, 16, 6, 8, 10, 12]), np.array([0.0, 0, 0, 0, 1, 1, 1, 0])
    question: dict[str, Any] = {"assigned": ASSIGNED, "x": {}, "cluster": ONE_EACH}
    found = complier_effect(y, realised=used, **question)
    assert isinstance(found, Estimate)
    assert (found.value, found.se**2, found.df) == pytest.approx((-16 / 3, 352 / 81, 6), rel=1e-12)


def test_where_all_kept_to_their_arm_it_is_the_effect_of_the_assignment() -> None:
    y, question = np.log(D["minutes"]), {**WORDS, "realised": D["arm"]}
    m = moments(y, {**LOG_WORDS, "arm": D["arm"]}, cluster=D["team"])
    plain, found = cr2(m, solve(m), "arm"), complier_effect(y, **question)
    assert isinstance(plain, Estimate)
    assert isinstance(found, Estimate)
    numbers = (plain.value, plain.se, plain.df)
    assert (found.value, found.se, found.df) == pytest.approx(numbers, rel=1e-12)
    shown = anderson_rubin(y, **question)
    assert isinstance(shown, Region)
    assert (shown.low, shown.high) == pytest.approx(plain.interval(0.95), rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), strength=st.floats(0, 1.5), b=st.floats(-5, 5))
def test_an_effect_is_in_the_set_exactly_where_its_test_does_not_reject_it(
    seed: int, strength: float, b: float
) -> None:
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(8), rng.integers(2, 5, 8))
    n = len(cluster)
    age, assigned = rng.normal(size=n), rng.integers(0, 2, n) * 1.0
    used = strength * assigned + rng.normal(size=n)
    y = 2 * assigned + rng.normal(size=n)
    found = anderson_rubin(y, realised=used, assigned=assigned, x={"age": age}, cluster=cluster)
    m = moments(y - b * used, {"age": age, "assigned": assigned}, cluster=cluster)
    test = cr2(m, solve(m), "assigned")
    if isinstance(found, Absence):
        assert found == test
        return
    assert isinstance(test, Estimate)
    low = -math.inf if found.low is None else found.low
    high = math.inf if found.high is None else found.high
    inside = {
        "interval": low <= b <= high,
        "rays": b <= low or b >= high,
        "everything": True,
        "empty": False,
    }[found.kind]
    assert inside == (test.p_value >= 0.05)


@pytest.mark.parametrize("unit", [1e-200, 60.0, 1e250])
def test_unit_row_order_and_swapped_arms_change_only_what_they_must(unit: float) -> None:
    y, turn = np.log(D["minutes"]), np.random.default_rng(3).permutation(len(D["team"]))
    swapped = {"realised": 1 - D["used"][turn], "assigned": 1 - D["arm"][turn]}
    x = {"words": LOG_WORDS["words"][turn]}
    one, other = (
        (complier_effect(v, **question), anderson_rubin(v, **question))
        for v, question in (
            (y, WORDS),
            (unit * y[turn], {**swapped, "x": x, "cluster": D["team"][turn]}),
        )
    )
    assert isinstance(one[0], Estimate)
    assert isinstance(other[0], Estimate)
    numbers = (other[0].value / unit, other[0].se / unit, other[0].df)
    assert numbers == pytest.approx((-one[0].value, one[0].se, one[0].df), rel=1e-9)
    assert isinstance(one[1], Region)
    assert isinstance(other[1], Region)
    assert one[1].high is not None
    assert other[1].low == pytest.approx(-unit * one[1].high, rel=1e-9)


def test_use_that_the_lot_did_not_move_at_all() -> None:
    """Nobody used anything: an outcome that moved all the same had another cause."""
    y = np.array([10.0, 12, 14, 16, 6, 8, 10, 12])
    question: dict[str, Any] = {"assigned": ASSIGNED, "x": {}, "cluster": ONE_EACH}
    nobody = np.full(8, 0.1 + 0.2)
    assert complier_effect(y, realised=nobody, **question) == Absence("weak_instrument")
    assert anderson_rubin(y, realised=nobody, **question) == Region("everything")
    moved = anderson_rubin(y - 10 * ASSIGNED, realised=nobody, **question)
    assert moved == Region("empty")


def test_use_that_the_lot_moved_by_next_to_nothing_loses_no_digits() -> None:
    """The effects not rejected lie beyond those of an assignment that moved no use at all."""
    y = np.array([10.0, 12, 14, 16, 0, 2, 4, 6])
    used = np.tile([1.0, 0, 0, 1], 2)
    question: dict[str, Any] = {"assigned": ASSIGNED, "x": {}, "cluster": ONE_EACH}
    still = anderson_rubin(y, realised=used, **question)
    nearly = anderson_rubin(y, realised=used + 1e-11 * ASSIGNED, **question)
    assert isinstance(still, Region)
    assert isinstance(nearly, Region)
    assert nearly.kind == still.kind == "rays"
    assert (nearly.low, nearly.high) == pytest.approx((still.low, still.high), rel=1e-9)
    assert still.low is not None
    m = moments(y - still.low * used, {"assigned": ASSIGNED}, cluster=ONE_EACH)
    test = cr2(m, solve(m), "assigned")
    assert isinstance(test, Estimate)
    assert test.p_value == pytest.approx(0.05, rel=1e-9)


def test_a_large_effect_of_use_shifts_the_set_and_does_not_blur_it() -> None:
    """Errors of a millionth beside an effect of a thousand: the width keeps its digits."""
    y = np.log(D["minutes"])
    one, far = (anderson_rubin(v, **WORDS) for v in (y, 1e-6 * y - 1000 * D["used"]))
    assert isinstance(one, Region)
    assert isinstance(far, Region)
    assert one.low is not None
    assert one.high is not None
    assert far.low is not None
    assert far.high is not None
    assert far.high - far.low == pytest.approx(1e-6 * (one.high - one.low), rel=1e-5)


def test_what_cannot_be_computed_has_its_reason() -> None:
    y, used = np.array([10.0, 12, 14, 16, 6, 8, 10, 12]), np.array([0.0, 0, 0, 0, 1, 1, 1, 0])

    def reasons(y: np.ndarray, rows: int = 8, **more: Any) -> set[str]:
        arrays = {"realised": used, "assigned": ASSIGNED, "cluster": ONE_EACH} | more
        x = {name: values[:rows] for name, values in arrays.pop("x", {}).items()}
        cut = {name: values[:rows] for name, values in arrays.items()}
        found = [each(y[:rows], x=x, **cut) for each in (complier_effect, anderson_rubin)]
        assert all(isinstance(each, Absence) for each in found)
        return {each.reason for each in found if isinstance(each, Absence)}

    assert reasons(y, rows=0) == {"no_rows"}
    assert reasons(y, rows=2, assigned=np.tile([0.0, 1], 4)) == {"saturated"}
    assert reasons(y, assigned=np.ones(8)) == {"not_identified"}
    assert reasons(y, x={"same": ASSIGNED}) == {"not_identified"}
    assert reasons(y, cluster=np.zeros(8, int)) == {"one_cluster"}
    assert reasons(y, cluster=np.array([0, 1, 2, 3, 4, 4, 4, 4])) == {"lone_cluster"}
    assert reasons(np.full(8, 7.1)) == {"no_spread"}
    assert reasons(3.0 - 0.7 * used) == {"no_spread"}  # use explains all
    assert reasons(y * 1e300, realised=used * 1e-300) == {"too_large"}
