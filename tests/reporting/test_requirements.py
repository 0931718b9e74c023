"""The policy's requirements as a reader meets them."""

from dataclasses import replace

from htkeval.reporting.requirements import rows, summary
from htkeval.text import render
from tests.dashboards import examples as x


def test_they_stand_in_reading_order_with_all_gates_in_one_row():
    assert [row.id for row in rows(x.go())] == [
        "excludes_no_effect",
        "worthwhile",
        "arithmetic_agrees",
        "guardrail_errors",
        "evidence_level",
        "no_hard_stop",
        "gates",
    ]


def test_the_gates_row_names_what_is_open():
    gates = rows(x.prolong())[-1]
    assert gates.met is False
    assert render(gates.because, "da") == "Stadig åben: Drøftet i MED."
    assert rows(x.go())[-1].met is True


def test_a_trial_without_required_gates_has_no_such_row():
    of = x.trial(gates=[])
    state = x.state(of, x.analysis(of, x.SAVED))
    assert "gates" not in [row.id for row in rows(state)]


def test_the_summary_counts_met_not_met_and_unknown():
    assert render(summary(x.go()), "da") == (
        "Kommunens egen politik for AI-forsøg, 2026-1 (Udkast: ikke vedtaget), stiller "
        "syv krav. Alle er opfyldt."
    )
    assert render(summary(x.prolong()), "da") == (
        "Kommunens egen politik for AI-forsøg, 2026-1 (Udkast: ikke vedtaget), stiller "
        "syv krav. Opfyldt: 2. Ikke opfyldt: 4. "
        "Kan ikke afgøres endnu: 1."
    )


def test_a_requirement_of_a_later_policy_is_shown_by_its_id():
    state = x.go()
    new = state.recommendation.requirements[0].model_copy(update={"id": "paid_for"})
    advice = state.recommendation.model_copy(update={"requirements": (new,)})
    (row,) = rows(replace(state, **{"recommendation": advice}))
    assert (row.id, render(row.label, "da")) == ("paid_for", "paid_for")


def test_without_a_recommendation_there_are_none():
    assert rows(x.not_measured()) == ()
