"""What more trial is worth, and savings drawn toward the prior: against brute force and by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from htkeval.business.believed import believed, error_of, shrunken
from htkeval.business.case import business_case
from htkeval.business.knowing import knowing, planned
from htkeval.business.supporting import support
from htkeval.economics import Rates
from htkeval.planning.assumed import usual
from htkeval.planning.closed_form import left_by_same
from htkeval.prior import SCEPTICAL, Prior
from htkeval.stats.information_value import perfect_information, sample_information
from htkeval.text import render
from tests.business.test_appraising import booked
from tests.business.test_case import RATES, SOURCE, WHOLE, certain
from tests.business.test_supporting import state
from tests.intake.trials import build_trial
from tests.test_recommendation import BASE, analysis, policy

HORIZON = {"horizon": {"years": 3, **SOURCE}}
PER_MINUTE = 3000 * 0.7 * 0.6 / 60 * 333.5
"""Kroner a year for each minute saved, of a gain, in the trial of these tests."""
COSTS = 12_000
TRAINING = 20 * 333.5
"""Kroner once."""


def rates(**changes):
    return Rates.model_validate({**RATES, **HORIZON, **changes})


def asked(one, **changes):
    return knowing(one, rates(**changes), draws=20_000)


def grid(one, prior=SCEPTICAL):
    """The posterior of the change of the logarithm on a fine grid: (effects, weights)."""
    effect = one.analysis.effect("task_time", "difference")
    se, df = error_of(effect)
    y, e = math.log1p(effect.estimate / 30), se / (30 + effect.estimate)
    x = np.linspace(-1.5, 1.5, 600_001)
    p = stats.norm.pdf(x, prior.mean, prior.sd) * stats.t.pdf((x - y) / e, df)
    return x, p / p.sum()


def a_year(x):
    minutes = 30 * (1 - np.exp(x))
    return minutes * PER_MINUTE - COSTS


@pytest.mark.parametrize("minutes", [(-9, -6, -3), (-6, -1, 4), (-3, -0.9, 1.2)])
def test_certainty_is_worth_what_the_better_choice_is_expected_to_lose(minutes):
    """E[max(0, NB)] - max(0, E[NB]) by adding up 600,001 effects; t with 11 degrees of freedom."""
    one = state(minutes=minutes)
    found = asked(one)
    x, p = grid(one)
    net = a_year(x)
    assert found.net_kr == pytest.approx(p @ net, rel=1e-5)
    whole = 3 * net - TRAINING
    worth = p @ np.maximum(0, whole) - max(0.0, p @ whole)
    assert found.perfect_kr == pytest.approx(worth, rel=1e-3, abs=0.5)
    assert found.gain == pytest.approx(p[whole > 0].sum(), abs=1e-4)
    assert found.believed_minutes == pytest.approx(p @ (30 * (1 - np.exp(x))), rel=1e-5)


def test_with_a_small_effect_and_endless_freedom_it_is_the_unit_normal_loss():
    """s phi(mu / s) - |mu| Phi(-|mu| / s): kroner are nearly linear in small changes."""
    one = state(minutes=(-0.4, -0.2, 0.0), licence_kr=certain(1000), support_kr=certain(0),
                training_hours=certain(0))  # fmt: skip
    bare = tuple(
        effect.model_copy(
            update={"inference": tuple(i.model_copy(update={"se": None}) for i in effect.inference)}
        )
        for effect in one.analysis.effects
    )
    one = replace(one, analysis=one.analysis.model_copy(update={"effects": bare}))
    found = asked(one)
    error = 0.2 / 1.959964 / (30 - 0.2)
    trust = 0.2**2 / (0.2**2 + error**2)
    mean = -trust * math.log1p(-0.2 / 30) * 30 * PER_MINUTE - 1000
    spread = math.sqrt(trust) * error * 30 * PER_MINUTE
    assert found.perfect_kr == pytest.approx(3 * perfect_information(mean, spread), rel=0.02)
    more = found.samples[0]
    after = 1 / math.sqrt(1 / 0.2**2 + 1 / more.error_after**2) * 30 * PER_MINUTE
    left = 3 - more.days / 365.25
    worth = left * sample_information(mean, spread, after)
    assert more.value_kr == pytest.approx(worth, rel=0.05, abs=4 * more.simulation_error_kr)


def test_more_tasks_are_worth_less_than_certainty_and_more_of_more_people():
    """Between people lies a third of the squared error, which more tasks each do not shrink."""
    one = state(minutes=(-6, -1, 4))
    found = knowing(one, rates(), same_people=lambda n: (1 + 2 / (1 + n)) / 3, draws=20_000)
    people, same = found.samples
    assert (people.of, same.of) == ("more_people", "same_people")
    assert found.perfect_kr > people.value_kr > same.value_kr > 0
    error = 2.5 / 29
    assert people.error_after == pytest.approx(error / math.sqrt(2))
    assert same.error_after == pytest.approx(error * math.sqrt(2 / 3))


def test_what_the_same_people_leave_is_the_designs_own():
    """Within people: reaction^2 / G + within^2 (1 / n + 1 / n), of 10 people with 20 tasks each."""
    sized = {"clusters": 10, "tasks_each": 20}
    trial = build_trial(design={"kind": "within", **sized})
    assumed = usual(trial)
    between = assumed.reaction_sd.value**2 / 10
    own = assumed.log_sd.value**2 * (1 - 0.3) * (2 / 100)
    for share in (0.5, 1, 9):
        left = left_by_same(trial, share, icc=0.3)
        assert left == pytest.approx((between + own / (1 + share)) / (between + own), rel=1e-6)
    assert left_by_same(build_trial(), 1.0, icc=0.3) is None


def test_what_is_left_is_the_worth_less_waiting_and_cost():
    """Sixty tasks of 120 in 89 days: half the price of the trial, half its length."""
    one = state(minutes=(-6, -1, 4))
    trial = one.trial
    length = (trial.ends - trial.starts).days + 1
    (more,) = asked(one).samples
    assert more.cost_kr == pytest.approx(50_000 * more.tasks / 120)
    assert more.days == pytest.approx(length * more.tasks / 120)
    net = asked(one).net_kr
    today, then = (max(0.0, years * net - TRAINING) for years in (3, 3 - more.days / 365.25))
    assert more.delay_kr == pytest.approx(today - then)
    assert more.net_kr == pytest.approx(more.value_kr - more.delay_kr - more.cost_kr)


def test_as_many_tasks_are_asked_of_as_the_recommendation_lacks():
    one = state(minutes=(-6, -1, 4))
    lacks = one.recommendation.next.model_copy(update={"n_more": 217})
    advised = one.recommendation.model_copy(update={"next": lacks})
    assert asked(replace(one, recommendation=advised)).samples[0].tasks == 217
    assert asked(one).samples[0].tasks == 120  # as many as there are


def test_a_price_that_nobody_stated_is_not_nought():
    (more,) = asked(state(minutes=(-6, -1, 4), trial_kr=None)).samples
    assert (more.cost_kr, more.net_kr) == (None, None)


@pytest.mark.parametrize(
    ("changes", "rates_", "missing"),
    [
        ({"cashable": None}, {}, ("cashable",)),
        ({"training_hours": None}, {}, ("training_hours",)),
        ({"adoption": None, "licence_kr": None}, {}, ("adoption", "licence_kr")),
        ({}, {"horizon": None}, ("horizon",)),
    ],
)
def test_what_is_not_stated_leaves_the_worth_unknown_and_is_named(changes, rates_, missing):
    found = asked(state(minutes=(-9, -6, -3), **changes), **rates_)
    assert (found.missing, found.perfect_kr, found.samples) == (missing, None, ())
    assert "Not stated" in render(found.message, "en")
    assert "Ikke oplyst" in render(found.message, "da")


def withheld(one):
    bare = BASE.model_copy(update={"mean": None, "sd": None, "adjusted_mean": None})
    effects = tuple(e.model_copy(update={"baseline": bare}) for e in one.analysis.effects)
    return replace(one, analysis=one.analysis.model_copy(update={"effects": effects}))


def test_withheld_minutes_are_not_guessed():
    one = withheld(state(minutes=(-9, -6, -3)))
    assert asked(one).missing == ("minutes",)
    (told,) = support(booked(), rates(), policy(), [one]).trials
    assert (told.shrunken, told.minutes) == (False, told.minutes_as_measured)


def test_a_certain_effect_leaves_nothing_to_learn():
    found = asked(state(minutes=(-8, -8, -8)))
    assert (found.perfect_kr, found.gain, found.samples) == (0.0, 1.0, ())


def test_nothing_is_told_without_an_analysis_or_between_looks():
    one = state(minutes=(-9, -6, -3))
    assert asked(replace(one, analysis=None)) is None


@settings(max_examples=25)
@given(st.floats(-15, 15), st.floats(0.3, 6), st.floats(0.05, 0.9))
def test_what_is_believed_lies_between_no_change_and_what_was_measured(estimate, half, sd):
    """On the scale of the prior; the interval is in order, and a wider prior trusts more."""
    found = analysis(minutes=(estimate - half, estimate, estimate + half))
    trial = build_trial(economics=WHOLE)

    def drawn(width):
        return believed(trial, found, Prior(sd=width))

    belief = drawn(sd)
    span = shrunken(belief, level=0.95)
    assert span.low < span.expected < span.high
    from htkeval.stats.student_information import expectation

    near, far = expectation(belief.student), expectation(drawn(2 * sd).student)
    low, high = sorted((0.0, belief.estimate))
    assert low - 1e-9 <= near <= high + 1e-9
    assert abs(near) <= abs(far) + 1e-9


def test_the_budget_counts_drawn_minutes_and_has_the_measured_beside():
    """6 minutes of 30 with an error of 1.5: the belief by adding up a fine grid."""
    one = state(minutes=(-9, -6, -3))
    found = support(booked(), rates(), policy(), [one])
    x, p = grid(one)
    year = found.years[-1]
    assert year.kr.expected == pytest.approx(p @ a_year(x), rel=1e-4)
    assert year.kr_as_measured.expected == pytest.approx(6 * PER_MINUTE - COSTS)
    assert year.kr.expected < year.kr_as_measured.expected
    below = np.cumsum(p)
    low, high = 30 * (1 - np.exp(np.interp([0.975, 0.025], below, x)))
    (told,) = found.trials
    assert told.shrunken
    assert (told.minutes.low, told.minutes.high) == pytest.approx((low, high), rel=1e-3)
    assert told.minutes_as_measured.expected == 6


def test_a_registered_prior_counts():
    """Half the width draws harder."""
    one = state(minutes=(-9, -6, -3))
    usual, hard = asked(one), asked(replace(one, prior=Prior(sd=0.1), prior_registered=True))
    assert hard.believed_minutes < usual.believed_minutes
    assert (hard.prior.sd, hard.prior_registered, usual.prior_registered) == (0.1, True, False)


def test_a_trial_that_is_only_planned_is_worth_at_most_certainty_about_the_prior():
    """With an error of next to nothing it is certainty: the prior added up on a grid."""
    trial = build_trial(economics=WHOLE)

    def worth(error):
        return planned(trial, rates(), SCEPTICAL, minutes=30, error=error, draws=50_000)

    x = np.linspace(-1.6, 1.6, 400_001)
    p = stats.norm.pdf(x, 0, 0.2)
    p /= p.sum()
    minutes = 30 * (1 - np.exp(x))
    net = minutes * PER_MINUTE - COSTS
    left = 3 - ((trial.ends - trial.starts).days + 1) / 365.25
    whole = left * net - TRAINING
    certainty = p @ np.maximum(0, whole) - max(0.0, p @ whole)
    assert worth(1e-4) == pytest.approx(certainty, rel=0.02)
    assert worth(1e-4) > worth(0.1) > worth(0.4) > 0


def test_a_plan_without_an_assumption_is_not_valued():
    trial = build_trial(economics={**WHOLE, "tasks_a_year": None})
    assert planned(trial, rates(), SCEPTICAL, minutes=30, error=0.1) is None


@pytest.mark.parametrize(("unit", "times"), [("s", 60), ("min", 1), ("min:s", 1), ("h", 1 / 60)])
def test_whatever_unit_the_trial_measures_in_money_follows_minutes(unit, times):
    """Eight minutes are 480 seconds and 0.13 hours; the same hours, kroner and belief."""
    trial = build_trial(economics=WHOLE)
    primary = trial.primary.model_copy(update={"unit": unit})
    others = tuple(one for one in trial.metrics if one.role != "primary")
    trial = trial.model_copy(update={"metrics": (primary, *others)})
    arm = BASE.model_copy(update={"mean": 30 * times, "adjusted_mean": 30 * times})
    found = analysis(minutes=(-12 * times, -8 * times, -4 * times))
    effects = tuple(
        one.model_copy(update={"unit": unit, "baseline": arm}) if one.scale == "difference" else one
        for one in found.effects
    )
    found = found.model_copy(update={"effects": effects})
    case = business_case(trial, found, rates())
    assert case.step("net_hours").expected == pytest.approx(168)
    drawn, usual = (
        believed(trial, found, SCEPTICAL),
        believed(build_trial(economics=WHOLE), analysis(minutes=(-12, -8, -4)), SCEPTICAL),
    )
    assert (drawn.minutes, drawn.estimate, drawn.error) == pytest.approx(
        (usual.minutes, usual.estimate, usual.error)
    )


def test_a_plan_that_counts_persons_alike_says_nothing_of_what_the_budget_sees():
    found = analysis(minutes=(-12, -8, -4))
    effects = tuple(one.model_copy(update={"weights": "unit"}) for one in found.effects)
    found = found.model_copy(update={"effects": effects})
    trial = build_trial(economics=WHOLE)
    assert business_case(trial, found, rates()).step("net_kr").expected is None
    assert believed(trial, found, SCEPTICAL) is None


def test_where_more_minutes_are_better_none_are_saved():
    trial = build_trial(economics=WHOLE)
    primary = trial.primary.model_copy(update={"better": "higher"})
    others = tuple(one for one in trial.metrics if one.role != "primary")
    trial = trial.model_copy(update={"metrics": (primary, *others)})
    found = analysis(minutes=(4, 8, 12))
    assert business_case(trial, found, rates()).step("net_kr").expected is None
    assert believed(trial, found, SCEPTICAL) is None


def test_what_the_budget_expects_is_expected_of_the_kroner_where_a_loss_is_carried_in_whole():
    """With 0.3 of a gain taken home, the kroner of the expected minutes are too many."""
    one = state(minutes=(-5, -0.5, 4), cashable=certain(0.3))
    found = support(booked(), rates(), policy(), [one])
    x, p = grid(one)
    minutes = 30 * (1 - np.exp(x))
    kr = np.where(minutes > 0, 0.3 * minutes, minutes) * PER_MINUTE - COSTS
    assert found.years[-1].kr.expected == pytest.approx(p @ kr, rel=1e-4)
    posts = (p @ kr + COSTS) / 333.5 / 1649
    assert found.years[-1].posts.expected == pytest.approx(posts, rel=1e-4)


def test_a_decision_not_to_use_it_carries_nothing():
    from datetime import UTC, datetime

    from htkeval.decision import Actor, Decision
    from htkeval.portfolio import SignedDecision

    one = state(minutes=(-8, -8, -8))
    who = Actor(name="Ida", known_by="declared")
    told = Decision(
        trial="a", analysis="f", policy="t", recommended="go", outcome="no_go", reason="x",
        signed_by=who,
    )  # fmt: skip
    signed = SignedDecision(datetime(2026, 5, 1, tzinfo=UTC), told)
    found = support(booked(), rates(), policy(), [replace(one, decisions=(signed,))])
    assert (found.trials[0].counts, found.years[-1].kr.expected) == (False, 0)
    assert "decided not" in render(found.trials[0].message, "en")


def test_a_policy_that_takes_less_lets_no_saving_below_e4_count():
    one = state(minutes=(-8, -8, -8), level="E3")
    found = support(booked(), rates(), policy(evidence_level="E2"), [one])
    assert not found.trials[0].counts
