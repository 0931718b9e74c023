"""The two charts of papers: trials below one another, and the budget's years."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from htkeval.reporting.abreast import abreast
from htkeval.reporting.budget_bars import Bar, BudgetBars
from htkeval.reporting.charts import draw
from htkeval.reporting.charts.files import svg
from htkeval.text import render, say
from tests.dashboards.examples import go, no_go, not_measured, only_gaps, prolong

YEARS = BudgetBars(
    say("Saving with evidence for it"),
    (
        Bar(year="2026", booked=275, carried=34, low=-1, high=108, missing=241),
        Bar(year="2027", booked=550, carried=600, low=4, high=1432, missing=0),
    ),
)


def test_trials_without_a_change_in_time_are_not_drawn():
    assert abreast([not_measured(), only_gaps()]) is None
    drawn = abreast([go(), not_measured(), prolong()])
    assert drawn is not None
    assert [row.name.values["words"] for row in drawn.rows] == [
        "Tale til tekst i mødereferater",
        "Fagbot til opslag i lovgivningen",
    ]


def test_each_trial_has_its_own_goal_its_interval_and_its_verdict_in_words():
    drawn = abreast([go(), prolong(), no_go()])
    assert drawn is not None
    spec = draw(drawn, "da", simulated=True).to_dict()  # Altair checks it
    told = json.dumps(spec, ensure_ascii=False)
    for words in ("−20", "−27", "−12", "Anbefales udbredt", "Forlæng forsøget", "Anbefales ikke",
                  "ingen forskel", "mindste gevinst", "Simulerede tal."):  # fmt: skip
        assert words in told, words
    assert {row.goal for row in drawn.rows} == {-15.0, -10.0}
    assert "mål −15: Anbefales udbredt" in render(drawn.alt, "da")
    assert len(drawn.table().rows) == 3


def test_a_trial_without_a_goal_is_drawn_all_the_same():
    primary = go().trial.metrics[0].model_copy(update={"worthwhile": None})
    metrics = (primary, *go().trial.metrics[1:])
    state = replace(go(), trial=go().trial.model_copy(update={"metrics": metrics}))
    drawn = abreast([state])
    assert drawn is not None
    assert drawn.rows[0].goal is None
    assert draw(drawn, "en").to_dict()


def test_the_years_tell_what_is_carried_missing_and_how_far_it_may_go():
    told = json.dumps(draw(YEARS, "da").to_dict(), ensure_ascii=False)
    for words in ("bevis for 34: lavt −1, højt 108", "mangler 241", "budgettet regner med 550"):
        assert words in told, words
    assert "2027: 600 af 550, mellem 4 og 1.432; 0 mangler" in render(YEARS.alt, "da")


def test_a_bar_never_begins_elsewhere_than_at_nought():
    spec = draw(YEARS, "en").to_dict()
    bars = [one for one in spec["layer"] if one["mark"]["type"] == "rect"]
    assert {one["data"]["values"][0]["x"] for one in bars} == {0.0}
    low, high = bars[0]["encoding"]["x"]["scale"]["domain"]
    assert low <= 0 < high


def test_their_words_stay_text_in_our_letters():
    drawn = svg(YEARS, "da", simulated=True)
    assert ">2026<" in drawn
    assert "IBM Plex Sans" in drawn


def test_the_letters_of_charts_have_arrows():
    from fontTools.ttLib import TTFont

    from htkeval.reporting.sheet_of_paper import FONTS
    from htkeval.resources import bundled

    for file in (*FONTS.glob("*.ttf"), *(bundled("dashboards") / "static").glob("*.ttf")):
        assert {0x2190, 0x2192, 0x2212} <= set(TTFont(file).getBestCmap())


def test_a_long_title_is_broken_into_two_lines_and_not_cut():
    drawn = abreast([prolong(), go()])
    assert drawn is not None
    chart = draw(drawn, "da")
    told = json.dumps(chart.to_dict(), ensure_ascii=False)
    assert "Fagbot til opslag i\\nlovgivningen" in told
    assert "…" not in told
    picture = svg(drawn, "da", simulated=False)
    assert ">Fagbot til opslag i</" in picture
    assert ">lovgivningen</" in picture
    endless = replace(prolong(), trial=prolong().trial.model_copy(update={"title": "Nyt " * 40}))
    long = abreast([endless])
    assert long is not None
    told = json.dumps(draw(long, "da").to_dict(), ensure_ascii=False)
    (name,) = set(re.findall(r'"name": "(Nyt[^"]*)"', told))
    assert name.count("\\n") == 1
    assert name.endswith("…")
