"""Kroner on the pages: the booked years beside what is carried, and a trial step by step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from htkeval.business.case import business_case
from htkeval.business.knowing import knowing
from htkeval.business.supporting import support
from htkeval.portfolio import Portfolio
from tests.business.test_appraising import booked
from tests.business.test_knowing import rates
from tests.business.test_supporting import state
from tests.dashboards.pages_on_nouns import overview, text_of, trial
from tests.test_recommendation import policy


def shown(*states):
    return Portfolio(municipality="By", committee="Økonomiudvalget", trials=states)


def carried(*states):
    return support(booked(), rates(), policy(), states)


@pytest.mark.parametrize(
    ("language", "title", "missing"),
    [
        (
            "da",
            "Der er bevis for 44.000 af de 550.000 kr., budgettet regner med i 2027.",
            "Der mangler bevis for",
        ),
        (
            "en",
            "There is evidence for 44,000 of the 550,000 kr. the budget expects",
            "Evidence is missing for",
        ),
    ],
)
def test_the_overview_says_in_its_title_what_is_carried_and_shows_each_booked_year(
    language, title, missing
):
    """168 hours at 333.50 less 12,000: 44,028 kr. a year, of certain minutes."""
    one = state(minutes=(-8, -8, -8))
    page = overview(shown(one), language, carried(one))
    text = text_of(page)
    assert len(page.get("vega_lite_chart")) == 2  # the card's, and the budget's
    for words in (title, missing, "2026", "2028", one.trial.area):
        assert words in text, words


def test_what_does_not_count_is_said_not_to_on_its_card():
    one = state(verdict="prolong")
    page = overview(shown(one), "da", carried(one))
    text = text_of(page)
    assert "44.000 kr. om året, som ikke tæller med endnu" in text
    assert "Tæller det i budgettet? Nej: det anbefales ikke udbredt." in text
    assert (
        "bevis for nogen" not in page.title[0].value
    )  # nothing is recommended, so the title says nothing of it


def test_a_loss_whose_first_day_nobody_stated_is_called_a_loss_and_not_unknown():
    """21 hours at 333.50 less 12,000: 4,997 kr. lost a year, in whichever years these will be."""
    one = state(verdict="prolong", minutes=(-1, -1, -1), takes_effect=None)
    found = carried(one)
    assert found.trials[0].years[-1].kr is None
    text = text_of(overview(shown(one), "da", found))
    assert "Et tab på 5.000 kr. om året, bedste bud" in text
    assert "Vides ikke" not in text
    asked = "Ingen har oplyst, fra hvilken dag det er i brug."
    assert asked not in text  # it is not to be used
    used = state(takes_effect=None)
    assert asked in text_of(overview(shown(used), "da", carried(used)))
    unknown = state(verdict="prolong", cashable=None, takes_effect=None)
    text = text_of(overview(shown(unknown), "da", carried(unknown)))
    lacking = "Antal oplysninger, der mangler, før det kan regnes ud: 1."
    assert lacking in text  # as many as its own page names


def test_the_sum_of_the_budget_has_its_span_beside_it_and_the_table_tells_its_signs():
    one = state(minutes=(-12, -8, 1))
    found = carried(one)
    text = text_of(overview(shown(one), "da", found))
    year = next(each for each in found.years if each.year == 2027)
    assert year.kr.low < 0 < year.kr.high
    assert "Med alle antagelser lave er det −" in text
    assert "Det er et spænd, ikke en sandsynlighed." in text
    assert "Minus er et tab." in text
    assert "et tal uden minus er en udgift" in text


def test_where_nothing_is_carried_the_title_says_so():
    one = state(cashable=None)
    text = text_of(overview(shown(one), "da", carried(one)))
    assert "Der er endnu ikke bevis for nogen af de 550.000 kr." in text
    assert "Med alle antagelser lave er det" not in text


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_trials_page_has_each_step_and_whether_more_trial_is_worth_its_price(language):
    one = replace(state(minutes=(-9, -6, -3)), prior_registered=True)
    case = business_case(one.trial, one.analysis, rates())
    case = case.model_copy(update={"knowing": knowing(one, rates(), draws=2000)})
    text = text_of(trial(shown(one), language, worth=case))
    steps = {
        "da": "Sparede minutter pr. opgave, som målt",
        "en": "Minutes saved a task, as measured",
    }
    price = {"da": "prisen værd", "en": "worth its price"}
    assert steps[language] in text
    assert price[language] in text
    counts = {"da": "Trukket mod ingen ændring", "en": "Drawn toward no change"}
    assert text.count(counts[language]) == 1
    assert text.index(counts[language]) < text.index(steps[language])


def test_without_the_municipalitys_figures_the_pages_say_which_are_missing():
    one = state()
    for page in (overview(shown(one)), trial(shown(one))):
        assert "configs/economics.toml" in text_of(page)
