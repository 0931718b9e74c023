"""Method and words: how effects are worked out, how far that can be trusted, what words mean."""

import pytest
import streamlit as st

from dashboards import evidence
from htkeval.reporting import calibration
from htkeval.reporting.words import CHECKS, VERDICTS
from htkeval.text import render
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import app, method, text_of
from tests.reporting.campaign import campaign

SECTIONS = [
    "Hvordan regnes en effekt ud?",
    "Hvad vil det sige at gentage lodtrækningen?",
    "De seks trin for, hvor godt det er målt",
    "Hvor tit giver metoderne falsk alarm?",
    "Får vi det, som andre har offentliggjort?",
    "Hvad betyder ordene?",
    "Hvad kontrolleres?",
]


def test_the_page_goes_from_method_to_words():
    page = method(campaign())
    assert page.title[0].value == "Metode og ord"
    assert [header.value for header in page.header] == SECTIONS
    text = text_of(page)
    for words in (
        "Hver persons opgaver med AI med samme persons opgaver uden.",
        "Derfor trækker computeren det samme lod igen, tusindvis af gange",
        "Målt med og uden AI i samme tid",
        "Hele hold: gentrækning",
        "4,1 til 7,5",
        "»Lang nok række« er ikke i orden.",
        "forhold, forskellige reaktioner",
        "12 hold",
        "Loven tillader ikke denne brug",
        "Faldt lige mange personer eller hold fra på begge sider?",
    ):
        assert words in text, words


def test_every_verdict_and_check_of_the_screens_is_explained():
    text = text_of(method(campaign()))
    for mark in VERDICTS.values():
        assert render(mark.word, "da") in text
    for name in CHECKS.values():
        assert render(name, "da") in text


def test_where_no_campaign_is_stored_the_page_says_so():
    page = method(None)
    assert [header.value for header in page.header] == SECTIONS
    assert "Metoderne er endnu ikke prøvet på opdigtede forsøg." in text_of(page)
    assert not page.expander


def test_in_english():
    text = text_of(method(campaign(), "en"))
    assert "Imagine that AI makes no difference at all." in text
    assert "Whole teams: re-randomisation" in text
    for word in ("Hvad", "lodtrækning", "opgaver", "ikke"):
        assert word not in text


def test_it_stands_under_background_with_an_address_of_its_own(monkeypatch):
    asked = {}
    real = st.navigation

    def navigation(pages, **more):
        asked.update(
            {name: [(p.title, p.url_path) for p in group] for name, group in pages.items()}
        )
        return real(pages, **more)

    monkeypatch.setattr(st, "navigation", navigation)
    assert not app(x.full()).run().exception
    assert asked == {
        "": [("Overblik", ""), ("Forsøg", "trial"), ("Andre kommuner", "neighbours")],
        "Mit forsøg": [
            ("Tag tid", "time"),
            ("Indtast eller hent ark", "sheets"),
            ("Fremdrift", "progress"),
            ("Forespørgsler", "queries"),
            ("Rettelser", "corrections"),
            ("Opsætning", "setup"),
        ],
        "Analyse": [
            ("Planlæg", "plan"),
            ("Effekter og kontroller", "effects"),
            ("Rådata i grupper", "raw"),
            ("Spor og fingeraftryk", "trace"),
        ],
        "Baggrund": [
            ("Papirer", "papers"),
            ("Metode og ord", "method"),
            ("Tilgængelighed", "accessibility"),
        ],
    }


@pytest.fixture
def no_file(monkeypatch):
    monkeypatch.setattr(calibration, "FILE", "nothing.json")
    calibration.campaign.cache_clear()
    yield
    calibration.campaign.cache_clear()


def test_a_campaign_that_is_not_there_is_none(no_file):
    assert evidence.campaign() is None
