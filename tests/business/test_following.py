"""Realised against booked, worked out by hand: days, areas, leap years, what wore off."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.booking import Booking
from htkeval.business.areas import by_area
from htkeval.business.following import follow_up, in_year
from htkeval.business.periods import after, untold, years_between
from htkeval.economics import Rates
from htkeval.errors import Refused
from htkeval.follow_up import FollowUp
from htkeval.realised import Realised
from htkeval.realised_share import realised_share
from htkeval.reporting.followed import due, remarks
from htkeval.text import render
from tests.test_recommendation import trial

HOUR = {"low": 250, "expected": 300, "high": 400, "source": "Løn", "date": "2026-01-01"}
POST = {"name": "netto", "hours": 1649, "source": "Løn", "date": "2026-01-01"}
RATES = Rates(price_level=2025, hour_kr=HOUR, posts=(POST, {**POST, "name": "brutto"}))


def booking(begins="2027-01-01", **more) -> Booking:
    values = {
        "kr_a_year": 120_000,
        "price_level": 2025,
        "begins": begins,
        "area": "Social",
        "account": "6.51",
        "owner": "Centerchef",
        "expected_kr": 130_000,
        "measured_minutes": 8,
        "hours_a_year": 500,
        **more,
    }
    return Booking.model_validate(values)


def record(begins, until, kr, number=1, **more) -> Realised:
    values = {
        "id": f"R{number}",
        "decision": 9,
        "begins": begins,
        "until": until,
        "kr": kr,
        "price_level": 2025,
        "area": "Social",
        "source": "Kontoudtog",
        "by": "Controller",
        "at": datetime(2028, 1, 1, tzinfo=UTC),
        "event": 10 + number,
        **more,
    }
    return Realised.model_validate(values)


def followed(*records, today="2027-07-01", books=None, rates=RATES) -> FollowUp:
    return follow_up(
        trial(),
        books or booking(),
        records,
        decision=9,
        today=date.fromisoformat(today),
        rates=rates,
    )


def test_half_a_year_of_what_is_booked_stands_beside_what_was_realised():
    """120,000 kr. a year are 60,000 in six months; 48,000 are 80 % of them."""
    first = followed(record("2027-01-01", "2027-06-30", 48_000)).points[0]
    assert (first.months, first.due, first.passed) == (6, date(2027, 7, 1), True)
    assert (first.booked_kr, first.covered, first.untold) == (60_000, 1, ())
    own = first.own
    assert (own.area, own.account, own.realised_kr) == ("Social", "6.51", 48_000)
    assert own.difference_kr == pytest.approx(-12_000)
    assert first.share == pytest.approx(0.8)


def test_what_nobody_told_of_is_not_known_and_never_nought():
    first = followed().points[0]
    assert (first.covered, first.own.realised_kr, first.own.difference_kr, first.share) == (
        0, None, None, None
    )  # fmt: skip
    (sentence,) = due(followed())
    assert render(sentence, "en") == (
        "6 months were on 1 July 2027; nobody has said what was realised."
    )
    assert "6 måneder var gået 1. juli 2027" in render(sentence, "da")


def test_a_part_that_is_told_is_held_against_what_was_booked_for_that_part():
    """January to March are 90 of 181 days, and three of six months: 30,000 kr. are booked."""
    found = followed(record("2027-01-01", "2027-03-31", 27_000))
    first = found.points[0]
    assert first.covered == pytest.approx(90 / 181)
    assert first.own.told_booked_kr == pytest.approx(30_000)
    assert first.own.difference_kr == pytest.approx(-3_000)
    later = followed(record("2027-01-01", "2027-03-31", 27_000), today="2027-12-31").so_far
    assert later.own.told_booked_kr == pytest.approx(30_000), "the same days, the same kroner"
    (sentence,) = due(found)
    assert "from 1 April 2027 to 30 June 2027" in render(sentence, "en")


def test_a_record_that_crosses_a_point_counts_by_its_days():
    """April to September are 183 days, 91 of them before July."""
    found = followed(record("2027-04-01", "2027-09-30", 18_300), today="2027-10-01")
    assert found.points[0].own.realised_kr == pytest.approx(18_300 * 91 / 183)
    assert found.so_far.own.realised_kr == pytest.approx(18_300)


def test_twelve_months_over_a_leap_day_book_one_year_and_the_day_is_a_day():
    assert years_between(date(2027, 7, 1), date(2028, 7, 1)) == 1
    found = followed(
        record("2027-07-01", "2028-06-30", 36_600),
        today="2028-07-01",
        books=booking("2027-07-01"),
    )
    half, year, _ = found.points
    assert (year.booked_kr, year.covered, year.own.realised_kr) == (120_000, 1, 36_600)
    assert half.own.realised_kr == pytest.approx(100 * 184)  # July to December
    leap = in_year([record("2027-07-01", "2028-06-30", 36_600)], 2028)
    assert [one.kr for one in leap] == [pytest.approx(100 * 182)]  # 29 February is one of them


def test_twelve_records_of_a_month_are_held_against_the_year_that_is_booked():
    """Also in a leap year, and whatever the months' lengths."""
    from datetime import timedelta

    firsts = [date(2028, month, 1) for month in range(1, 13)]
    lasts = [after(first, 1) - timedelta(1) for first in firsts]
    months = [record(a, b, 10_000, n) for n, (a, b) in enumerate(zip(firsts, lasts, strict=True))]
    year = followed(*months, books=booking("2028-01-01"), today="2029-01-01").points[1]
    assert year.own.told_booked_kr == pytest.approx(120_000)
    assert (year.covered, year.share) == (1, pytest.approx(1))


def test_a_booking_of_the_last_day_of_a_month_is_due_on_the_last_day_there_is():
    assert after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert after(date(2028, 2, 29), 12) == date(2029, 2, 28)


@given(
    st.dates(date(2025, 1, 1), date(2035, 1, 1)),
    st.integers(0, 1500),
    st.integers(0, 1500),
)
def test_years_only_grow_and_months_are_twelfths(begins, more, fewer):
    from datetime import timedelta

    one, other = sorted((begins + timedelta(more), begins + timedelta(fewer)))
    assert years_between(begins, one) <= years_between(begins, other)
    assert years_between(begins, after(begins, 6)) == pytest.approx(0.5, abs=2 / 365)


@given(
    st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 10)), max_size=6),
    st.integers(1, 30),
)
def test_every_day_is_told_of_or_untold_and_never_both(periods, length):
    """By counting days one at a time."""
    from datetime import timedelta

    first = date(2028, 2, 20)
    told = [(first + timedelta(a), first + timedelta(a + n)) for a, n in periods]
    end = first + timedelta(length)
    gaps = list(untold(told, first, end))
    for number in range(length):
        day = first + timedelta(number)
        known = any(a <= day <= b for a, b in told)
        assert known != any(gap.begins <= day <= gap.until for gap in gaps)
    assert all(a.until < b.begins for a, b in pairwise(gaps))


def test_kroner_of_another_area_are_told_and_do_not_count_where_it_is_booked():
    found = followed(
        record("2027-01-01", "2027-06-30", 30_000),
        record("2027-01-01", "2027-06-30", 40_000, 2, area="Teknik"),
        record("2027-01-01", "2027-06-30", 1_000, 3, area=" teknik "),
    )
    first = found.points[0]
    shown = [(one.area, one.account, one.booked_kr, one.realised_kr) for one in first.lines]
    assert shown == [
        ("Social", "6.51", 60_000, 30_000), ("Teknik", None, 0, 41_000)
    ]  # fmt: skip
    assert (first.share, first.elsewhere_kr) == (0.5, 41_000)
    assert "41,000 kr. were realised in another area" in str(remarks(found)[-1])


def test_only_another_area_told_of_leaves_the_bookings_own_unknown():
    first = followed(record("2027-01-01", "2027-06-30", 40_000, area="Teknik")).points[0]
    assert (first.covered, first.share, first.elsewhere_kr) == (0, None, 40_000)


def test_a_loss_is_a_loss():
    first = followed(record("2027-01-01", "2027-06-30", -6_000)).points[0]
    assert (first.own.realised_kr, first.own.difference_kr) == (-6_000, -66_000)
    assert first.share == pytest.approx(-0.1)


def test_leakage_is_what_the_hours_are_worth_and_was_not_taken_out():
    """200 hours at 250, 300 and 400 kr. are 50,000, 60,000 and 80,000 kr.; 30,000 were taken."""
    first = followed(record("2027-01-01", "2027-06-30", 30_000, hours=200)).points[0]
    assert first.leakage.expected == pytest.approx(1 - 30_000 / 60_000)
    assert first.leakage.low == pytest.approx(1 - 30_000 / 80_000), "least favourable: most lost"
    assert first.leakage.high == pytest.approx(1 - 30_000 / 50_000)


def test_leakage_is_of_the_records_that_tell_of_hours_and_else_not_known():
    told = record("2027-01-01", "2027-03-31", 30_000, hours=200)
    other = record("2027-04-01", "2027-06-30", 99_000, 2)
    assert followed(told, other).points[0].leakage == followed(told).points[0].leakage
    assert followed(other).points[0].leakage is None
    assert followed(record("2027-01-01", "2027-03-31", 0, hours=0)).points[0].leakage is None
    assert followed(told, rates=None).points[0].leakage is None
    other_prices = RATES.model_copy(update={"price_level": 2030})
    assert followed(told, rates=other_prices).points[0].leakage is None, "no index of both years"


def test_what_wore_off_is_a_ratio_by_record_in_time_where_both_are_known():
    later = record("2027-04-01", "2027-06-30", 0, 2, minutes=4, low=2, high=6)
    early = record("2027-01-01", "2027-03-31", 0, 1, minutes=8)
    found = followed(later, early)
    assert [(one.record, one.ratio, one.ratio_low) for one in found.decay] == [
        ("R1", 1, None), ("R2", 0.5, 0.25)
    ]  # fmt: skip
    unmeasured = followed(later, books=booking(measured_minutes=None))
    assert [one.ratio for one in unmeasured.decay] == [None]
    slower = followed(later, books=booking(measured_minutes=-2))
    assert [one.ratio for one in slower.decay] == [None], "nothing wears off of no saving"
    for language in ("da", "en"):
        assert all(render(one, language) for one in (*remarks(found), *remarks(unmeasured)))


def test_what_was_replaced_counts_no_more():
    old = record("2027-01-01", "2027-06-30", 10_000, replaced_by="R2")
    new = record("2027-01-01", "2027-06-30", 20_000, 2, instead=("R1",))
    assert followed(old, new).points[0].own.realised_kr == 20_000
    assert in_year([old, new], 2027)[0].kr == 20_000
    assert len(in_year([old, new], 2027)) == 1


def test_an_older_record_counts_for_the_days_that_the_new_booking_has_too():
    """A later decision books from April; January to June were told before it: 91 of 181 days."""
    found = followed(
        record("2027-01-01", "2027-06-30", 18_100),
        books=booking("2027-04-01"),
        today="2027-10-01",
    )
    assert found.points[0].own.realised_kr == pytest.approx(9_100)
    assert found.points[0].untold[0].begins == date(2027, 7, 1)


def test_a_record_in_other_prices_is_in_no_sum_and_is_named():
    found = followed(record("2027-01-01", "2027-06-30", 18_100, price_level=2024))
    assert (found.points[0].share, found.other_prices) == (None, ("R1",))
    assert "in no sum" in str(remarks(found)[-1])


def test_a_booking_that_has_not_begun_has_nothing_due():
    found = followed(today="2026-12-31")
    assert (found.so_far, found.newest, due(found)) == (None, None, ())
    assert [one.passed for one in found.points] == [False] * 3
    assert followed(today="2027-01-01").so_far.covered == 0


def test_a_gap_is_told_once_at_the_point_it_was_due():
    found = followed(record("2027-04-01", "2027-12-31", 1), today="2028-01-01")
    assert [len(one.untold) for one in found.points] == [1, 0, 0]
    assert len(due(found)) == 1


@pytest.mark.parametrize(
    ("kr", "until", "met"),
    [
        (48_000, "2027-06-30", True),
        (47_999, "2027-06-30", False),
        (-1, "2027-06-30", False),
        (60_000, "2027-06-29", None),
    ],
)
def test_the_next_recommendation_asks_for_the_policys_share_of_what_was_booked(kr, until, met):
    found = followed(record("2027-01-01", until, kr))
    (asked,) = realised_share(0.8, found)
    assert (asked.id, asked.met, asked.evidence) == ("realised", met, "decision:9")
    for language in ("da", "en"):
        assert "6 m" in render(asked.message, language)


def test_it_is_not_asked_before_it_is_due_without_a_booking_or_by_a_policy_that_does_not():
    assert realised_share(0.8, followed(today="2027-06-30")) == ()
    assert realised_share(0.8, None) == ()
    assert realised_share(None, followed()) == ()


def test_it_is_not_known_before_somebody_says_so_and_the_newest_day_counts():
    asked = realised_share(0.8, followed())[0]
    assert (asked.met, "of 181 days until then" in str(asked.message)) == (None, True)
    both = (
        record("2027-01-01", "2027-06-30", 60_000),
        record("2027-07-01", "2027-12-31", 0, 2),
    )
    (asked,) = realised_share(0.8, followed(*both, today="2028-01-01"))
    assert (asked.met, "12 months" in str(asked.message)) == (False, True)


def test_areas_are_summed_in_one_years_prices_and_mixed_ones_are_refused():
    one = followed(
        record("2027-01-01", "2027-06-30", 30_000),
        record("2027-01-01", "2027-06-30", 5_000, 2, area="Teknik"),
        today="2027-06-30",
    )
    other = followed(books=booking(area="Teknik", kr_a_year=50_000), today="2027-06-30")
    social, teknik = by_area([one, other], RATES)
    assert (social.bookings, social.a_year_kr, social.realised_kr) == (1, 120_000, 30_000)
    assert (teknik.bookings, teknik.a_year_kr, teknik.realised_kr) == (1, 50_000, 5_000)
    assert social.difference_kr == pytest.approx(-30_000)
    assert by_area([], None) == ()
    mixed = followed(books=booking(price_level=2026))
    for rates in (RATES, None):
        with pytest.raises(Refused, match="index of the prices"):
            by_area([one, mixed], rates)


def test_prices_of_two_years_are_summed_where_an_index_tells_of_both():
    index = {"source": "KL", "date": "2026-01-01", "years": {2025: 100, 2026: 110}}
    rates = Rates.model_validate({**RATES.model_dump(), "price_index": index})
    mixed = followed(books=booking(price_level=2026, kr_a_year=110_000))
    (social,) = by_area([followed(), mixed], rates)
    assert social.a_year_kr == pytest.approx(220_000)
