"""Draws of a business case: where nothing is uncertain they are the table, and never beyond it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.business.case import business_case
from htkeval.business.drawing import chances, reached
from htkeval.economics import Rates
from htkeval.prior import Prior
from tests.business.test_appraising import booked
from tests.business.test_case import RATES, certain, span
from tests.business.test_supporting import NET, state

UNSURE = {
    "tasks_a_year": span(2000, 3000, 4000), "realisable": span(0.3, 0.5, 0.9),
    "checking_minutes": span(2, 1, 0), "licence_kr": span(30_000, 20_000, 10_000),
}  # fmt: skip


def rates(**changes):
    return Rates.model_validate({**RATES, **changes})


def drawn(one, seed=1, draws=20_000):
    return chances(one, rates(), draws=draws, seed=seed)


def test_where_nothing_is_uncertain_every_draw_is_the_table():
    found = drawn(state(), draws=10)
    assert set(np.round(list(found.quantiles.values()), 6)) == {round(NET, 6)}
    assert found.mean_kr == pytest.approx(NET)
    assert found.gain == 1


@pytest.mark.parametrize("minutes", [(-9, -9, -9), (3, 3, 3)])
def test_no_draw_of_the_assumptions_lies_outside_the_tables_ends(minutes):
    one = state(minutes=minutes, **UNSURE)
    found = drawn(one)
    step = business_case(one.trial, one.analysis, rates()).step("net_kr")
    assert step.low <= found.quantiles["p5"] < found.quantiles["p95"] <= step.high


def test_the_mean_of_products_is_the_product_of_means():
    """Independent factors of a gain, of triangular means (a + b + c) / 3."""
    one = state(tasks_a_year=span(2000, 3500, 4000))
    found = chances(one, rates(hour_kr=span(286, 333.5, 393)), draws=400_000, seed=3)
    tasks, hour = (2000 + 3500 + 4000) / 3, (286 + 333.5 + 393) / 3
    mean = 8 * tasks * 0.7 * 0.6 / 60 * hour - 12_000
    assert found.mean_kr == pytest.approx(mean, rel=2e-3)


def test_minutes_are_drawn_by_their_interval():
    """A 95 % interval of 3 to 9 minutes: one draw in forty is below 3, of a gain without costs."""
    free = {"licence_kr": certain(0), "support_kr": certain(0)}
    found = drawn(state(minutes=(-9, -6, -3), **free), draws=200_000)
    per_minute = 3000 * 0.7 * 0.6 / 60 * 333.5
    assert found.quantiles["p50"] == pytest.approx(6 * per_minute, rel=0.01)
    spread = 3 / 1.959964
    assert found.quantiles["p5"] == pytest.approx((6 - 1.644854 * spread) * per_minute, rel=0.01)
    uncertain = drawn(state(minutes=(-6, -3, 0), **free), draws=200_000)
    assert uncertain.gain == pytest.approx(0.975, abs=0.002)


def test_the_same_seed_gives_the_same_figures_and_another_others():
    one = state(**UNSURE, minutes=(-9, -6, -3))
    assert drawn(one) == drawn(one)
    assert drawn(one).mean_kr != drawn(one, seed=2).mean_kr


def test_the_tornado_names_what_moves_most_first():
    found = drawn(state(**UNSURE, minutes=(-9, -6, -3)))
    wide = [abs(one.high_kr - one.low_kr) for one in found.swings]
    assert wide == sorted(wide, reverse=True)
    assert all(one.high_kr >= one.low_kr for one in found.swings)
    assert {one.id for one in found.swings if one.high_kr > one.low_kr} == {
        "measured_minutes", *UNSURE
    }  # fmt: skip


def test_what_is_not_known_has_no_chances():
    assert drawn(state(cashable=None)) is None
    assert drawn(state(minutes=None)) is None


def reaching(*states):
    return [one.reached for one in reached(booked(), rates(), states, draws=50, seed=1).years]


def test_the_chance_of_reaching_a_booked_year():
    """Certain kroner reach 550,000 or do not; with half the draws above it the chance is a half."""
    enough = state(tasks_a_year=certain(300_000))
    assert [
        one.reached for one in reached(booked(), rates(), [enough], draws=50, seed=1).years
    ] == [1, 1, 1]
    assert {
        one.reached for one in reached(booked(), rates(), [state()], draws=50, seed=1).years
    } == {0}
    kr = 3000 * 0.7 * 0.6 / 60 * 333.5
    minutes = (550_000 + 12_000) / kr
    half = state(minutes=(-minutes - 4, -minutes, -minutes + 4))
    found = reached(booked(), rates(), [half], draws=100_000, seed=1)
    assert found.years[-1].reached == pytest.approx(0.5, abs=0.01)


def test_a_trial_whose_kroner_are_not_known_gives_nothing_and_is_named():
    found = reached(booked(), rates(), [state("a", cashable=None)], draws=10, seed=1)
    assert {one.unknown for one in found.years} == {("a",)}
    assert {one.reached for one in found.years} == {0}


def test_two_trials_have_draws_of_their_own():
    """Were they the same draws, two alike would be as uncertain as one twice as large."""
    one = state("a", minutes=(-12, -8, -4), tasks_a_year=certain(15_000))
    one = replace(one, prior=Prior(sd=2))  # which leaves the measured minutes nearly as they are
    found = reached(booked(), rates(), [one, one], draws=100_000, seed=1)
    kr = 15_000 * 0.7 * 0.6 / 60 * 333.5
    t = np.random.default_rng(7).standard_t(11, (2, 100_000))
    minutes = 30 - 22 * np.exp(2 / 22 * t)  # 8 of 30 saved, by an error of 2
    together = (minutes * kr - 12_000).sum(axis=0)
    assert found.years[-1].reached == pytest.approx((together >= 550_000).mean(), abs=0.01)


@given(
    st.floats(-20, 20),
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
    st.floats(0, 5000),
)
def test_the_draws_formula_is_the_tables_for_any_figures(minutes, shares, tasks):
    """Two ways of working out one figure: of a gain and of a loss they say the same."""
    eligible, adoption, realisable, cashable = map(certain, shares)
    one = state(
        minutes=(minutes,) * 3, eligible=eligible, adoption=adoption, realisable=realisable,
        cashable=cashable, tasks_a_year=certain(tasks), checking_minutes=certain(1.5),
    )  # fmt: skip
    table = business_case(one.trial, one.analysis, rates()).step("net_kr").expected
    assert drawn(one, draws=2).mean_kr == pytest.approx(table, rel=1e-9, abs=1e-6)


def test_an_hour_costs_the_same_whichever_trial_frees_it():
    """Drawn for each trial apart, its price would average out over ten of them."""
    states = [state(f"t{n}", tasks_a_year=certain(3500)) for n in range(10)]
    dear = rates(hour_kr=span(200, 400, 600))
    found = reached(booked(), dear, states, draws=40_000, seed=2)
    hours = 10 * 8 * 3500 * 0.7 * 0.6 / 60
    price = np.random.default_rng(5).triangular(200, 400, 600, 400_000)
    expected = (hours * price - 10 * 12_000 >= 550_000).mean()
    assert 0.02 < expected < 0.98
    assert found.years[-1].reached == pytest.approx(expected, abs=0.01)
