"""On the overview: what others told and nobody answered, and the input to the AI strategy."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import overview, tables, text_of
from tests.reporting.test_strategy import EXPERIENCE, OPEN, note, portfolio

WAITING = {
    "da": "Hvad har andre fortalt, som ingen har svaret på?",
    "en": "What have others told us that nobody has answered?",
}
STRATEGY = {"da": "Input til AI-strategi", "en": "Input to the AI strategy"}
TOLD = {"da": "Fortalt, ikke målt", "en": "Told, not measured"}


def headers(page):
    return [one.value.replace("\\", "") for one in page.header]


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_nobody_answered_stands_by_area_and_says_that_it_was_told(language):
    told = (note("Teknik"), note("Borgerservice", "seen"), note("Social", "answered", "Nej"))
    page = overview(portfolio(x.go(), told=told), language)
    assert WAITING[language] in headers(page)
    text = text_of(page)
    assert TOLD[language] in text
    (table,) = [one for one in tables(page) if "Telefonbot" in str(one.index)]
    cells = [str(cell).replace("\u00a0", " ") for cell in table.to_numpy()[:, 0]]
    assert cells == ["Borgerservice (Afdelingschef)", "Teknik (Afdelingschef)"]
    assert headers(page)[-1] == STRATEGY[language]


@pytest.mark.parametrize("language", ["da", "en"])
def test_nothing_is_shown_where_there_is_nothing_to_tell(language):
    answered = portfolio(x.go(), told=(note(state="answered", answer="Nej"),))
    assert WAITING[language] not in headers(overview(answered, language))
    empty = overview(portfolio(x.not_measured()), language)
    assert STRATEGY[language] not in headers(empty)
    assert WAITING[language] not in headers(empty)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_overview_ends_with_the_input_to_the_strategy_a_fold_for_each_trial(language):
    state = replace(x.go(), findings=(EXPERIENCE, OPEN))
    page = overview(portfolio(state, x.prolong(), told=(note(),)), language)
    assert headers(page)[-1] == STRATEGY[language]
    labels = [one.label.replace("\\", "") for one in page.expander]
    assert any("Tale til tekst i mødereferater (Social og Handicap)" in one for one in labels)
    assert any("Fagbot" in one for one in labels)
    assert TOLD[language] not in labels[0]
    text = text_of(page)
    for words in ("Kort prompt virker", "Hjemmel mangler", "Borgerservice"):
        assert words in text, words
    assert "Missing measurements: One arm" not in text  # why is for the trial's own page
    own = {"da": "Forsøgets egen side forklarer hvorfor", "en": "The trial's own page says why"}
    assert own[language] in text


def test_a_simulated_trial_is_marked_in_its_fold_too():
    page = overview(x.portfolio(x.go(), simulated=True))
    assert any("simulerede tal" in one.label for one in page.expander)


def test_hostile_and_endless_words_are_text():
    words = "<script>alert(1)</script> *x* [a](b) {y}"
    hostile = note(words).model_copy(update={"claim": words, "source": words * 60})
    page = overview(portfolio(x.go(), told=(hostile,)))
    assert "<script>alert(1)</script> *x* [a](b) {y}" in text_of(page)
    for element in page.markdown:
        assert not re.search(r"(?<!\\)<script", element.value)
        assert len(element.value) < 4000
    assert not any("<script" in element.value for element in page.get("html"))
