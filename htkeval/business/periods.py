"""Days and months: when so many months are over, and which days nobody has told of."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from htkeval.follow_up import Period

ONE_DAY = timedelta(days=1)
MONTHS = 12


def after(day: date, months: int) -> date:
    """The day so many months later; of a shorter month its last.

    Example:
        >>> after(date(2027, 8, 31), 6)
        datetime.date(2028, 2, 29)
    """
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def years_between(begins: date, end: date) -> float:
    """How many years from one day up to, and without, another: by months, then days of the month.

    Twelve months are a year, also where one of them is a February of 29 days.

    Example:
        >>> years_between(date(2027, 7, 1), date(2028, 7, 1))
        1.0
    """
    if end <= begins:
        return 0.0
    whole = (end.year - begins.year) * MONTHS + end.month - begins.month
    while after(begins, whole) > end:
        whole -= 1
    last, following = after(begins, whole), after(begins, whole + 1)
    return (whole + (end - last).days / (following - last).days) / MONTHS


def days_within(begins: date, until: date, first: date, end: date) -> int:
    """How many days of a period, its last day too, lie from `first` up to, and without, `end`."""
    return max(0, (min(until + ONE_DAY, end) - max(begins, first)).days)


def untold(told: Iterable[tuple[date, date]], first: date, end: date) -> Iterator[Period]:
    """The days from `first` up to, and without, `end` that lie in none of the periods told of.

    Args:
        told: First and last day of each.
        first, end: Where to look.
    """
    at = first
    for begins, until in sorted(told):
        if begins >= end or at >= end:
            break
        if begins > at:
            yield Period(begins=at, until=begins - ONE_DAY)
        at = max(at, until + ONE_DAY)
    if at < end:
        yield Period(begins=at, until=end - ONE_DAY)
