"""Limits for looks, held against R's rpact, the multivariate normal and simulated trials."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri, stdtr
from scipy.stats import multivariate_normal

from htkeval.stats.answer import Absence
from htkeval.stats.sequential import Boundary, boundary, foreseen
from htkeval.stats.sequential.spending import Spending, spent
from tests.oracles.sheets import answers
from tests.stats.looks import KINDS, equal, limits, numbered

R = {name: case for name, case in answers("sequential").items() if name.startswith("limits.")}
FRACTIONS = st.lists(st.integers(1, 20), min_size=1, max_size=5).map(
    lambda steps: tuple(float(each) for each in np.cumsum(steps) / sum(steps))
)


def normal(fractions: tuple[float, ...], upper: tuple[float, ...], sides: int) -> float:
    """P(|Z| or Z beyond a limit at some look), by SciPy's multivariate normal; no recursion."""
    t = np.array(fractions)
    r = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    low = [-c if sides == 2 else -np.inf for c in upper]
    inside = multivariate_normal.cdf(upper, None, r, lower_limit=low, abseps=2e-7, releps=1e-9)
    return 1 - float(inside)


# Against rpact


@pytest.mark.parametrize("case", list(R))
def test_limits_are_rpacts(case: str) -> None:
    """R: `getDesignGroupSequential(typeOfDesign = "asOF" | "asP" | "asUser")`, sequential.R."""
    r = R[case]
    kind, t, used = case.split(".")[1], numbered(r, "t"), numbered(r, "spent")
    table = tuple(each / r["alpha"] for each in used[:-1])
    spending: Spending = (*table, 1.0) if kind == "table" else KINDS[kind]
    found = limits(t, spending, sides=int(r["sides"]), alpha=r["alpha"])
    assert found.upper == pytest.approx(numbered(r, "c"), abs=1e-6)
    assert [look.spent for look in found.looks] == pytest.approx(used, abs=2e-8)


def test_the_promised_digits_one_sided_at_two_and_a_half_per_cent() -> None:
    """K = 2: 2.9626, 1.9686; K = 3: 3.7103, 2.5114, 1.9930 (rpact 3.3.4)."""
    two, three = (limits(equal(k), "obrien_fleming", sides=1, alpha=0.025) for k in (2, 3))
    assert two.upper == pytest.approx((2.9626, 1.9686), abs=5e-5)
    assert three.upper == pytest.approx((3.7103, 2.5114, 1.9930), abs=5e-5)


def test_the_cases_cover_two_to_five_looks_every_spending_and_both_sides() -> None:
    seen = {tuple(case.split(".")[1:5]) for case in R}
    kinds, ways = ("obrien_fleming", "pocock", "table"), ("equal", "unequal")
    assert set(itertools.product(kinds, "2345", ways, "12")) <= seen


# Against what they promise


@pytest.mark.campaign
@settings(max_examples=settings.default.max_examples // 16, deadline=None)  # 6; each is integrated
@given(
    FRACTIONS,
    st.sampled_from(["obrien_fleming", "pocock", "table"]),
    st.sampled_from([1, 2]),
    st.sampled_from([0.01, 0.05, 0.2]),
)
def test_limits_spend_exactly_alpha(
    t: tuple[float, ...], kind: str, sides: int, alpha: float
) -> None:
    spending = (*[x**2 for x in t[:-1]], 1.0) if kind == "table" else KINDS[kind]
    found = limits(t, spending, sides=sides, alpha=alpha)
    for k in {min(2, len(t)), len(t)}:
        used = found.looks[k - 1].spent
        assert normal(t[:k], found.upper[:k], sides) == pytest.approx(used, abs=2e-6)
    assert found.looks[-1].spent == alpha


@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
@pytest.mark.parametrize("count", [2, 3, 5])
def test_trials_without_an_effect_alarm_at_the_nominal_level(
    count: int, spending: Spending
) -> None:
    """400,000 paths: the standard error is 0.034 points, four of them are allowed."""
    rng = np.random.default_rng(20260112 + count)
    t = np.array([0.3, 1] if count == 2 else equal(count))
    upper = np.array(limits(tuple(t), spending).upper)
    steps = rng.normal(size=(400_000, count)) * np.sqrt(np.diff(t, prepend=0))
    z = steps.cumsum(axis=1) / np.sqrt(t)
    alarms = (np.abs(z) >= upper).any(axis=1).mean()
    assert alarms == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / 400_000))


def test_with_three_units_an_arm_only_the_p_scale_holds_the_level() -> None:
    """Two looks at 3 and 6 units an arm, t tests, 200,000 trials without an effect.

    t at 3 an arm has 4 degrees of freedom, at 6 it has 10. On the z scale |t| >= 2.9626 or 1.9686
    alarms in 9-11 %; its own p held against the nominal level alarms in 5 %.
    """
    rng = np.random.default_rng(7)
    found = limits((0.5, 1.0), "obrien_fleming")
    arms = rng.normal(size=(2, 200_000, 6))
    by_z, by_p = np.zeros(200_000, bool), np.zeros(200_000, bool)
    for look, n in zip(found.looks, (3, 6), strict=True):
        one, other = arms[:, :, :n]
        error = np.sqrt((one.var(axis=1, ddof=1) + other.var(axis=1, ddof=1)) / n)
        t = (one.mean(axis=1) - other.mean(axis=1)) / error
        by_z |= np.abs(t) >= look.critical
        by_p |= 2 * stdtr(2 * n - 2, -np.abs(t)) <= look.nominal
    assert 0.09 < by_z.mean() < 0.11
    assert by_p.mean() == pytest.approx(0.05, abs=0.004)


@settings(deadline=None)
@given(FRACTIONS, st.sampled_from(["obrien_fleming", "pocock"]))
def test_a_limit_depends_on_the_looks_before_it_only(
    t: tuple[float, ...], spending: Spending
) -> None:
    """So a look may be judged before it is known when the next one comes."""
    whole = limits(t, spending)
    for k in range(1, len(t)):
        so_far = limits(t[:k], spending, final=False)
        assert so_far.looks == whole.looks[:k]
    assert all(look.spent <= 0.05 for look in whole.looks)


def test_a_last_look_with_less_or_more_information_spends_what_is_left() -> None:
    """The fraction at the end only moves the correlation of the looks; alpha is spent in any
    case."""
    for last in (0.93, 1.07):
        found = limits((0.43, last), "obrien_fleming")
        assert normal((0.43, last), found.upper, 2) == pytest.approx(0.05, abs=1e-6)
        assert found.looks[0] == limits((0.43, 1.0), "obrien_fleming").looks[0]


def test_one_look_is_the_plain_test() -> None:
    found = limits((1.0,), "obrien_fleming")
    assert found.upper == pytest.approx((-ndtri(0.025),), abs=1e-12)
    assert found.looks[0].nominal == pytest.approx(0.05, rel=1e-12)
    assert limits((1.0,), "pocock", sides=1).looks[0].nominal == pytest.approx(0.05, rel=1e-12)


@settings(deadline=None)
@given(FRACTIONS, st.sampled_from([1, 2]))
def test_nominal_level_and_repeated_interval_say_what_the_limit_says(
    t: tuple[float, ...], sides: int
) -> None:
    for look in limits(t, "pocock", sides=sides).looks:
        assert look.nominal == pytest.approx(sides * ndtr(-look.critical), rel=1e-12)
        assert look.level == 1 - look.nominal


def test_a_look_at_which_nothing_may_be_spent_never_stops_and_costs_nothing() -> None:
    """Shares 0, 0.4, 0.4, 1: looks 1 and 3 are only looked at, so 2 and 4 are as if alone."""
    found = limits((0.2, 0.5, 0.8, 1.0), (0.0, 0.4, 0.4, 1.0))
    first, _, third, _ = found.looks
    assert [look.critical for look in (first, third)] == [math.inf, math.inf]
    assert [look.nominal for look in (first, third)] == [0, 0]
    assert first.level == Absence("nothing_spent")
    alone = limits((0.5, 1.0), (0.4, 1.0)).upper
    assert (found.upper[1], found.upper[3]) == pytest.approx(alone, abs=1e-12)
    assert limits((0.5, 1.0), (0.0, 1.0)).upper[1] == pytest.approx(-ndtri(0.025), abs=1e-12)


def test_a_look_before_the_end_may_have_all_the_information_and_then_spends_all() -> None:
    found = limits((0.5, 1.05, 1.2), "pocock")
    assert [look.spent for look in found.looks[1:]] == [0.05, 0.05]
    assert found.upper[2] == math.inf
    assert normal((0.5, 1.05), found.upper[:2], 2) == pytest.approx(0.05, abs=1e-6)


def test_very_early_and_very_close_looks_have_finite_limits() -> None:
    """At 1 % O'Brien-Fleming spends 4 Phi(-2.2414 / 0.1) = 1e-110; 0.5 and 0.501 are one look."""
    early = limits((0.01, 1.0), "obrien_fleming")
    share = 2 * ndtr(ndtri(0.0125) * 10)
    assert early.upper == pytest.approx((-ndtri(share), -ndtri(0.025)), rel=1e-9)
    close = limits((0.5, 0.501, 1.0), "pocock")
    assert normal((0.5, 0.501, 1.0), close.upper, 2) == pytest.approx(0.05, abs=1e-6)


def test_looks_without_new_information_are_refused() -> None:
    for t in ((0.5, 0.5), (0.5, 0.4, 1.0), (0.0, 1.0), (-0.1, 1), (0.5, 0.5002, 1), (math.nan, 1)):
        assert boundary(t) == Absence("no_new_information")
    assert boundary(()) == Absence("no_rows")
    with pytest.raises(ValueError, match="1 shares for 2 looks"):
        boundary((0.5, 1.0), spending=(1.0,))


# Spending


def test_by_hand_what_is_spent() -> None:
    """Half way, a side at 0.025: 2 - 2 Phi(2.241403 / sqrt(1/2)) = 0.0015253, two sides 0.0030506;
    0.05 ln(1 + 1.718282 / 2) = 0.0310057."""
    assert spent((0.5, 1), "obrien_fleming", alpha=0.05)[0] == pytest.approx(0.0030506, abs=1e-7)
    assert spent((0.5, 1), "pocock", alpha=0.05)[0] == pytest.approx(0.0310057, abs=1e-7)
    assert spent((0.5, 1), (0.3, 1), alpha=0.05) == pytest.approx((0.015, 0.05))
    assert spent((0.5, 0.8), "pocock", alpha=0.05, final=False)[1] < 0.05
    assert spent((), "pocock", alpha=0.05) == ()


@given(FRACTIONS, st.sampled_from(["obrien_fleming", "pocock"]), st.sampled_from([1, 2]))
def test_spending_rises_to_alpha(t: tuple[float, ...], kind: Spending, sides: int) -> None:
    used = spent(t, kind, alpha=0.05, sides=1 if sides == 1 else 2)
    assert all(a <= b for a, b in itertools.pairwise((0.0, *used)))
    assert used[-1] == 0.05


def test_what_is_foreseen_after_a_look() -> None:
    """A planned look that was overtaken falls away; so does one a hair ahead."""
    planned = (0.4, 0.7, 1.0)
    assert foreseen((), planned) == planned
    assert foreseen((0.5,), planned) == (0.5, 0.7, 1.0)
    assert foreseen((0.75,), planned) == (0.75, 1.0)
    assert foreseen((0.5, 0.6999), (0.4, 0.6, 0.7, 1.0)) == (0.5, 0.6999, 1.0)
    assert foreseen((0.5, 1.1), planned) == (0.5, 1.1)
    assert isinstance(boundary(foreseen((0.75,), planned), spending=(0.1, 0.3, 1.0)), Boundary)
