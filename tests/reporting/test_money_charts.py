"""The budget's years and where hours go, as charts: valid, told in a sentence, never beside."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from htkeval.business.supporting import support
from htkeval.fund import Application, Fund, Grant, Pool, Spending
from htkeval.reporting import budget_bars, charts, money, pool_shown, waterfall
from htkeval.text import render
from tests.business.test_appraising import booked
from tests.business.test_case import case
from tests.business.test_drawing import UNSURE
from tests.business.test_knowing import rates
from tests.business.test_supporting import state
from tests.intake.trials import build_trial
from tests.test_recommendation import policy

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
POOL = Pool(name="Puljen", amount_kr=600_000, price_level=2025, source="Budget", date=WHEN.date())


def filled(trials=3):
    """A pool in which each trial was granted 10,000 and has spent 4,000."""
    granted = Grant(amount_kr=10_000, why="Godt", by="Udvalget", at=WHEN, event=2)
    spent = Spending(amount_kr=4_000, text="Licens", date=WHEN.date(), by="Ida", at=WHEN, event=3)
    return Fund(
        pool=POOL,
        applications=tuple(
            Application(
                id=f"A{n}", trial=f"t{n}", area="IT", amount_kr=20_000, purpose="Licens",
                by="Ida", at=WHEN, event=n, grants=(granted,), spendings=(spent,),
            )
            for n in range(1, trials + 1)
        ),
    )  # fmt: skip


def carried(*states):
    return support(booked(), rates(), policy(), states)


def words(spec):
    return json.dumps(spec, ensure_ascii=False)


def sizes(spec):
    return [float(n) for n in re.findall(r'"(?:labelF|titleF|f)ontSize": ([0-9.]+)', words(spec))]


@pytest.mark.parametrize("language", ["da", "en"])
def test_each_booked_year_is_a_bar_with_what_is_carried_what_is_missing_and_the_span(language):
    """168 hours at 333.50 less 12,000 = 44,028 of 550,000: 505,972 are missing."""
    picture = budget_bars.bars(carried(state(minutes=(-8, -8, -8))))
    assert picture is not None
    assert [bar.year for bar in picture.bars] == ["2026", "2027", "2028"]
    last = picture.bars[-1]
    assert (last.booked, last.carried, last.missing) == pytest.approx((550, 44.028, 505.972))
    drawn = charts.draw(picture, language).to_dict()  # Altair checks the schema
    told = {
        "da": ("mangler 506", "bevis for 44: lavt 44, højt 44", "budgettet regner med 550"),
        "en": ("missing 506", "evidence for 44: low 44, high 44", "the budget expects 550"),
    }
    for one in told[language]:
        assert one in words(drawn)
    assert min(sizes(drawn)) >= 13
    assert "legend" not in words(drawn)
    assert drawn["description"] == render(picture.alt, language)


def test_a_loss_is_drawn_below_nought_and_the_axis_reaches_it():
    picture = budget_bars.bars(carried(state(minutes=(-11, -8, 6), **UNSURE)))
    assert picture is not None
    assert picture.bars[-1].low < 0
    domain = charts.draw(picture, "da").to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert domain[0] <= picture.bars[-1].low
    assert domain[1] >= 550


def test_where_nothing_is_booked_there_is_no_chart():
    found = carried(state())
    nothing = tuple(one.model_copy(update={"booked_kr": 0.0}) for one in found.years)
    assert budget_bars.bars(found.model_copy(update={"years": nothing})) is None


def test_the_budgets_own_form_has_its_signs_and_what_is_carried():
    table = money.own_form(carried(state(minutes=(-8, -8, -8))))
    rows = {render(row[0], "da"): [render(cell, "da") for cell in row[1:]] for row in table.rows}
    assert rows["Effektivisering i budgettet"] == ["–", "−275", "−550", "−550"]
    assert rows["Heraf er der bevis for"][-1] == "−44"
    assert rows["Der mangler bevis for"][-1] == "−506"
    assert rows["Årsværk i budgettet"] == ["–", "−0,50", "−1,00", "−1,00"]


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_waterfall_names_each_fall_and_writes_its_hours(language):
    picture = waterfall.falling(build_trial(), case())
    assert picture is not None
    drawn = charts.draw(picture, language, simulated=True).to_dict()
    told = {
        "da": ("400 timer", "−120", "168 timer", "egner sig til (30 pct.)", "Simulerede tal"),
        "en": ("400 hours", "−120", "168 hours", "does not suit (30 %)", "Simulated figures"),
    }
    for one in told[language]:
        assert one in words(drawn), one
    assert min(sizes(drawn)) >= 13
    assert render(picture.alt, language) == drawn["description"]
    rows = picture.table().rows
    assert len(rows) == len(picture.drops) + 1


def test_an_unknown_line_gives_no_waterfall():
    assert waterfall.falling(build_trial(), case(adoption=None)) is None


def test_the_pool_is_told_by_trial_with_all_of_it_and_what_is_left():
    found = filled()
    table = pool_shown.table(found, {"t1": "Tale til tekst"})
    rows = [[render(cell, "da") for cell in row] for row in table.rows]
    assert rows[-2][0] == "I alt"
    assert rows[-1][0] == "Ikke bevilget endnu"
    assert rows[0] == ["Tale til tekst", "10", "4"]
    assert [row[1:] for row in rows[-2:]] == [["30", "12"], ["570", "–"]]
    assert pool_shown.waits(found) is None
    asked = found.applications[0].model_copy(update={"grants": (), "spendings": ()})
    told = pool_shown.waits(found.model_copy(update={"applications": (asked,)}))
    assert told is not None
    assert render(told, "da") == "Venter: 1 ansøgninger om 20.000 kr. i alt."


def test_of_many_trials_the_last_are_one_row():
    found = filled(trials=30)
    rows = pool_shown.table(found, {}).rows
    assert len(rows) == pool_shown.MOST + 3
    told = [render(cell, "da") for cell in rows[pool_shown.MOST]]
    assert told[0] == "18 forsøg mere"
