"""The draw made again: counts, chances, enumeration, minimisation in the order of entry."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from htkeval.design.allocation import minimised
from htkeval.design.lottery import Arms, Lottery, again, every

TWO = np.array([[0], [1]], np.uint8)


def plain(drawn: list[int], group: list[int] | None = None, **more: object) -> Lottery:
    n = len(drawn)
    zeros = np.zeros(n, dtype=np.int64)
    groups = zeros if group is None else np.array(group)
    return Lottery(TWO, np.array(drawn), groups, np.arange(n), zeros, **more)  # type: ignore[arg-type]


def as_set(arms: Arms) -> set[tuple[int, ...]]:
    return {tuple(row) for row in arms.tolist()}


def test_every_choice_of_four_of_eight_teams_is_there_once() -> None:
    found = every(plain([0, 1] * 4))
    picks = itertools.combinations(range(8), 4)
    assert as_set(found) == {tuple(int(i in pick) for i in range(8)) for pick in picks}
    assert len(found) == 70


def test_strata_are_permuted_apart() -> None:
    lots = plain([0, 1, 0, 1, 1], [0, 0, 1, 1, 1])
    found = every(lots)
    assert len(found) == 2 * 3
    assert math.exp(lots.log_count) == pytest.approx(6)
    assert set(found[:, :2].sum(axis=1)) == {1}
    drawn = again(lots, np.random.default_rng(1), 500)
    assert as_set(drawn) == as_set(found)


def test_groups_that_are_mixed_in_the_rows_come_back_in_place() -> None:
    lots = plain([0, 1, 1, 0], [0, 1, 0, 1])
    assert as_set(every(lots)) == {(0, 0, 1, 1), (0, 1, 1, 0), (1, 0, 0, 1), (1, 1, 0, 0)}


def test_a_free_draw_of_equal_chances_has_every_allocation() -> None:
    lots = plain([0, 1, 1], mechanism="bernoulli", chances=np.array([0.5, 0.5]))
    assert lots.enumerable
    assert as_set(every(lots)) == set(itertools.product([0, 1], repeat=3))


def test_a_free_draw_of_unequal_chances_is_drawn_and_not_listed() -> None:
    lots = plain([0, 1, 1] * 4, mechanism="bernoulli", chances=np.array([0.25, 0.75]))
    assert not lots.enumerable
    share = again(lots, np.random.default_rng(1), 4000).mean()
    assert share == pytest.approx(0.75, abs=5 * math.sqrt(0.75 * 0.25 / 48_000))


def test_orders_and_starts_are_permuted_as_wholes() -> None:
    starts = np.array([[0, 1, 1], [0, 0, 1]], np.uint8)
    unit, slot = np.divmod(np.arange(9), 3)
    lots = Lottery(starts, np.array([0, 0, 1]), np.zeros(3, np.int64), unit, slot)
    found = every(lots)
    assert len(found) == 3
    assert as_set(found[:, :3]) == {(0, 1, 1), (0, 0, 1)}
    assert lots.observed.tolist() == [0, 1, 1, 0, 1, 1, 0, 0, 1]
    assert lots.observed.tolist() in found.tolist()


def test_three_patterns_are_permuted_with_their_counts() -> None:
    patterns = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 1]], np.uint8)
    unit, slot = np.divmod(np.arange(18), 3)
    drawn = np.array([0, 0, 1, 1, 2, 2])
    lots = Lottery(patterns, drawn, np.zeros(6, np.int64), unit, slot)
    assert len(every(lots)) == len(as_set(every(lots))) == 90
    some = again(lots, np.random.default_rng(2), 300)
    assert as_set(some) <= as_set(every(lots))
    assert len(as_set(some)) > 80


def test_draws_are_even_over_all_allocations() -> None:
    """Chi-square of 6,000 draws over 20 allocations; its .9999 quantile with 19 df is 53."""
    drawn = again(plain([0, 1] * 3), np.random.default_rng(3), 6000)
    _, counts = np.unique(drawn, axis=0, return_counts=True)
    assert len(counts) == 20
    assert ((counts - 300) ** 2 / 300).sum() < 53


def test_the_same_seed_draws_the_same() -> None:
    lots = plain([0, 1] * 20)
    one, other = (again(lots, np.random.default_rng(7), 50) for _ in range(2))
    assert (one == other).all()


def test_minimisation_keeps_factors_more_even_than_chance_does() -> None:
    rng = np.random.default_rng(4)
    factors = (np.zeros(24, np.int64), rng.integers(0, 2, 24), rng.integers(0, 3, 24))
    drawn = minimised(factors, favour=0.8, rng=np.random.default_rng(5), draws=2000)
    free = np.random.default_rng(6).random((2000, 24)) < 0.5

    def unevenness(arms: np.ndarray) -> float:
        gaps = [
            np.abs((2.0 * arms[:, levels == code] - 1).sum(axis=1)).mean()
            for levels in factors
            for code in np.unique(levels)
        ]
        return float(np.mean(gaps))

    assert unevenness(drawn) < 0.6 * unevenness(free)
    assert drawn.mean() == pytest.approx(0.5, abs=0.02)


def test_minimisation_by_hand_the_third_unit_evens_out_the_first_two() -> None:
    """If both first units drew the tool, the third draws it with the chance 1 - 0.8."""
    factors = (np.zeros(3, np.int64),)
    drawn = minimised(factors, favour=0.8, rng=np.random.default_rng(8), draws=40_000)
    both = drawn[:, 0] & drawn[:, 1]
    assert both.mean() == pytest.approx(0.5 * 0.2, abs=0.01)
    assert drawn[both, 2].mean() == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize("favour", [1.0, 0.4])
def test_a_minimisation_without_chance_is_refused(favour: float) -> None:
    with pytest.raises(ValueError, match="below 1"):
        minimised((np.zeros(4, np.int64),), favour=favour, rng=np.random.default_rng(1), draws=2)


def test_a_lottery_of_more_than_a_hundred_thousand_is_not_listed() -> None:
    assert plain([0, 1] * 9).enumerable  # 48,620
    assert not plain([0, 1] * 10).enumerable  # 184,756
