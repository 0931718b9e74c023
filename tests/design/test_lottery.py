"""The draw made again: counts, chances, enumeration, minimisation in the order of entry."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.design.allocation import chance_of, likeliest, minimised
from htkeval.design.floor import always_hits
from htkeval.design.lottery import Arms, Lottery, again, every
from htkeval.stats.rerandomisation import p_value
from htkeval.stats.rerandomisation.cells import cells

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


ORDERS = np.array([[0, 1], [1, 0]], np.uint8)


def roll_out(starts: list[int], slots: int, **more: object) -> Lottery:
    """Teams that start in some slots."""
    known, drawn = np.unique(starts, return_inverse=True)
    patterns = (np.arange(slots) >= known[:, None]).astype(np.uint8)
    unit, slot = np.divmod(np.arange(len(starts) * slots), slots)
    zeros = np.zeros(len(starts), np.int64)
    return Lottery(patterns, drawn.astype(np.int64), zeros, unit, slot, **more)  # type: ignore[arg-type]


def in_orders(drawn: list[int], **more: object) -> Lottery:
    unit, slot = np.divmod(np.arange(2 * len(drawn)), 2)
    zeros = np.zeros(len(drawn), np.int64)
    return Lottery(ORDERS, np.array(drawn), zeros, unit, slot, **more)  # type: ignore[arg-type]


def hits(lots: Lottery, arms: Arms, *, with_itself: bool) -> np.ndarray:
    of = lots.unit if with_itself else None
    return always_hits(arms, lots.observed, slot=lots.slot, cluster=of)


HALF = {"mechanism": "bernoulli", "chances": np.array([0.5, 0.5])}


@pytest.mark.parametrize(
    ("lots", "with_itself", "floor"),
    [
        (plain([0, 1] * 4), False, 2 / 70),
        (plain([0, 1, 1]), False, 1 / 3),  # the mirror has other counts
        (plain([0, 1] * 4, [0, 0, 1, 1, 2, 2, 3, 3]), False, 2 / 16),
        (plain([0, 1] * 4, [0, 0, 0, 0, 1, 1, 1, 1]), False, 2 / 36),
        (plain([0, 1, 0, 1, 0, 1], **HALF), False, 4 / 64),
        (plain([0, 0, 1], **HALF), False, 4 / 8),
        (in_orders([0, 1] * 3), True, 2 / 20),
        (in_orders([0, 1] * 3, **HALF), True, 4 / 64),
        (roll_out([1, 2, 3, 4], 5), True, 1 / 24),
        (roll_out([1, 1, 2, 2], 3), True, 2 / 6),  # two starts are each other's mirror
        (roll_out([1, 1, 2, 2, 3, 3], 4), True, 1 / 90),
        (roll_out([1, 1, 1, 2], 3), True, 1 / 4),
        (plain([1, 1, 1, 1]), False, 1.0),
    ],
)
def test_the_smallest_p_value_is_the_share_of_draws_that_always_count(
    lots: Lottery, with_itself: bool, floor: float
) -> None:
    assert hits(lots, every(lots), with_itself=with_itself).mean() == pytest.approx(floor)


@pytest.mark.parametrize(
    ("lots", "with_itself"),
    [
        (plain([0, 1, 0, 1, 0, 1]), False),
        (plain([0, 1, 0, 1, 0, 1], **HALF), False),
        (in_orders([0, 1] * 3, **HALF), True),
        (roll_out([1, 1, 2, 2], 3), True),
        (roll_out([1, 2, 3, 4], 5), True),
        (roll_out([1, 2, 3], 4, mechanism="bernoulli", chances=np.full(3, 1 / 3)), True),
    ],
)
def test_the_test_itself_reaches_that_p_value_and_none_below(
    lots: Lottery, with_itself: bool
) -> None:
    """Outcomes that follow the drawn arm closely: nothing else can be as extreme."""
    arms, observed = every(lots), lots.observed
    floor = hits(lots, arms, with_itself=with_itself).mean()
    rng = np.random.default_rng(11)
    cell = np.repeat(np.arange(len(observed)), 2)
    slots = range(1, int(lots.slot.max()) + 1)
    x = {f"slot {k}": (lots.slot[cell] == k) * 1.0 for k in slots}
    found = []
    for _ in range(60):
        y = 1000.0 * observed[cell] + rng.normal(size=len(cell))
        c = cells(y, x, cell=cell, cluster_of=lots.unit, absorbed=with_itself)
        found.append(p_value(c, observed, arms, exact=True))
    assert min(found) == pytest.approx(floor)


def test_what_clusters_and_periods_say_is_taken_out_as_least_squares_does() -> None:
    """Held against numpy's least squares on written-out indicators, cells missing at random."""
    lots = roll_out([1, 1, 2, 3, 3, 4], 5)
    keep = np.random.default_rng(12).random(len(lots.unit)) < 0.8
    unit, slot, arms = lots.unit[keep], lots.slot[keep], every(lots)[:, keep]
    nuisance = np.column_stack(
        [unit[:, None] == np.arange(6), slot[:, None] == np.arange(5)]
    ).astype(float)
    left = arms - (nuisance @ np.linalg.lstsq(nuisance, arms.T.astype(float), rcond=None)[0]).T
    own = lots.observed[keep]
    seen = left[int(np.flatnonzero((every(lots) == lots.observed).all(axis=1))[0])]
    size = (left**2).sum(axis=1)
    expected = (((left @ seen) ** 2) >= (1 - 1e-9) * size * (seen @ seen)) | (size < 1e-9)
    found = always_hits(arms, own, slot=slot, cluster=unit)
    assert found.tolist() == expected.tolist()
    assert 0 < found.mean() < 1


@settings(max_examples=60, deadline=None)
@given(
    arms=st.lists(st.lists(st.integers(0, 1), min_size=6, max_size=6), min_size=1, max_size=8),
    itself=st.booleans(),
)
def test_which_arm_is_which_does_not_matter(arms: list[list[int]], itself: bool) -> None:
    drawn = np.array(arms, np.uint8)
    of = np.array([0, 0, 1, 1, 2, 2]) if itself else None
    slot = np.array([0, 1] * 3)
    found = always_hits(drawn, drawn[0], slot=slot, cluster=of)
    assert found[0], "the observed draw counts"
    assert (always_hits(1 - drawn, drawn[0], slot=slot, cluster=of) == found).all()
    assert (always_hits(drawn, 1 - drawn[0], slot=slot, cluster=of) == found).all()


def test_a_draw_with_everybody_in_one_arm_is_outdone_by_any() -> None:
    drawn = np.array([[0] * 6, [0, 0, 0, 0, 0, 1], [1] * 6], np.uint8)
    slot = np.array([0, 1] * 3)
    for one in (drawn[0], drawn[2]):
        assert always_hits(drawn, one, slot=slot, cluster=None).all()


def test_no_draws_and_one_cell_are_answered() -> None:
    one = np.zeros(1, dtype=np.int64)
    none = np.empty((0, 1), np.uint8)
    assert not len(always_hits(none, np.ones(1, np.uint8), slot=one, cluster=None))
    assert always_hits(np.ones((2, 1), np.uint8), np.ones(1, np.uint8), slot=one, cluster=one).all()


def test_very_many_draws_are_looked_at_in_parts() -> None:
    lots = plain([0, 1] * 150)
    arms = again(lots, np.random.default_rng(13), 9000)  # 2.7 million cells
    arms[[0, 8999]] = lots.observed, 1 - lots.observed
    assert np.flatnonzero(hits(lots, arms, with_itself=False)).tolist() == [0, 8999]


def test_the_likeliest_list_of_a_minimisation_by_hand_and_how_often_it_falls() -> None:
    """Pairs: a tie's coin, then the arm that evens out: (.5 x .8)^4, and its mirror as often."""
    factors = (np.zeros(8, np.int64),)
    best = likeliest(factors, favour=0.8).astype(np.uint8)
    assert best.tolist() == [0, 1] * 4
    drawn = minimised(factors, favour=0.8, rng=np.random.default_rng(9), draws=40_000)
    of = np.zeros(8, dtype=np.int64)
    share = always_hits(drawn.astype(np.uint8), best, slot=of, cluster=None).mean()
    empty = 2 * 0.5 * 0.2**7
    assert share == pytest.approx(2 * 0.4**4 + empty, abs=5 * math.sqrt(0.05 / 40_000))
    of_lists = chance_of(np.array([best, 1 - best], dtype=bool), factors, favour=0.8)
    assert of_lists == pytest.approx([0.4**4, 0.4**4], rel=1e-12)


def test_the_chances_of_all_lists_of_a_minimisation_are_one_together() -> None:
    factors = (np.zeros(7, np.int64), np.array([0, 1, 1, 0, 2, 2, 0]))
    lists = np.array(list(itertools.product([False, True], repeat=7)))
    chances = np.array([0.4, 0.6])
    each = chance_of(lists, factors, chances=chances, favour=0.7)
    assert each.sum() == pytest.approx(1, rel=1e-12)
    drawn = minimised(
        factors, chances=chances, favour=0.7, rng=np.random.default_rng(1), draws=60_000
    )
    seen = np.bincount(drawn @ (1 << np.arange(7)[::-1]), minlength=128) / 60_000
    assert np.abs(seen - each).max() < 5 * math.sqrt(each.max() / 60_000)
