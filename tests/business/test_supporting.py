"""How much of a booked year the trials carry, and which of them may be counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from htkeval.budget import Budget
from htkeval.business.supporting import support
from htkeval.economics import Rates
from htkeval.errors import Refused
from htkeval.municipality import Gain, Programme
from htkeval.portfolio import TrialState
from htkeval.recommendation import recommend
from htkeval.text import render
from tests.business.test_appraising import booked
from tests.business.test_case import RATES, SOURCE, WHOLE, certain
from tests.intake.trials import build_trial
from tests.test_recommendation import analysis, policy

NET = 56_028 - 12_000
"""Kroner a year of the trial below: 168 hours at 333.50, less licence and support."""


def state(name="a", verdict="go", level="E4", minutes=(-8, -8, -8), **changes):
    given_here = {k: v for k, v in {**WHOLE, **changes}.items() if v is not None}
    trial = build_trial(economics=given_here).model_copy(update={"id": name})
    found = analysis(minutes=minutes, evidence_level=level)
    said = recommend(trial, policy(), found, {}, fingerprint="f")
    said = said.model_copy(update={"verdict": verdict})
    return TrialState(trial=trial, analysis=found, recommendation=said, analysis_fingerprint="f")


def carried(*states, rates=None, budget=None):
    rules = Rates.model_validate({**RATES, **(rates or {})})
    return support(budget or booked(), rules, policy(), states)


def of(found, year):
    return next(one for one in found.years if one.year == year)


def test_what_is_booked_carried_and_missing_of_each_year():
    """2027: 550,000 booked, 44,028 carried, 505,972 missing; 2026 from July, with training."""
    found = carried(state())
    assert [one.booked_kr for one in found.years] == [0, 275_000, 550_000, 550_000]
    assert of(found, 2027).kr.expected == pytest.approx(NET)
    assert of(found, 2027).missing_kr == pytest.approx(550_000 - NET)
    assert of(found, 2026).kr.expected == pytest.approx(NET * 184 / 365 - 20 * 333.5)
    assert of(found, 2027).posts.expected == pytest.approx(168 / 1649)
    assert [one.booked_posts for one in found.years] == [0, 0.5, 1, 1]


def test_two_trials_that_count_carry_both():
    found = carried(state("a"), state("b"))
    assert of(found, 2028).kr.expected == pytest.approx(2 * NET)


@pytest.mark.parametrize(
    ("verdict", "level", "why"),
    [
        ("go", "E3", "It was measured at E3; a saving takes E4."),
        ("prolong", "E5", "It is not recommended for wider use."),
        ("no_go", "E4", "It is not recommended for wider use."),
        ("stop", "E4", "It is not recommended for wider use."),
        ("not_permitted", "E5", "It is not recommended for wider use."),
    ],
)
def test_a_trial_that_may_not_carry_a_saving_is_shown_and_in_no_sum(verdict, level, why):
    found = carried(state(verdict=verdict, level=level))
    (one,) = found.trials
    assert (one.counts, render(one.message, "en")) == (False, why)
    assert one.years[-1].kr.expected == pytest.approx(NET)
    assert of(found, 2027).kr.expected == 0
    assert of(found, 2027).missing_kr == 550_000


def test_each_area_has_what_its_own_trials_carry_and_all_areas_are_the_years():
    def named(name, area, **more):
        one = state(name, **more)
        return replace(one, trial=one.trial.model_copy(update={"area": area}))

    found = carried(
        named("a", "Social"), named("b", "Teknik"), named("c", "Social", tasks_a_year=None),
        named("d", "Skole", verdict="no_go"),
    )  # fmt: skip
    assert [(one.area, one.trials, one.unknown) for one in found.areas] == [
        ("Social", ("a", "c"), ("c",)),
        ("Teknik", ("b",), ()),
    ]
    for place, year in enumerate(found.years):
        together = sum(one.years[place].kr.expected for one in found.areas)
        assert together == pytest.approx(year.kr.expected)


def test_with_conditions_it_counts():
    assert carried(state(verdict="go_with_conditions")).trials[0].counts


def test_what_is_not_known_is_in_no_sum_and_is_named():
    found = carried(state("a", cashable=None), state("b"))
    assert of(found, 2027).kr.expected == pytest.approx(NET)
    assert of(found, 2027).unknown == ("a",)
    assert next(one for one in found.trials if one.trial == "a").missing == ("cashable",)


def test_a_trial_that_was_not_analysed_is_shown():
    trial = build_trial(economics=WHOLE)
    (one,) = carried(TrialState(trial=trial)).trials
    assert (one.counts, one.level, one.years) == (False, None, ())
    assert render(one.message, "en") == "Nothing has been analysed yet."


def test_where_more_is_carried_than_booked_nothing_is_missing():
    found = carried(state(tasks_a_year=certain(300_000)))
    assert of(found, 2027).missing_kr == 0


def test_a_budget_in_other_prices_is_converted_or_refused():
    older = Budget.model_validate({**booked().model_dump(), "price_level": 2024})
    index = {"years": {2024: 100, 2025: 104}, **SOURCE}
    found = carried(state(), budget=older, rates={"price_index": index})
    assert of(found, 2027).booked_kr == pytest.approx(572_000)
    with pytest.raises(Refused):
        carried(state(), budget=older)


def test_an_effect_before_all_years_of_the_budget_is_not_taken_for_one_without_a_day():
    (one,) = carried(state(takes_effect=date(2031, 1, 1))).trials
    assert one.missing == ()
    assert one.years[-1].kr.expected == 0


def test_a_gain_that_two_programmes_claim_is_refused_and_both_are_named():
    both = [Programme(name=name, gains=(Gain(trial="a"),)) for name in ("Digital", "Fremtidens")]
    rules = Rates.model_validate(RATES)
    with pytest.raises(Refused, match=r"Digital and by Fremtidens"):
        support(booked(), rules, policy(), [state()], both)
    found = support(booked(), rules, policy(), [state()], both[:1])
    assert found.years == carried(state()).years  # a claim moves no figure


def test_a_claim_is_shown_with_where_the_budget_has_it():
    known = {"kr": 90_000, "price_level": 2024, "source": "Gevinstoversigt", "date": "2026-01-01"}
    claims = [Programme(name="Digital", owner="Leder", gains=(Gain(trial="a", **known),))]
    under = [
        line.model_copy(update={"programme": "Fremtidens"} if line.kind == "saving" else {})
        for line in booked().lines
    ]
    elsewhere = booked().model_copy(update={"lines": tuple(under)})
    rules = Rates.model_validate(RATES)
    (one, other) = support(elsewhere, rules, policy(), [state(), state("b")], claims).trials
    assert other.claim is None
    assert (one.claim.elsewhere, one.claim.booked_under) == (True, ("Fremtidens",))
    assert (one.claim.kr, one.claim.price_level, one.claim.owner) == (90_000, 2024, "Leder")
    said = render(one.claim.message, "da")
    assert "Digital regner med gevinsten, 90.000 kr. om året (2024-priser" in said
    assert "under Fremtidens" in said
    (same,) = support(booked(), rules, policy(), [state()], claims).trials
    assert (same.claim.elsewhere, same.claim.booked_under) == (False, ())
