"""Times as offices write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.intake.cells import Fault
from htkeval.intake.duration import clock_or_decimals, duration
from htkeval.intake.number import notation

DANISH = notation(frozenset(), frozenset(), ";")
OVER_A_DAY = datetime(1900, 1, 1, 12)  # noqa: DTZ001 - 36:00 as Excel keeps it


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("35", 35.0),
        ("35,5", 35.5),
        (35, 35.0),
        ("35 min", 35.0),
        ("35min.", 35.0),
        ("35 minutter", 35.0),
        ("0:35", 35.0),
        ("1:05", 65.0),
        ("0:35:30", 35.5),
        ("0,58 t", 34.8),
        ("2 t 5 min", 125.0),
        ("2 timer og 5 minutter", 125.0),
        ("1 t. 30 min. 30 sek.", 90.5),
        ("90 s", 1.5),
        ("1 h 30 min", 90.0),
        ("24:00", 1440.0),
        (time(0, 35), 35.0),
        (time(0, 1, 30), 1.5),
        (timedelta(hours=2), 120.0),
        ("-5 min", -5.0),
        ("-0:05", -5.0),
    ],
)
def test_minutes_are_read_as_an_office_writes_them(cell: Any, minutes: float) -> None:
    assert duration(cell, "min", DANISH) == minutes


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("0:35", "h", 35 / 60),
        ("35:20", "h", 35 + 20 / 60),
        ("0,58 t", "h", 0.58),
        ("35 min", "s", 2100.0),
        ("0:02", "s", 120.0),
        ("90 s", "s", 90.0),
        ("1:23", "min:s", 83 / 60),
        ("1:23,5", "min:s", 83.5 / 60),
        ("75:00", "min:s", 75.0),
        ("0:01:23", "min:s", 83 / 60),
        ("1,5", "min:s", 1.5),
        ("90 s", "min:s", 1.5),
        (time(0, 1, 23), "min:s", 83 / 60),
        (time(0, 35), "h", 35 / 60),
        (timedelta(hours=36), "h", 36.0),
        (OVER_A_DAY, "h", 36.0),
    ],
)
def test_a_time_is_turned_into_the_unit_of_its_metric(cell: Any, unit: Any, value: float) -> None:
    assert duration(cell, unit, DANISH) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "NA"])
def test_a_time_that_was_not_taken_is_nothing(cell: str | None) -> None:
    assert duration(cell, "min", DANISH) is None


@pytest.mark.parametrize(
    "cell",
    [
        "x",
        "35 x",
        "5 min 2 t",
        "5 min 6 min",
        "0:75",
        "1:2",
        ":35",
        "35:",
        "1.234 min",
        "min",
        "5 min x",
        "35.",
        "--5 min",
        "1 t 2 t 3 t 4 t",
        "1:00:75",
        date(2026, 1, 2),
        datetime(2026, 1, 2, 3),  # noqa: DTZ001 - as Excel gives it
    ],
)
def test_what_is_no_time_is_refused(cell: Any) -> None:
    assert isinstance(duration(cell, "min", DANISH), Fault)


@pytest.mark.parametrize("cell", ["35:20", timedelta(hours=35, minutes=20), "35:20:00"])
def test_over_24_hours_in_a_column_of_minutes_is_asked_about(cell: Any) -> None:
    fault = duration(cell, "min", DANISH)
    assert isinstance(fault, Fault)
    assert str(fault.found) == (
        '"35:20", which is 35 hours and 20 minutes or 35 minutes and 20 seconds'
    )
    assert str(fault.next_step) == "Write 2120 min, or 35 min 20 s."


@given(hours=st.integers(0, 23), minutes=st.integers(0, 59), seconds=st.integers(0, 59))
def test_a_time_of_day_is_the_same_as_text_and_as_a_cell_of_excel(
    hours: int, minutes: int, seconds: int
) -> None:
    as_text = duration(f"{hours}:{minutes:02d}:{seconds:02d}", "min", DANISH)
    in_words = duration(f"{hours} t {minutes} min {seconds} s", "min", DANISH)
    assert as_text == duration(time(hours, minutes, seconds), "min", DANISH) == in_words
    assert as_text == (hours * 3600 + minutes * 60 + seconds) / 60


@given(st.text(max_size=30), st.sampled_from(["s", "min", "min:s", "h"]))
def test_no_text_breaks_the_reader_of_times(text: str, unit: Any) -> None:
    value = duration(text, unit, DANISH)
    assert value is None or isinstance(value, float | Fault)


@pytest.mark.parametrize(
    ("cell", "unit", "asked"),
    [
        ("1.30 t", "min", '"1.30 t", which is 1 hours and 30 minutes or 1,30 hours'),
        ("1.30", "h", '"1.30", which is 1 hours and 30 minutes or 1,30 hours'),
        ("1.23", "min:s", '"1.23", which is 1 minutes and 23 seconds or 1,23 minutes'),
        ("1.23 min", "min", '"1.23 min", which is 1 minutes and 23 seconds or 1,23 minutes'),
        ("00.35", "min", '"00.35", which is 0 hours and 35 minutes or 0,35 minutes'),
    ],
)
def test_a_point_that_may_be_the_clocks_is_asked_about(cell: str, unit: Any, asked: str) -> None:
    fault = clock_or_decimals(cell, unit)
    assert fault is not None
    assert str(fault.found) == asked


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("1.75 t", "h"),
        ("1.5", "h"),
        ("1,30 t", "h"),
        ("1.30", "min"),
        ("1.30", "s"),
        (1.3, "h"),
        ("1.234", "h"),
        ("12.30 kr", "min"),
        (None, "h"),
        ("1.30 t 5 min", "min"),
    ],
)
def test_what_can_be_read_in_one_way_is_not_asked_about(cell: Any, unit: Any) -> None:
    assert clock_or_decimals(cell, unit) is None
