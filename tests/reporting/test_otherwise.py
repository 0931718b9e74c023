"""The same question otherwise: sentence 24, other models, bounds, groups."""

import pytest

from htkeval.effect import Bounds, Sensitivity, Subgroup
from htkeval.evaluation.panel.subgroups import FEWEST as FEWEST_EVALUATED
from htkeval.reporting import otherwise
from htkeval.reporting.numbers import FEWEST
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
    assert render(otherwise.holds(found(**flips)), "da") == sentence


def test_24_does_not_count_what_is_shown_for_comparison_only():
    of = found(unit_weights=False, pooled_classic=True, as_treated=True)
    assert (
        render(otherwise.holds(of), "da") == "Den anden måde at regne på vender ikke konklusionen."
    )
    rows = shown(otherwise.confirmatory(x.trial(), found(as_treated=True, unit_weights=False)))
    assert [row[-1] for row in rows] == ["–", "nej", "(ja)"]
    assert rows[-1][0] == "efter faktisk brug af AI: en sammenhæng, ikke en effekt"
    assert "tæller ikke med" in render(otherwise.compared_only(of), "da")
    assert otherwise.compared_only(found(unit_weights=True)) is None
    assert otherwise.holds(found(as_treated=True)) is None


def test_24_speaks_of_the_confirmatory_effect_only_and_not_where_there_is_none():
    assert otherwise.holds(x.go().analysis) is None
    assert otherwise.holds(x.only_gaps().analysis) is None
    other = [
        one.model_copy(update={"scale": "difference"}) for one in x.otherwise(no_covariates=True)
    ]
    assert otherwise.holds(found().model_copy(update={"sensitivity": tuple(other)})) is None


def shown(table):
    return [[render(cell, "da") for cell in row] for row in table.rows]


def test_the_table_has_the_planned_way_first_and_a_word_for_what_turns():
    rows = shown(otherwise.confirmatory(x.trial(), found(unit_weights=False, no_covariates=True)))
    assert rows == [
        ["som planlagt", "0,800", "0,730", "0,880", "–"],
        ["hver person eller hvert hold tæller lige meget", "0,820", "0,710", "0,930", "nej"],
        ["uden de forklarende kolonner", "0,820", "0,710", "1,030", "ja"],
    ]
    assert otherwise.confirmatory(x.trial(), x.only_gaps().analysis).rows == ()


def errors(**changes):
    """Another model of the guardrail's difference."""
    plain = {
        "metric": "errors",
        "scale": "difference",
        "model": "unit_weights",
        "estimate": 0.3,
        "ci": (-0.5, 1.1),
        "p_value": 0.43,
        "flips": False,
    }
    return Sensitivity.model_validate({**plain, **changes})


def test_other_figures_are_told_in_a_sentence_each_with_a_table_of_their_own():
    ways = (*x.otherwise(no_covariates=False), errors(), errors(model="two_way", flips=True))
    of = x.go().analysis.model_copy(update={"sensitivity": ways})
    ((sentence, table),) = otherwise.rest(x.trial(), of)
    assert render(sentence, "da").endswith(
        "1 af 2 andre måder at regne på vender det (usikkerhed fra både personer og opgaver)."
    )
    assert [row[0] for row in shown(table)] == [
        "som planlagt",
        "hver person eller hvert hold tæller lige meget",
        "usikkerhed fra både personer og opgaver",
    ]
    calm = x.go().analysis.model_copy(update={"sensitivity": (errors(),)})
    ((sentence, _),) = otherwise.rest(x.trial(), calm)
    assert render(sentence, "da").endswith("Den anden måde at regne på vender det ikke.")


def test_an_exact_test_has_dashes_for_its_interval_and_proportional_odds_stand_with_it():
    ways = (
        errors(model="boschloo", ci=None, p_value=0.031),
        errors(model="proportional_odds", scale="odds_ratio", estimate=1.2, ci=(0.8, 1.9)),
    )
    of = x.go().analysis.model_copy(update={"sensitivity": ways})
    ((_, table),) = otherwise.rest(x.trial(), of)
    assert shown(table)[1:] == [
        ["Boschloos eksakte test, p 0,0310", "0,300", "–", "–", "nej"],
        ["ét oddsforhold for alle trin på skalaen", "1,200", "0,800", "1,900", "nej"],
    ]


def test_the_second_average_of_a_roll_out_has_no_ways_of_its_own():
    state = x.go()
    second = state.analysis.effects[0].model_copy(
        update={"estimand": "exposure_average", "confirmatory": False}
    )
    of = found(unit_weights=True).model_copy(update={"effects": (*state.analysis.effects, second)})
    assert otherwise.rest(x.trial(), of) == ()


def test_bounds_say_what_is_unknown_and_both_pairs_of_limits():
    one = Bounds(
        metric="errors", scale="difference", model="lee", low=0.1, high=0.4, ci=(-0.5, 0.9)
    )
    of = x.go().analysis.model_copy(update={"bounds": (one,)})
    ((name, *figures),) = shown(otherwise.bounds(x.trial(), of))
    assert name.endswith("kun opgaver, der ville være målt begge steder (Lee)")
    assert figures == ["0,100", "0,400", "−0,500", "0,900"]


def group(value, clusters, **changes):
    plain = {
        "metric": "task_time",
        "scale": "ratio",
        "column": "kind",
        "value": value,
        "tasks": 60,
        "clusters": clusters,
        "estimate": 0.7,
        "ci": (0.5, 0.98),
        "shrunken": 0.78,
    }
    return Subgroup.model_validate({**plain, **changes})


def by_group(*groups):
    of = x.go().analysis.model_copy(update={"subgroups": groups})
    return shown(otherwise.subgroups(x.trial(), of))


def test_a_group_has_its_own_figure_and_the_best_guess():
    rows = by_group(group("lang", 12), group("kort", 20, estimate=0.9, ci=(0.8, 1.01)))
    assert rows[0] == ["kind: lang", "60", "0,700", "0,500", "0,980", "0,780"]
    assert len(rows) == 2


def test_a_group_of_fewer_than_five_is_never_shown_nor_the_one_that_gives_it_away():
    assert FEWEST_EVALUATED >= FEWEST == 5
    rows = by_group(group("a", 12), group("b", 5), group("c", 4))
    assert [row[0] for row in rows] == ["kind: a", "kind: b"]
    assert by_group(group("a", 12), group("c", 4)) == []


def test_every_row_is_as_long_as_the_head():
    of = found(unit_weights=False).model_copy(update={"subgroups": (group("a", 9),) * 2})
    for table in (otherwise.confirmatory(x.trial(), of), otherwise.subgroups(x.trial(), of)):
        assert {len(row) for row in table.rows} == {len(table.head)}
