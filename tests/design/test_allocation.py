"""Lots: counts that are exact where the rule says so, and chance where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.design.allocation import ABSENT, bernoulli, blocks, complete


def test_complete_gives_exactly_the_ratio_in_every_group() -> None:
    groups = np.repeat(np.arange(5), 6)[None, :].repeat(200, axis=0)
    treated = complete(groups, ratio=(1, 2), rng=np.random.default_rng(1))
    assert (treated.reshape(200, 5, 6).sum(axis=2) == 4).all()


def test_an_odd_group_gets_its_remainder_by_lot() -> None:
    groups = np.zeros((4000, 7), dtype=np.int64)
    counts = complete(groups, ratio=(1, 1), rng=np.random.default_rng(2)).sum(axis=1)
    assert set(counts) == {3, 4}
    # 4,000 fair coins: three standard errors are 0.024
    assert abs((counts == 4).mean() - 0.5) < 0.024


def test_blocks_are_exact_in_the_order_of_the_units() -> None:
    groups = np.zeros((300, 12), dtype=np.int64)
    treated = blocks(groups, size=4, ratio=(1, 1), rng=np.random.default_rng(3))
    assert (treated.reshape(300, 3, 4).sum(axis=2) == 2).all()


def test_a_block_cut_short_is_the_beginning_of_a_full_one() -> None:
    groups = np.zeros((6000, 2), dtype=np.int64)
    counts = blocks(groups, size=4, ratio=(1, 1), rng=np.random.default_rng(4)).sum(axis=1)
    # two drawn from two of each: both alike with chance 1/6 + 1/6 (hypergeometric)
    shares = np.bincount(counts, minlength=3) / 6000
    assert shares == pytest.approx([1 / 6, 4 / 6, 1 / 6], abs=0.02)


def test_absent_units_neither_get_the_tool_nor_use_up_a_lot() -> None:
    groups = np.array([[0, ABSENT, 0, ABSENT, 0, 0, 1, 1]])
    for seed in range(20):
        treated = complete(groups, ratio=(1, 1), rng=np.random.default_rng(seed))
        assert not treated[0, [1, 3]].any()
        assert treated[0, [0, 2, 4, 5]].sum() == 2
        assert treated[0, 6:].sum() == 1


def test_every_allocation_is_as_likely_as_any_other() -> None:
    groups = np.zeros((12_000, 4), dtype=np.int64)
    treated = complete(groups, ratio=(1, 1), rng=np.random.default_rng(5))
    _, counts = np.unique(treated, axis=0, return_counts=True)
    # 6 allocations of 2 in 4; chi-square with 5 df is below 20.5 with chance .999
    assert counts.size == 6
    assert ((counts - 2000) ** 2 / 2000).sum() < 20.5


def test_bernoulli_follows_the_ratio() -> None:
    treated = bernoulli((300, 100), ratio=(1, 3), rng=np.random.default_rng(6))
    # three standard errors of 30,000 lots at .75 are 0.0075
    assert abs(treated.mean() - 0.75) < 0.0075


@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    ratio=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    seed=st.integers(0, 1000),
)
def test_complete_is_never_more_than_one_from_the_ratio(
    sizes: list[int], ratio: tuple[int, int], seed: int
) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)[None, :]
    treated = complete(groups, ratio=ratio, rng=np.random.default_rng(seed))
    for group, size in enumerate(sizes):
        got = treated[groups == group].sum()
        assert abs(got - size * ratio[1] / sum(ratio)) < 1
