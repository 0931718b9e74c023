"""Whether the conclusion holds when it is calculated otherwise: sentence 24 and its table."""

import pytest

from htkeval.reporting import method_tables
from htkeval.text import render
from tests.dashboards import examples as x


def found(**flips):
    return x.go().analysis.model_copy(update={"sensitivity": x.otherwise(**flips)})


@pytest.mark.parametrize(
    ("flips", "sentence"),
    [
        ({"unit_weights": False}, "Den anden måde at regne på vender ikke konklusionen."),
        (
            {"no_covariates": True},
            "Den anden måde at regne på vender konklusionen: uden de forklarende kolonner.",
        ),
        (
            {"unit_weights": False, "no_covariates": False},
            "Ingen af de 2 andre måder at regne på vender konklusionen.",
        ),
        (
            {"unit_weights": True, "no_covariates": False, "no_participant_effects": True},
            "2 af 3 andre måder at regne på vender konklusionen: hver person eller hvert hold "
            "tæller lige meget og uden at sammenligne hver person med sig selv.",
        ),
    ],
)
def test_24_how_many_other_ways_turn_the_conclusion(flips, sentence):
    assert render(method_tables.holds(found(**flips)), "da") == sentence


def test_24_speaks_of_the_confirmatory_effect_only_and_not_where_there_is_none():
    assert method_tables.holds(x.go().analysis) is None
    assert method_tables.holds(x.only_gaps().analysis) is None
    other = [
        one.model_copy(update={"scale": "difference"}) for one in x.otherwise(no_covariates=True)
    ]
    assert method_tables.holds(found().model_copy(update={"sensitivity": tuple(other)})) is None


def test_the_table_has_the_planned_way_first_and_a_word_for_what_turns():
    of = found(unit_weights=False, no_covariates=True)
    table = method_tables.sensitivity(x.trial(), of)
    rows = [[render(cell, "da") for cell in row] for row in table.rows]
    assert [row[1:] for row in rows] == [
        ["0,800", "0,730", "0,880", "–"],
        ["0,820", "0,710", "0,930", "nej"],
        ["0,820", "0,710", "1,030", "ja"],
    ]
    assert rows[0][0].endswith("som planlagt")
    assert rows[2][0].endswith("uden de forklarende kolonner")
    assert method_tables.sensitivity(x.trial(), x.go().analysis).rows == ()
