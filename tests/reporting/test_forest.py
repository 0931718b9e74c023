"""Trials of one question as a chart: each, all together, and where the next one is expected."""

from __future__ import annotations

import json
import math

import pytest

from htkeval.evaluation.together import pooled
from htkeval.reporting import charts
from htkeval.reporting.forest import forest, title
from htkeval.text import render
from tests.evaluation.test_together import BCG, several
from tests.packages import QUESTION, not_drawn, package


def bcg():
    return [
        package(i, y, s) for i, (y, s) in enumerate(zip(BCG["effect"], BCG["error"], strict=True))
    ]


def test_the_rows_of_dat_bcg_are_metafors_average_and_prediction():
    """R: `predict(rma(yi, vi, test = "adhoc"))`: exp gives 0.4894 and 0.1359 to 1.7629."""
    (stratum,) = pooled(QUESTION, bcg()).strata
    picture = forest(stratum)
    assert picture is not None
    assert picture.together is not None
    r = BCG["adhoc"]
    assert picture.together.estimate == pytest.approx(100 * (math.exp(r["estimate"]) - 1))
    ahead = [100 * (math.exp(r[end]) - 1) for end in ("ahead_low", "ahead_high")]
    assert picture.prediction == pytest.approx(ahead)
    assert len(picture.studies) == 13
    assert picture.domain == (
        -90,
        150,
    )  # the widest: the ends beyond are cut, their figures beside them


@pytest.mark.parametrize("language", ["da", "en"])
def test_it_is_drawn_with_both_ends_of_each_row_and_no_legend(language):
    (stratum,) = pooled(QUESTION, bcg()).strata
    picture = forest(stratum)
    assert picture is not None
    spec = charts.draw(picture, language).to_dict()
    words = json.dumps(spec, ensure_ascii=False)
    assert "legend" not in words
    expects = {"da": "Den næste kommune kan vente", "en": "The next municipality may expect"}
    assert expects[language] in words
    assert {"da": "−51 (−67 til −27)", "en": "−51 (−67 to −27)"}[language] in words
    assert spec["description"] == render(picture.alt, language)
    assert len(picture.table().rows) == 15


def test_two_trials_are_no_figure_together_and_the_title_says_so():
    found = pooled(QUESTION, several(2))
    (stratum,) = found.strata
    picture = forest(stratum)
    assert picture is not None
    assert picture.together is None
    assert picture.prediction is None
    assert ": 2 forsøg indtil nu." in render(title(found), "da")


def test_comparisons_of_two_kinds_are_two_charts():
    mixed = [*several(3), package(9, **not_drawn())]
    found = pooled(QUESTION, mixed)
    assert [len(forest(one).studies) for one in found.strata] == [3, 1]  # type: ignore[union-attr]


def test_invented_trials_carry_no_title_of_what_to_expect():
    found = pooled(QUESTION, several(5, simulated=True))
    assert "kan man vente" not in render(title(found), "da")
