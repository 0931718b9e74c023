"""What was changed after the promise stands on the page of its trial."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from htkeval.analysis import Forecasts
from htkeval.deviation import Change, Deviation
from htkeval.reporting import certainty, method_tables, pictures, tables
from htkeval.reporting.deviations import headed, in_short, key_name, not_told, sentence
from htkeval.text import render
from tests.dashboards import examples

AT = datetime(2026, 2, 3, 9, tzinfo=UTC)


def deviation(seen: str = "treatment", **changes) -> Deviation:
    plain = {
        "what": ("analysis",),
        "why": "Planen var forkert.",
        "seen": seen,
        "changes": (Change(key="analysis.seed", before=1, after=2),),
        "fingerprint": "d" * 64,
        "at": AT,
        "by": "Ida",
    }
    return Deviation.model_validate({**plain, **changes})


@pytest.fixture
def state():
    return replace(examples.go(), deviations=(deviation(),))


def test_a_sentence_tells_what_when_who_why_and_what_it_means():
    assert render(headed(deviation()), "en") == (
        "Deviation: Changed on 3 February 2026 by Ida, after the first measurement with AI: the "
        "seed of the draws (analysis.seed) from 1 to 2. Why: Planen var forkert. The result is "
        "found otherwise than promised, and whoever changed it could have seen where it was going."
    )
    assert render(headed(deviation("baseline")), "da") == (
        "Afvigelse: Ændret 3. februar 2026 af Ida, før den første måling med AI: lodtrækningernes "
        "startværdi (analysis.seed) fra 1 til 2. Hvorfor: Planen var forkert. Resultatet findes "
        "efter den ændrede plan."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(key="design.clusters", after=9), "(design.clusters) set to 9"),
        (Change(key="covariates.pages", before={"a": 1}), "covariates.pages taken out"),
        (Change(key="exclusions.x > 4", after={"a": 1}), ": exclusions.x > 4. Why"),
        (Change(key="metrics.errors.blind", before=True, after=False), "from true to false"),
        (Change(key="metrics.errors.margin", before=1.0, after=2.0), "accepted worsening"),
    ],
)
def test_each_kind_of_change_is_told(change, words):
    assert words in render(sentence(deviation(changes=(change,))), "en")


def test_braces_in_somebodys_words_are_only_braces():
    one = deviation(changes=(), what=("{why}",), why="{who} {0}", to="{x}")
    assert "{why}, instead: {x}. Why: {who} {0}." in render(sentence(one), "en")


def test_a_card_tells_how_many_and_the_worst(state):
    assert in_short(replace(state, deviations=())) is None
    two = replace(state, deviations=(deviation(), deviation("baseline")))
    told = in_short(two)
    assert told is not None
    assert render(told, "da").startswith(
        "Afvigelser fra det, der blev lovet: 2. Resultatet findes på en anden måde end lovet"
    )


def test_history_tells_it_in_its_place(state):
    told = [render(row[1], "en") for row in tables.history(state).rows]
    assert told[1].startswith("Deviation: Changed on 3 February 2026")


def test_it_counts_against_where_figures_could_have_been_seen(state):
    def against(one):
        return [
            ground.lowers
            for ground in certainty.grounds(replace(state, deviations=(one,)))
            if "seed" in render(ground.sentence, "en")
        ]

    assert against(deviation()) == [True]
    assert against(deviation("baseline")) == [False]
    assert against(deviation(changes=(Change(key="title", before="a", after="b"),))) == []


def test_the_changed_promise_has_its_fingerprint_beside_the_first(state):
    names = [render(row[0], "en") for row in method_tables.fingerprints(state).rows]
    assert names[:2] == ["Registration", "The promise as changed"]


def test_a_change_that_nobody_told_is_named(state):
    assert not_told(state) is None
    told = not_told(replace(state, untold=("analysis.seed",)))
    assert told is not None
    assert "(analysis.seed)" in render(told, "en")


def test_a_key_without_words_is_called_by_its_key():
    assert render(key_name("economics.adoption"), "en") == "economics.adoption"
    assert render(key_name("analysis.seed"), "da") == "lodtrækningernes startværdi (analysis.seed)"


def test_what_participants_expected_stands_between_the_lead_and_the_clock(state):
    analysis = state.analysis.model_copy(
        update={"forecasts": Forecasts(lead=-0.25, participants=-0.4, people=24)}
    )
    picture = pictures.against_forecast(state.trial, analysis)
    assert picture is not None
    assert [(render(row.name, "en"), round(row.estimate)) for row in picture.rows] == [
        ("Expected before (trial lead)", -25),
        ("Expected before (participants)", -40),
        ("Measured by the clock", -20),
    ]
    few = state.analysis.model_copy(update={"forecasts": Forecasts(lead=-0.25, people=3)})
    shown = pictures.against_forecast(state.trial, few)
    assert shown is not None
    assert len(shown.rows) == 2
