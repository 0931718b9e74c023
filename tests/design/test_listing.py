"""The list of a trial: the very lottery that the analysis makes again."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.allocation_list import AllocationList
from htkeval.design.allocation import chance_of, minimised
from htkeval.design.entrants import Entrants, entrants, groups
from htkeval.design.listing import (
    balance,
    block_holds_ratio,
    chance_of_next,
    draw_list,
    fewest,
    patterns,
    shares,
    standardised_difference,
)
from htkeval.trial import Design

NOBODY = np.zeros(0, dtype=np.int64)


def plan(allocation: str | None = None, kind: str = "parallel", **more: Any) -> Design:
    columns = {"participant": "p", "team": "t", "period": "w", "task": "k"}
    return Design.model_validate(
        {"kind": kind, "randomised": True, "allocation": allocation, **columns, **more}
    )


def units(*levels: list[int], holder: list[int] | None = None, entry: int = 1) -> Entrants:
    """So many units as the first column has levels; of one list."""
    n = len(levels[0]) if levels else len(holder or [])
    return Entrants(
        tuple(np.array(column) for column in levels),
        np.array(holder if holder else [0] * n),
        np.full(n, entry),
    )


def draw(design: Design, who: Entrants, *, seed: int, before: Any = NOBODY, starts: int = 2):
    rng = np.random.default_rng(seed)
    return draw_list(design, who, np.asarray(before), patterns=starts, rng=rng)


MECHANISMS = [
    plan(),
    plan("complete"),
    plan("bernoulli"),
    plan("blocks", block=4),
    plan("minimisation", strata=("a",)),
    plan("minimisation", kind="cluster", strata=("a",)),
    plan("blocks", kind="crossover", block=2),
]


@pytest.mark.parametrize("design", MECHANISMS, ids=str)
def test_the_same_seed_gives_the_same_list_and_another_seed_another(design: Design) -> None:
    who = units([0, 1] * 20)
    first, again = draw(design, who, seed=1), draw(design, who, seed=1)
    assert (first == again).all()
    assert any((draw(design, who, seed=seed) != first).any() for seed in range(2, 6))


@pytest.mark.campaign
@pytest.mark.parametrize("design", MECHANISMS, ids=str)
def test_every_unit_gets_the_tool_in_half_of_all_lists(design: Design) -> None:
    """4,000 lists of 12: each unit's share is a mean of coins, with standard error .0079."""
    who = units([0, 1, 1] * 4)
    share = np.mean([draw(design, who, seed=seed) for seed in range(4000)], axis=0)
    assert np.abs(share - 0.5).max() < 4 * 0.0079


@pytest.mark.campaign
@pytest.mark.parametrize("mechanism", ["complete", "blocks", "bernoulli"])
@pytest.mark.parametrize("ratio", [(1, 2), (2, 1)])
def test_the_ratio_is_kept_on_average(mechanism: str, ratio: tuple[int, int]) -> None:
    design = plan(mechanism, ratio=ratio, block=6 if mechanism == "blocks" else None)
    who = units([0] * 30)
    treated = np.mean([draw(design, who, seed=seed).mean() for seed in range(600)])
    # of 30 x 600 coins the standard error is .0035 for the least even mechanism
    assert treated == pytest.approx(ratio[1] / 3, abs=4 * 0.0035)


@pytest.mark.parametrize("ratio", [(1, 2), (2, 1)])
def test_a_minimisation_stays_within_a_unit_of_the_ratio(ratio: tuple[int, int]) -> None:
    """One coin for both arms pulls towards the ratio without hitting it (Han and others 2009,
    Statistics in Medicine 28:1741): what is off does not grow with the list."""
    design = plan("minimisation", ratio=ratio)
    for n in (30, 300):
        counts = [draw(design, units([0] * n), seed=seed).sum() for seed in range(300)]
        assert np.mean(counts) == pytest.approx(n * ratio[1] / 3, abs=1)


@given(
    sizes=st.lists(st.integers(1, 23), min_size=1, max_size=4),
    block=st.sampled_from([2, 4, 6]),
    cut=st.integers(0, 40),
    seed=st.integers(0, 999),
)
def test_blocks_are_even_at_every_end_across_lists_and_within_strata(
    sizes: list[int], block: int, cut: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    strata = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    design = plan("blocks", block=block, strata=("a",))
    cut = min(cut, len(strata))
    first = draw(design, units(strata[:cut].tolist()), seed=seed) if cut else NOBODY
    entry = np.where(np.arange(len(strata)) < cut, 1, 2)
    who = Entrants((strata,), np.zeros(len(strata), dtype=np.int64), entry)
    drawn = np.concatenate([first, draw(design, who, seed=seed + 1, before=first)])
    for code in range(len(sizes)):
        mine = drawn[strata == code]
        ends = mine[: len(mine) // block * block].reshape(-1, block)
        assert (ends.sum(axis=1) == block // 2).all()


@given(seed=st.integers(0, 999), ratio=st.sampled_from([(1, 1), (1, 2), (3, 2)]))
def test_one_minimised_list_is_that_of_the_lottery_that_is_made_again(
    seed: int, ratio: tuple[int, int]
) -> None:
    """`allocation.minimised` is what the analysis draws; its coins come in the same order."""
    rng = np.random.default_rng(seed)
    levels = (rng.integers(0, 3, 40), rng.integers(0, 4, 40))
    design = plan("minimisation", strata=("a", "b"), ratio=ratio, favour=0.7)
    mine = draw(design, Entrants(levels, np.zeros(40, int), np.ones(40, int)), seed=seed)
    factors = (np.zeros(40, dtype=np.int64), *levels)
    (other,) = minimised(
        factors, chances=shares(design, 2), favour=0.7, rng=np.random.default_rng(seed), draws=1
    )
    assert (mine == other).all()


def test_a_minimisation_goes_on_from_the_earlier_list() -> None:
    """Two lists, one after the other, are as likely as one: their coins are those of one."""
    design = plan("minimisation", strata=("a",), favour=0.9)
    levels = np.random.default_rng(4).integers(0, 2, 30)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        first = draw_list(design, units(levels[:11].tolist()), NOBODY, patterns=2, rng=rng)
        who = units(levels.tolist())
        rest = draw_list(design, who, first, patterns=2, rng=rng)
        whole = draw(design, who, seed=seed)
        assert (np.concatenate([first, rest]) == whole).all()


@pytest.mark.campaign
def test_how_often_a_minimisation_gives_each_list_is_what_the_analysis_takes_it_for() -> None:
    """Chi-square of 20,000 draws of five units against the product of their coins: 31 df, below
    61.1 with chance .999 (R: qchisq(.999, 31))."""
    design = plan("minimisation", strata=("a",), favour=0.75)
    levels = [0, 1, 0, 0, 1]
    seen = Counter(tuple(draw(design, units(levels), seed=s).tolist()) for s in range(20_000))
    lists = np.array(list(itertools.product([0, 1], repeat=5)), dtype=bool)
    factors = (np.zeros(5, dtype=np.int64), np.array(levels))
    expected = 20_000 * chance_of(lists, factors, favour=0.75)
    found = np.array([seen[tuple(one.astype(int).tolist())] for one in lists])
    assert expected.sum() == pytest.approx(20_000)
    assert ((found - expected) ** 2 / expected).sum() < 61.1


def test_complete_is_exact_in_each_stratum_and_for_each_participant() -> None:
    who = units([0] * 6 + [1] * 6, holder=[0, 0, 0, 0, 1, 1] * 2)
    design = plan("complete", kind="within", strata=("a",))
    for seed in range(50):
        drawn = draw(design, who, seed=seed)
        group = groups(design, who)
        assert np.bincount(group, drawn).tolist() == [2, 1, 2, 1]


def test_a_later_list_is_drawn_by_itself_where_counts_are_exact() -> None:
    design = plan("complete")
    who = Entrants((), np.zeros(9, dtype=np.int64), np.array([1] * 5 + [2] * 4))
    counts = {
        (int(first.sum()), int(draw(design, who, seed=seed, before=first).sum()))
        for seed in range(60)
        for first in [draw(design, units(holder=[0] * 5), seed=seed)]
    }
    assert counts == {(2, 2), (3, 2)}


@pytest.mark.campaign
def test_every_start_is_drawn_alike_often_and_goes_to_any_team() -> None:
    design = plan("complete", kind="stepped_wedge", steps=3)
    lists = [draw(design, units(holder=[0] * 7), seed=seed, starts=3) for seed in range(3000)]
    assert {tuple(sorted(np.bincount(one, minlength=3).tolist())) for one in lists} == {(2, 2, 3)}
    share = np.array([[(one == k)[0] for k in range(3)] for one in lists]).mean(axis=0)
    assert np.abs(share - 1 / 3).max() < 4 * 0.0086  # sqrt(2/9 / 3000)


def test_what_can_be_drawn() -> None:
    assert patterns(plan(), 9) == ((0,), (1,))
    assert patterns(plan(kind="crossover"), 9) == ((0, 1), (1, 0))
    wedge = ((0, 1, 1, 1), (0, 0, 1, 1), (0, 0, 0, 1))
    assert patterns(plan(kind="stepped_wedge"), 9) == wedge
    assert len(patterns(plan(kind="stepped_wedge"), 4)) == 4
    assert len(patterns(plan(kind="stepped_wedge", steps=6), 9)) == 6


@pytest.mark.parametrize("design", [plan("blocks", block=4), plan(kind="within", tasks_each=4)])
def test_an_urn_of_lots_one_at_a_time_gives_every_order_alike_often(design: Design) -> None:
    """6 orders of 2 in 4, 6,000 times: chi-square with 5 df is below 20.5 with chance .999."""
    rng, seen = np.random.default_rng(3), Counter[tuple[int, ...]]()

    @functools.cache  # it rests on what was drawn and nothing else
    def chance(*drawn: int) -> float:
        who = units(holder=[0] * (len(drawn) + 1), entry=0)
        return chance_of_next(design, who, np.array(drawn, dtype=int), remainder=0.5)

    for _ in range(6000):
        drawn: list[int] = []
        for _ in range(4):
            drawn.append(int(rng.random() < chance(*drawn)))
        seen[tuple(drawn)] += 1
    assert len(seen) == 6
    assert sum((n - 1000) ** 2 / 1000 for n in seen.values()) < 20.5


def test_the_odd_task_of_an_urn_is_the_tools_in_half_of_all_urns() -> None:
    design, who = plan(kind="within", tasks_each=3), units(holder=[0, 0, 0], entry=0)
    last = [
        chance_of_next(design, who, np.array([1, 0]), remainder=remainder)
        for remainder in (0.0, 0.49, 0.51)
    ]
    assert last == [1.0, 1.0, 0.0]


def test_a_coin_of_a_minimisation_is_that_of_the_list() -> None:
    design = plan("minimisation", strata=("a",), favour=0.8)
    who, before = units([0, 0, 1, 0]), np.array([1, 1, 0])
    assert chance_of_next(design, who, before, remainder=0.5) == pytest.approx(0.2)


def test_units_drawn_one_by_one_stand_in_blocks_of_their_own() -> None:
    design = plan(kind="within", tasks_each=2)
    who = Entrants((), np.array([0, 0, 0, 0, 0, 1]), np.array([1, 1, 0, 0, 0, 0]))
    code = groups(design, who).tolist()
    assert code[0] == code[1] != code[2] == code[3] != code[4] != code[5]
    assert len(set(code)) == 4


def test_the_balance_counts_everybody_and_every_level() -> None:
    listed = AllocationList(
        columns=("p",),
        units=(("a", "b", "c"),),
        strata={"kon": ("K", "M", "K")},
        patterns=((0,), (1,)),
        drawn=(1, 0, 0),
        entry=(1, 1, 1),
    )
    assert balance(listed) == [
        ("", "", (2, 1)),
        ("kon", "K", (1, 1)),
        ("kon", "M", (1, 0)),
    ]
    assert len(entrants(plan(strata=("kon",)), listed)) == 3


def test_a_standardised_difference_by_hand() -> None:
    """Means 2 and 5, variances 1 and 4: 3 / sqrt(2.5) = 1.897367."""
    values, drawn = np.array([1.0, 2, 3, 3, 5, 7, np.nan]), np.array([0, 0, 0, 1, 1, 1, 1])
    assert standardised_difference(values, drawn) == pytest.approx(1.897367, abs=1e-6)
    assert standardised_difference(-values, drawn) == pytest.approx(-1.897367, abs=1e-6)
    assert standardised_difference(np.ones(7), drawn) is None
    assert standardised_difference(values[:4], drawn[:4]) is None


@pytest.mark.parametrize(("ratio", "least"), [((1, 1), 4), ((1, 2), 6), ((3, 1), 8)])
def test_so_many_units_make_two_in_each_arm(ratio: tuple[int, int], least: int) -> None:
    assert fewest(plan(ratio=ratio)) == least


def test_a_block_must_hold_the_ratio() -> None:
    assert block_holds_ratio(plan("blocks", block=6, ratio=(1, 2)))
    assert not block_holds_ratio(plan("blocks", block=4, ratio=(1, 2)))
    assert block_holds_ratio(plan("blocks", block=4, ratio=(1, 2), kind="crossover"))
