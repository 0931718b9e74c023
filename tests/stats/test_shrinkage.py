"""Shrunken subgroup effects, against R's metafor and by hand."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence
from htkeval.stats.shrinkage import Shrunken, shrink
from tests.oracles.sheets import answers

R = answers("shrinkage")
EFFECTS = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 2)), min_size=2, max_size=9)


def found(y: list[float] | np.ndarray, s: list[float] | np.ndarray) -> Shrunken:
    answer = shrink(np.array(y), np.array(s))
    assert isinstance(answer, Shrunken)
    return answer


def series(answer: dict[str, float], name: str) -> list[float]:
    return [answer[f"{name}{i}"] for i in range(1, 10) if f"{name}{i}" in answer]


@pytest.mark.parametrize("case", list(R))
def test_subgroups_are_shrunken_as_metafor_does(case: str) -> None:
    """R: `blup(rma(y, sei = s, method = "PM"))`, shrinkage.R."""
    r = R[case]
    answer = found(series(r, "y"), series(r, "s"))
    assert answer.values == pytest.approx(series(r, "value"), rel=1e-9)
    assert answer.errors == pytest.approx(series(r, "error"), rel=1e-9)
    for name in ("common", "common_error", "tau2", "q", "p_value"):
        assert getattr(answer, name) == pytest.approx(r[name], rel=1e-9), name


def test_by_hand_two_subgroups() -> None:
    """0 and 4 with errors 1: 8 / (1 + tau2) = 1, so 7; share 7/8; variance 7/8 + (1/64) 4."""
    answer = found([0, 4], [1, 1])
    assert (answer.tau2, answer.common, answer.common_error, answer.q) == pytest.approx(
        (7, 2, 2, 8)
    )
    assert answer.values == pytest.approx((0.25, 3.75))
    assert answer.errors == pytest.approx([math.sqrt(7 / 8 + 4 / 64)] * 2)


def test_effects_no_further_apart_than_chance_all_become_the_common_one() -> None:
    answer = found([0.1, 0.2, 0.15], [0.2, 0.1, 0.3])
    assert answer.tau2 == 0
    assert answer.values == (answer.common,) * 3
    assert answer.errors == pytest.approx((answer.common_error,) * 3, rel=1e-15)
    assert answer.p_value > 0.5


@settings(deadline=None)  # the first call imports SciPy
@given(EFFECTS)
def test_a_subgroup_moves_towards_the_common_effect_and_never_past_it(
    effects: list[tuple[float, float]],
) -> None:
    y, s = np.array(effects).T
    answer = found(y, s)
    for own, shrunken in zip(y, answer.values, strict=True):
        low, high = sorted((own, answer.common))
        assert low - 1e-12 <= shrunken <= high + 1e-12
    spread = ((y - answer.common) ** 2 / (s**2 + answer.tau2)).sum()
    assert spread == pytest.approx(len(y) - 1, rel=1e-9) or (
        answer.tau2 == 0 and spread <= len(y) - 1 + 1e-9
    )
    assert 0 < answer.p_value <= 1


@settings(deadline=None)
@given(EFFECTS, st.sampled_from([-60.0, 1e-140, 1e140]))
def test_unit_sign_and_order_change_only_what_they_must(
    effects: list[tuple[float, float]], unit: float
) -> None:
    y, s = np.array(effects).T
    one, other = found(y, s), found(unit * y[::-1], abs(unit) * s[::-1])
    scale = abs(unit)
    back = [value / unit for value in other.values[::-1]]
    assert back == pytest.approx(one.values, rel=1e-7, abs=1e-9)
    assert [error / scale for error in other.errors[::-1]] == pytest.approx(one.errors, rel=1e-7)
    assert (other.q, other.p_value) == pytest.approx((one.q, one.p_value), rel=1e-7, abs=1e-12)


def test_what_cannot_be_shrunken_has_its_reason() -> None:
    def reason(y: list[float], s: list[float]) -> str:
        answer = shrink(np.array(y), np.array(s))
        assert isinstance(answer, Absence)
        return answer.reason

    assert reason([], []) == "no_rows"
    assert reason([1], [1]) == "too_few"
    assert reason([1, 2], [1, 0]) == "no_spread"
    assert reason([1, 2], [1, -1]) == "no_spread"
    assert reason([1e300, -1e300], [1, 1]) == "too_large"
    assert reason([1, 2], [1e-300, 1e-300]) == "too_large"
    assert reason([1e200, -1e200], [1e199, 1e199]) == "too_large"  # tau2 is 1e400
    assert found([0, 1e3], [1, 1]).p_value == sys.float_info.min
    assert found([5, 5], [1, 2]).values == pytest.approx((5, 5), rel=1e-15)
    assert found([5, 5], [1, 1e100]).common == pytest.approx(5)
