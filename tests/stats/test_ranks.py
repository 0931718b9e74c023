"""The chance that a treated value lies above a baseline value, against R, SciPy and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import brunnermunzel

from htkeval.stats.answer import Absence
from htkeval.stats.ranks import (
    RelativeEffect,
    relative_effect,
    relative_effect_crossover,
    relative_effect_within,
)
from tests.oracles.sheets import answers, columns

R = answers("ranks")
NAMES = ("estimate", "se", "df", "p_value", "low", "high")
RATINGS = st.lists(st.integers(1, 7), min_size=2, max_size=12)


def numbers(found: RelativeEffect | Absence) -> tuple[float, ...]:
    assert isinstance(found, RelativeEffect)
    return (found.value, found.se, found.df, found.p_value, *found.interval)


def codes(words: list[str]) -> np.ndarray:
    return np.unique(words, return_inverse=True)[1]


@pytest.mark.parametrize("outcome", ["minutes", "right", "score", "approved"])
def test_between_units_it_is_brunner_and_munzels(outcome: str) -> None:
    """R: ranks among all less ranks within, ranks.R; SciPy: `brunnermunzel`."""
    d = columns("one_task_each")
    y, arm = np.array(d[outcome]), np.array(d["arm"])
    found = numbers(relative_effect(y[arm == 0], y[arm == 1]))
    expected = R[f"between.{outcome}"]
    assert found == pytest.approx(tuple(expected[name] for name in NAMES), rel=1e-10)
    assert found[3] == pytest.approx(brunnermunzel(y[arm == 0], y[arm == 1]).pvalue, rel=1e-10)


def test_participants_means_are_units_too() -> None:
    """R: `aggregate` and ranks.R, at 90 %."""
    d = columns("parallel")
    score, arm, person = np.array(d["score"]), np.array(d["arm"]), codes(d["participant"])
    mean = {a: [score[person == g].mean() for g in np.unique(person[arm == a])] for a in (0, 1)}
    found = numbers(relative_effect(np.array(mean[0]), np.array(mean[1]), level=0.9))
    expected = R["between.units"]
    assert found == pytest.approx(tuple(expected[name] for name in NAMES), rel=1e-10)


def test_the_pain_scores_have_the_published_answer() -> None:
    """Neubert & Brunner 2007; R: `lawstat::brunner.munzel.test`, its documented output."""
    x = np.array([1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1.0])
    y = np.array([3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4.0])
    value, _, df, p, low, high = numbers(relative_effect(x, y))
    assert (value, df, p) == pytest.approx((0.788961, 17.682842, 0.005786), abs=5.1e-7)
    assert (low, high) == pytest.approx((0.5952169, 0.9827052), abs=5.1e-8)


def test_between_units_by_hand() -> None:
    """Of (1, 2, 4), 1/3, 5/6 and all lie below 1.5, 4, 5; of those, 0, 1/3, 1/2 below 1, 2, 4.

    Mean 13/18, variances 13/108 and 7/108 of 3 each: s.e. sqrt(20/324), Welch's
    df = 2 (13 + 7)^2 / (13^2 + 7^2).
    """
    found = numbers(relative_effect(np.array([1.0, 2.0, 4.0]), np.array([1.5, 4.0, 5.0])))
    assert found[:3] == pytest.approx((13 / 18, math.sqrt(20 / 324), 2 * 20**2 / (13**2 + 7**2)))


@settings(max_examples=60, deadline=None)
@given(x=RATINGS, y=RATINGS)
def test_only_order_counts_and_swapping_groups_turns_the_answer_round(
    x: list[int], y: list[int]
) -> None:
    a, b = np.array(x, float), np.array(y, float)
    here = relative_effect(a, b)
    assert relative_effect(np.exp(a), np.exp(b)) == here
    there = relative_effect(b, a)
    if isinstance(here, Absence):
        assert there == here
        return
    value, se, df, p, low, high = numbers(here)
    assert numbers(there) == pytest.approx((1 - value, se, df, p, 1 - high, 1 - low), abs=1e-12)
    assert 0 <= low <= value <= high <= 1
    assert (low > 0.5 or high < 0.5) == (p < 0.05)
    pairs = [float(one > zero) + 0.5 * float(one == zero) for zero in x for one in y]
    assert value == pytest.approx(np.mean(pairs))


def test_an_interval_ends_where_chances_end() -> None:
    found = numbers(relative_effect(np.array([1, 2, 3, 5.0]), np.array([4, 6, 7, 8.0])))
    assert found[5] == 1
    turned = numbers(relative_effect(np.array([4, 6, 7, 8.0]), np.array([1, 2, 3, 5.0])))
    assert turned[4] == 0


def test_groups_wholly_apart_or_wholly_alike_show_no_uncertainty() -> None:
    low, high = np.array([1.0, 2.0, 3.0]), np.array([1e300, 2e300])
    assert relative_effect(low, high) == Absence("no_spread")
    assert relative_effect(high, low) == Absence("no_spread")
    assert relative_effect(np.full(4, 0.3), np.full(3, 0.3)) == Absence("no_spread")
    assert relative_effect(low[:1], high) == Absence("too_few")
    assert relative_effect(low, high[:0]) == Absence("too_few")


# Within participants


@pytest.mark.parametrize("outcome", ["minutes", "right", "score", "approved"])
def test_within_people_it_is_the_t_test_on_their_own_shares(outcome: str) -> None:
    """R: `outer`, then `t.test(shares, mu = 0.5)`, ranks.R."""
    d = columns("within")
    shuffled = np.random.default_rng(3).permutation(len(d["arm"]))
    y, arm, person = np.array(d[outcome]), np.array(d["arm"]), codes(d["participant"])
    found = relative_effect_within(y[shuffled], arm=arm[shuffled], cluster=person[shuffled])
    expected = R[f"within.{outcome}"]
    assert numbers(found) == pytest.approx(tuple(expected[name] for name in NAMES), rel=1e-10)


def test_within_people_by_hand() -> None:
    """Shares 1, 3/4, 1/2 of three; the fourth has no task with the tool: mean 3/4, sd 1/4."""
    arm, y = np.array([0, 0, 1, 0, 0, 1, 0, 1, 0]), np.array([1, 2, 3, 1, 2, 2, 5, 5, 7.0])
    person = np.array([0, 0, 0, 1, 1, 1, 2, 2, 3])
    found = numbers(relative_effect_within(y, arm=arm, cluster=person))
    assert found[:3] == pytest.approx((3 / 4, 1 / 4 / math.sqrt(3), 2))


def test_each_persons_level_is_their_own() -> None:
    rng = np.random.default_rng(8)
    person, arm, y = np.repeat(np.arange(6), 8), np.tile([0, 1], 24), rng.normal(size=48)
    near = relative_effect_within(y, arm=arm, cluster=person)
    far = relative_effect_within(np.round(y, 6) + 1e6 * person, arm=arm, cluster=person)
    assert numbers(near) == numbers(far)


def test_within_people_one_person_or_one_share_is_absent() -> None:
    y, arm = np.array([1.0, 2.0, 1.0, 2.0]), np.array([0, 1, 0, 1])
    two = np.array([0, 0, 1, 1])
    assert relative_effect_within(y, arm=arm, cluster=np.zeros(4, int)) == Absence("too_few")
    assert relative_effect_within(y, arm=arm, cluster=np.arange(4)) == Absence("too_few")
    assert relative_effect_within(y[:0], arm=arm[:0], cluster=arm[:0]) == Absence("too_few")
    assert relative_effect_within(y, arm=arm, cluster=two) == Absence("no_spread")


# Crossover


def test_in_a_crossover_time_is_not_taken_for_the_tool() -> None:
    """By hand: shares of later above earlier, half the difference between the two orders."""
    y = np.array([1, 3, 2, 2, 1, 4, 2, 1, 3, 5, 2, 2.0])
    second, person = np.tile([0, 1], 6), np.repeat(np.arange(6), 2)
    first_with = np.repeat([0, 0, 0, 1, 1, 1], 2)
    found = numbers(
        relative_effect_crossover(y, second=second, first_with=first_with, cluster=person)
    )
    # tool second: 1, 1/2, 1; tool first: 0, 1, 1/2; variances 1/12 and 1/4 of three each
    assert found[0] == pytest.approx(0.5 + (5 / 6 - 1 / 2) / 2)
    assert found[1] == pytest.approx(math.sqrt(1 / 36 + 1 / 12) / 2)
    step = second + np.array([0, 0, 0, 0, 0, -2, 0, 0, 0, 0, 0, -2.0])
    trend = relative_effect_crossover(step, second=second, first_with=first_with, cluster=person)
    assert numbers(trend)[0] == 0.5, "a step that both orders share moves nothing"


def test_a_crossover_in_one_order_tells_nothing() -> None:
    y, second, person = np.arange(12.0), np.tile([0, 1], 6), np.repeat(np.arange(6), 2)
    asked = {"second": second, "first_with": np.zeros(12, int), "cluster": person}
    assert relative_effect_crossover(y, **asked) == Absence("too_few")
