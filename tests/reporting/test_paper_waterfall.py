"""Where a trial's hours go stands in its paper where the two pages have room for it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from htkeval.business.case import business_case
from htkeval.reporting.paper.content import Figure
from htkeval.reporting.paper.economy import of_one
from htkeval.reporting.paper.files import file
from htkeval.reporting.paper.make import make
from htkeval.reporting.waterfall import Falling
from tests.business.test_knowing import rates
from tests.business.test_supporting import state
from tests.reporting.papers import behind, flat
from tests.reporting.test_paper_content import said
from tests.reporting.test_paper_files import reader


def paper_of(*, public=False, guardrails=None):
    one = replace(state(), simulated=False)
    if guardrails is not None:
        more = tuple(
            one.trial.metrics[-1].model_copy(update={"id": f"g{n}", "role": "guardrail"})
            for n in range(guardrails)
        )
        trial = one.trial.model_copy(update={"metrics": (one.trial.metrics[0], *more)})
        one = replace(one, trial=trial)
    worth = business_case(one.trial, one.analysis, rates())
    return make(behind(one, worths={one.trial.id: worth}), trial=one.trial.id, public=public)


def falls(paper) -> int:
    (part,) = [one for one in paper.sections if one.part == "economy"]
    return sum(isinstance(one, Figure) and isinstance(one.picture, Falling) for one in part.blocks)


def test_it_stands_under_the_economy_where_there_is_room():
    assert falls(paper_of(guardrails=1)) == 1
    assert falls(paper_of(guardrails=2)) == 0


def test_a_public_paper_has_no_more_of_it_than_before():
    assert falls(paper_of(guardrails=1, public=True)) == 0


@pytest.mark.parametrize("public", [False, True])
def test_what_a_supplier_charges_does_not_follow_from_a_public_paper(public):
    one = state()
    steps = {
        step.id: step.expected for step in business_case(one.trial, one.analysis, rates()).steps
    }
    cost = steps["gross_kr"] - steps["net_kr"]
    told = said(paper_of(guardrails=1, public=public))
    amounts = {float(n.replace(".", "")) for n in re.findall(r"(\d[\d.]*) kr\.", told)} | {0.0}
    follows = [(a, b) for a in amounts for b in amounts if abs(a - b - cost) < 1_500]
    assert cost > 10_000
    assert bool(follows) != public


def test_where_nothing_is_known_of_the_money_there_is_a_sentence():
    assert len(of_one(state().trial, None, room=True)) == 1


@pytest.mark.parametrize("language", ["da", pytest.param("en", marks=pytest.mark.campaign)])
def test_with_it_the_two_pages_are_two(language):
    pages = [
        one.extract_text() for one in reader(file(paper_of(guardrails=1), "pdf", language)).pages
    ]
    begins = {"da": "Metode, kontroller og tal", "en": "Method, checks and figures"}[language]
    assert next(n for n, text in enumerate(pages) if begins in flat(text) or begins in text) <= 2
