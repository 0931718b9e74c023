"""How well it was measured: what speaks for, what counts against."""

from dataclasses import replace

import pytest

from htkeval.effect import Check
from htkeval.reporting.certainty import grounds, level_of, measured, method, reading
from htkeval.reporting.words import squares
from htkeval.text import render, say
from tests.dashboards import examples as x


def test_what_the_line_means():
    assert render(reading(x.SAVED[0]), "da") == (
        "Alle værdier på stregen passer med målingerne (95 pct. sikkerhed). Værdier uden for er "
        "ikke umulige, men passer dårligt."
    )


@pytest.mark.parametrize(
    ("level", "sentence", "five"),
    [
        ("E5", "Målingen er meget stærk (5 af 5): lodtrækning og ur.", "■■■■■"),
        ("E1", "Målingen er svag (1 af 5): lodtrækning og ur.", "■□□□□"),
        ("E0", "Der er ingen målinger endnu.", "□□□□□"),
    ],
)
def test_a_level_is_a_word_and_squares(level, sentence, five):
    assert render(measured(x.trial(), level), "da") == sentence
    assert squares(level) == five


def test_what_counts_against_is_marked():
    state = x.go()
    lowering = [render(one.sentence, "en") for one in grounds(state) if one.lowers]
    assert lowering == [
        "Whoever judged the quality may have known who used AI.",
        "One arm lost more rows than the other.",  # the check that cost a level, in its own words
    ]
    blind = x.prolong()
    lowering = [render(one.sentence, "en") for one in grounds(blind) if one.lowers]
    assert lowering == ["One arm lost more rows than the other."]


def test_a_late_promise_and_a_missing_one_count_against():
    late = replace(x.go(), **{"registered_in_time": False})
    assert any("efter at arbejdet" in render(one.sentence, "da") for one in grounds(late))
    none = replace(x.go(), **{"registered_at": None, "registered_in_time": False})
    told = [one for one in grounds(none) if "på forhånd" in render(one.sentence, "da")]
    assert [one.lowers for one in told] == [True]


@pytest.mark.parametrize(
    ("kind", "columns", "word"),
    [
        ("within", {}, "pr. referat"),
        ("parallel", {}, "hvem der brugte AI"),
        ("cluster", {"team": "team"}, "hvilke hold"),
        ("crossover", {"period": "periode"}, "rækkefølge"),
        ("stepped_wedge", {"team": "team", "period": "periode"}, "hvornår hvert hold"),
    ],
)
def test_each_randomised_design_says_what_the_draw_decided(kind, columns, word):
    design = {"kind": kind, "randomised": True, "arm": "arm", "participant": "person", **columns}
    state = x.state(x.trial(design=design))
    assert word in render(grounds(state)[0].sentence, "da")
    assert not grounds(state)[0].lowers


def test_a_draw_that_was_not_followed_is_not_said_to_have_decided():
    state = x.go()
    failed = Check(name="allocation", passed=False, message=say("Of 66 rows 61 are strangers."))
    checks = (*state.analysis.checks, failed)
    astray = replace(state, analysis=state.analysis.model_copy(update={"checks": checks}))
    assert "was not followed" in render(grounds(astray)[0].sentence, "en")
    assert grounds(astray)[0].lowers


@pytest.mark.parametrize(
    "kind", ["before_after", "difference_in_differences", "interrupted_time_series", "parallel"]
)
def test_without_a_draw_that_is_said_and_counts_against(kind):
    design = {
        "kind": kind,
        "randomised": False,
        "arm": "arm",
        "participant": "person",
        "team": "team",
        "period": "periode",
    }
    state = x.state(x.trial(design=design))
    assert grounds(state)[0].lowers
    assert not render(method(state.trial), "da").startswith("lodtrækning")


@pytest.mark.parametrize(
    ("source", "lowers"), [("timed", False), ("system_log", False), ("self_reported", True)]
)
def test_where_the_figures_come_from(source, lowers):
    primary = x.trial().metrics[0].model_dump() | {"source": source}
    state = x.state(x.trial(metrics=[primary]))
    assert grounds(state)[1].lowers is lowers


def test_a_level_is_told_only_of_a_figure():
    gaps = x.only_gaps()
    assert gaps.analysis is not None
    assert gaps.analysis.evidence_level == "E2"
    assert level_of(gaps.analysis) is None
    assert "kan først siges" in render(measured(gaps.trial, None), "da")
    assert level_of(x.go().analysis) == "E4"
