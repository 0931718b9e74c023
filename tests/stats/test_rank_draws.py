"""Re-randomised ranks: against SciPy's statistic at every allocation, by hand and by property."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import brunnermunzel

from htkeval.stats.answer import Absence
from htkeval.stats.ranks import RelativeEffect, relative_effect, relative_effect_within
from htkeval.stats.rerandomisation import Rerandomised
from htkeval.stats.rerandomisation.rank_draws import rerandomise_between, rerandomise_within

MARKS = np.array([3, 5, 4, 6, 7, 2, 5, 6, 4, 7, 7.0])
FEW = np.array([0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 1], dtype=np.uint8)


def choices(n: int, treated: int) -> np.ndarray:
    """(N, n) every way to treat so many of n units."""
    chosen = list(combinations(range(n), treated))
    arms = np.zeros((len(chosen), n), dtype=np.uint8)
    for row, each in zip(arms, chosen, strict=True):
        row[list(each)] = 1
    return arms


def between(y: np.ndarray, arm: np.ndarray, level: float = 0.95) -> Rerandomised | Absence:
    return rerandomise_between(y, arm, choices(len(y), int(arm.sum())), level=level, exact=True)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # SciPy's own, where arms are wholly apart
def test_p_is_the_share_of_allocations_with_scipys_statistic_at_least_as_large() -> None:
    every = choices(len(MARKS), int(FEW.sum()))
    size = [abs(brunnermunzel(MARKS[a == 0], MARKS[a == 1]).statistic) for a in every]
    seen = abs(brunnermunzel(MARKS[FEW == 0], MARKS[FEW == 1]).statistic)
    found = between(MARKS, FEW)
    assert isinstance(found, Rerandomised)
    assert found.p_value == np.mean([each >= seen * (1 - 1e-9) for each in size])
    usual = relative_effect(MARKS[FEW == 0], MARKS[FEW == 1])
    assert isinstance(usual, RelativeEffect)
    assert found.value == pytest.approx(usual.value, rel=1e-14)
    # the interval: as many errors as the largest statistic that a twentieth of draws does not pass
    reach = sorted(size, reverse=True)[int(0.05 * len(size))] * usual.se
    ends = (max(usual.value - reach, 0), min(usual.value + reach, 1))
    assert found.interval == pytest.approx(ends, rel=1e-12)


def test_within_people_it_is_the_share_of_sign_changes_where_each_has_a_pair() -> None:
    """Twelve people, one task in each arm: shares are 0, 1/2 or 1, and a swap mirrors one."""
    gains = np.array([1, 2, 1, -1, 3, 1, 0, 2, 1, -2, 1, 1.0])
    y = np.column_stack([np.zeros(12), gains]).ravel()
    people = np.repeat(np.arange(12), 2)
    flips = np.array(list(product([0, 1], repeat=12)), dtype=np.uint8)
    arms = np.stack([flips, 1 - flips], axis=2).reshape(len(flips), -1)
    observed = np.tile(np.array([0, 1], dtype=np.uint8), 12)
    found = rerandomise_within(y, np.arange(24), people, observed, arms, level=0.95, exact=True)
    assert isinstance(found, Rerandomised)
    total = abs(np.sign(gains).sum())  # all squares are alike, so the sum orders as t does
    sums = np.abs((1 - 2 * flips.astype(int)) @ np.sign(gains))
    assert found.p_value == np.mean(sums >= total)
    usual = relative_effect_within(y, arm=observed.astype(int), cluster=people)
    assert isinstance(usual, RelativeEffect)
    assert found.value == pytest.approx(usual.value, rel=1e-14)


def test_tasks_that_share_a_lot_move_together_and_row_order_changes_nothing() -> None:
    rng = np.random.default_rng(4)
    y, cell = rng.integers(1, 6, 60).astype(float), np.arange(60) // 2
    people, observed = cell // 6, np.tile([0, 1], 15).astype(np.uint8)
    arms = rng.permuted(np.tile(observed, (500, 1)).reshape(500, 5, 6), axis=2).reshape(500, 30)
    ask = {"observed": observed, "arms": arms, "level": 0.9, "exact": False}
    found = rerandomise_within(y, cell, people, **ask)
    usual = relative_effect_within(y, arm=observed[cell].astype(int), cluster=people)
    assert isinstance(found, Rerandomised)
    assert isinstance(usual, RelativeEffect)
    assert found.value == pytest.approx(usual.value, rel=1e-14)
    each = [relative_effect_within(y, arm=a[cell].astype(int), cluster=people) for a in arms]
    sizes = [abs(one.value - 0.5) / one.se for one in each if isinstance(one, RelativeEffect)]
    hits = sum(one >= abs(usual.value - 0.5) / usual.se * (1 - 1e-9) for one in sizes)
    assert len(sizes) == len(arms)
    assert found.p_value == (1 + hits) / 501
    order = rng.permutation(60)
    assert rerandomise_within(y[order], cell[order], people[order], **ask) == found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=8, max_size=8), st.sampled_from([2, 3, 4]))
def test_p_is_small_exactly_where_one_half_lies_outside_and_arms_are_mirrors(
    marks: list[int], treated: int
) -> None:
    y, arm = np.array(marks, float), np.array([1] * treated + [0] * (8 - treated), dtype=np.uint8)
    found = between(y, arm, level=0.8)
    if isinstance(found, Absence):
        return
    low, high = found.interval
    assert 0 < found.p_value <= 1
    assert 0 <= low <= found.value <= high <= 1
    assert (found.p_value > 0.2 + 1e-12) == (low <= 0.5 + 1e-12 and high >= 0.5 - 1e-12)
    other = between(y, 1 - arm, level=0.8)
    assert isinstance(other, Rerandomised)
    assert other.p_value == found.p_value
    assert other.value == pytest.approx(1 - found.value, abs=1e-14)


@pytest.mark.parametrize(
    ("marks", "arm", "reason"),
    [
        ([1, 2, 3, 4, 5], [0, 1, 0, 0, 0], "too_few"),
        ([3, 3, 3, 3, 3], [0, 1, 1, 0, 0], "no_spread"),
        ([1, 2, 3, 4, 5], [0, 0, 0, 1, 1], "no_spread"),
        ([1, 3, 2, 4, 5], [0, 0, 1, 1, 0], "no_end"),  # ten allocations reach no twentieth
    ],
)
def test_what_no_draw_can_say_is_an_absence(marks: list[int], arm: list[int], reason: str) -> None:
    assert between(np.array(marks, float), np.array(arm, dtype=np.uint8)) == Absence(reason)
