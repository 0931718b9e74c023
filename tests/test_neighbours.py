"""What others found as a requirement: five or more by lot, and what the next one may expect."""

from __future__ import annotations

import math

import pytest

from htkeval.decision import Requirement
from htkeval.evaluation.together import pooled
from htkeval.neighbours import neighbours
from htkeval.recommendation import recommend
from htkeval.text import render
from tests.packages import QUESTION, package
from tests.test_recommendation import analysis, policy, trial


def of(effects, error=0.03):
    """The requirement from trials of others with these log ratios."""
    (stratum,) = pooled(QUESTION, [package(i, y, error) for i, y in enumerate(effects)]).strata
    return neighbours(QUESTION, stratum)


@pytest.mark.parametrize(
    ("effects", "met"),
    [
        ((-0.2, -0.21, -0.19, -0.22, -0.205), True),
        ((-0.2, -0.21, -0.19, -0.22), None),  # four are too few for a policy
        ((-0.5, 0.3, -0.1, -0.4, 0.2), None),  # the next one may lose
        ((0.2, 0.21, 0.19, 0.22, 0.205), False),
        ((), None),
    ],
)
def test_met_where_the_next_municipality_may_expect_an_improvement(effects, met):
    found = of(effects) if effects else neighbours(QUESTION, None)
    assert found.met is met
    for language in ("da", "en"):
        assert render(found.message, language)


def test_the_sentence_has_the_prediction_interval():
    """All alike with no spread between them: t(4) x 0.03 / sqrt 5 about -0.2."""
    found = of((-0.2, -0.2000001, -0.2000002, -0.2000003, -0.2000004))
    half = 2.776445 * 0.03 / math.sqrt(5)
    low, high = (100 * math.expm1(-0.2 + sign * half) for sign in (-1, 1))
    assert f"between {low:.0f} and {high:.0f} %".replace("-", "−") in render(found.message, "en")


def test_a_trial_without_a_question_is_told_so():
    found = neighbours(None, None)
    assert (found.met, "question_id" in render(found.message, "en")) == (None, True)


@pytest.mark.parametrize(("met", "becomes"), [(True, "go"), (None, "prolong"), (False, "prolong")])
def test_it_is_one_requirement_more_where_the_policy_asks(met, becomes):
    told = of((-0.2, -0.2000001, -0.2000002, -0.2000003, -0.2000004)).message
    others = Requirement(id="neighbours", met=met, evidence="question:x", message=told)
    closed = {"dpia": "closed"}
    found = recommend(trial(), policy(), analysis(), closed, fingerprint="f", others=others)
    assert found.verdict == becomes
    assert found.requirements[-1].id == "neighbours"
