"""Sentences in two languages."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.text import Text, legible, render, say


def test_a_template_is_written_in_the_wanted_language():
    sentence = say("gate {gate}", gate="dpia")
    assert render(sentence, "en") == "gate dpia"
    assert render(sentence, "da") == "betingelse dpia"


def test_numbers_carry_the_languages_own_comma_and_a_true_minus():
    sentence = say("{x:#,##0.0}", x=-1649.25)
    assert render(sentence, "da") == "−1.649,2"
    assert render(sentence, "en") == "−1,649.2"


@given(st.integers(-1100, 1100))
def test_a_small_number_is_written_as_babel_writes_it(n):
    from babel.numbers import format_decimal

    for language in ("da", "en"):
        expected = format_decimal(n, "#,##0", locale=language).replace("-", "−")
        assert render(say("{n:#,##0}", n=n), language) == expected


def test_a_date_that_was_stored_as_json_is_still_written_as_a_date():
    fresh = say("{day:d. MMMM y}", day=date(2026, 6, 16))
    stored = say("{day:d. MMMM y}", day="2026-06-16")
    assert render(fresh, "da") == render(stored, "da") == "16. juni 2026"


def test_a_sentence_inside_a_sentence_is_translated_too():
    assert render(say("{what}", what=say("open")), "da") == "åben"


def test_sentences_in_a_list_lose_their_full_stops():
    said = say("{what}.", what=(say("The decision can be signed."), say("open")))
    assert render(said, "da") == "Beslutningen kan skrives under, åben."


def test_a_template_without_a_translation_is_written_in_english():
    assert render(Text("Nobody has translated this."), "da") == "Nobody has translated this."


@settings(deadline=None)
@given(st.text())
def test_what_a_person_wrote_is_never_read_as_a_template(words):
    assert render(words, "da") == words
    assert render(say("{what}", what=words), "en") == legible(words, keep="")


@pytest.mark.parametrize(("value", "shown"), [(-0.04, "0,0"), (0.04, "0,0"), (-0.06, "−0,1")])
def test_what_rounds_to_zero_has_no_sign(value: float, shown: str) -> None:
    assert render(say("{value:+0.0;-0.0}", value=value), "da") == shown
