"""What it gave: the model sentences of the screens, word for word."""

import pytest

from htkeval.reporting.result import average, finding, in_per_cent, short_of_goal
from htkeval.text import render
from tests.dashboards import examples as x


def told(state, language="da"):
    found = finding(state.trial, state.analysis)
    return [render(text, language) for text in (found.headline, found.uncertainty, *found.more)]


def test_1_saved():
    assert told(x.go()) == [
        "12 minutter sparet pr. referat.",
        "Tallene passer med alt mellem 7 og 17 minutter.",
    ]
    assert told(x.go(), "en") == [
        "12 minutes saved per referat.",
        "The measurements fit anything between 7 and 17 minutes.",
    ]


def test_2_perhaps_saved():
    assert told(x.prolong()) == [
        "Måske 2,4 minutter sparet pr. svar.",
        "Tallene passer med alt fra 5,0 minutter sparet til 0,3 minutter tabt.",
    ]


def test_2_perhaps_lost():
    effects = (
        x.SAVED[0].model_copy(update={"estimate": 1.05, "ci": (0.9, 1.2)}),
        x.SAVED[1].model_copy(update={"estimate": 1.5, "ci": (-3.0, 6.0)}),
    )
    assert told(x.state(x.trial(), x.analysis(x.trial(), effects))) == [
        "Måske 1,5 minutter tabt pr. referat.",
        "Tallene passer med alt fra 3,0 minutter sparet til 6,0 minutter tabt.",
    ]


def test_3_short_of_the_goal_even_at_best():
    state = x.no_go()
    text = short_of_goal(state.trial, state.analysis.confirmatory)
    assert render(text, "da") == (
        "Selv i den bedste ende af usikkerheden (9,0 pct.) når gevinsten ikke de 10 pct., "
        "der var sat som mål."
    )


def test_3_is_not_said_where_the_goal_is_within_reach():
    for state in (x.go(), x.prolong(), x.stop()):
        assert short_of_goal(state.trial, state.analysis.confirmatory) is None


def test_3_never_says_that_fifteen_does_not_reach_fifteen():
    near = x.SAVED[0].model_copy(update={"estimate": 0.9, "ci": (0.8504, 0.97)})
    assert "(14,96 pct.)" in render(short_of_goal(x.trial(), near), "da")


def test_4_took_longer():
    assert told(x.stop()) == [
        "Referater tog længere tid med AI: 5,7 minutter mere pr. referat.",
        "Tallene passer med alt mellem 1,4 og 10,0 minutter.",
    ]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (x.go, "Referater var 20 pct. hurtigere færdige. Usikkerheden går fra 12 til 27 pct."),
        (x.stop, "Referater tog 19 pct. længere tid. Usikkerheden går fra 5 til 35 pct."),
        (
            x.prolong,
            "I procent går usikkerheden fra 27 pct. hurtigere til 2 pct. langsommere.",
        ),
    ],
)
def test_5_in_per_cent(make, sentence):
    state = make()
    assert render(in_per_cent(state.trial, state.analysis.confirmatory), "da") == sentence


def test_6_the_ratio_is_shown_and_the_minutes_are_not():
    effects = (x.SAVED[0], x.SAVED[1].model_copy(update={"ci": (-25.0, 1.0)}))
    lines = told(x.state(x.trial(), x.analysis(x.trial(), effects)))
    assert lines[-1] == (
        "Den typiske opgave blev hurtigere, men om de samlede minutter faldt, kan ikke afgøres. "
        "Budgettet følger minutterne."
    )


def test_a_gap_is_told_with_its_reason():
    lines = told(x.only_gaps(), "en")
    assert lines[0] == "What it gave cannot be told yet."
    assert "only one participant" in lines[1]


def test_without_minutes_the_per_cent_is_told_and_that_minutes_are_unknown():
    lines = told(x.state(x.trial(), x.analysis(x.trial(), x.SAVED[:1])), "en")
    assert lines == [
        "Referater were done 20 % faster. The uncertainty runs from 12 to 27 %.",
        "How many minutes that is cannot be told.",
    ]


def test_a_primary_metric_that_is_not_time_is_told_by_its_levels():
    metric = {
        "id": "task_time",
        "label": "Rigtige svar",
        "kind": "binary",
        "column": "right",
        "better": "higher",
        "role": "primary",
        "worthwhile": 0.1,
    }
    of = x.trial(metrics=[metric])
    right = x.effect(
        "task_time",
        "difference",
        0.12,
        (0.04, 0.2),
        (0.61, 0.73),
        better="higher",
        confirmatory=True,
    )
    assert told(x.state(of, x.analysis(of, (right,)))) == [
        "Rigtige svar: 73 pct. med AI mod 61 pct. uden.",
        "Forskellen kan være alt fra +4 til +20 procentpoint.",
    ]
    unsure = right.model_copy(update={"estimate": 0.02, "ci": (-0.04, 0.08)})
    assert told(x.state(of, x.analysis(of, (unsure,))))[0] == (
        "Rigtige svar: måske en ændring på +2,0 procentpoint."
    )


def test_the_average_is_told_and_kept_back_for_few_people():
    text = average(x.go().trial, x.go().analysis)
    assert render(text, "da") == "Gennemsnit pr. referat: 48,5 minutter med AI mod 60,5 uden."
    assert average(x.few_people().trial, x.few_people().analysis) is None


def test_an_average_that_was_adjusted_says_that_it_is_made_comparable():
    text = average(x.adjusted().trial, x.adjusted().analysis)
    assert render(text, "da") == (
        "Sammenlignelige gennemsnit pr. referat: 48,5 minutter med AI mod 60,5 uden."
    )
    assert render(text, "en") == (
        "On average, made comparable, one referat took 48.5 minutes with AI and 60.5 without."
    )


def test_a_trial_that_does_not_name_its_tasks_speaks_of_tasks():
    assert told(x.no_go())[0] == "Måske 1,2 minutter sparet pr. opgave."
