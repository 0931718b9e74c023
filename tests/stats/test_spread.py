"""The ratio of two arms' variances, jackknifed over clusters."""

from __future__ import annotations

import math

import numpy as np
import pytest

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.spread import log_variance_ratio


def found(y: np.ndarray, arm: np.ndarray, cluster: np.ndarray) -> Estimate:
    answer = log_variance_ratio(y, arm=arm, cluster=cluster)
    assert isinstance(answer, Estimate)
    return answer


def test_by_hand_two_people_in_both_arms() -> None:
    """Sums of squares about own means: baseline 2 and 8 on 1 + 1, treatment 8 and 18 on 1 + 1."""
    y = np.array([0, 2, 0, 4, 0, 4, 0, 6.0])
    arm, person = np.array([0, 0, 1, 1, 0, 0, 1, 1]), np.repeat([0, 1], 4)
    answer = found(y, arm, person)
    assert answer.value == pytest.approx(math.log((8 + 18) / 2) - math.log((2 + 8) / 2))
    without = [math.log(18 / 8), math.log(8 / 2)]
    assert answer.se == pytest.approx(math.sqrt(0.5 * (without[0] - without[1]) ** 2 / 2))
    assert answer.df == 1


def test_scale_and_order_change_nothing_and_arms_swap_signs() -> None:
    rng = np.random.default_rng(1)
    person, arm = np.repeat(np.arange(10), 12), np.tile([0, 1], 60)
    y = rng.normal(size=10)[person] + rng.normal(size=120) * np.where(arm, 1.5, 1.0)
    one = found(y, arm, person)
    order = rng.permutation(120)
    for other in (
        found(60 * y + 1e6, arm, person),
        found(y[order], arm[order], person[order]),
        found(y * 1e250, arm, person),
    ):
        assert (other.value, other.se, other.df) == pytest.approx((one.value, one.se, one.df))
    assert found(y, 1 - arm, person).value == pytest.approx(-one.value)


@pytest.mark.parametrize("both", [True, False])
def test_no_difference_in_spread_alarms_about_as_often_as_it_says(both: bool) -> None:
    """500 trials of 16 clusters; at 7 % more than 54 alarms would come once in a thousand."""
    rng = np.random.default_rng(2)
    cluster = np.repeat(np.arange(16), 10)
    arm = np.tile([0, 1], 80) if both else cluster % 2
    alarms = 0
    for _ in range(500):
        answer = found(rng.normal(size=160) + rng.normal(size=16)[cluster] * both, arm, cluster)
        alarms += answer.p_value < 0.05
    assert alarms <= 54


def test_a_wider_arm_is_seen() -> None:
    rng = np.random.default_rng(3)
    cluster, arm = np.repeat(np.arange(20), 20), np.tile([0, 1], 200)
    answer = found(rng.normal(size=400) * np.where(arm, 2.0, 1.0), arm, cluster)
    interval = answer.interval(0.95)
    assert isinstance(interval, tuple)
    assert interval[0] < math.log(4) < interval[1]
    assert interval[0] > 0


def test_nothing_to_tell_has_reasons() -> None:
    arm, cluster = np.tile([0, 1], 6), np.repeat(np.arange(3), 4)
    flat = log_variance_ratio(np.full(12, 0.3), arm=arm, cluster=cluster)
    assert flat == Absence("no_spread")
    empty = np.zeros(0, dtype=np.intp)
    assert log_variance_ratio(np.zeros(0), arm=empty, cluster=empty) == Absence("no_rows")
    y = np.arange(4.0)
    alone = log_variance_ratio(y, arm=np.array([0, 0, 1, 1]), cluster=np.zeros(4, dtype=np.intp))
    assert alone == Absence("too_few")
