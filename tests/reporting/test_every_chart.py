"""What every chart keeps, whatever kind it is: the rules of the screens, held against each kind."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest
import vl_convert
from PIL import Image, ImageChops

from htkeval.reporting import charts
from htkeval.reporting.charts import look
from htkeval.reporting.charts.fewer import fewer
from htkeval.text import LANGUAGES, Language, render
from tests.reporting.colours import SEEN, contrast
from tests.reporting.every_picture import every_picture

PICTURES = every_picture()
OWN = {
    value.upper() for value in vars(look).values() if re.fullmatch("#[0-9a-fA-F]{6}", str(value))
}
PAPER = "#FFFFFF"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
each = pytest.mark.parametrize("name", PICTURES)


@cache
def spec(name: str) -> dict[str, Any]:
    """As it is written: a layer for each row and word."""
    return charts.draw(PICTURES[name], "da", simulated=True).to_dict()


@cache
def as_drawn(name: str, language: Language) -> dict[str, Any]:
    """As a page gets it."""
    return charts.as_drawn(PICTURES[name], language, simulated=True)


@cache
def vega(told: str) -> str:
    """What Vega draws of a specification; several tests ask for the same."""
    return vl_convert.vegalite_to_svg(told)


def svg(told: dict[str, Any]) -> str:
    return vega(json.dumps(told, sort_keys=True))


def leaves(drawn: str) -> list[tuple[str, ...]]:
    """What is drawn, whatever its order and its groups."""
    found = []
    for one in ElementTree.fromstring(drawn).iter():
        if (one.text and one.text.strip()) or one.get("d"):
            kept = {k: v for k, v in one.attrib.items() if not k.startswith("aria")}
            if kept.get("font-weight") == "normal":  # as where nothing is said
                del kept["font-weight"]
            if kept.get("stroke") is None:  # nothing is drawn of a line without colour
                kept = {k: v for k, v in kept.items() if not k.startswith("stroke-")}
            found.append((one.tag, one.text or "", json.dumps(kept, sort_keys=True)))
    return sorted(found)


def test_there_is_a_picture_of_each_kind() -> None:
    assert {type(one) for one in PICTURES.values()} == set(charts.DRAWN)


@each
@pytest.mark.parametrize("width", [pytest.param(320, marks=pytest.mark.campaign), 640])
def test_fewer_layers_draw_the_same(name: str, width: int) -> None:
    """Vega, which draws both, is the oracle: each line, dot and word is where it was."""
    whole, less = {**spec(name), "width": width}, {**fewer(spec(name)), "width": width}
    assert len(less["layer"]) <= len(whole["layer"])
    drawn = [leaves(svg(one)) for one in (whole, less)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) > 5


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(one, marks=[] if one in ("strip", "curve", "course") else pytest.mark.campaign)
        for one in PICTURES
    ],
)
def test_what_was_written_over_a_curve_stays_over_it(name: str) -> None:
    """Point by point, in the picture that is seen: the order of what lies on one another too."""
    drawn = []
    for one in (spec(name), fewer(spec(name))):
        png = vl_convert.vegalite_to_png(json.dumps({**one, "width": 640}), scale=1)
        drawn.append(Image.open(BytesIO(png)).convert("L"))
    assert drawn[0].size == drawn[1].size
    other = ImageChops.difference(*drawn).histogram()
    assert sum(other[64:]) < 20  # the rim of a halo on a thin line; a letter is more


X, Y = ({"field": name, "type": "quantitative"} for name in "xy")
BESIDE = {"x": {**X, "field": "z"}, "x2": {"field": "x"}}
NAMED = {"x": {**X, "field": "of_text"}}
TICK = {"type": "tick", "size": 20, "thickness": 3}
AWKWARD: dict[str, list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]] = {
    "a field called x that something else asks for": [
        ({"type": "text", "text": "A"}, {"x": 1, "z": 4, "y": 1}, BESIDE),
        ({"type": "text", "text": "B"}, {"x": 2, "z": 3, "y": 2}, BESIDE),
    ],
    "the far edge": [
        ({"type": "text", "text": "A"}, {"y": 1}, {"x": {"value": 5}}),
        ({"type": "text", "text": "B"}, {"y": 2}, {"x": {"value": "width"}}),
    ],
    "ticks that stand and lie": [
        ({**TICK, "orient": "horizontal"}, {"x": 1, "y": 1}, {"x": X}),
        ({**TICK, "orient": "vertical", "thickness": 6}, {"x": 2, "y": 2}, {"x": X}),
    ],
    "a row with a name that is given to others": [
        ({"type": "text", "text": "A"}, {"x": 1, "y": 1, "of_text": 5}, NAMED),
        ({"type": "text", "text": "B"}, {"x": 2, "y": 2, "of_text": 7}, NAMED),
    ],
    "nothing, and no colour": [
        ({"type": "point", "color": None}, {"x": None, "y": 1}, {"x": X}),
        ({"type": "point", "color": "#00478F"}, {"x": 2, "y": 2}, {"x": X}),
    ],
    "words that look like code": [
        ({"type": "text", "text": "datum.x"}, {"x": 1, "y": 1}, {"x": X}),
        ({"type": "text", "text": "'); alert(1) // <b>"}, {"x": 2, "y": 2}, {"x": X}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", AWKWARD)
def test_fewer_layers_draw_the_same_of_what_no_chart_has_yet(name: str) -> None:
    layers = [
        {"data": {"values": [row]}, "mark": mark, "encoding": {"y": Y, **places}}
        for mark, row, places in AWKWARD[name]
    ]
    whole = {"$schema": SCHEMA, "layer": layers, "width": 200, "height": 100}
    drawn = [leaves(svg(one)) for one in (whole, fewer(whole))]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("name", PICTURES)
def test_what_a_page_draws_is_what_altair_would_write(name: str) -> None:
    for simulated in (False, True):
        drawn = charts.draw(PICTURES[name], "da", simulated=simulated)
        wanted = fewer(drawn.to_dict(validate=False))
        assert charts.as_drawn(PICTURES[name], "da", simulated=simulated) == wanted


@pytest.mark.parametrize("name", PICTURES)
def test_every_place_says_its_kind_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_for(*_: object) -> None:
        raise AssertionError("a place is a string or a plain value")  # slow: see `look.x_at`

    monkeypatch.setattr("altair.utils.schemapi._FromDict.__init__", looked_for)
    assert charts.as_drawn(PICTURES[name], "da")["layer"]


def test_thirteen_rows_are_no_more_layers_than_three() -> None:
    forest = PICTURES["forest"]
    few, many = (
        len(charts.as_drawn(replace(forest, studies=forest.studies[:rows]), "da")["layer"])
        for rows in (3, 13)
    )
    assert few == many < 15


@each
def test_a_chart_has_no_legend_no_small_letter_and_no_colour_of_its_own(name: str) -> None:
    told = json.dumps(spec(name), ensure_ascii=False)
    assert '"legend"' not in told
    sizes = [float(size) for size in re.findall(r'ontSize": ([0-9.]+)', told)]
    assert min(sizes) >= 13
    assert {colour.upper() for colour in re.findall(r"#[0-9a-fA-F]{6}\b", told)} <= {*OWN, PAPER}


@each
def test_danish_figures_have_a_comma_and_english_ones_a_point(name: str) -> None:
    of = {}
    for language in ("da", "en"):
        drawn = ElementTree.fromstring(svg({**as_drawn(name, language), "width": 640}))
        of[language] = [one.text or "" for one in drawn.iter() if one.text]
    assert not [one for one in of["da"] if re.search(r"\d\.\d{1,2}(?!\d)", one)]
    assert not [one for one in of["en"] if re.search(r"\d,\d{1,2}(?!\d)", one)]


@each
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_is_a_sentence_and_a_table_too(name: str, language: Language) -> None:
    picture = PICTURES[name]
    told = as_drawn(name, language)["description"]
    assert told == render(picture.alt, language)
    assert re.search(r"\d", told)
    assert render(picture.caption, language)
    rows = picture.table().rows
    assert rows
    assert all(len(row) == len(picture.table().head) for row in rows)


ESTIMATES = [
    "strip", "guardrail", "forecast", "forest", "abreast", "methods", "sensitivity", "weeks",
    "teams", "course",
]  # fmt: skip


@pytest.mark.parametrize("name", ESTIMATES)
def test_every_estimate_has_its_interval(name: str) -> None:
    """Each filled dot lies on a line with two ends, or in a band; what was foretold is open."""
    dots, spans, bands = [], [], 0
    for layer in spec(name)["layer"]:
        mark, place = layer["mark"], layer["encoding"].get("y")
        if mark["type"] == "point" and mark.get("filled") and mark.get("fill") != PAPER:
            dots.append(place)
        if mark["type"] == "rule" and "x2" in layer["encoding"]:
            spans.append(place)
        bands += mark["type"] == "area"
    assert dots
    assert bands or all(place in spans for place in dots)


@pytest.mark.parametrize("name", ESTIMATES)
def test_no_difference_and_the_agreed_line_are_marked_in_words(name: str) -> None:
    drawn = ElementTree.fromstring(svg({**fewer(spec(name)), "width": 640}))
    told = " ".join(one.text or "" for one in drawn.iter())
    assert "ingen forskel" in told
    agreed = {"guardrail": "grænse", "forest": "ingen forskel"}  # neighbours share no goal
    assert agreed.get(name, "mindste gevinst") in told


@each
def test_no_two_marks_of_a_kind_differ_by_hue_alone(name: str) -> None:
    """Seen with each kind of colour blindness, and in grey print."""
    looks = [
        {k: v for k, v in layer["mark"].items() if k not in ("text", "opacity")}
        for layer in spec(name)["layer"]
        if layer["mark"]["type"] != "text"
    ]
    for one, other in combinations({json.dumps(one, sort_keys=True) for one in looks}, 2):
        first, second = json.loads(one), json.loads(other)
        colours = [mark.pop("fill", None) or mark.pop("color", "") for mark in (first, second)]
        for mark in (first, second):
            mark.pop("color", None)
        if first == second and colours[0] != colours[1]:
            for seen in SEEN.values():
                assert contrast(*(seen(colour) for colour in colours)) >= 1.5, (one, other)
