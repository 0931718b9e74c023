"""What every chart keeps, whatever kind it is: the rules of the screens, held against each kind."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest
import vl_convert

from htkeval.reporting import charts
from htkeval.reporting.charts import look
from htkeval.reporting.charts.fewer import fewer
from tests.reporting.every_picture import every_picture

PICTURES = every_picture()
OWN = {
    value.upper() for value in vars(look).values() if re.fullmatch("#[0-9a-fA-F]{6}", str(value))
}
each = pytest.mark.parametrize("name", PICTURES)


@cache
def spec(name: str) -> dict[str, Any]:
    """As it is written: a layer for each row and word."""
    return charts.draw(PICTURES[name], "da", simulated=True).to_dict()


def leaves(svg: str) -> list[tuple[str, ...]]:
    """What is drawn, whatever its order and its groups."""
    found = []
    for one in ElementTree.fromstring(svg).iter():
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
@pytest.mark.parametrize("width", [320, 640])
def test_fewer_layers_draw_the_same(name: str, width: int) -> None:
    """Vega, which draws both, is the oracle: each line, dot and word is where it was."""
    whole, less = {**spec(name), "width": width}, {**fewer(spec(name)), "width": width}
    assert len(less["layer"]) <= len(whole["layer"])
    drawn = [leaves(vl_convert.vegalite_to_svg(json.dumps(one))) for one in (whole, less)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) > 5


def test_thirteen_rows_are_no_more_layers_than_three() -> None:
    forest = PICTURES["forest"]
    few, many = (
        len(charts.as_drawn(replace(forest, studies=forest.studies[:rows]), "da")["layer"])
        for rows in (3, 13)
    )
    assert few == many < 15
