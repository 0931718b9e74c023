"""Amounts as committees read them: whole thousands, one figure everywhere, never nought by it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.reporting import business, money, pool_shown
from htkeval.reporting.numbers import ROUNDED, adds_up, number, whole
from htkeval.text import render, say, to_the_thousand
from tests.business.test_supporting import state
from tests.reporting.test_money_charts import carried, filled

AMOUNTS = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("kr", "danish", "english"),
    [
        (103_624.4, "104.000 kr.", "104,000 kr."),
        (-61_270, "−61.000 kr.", "−61,000 kr."),
        (772, "1.000 kr.", "1,000 kr."),
        (412.4, "412 kr.", "412 kr."),
        (-0.3, "−1 kr.", "−1 kr."),
        (0, "0 kr.", "0 kr."),
        (550_000 - 549_999.9999999, "0 kr.", "0 kr."),
    ],
)
def test_an_amount_is_in_whole_thousands_and_what_is_less_in_whole_kroner(kr, danish, english):
    assert render(business.amount(kr), "da") == danish
    assert render(business.amount(kr), "en") == english


@given(AMOUNTS)
def test_no_amount_becomes_nothing_turns_its_sign_or_moves_more_than_half_a_thousand(kr):
    shown = to_the_thousand(kr)
    assert abs(shown - kr) <= 500
    assert (shown == 0) == (abs(kr) < 0.005)
    assert shown * kr >= 0
    assert to_the_thousand(shown) == shown
    assert to_the_thousand(-kr) == -shown


@given(st.floats(-1e6, 1e6, allow_nan=False).filter(lambda value: abs(value) >= 0.001))
def test_no_figure_in_thousands_becomes_nothing(value):
    assert re.search("[1-9]", render(whole(value), "da"))


def test_the_value_behind_the_sentence_stays_exact():
    assert say("{kr:kr} kr.", kr=103_624.4).values == {"kr": 103_624.4}


def test_the_page_the_paper_and_the_budget_tell_one_figure():
    """168 hours at 333.50 less 12,000: 44,028 kr. a year, and 505,972 of 550,000 missing."""
    found = carried(state(minutes=(-8, -8, -8)))
    told = (
        render(money.carried(found), "da"),
        render(money.of_trial(found, found.trials[0].trial), "da"),
    )
    table = [render(cell, "da") for cell in money.years(found).rows[-1]]
    terminal = [str(render(cell, "da")) for cell in business.carried(found)[-1]]
    for one in (*told, table[2], terminal[3]):
        assert "44.000" in one
    assert table[3] == terminal[5] == "506.000 kr."
    assert table[1] == "550.000 kr."
    assert money.rounded(found) is None  # 44 + 506 = 550


def test_the_steps_of_the_method_stay_exact():
    from tests.business.test_case import case

    told = [render(cell, "da") for row in money.steps(case()).rows for cell in row]
    assert "44.028 kr." in told


@pytest.mark.parametrize("language", ["da", "en"])
def test_where_what_is_shown_does_not_add_up_it_is_said(language):
    """100,400 + 200,400 = 300,800: 100 and 200 are not 301."""
    assert adds_up(550_000, [89_354, 460_646])
    assert not adds_up(300_800, [100_400, 200_400])
    found = carried(state(minutes=(-8, -8, -8)))
    year = found.years[-1].model_copy(update={"booked_kr": 550_900.0, "missing_kr": 506_872.0})
    odd = found.model_copy(update={"years": (*found.years[:-1], year)})
    assert money.rounded(odd) is None  # 44 + 507 = 551
    year = year.model_copy(update={"booked_kr": 550_460.0, "missing_kr": 506_432.0})
    assert money.rounded(found.model_copy(update={"years": (year,)})) is None  # 44 + 506 = 550
    year = year.model_copy(update={"booked_kr": 550_510.0, "missing_kr": 506_482.0})
    assert money.rounded(found.model_copy(update={"years": (year,)})) == ROUNDED  # 551
    assert ("afrundet" if language == "da" else "rounded") in render(ROUNDED, language)


def test_a_pool_of_small_grants_says_so_and_shows_none_as_nothing():

    fund = filled(3)
    assert pool_shown.rounded(fund) is None
    grant = fund.applications[0].grants[0].model_copy(update={"amount_kr": 10_400})
    small = tuple(one.model_copy(update={"grants": (grant,)}) for one in fund.applications)
    assert pool_shown.rounded(fund.model_copy(update={"applications": small})) == ROUNDED


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_nothing_carries_stands_beside_what_is_carried(language):
    """44,028 of 550,000 carried: 505,972 are missing, and together they are all of it."""
    told = render(money.lacking(carried(state(minutes=(-8, -8, -8)))), language)
    assert {"da": "506.000 kr.", "en": "506,000 kr."}[language] in told
    assert money.lacking(carried(state(verdict="no_go"))) is None  # all of it: said already


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_years_together_by_the_budget_and_by_what_is_proved(language):
    """600 spent, 275 + 550 + 550 saved: 775 saved. Proved: 44.028 twice, and of half a year
    44,028 * 184 / 365 - 6,670 = 15,525; 600,000 less these 103,581 is 496,419."""
    told = " ".join(
        render(one, language) for one in money.net(carried(state(minutes=(-8, -8, -8))))
    )
    for figure in ("775{}000", "496{}000"):
        assert figure.format("." if language == "da" else ",") in told
    assert {"da": "koster det", "en": "it costs"}[language] in told


def test_how_much_of_the_time_becomes_money_and_what_the_tool_costs():
    """168 hours at 333.50 are 56,028; less 12,000 is the 44,028 of the sentence above it."""
    from tests.business.test_case import case

    told = render(money.hours(case()), "da")
    assert "tages 168 ud af budgettet. De er 56.000 kr. værd" in told
    assert "koster 12.000 kr." in told
    assert money.hours(case(cashable=None)) is None


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_hours_as_posts_by_each_definition_of_one(language):
    """168 hours / 1,649 = 0.10; the demo's rates know two definitions"""
    from tests.business.test_case import case

    told = {
        "da": "Det er 0,10 årsværk ved 1.649 timer og 0,09 ved 1.924 timer.",
        "en": "That is 0.10 full-time posts at 1,649 hours and 0.09 at 1,924 hours.",
    }
    assert render(money.posts(case()), language) == told[language]
    assert money.posts(case(cashable=None)) is None


@pytest.mark.parametrize("share", [0.3, 0.6, 1.0])
def test_the_amount_is_half_where_as_few_use_it_as_the_sentence_says(share):
    """The business case itself, worked out again with that share, is the oracle"""
    from tests.business.test_case import case, certain

    whole = case(adoption=certain(share))
    few = whole.halved_at
    assert few is not None
    assert share / 2 <= few < share
    again = case(adoption=certain(few))
    assert again.step("net_kr").expected == pytest.approx(whole.step("net_kr").expected / 2)
    assert render(number(100 * few, 0), "en") in render(money.halved(whole), "en")


def test_there_is_nothing_to_halve_where_nothing_is_gained_or_known():
    from tests.business.test_case import case, certain

    assert money.halved(case(licence_kr=certain(10_000_000))) is None
    assert money.halved(case(adoption=None)) is None
    assert money.halved(case(cashable=None)) is None
