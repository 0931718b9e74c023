"""Where measured hours go: each fall is what one line alone takes, and the sums are the case's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.waterfall import waterfall
from tests.business.test_case import case, certain, span


def test_eight_minutes_in_three_thousand_tasks_fall_from_400_hours_to_84():
    """8 x 3,000 / 60 = 400; 70 % suit: 280; 60 % use it: 168; all gathered; half cashed: 84."""
    found = waterfall(case(cashable=certain(0.5)))
    assert found is not None
    assert [(one.of, round(one.start), round(one.end)) for one in found.falls] == [
        ("measured", 0, 400),
        ("eligible", 400, 280),
        ("adoption", 280, 168),
        ("net_hours", 0, 168),
        ("cashable", 168, 84),
        ("cashable_hours", 0, 84),
    ]


def test_checking_and_tasks_made_because_of_the_tool_are_falls_of_their_own():
    found = waterfall(case(checking_minutes=certain(1), extra_minutes=certain(0.5)))
    assert found is not None
    by_name = {one.of: one.end - one.start for one in found.falls}
    assert by_name["checking_minutes"] == pytest.approx(-50)  # 3,000 minutes
    assert by_name["extra_minutes"] == pytest.approx(-25)


@given(st.floats(-10, 10), st.floats(0, 5), st.floats(0.1, 1), st.floats(0.1, 1), st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_falls_follow_one_another_and_end_in_the_cases_own_hours(
    minutes, checking, eligible, adoption, cashable
):
    """A loss too: it is carried in whole, so nothing of it falls away at the end."""
    of = case(
        minutes=(-minutes, -minutes, -minutes),
        checking_minutes=certain(checking),
        eligible=certain(eligible),
        adoption=certain(adoption),
        cashable=certain(cashable),
    )
    found = waterfall(of)
    assert found is not None
    at = 0.0
    for one in found.falls:
        if one.whole and one.of != "measured":
            assert one.end == pytest.approx(at, abs=1e-9)
        elif not one.whole:
            assert one.start == pytest.approx(at, abs=1e-9)
        at = one.end
    assert at == of.step("cashable_hours").expected
    if minutes < checking:
        assert not {"realisable", "cashable"} & {one.of for one in found.falls}


def test_its_span_is_that_of_the_hours_that_can_be_taken_home():
    of = case(minutes=(-11, -8, -5), cashable=span(0.2, 0.5, 1))
    found, step = waterfall(of), of.step("cashable_hours")
    assert found is not None
    assert (found.home.low, found.home.high) == (step.low, step.high)


@pytest.mark.parametrize("name", ["adoption", "tasks_a_year", "cashable"])
def test_where_a_line_is_not_known_there_is_no_waterfall(name):
    assert waterfall(case(**{name: None})) is None
