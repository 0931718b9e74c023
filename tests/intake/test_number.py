"""Numbers as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.intake.cells import Broken, Fault
from htkeval.intake.number import Notation, marks, notation, number

DANISH = notation(frozenset(), frozenset(), ";")
COMMA_SEPARATED = notation(frozenset(), frozenset(), ",")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("35", 35.0),
        ("35,5", 35.5),
        ("35.5", 35.5),
        (" 35,5 ", 35.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1234567.0),
        ("1 234,5", 1234.5),
        ("1\u00a0234", 1234.0),
        ("0,125", 0.125),
        ("0.125", 0.125),
        ("1234.567", 1234.567),
        (",5", 0.5),
        ("-3,5", -3.5),
        ("\u22123", -3.0),
        ("+3", 3.0),
        ("1e-05", 0.00001),
        ("1,5E+02", 150.0),
        ("007", 7.0),
    ],
)
def test_a_number_is_read_as_an_office_writes_it(text: str, value: float) -> None:
    assert number(text, DANISH) == value
    assert number(text, COMMA_SEPARATED) == value


@pytest.mark.parametrize("text", ["", " ", "-", "–", "NA", "N/A"])
def test_what_stands_for_nothing_is_nothing(text: str) -> None:
    assert number(text, DANISH) is None


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "35 min",
        "1,2,3",
        "12.34,5",
        "1.23.456",
        "--3",
        "1_000",
        "inf",
        "nan",
        "٣٥",
        "0x1A",
        "5-",
    ],
)
def test_text_is_no_number(text: str) -> None:
    assert isinstance(number(text, DANISH), Fault)


@pytest.mark.parametrize("cell", [float("inf"), 10**400, "9" * 400, "1e999"])
def test_a_number_too_large_to_compute_with_is_refused(cell: float | str) -> None:
    assert isinstance(number(cell, DANISH), Fault)


def test_a_date_that_excel_made_of_a_number_is_refused_with_the_reason() -> None:
    fault = number(date(2026, 5, 12), DANISH)
    assert isinstance(fault, Fault)
    assert "made a date" in str(fault.next_step)


def test_an_error_of_excel_is_never_an_empty_cell() -> None:
    assert isinstance(number(Broken("#N/A"), DANISH), Fault)


def test_a_point_before_three_digits_is_asked_about_where_nothing_tells() -> None:
    fault = number("1.234", DANISH)
    assert isinstance(fault, Fault)
    assert str(fault.found) == '"1.234", which is 1234 or 1,234'
    assert str(fault.next_step) == "Write 1234, or 1,23 with two decimals."


def test_a_comma_before_three_digits_is_asked_about_in_a_comma_separated_file() -> None:
    fault = number("1,234", COMMA_SEPARATED)
    assert isinstance(fault, Fault)
    assert str(fault.found) == '"1,234", which is 1234 or 1.234'


@pytest.mark.parametrize(
    ("own", "others", "delimiter", "point", "comma"),
    [
        ("", "", ";", None, "decimal"),
        ("", "", None, None, "decimal"),
        ("", "", ",", "decimal", None),
        (".", "", ";", "decimal", "thousands"),
        (",", "", ";", "thousands", "decimal"),
        ("", ",", ";", "thousands", "decimal"),
        (".", ",", ";", "decimal", "thousands"),
        (",", ".", ",", "thousands", "decimal"),
        (".,", "", ",", None, None),
        ("", ".,", ",", None, None),
    ],
)
def test_what_a_lone_mark_means_is_settled_by_the_column_then_the_sheet_then_the_separator(
    own: str, others: str, delimiter: str | None, point: str | None, comma: str | None
) -> None:
    read = notation(frozenset(own), frozenset(others), delimiter)  # type: ignore[arg-type]
    assert read == Notation(point, comma)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("texts", "seen"),
    [
        (["12,5", "1.234"], ","),
        (["12.5", "1,234"], "."),
        (["1.234", "1,234", "35", "x", "0:35", "12.05.2026"], ""),
        (["1.234,5"], ","),
        (["0,58 t", "1.234 t"], ","),
        (["1.5", "1,5"], ".,"),
        (["1.234.567"], ","),
        (["12,5", "1,234,567"], ".,"),
    ],
)
def test_only_unmistakable_cells_show_the_decimal_mark(texts: list[str], seen: str) -> None:
    assert marks(texts) == frozenset(seen)


def as_danes_write(value: float, decimals: int) -> str:
    """Thousands with points, a decimal comma: 1234.5 is `1.234,50`."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


@given(
    value=st.floats(min_value=-1e12, max_value=1e12, allow_nan=False),
    decimals=st.sampled_from([1, 2, 4, 5, 6]),
)
def test_a_number_written_in_danish_is_read_back(value: float, decimals: int) -> None:
    written = as_danes_write(value, decimals)
    assert number(written, DANISH) == float(f"{value:.{decimals}f}")
    assert number(written, COMMA_SEPARATED) == float(f"{value:.{decimals}f}")


@given(values=st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=20))
def test_a_danish_column_with_one_clear_cell_is_read_whole(values: list[float]) -> None:
    written = [as_danes_write(value, 3) for value in values] + ["0,5"]
    read = notation(marks(written), frozenset(), ";")
    assert [number(text, read) for text in written[:-1]] == [float(f"{v:.3f}") for v in values]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_a_program_writes_is_read_back_to_the_last_digit(value: float) -> None:
    read = notation(frozenset("."), frozenset(), ",")
    assert number(repr(value), read) == value
    assert number(value, read) == value


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader_of_numbers(text: str) -> None:
    value = number(text, DANISH)
    assert value is None or isinstance(value, float | Fault)
