"""What became of a booking: realised against booked, what wore off, what was not taken home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from htkeval.booking import Booking
from htkeval.business.periods import ONE_DAY, after, days_within, untold, years_between
from htkeval.business_case import Span
from htkeval.economics import Rates
from htkeval.errors import Refused
from htkeval.follow_up import DUE_MONTHS, AreaLine, FollowUp, MinutesNow, Point
from htkeval.money import Money, converted
from htkeval.realised import Realised, same_area
from htkeval.trial import Trial


def follow_up(
    trial: Trial,
    booking: Booking,
    records: Sequence[Realised],
    *,
    decision: int,
    today: date,
    rates: Rates | None = None,
    simulated: bool = False,
) -> FollowUp:
    """What of a booking was realised, when it was to be followed up and until today?

    A record's kroner and hours are spread evenly over its days, so one that crosses a point counts
    by its share. Days that no record of the booking's area tells of are not known: what is realised
    is held against what was booked for the days that are told of, and how many those are is told.

    Args:
        trial: Whose.
        booking: What the decision that holds booked.
        records: What was said, in any order; also under decisions that held before.
        decision: The event of the decision.
        today: Which day it is.
        rates: The price of an hour; without it what leaked is not known.
        simulated: Whether the trial rests on invented measurements.
    """
    standing = sorted((one for one in records if one.counts), key=lambda one: one.begins)
    priced = [one for one in standing if one.price_level == booking.price_level]
    hour = _hour(rates, booking)
    dues = [after(booking.begins, months) for months in DUE_MONTHS]
    befores = [booking.begins, *dues]
    now = today + ONE_DAY  # what is told of today counts too
    return FollowUp(
        trial=trial.id,
        title=trial.title,
        technology=trial.technology,
        simulated=simulated,
        decision=decision,
        booking=booking,
        points=tuple(
            _point(booking, priced, due, hour, months=months, before=before, passed=due <= today)
            for months, due, before in zip(DUE_MONTHS, dues, befores, strict=False)
        ),
        so_far=_point(booking, priced, now, hour, months=None, before=booking.begins, passed=True)
        if booking.begins <= today
        else None,
        decay=tuple(_now(one, booking) for one in standing if one.minutes is not None),
        other_prices=tuple(one.id for one in standing if one.price_level != booking.price_level),
    )


def _hour(rates: Rates | None, booking: Booking) -> Span | None:
    """The price of an hour in the booking's prices; None where it cannot be told in them."""
    if rates is None:
        return None
    try:
        low, expected, high = (
            converted(
                Money(kr=kr, price_level=rates.price_level),
                booking.price_level,
                rates.price_index,
            ).kr
            for kr in (rates.hour_kr.low, rates.hour_kr.expected, rates.hour_kr.high)
        )
    except Refused:  # no index tells of both years
        return None
    return Span(low=low, expected=expected, high=high)


def _point(
    booking: Booking,
    records: Sequence[Realised],
    due: date,
    hour: Span | None,
    *,
    months: int | None,
    before: date,
    passed: bool,
) -> Point:
    begins = booking.begins
    booked = booking.kr_a_year * years_between(begins, due)
    own = [one for one in records if same_area(one.area, booking.area)]
    days = sum(days_within(one.begins, one.until, begins, due) for one in own)
    covered = min(1.0, days / (due - begins).days)
    periods = [(one.begins, one.until) for one in own]
    told = sum(_booked_within(booking, one, due) for one in own)
    lines = _lines(booking, records, due, booked, told) if passed else ()
    return Point(
        months=months,
        due=due,
        passed=passed,
        booked_kr=booked,
        covered=covered if passed else None,
        untold=tuple(untold(periods, before, due)) if passed else (),
        lines=lines,
        share=_share(lines[0]) if lines else None,
        elsewhere_kr=sum(one.realised_kr or 0.0 for one in lines[1:]),
        leakage=_leakage(records, begins, due, hour) if passed else None,
    )


def _booked_within(booking: Booking, one: Realised, due: date) -> float:
    """What was booked for the days of a record before a day: twelve records of a month are a
    year."""
    first, end = max(one.begins, booking.begins), min(one.until + ONE_DAY, due)
    if end <= first:
        return 0.0
    years = years_between(booking.begins, end) - years_between(booking.begins, first)
    return booking.kr_a_year * years


def _share(own: AreaLine) -> float | None:
    if own.realised_kr is None or own.told_booked_kr <= 0:
        return None
    return own.realised_kr / own.told_booked_kr


def _lines(
    booking: Booking, records: Sequence[Realised], due: date, booked: float, told: float
) -> tuple[AreaLine, ...]:
    """The booking's own area, then each other in which something was realised."""
    begins = booking.begins
    by_area: dict[str, list[Realised]] = {}
    for one in records:
        if days_within(one.begins, one.until, begins, due):
            name = next((known for known in by_area if same_area(known, one.area)), one.area)
            by_area.setdefault(name, []).append(one)
    own = next((name for name in by_area if same_area(name, booking.area)), None)
    kr = _kr(by_area.pop(own), begins, due) if own is not None else None
    mine = AreaLine(
        area=booking.area,
        account=booking.account,
        booked_kr=booked,
        told_booked_kr=told,
        realised_kr=kr,
        difference_kr=None if kr is None else kr - told,
    )
    others = ((name, _kr(of, begins, due)) for name, of in by_area.items())
    return (
        mine,
        *(
            AreaLine(
                area=name,
                account=None,
                booked_kr=0,
                told_booked_kr=0,
                realised_kr=kr,
                difference_kr=kr,
            )
            for name, kr in others
        ),
    )


def _part(one: Realised, first: date, end: date) -> float:
    """The share of a record's days that lie from `first` up to, and without, `end`."""
    return days_within(one.begins, one.until, first, end) / one.days


def _kr(records: Sequence[Realised], first: date, end: date) -> float:
    return sum(one.kr * _part(one, first, end) for one in records)


def _leakage(records: Sequence[Realised], first: date, end: date, hour: Span | None) -> Span | None:
    """1 - realised kr / (hours freed × kroner an hour), of the records that tell of hours."""
    telling = [one for one in records if one.hours is not None]
    hours = sum((one.hours or 0.0) * _part(one, first, end) for one in telling)
    if hour is None or hours <= 0 or hour.low <= 0:
        return None
    kr = _kr(telling, first, end)
    ends = [1 - kr / (hours * price) for price in (hour.low, hour.high)]
    return Span(low=max(ends), expected=1 - kr / (hours * hour.expected), high=min(ends))


def _now(one: Realised, booking: Booking) -> MinutesNow:
    measured = booking.measured_minutes
    saved = measured if measured is not None and measured > 0 else None

    def of(minutes: float | None) -> float | None:
        return None if minutes is None or saved is None else minutes / saved

    assert one.minutes is not None  # only such are asked
    return MinutesNow(
        record=one.id,
        begins=one.begins,
        until=one.until,
        minutes=one.minutes,
        low=one.low,
        high=one.high,
        ratio=of(one.minutes),
        ratio_low=of(one.low),
        ratio_high=of(one.high),
    )


def in_year(records: Sequence[Realised], year: int) -> tuple[Money, ...]:
    """What was realised in one calendar year, a record each that tells of some of its days."""
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    return tuple(
        Money(kr=one.kr * _part(one, first, end), price_level=one.price_level)
        for one in records
        if one.counts and days_within(one.begins, one.until, first, end)
    )
