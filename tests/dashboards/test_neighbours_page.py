"""What other municipalities found, as a page: full, empty, hostile, in both languages."""

from __future__ import annotations

import pytest

from htkeval.evaluation.together import pooled
from htkeval.evidence_pool import PooledQuestion, Waiting, Why
from htkeval.text import say
from tests.dashboards.pages_on_nouns import neighbours, text_of
from tests.evaluation.test_together import several
from tests.packages import QUESTION, not_drawn, package


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_title_is_what_the_next_municipality_may_expect(language):
    page = neighbours((pooled(QUESTION, several(6)),), language)
    told = {"da": "I den næste kommune kan man vente", "en": "In the next municipality expect"}
    assert page.title[0].value.startswith(told[language])
    assert len(page.get("vega_lite_chart")) == 1


def test_without_any_question_it_says_how_a_result_comes_in():
    page = neighbours(())
    assert "htkeval evidence import" in text_of(page)
    assert not page.get("vega_lite_chart")


def test_each_way_of_comparing_has_its_own_heading_and_chart():
    page = neighbours((pooled(QUESTION, [*several(3), package(9, **not_drawn())]),))
    assert len(page.get("vega_lite_chart")) == 2
    assert len(page.header) == 2


def test_a_question_that_nobody_asks_is_told_and_the_first_is_shown():
    page = neighbours((pooled(QUESTION, several(3)),), asked="../../etc/passwd")
    assert "Der er intet spørgsmål med det navn her." in text_of(page)
    assert "passwd" not in text_of(page)


def test_ours_that_say_nothing_yet_are_named_with_the_reason():
    waiting = Waiting(trial="fagbot", reason=Why(message=say("Nobody measured <b>it</b>.")))
    page = neighbours((PooledQuestion(question=QUESTION, strata=(), waiting=(waiting,)),))
    assert "fagbot" in text_of(page)
    assert page.title[0].value == "Ingen har et resultat om dette spørgsmål endnu\\."


def test_invented_trials_are_marked_first():
    page = neighbours((pooled(QUESTION, several(3, simulated=True)),))
    assert "Simulerede tal" in page.markdown[0].value


def test_our_trials_stand_under_their_titles_and_not_their_ids():
    waiting = Waiting(trial="proeve", reason=Why(message=say("Nobody measured.")))
    page = neighbours((PooledQuestion(question=QUESTION, strata=(), waiting=(waiting,)),))
    assert "En prøve" in text_of(page)
    assert page.selectbox[0].options == [f"En prøve ({QUESTION})"]
    own = package(0).model_copy(update={"origin": "a" * 64})
    page = neighbours((pooled(QUESTION, [own, *several(3)], own={"a" * 64: "proeve"}),))
    assert "vores: En prøve" in text_of(page)
    assert "vores: proeve" not in text_of(page)
