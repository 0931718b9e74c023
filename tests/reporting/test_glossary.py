"""The glossary tells every verdict and level, with the limits that the program uses."""

from typing import get_args

from htkeval.decision import Verdict
from htkeval.evidence import LEVELS, Facts, level
from htkeval.reporting import check_words, glossary
from htkeval.text import render
from tests.dashboards import examples as x


def test_every_verdict_and_level_has_its_meaning():
    assert set(glossary.VERDICT_MEANS) == set(get_args(Verdict))
    assert tuple(glossary.LEVEL_TAKES) == LEVELS
    assert [render(row[1], "da") for row in glossary.levels().rows] == list(LEVELS)


def test_a_level_is_lost_at_the_limits_that_the_page_names():
    told = render(glossary.STEPS_DOWN, "en")
    for words in ("more than 20 %", "10 percentage points", "more than 10 %"):
        assert words in told
    fine = {"arms_seen": 2, "registered": True, "in_time": True}
    best = LEVELS.index(level(x.trial(), Facts(**fine)))
    lost = ("missing_gap", "contamination", "undrawn")
    for bad in ({"missing": 0.201}, *({name: 0.101} for name in lost)):
        assert LEVELS.index(level(x.trial(), Facts(**fine, **bad))) == best - 1
    for good in ({"missing": 0.2}, *({name: 0.1} for name in lost)):
        assert LEVELS.index(level(x.trial(), Facts(**fine, **good))) == best


def test_every_row_is_as_long_as_the_head():
    tables = (glossary.verdicts(), glossary.levels(), glossary.terms(), *check_words.tables())
    for table in tables:
        assert {len(row) for row in table.rows} == {len(table.head)}


def test_the_outcomes_that_the_page_names_are_those_on_the_screens():
    told = render(check_words.OUTCOMES, "da")
    for word in ("i orden", "ikke i orden", "kan ikke afgøres", "Til orientering"):
        assert word in told
