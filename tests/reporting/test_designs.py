"""The page's table of methods says what the evaluation does."""

from typing import get_args

import pytest

from htkeval.evaluation.method import MOST_CLUSTERS, planned
from htkeval.reporting import designs
from htkeval.reporting.words import METHODS, SERIES
from htkeval.text import render
from htkeval.trial import NEVER_RANDOMISED, DesignKind
from tests.dashboards import examples as x

COLUMNS = {"arm": "arm", "participant": "person", "team": "team", "period": "period"}


def of(kind, **more):
    drawn = kind not in NEVER_RANDOMISED
    return x.trial(design={"kind": kind, "randomised": drawn, **COLUMNS, **more})


@pytest.mark.parametrize("kind", get_args(DesignKind))
def test_the_reported_method_of_each_plan_is_the_one_that_is_used(kind):
    method = planned(of(kind))
    told = SERIES if method == "reml" else METHODS[method]
    assert designs.REPORTED[kind] == told


def test_every_plan_has_all_its_words():
    kinds = set(get_args(DesignKind))
    for words in (designs.DESIGNS, designs.SHORT, designs.COMPARED, designs.REPORTED):
        assert set(words) == kinds
    assert len(designs.table().rows) == len(kinds)


def test_what_takes_the_place_of_the_repeated_draw_is_told_as_it_is():
    assert f"more than {MOST_CLUSTERS} people" in render(designs.INSTEAD, "en")
    assert planned(of("cluster", clusters=MOST_CLUSTERS + 2, allocation="complete")) == "cr2"
    assert planned(of("cluster", clusters=4, allocation="complete")) == "cr2"
    assert planned(of("cluster", clusters=12, allocation="complete")) == "rerandomisation"
