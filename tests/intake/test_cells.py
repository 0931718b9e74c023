"""Words, days and choices in single cells."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.intake import choice
from htkeval.intake.cells import Broken, Fault, Raw, shown, word
from htkeval.intake.day import day, period
from htkeval.trial import Arms

FIRST, LAST = date(2026, 1, 12), date(2026, 4, 10)
A_BROKEN_CELL = Broken("#DIV/0!")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" P 17 ", "P 17"),
        (12.0, "12"),
        (12, "12"),
        ("12.0", "12"),
        ("12,00", "12"),
        ("007", "007"),
        ("1.10", "1.10"),
        (1.5, "1.5"),
        (12345678901.0, "12345678901"),
        ("A\u030argang", "Årgang"),
        (date(2026, 2, 3), "2026-02-03"),
        (None, None),
        ("–", None),
        ("\u00a0", None),
    ],
)
def test_a_name_is_the_same_from_every_kind_of_file(cell: Raw, text: str | None) -> None:
    assert word(cell) == text


@pytest.mark.parametrize(
    "cell",
    [
        "P\u200b017",
        "P017\u200e",
        "P\u00ad017",
        "\ufeffP017",
        "P\u00a017",
        "P\u202f17",
        "P\u3164",
        "P\ufe0f1",
    ],
)
def test_a_name_with_something_in_it_that_nobody_sees_is_refused_with_a_way_out(cell: Raw) -> None:
    fault = word(cell)
    assert isinstance(fault, Fault)
    assert "cannot be seen" in str(fault.next_step)


@pytest.mark.parametrize("cell", ["x" * 201, "a\nb", "a\x00b", A_BROKEN_CELL])
def test_free_text_and_control_characters_are_no_name(cell: Raw) -> None:
    assert isinstance(word(cell), Fault)


@pytest.mark.parametrize(
    "cell",
    [
        "23-02-2026",
        "23.02.2026",
        "23.2.2026",
        "23. 2. 2026",
        "23/2-2026",
        "2026-02-23",
        "2026-02-23T09:15:00",
        "2026-02-23 09:15:00.000",
        "23-02-2026 09:15",
        date(2026, 2, 23),
        datetime(2026, 2, 23, 9, 15),  # noqa: DTZ001 - as Excel gives it
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Raw) -> None:
    assert day(cell, FIRST, LAST) == "2026-02-23"
    assert period(cell) == "2026-02-23"


@pytest.mark.parametrize(
    "cell",
    [
        "30-02-2026",
        "23-02-26",
        "02/23/2026",
        "23-02.2026",
        "i går",
        46076.0,
        A_BROKEN_CELL,
        "1-1-1",
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused(cell: Raw) -> None:
    assert isinstance(day(cell, FIRST, LAST), Fault)


@pytest.mark.parametrize("cell", ["11-01-2026", "11-04-2026", date(2025, 2, 23)])
def test_a_day_outside_the_trial_is_refused_with_the_days_it_may_be(cell: Raw) -> None:
    fault = day(cell, FIRST, LAST)
    assert isinstance(fault, Fault)
    assert str(fault.expected) == "a date from 12 January 2026 to 10 April 2026"


@pytest.mark.parametrize("cell", ["12-01-2026", "10-04-2026"])
def test_the_first_and_the_last_day_belong_to_the_trial(cell: str) -> None:
    assert isinstance(day(cell, FIRST, LAST), str)


def test_a_period_that_is_no_day_keeps_its_name() -> None:
    assert period("før") == "før"
    assert period(2.0) == "2"
    assert period("") is None


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("ja", 1.0),
        ("NEJ", 0.0),
        (1.0, 1.0),
        ("0", 0.0),
        ("1,0", 1.0),
        ("SAND", 1.0),
        ("", None),
        ("NA", None),
    ],
)
def test_yes_and_no_are_one_and_zero(cell: Raw, answer: float | None) -> None:
    assert choice.yes_no(cell) == answer


@pytest.mark.parametrize("cell", ["måske", 2.0, "ja nej", A_BROKEN_CELL])
def test_what_is_neither_yes_nor_no_is_refused(cell: Raw) -> None:
    assert isinstance(choice.yes_no(cell), Fault)


@pytest.mark.parametrize(
    ("cell", "status"),
    [("Udført", "done"), ("afbrudt", "abandoned"), ("refused", "refused"), ("-", None)],
)
def test_a_status_is_read_in_danish_and_english(cell: Raw, status: str | None) -> None:
    assert choice.status(cell) == status


def arms(baseline: Any, treatment: Any) -> Arms:
    return Arms.model_validate(
        {
            "baseline": {"label": "uden", "value": baseline},
            "treatment": {"label": "med", "value": treatment},
        }
    )


@pytest.mark.parametrize(
    ("values", "cell", "arm"),
    [
        ((None, None), "baseline", "baseline"),
        ((None, None), " Treatment ", "treatment"),
        ((0, 1), "1.0", "treatment"),
        ((0, 1), 0.0, "baseline"),
        (("0", "1"), "1,0", "treatment"),
        ((0.0, 1.0), "1", "treatment"),
        ((False, True), "true", "treatment"),
        (("Uden AI", "Med AI"), "med ai", "treatment"),
        (("a", "A"), "A", "treatment"),
        (("a", "A"), "a", "baseline"),
    ],
)
def test_an_arm_is_known_by_its_value(values: tuple[Any, Any], cell: Raw, arm: str) -> None:
    assert choice.arm(cell, choice.arm_words(arms(*values))) == arm


@pytest.mark.parametrize("cell", ["2", "treatmnt", "baseline treatment", A_BROKEN_CELL])
def test_an_arm_that_the_trial_does_not_know_is_refused(cell: Raw) -> None:
    assert isinstance(choice.arm(cell, choice.arm_words(arms(0, 1))), Fault)


def test_an_empty_arm_is_no_arm() -> None:
    assert choice.arm(" ", choice.arm_words(arms(0, 1))) is None


def test_a_shown_cell_is_short_and_names_no_citizen() -> None:
    assert shown("sag 010203-1234") == '"sag 010203-xxxx"'
    assert shown("bo@eksempel.dk") == '"xxxx@eksempel.dk"'
    assert shown("x" * 100) == '"' + "x" * 39 + '…"'
    assert shown("x" * 35 + "0102031234") == '"' + "x" * 35 + '0102…"'
    assert shown("a\x00\nb") == '"a  b"'
    assert str(shown(None)) == "nothing"
    assert shown(12.0) == '"12"'


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers_of_words_days_and_choices(text: str) -> None:
    for value in (word(text), day(text, FIRST, LAST), period(text), choice.status(text)):
        assert value is None or isinstance(value, str | Fault)
