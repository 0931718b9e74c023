"""Charts: one scale, intervals always drawn, a sentence and a table for each."""

import json
import re
from dataclasses import replace

import pytest
import vl_convert

from htkeval.reporting import charts, pictures
from htkeval.reporting.charts import files
from htkeval.reporting.charts.axes import ticks
from htkeval.text import render
from tests.dashboards import examples as x
from tests.reporting.every_picture import every_picture


def cases(*states):
    return [(state.trial, state.analysis) for state in states if state.analysis]


def test_the_domain_of_the_cards_is_that_of_the_screens():
    assert pictures.card_domain(cases(x.go(), x.prolong(), x.no_go())) == (-40, 20)
    assert pictures.card_domain([]) == (-40, 20)


def test_the_domain_grows_in_tens_for_all_cards_and_has_an_end():
    assert pictures.card_domain(cases(x.go(), x.stop())) == (-40, 50)
    wild = x.SAVED[0].model_copy(update={"ci": (0.001, 90.0)})
    state = x.state(x.trial(), x.analysis(x.trial(), (wild,)))
    assert pictures.card_domain(cases(state)) == pictures.WIDEST


def test_a_strip_is_told_in_a_sentence():
    state = x.go()
    picture = pictures.strip(state.trial, state.analysis, (-40, 20))
    assert render(picture.alt, "da") == (
        "Ændring i tid pr. referat, pct.: Tale til tekst i mødereferater −20, mellem −27 og −12; "
        "mindste gevinst −15."
    )


def test_there_is_no_strip_without_an_effect():
    state = x.only_gaps()
    assert pictures.strip(state.trial, state.analysis, (-40, 20)) is None
    assert pictures.against_forecast(state.trial, state.analysis) is None


def test_the_forecast_stands_above_what_was_measured_and_has_no_interval():
    state = x.go()
    picture = pictures.against_forecast(state.trial, state.analysis)
    assert [row.estimate for row in picture.rows] == pytest.approx([-25, -20])
    assert [row.ends is None for row in picture.rows] == [True, False]
    rows = [[render(cell, "da") for cell in row] for row in picture.table().rows]
    assert rows == [
        ["Forventet før (forsøgsleder)", "−25", "–", "–"],
        ["Målt med ur", "−20", "−27", "−12"],
        ["mindste gevinst", "−15", "–", "–"],
    ]


def test_a_self_reported_time_is_not_said_to_be_measured():
    primary = x.trial().metrics[0].model_dump() | {"source": None}
    of = x.trial(metrics=[primary], forecast=None)
    picture = pictures.against_forecast(of, x.analysis(of, x.SAVED[:2]))
    assert render(picture.rows[0].name, "da") == "Oplyst af deltagerne"


def test_a_guardrail_is_drawn_with_its_margin_and_in_its_unit():
    state = x.prolong()
    picture = pictures.guardrail(state.trial.metrics[1], state.analysis.effects[2])
    assert picture.line == pytest.approx(5.0)  # percentage points
    assert picture.domain[0] < -2 < 8 < picture.domain[1]
    assert render(picture.left, "da") == "bedre"


def test_where_higher_is_better_the_margin_lies_left():
    metric = x.trial().metrics[1].model_copy(update={"better": "higher"})
    effect = x.SAVED[2].model_copy(update={"better": "higher"})
    picture = pictures.guardrail(metric, effect)
    assert picture.line == -1.0
    assert (render(picture.left, "da"), render(picture.right, "da")) == ("dårligere", "bedre")


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("named", [True, False])
def test_a_drawn_chart_is_valid_and_labels_everything_it_draws(language, named):
    state = x.go()
    picture = pictures.against_forecast(state.trial, state.analysis)
    spec = charts.draw(picture, language, named=named).to_dict()  # Altair checks the schema
    words = json.dumps(spec, ensure_ascii=False)
    assert spec["description"] == render(picture.alt, language)
    assert spec["usermeta"]["embedOptions"] == {"renderer": "svg", "actions": False}
    for label in ("−20", "−27", "−12", "−25"):
        assert label in words
    none, goal = {"da": ("ingen forskel", "mindste gevinst"), "en": ("no diff", "worthwhile")}[
        language
    ]
    assert none in words
    assert goal in words
    assert "url" not in words.replace("$schema", "")  # nothing is fetched


def test_the_interval_is_drawn_from_end_to_end_and_kept_inside_the_axis():
    wild = x.SAVED[0].model_copy(update={"ci": (0.5, 9.0)})
    of = x.trial()
    analysis = x.analysis(of, (wild,))
    picture = pictures.strip(of, analysis, pictures.card_domain([(of, analysis)]))
    spec = charts.draw(picture, "da", named=False).to_dict()
    rows = [one["data"]["values"][0] for one in spec["layer"]]
    assert {(row["x"], row["x2"]) for row in rows if "x2" in row} == {(-50.0, 200.0)}
    assert "+800" in json.dumps(spec, ensure_ascii=False)  # the figure is still the true one


@pytest.mark.parametrize("wide", [330, 640])
@pytest.mark.parametrize("estimate", [-22.0, -16.0, -15.0, -13.0, -9.0, -2.0, 0.0, 2.0, 12.0])
def test_no_line_runs_through_the_figure_of_an_estimate(estimate, wide):
    picture = every_picture()["strip"]
    row = replace(picture.rows[0], estimate=estimate, ends=(-28.0, 15.0))
    drawn = charts.as_drawn(replace(picture, rows=(row,)), "da", named=False)
    svg = vl_convert.vegalite_to_svg({**drawn, "width": wide})
    lines = re.findall(
        r'translate\(([-\d.]+),0\)" x2="0" y2="\d+" stroke="#(?:9A4600|1A2530)"', svg
    )
    figure = render(picture.figure(estimate), "da")
    (middle,) = set(
        re.findall(
            rf'translate\(([-\d.]+),[\d.]+\)"[^>]*font-size="16px"[^>]*>{re.escape(figure)}<', svg
        )
    )
    half = len(figure) * 0.3 * 16  # a figure of this type is 0.6 of its size wide
    assert len(lines) == 2
    assert all(abs(float(line) - float(middle)) > half for line in lines)


def test_no_line_runs_through_the_figure_of_a_trial_among_others():
    picture = every_picture()["abreast"]
    close = [-18.0, -14.0, 2.0]
    beside = [replace(one, estimate=e) for one, e in zip(picture.rows, close, strict=True)]
    svg = vl_convert.vegalite_to_svg(
        {**charts.as_drawn(replace(picture, rows=tuple(beside)), "da"), "width": 640}
    )
    lines = re.findall(
        r'translate\(([-\d.]+),([\d.]+)\)" x2="0" y2="([\d.]+)" stroke="#(?:9A4600|1A2530)"', svg
    )
    figures = re.findall(
        r'translate\(([-\d.]+),([\d.]+)\)"[^>]*font-size="15px"[^>]*fill="#00478F"[^>]*>([^<]+)<',
        svg,
    )
    assert (len(lines), len(figures)) == (4, 3)
    for middle, height, figure in figures:
        half = len(figure) * 0.3 * 15
        for place, top, long in lines:
            if float(top) <= float(height) <= float(top) + float(long):
                assert abs(float(place) - float(middle)) > half


@pytest.mark.parametrize(
    ("language", "unit"),
    [("da", "Ændring i tid pr. referat, pct."), ("en", "Change in time per referat, %")],
)
def test_a_strip_without_names_says_on_its_axis_what_it_shows_and_in_which_unit(language, unit):
    state = x.go()
    picture = pictures.strip(state.trial, state.analysis, (-40, 20))
    assert json.dumps(unit) in json.dumps(charts.draw(picture, language, named=False).to_dict())
    alone = json.dumps(charts.draw(picture, language).to_dict()["layer"])
    assert json.dumps(unit) not in alone


def test_a_long_unit_is_written_on_several_lines_and_given_room():
    of = x.trial(task_name={"one": "afgørelse om hjælpemidler til voksne", "many": "afgørelser"})
    short, long = (
        charts.draw(
            pictures.strip(one, x.analysis(one, x.SAVED), (-40, 20)), "da", named=False
        ).to_dict()
        for one in (x.trial(), of)
    )
    assert long["height"] > short["height"]
    assert '"hjælpemidler til voksne, pct."' in json.dumps(long, ensure_ascii=False)


def test_danish_axes_have_a_comma():
    state = x.go()
    picture = pictures.guardrail(state.trial.metrics[1], state.analysis.effects[2])
    assert "','" in json.dumps(charts.draw(picture, "da").to_dict())
    assert "'.'" in json.dumps(charts.draw(picture, "en").to_dict())


def test_text_is_never_smaller_than_thirteen_pixels():
    state = x.go()
    for picture in (
        pictures.against_forecast(state.trial, state.analysis),
        pictures.guardrail(state.trial.metrics[1], state.analysis.effects[2]),
    ):
        spec = charts.draw(picture, "da").to_dict()
        sizes = [layer["mark"].get("fontSize") for layer in spec["layer"] if "mark" in layer]
        numbers = [size for size in sizes if isinstance(size, int | float)]
        assert min(numbers) >= 13
        assert spec["config"]["axis"]["labelFontSize"] >= 13


def test_an_invented_figure_carries_its_mark_in_the_chart_itself():
    state = x.go()
    picture = pictures.strip(state.trial, state.analysis, (-40, 20))
    marked = charts.draw(picture, "da", simulated=True).to_dict()
    assert marked["title"]["text"] == "Simulerede tal."
    assert "title" not in charts.draw(picture, "da").to_dict()


def test_a_chart_leaves_as_a_file_with_its_words_as_text_and_the_mark_of_invented_figures():
    state = x.go()
    picture = pictures.against_forecast(state.trial, state.analysis)
    drawn = files.svg(picture, "da", simulated=True)
    assert drawn.startswith("<svg")
    assert ">ingen forskel</text>" in drawn
    assert "Simulerede tal" in drawn
    assert "Simulerede tal" not in files.svg(picture, "da", simulated=False)
    assert files.png(picture, "da", simulated=False).startswith(b"\x89PNG")
    narrow = files.svg(picture, "da", simulated=False, width=320)
    assert 'width="320"' in narrow


def test_a_wide_axis_has_a_tick_at_zero_wherever_it_begins():
    """A card from −50 to 30 in steps of 20 had them at −50, −30, −10, 10, 30."""
    assert ticks((-50.0, 30.0), 20.0) == [-40, -20, 0, 20]
    assert ticks((-0.3, 0.3), 0.1) == pytest.approx([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
