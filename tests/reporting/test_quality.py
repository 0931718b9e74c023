"""Guardrails: model sentences 9 to 11."""

from dataclasses import replace

import pytest

from htkeval.effect import Check
from htkeval.recommendation import recommend
from htkeval.reporting import requirements
from htkeval.reporting.one_trial import story
from htkeval.reporting.quality import against_limit, guardrails, within_margin
from htkeval.reporting.wording import why
from htkeval.text import render, say
from tests.dashboards import examples as x


def sentences(state, **known):
    return [render(one.sentence, "da") for one in guardrails(state.trial, state.analysis, **known)]


def test_9_inside_the_limit_that_was_agreed_before():
    assert sentences(x.go(), agreed_before=True) == [
        "Fejl pr. 1.000 ord: 2,3 med AI mod 2,1 uden. Hele usikkerheden ligger inden for den "
        "grænse på 1,0, der blev aftalt før forsøget."
    ]


def test_9_claims_no_agreement_beforehand_where_there_was_none():
    assert "før forsøget" not in sentences(x.go())[0]


def test_10_cannot_be_told():
    assert sentences(x.prolong()) == [
        "Forkerte svar: Om det blev dårligere end aftalt, kan ikke afgøres. Forskellen kan være "
        "alt fra −2,0 til +8,0, og grænsen var 5,0 procentpoint."
    ]


def test_11_worse_than_agreed():
    assert sentences(x.stop()) == [
        "Fejl pr. 1.000 ord: dårligere end aftalt. Gevinsten tæller derfor ikke."
    ]


def test_a_gap_is_told_with_its_reason():
    (sentence,) = sentences(x.only_gaps())
    assert sentence.startswith("Fejl pr. 1.000 ord: Der er intet tal.")


def test_few_people_are_told_by_the_difference_alone():
    (sentence,) = sentences(x.few_people())
    assert "en forskel på +0,2" in sentence
    assert "mod" not in sentence


@pytest.mark.parametrize(
    ("ci", "better", "inside"),
    [
        ((-0.4, 0.8), "lower", True),
        ((-0.4, 1.0), "lower", True),  # on the margin is inside
        ((-0.4, 1.1), "lower", None),
        ((1.0, 2.0), "lower", None),  # touches the margin: cannot be told
        ((1.1, 2.0), "lower", False),
        ((-0.8, 0.4), "higher", True),  # a rating may fall by the margin
        ((-2.0, -1.1), "higher", False),
    ],
)
def test_the_interval_against_the_margin(ci, better, inside):
    effect = x.SAVED[2].model_copy(update={"ci": ci, "better": better})
    assert within_margin(effect, 1.0) is inside


def test_the_words_agree_with_the_recommendation():
    for state in (x.go(), x.prolong(), x.no_go(), x.stop()):
        said = {one.id: one.met for one in state.recommendation.requirements}
        for one in guardrails(state.trial, state.analysis):
            assert said[f"guardrail_{one.metric.id}"] is one.inside


def test_the_reason_in_the_table_gives_the_figures():
    state = x.prolong()
    metric, effect = state.trial.metrics[1], state.analysis.effects[2]
    assert render(against_limit(metric, effect), "da") == (
        "Forskellen er mellem −2,0 og +8,0; grænsen er 5,0 procentpoint."
    )
    assert against_limit(metric.model_copy(update={"margin": None}), effect) is None


def test_between_looks_quality_is_settled_no_more_than_the_gain():
    """Its interval is an ordinary one, and would be looked at again and again"""
    state = x.go()
    looked = Check(name="between_looks", passed=None, message=say("It is no planned look."))
    kept = state.analysis.model_copy(update={"checks": (*state.analysis.checks, looked)})
    advice = recommend(state.trial, x.POLICY, kept, x.CLOSED, fingerprint=None)
    between = replace(state, analysis=kept, recommendation=advice)
    (one,) = guardrails(between.trial, kept)
    assert one.inside is None
    assert "ved de planlagte kig" in render(one.sentence, "da")
    rows = {row.id: row for row in requirements.rows(between)}
    assert rows["guardrail_errors"].met is None
    assert "ved de planlagte kig" in render(rows["guardrail_errors"].because, "da")
    assert "Kvaliteten holdt" not in " ".join(render(told, "da") for told in story(between))
    reasons = render(why(between), "da")
    assert reasons.count("ved de planlagte kig") == 1


@pytest.mark.parametrize(
    ("high", "told"), [(0.96, "+0,96"), (1.04, "+1,04"), (0.8, "+0,8"), (1.0, "+1,0")]
)
def test_an_end_that_is_not_the_limit_does_not_read_as_it(high, told):
    metric = x.go().trial.metrics[1]
    effect = x.SAVED[2].model_copy(update={"ci": (-0.4, high)})
    assert f"og {told}; grænsen er 1,0" in render(against_limit(metric, effect), "da")
