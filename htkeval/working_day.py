"""Days on which a municipality works: neither weekends nor Danish public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

AFTER_EASTER = (-3, -2, 0, 1, 39, 49, 50)
"""Maundy Thursday, Good Friday, Easter, Easter Monday, Ascension, Whitsun and Whit Monday, in days
from Easter Sunday. The Great Prayer Day is none any more since 2024."""
FIXED = ((1, 1), (12, 25), (12, 26))
"""Month and day of the others."""


def working_day(day: date) -> date:
    """The day itself, or the next on which somebody is at work.

    Example:
        >>> working_day(date(2027, 3, 26))  # Good Friday
        datetime.date(2027, 3, 30)
    """
    while day.weekday() >= 5 or day in holidays(day.year):
        day += timedelta(days=1)
    return day


@cache
def holidays(year: int) -> frozenset[date]:
    """The Danish public holidays of a year."""
    moved = (easter(year) + timedelta(days=days) for days in AFTER_EASTER)
    return frozenset((*moved, *(date(year, month, day) for month, day in FIXED)))


def easter(year: int) -> date:
    """Easter Sunday.

    Source: the anonymous Gregorian computus (Meeus 1991, Astronomical Algorithms, chapter 8).
    """
    century, of_century = divmod(year, 100)
    golden = year % 19
    moon = (8 * century + 13) // 25
    epact = (19 * golden + century - century // 4 - moon + 15) % 30
    weekday = (2 * (century % 4 + of_century // 4) - epact - of_century % 4 + 32) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
