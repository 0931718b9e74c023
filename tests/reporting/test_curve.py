"""A power curve: its axis, its sentence, its table, and that it is drawn in both languages."""

from __future__ import annotations

import json

import pytest

from htkeval.reporting import charts
from htkeval.reporting.curve import Curve
from htkeval.text import Language, render, say

FALLING = Curve(
    caption=say("Of 100 such trials, so many would see the change"),
    axis=say("If this is the true {what}, %", what="x"),
    points=tuple((-6.5 * n, min(100.0, 2.5 + 15 * n)) for n in range(9)),
    seen=(-33.6, 80.0),
    goal=(-15.0, 37.0),
)
RISING = Curve(
    caption=FALLING.caption,
    axis=FALLING.axis,
    points=tuple((2.0 * n, 10.0 * n) for n in range(11)),
    seen=(7.4, 80.0),
    goal=None,
)


def test_the_axis_ends_on_a_tick_and_begins_at_no_change() -> None:
    assert FALLING.domain == (-60.0, 0.0)
    assert RISING.domain == (0.0, 20.0)


def test_a_long_axis_has_ticks_further_apart() -> None:
    far = Curve(FALLING.caption, FALLING.axis, ((0.0, 2.5), (-90.0, 80.0)), (-90.0, 80.0), None)
    assert (far.step, far.domain) == (20.0, (-100.0, 0.0))


def test_those_who_do_not_see_it_are_told_where_it_reaches_what_is_wanted() -> None:
    assert render(FALLING.alt, "en") == (
        "Of 100 such trials, so many would see the change: a curve that rises from 2 at no "
        "change; it reaches 80 at −34 %. At the goal, −15 %, it is 37."
    )
    assert "At the goal" not in render(RISING.alt, "en")


def test_the_table_goes_from_no_change_outwards_and_names_goal_and_what_is_seen() -> None:
    rows = [[render(cell, "da") for cell in row] for row in FALLING.table().rows]  # type: ignore[arg-type]
    assert rows[0] == ["0", "2"]
    assert ["−15", "37"] in rows
    assert ["−34", "80"] in rows
    assert [float(row[0].replace("−", "-").replace(",", ".")) for row in rows] == sorted(
        (float(row[0].replace("−", "-").replace(",", ".")) for row in rows), reverse=True
    )
    assert ["+7,4", "80"] in [[render(c, "da") for c in row] for row in RISING.table().rows]  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("curve", [FALLING, RISING], ids=["saving", "rise"])
def test_it_is_drawn_with_its_own_description(curve: Curve, language: Language) -> None:
    spec = charts.draw(curve, language).to_dict()
    assert spec["description"] == render(curve.alt, language)
    text = json.dumps(spec, ensure_ascii=False)
    assert {"da": "politikken kræver 80", "en": "the policy wants 80"}[language] in text
    assert ({"da": "mål −15", "en": "goal −15"}[language] in text) == (curve.goal is not None)
    assert spec["width"] == "container"
