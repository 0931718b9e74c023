"""What gives a person away. Every number here is invented and belongs to nobody we know of."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from htkeval.intake import names
from htkeval.intake.privacy import UNSEEN, masked, personal, personal_note, ranked, suspect
from htkeval.intake.suspicion import naming, suspicious


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
        "01.01.1990 1234",
        "01-01-1990 1234",
        "01011990-1234",
        "01 01 90 1234",
        "0101 90 1234",
        "0101 90-1234",
        "010190:1234",
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


@pytest.mark.parametrize(
    "text",
    [
        "+45 23 45 67 89",
        "+4523456789",
        "(+45) 2345 6789",
        "0045 23456789",
        "23 45 67 89",
        "23.45.67.89",
        "23-45-67-89",
        "ring til Bo på 23 45 67 89, tak",
        "12-01-2026 23 45 67 89",
        "2345 6789",
        "tlf. 23456789",
        "tlf23456789",
        "Mobil: 23456789",
        "telefonnr. 23456789",
        "+４５ ２３４５６７８９",
        "23\u00a045\u00a067\u00a089",
    ],
)
def test_a_danish_telephone_number_is_found_and_not_echoed(text: str) -> None:
    assert personal(text) == "telephone"
    assert suspect(text)
    assert suspect(f"P1|{text}|35,5")
    digits = "".join(filter(str.isdecimal, unicodedata.normalize("NFKC", masked(text))))
    assert "23456789" not in digits


@pytest.mark.parametrize(
    "text",
    [
        "23456789",  # a case, order or CVR number as likely as a telephone number
        "CVR 29189579",
        "sag 23456789",
        "20260112",
        "2026 1234",
        "2026 0142",
        "23.11.2026",
        "23.11.26.01",  # a day with a number behind it
        "26-11-23-01",
        "27.18.00",
        "27.18.00-A00-1-19",
        "12 34 56 78",  # no number begins with 1
        "23 45 67 89 12",  # a list
        "12 23 45 67 89",
        "2345-6789",
        "5790 0001 2345 6789",
        "35,5",
        "10,004561143731",
        "2345678",
        "234567890",
        "12.345.678",
        "titel 4",
    ],
)
def test_other_numbers_of_about_eight_digits_pass(text: str) -> None:
    assert personal_note(text) is None
    assert personal(text) is None


@pytest.mark.parametrize("text", ["Bo 23456789", "23456789 Bo", "Bo; 23456789", "(Ida) 23456789!"])
def test_eight_digits_among_words_are_found_in_a_note_only(text: str) -> None:
    assert personal_note(text) == "telephone"
    assert personal(text) is None
    assert suspect(text)


@pytest.mark.parametrize(
    "text",
    ["sag 23456789", "j.nr. 23456789", "CVR: 29189579", "den 20260112 kl. 9", "31122026 mødt",
     "i alt 23456789 kr.", "sagsnr 23456789 er lukket", "faktura 23456789", "A23456789 B"],
)  # fmt: skip
def test_a_note_may_speak_of_other_numbers_of_eight_digits(text: str) -> None:
    assert personal_note(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "0 1 0 2 0 3 1 2 3 4",
        "0 1 0 2 0 3 - 1 2 3 4",
        "01 02 03 12 34",
        "01 02 03-12 34",
        "010203 12 34",
        "sag 01 02 03 12 34, afsluttet",
        "０１ ０２ ０３ １２ ３４",
    ],
)
def test_a_cpr_number_with_spaces_is_found_and_masked(text: str) -> None:
    assert personal(text) == "cpr"
    assert suspect(text)
    assert "010203-xxxx" in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "35 40 22 18 30",
        "0 1 0 2 0 3 1 2 3 4 5",
        "01 02 03 12 34 56",
        "35 40 22 1830",
        "01 02 03 1234 56",
        "03-02-2026 1430",  # a day and an hour
        "03.02.26 0930",
        "03022026-0042",  # a day and a number
    ],
)
def test_a_list_of_figures_passes(text: str) -> None:
    assert personal(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("070761-4285", "cpr_checked"),  # the example of the CPR office, 2008: 154 = 14 x 11
        ("211062-5629", "cpr_checked"),  # stdnum.dk.cpr.checksum("2110625629") == 0
        ("070761-4286", "cpr"),
        ("070761-4286 og 070761-4285", "cpr_checked"),
    ],
)
def test_modulus_11_ranks_what_is_found(text: str, kind: str) -> None:
    assert personal(text) == "cpr"
    assert ranked("cpr", text) == kind


@settings(deadline=None)  # the first call loads Arrow
@given(st.text(alphabet="0123456789 .,-+/|()abTlftelnrMobBoæ;\u00a0–", max_size=40))
def test_what_a_note_gives_away_is_suspected(text: str) -> None:
    if personal_note(text):
        assert suspect(text)
        assert list(suspicious([text])) == [0]


@settings(deadline=None)  # the first call loads Arrow
@given(st.text(max_size=40))
def test_both_engines_suspect_the_same(text: str) -> None:
    if "\n" not in text:
        assert bool(suspicious([text.encode("utf-8", "replace").decode()])) == suspect(
            text.encode("utf-8", "replace").decode()
        )


LETTERS = "aAbBsSßẞéÉåÅøØfﬁ\u212b\u0130\u017f 1_|;-\u00ad"
"""Also letters that are others, or two, in small letters or when written plainly."""


@settings(deadline=None)  # the first call loads Arrow
@given(
    st.lists(st.text(LETTERS, min_size=3, max_size=6), max_size=4), st.text(LETTERS, max_size=30)
)
def test_what_the_engine_lets_through_holds_no_name_of_the_list(some: list[str], text: str) -> None:
    listed = frozenset().union(*map(names.words, some))
    if listed & names.words(text):
        assert list(suspicious([text], naming(listed))) == [0]


@given(st.text("abeshßéå", min_size=3, max_size=8))
def test_only_whole_words_are_looked_at(word: str) -> None:
    for text in (f"x{word}", f"{word}2", f"{word}s"):
        assert list(suspicious([text], naming(names.words(word)))) == []
