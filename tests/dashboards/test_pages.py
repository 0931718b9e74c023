"""The app as a whole: navigation, language, what cannot be read."""

import pytest
from streamlit.testing.v1 import AppTest

from htkeval.text import render, say
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import app, text_of


def test_the_app_opens_on_the_overview_in_danish():
    page = app(x.full()).run()
    assert not page.exception
    assert "Ét af tre" in page.title[0].value
    assert "Læser: Økonomiudvalget" in text_of(page)


def test_the_address_chooses_the_language_and_it_stays():
    page = app(x.full())
    page.query_params["lang"] = "en"
    page.run()
    assert "One of three" in page.title[0].value
    page.query_params.clear()
    page.run()
    assert "One of three" in page.title[0].value
    assert page.query_params["lang"] == "en"


@pytest.mark.parametrize("asked", ["de", "<b>"])
def test_an_unknown_language_is_the_municipalitys_own(asked):
    page = app(x.full())
    page.query_params["lang"] = asked
    page.run()
    assert "Ét af tre" in page.title[0].value


def test_the_other_language_is_a_link_that_keeps_the_trial():
    page = app(x.full())
    page.query_params["trial"] = "fagbot"
    page.run()
    (links,) = [one.proto.body for one in page.get("html") if "Sprog:" in one.proto.body]
    assert '<a href="?trial=fagbot&amp;lang=en" lang="en">English</a>' in links
    assert "<b>Dansk</b>" in links


def test_a_municipalitys_name_cannot_break_the_name_plate():
    from dashboards.pages import name_plate

    assert "<script" not in name_plate("<script>alert(1)</script>")


def test_where_nothing_can_be_read_a_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def script() -> None:
        from dashboards import pages

        pages.main()

    page = AppTest.from_function(script, default_timeout=30).run()
    assert not page.exception
    assert render(say("The figures cannot be shown now"), "da") == page.title[0].value
    assert "municipality.toml" in text_of(page)
