"""Tables hold words and figures; small groups and empty cells are never told as numbers."""

from dataclasses import replace

from htkeval.effect import Inference
from htkeval.reporting import likeness, method_tables, tables
from htkeval.reporting.words import Mark
from htkeval.text import render
from tests.dashboards import examples as x


def shown(table, language="da"):
    def cell(one):
        return render(one.word if isinstance(one, Mark) else one, language)

    return [[cell(one) for one in row] for row in table.rows]


def test_counts_by_arm():
    assert shown(tables.counts(x.go())) == [
        ["Registreret", "178", "174"],
        ["Med i opgørelsen", "163", "155"],
        ["Medarbejdere", "24", "24"],
        ["Minutter pr. referat, gennemsnit", "60,5", "48,5"],
    ]


def test_a_group_below_five_people_is_not_told_nor_are_its_means():
    rows = shown(tables.counts(x.few_people()))
    assert ["Medarbejdere", "under 5", "9"] in rows
    assert len(rows) == 3


def test_teams_are_called_teams_and_may_be_few():
    assert ["Hold", "96", "96"] in shown(tables.counts(x.no_go()))


def test_one_arm_only_has_a_nought_for_the_other():
    assert shown(tables.counts(x.one_arm_only())) == [["Registreret", "41", "0"]]


def test_gates_with_state_day_and_who():
    rows = shown(tables.gates(x.prolong()))
    assert rows[0] == ["Konsekvensanalyse (DPIA)", "Lukket", "5. januar 2026, Digitalisering"]
    assert rows[-1] == ["Drøftet i MED", "Åben", "senest 5. januar 2026, Digitalisering"]
    assert rows[2][1] == "Ikke nødvendig"


def test_a_gate_without_day_or_name_has_a_dash():
    state = x.go()
    bare = replace(state.gates[0], **{"date": None, "responsible": None, "id": "own_gate"})
    rows = shown(tables.gates(replace(state, **{"gates": (bare,)})))
    assert rows == [["own gate", "Lukket", "–"]]


def test_history_is_told_oldest_first_and_ends_with_what_is_missing():
    assert [row[1] for row in shown(tables.history(x.go()))] == [
        "Mål, grænser og metode låst (fingeraftryk 7c417c417c41).",
        "Målingerne er regnet igennem.",
        "Beslutning: ikke truffet endnu.",
    ]
    last = shown(tables.history(x.decided()))[-1]
    assert last[0] == "16. juni 2026"
    assert last[2] == "Mette Holm"


def test_effects_carry_their_p_value_in_the_method_section_only():
    state = x.go()
    rows = shown(method_tables.effects(state.trial, state.analysis))
    assert rows[0][0].endswith("den bekræftende prøve")
    assert rows[0][4] == "< 0,0001"  # never nought
    assert rows[1][4] == "0,0123"
    for table in (tables.counts(state), tables.criteria(state), tables.history(state)):
        assert not any("0,0123" in cell for row in shown(table) for cell in row)


def test_every_method_is_shown_with_what_it_has():
    state = x.go()
    bare = state.analysis.effects[0].inference[0].model_copy(update={"se": None, "df": None})
    effect = state.analysis.effects[0].model_copy(update={"inference": (bare,)})
    (row,) = shown(method_tables.inference(state.trial, x.analysis(state.trial, (effect,))))
    assert row[2:4] == ["–", "–"]


def test_checks_have_three_outcomes():
    rows = shown(method_tables.checks(x.go().analysis))
    assert [row[1] for row in rows] == ["I orden", "Ikke i orden", "Til orientering"]
    assert [row[0] for row in rows] == [
        "Gruppernes størrelse",
        "Manglende målinger",
        "Eftervirkning",
    ]


def test_gaps_and_fingerprints():
    state = x.only_gaps()
    assert len(shown(method_tables.gaps(state.trial, state.analysis))) == 3
    prints = shown(method_tables.fingerprints(x.go()))
    assert [row[0] for row in prints] == ["Låst løfte", "Datasæt", "Analyse", "Program", "Politik"]
    assert shown(method_tables.fingerprints(x.not_measured())) == []


def test_every_row_is_as_long_as_the_head():
    for make in (x.go, x.prolong, x.no_go, x.stop, x.only_gaps, x.not_measured, x.decided):
        state = make()
        all_tables = [tables.counts(state), tables.gates(state), tables.criteria(state)]
        all_tables.append(tables.history(state))
        if state.analysis:
            all_tables += [
                method_tables.effects(state.trial, state.analysis),
                method_tables.inference(state.trial, state.analysis),
            ]
        for table in all_tables:
            assert {len(row) for row in table.rows} <= {len(table.head)}


def test_a_mean_that_was_adjusted_says_so_and_both_stand_in_the_method_section():
    state = x.adjusted()
    assert shown(tables.counts(state))[-1] == [
        "Minutter pr. referat, gennemsnit, sammenlignelige",
        "60,5",
        "48,5",
    ]
    assert shown(method_tables.averages(state.trial, state.analysis)) == [
        ["Minutter pr. referat, som målt", "60,9 minutter", "48,1 minutter"],
        ["Minutter pr. referat, sammenlignelige", "60,5 minutter", "48,5 minutter"],
    ]


def test_means_that_are_the_same_are_told_once_and_those_of_few_people_never():
    for state in (x.go(), x.few_people()):
        assert method_tables.averages(state.trial, state.analysis).rows == ()
    few = x.adjusted()
    effects = [
        one.model_copy(update={"baseline": one.baseline.model_copy(update={"clusters": 4})})
        for one in few.analysis.effects
    ]
    found = few.analysis.model_copy(update={"effects": tuple(effects)})
    assert method_tables.averages(few.trial, found).rows == ()


def test_an_effect_of_few_people_does_not_say_how_many():
    state = x.few_people()
    rows = shown(method_tables.effects(state.trial, state.analysis))
    assert {row[-1] for row in rows} == {"under 5 uden, 9 med"}


def test_p_after_holm_has_a_column_only_where_there_is_one():
    state = x.go()
    assert len(method_tables.effects(state.trial, state.analysis).head) == 7
    last = state.analysis.effects[-1].model_copy(update={"p_adjusted": 0.0321})
    of = x.analysis(state.trial, (*state.analysis.effects[:-1], last))
    table = method_tables.effects(state.trial, of)
    assert [render(name, "da") for name in table.head].index("p (Holm)") == 5
    assert [row[5] for row in shown(table)] == ["–", "–", "0,0321"]


def test_the_second_average_of_a_roll_out_is_named():
    state = x.go()
    second = state.analysis.effects[0].model_copy(
        update={"estimand": "exposure_average", "confirmatory": False}
    )
    rows = shown(method_tables.effects(state.trial, x.analysis(state.trial, (second,))))
    assert rows[0][0].endswith("med AI til uden; kort og lang tids brug tæller lige meget")


def drawn(**changes):
    return Inference.model_validate(
        {"method": "rerandomisation", "estimate": -0.2, "ci": (-0.3, -0.1), "p_value": 0.01}
        | changes
    )


def test_the_repeated_draw_says_how_often_or_that_it_was_every_outcome():
    state = x.go()
    both = (drawn(draws=9999, exact=False), drawn(draws=924, exact=True))
    effect = state.analysis.effects[0].model_copy(update={"inference": both})
    table = method_tables.inference(state.trial, x.analysis(state.trial, (effect,)))
    names = [row[0] for row in shown(table)]
    assert names[0].endswith("gentrækning af lodtrækningen, 9.999 lodtrækninger")
    assert names[1].endswith("gentrækning af lodtrækningen, alle 924 udfald")


def test_reml_of_a_series_is_not_called_a_mixed_model():
    design = {"kind": "interrupted_time_series", "randomised": False, "arm": "arm", "period": "p"}
    of = x.trial(design=design)
    one = drawn(method="reml")
    effect = x.go().analysis.effects[0].model_copy(update={"inference": (one,)})
    ((name, *_),) = shown(method_tables.inference(of, x.analysis(of, (effect,))))
    assert name.endswith("række, hvor naboperioder ligner hinanden (AR(1), REML)")


def test_likeness_has_its_interval_and_a_roll_outs_periods():
    state = x.go()
    first = state.analysis.effects[0].model_copy(
        update={
            "icc_ci": (0.1, 0.4),
            "cluster_autocorrelation": 0.8,
            "cluster_autocorrelation_ci": None,
        }
    )
    rows = shown(likeness.table(state.trial, x.analysis(state.trial, (first,))))
    assert [row[1:] for row in rows] == [["0,21", "0,10", "0,40"], ["0,80", "–", "–"]]
    assert rows[0][0].endswith("opgaver fra samme person eller hold (ICC)")


def test_a_gate_tells_its_papers_and_its_class():
    state = x.go()
    told = replace(
        state.gates[0],
        **{"id": "ai_act", "document": "Sag 2026-12", "ai_class": "minimal", "why": "Et udkast"},
    )
    ((_, _, last),) = shown(tables.gates(replace(state, **{"gates": (told,)})))
    assert last == (
        "5. januar 2026, Digitalisering. Dokument: Sag 2026-12. Klasse: minimal risiko. Et udkast"
    )
