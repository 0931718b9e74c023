"""The trial's days, and the calendar file read back by another eye than the one that wrote it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from htkeval.reporting.calendar_file import calendar_file
from htkeval.reporting.letter import markdown
from htkeval.reporting.staff_letter import staff_letter
from htkeval.reporting.timetable import timetable
from htkeval.text import LANGUAGES, render, say
from htkeval.trial import Trial
from htkeval.working_day import working_day
from tests.reporting.test_letter import of_design, speech

STAMP = datetime(2026, 1, 5, 12, 30, 15, 999, tzinfo=UTC)
TITLE = (
    'Prøve, med "komma"; skråstreg \\ og æøå i en titel, der er så lang, at linjen må foldes: ' * 2
)


def plan(**changes) -> Trial:
    raw = speech().model_dump(mode="json")
    return Trial.model_validate({**raw, **changes})


def written(trial: Trial, language="da") -> bytes:
    return calendar_file(trial, language, stamp=STAMP)


def days(trial: Trial) -> dict[str, date]:
    return {moment.kind: moment.day for moment in timetable(trial)}


def test_without_looks_there_are_a_beginning_a_middle_an_end_and_three_follow_ups():
    """12 January to 10 April 2026 are 88 days; half is 44, 25 February, a Wednesday. Six months
    after 10 April is Saturday 10 October, so Monday the 12th; 10 April 2027 is a Saturday too."""
    assert days(speech()) == {
        "start": date(2026, 1, 12),
        "half-way": date(2026, 2, 25),
        "end": date(2026, 4, 10),
        "follow-up-6": date(2026, 10, 12),
        "follow-up-12": date(2027, 4, 12),
        "follow-up-24": date(2028, 4, 10),
    }


def test_planned_looks_stand_in_place_of_the_middle():
    """0.25 of 88 days is 22: 3 February; 0.75 is 66: 19 March."""
    trial = plan(analysis={"looks": [0.25, 0.75, 1.0]})
    found = days(trial)
    assert found["look-1"] == date(2026, 2, 3)
    assert found["look-2"] == date(2026, 3, 19)
    assert "half-way" not in found
    assert "look-3" not in found  # the last look is the end


def test_the_baseline_ends_where_the_plan_says():
    series = of_design("interrupted_time_series", interruption="2026-02-16")
    assert days(series)["baseline-end"] == date(2026, 2, 15)
    assert days(series)["interruption"] == date(2026, 2, 16)
    firm = {moment.kind: moment.firm for moment in timetable(series)}
    assert firm["interruption"]
    assert firm["baseline-end"]


def test_the_baseline_ends_when_its_share_of_the_tasks_is_in():
    """60 of 24 × 10 tasks is a quarter: day 22, 3 February. It is a proposal."""
    trial = of_design("within", clusters=24, tasks_each=10, baseline_tasks=60)
    (moment,) = [each for each in timetable(trial) if each.kind == "baseline-end"]
    assert moment.day == date(2026, 2, 3)
    assert not moment.firm
    assert "baseline-end" not in days(of_design("within", tasks_each=None, baseline_tasks=60))


def test_before_and_after_without_numbers_change_in_the_middle():
    assert days(of_design("before_after"))["baseline-end"] == date(2026, 2, 25)


def test_a_month_without_the_day_ends_with_its_last():
    """Six months after 31 August 2026 is 28 February 2027, a Sunday: Monday 1 March. Twelve is a
    Tuesday, 31 August 2027."""
    found = days(plan(starts="2026-06-01", ends="2026-08-31"))
    assert found["follow-up-6"] == date(2027, 3, 1)
    assert found["follow-up-12"] == date(2027, 8, 31)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(0, 900),
    st.lists(st.floats(0.01, 0.99), max_size=4, unique=True),
)
def test_days_are_in_order_inside_the_trial_and_never_proposed_for_a_day_off(start, length, looks):
    end = start + timedelta(days=length)
    fractions = [*sorted(looks), 1.0]
    trial = plan(starts=str(start), ends=str(end), analysis={"looks": fractions})
    moments = timetable(trial)
    assert [moment.day for moment in moments] == sorted(moment.day for moment in moments)
    assert len({moment.kind for moment in moments}) == len(moments)
    for moment in moments:
        if not moment.kind.startswith("follow-up"):
            assert start <= moment.day <= end
        if not moment.firm:
            assert moment.day in (working_day(moment.day), end)


def test_the_middle_of_a_trial_is_not_on_easter_monday():
    """1 March to 26 April 2027 are 56 days; half is Easter Monday, 29 March."""
    assert days(plan(starts="2027-03-01", ends="2027-04-26"))["half-way"] == date(2027, 3, 30)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_is_read_back_whole(language):
    trial = plan(title=TITLE.strip(), question="Ja; nej, måske\\?\nNy linje")
    calendar = Calendar.from_ical(written(trial, language))
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    moments = timetable(trial)
    assert set(events) == {f"tale-til-tekst-{moment.kind}@htkeval" for moment in moments}
    for moment in moments:
        event = events[f"tale-til-tekst-{moment.kind}@htkeval"]
        assert event["dtstart"].dt == moment.day
        assert type(event["dtstart"].dt) is date
        assert event["dtend"].dt == moment.day + timedelta(days=1)
        assert str(event["summary"]).startswith(f"{trial.title}: ")
        assert str(event["description"]).startswith(trial.question)
        assert str(event["status"]) == ("CONFIRMED" if moment.firm else "TENTATIVE")
        assert event["dtstamp"].dt == STAMP.replace(microsecond=0)


def test_the_bytes_are_those_of_rfc_5545():
    """3.1: CRLF, at most 75 octets a line, a fold is CRLF and a blank and never inside a letter.
    3.3.11: comma, semicolon, backslash and line break are escaped."""
    raw = written(plan(title=TITLE.strip(), question="a, b; c\\ d\ne"))
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode("utf-8")  # a letter cut in two would not decode
    whole = raw.replace(b"\r\n ", b"").decode("utf-8")
    assert r"DESCRIPTION:a\, b\; c\\ d\ne" in whole
    assert 'Prøve\\, med "komma"\\; skråstreg \\\\ og æøå' in whole
    assert len(re.findall(r"^DTSTART;VALUE=DATE:\d{8}$", whole.replace("\r", ""), re.M)) == 6


def test_the_same_plan_gives_the_same_bytes_and_another_zone_changes_nothing():
    trial = speech()
    elsewhere = STAMP.astimezone(timezone(timedelta(hours=2)))
    assert written(trial) == written(trial)
    assert written(trial) == calendar_file(trial, "da", stamp=elsewhere)
    assert b"DTSTAMP:20260105T123015Z" in written(trial)
    assert written(trial) != written(trial, "en")


def test_the_day_on_which_all_change_over_stands_in_place_of_the_middle():
    """Half of 88 days is day 44, 25 February; one row a day, and the change is what matters."""
    found = days(of_design("crossover"))
    assert found["change"] == date(2026, 2, 25)
    assert "half-way" not in found
    assert "half-way" not in days(of_design("before_after"))
    early = days(of_design("within", clusters=24, tasks_each=10, baseline_tasks=60))
    assert early["half-way"] == date(2026, 2, 25)


def test_a_roll_out_names_the_day_of_each_step():
    """Three starts make four periods of 22 days: days 22, 44 and 66."""
    trial = of_design("stepped_wedge", steps=3, clusters=12)
    found = {kind: day for kind, day in days(trial).items() if kind.startswith("step-")}
    assert list(found.values()) == [date(2026, 2, 3), date(2026, 2, 25), date(2026, 3, 19)]
    assert not any(kind.startswith("step-") for kind in days(of_design("stepped_wedge")))


@pytest.mark.parametrize("kind", ["within", "crossover", "stepped_wedge", "before_after"])
def test_the_staffs_calendar_holds_the_days_of_their_letter_and_no_others(kind):
    trial = of_design(kind)
    raw = calendar_file(trial, "da", stamp=STAMP, afterwards=False)
    events = [event["dtstart"].dt for event in Calendar.from_ical(raw).walk("VEVENT")]
    letter = markdown(staff_letter(trial, decides="Udvalget"), "da")
    rows = [line for line in letter.splitlines() if re.match(r"\| \d+\. \w+ \d{4} \|", line)]
    assert [render(say("{day:d MMMM y}", day=day), "da") for day in events] == [
        row.split("|")[1].strip() for row in rows
    ]


def test_the_calendars_name_is_escaped():
    """RFC 5545 3.3.11: a comma, a semicolon and a backslash in a text have a backslash before."""
    whole = written(plan(title="Referater, noter; \\ alt")).replace(b"\r\n ", b"").decode()
    assert "X-WR-CALNAME:Referater\\, noter\\; \\\\ alt\r\n" in whole
