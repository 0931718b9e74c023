"""The page of what a plan could see: sliders, floors, a formula at once, a count on demand."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import get_args

import pytest
import streamlit as st

from dashboards import evidence, plans
from dashboards.views import plan as view
from htkeval.planning.assumed import Number, usual
from htkeval.planning.span import spans
from htkeval.text import render, say
from htkeval.trial import DesignKind
from htkeval.workspace import find
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import app, plan, text_of
from tests.examples import write_workspace
from tests.often import often
from tests.planning.conftest import POLICY, trial_of

BUTTON = "Regn efter i opdigtede forsøg"


def page_of(kind: str = "within", language: str = "da", **design):
    """The page of one plan that nobody has begun."""
    more = {"interruption": "2026-02-20"} if kind == "interrupted_time_series" else {}
    return plan(x.portfolio(x.state(trial_of(kind, **more, **design))), POLICY, language)


@pytest.fixture
def few(monkeypatch):
    """Two dozen invented trials in place of three hundred, and none remembered from before."""
    monkeypatch.setattr(view, "CHECKED", 24)
    monkeypatch.setattr("htkeval.planning.outlook.VERDICTS", 10)  # shown in tests/planning
    plans._counted.clear()
    yield
    plans._counted.clear()


def slider(page, name: str):
    """A slider by its label, whichever kind it is of."""
    (found,) = [one for one in (*page.slider, *page.select_slider) if one.label == name]
    return found


def detectable(page) -> float:
    """Per cent of the saving that is seen four times in five."""
    found = re.search(r"besparelse på (\d+(?:,\d)?) pct", text_of(page))
    assert found
    return float(found[1].replace(",", "."))


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        *often(
            ((kind, "da") for kind in get_args(DesignKind)),
            [(kind, "da") for kind in ("within", "cluster", "before_after")],
        ),
        ("stepped_wedge", "en"),
        *(
            pytest.param(kind, "en", marks=pytest.mark.campaign)
            for kind in get_args(DesignKind)
            if kind != "stepped_wedge"
        ),
    ],
)
def test_every_design_is_shown_in_both_languages(kind, language):
    page = page_of(kind, language)
    assert (
        page.title[0].value
        == {"da": "Hvad kan planen vise?", "en": "What could the plan see?"}[language]
    )
    assert len(page.slider) == 2
    assert len(page.select_slider) == 2
    assert len(page.button) == 1
    text = text_of(page)
    assert ("Forsøgets mål: −20 pct." in text) == (language == "da")
    assert ("The trial's goal: −20 %" in text) == (language == "en")


def test_six_teams_are_refused_with_a_way_out_and_nothing_is_promised():
    page = page_of("cluster", clusters=6)
    text = text_of(page)
    assert "Med 6 hold er den mindste p-værdi, som lodtrækningen kan give, 0,100" in text
    assert "Fra 7 hold kan den." in text
    assert [header.value for header in page.header] == ["Kan planen overhovedet give et svar?"]
    assert not page.button
    assert not page.get("vega_lite_chart")


def test_seven_teams_on_the_slider_mend_what_six_could_not():
    page = page_of("cluster", clusters=6)
    slider(page, "Hold").set_value(7).run()
    assert not page.exception
    assert "Med 6 hold" not in text_of(page)
    assert page.button[0].label == BUTTON


def test_eight_participants_in_two_groups_rest_on_one_lucky_draw():
    """Of the 70 ways in which four of eight can be drawn only two reach 5 %."""
    assert "Kun 2 af de 70 måder" in text_of(page_of("parallel", clusters=8))


@pytest.mark.parametrize(
    ("name", "value", "smaller"),
    [
        ("Deltagere", 40, True),
        ("Opgaver fra hver deltager i hele forsøget", 30, True),
        ("Hvor forskellige opgaverne er (log-SD)", 1.2, False),
    ],
)
def test_moving_a_slider_changes_the_sentence(name, value, smaller):
    page = page_of("within", clusters=12, tasks_each=8)
    before = detectable(page)
    slider(page, name).set_value(value).run()
    assert not page.exception
    assert (detectable(page) < before) == smaller


def test_tasks_more_alike_make_a_plan_of_whole_teams_weaker():
    page = page_of("cluster", clusters=20, tasks_each=20)
    before = detectable(page)
    slider(page, "Hvor ens ét holds opgaver er (ICC)").set_value(0.4).run()
    assert detectable(page) > before


def test_what_the_definition_states_is_where_the_sliders_stand_at_first():
    page = page_of("within", clusters=70, tasks_each=25)
    assert slider(page, "Deltagere").value == 70
    assert slider(page, "Opgaver fra hver deltager i hele forsøget").value == 25
    assert slider(page, "Hvor ens én persons opgaver er (ICC)").value == 0.14


def test_the_curve_has_a_sentence_and_a_table():
    page = page_of("within", clusters=12, tasks_each=8)
    (chart,) = page.get("vega_lite_chart")
    told = json.loads(chart.proto.spec)["description"]
    assert told.startswith(
        "Så mange af 100 sådanne forsøg ville se ændringen: en kurve, der stiger"
    )
    assert f"den når 80 ved −{detectable(page):.0f} pct. Ved målet, −20 pct., er den" in told
    assert "Vis tallene som tabel" in text_of(page)
    assert "Sand ændring, pct." in text_of(page)


def test_where_no_formula_fits_the_page_says_so_and_draws_nothing():
    page = page_of("interrupted_time_series")
    assert "Ingen hurtig formel passer til denne plan." in text_of(page)
    assert not page.get("vega_lite_chart")
    assert page.button[0].label == BUTTON


def test_nothing_is_counted_before_somebody_asks_and_then_it_is_remembered(few):
    page = page_of("within", clusters=12, tasks_each=8)
    assert "opdigtede forsøg: højst" not in text_of(page)
    page.button[0].click().run()
    assert not page.exception
    text = text_of(page)
    assert "Talt i 24 opdigtede forsøg" in text
    assert "Hvad politikken ville sige, i procent" in text
    assert "målet passer (−20 pct.)" in text
    assert "Hvad planen antager" in text
    assert "Ingen størrelse" not in text
    again = page_of("within", clusters=12, tasks_each=8)
    assert "Talt i 24 opdigtede forsøg" in text_of(again)
    slider(again, "Deltagere").set_value(13).run()
    assert "Talt i 24 opdigtede forsøg" not in text_of(again)


@pytest.mark.campaign
def test_a_number_that_was_turned_is_not_said_to_be_others(few):
    page = page_of("within", clusters=12, tasks_each=8)
    slider(page, "Hvor ens én persons opgaver er (ICC)").set_value(0.3).run()
    page.button[0].click().run()
    text = text_of(page)
    assert text.count("Angivet af den, der spørger.") == 1
    assert "Spredningen i en opgaves logaritmerede minutter i to offentliggjorte forsøg" in text


def test_what_was_measured_without_the_tool_is_where_the_sliders_stand_at_first():
    found = usual(trial_of())
    here = say("Measured here: {n:#,##0} tasks without the tool.", n=90)
    known = replace(found, icc=Number(0.3149, here), log_sd=Number(0.8, here))
    may = spans(trial_of(), measured=known)
    assert (may.icc.start, may.log_sd.start) == (0.31, 0.8)


def test_without_a_goal_the_page_asks_for_one_and_still_shows_what_is_seen():
    trial = trial_of("within", primary={"worthwhile": None})
    text = text_of(plan(x.portfolio(x.state(trial)), POLICY))
    assert "Forsøget har endnu ikke et mål" in text
    assert "vil I se en besparelse på" in text


def test_an_unknown_trial_is_told_and_another_shown():
    page = plan(x.full(), POLICY, asked="ukendt")
    assert "Der er intet forsøg med det navn." in text_of(page)


def test_a_workspace_without_trials_has_no_sliders():
    page = plan(x.portfolio(), POLICY)
    assert not page.slider


def test_words_of_a_trial_cannot_become_markup():
    page = plan(x.portfolio(x.hostile("<script>alert(1)</script> **fed**")), POLICY)
    assert not any(one.allow_html for one in page.markdown)


def test_the_page_has_a_place_in_the_navigation_that_keeps_the_trial(monkeypatch, tmp_path):
    place = find(write_workspace(tmp_path), given=str(tmp_path))
    monkeypatch.setattr(evidence, "workspace", lambda: place)
    pages = {}
    real = st.Page

    def page(function, **options):
        pages[options.get("url_path")] = function
        return real(function, **options)

    monkeypatch.setattr(st, "Page", page)
    shown = {}
    monkeypatch.setattr(view, "show", lambda *given, **more: shown.update(given=given, **more))
    whole = app(x.full())
    whole.query_params["trial"] = "fagbot"
    assert not whole.run().exception
    monkeypatch.setattr(st, "query_params", {"trial": "fagbot"})
    pages["plan"]()
    assert shown["asked"] == "fagbot"
    assert shown["given"][1] == place.policy


def test_progress_goes_from_nothing_to_all(few):
    from htkeval.planning.assumed import assume
    from htkeval.planning.outlook import Question

    trial = trial_of("within")
    asked = Question(trial, POLICY, assume(trial), 12, 8, trials=24, draws=99, sizes=False)
    told: list[float] = []
    found = plans.count(asked, tell=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]  # no effect, then the verdicts at three effects
    assert plans.counted(asked) is found
    assert render(view.words.aim(trial), "en").endswith("change in time per task.")
