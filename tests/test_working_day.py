"""Which days a municipality works."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil import easter as oracle

from htkeval.working_day import easter, holidays, working_day


def test_easter_is_where_another_program_has_it() -> None:
    """dateutil.easter.easter, for every year of the Gregorian calendar that it knows."""
    years = range(1583, 4100)
    assert [easter(year) for year in years] == [oracle.easter(year) for year in years]


def test_the_public_holidays_of_2027_are_those_of_the_almanac() -> None:
    assert sorted(holidays(2027)) == [
        date(2027, 1, 1),
        date(2027, 3, 25),
        date(2027, 3, 26),
        date(2027, 3, 28),
        date(2027, 3, 29),
        date(2027, 5, 6),
        date(2027, 5, 16),
        date(2027, 5, 17),
        date(2027, 12, 25),
        date(2027, 12, 26),
    ]


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2027, 3, 24), date(2027, 3, 24)),  # a Wednesday
        (date(2027, 3, 25), date(2027, 3, 30)),  # Maundy Thursday: over all of Easter
        (date(2026, 12, 25), date(2026, 12, 28)),  # a Friday
        (date(2027, 1, 1), date(2027, 1, 4)),  # a Friday
        (date(2027, 4, 23), date(2027, 4, 23)),  # the Great Prayer Day until 2023
        (date(2027, 5, 15), date(2027, 5, 18)),  # the Saturday before Whitsun
    ],
)
def test_a_day_off_is_moved_to_the_next_working_day(day: date, then: date) -> None:
    assert working_day(day) == then


def test_no_day_of_ten_years_is_moved_far_back_or_to_another_day_off() -> None:
    for n in range(3653):
        day = date(2026, 1, 1) + timedelta(days=n)
        then = working_day(day)
        assert 0 <= (then - day).days <= 5
        assert working_day(then) == then
