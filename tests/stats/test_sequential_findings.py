"""What a trial with looks has found, is likely to find, and would find: against R and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from htkeval.stats.answer import Absence
from htkeval.stats.sequential import Boundary
from htkeval.stats.sequential.chances import chances
from htkeval.stats.sequential.futility import conditional_power
from htkeval.stats.sequential.stagewise import Stagewise, as_z, stagewise
from tests.oracles.sheets import answers
from tests.stats.looks import KINDS, equal, limits, numbered

R = answers("sequential")


def cases(start: str) -> list[str]:
    return [name for name in R if name.startswith(f"{start}.")]


def finding(
    z: float, boundary: Boundary, look: int, se: float = 1.0, level: float = 0.95
) -> Stagewise:
    found = stagewise(z, boundary, look=look, se=se, level=level)
    assert isinstance(found, Stagewise)
    return found


def stored(name: str, sides: int) -> tuple[Boundary, Stagewise]:
    r = R[name]
    boundary = limits(numbered(r, "t"), KINDS[name.split(".")[1]], sides=sides, alpha=0.025 * sides)
    return boundary, finding(r["z"], boundary, int(r["look"]))


# The final p-value, estimate and interval


@pytest.mark.parametrize("name", cases("final"))
def test_p_estimate_and_interval_at_the_end_are_rpacts(name: str) -> None:
    """R: `getFinalPValue`, `getFinalConfidenceInterval` of a one-sided design, sequential.R."""
    r, (_, found) = R[name], stored(name, 1)
    assert found.p_value == pytest.approx(r["p"], abs=1e-7)
    ends = (*found.interval, found.estimate)
    # rpact cuts its integral at z = -6, which costs it a digit at one upper end
    assert ends == pytest.approx((r["low"], r["high"], r["middle"]), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", cases("both"))
def test_where_either_side_may_stop_they_are_sums_of_rectangles(name: str) -> None:
    """R: `mvtnorm::pmvnorm(algorithm = Miwa(2048))` and `uniroot`, sequential.R."""
    r, (_, found) = R[name], stored(name, 2)
    assert found.p_value == pytest.approx(r["p"], abs=1e-7)
    assert (*found.interval, found.estimate) == pytest.approx(
        (r["low"], r["high"], r["middle"]), abs=1e-6
    )


def test_by_hand_a_finding_at_the_first_look_is_the_plain_one() -> None:
    """z 3.1 with error 2: p = 2 Phi(-3.1), 6.2 +- 1.959964 x 2; also after looks that never
    stop."""
    for found in (
        finding(3.1, limits((0.5, 1.0), "obrien_fleming"), 1, se=2.0),
        finding(3.1, limits((0.2, 0.5, 1.0), (0.0, 0.4, 1.0)), 2, se=2.0),
    ):
        assert found.p_value == pytest.approx(2 * ndtr(-3.1), rel=1e-12)
        assert found.estimate == pytest.approx(6.2, rel=1e-12)
        assert found.interval == pytest.approx((6.2 - 2 * 1.959964, 6.2 + 2 * 1.959964), abs=1e-5)


PLACE = st.tuples(
    st.sampled_from(["obrien_fleming", "pocock"]), st.integers(2, 4), st.floats(-3.5, 3.5)
)


@settings(max_examples=40, deadline=None)
@given(PLACE)
def test_a_finding_at_the_end_says_the_same_as_the_limit(place: tuple[str, int, float]) -> None:
    """p below 5 %, interval without zero, z beyond the limit: one and the same."""
    kind, count, z = place
    boundary = limits(equal(count), KINDS[kind])
    found = finding(z, boundary, count)
    beyond = abs(z) >= boundary.upper[-1]
    assert (found.p_value <= 0.05) is beyond
    assert (found.interval[0] > 0 or found.interval[1] < 0) is beyond
    edge = finding(boundary.upper[-1], boundary, count)
    assert edge.p_value == pytest.approx(0.05, abs=1e-12)
    assert edge.interval[0] == pytest.approx(0, abs=1e-10)


@settings(max_examples=30, deadline=None)
@given(PLACE, st.floats(1e-3, 1e3))
def test_sign_and_unit_change_only_what_they_must(
    place: tuple[str, int, float], unit: float
) -> None:
    kind, count, z = place
    boundary = limits(equal(count), KINDS[kind])
    one, other = finding(z, boundary, count), finding(-z, boundary, count, se=unit)
    assert other.p_value == pytest.approx(one.p_value, rel=1e-12)
    assert -other.estimate / unit == pytest.approx(one.estimate, abs=1e-9)
    low, high = other.interval
    assert (-high / unit, -low / unit) == pytest.approx(one.interval, abs=1e-9)
    assert one.interval[0] < one.estimate < one.interval[1]
    # looks before the end only ever draw the estimate towards zero
    assert abs(one.estimate) <= abs(z) + 1e-9


def test_nothing_found_at_the_end_is_no_effect() -> None:
    found = finding(0.0, limits(equal(3), "pocock"), 3)
    assert found.p_value == pytest.approx(1, abs=1e-12)
    assert found.estimate == pytest.approx(0, abs=1e-10)
    assert found.interval[0] == pytest.approx(-found.interval[1], abs=1e-10)


def test_stopping_earlier_counts_for_more_than_a_larger_z_later() -> None:
    boundary = limits(equal(3), "pocock")
    p = [finding(z, boundary, look).p_value for look, z in ((1, 4), (1, 2.3), (2, 9), (2, 2.3))]
    assert p == sorted(p)
    last = finding(9.0, boundary, 3).p_value
    assert p[-1] < last < 0.05


@pytest.mark.parametrize("points", [27, pytest.param(131, marks=pytest.mark.campaign)])
def test_estimate_and_interval_hold_in_simulated_trials(points: int) -> None:
    """20,000 trials with an effect of 2.5 errors at the end, three Pocock looks.

    Covered 95 % (error 0.15 points), above the truth half of the time (0.35 points); the plain
    estimate is above it more often: that is what stopping early does. Findings are computed at
    some points and drawn straight between them.
    """
    rng = np.random.default_rng(3)
    t, drift = np.array(equal(3)), 2.5
    boundary = limits(equal(3), "pocock")
    score = (rng.normal(size=(20_000, 3)) / math.sqrt(3)).cumsum(axis=1) + drift * t
    z = score / np.sqrt(t)
    stopped = np.abs(z) >= boundary.upper
    stopped[:, -1] = True
    look = stopped.argmax(axis=1)
    seen = z[np.arange(len(z)), look]
    grid = [np.linspace(-4.0, 9.0, points) for _ in range(3)]
    ends = []
    for k in range(3):
        rows = [finding(x, boundary, k + 1, se=1 / math.sqrt(t[k])) for x in grid[k]]
        ends.append(np.array([(*row.interval, row.estimate) for row in rows]))
    low, high, middle = (
        np.array([np.interp(x, grid[k], ends[k][:, j]) for k, x in zip(look, seen, strict=True)])
        for j in range(3)
    )
    assert ((low <= drift) & (drift <= high)).mean() == pytest.approx(0.95, abs=0.0062)
    assert (middle > drift).mean() == pytest.approx(0.5, abs=0.0142)
    assert (seen / np.sqrt(t[look]) > drift).mean() > 0.56


def test_extreme_findings_keep_their_digits() -> None:
    """Two looks, z 12 at the second: most of it had stopped before, so p is about alpha spent at
    the first; z 30 at the first is 2 Phi(-30)."""
    boundary = limits((0.5, 1.0), "obrien_fleming")
    assert finding(30.0, boundary, 1).p_value == pytest.approx(2 * ndtr(-30.0), rel=1e-10)
    late = finding(12.0, boundary, 2)
    assert late.p_value == pytest.approx(boundary.looks[0].spent, rel=1e-9)
    assert late.interval[0] < late.estimate < late.interval[1]
    assert finding(50.0, boundary, 1).p_value > 0
    three = limits(equal(3), "pocock", sides=1)
    for z in (-1e8, -1e4, 1e4, 1e8):
        found = finding(z, three, 3)
        assert found.interval[0] < found.estimate < found.interval[1]
    assert finding(-1e4, three, 3).estimate == pytest.approx(-1e4, rel=1e-9)


def test_what_is_no_number_has_its_reason() -> None:
    boundary = limits((0.5, 1.0), "pocock")
    for z in (math.nan, math.inf, -1e300):
        assert stagewise(z, boundary, look=2, se=1.0) == Absence("too_large")
    assert stagewise(2.0, boundary, look=2, se=0.0) == Absence("no_spread")
    assert stagewise(2.0, boundary, look=2, se=1.7e308) == Absence("too_large")


def test_a_small_sample_p_becomes_the_z_that_has_it() -> None:
    assert as_z(0.05, 12.0) == pytest.approx(-ndtri(0.025), rel=1e-14)
    assert as_z(0.05, -1e-9) == pytest.approx(ndtri(0.025), rel=1e-14)
    assert as_z(1.0, -3.0) == 0.0
    assert 2 * ndtr(-as_z(1e-200, 1.0)) == pytest.approx(1e-200, rel=1e-10)


# Conditional power


@pytest.mark.parametrize("name", cases("power"))
def test_conditional_power_is_rpacts(name: str) -> None:
    """R: `getConditionalPower(thetaH1 = drift / sqrt(n), assumedStDev = 1)`, sequential.R."""
    r, sides = R[name], int(R[name]["sides"])
    boundary = limits(numbered(r, "t"), KINDS[name.split(".")[1]], sides=sides, alpha=sides * 0.025)
    drift = None if r["trend"] else r["drift"]
    found = conditional_power(r["z"], boundary, look=int(r["look"]), drift=drift)
    assert found == pytest.approx(r["power"], abs=1e-6)


def test_by_hand_one_look_left() -> None:
    """z 1 half way is a score of 0.7071; a drift of 3 adds 1.5; the limit is 1.9686; the step's
    deviation is 0.7071: Phi((0.7071 + 1.5 - 1.9686) / 0.7071) = Phi(0.3374) = 0.632."""
    boundary = limits((0.5, 1.0), "obrien_fleming")
    assert conditional_power(1.0, boundary, look=1, drift=3.0) == pytest.approx(0.632, abs=5e-4)
    assert conditional_power(-1.0, boundary, look=1, drift=-3.0) == pytest.approx(0.632, abs=5e-4)
    against = conditional_power(-1.0, boundary, look=1, drift=3.0)
    assert isinstance(against, float)
    assert against < 0.05


def test_at_the_last_look_there_is_nothing_to_come() -> None:
    boundary = limits((0.5, 1.0), "pocock")
    assert conditional_power(1.0, boundary, look=2) == Absence("no_looks_left")


def test_with_one_side_a_falling_trend_has_no_chance_upwards() -> None:
    boundary = limits((0.5, 1.0), "pocock", sides=1, alpha=0.025)
    found = conditional_power(-2.0, boundary, look=1)
    assert isinstance(found, float)
    assert 0 <= found < 1e-6


def test_following_the_advice_or_not_no_limit_is_overspent() -> None:
    """300,000 trials without an effect that stop where conditional power is below 20 %: fewer
    alarms, never more; the limits do not count on it."""
    rng = np.random.default_rng(5)
    boundary = limits((0.5, 1.0), "obrien_fleming")
    score = (rng.normal(size=(300_000, 2)) * math.sqrt(0.5)).cumsum(axis=1)
    first, last = score[:, 0] / math.sqrt(0.5), score[:, 1]
    grid = np.linspace(-6, 6, 241)
    power = [conditional_power(float(z), boundary, look=1) for z in grid]
    hopeless = np.interp(first, grid, np.array(power, float)) < 0.2
    early = np.abs(first) >= boundary.upper[0]
    heeded = (early | (~hopeless & (np.abs(last) >= boundary.upper[1]))).mean()
    ignored = (early | (np.abs(last) >= boundary.upper[1])).mean()
    assert heeded < ignored
    assert ignored == pytest.approx(0.05, abs=0.0016)


# Chances to stop


@pytest.mark.parametrize("name", cases("chances"))
def test_chances_to_stop_are_rpacts(name: str) -> None:
    """R: `getPowerAndAverageSampleNumber(theta = drift / 100, nMax = 1e4)`, sequential.R."""
    r, sides = R[name], int(R[name]["sides"])
    boundary = limits(numbered(r, "t"), KINDS[name.split(".")[1]], sides=sides, alpha=sides * 0.025)
    found = chances(boundary, drift=r["drift"])
    assert found.stops == pytest.approx(numbered(r, "stop"), abs=1e-6)
    assert found.power == pytest.approx(r["power"], abs=1e-6)
    assert found.information == pytest.approx(r["information"], abs=1e-6)


@settings(deadline=None)
@given(st.floats(-6, 6), st.sampled_from(["obrien_fleming", "pocock"]), st.integers(1, 5))
def test_chances_mirror_rise_with_the_effect_and_stay_below_one(
    drift: float, kind: str, count: int
) -> None:
    boundary = limits(equal(count), KINDS[kind])
    found, mirrored = chances(boundary, drift=drift), chances(boundary, drift=-drift)
    assert found.above == pytest.approx(mirrored.below, abs=1e-12)
    assert found.power >= chances(boundary, drift=drift / 2).power - 1e-12
    assert 0.05 - 1e-9 <= found.power <= 1
    assert boundary.fractions[0] - 1e-12 <= found.information <= 1 + 1e-12


def test_without_an_effect_the_chances_are_what_is_spent() -> None:
    boundary = limits((0.2, 0.5, 1.0), (0.0, 0.4, 1.0))
    found = chances(boundary, drift=0.0)
    assert found.stops == pytest.approx((0, 0.02, 0.03), abs=1e-12)
    assert found.above == pytest.approx(found.below, abs=1e-12)


def test_a_trial_that_goes_on_ends_with_the_information_of_its_last_look() -> None:
    """All of alpha at look 1 of 0.5, then a last look at 1.2: 0.05 x 0.5 + 0.95 x 1.2 = 1.165."""
    found = chances(limits((0.5, 1.2), (1.0, 1.0)), drift=0.0)
    assert found.information == pytest.approx(1.165, rel=1e-12)


def test_no_stored_answer_stands_unused() -> None:
    used = ("limits", "final", "both", "power", "chances")
    assert {name.split(".")[0] for name in R} == set(used)
    assert len(cases("final")) == 18
    assert len(cases("both")) == 6
    assert len(cases("power")) == 12
    assert len(cases("chances")) == 24
