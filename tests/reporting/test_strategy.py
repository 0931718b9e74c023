"""Input to the AI strategy: nothing between looks, nothing of few, each finding to its area."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from htkeval.condition import Condition, ConditionStands
from htkeval.decision import GateState
from htkeval.effect import Check, Subgroup
from htkeval.frozen import document
from htkeval.note import Note, NoteStep, Sent
from htkeval.portfolio import GateView, Portfolio
from htkeval.reporting.strategy import notes, quiet, sections, strategy
from htkeval.text import LANGUAGES, render, say
from tests.dashboards import examples as x
from tests.dashboards.test_findings_shown import finding

AT = datetime(2026, 2, 1, tzinfo=UTC)


def note(area: str = "Borgerservice", state: str = "sent", answer: str | None = None) -> Note:
    step = NoteStep(state="sent", answer=None, at=AT, by="Ida", event=1)
    last = NoteStep(state=state, answer=answer, at=AT, by="Bo", event=2)
    history = (step,) if state == "sent" else (step, last)
    return Note(
        id="N1",
        source="KL",
        date=date(2026, 1, 5),
        claim="Telefonbot tog hvert tredje opkald",
        level="E1",
        sent=(Sent(area=area, owner="Afdelingschef", history=history),),
        by="Ida",
        at=AT,
        event=1,
    )


def portfolio(*states, told: tuple[Note, ...] = ()) -> Portfolio:
    return replace(x.portfolio(*states), notes=told)


def one(state):
    (found,) = strategy(portfolio(state)).trials
    return found


def words(state, language="en"):
    found = one(state)
    return "\n".join(
        render(line, language) for heading, lines in sections(found) for line in (heading, *lines)
    )


def test_what_worked_is_told_with_verdict_level_and_decision():
    found, said = one(x.go()), words(x.go())
    assert (found.level, found.verdict, found.decided) == ("E4", "go", None)
    assert "12 minutes saved per referat." in said
    assert "Recommended for scaling: " in said
    assert "Missing measurements: One arm lost more rows than the other." in said
    assert "too few rows to tell" not in said  # only shown, never judged
    assert "sizes that were drawn" not in said  # it passed


def test_nothing_is_told_between_looks():
    looked = Check(name="between_looks", passed=None, message=say("It is no planned look."))
    state = x.go()
    kept = state.analysis.model_copy(update={"checks": (*x.CHECKS, looked), "subgroups": GROUPS})
    found = one(replace(state, analysis=kept))
    assert [said.about for said in found.gave] == ["look"]
    assert found.conditions == ()
    said = words(replace(state, analysis=kept))
    assert "nothing of it is told between the planned looks" in said
    for figure in ("12", "48", "60", "%", "lost more rows"):
        assert figure not in said, figure


def group(value: str, clusters: int | None, shrunken: float = 0.8, **changes) -> Subgroup:
    return Subgroup(
        **{
            "metric": "task_time", "scale": "ratio", "column": "task_type", "value": value,
            "tasks": 40, "clusters": clusters, "estimate": 0.5, "ci": (0.4, 0.9),
            "shrunken": shrunken, **changes,
        }
    )  # fmt: skip


GROUPS = (group("kort", 9), group("lang", 12, 0.9))


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        (GROUPS, "By task type, the best guess: kort −20 %, lang −10 %"),
        ((group("kort", 4), group("lang", 12)), None),
        ((group("kort", 4), group("lang", 12), group("mellem", 8, 1.1)), "lang −20 %, mellem +10"),
        (tuple(g.model_copy(update={"metric": "errors"}) for g in GROUPS), None),
    ],
)
def test_groups_are_told_as_the_analysis_tells_them_and_none_of_fewer_than_five(groups, told):
    state = x.go()
    kept = state.analysis.model_copy(update={"subgroups": groups})
    said = words(replace(state, analysis=kept))
    if told is None:
        assert "best guess:" not in said
    else:
        assert told in said
    assert "50 %" not in said  # the group's own estimate, which swings


def test_no_mean_of_few_people_is_told():
    for figure in ("48", "60", "46", "58"):
        assert figure not in words(x.few_people()), figure


def test_in_danish_the_groups_keep_their_abbreviations():
    state = x.go()
    kept = state.analysis.model_copy(update={"subgroups": GROUPS})
    assert "kort −20 pct., lang −10 pct." in words(replace(state, analysis=kept), "da")


def gate(state: GateState, why: str | None = None) -> GateView:
    return GateView(id="dpia", required=True, state=state, responsible="DPO", why=why)


def test_open_gates_hold_back_unless_they_are_conditions_of_a_go():
    state = replace(x.go(), gates=(gate("open"),))
    assert [said.about for said in one(state).held_back] == ["gate:dpia"]
    advice = state.recommendation.model_copy(update={"verdict": "go_with_conditions"})
    waits = one(replace(state, recommendation=advice))
    assert waits.held_back == ()
    assert "gate:dpia" in [said.about for said in waits.conditions]
    assert "is not closed (DPO)" in words(state)
    assert one(replace(state, gates=(gate("closed"),))).held_back == ()


def test_the_conditions_of_the_decision_stand_as_conditions_and_their_gates_hold_nothing_back():
    asked = Condition(id="C1", text="dpia", owner="DPO", due=date(2026, 9, 1), gate="dpia")
    other = Condition(id="C2", text="Kursus for alle", owner="Teamleder", due=date(2026, 8, 1))
    gone = Condition(id="C3", text="Ny skærm", owner="Teamleder", due=date(2026, 8, 1))
    stands = tuple(
        ConditionStands(decision=9, condition=one, state=how)
        for one, how in ((asked, "open"), (other, "met"), (gone, "dropped"))
    )
    found = one(replace(x.go(), gates=(gate("open"),), conditions=stands))
    assert found.held_back == ()
    assert [said.about for said in found.conditions][:2] == ["condition:C1", "condition:C2"]
    said = words(replace(x.go(), gates=(gate("open"),), conditions=stands))
    assert "(DPIA) (DPO, by 1 September 2026): open." in said
    assert "Kursus for alle (Teamleder, by 1 August 2026): met." in said
    assert "Ny skærm" not in said


def test_what_the_law_forbids_is_told_with_its_reason_also_before_any_measurement():
    state = replace(x.not_measured(), gates=(gate("forbidden", "Ingen hjemmel"),))
    assert one(x.not_measured()).quiet
    assert not one(state).quiet
    assert "the law does not allow the use. Ingen hjemmel" in words(state)


EXPERIENCE = finding(
    1,
    kind="experience",
    text="Kort prompt virker",
    areas=("Borgerservice",),
    measure=None,
    due=None,
)
SOLVED = finding(2, text="Lyd ud af EU", status="solved", closed=date(2026, 2, 3), areas=())
OPEN = finding(3, kind="legal", text="Hjemmel mangler", areas=("Teknik",))


def test_findings_stand_where_they_are_read():
    state = replace(x.go(), findings=(EXPERIENCE, SOLVED, OPEN))
    placed = {
        render(heading, "en"): "\n".join(render(line, "en") for line in lines)
        for heading, lines in sections(one(state))
    }
    assert (
        "Lyd ud af EU – Serveren flyttes (Sikkerhedschef): solved" in placed["On which conditions"]
    )
    assert "Hjemmel mangler" in placed["What law, security or co-operation holds back"]
    assert "Kort prompt virker [Matters to: Borgerservice]" in placed["Experience to share"]
    assert sum("Kort prompt" in lines for lines in placed.values()) == 1


def test_each_finding_reaches_the_areas_that_it_matters_to_and_no_other():
    social = replace(x.go(), findings=(EXPERIENCE, SOLVED, OPEN))
    work = replace(x.prolong(), findings=())
    every = portfolio(social, work, told=(note(), note("Teknik")))

    def of(area):
        found = strategy(every, area)
        assert found.area == area
        return {(trial.trial, each.finding) for trial in found.trials for each in trial.findings}, [
            one.sent[0].area for one in found.notes
        ]

    assert of(" BORGERSERVICE ") == ({("tale-til-tekst", "F1")}, ["Borgerservice"])
    assert of("Teknik") == ({("tale-til-tekst", "F3")}, ["Teknik"])
    # its own area has all of it; a finding without areas matters there
    assert of("Social og Handicap") == ({("tale-til-tekst", f"F{n}") for n in (1, 2, 3)}, [])
    assert of("Borger og Arbejdsmarked") == (set(), [])
    assert [one.trial for one in strategy(every, "Borger og Arbejdsmarked").trials] == ["fagbot"]
    assert strategy(every, "Ukendt").trials == ()
    assert len(strategy(every).trials) == 2


def test_notes_stand_apart_from_what_was_measured_with_what_was_answered():
    found = strategy(portfolio(x.go(), told=(note(state="answered", answer="Vi prøver det"),)))
    (said,) = (render(line, "en") for line in notes(found))
    assert "told by KL, 5 January 2026, without a comparison" in said
    assert "Sent to Borgerservice (Afdelingschef): answered: Vi prøver det." in said
    assert all("Telefonbot" not in words(state) for state in (x.go(),))


def test_what_has_nothing_to_tell_is_one_sentence_and_simulated_stays_marked():
    found = strategy(x.portfolio(x.not_measured(), x.go(), simulated=True))
    assert str(quiet(found)) == "Nothing to tell yet: Nyt forsøg."
    assert found.simulated
    assert quiet(strategy(portfolio(x.go()))) is None
    assert not strategy(portfolio(x.go())).simulated


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_a_trial_can_have_makes_a_document(language):
    states = (
        x.go(), x.prolong(), x.no_go(), x.stop(), x.only_gaps(), x.one_arm_only(),
        x.not_measured(), x.few_people(), x.adjusted(),
    )  # fmt: skip
    made = document(strategy(portfolio(*states, told=(note(),))), language)
    assert len(made["trials"]) == len(states)
    for trial in made["trials"]:
        assert all(said["text"] for key in ("gave", "held_back") for said in trial[key])
