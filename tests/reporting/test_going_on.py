"""What it costs to go on stands beside the advice; what is booked beside what is proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from htkeval.booking import Booking
from htkeval.business.knowing import knowing
from htkeval.decision import Actor, Decision
from htkeval.portfolio import Portfolio, SignedDecision
from htkeval.reporting import money
from htkeval.reporting.knowing import price
from htkeval.reporting.paper.telling import short
from htkeval.steps.worth import going_on
from htkeval.text import LANGUAGES, render
from tests.business.test_knowing import rates
from tests.business.test_supporting import state
from tests.dashboards.pages_on_nouns import overview, text_of
from tests.dashboards.pages_on_nouns import trial as trial_page
from tests.reporting.papers import behind

WORDS = {
    "da": ("Et længere forsøg med", "koster", "kr. værd"),
    "en": ("A longer trial with", "costs", "worth"),
}


def prolonged(**changes):
    return state(verdict="prolong", minutes=(-9, -6, -3), **changes)


def known(one):
    return knowing(one, rates(), draws=2000)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_of_a_trial_to_be_extended_has_the_price_beside_the_advice(language):
    one = prolonged()
    shown = Portfolio(municipality="By", committee="Udvalget", trials=(one,))
    told = render(price(known(one), one.trial), language)
    for words in WORDS[language]:
        assert words in told
    assert told in text_of(overview(shown, language, going_on={one.trial.id: known(one)})).replace(
        "\u00a0", " "
    )
    assert told not in text_of(overview(shown, language))


@pytest.mark.parametrize(("value", "dear"), [(0.0, True), (99_999.0, True), (100_000.0, False)])
def test_where_going_on_costs_more_than_it_teaches_the_other_choice_is_named(value, dear):
    one = prolonged()
    found = known(one)
    sample = found.samples[0].model_copy(
        update={"value_kr": value, "cost_kr": 90_000.0, "delay_kr": 10_000.0}
    )
    told = render(price(found.model_copy(update={"samples": (sample,)}), one.trial), "da")
    assert ("Udvalget kan stoppe forsøget i stedet." in told) == dear


def test_nothing_is_said_where_price_or_worth_is_not_known():
    one = prolonged(trial_kr=None)  # nobody stated what the trial cost
    assert known(one).samples[0].cost_kr is None
    assert price(known(one), one.trial) is None
    assert price(None, one.trial) is None
    unknown = prolonged(cashable=None)
    assert price(known(unknown), unknown.trial) is None


def test_only_a_trial_whose_advice_is_to_go_on_is_drawn(monkeypatch):
    from htkeval.steps import worth

    drawn = []
    monkeypatch.setattr(worth, "knowing", lambda of, _: drawn.append(of))
    for verdict in ("go", "no_go", "stop", "prolong"):
        going_on(state(verdict=verdict), rates())
    assert [one.recommendation.verdict for one in drawn] == ["prolong"]
    assert going_on(replace(state(), recommendation=None), rates()) is None


def test_the_price_is_that_of_the_trials_own_page():
    one = prolonged()
    alone, beside = known(one), knowing(one, rates(), same_people=lambda _: 0.5, draws=2000)
    assert len(alone.samples) < len(beside.samples)
    assert price(alone, one.trial) == price(beside, one.trial)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_common_paper_tells_it_in_the_trials_paragraph(language):
    one = prolonged()
    told = render(short(one, behind(one)), language)
    assert WORDS[language][0] not in told
    paper = replace(behind(one), going_on={one.trial.id: known(one)})
    assert render(price(known(one), one.trial), language) in render(short(one, paper), language)


def booked(kr, *, expected=103_624.0, verdict="go"):
    books = Booking(
        kr_a_year=kr, price_level=2025, begins=date(2026, 10, 1), area="Administration",
        account=None, owner=None, expected_kr=expected, measured_minutes=10.8, hours_a_year=1020,
    )  # fmt: skip
    decision = Decision(
        trial="a", analysis="f", policy="2026-1", recommended="go", outcome="go",
        reason="Alle krav er opfyldt", signed_by=Actor(name="Ida", known_by="os"),
        books=books,
    )  # fmt: skip
    signed = SignedDecision(at=datetime(2026, 4, 11, tzinfo=UTC), decision=decision)
    return replace(state(verdict=verdict), decisions=(signed,))


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_more_is_booked_than_is_proved_is_said_in_one_sentence(language):
    told = render(money.booked_beside(booked(103_000), 89_354.0), language)
    comma = "." if language == "da" else ","
    for figure in ("103{}000", "89{}000", "104{}000"):
        assert figure.format(comma) in told
    assert {"da": "trukket mod ingen ændring", "en": "drawn toward no change"}[language] in told
    unknown = render(money.booked_beside(booked(103_000, expected=None), 89_354.0), language)
    assert "104" not in unknown
    assert "103" in unknown


def test_where_no_more_is_booked_than_is_proved_nothing_is_explained():
    assert money.booked_beside(booked(80_000), 89_354.0) is None
    assert money.booked_beside(booked(89_000), 89_354.0) is None
    assert money.booked_beside(booked(89_000), None) is None
    assert money.booked_beside(state(), 89_354.0) is None
    lost = money.booked_beside(booked(80_000, verdict="no_go"), None)
    assert "ikke længere bevis" in render(lost, "da")


def test_the_trials_page_explains_it_below_what_is_booked():
    from htkeval.business.case import business_case

    one = booked(103_000)
    worth = business_case(one.trial, one.analysis, rates()).model_copy(
        update={"knowing": known(one)}
    )
    shown = Portfolio(municipality="By", committee="Udvalget", trials=(one,))
    text = text_of(trial_page(shown, "da", worth=worth))
    assert text.index("Booket: 103.000 kr.") < text.index("Der er booket 103.000 kr. og bevis for")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_committee_is_asked_for_the_price_of_going_on(language):
    from htkeval.reporting.paper.proposal import points

    one = prolonged()
    paper = replace(behind(one), going_on={one.trial.id: known(one)})
    asked = render(points(paper, (one,))[0], language)
    assert {"da": "til en pris på 50.000 kr.", "en": "at a price of 50,000 kr."}[language] in asked
    assert {"da": "pris", "en": "price"}[language] not in render(
        points(behind(one), (one,))[0], language
    )
