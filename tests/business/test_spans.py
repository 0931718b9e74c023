"""Arithmetic on spans: a loss is not made smaller by what would make a gain smaller."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from htkeval.business.spans import cost, plus, scaled, taken_home, times
from htkeval.business_case import Span
from htkeval.economics import Assumption, Part

AMOUNTS = st.floats(-1e6, 1e6)
SPANS = st.lists(AMOUNTS, min_size=3, max_size=3).map(sorted).map(
    lambda of: Span(low=of[0], expected=of[1], high=of[2]))  # fmt: skip


def given_as(low, expected, high, noun=Assumption):
    return noun(low=low, expected=expected, high=high, source="opdigtet", date=date(2026, 1, 1))


ASSUMED = st.lists(st.floats(0, 1e4), min_size=3, max_size=3).map(sorted).map(
    lambda of: given_as(*of))  # fmt: skip
SHARES = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted).map(
    lambda of: given_as(*of, Part))  # fmt: skip


def test_the_least_favourable_of_a_loss_is_that_it_comes_often():
    """-2 to 5 minutes, 100 to 300 tasks: -600 to 1500, not -200 to 1500."""
    found = times(Span(low=-2, expected=1, high=5), given_as(100, 200, 300))
    assert (found.low, found.expected, found.high) == (-600, 200, 1500)


def test_a_loss_is_carried_in_whole_and_a_gain_taken_home_in_part():
    found = taken_home(Span(low=-100, expected=50, high=200), given_as(0.2, 0.5, 0.8, Part))
    assert (found.low, found.expected, found.high) == (-100, 25, 160)


def test_what_is_paid_is_a_loss_and_its_least_favourable_the_largest():
    found = cost(given_as(90, 70, 55))
    assert (found.low, found.expected, found.high) == (-90, -70, -55)


@given(SPANS, ASSUMED, SHARES, SPANS)
def test_whatever_is_known_of_the_parts_lies_between_the_ends(gain, factor, share, other):
    """Each figure is between its own least and most favourable: so is what comes of them."""
    for found in (times(gain, factor), taken_home(gain, share), plus(gain, other), scaled(gain, 2)):
        assert found.low <= found.expected <= found.high
    for value in (gain.low, gain.expected, gain.high):
        for part in (factor.low, factor.expected, factor.high):
            assert times(gain, factor).low <= value * part <= times(gain, factor).high
