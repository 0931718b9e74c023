"""What gives a person away. Every number here is invented and belongs to nobody we know of."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from htkeval.intake.privacy import UNSEEN, masked, personal, suspect


@pytest.mark.parametrize(
    "text",
    [
        "010203-1234",
        "0102031234",
        "010203 1234",
        "010203 - 1234",
        "010203–1234",
        "sag 010203-1234, opfølgning",
        "cpr0102031234",
        "2026-010203-1234",
        "610203-1234",  # a replacement number: day + 60
        "290204-4123",  # 29 February 2004
        "０１０２０３１２３４",  # full-width digits
        "010203\u00a01234",
        "311299-1111",
        "01.01.90-1234",
        "01-01-90-1234",
        "01/01/90 - 1234",
        "010190/1234",
        "010190_1234",
        "01-01-1990-1234",
        "01.01.1990/1234",
        "29-02-2004-4123",
        "0102\u200b03-12\u00ad34",
        "01\u200e01901234",
    ],
)
def test_a_cpr_number_is_found_however_it_is_written(text: str) -> None:
    assert personal(text) == "cpr"
    assert suspect(text)
    assert suspect(f"P1|{text}|35,5")


@pytest.mark.parametrize(
    "text",
    [
        "4512345678",  # no 45th, even less 60
        "0113031234",  # no 13th month
        "3002031234",  # no 30 February
        "2902031234",  # 1903 was no leap year
        "0002031234",
        "20260112",
        "202601121530",
        "01020312345",
        "1234567",
        "35.0102031234",  # decimals
        "0,0102031234",
        "P017",
        "2026-11-23 09:15:00",
        "0102-031234",
        "12-01-2026-0042",  # a day and a running number: nobody born in 2026 has digit 7 below 4
        "01.01-90-1234",
        "01-13-1990-1234",
        "23-02-2026 0915",
        "010190//1234",
        "2026/010190123",
        "",
    ],
)
def test_other_numbers_pass(text: str) -> None:
    assert personal(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "01020312-1234-4abc-8def-0102031234ab",
        "3f0102031234abcd3f0102031234abcd",
        "a" * 30 + "0102031234",
    ],
)
def test_a_machine_made_id_passes_though_it_holds_ten_digits(text: str) -> None:
    assert personal(text) is None


@pytest.mark.parametrize(
    ("text", "year_is_leap"),
    [
        ("290200-0000", False),  # 1900
        ("290200-4000", True),  # 2000
        ("290236-4000", True),  # 2036
        ("290240-4000", True),  # 1940
        ("290237-4000", False),  # 1937
        ("290256-5000", True),  # 2056
        ("290260-5000", True),  # 1860
        ("290257-5000", False),  # 2057
        ("290200-9000", True),  # 2000
        ("290296-8000", True),  # 1896
    ],
)
def test_digit_seven_gives_the_century(text: str, year_is_leap: bool) -> None:
    assert (personal(text) == "cpr") is year_is_leap


@given(
    born=st.dates(date(1900, 1, 1), date(1999, 12, 31)),
    serial=st.integers(0, 3999),
    between=st.sampled_from(["", "-", " "]),
)
def test_every_day_of_the_last_century_is_found_and_masked(
    born: date, serial: int, between: str
) -> None:
    text = f"{born:%d%m%y}{between}{serial:04d}"
    assert personal(text) == "cpr"
    assert masked(f"x {text} y") == f"x {born:%d%m%y}-xxxx y"


@given(serial=st.integers(0, 9999), day=st.integers(0, 4000))
def test_modulus_11_rejects_nothing(serial: int, day: int) -> None:
    born = date(1985, 1, 1) + timedelta(days=day % 4000)
    assert personal(f"{born:%d%m%y}-{serial:04d}") == "cpr"


@pytest.mark.parametrize("text", ["bo@eksempel.dk", "Bo <bo.h@htk.eksempel.dk>", "søren@blå.dk"])
def test_an_email_address_is_found_and_its_name_masked(text: str) -> None:
    assert personal(text) == "email"
    assert suspect(text)
    assert "xxxx@" in masked(text)
    assert "bo@" not in masked(text)
    assert "søren" not in masked(text)


@pytest.mark.parametrize("text", ["kl. 9 @ rådhuset", "@", "a@b", "x@ eksempel.dk"])
def test_a_mere_at_sign_passes(text: str) -> None:
    assert personal(text) is None


def test_a_text_of_a_million_signs_is_searched_without_delay() -> None:
    assert personal("a" * 1_000_000 + "@") is None
    assert personal("1" * 1_000_000) is None


@example("0@0.AA")
@example("til bo@eksempel.dk og ida@eksempel.dk")
@given(st.text(max_size=60))
def test_masking_leaves_nothing_to_find_and_suspicion_misses_nothing(text: str) -> None:
    assert personal(masked(text)) is None
    if personal(text):
        assert suspect(text)


def test_every_sign_of_format_is_dropped() -> None:
    signs = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) == "Cf"]
    assert len(signs) > 100
    assert [sign for sign in signs if not UNSEEN.fullmatch(sign)] == []
    assert not UNSEEN.search("abcæøåÆØÅéü–—…'’ \u00a0０１")


@pytest.mark.parametrize("text", ["sag 01-01-1990-1234", "01.01.90/1234", "0101\u200b901234"])
def test_other_shapes_are_masked_too(text: str) -> None:
    assert "010190-xxxx" in masked(text)


def test_of_case_numbers_of_all_kinds_none_is_taken_for_a_person() -> None:
    """Years and running numbers as offices write them."""
    numbers = [
        form.format(year=year, n=n)
        for form in ("{year}-{n:06d}", "{year}/{n:04d}", "S{year}-{n}", "{n:05d}/{year}")
        for year in range(2015, 2027)
        for n in range(1, 100_000, 1999)
    ]
    assert sum(personal(one) is not None for one in numbers) == 0
