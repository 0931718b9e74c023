"""Which plans can say nothing, whatever is measured."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from htkeval.planning.floors import floor, reaching
from htkeval.text import render
from htkeval.trial import Trial

Make = Callable[..., Trial]


@pytest.mark.parametrize(
    ("kind", "units", "least", "ways"),
    [
        ("cluster", 6, 2 / 20, 20),  # 3 v 3: a draw and its mirror of C(6, 3)
        ("cluster", 7, 1 / 35, 35),  # 3 v 4 has no mirror: C(7, 3)
        ("cluster", 8, 2 / 70, 70),  # 4 v 4
        ("crossover", 8, 2 / 70, 70),
        ("stepped_wedge", 3, 1 / 6, 6),  # one team at a time: 1/G!
        ("stepped_wedge", 4, 1 / 24, 24),
        ("stepped_wedge", 5, 1 / 120, 120),
    ],
)
def test_the_smallest_p_value_follows_from_the_allocations(
    make_trial: Make, kind: str, units: int, least: float, ways: int
) -> None:
    found = floor(make_trial(kind), units=units, tasks_each=8)
    assert found.least == pytest.approx(least)
    assert found.allocations == ways
    assert bool(found.refusals) == (least > 0.05)


def test_tasks_drawn_for_each_person_are_counted_person_by_person(make_trial: Make) -> None:
    found = floor(make_trial("within"), units=3, tasks_each=4)
    assert found.allocations == math.comb(4, 2) ** 3
    assert found.least == pytest.approx(2 / 216)
    free = floor(make_trial("within", allocation="bernoulli"), units=2, tasks_each=4)
    assert free.allocations == 2**8


def test_fewer_than_three_allocations_that_can_are_a_warning(make_trial: Make) -> None:
    said = floor(make_trial("cluster"), units=8, tasks_each=8)
    assert said.reaching == 2
    assert "Only 2 of the 70 ways" in render(said.warnings[0], "en")
    assert floor(make_trial("cluster"), units=10, tasks_each=8).warnings == ()


@pytest.mark.parametrize(
    ("ways", "least", "can"),
    [
        (70, 2 / 70, 2),  # .05 x 70 = 3.5 allocations: one pair of mirrors
        (252, 2 / 252, 12),  # 12.6: six pairs
        (24, 1 / 24, 1),
        (20, 2 / 20, 0),
    ],
)
def test_allocations_that_can_be_significant_are_whole_sets_of_mirrors(
    ways: int, least: float, can: int
) -> None:
    assert reaching(ways, least, 0.05) == can


def test_a_refusal_says_why_and_how_many_would_do(make_trial: Make) -> None:
    (said,) = floor(make_trial("cluster"), units=6, tasks_each=8).refusals
    english, danish = render(said, "en"), render(said, "da")
    assert "With 6 teams the smallest p-value that this draw can give is 0.100" in english
    assert "From 7 teams on it can." in english
    assert "Med 6 hold er den mindste p-værdi" in danish
    assert "(crossover)" in english
    taught = make_trial("cluster", reversible=False)
    (said,) = floor(taught, units=6, tasks_each=8).refusals
    assert "(crossover)" not in render(said, "en")
    assert "start one after another" in render(said, "en")


@pytest.mark.parametrize(
    ("kind", "design", "units", "sentence"),
    [
        ("within", {"reversible": False}, 20, "cannot be un-learnt"),
        ("parallel", {"ratio": (3, 1)}, 6, "one of them or none"),
        ("cluster", {}, 3, "one of them or none"),
        ("difference_in_differences", {}, 3, "one of them or none"),
    ],
)
def test_what_no_draw_mends_is_refused(
    make_trial: Make, kind: str, design: dict[str, Any], units: int, sentence: str
) -> None:
    found = floor(make_trial(kind, **design), units=units, tasks_each=8)
    assert sentence in render(found.refusals[0], "en")


def test_what_nobody_drew_has_no_floor(make_trial: Make) -> None:
    found = floor(make_trial("before_after"), units=6, tasks_each=8)
    assert (found.least, found.allocations, found.refusals) == (None, None, ())


def test_a_stricter_level_is_a_higher_floor(make_trial: Make) -> None:
    strict = make_trial("cluster", more={"analysis": {"level": 0.99}})
    assert floor(strict, units=8, tasks_each=8).refusals
    assert not floor(strict, units=10, tasks_each=8).refusals  # 2/252 = .0079
