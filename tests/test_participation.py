"""What of a person's own will counts on a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.participation import (
    CLOSES,
    STATES,
    Participation,
    closed_by,
    newest_will,
    standing_of,
)

FIRST = date(2026, 3, 1)
AT = datetime(2026, 5, 1, tzinfo=UTC)


def said(state, day, event=1):
    return Participation(
        state=state, date=FIRST + timedelta(days=day), event=event, at=AT, by="Ida"
    )


def on(day):
    return FIRST + timedelta(days=day)


HISTORIES = st.lists(st.tuples(st.sampled_from(STATES), st.integers(0, 6))).map(
    lambda each: tuple(said(state, day, event) for event, (state, day) in enumerate(each, 1))
)


@pytest.mark.parametrize("state", CLOSES)
def test_a_withdrawal_counts_from_the_day_after_and_now_at_once(state):
    history = (said("informed", 0), said("consented", 1, 2), said(state, 5, 3))
    assert [closed_by(history, on(day)) is not None for day in (0, 1, 5, 6)] == [
        *(False, False, False, True)
    ]
    assert closed_by(history) is history[-1]


def test_a_new_consent_opens_from_its_own_day_and_not_the_days_between():
    history = (said("withdrawn", 2), said("consented", 5, 2))
    assert [closed_by(history, on(day)) is None for day in (2, 3, 4, 5, 6)] == [
        *(True, False, False, True, True)
    ]


def test_a_consent_that_is_entered_late_does_not_undo_a_withdrawal_after_it():
    history = (said("withdrawn", 5, 1), said("consented", 2, 2))
    assert closed_by(history) == history[0]


def test_of_one_day_what_was_recorded_last_counts():
    assert closed_by((said("withdrawn", 3, 1), said("consented", 3, 2))) is None
    assert closed_by((said("consented", 3, 1), said("withdrawn", 3, 2))) is not None


def test_to_be_informed_opens_nothing_and_nothing_recorded_closes_nothing():
    assert closed_by((said("withdrawn", 1, 1), said("informed", 2, 2))) is not None
    assert closed_by(()) is None
    assert newest_will((said("informed", 1),)) is None


@given(HISTORIES, st.integers(-1, 8))
def test_the_answer_is_that_of_walking_through_the_days(history, day):
    """Day by day: consents of a day count in the morning, closings of a day in the evening; where
    both stand on one day the later record is the day's last word. The same again is nothing new."""
    state = None
    for one in range(day + 1):
        of_day = [each for each in history if each.date == on(one) and each.state != "informed"]
        morning = [each for each in of_day if each.state == "consented"]
        here = morning[-1] if morning else state
        for each in of_day:
            state = state if state is not None and state.state == each.state else each
        if one == day:
            state = here
    expected = state if state is not None and state.state in CLOSES else None
    assert closed_by(history, on(day)) == expected


@given(HISTORIES, st.booleans(), st.none() | st.integers(0, 6))
def test_where_somebody_stands_agrees_with_what_closes(history, measured, first):
    day = None if first is None else on(first)
    stands = standing_of("P01", history, measured=measured, first=day)
    closed = closed_by(history)
    assert stands.out == (closed.date if closed else None)
    assert (stands.state in CLOSES) == (closed is not None)
    assert (stands.state is None) == (history == ())
    told = {each.date for each in history if each.state in ("informed", "consented")}
    assert stands.uninformed == (measured and (not told or (day is not None and day < min(told))))
