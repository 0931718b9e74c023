"""The page of papers, and that a paper tells what the pages tell."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from htkeval.paper import KeptPaper
from htkeval.portfolio import Portfolio
from htkeval.reporting import money as told
from htkeval.reporting import overview as words
from htkeval.reporting import wording
from htkeval.reporting.paper.files import file
from htkeval.reporting.paper.make import make
from htkeval.reporting.plain import plain
from htkeval.reporting.result import finding
from htkeval.text import Text, render
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import overview, text_of
from tests.dashboards.pages_on_nouns import trial as one_page
from tests.reporting.papers import behind, flat
from tests.reporting.papers import text_of as pages_of


def kept(number: int, **changes: Any) -> KeptPaper:
    values: dict[str, Any] = {
        "id": f"P{number}", "kind": "portfolio", "format": "pdf", "language": "da",
        "sha256": "ab" * 32, "content": "cd" * 32, "title": "AI-forsøg: hvad kan udbredes?",
        "day": date(2026, 6, 16), "at": datetime(2026, 6, 1, tzinfo=UTC), "by": "Ida",
        "event": number,
    }  # fmt: skip
    return KeptPaper.model_validate({**values, **changes})


def page(
    found: tuple[KeptPaper, ...],
    language: str = "da",
    asked: str | None = None,
    public: str | None = None,
) -> AppTest:
    def script(trials, found, language, asked, public):
        import streamlit as st

        from dashboards import address
        from dashboards.views import papers

        papers.show(
            trials,
            found,
            language,
            made=lambda name, form, public: f"{name} {form} {public}".encode(),
            read=lambda one: one.id.encode(),
            asked=asked,
            chose=lambda name: st.query_params.update(trial=name),
            public=public == "yes",
            left_out=lambda said: address.keep("public", "yes" if said else None),
        )

    trials = [state.trial for state in x.full().trials]
    run = AppTest.from_function(
        script, args=(trials, found, language, asked, public), default_timeout=30
    )
    run.run()
    assert not run.exception
    return run


def test_nothing_kept_is_said_and_a_paper_of_all_is_offered():
    found = page(())
    assert found.title[0].value == "Papirer til udvalget"
    assert "Intet papir er gemt endnu" in text_of(found)
    assert found.selectbox[0].value is None
    assert len(found.get("download_button")) == 0


def test_a_paper_is_made_when_asked_in_every_format():
    found = page((), asked="fagbot")
    assert found.selectbox[0].value == "fagbot"
    found.button[0].click().run()
    assert len(found.get("download_button")) == 3
    found.checkbox[0].check().run()  # another paper than the one that was made
    assert len(found.get("download_button")) == 0


def test_the_address_says_whether_closed_parts_are_left_out():
    found = page(())
    assert "public" not in found.query_params
    found.checkbox[0].check().run()
    assert found.query_params["public"] in ("yes", ["yes"])
    found.checkbox[0].uncheck().run()
    assert "public" not in found.query_params
    assert page((), public="yes").checkbox[0].value is True


def test_the_address_says_which_paper_was_chosen():
    found = page((), asked="fagbot")
    found.selectbox[0].set_value("tale-til-tekst").run()
    assert found.query_params["trial"] in ("tale-til-tekst", ["tale-til-tekst"])


def test_kept_papers_have_fingerprint_and_button_the_newest_first():
    found = page(tuple(kept(n) for n in range(1, 14)), "en")
    assert len(found.get("download_button")) == 10
    told_there = text_of(found)
    assert "cdcdcdcdcdcd" in told_there
    assert told_there.index("P13") < told_there.index("P12")


def test_what_somebody_called_a_trial_is_text():
    found = page((kept(1, title="**x** <script>alert(1)</script>"),))
    assert "<script>" not in "".join(one.value for one in found.markdown)


def unescaped(text: str) -> str:
    """What a page shows, as flat as a paper is read."""
    return flat(re.sub(r"\\(.)", r"\1", text))


def sentences(portfolio: Portfolio) -> list[Text]:
    """What the overview tells: the answer, each card's sentences, what is decided."""
    said = [wording.title(portfolio), wording.lead(portfolio), words.figures_of(portfolio)]
    for state in portfolio.trials:
        if state.analysis is not None:
            gave = finding(state.trial, state.analysis)
            said += [gave.headline, gave.uncertainty]
        said.append(wording.why(state))
    return [*said, told.NOT_STATED]


@pytest.mark.parametrize("language", ["da", pytest.param("en", marks=pytest.mark.campaign)])
def test_the_pdf_tells_the_overviews_sentences(language):
    """Sentence by sentence: each stands on the page as it is drawn, and in the paper's text."""
    whole = x.full()
    drawn = unescaped(text_of(overview(whole, language)))
    pdf = flat(pages_of(file(make(behind(*whole.trials)), "pdf", language)))
    for sentence in sentences(whole):
        told_once = render(sentence, language)
        assert flat(plain(told_once).replace("\\", "")) in drawn, told_once
        assert flat(told_once) in pdf, told_once


@pytest.mark.campaign
def test_the_pdf_of_a_trial_tells_its_pages_sentences():
    from htkeval.reporting import certainty, quality, requirements
    from htkeval.reporting.one_trial import story

    state = x.go()
    drawn = unescaped(text_of(one_page(x.full(), "da", asked=state.trial.id)))
    pdf = flat(pages_of(file(make(behind(state), trial=state.trial.id), "pdf", "da")))
    assert state.analysis is not None
    watched = quality.guardrails(state.trial, state.analysis, agreed_before=True)
    said = [*story(state), *(one.sentence for one in certainty.grounds(state)),
            *(one.sentence for one in watched), requirements.summary(state)]  # fmt: skip
    for sentence in said:
        told_once = render(sentence, "da")
        assert flat(plain(told_once).replace("\\", "")) in drawn, told_once
        assert flat(told_once) in pdf, told_once
