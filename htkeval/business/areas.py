"""All bookings together, by area: realised against booked, in the prices of one year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from htkeval.economics import Rates
from htkeval.follow_up import AreaLine, AreaSum, FollowUp
from htkeval.money import Money, converted
from htkeval.realised import same_area


def prices(bookings: Sequence[FollowUp], rates: Rates | None) -> int | None:
    """The year in whose prices sums are told: the bookings' own, else that of the rates."""
    levels = {one.booking.price_level for one in bookings}
    if len(levels) == 1:
        return levels.pop()
    return None if rates is None or not levels else rates.price_level


def by_area(bookings: Sequence[FollowUp], rates: Rates | None) -> tuple[AreaSum, ...]:
    """What was booked and realised in each area so far, and what each is booked for a year?

    Args:
        bookings: Bookings that hold, with what became of them.
        rates: The index that converts the prices of several years.

    Raises:
        Refused: They are in the prices of several years, and no index converts them.
    """
    level = prices(bookings, rates)
    if level is None:
        level = bookings[0].booking.price_level if bookings else 0  # refused below where they mix
    index = rates.price_index if rates is not None else None

    def told(kr: float, of: FollowUp) -> float:
        amount = Money(kr=kr, price_level=of.booking.price_level)
        return converted(amount, level, index).kr

    sums = []
    for name in _names(bookings):
        booked = [one for one in bookings if same_area(one.booking.area, name)]
        lines = [(one, line) for one in bookings for line in _lines(one, name)]
        known = [(one, line) for one, line in lines if line.realised_kr is not None]
        so_far = sum(told(line.told_booked_kr, one) for one, line in lines)
        kr = sum(told(line.realised_kr or 0.0, one) for one, line in known) if known else None
        sums.append(
            AreaSum(
                area=name,
                bookings=len(booked),
                a_year_kr=sum(told(one.booking.kr_a_year, one) for one in booked),
                booked_kr=sum(told(line.booked_kr, one) for one, line in lines),
                told_booked_kr=so_far,
                realised_kr=kr,
                difference_kr=None if kr is None else kr - so_far,
            )
        )
    return tuple(sums)


def _lines(one: FollowUp, area: str) -> Iterable[AreaLine]:
    lines = one.so_far.lines if one.so_far else ()
    return (line for line in lines if same_area(line.area, area))


def _names(bookings: Sequence[FollowUp]) -> list[str]:
    """Every area, each in the first spelling."""
    names: list[str] = []
    for one in bookings:
        lines = one.so_far.lines if one.so_far else ()
        for name in (one.booking.area, *(line.area for line in lines)):
            if not any(same_area(name, known) for known in names):
                names.append(name)
    return names
