"""No small count of people is shown, and none follows from what is."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from htkeval.small_cells import (
    FEWEST,
    Shown,
    beside_both,
    beside_total,
    beside_totals,
    counted,
    shown,
    small,
)
from htkeval.text import render

ALL = 60
"""More than any count of these tables."""


def known(table: Shown) -> list[tuple[list[tuple[int, int]], int]]:
    """What is shown, as sums of cells: a cell, a row, a column, all."""
    high, wide = len(table.cells), len(table.cells[0])
    every = list(product(range(high), range(wide)))
    sums = [([at], table.cells[at[0]][at[1]]) for at in every]
    sums += [([(row, c) for c in range(wide)], n) for row, n in enumerate(table.rows)]
    sums += [([(r, column) for r in range(high)], n) for column, n in enumerate(table.columns)]
    return [(cells, n) for cells, n in [*sums, (every, table.total)] if n is not None]


def hidden(table: Shown) -> list[list[tuple[int, int]]]:
    """The sums that are held back."""
    high, wide = len(table.cells), len(table.cells[0])
    every = list(product(range(high), range(wide)))
    sums = [([at], table.cells[at[0]][at[1]]) for at in every]
    sums += [([(row, c) for c in range(wide)], n) for row, n in enumerate(table.rows)]
    if high > 1:
        sums += [([(r, column) for r in range(high)], n) for column, n in enumerate(table.columns)]
    return [cells for cells, n in [*sums, (every, table.total)] if n is None]


def span(table: Shown, cells: list[tuple[int, int]]) -> tuple[int, int]:
    """The least and the largest that a hidden sum can be, over all whole tables (HiGHS)."""
    high, wide = len(table.cells), len(table.cells[0])

    def row(places: list[tuple[int, int]]) -> np.ndarray:
        made = np.zeros((high, wide))
        for place in places:
            made[place] = 1
        return made.ravel()

    facts = known(table)
    limits = ([LinearConstraint([row(p) for p, _ in facts], *[[n for _, n in facts]] * 2)]
              if facts else [])  # fmt: skip
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * row(cells), integrality=np.ones(high * wide), bounds=(0, ALL), constraints=limits
        )
        assert found.success
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


def held(table: Shown) -> None:
    for cells in hidden(table):
        low, high = span(table, cells)
        assert low < high, f"{table}: {cells} is {low}"


def test_by_hand_a_small_cell_takes_three_others_with_it():
    assert shown([[3, 20], [9, 30]]) == Shown(
        cells=((None, None), (None, None)), rows=(23, 39), columns=(12, 50), total=62
    )


def test_nothing_is_held_back_where_nothing_is_small():
    assert shown([[5, 0], [7, 8]]) == Shown(((5, 0), (7, 8)), (5, 15), (12, 8), 20)


def test_in_a_line_of_teams_one_small_one_takes_the_next_smallest_along():
    found = shown([[12, 3, 8, 20]])
    assert (found.cells, found.rows, found.total) == (((12, None, None, 20),), (43,), 43)


def test_two_small_ones_hide_each_other():
    assert shown([[12, 3, 2, 20]]).cells == ((12, None, None, 20),)


def test_a_hidden_pair_that_can_only_be_nought_takes_a_third():
    found = shown([[12, 1, 0, 20]])  # 1 and 0 could not hide each other if the sum were 0
    assert found.cells[0][1] is None
    held(found)


def test_everybody_together_fewer_than_five_shows_nothing():
    assert shown([[1, 2]]) == Shown(((None, None),), (None,), (None, None), None)
    assert shown([[3]]).cells == ((None,),)


def test_a_nought_that_tells_is_held_back_where_it_is_asked_for():
    assert shown([[0, 30], [10, 9]]).cells[0] == (0, 30)
    found = shown([[0, 30], [10, 9]], zeros=True)
    assert found.cells[0][0] is None
    held(found)


def test_of_every_small_table_every_hidden_count_can_be_two_things():
    """By counting through all whole tables of two by two up to 11 that fit what is shown."""
    every = np.stack(np.meshgrid(*[np.arange(12)] * 4, indexing="ij"), axis=-1).reshape(-1, 4)

    def sums(cells):
        return every[:, [2 * r + c for r, c in cells]].sum(axis=1)

    for counts in product((0, 1, 4, 6), repeat=4):
        table = shown([counts[:2], counts[2:]])
        fits = np.ones(len(every), dtype=bool)
        for cells, n in known(table):
            assert n == 0 or n >= FEWEST
            fits &= sums(cells) == n
        for cells in hidden(table):
            assert len(np.unique(sums(cells)[fits])) > 1, table


TABLES = st.integers(1, 4).flatmap(
    lambda wide: st.lists(
        st.lists(st.integers(0, 14), min_size=wide, max_size=wide), min_size=1, max_size=4
    )
)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_nothing_small_is_shown_and_nothing_hidden_follows(counts):
    table = shown(counts)
    for cells, n in known(table):
        assert n == sum(counts[r][c] for r, c in cells)
        assert n == 0 or n >= FEWEST
    held(table)


@given(st.integers(0, 9))
def test_a_count_is_said_as_it_is_or_as_under_five(n):
    told = render(counted(n), "da")
    assert told == ("under 5" if 0 < n < 5 else str(n))


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(st.none(), st.frozensets(st.integers(0, 9), max_size=9)), max_size=6))
def test_what_a_total_leaves_beside_the_told_figures_is_of_no_small_group(people):
    """Whoever knows the total and what is told knows the sum of the others, and no more."""
    told = beside_total(people)
    hidden = [who for who, why in zip(people, told, strict=True) if why]
    assert not any(small(len(w)) for w, why in zip(people, told, strict=True) if w and not why)
    if hidden and any(who and not why for who, why in zip(people, told, strict=True)):
        assert len(frozenset().union(*hidden)) >= FEWEST
        assert len(hidden) > 1


def test_the_same_three_people_in_two_weeks_are_three():
    """Counted by weeks they would be six, and the total less the rest would tell of three."""
    three, many = {"A", "B", "C"}, {str(n) for n in range(9)}
    assert beside_total([three, three, many, many]) == (True, True, True, False)


def test_what_is_withheld_of_arms_is_of_no_small_group_in_either():
    """Every way in which the people of two arms can be parted by three figures."""
    for sizes in product((0, 1, 4, 5, 7), repeat=6):
        people = [[{(arm, at, n) for n in range(sizes[2 * at + arm])} for arm in (0, 1)]
                  for at in range(3)]  # fmt: skip
        out = beside_totals(people)
        held = [cells for cells, hidden in zip(people, out, strict=True) if hidden]
        for cells, hidden in zip(people, out, strict=True):
            assert hidden or not any(0 < len(who) < FEWEST for who in cells)
        if held and len(held) < sum(any(cells) for cells in people):
            assert len(held) > 1
            for arm in (0, 1):
                assert not 0 < len(set().union(*(cells[arm] for cells in held))) < FEWEST, sizes


def test_a_total_of_both_arms_beside_each_arms_own_gives_no_small_group_away():
    """Every way in which the people of two arms can be parted by three teams: whoever knows which
    team is in one arm, and all that is told, solves for the people of the others in each arm."""
    for sizes in product((0, 2, 5, 8), repeat=6):
        people = [[{(arm, at, n) for n in range(sizes[2 * at + arm])} for arm in (0, 1)]
                  for at in range(3)]  # fmt: skip
        out = beside_both(people)
        held = [cells for cells, hidden in zip(people, out, strict=True) if hidden]
        told = [cells for cells, hidden in zip(people, out, strict=True) if not hidden]
        assert not any(0 < len(low | high) < FEWEST for low, high in told)
        if held and any(map(any, told)):
            assert len(held) > 1
            assert len(set().union(*(who for cells in held for who in cells))) >= FEWEST
            for arm in (0, 1) if not any(all(cells) for cells in told) else ():
                assert not 0 < len(set().union(*(cells[arm] for cells in held))) < FEWEST, sizes


def test_where_nobody_is_few_or_nobody_is_named_everything_is_told():
    assert beside_total([None, (), range(5)]) == (False, False, False)


@pytest.mark.parametrize("groups", [2, 3])
def test_whoever_knows_the_rule_and_the_total_cannot_say_how_many_a_withheld_group_has(groups):
    """Every way in which so many people can be parted, held against what would be told of it.

    That a group is withheld may be told, not why: of eight people two of under five are 4 and 4.
    """
    alike = defaultdict(list)
    for sizes in product(range(10), repeat=groups):
        people = [{(n, at) for n in range(size)} for at, size in enumerate(sizes)]
        told = tuple(
            None if why else size for size, why in zip(sizes, beside_total(people), strict=True)
        )
        if FEWEST <= sum(sizes) < 10:  # above it not every way is among these
            alike[told, sum(sizes)].append(sizes)
    for (told, _), ways in alike.items():
        for at, size in enumerate(told):
            assert size is not None or len({way[at] for way in ways}) > 1, (told, ways)
