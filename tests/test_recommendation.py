"""Policy and evidence in, verdict out: the truth table, and what may never happen."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.analysis import Analysis
from htkeval.canonical import fingerprint
from htkeval.decision import GateTold, Policy
from htkeval.effect import ArmFigures, Check, Effect, Gap, Inference
from htkeval.recommendation import recommend
from htkeval.text import render, say
from htkeval.trial import HardStop, Trial
from tests.examples import TRIAL

BASE = ArmFigures(tasks=60, clusters=12, mean=30.0, sd=12.0, adjusted_mean=30.0)
OTHER = ArmFigures(tasks=60, clusters=12, mean=24.0, sd=10.0, adjusted_mean=24.0)


def trial() -> Trial:
    import tomllib

    return Trial.model_validate(tomllib.loads(TRIAL))


def policy(**changes) -> Policy:
    go = {"evidence_level": "E4", **changes}
    return Policy(version="t", valid_from="2026-01-01", status="test", go=go)


def effect(metric: str, scale: str, low: float, estimate: float, high: float) -> Effect:
    ratio = scale == "ratio"
    logged = [math.log(x) if ratio else x for x in (low, estimate, high)]
    se = (logged[2] - logged[0]) / 4
    one = Inference(
        method="cr2", estimate=logged[1], se=se, df=11, ci=(logged[0], logged[2]), p_value=0.03
    )
    return Effect(
        metric=metric,
        role="primary" if metric == "task_time" else "guardrail",
        confirmatory=ratio,
        scale=scale,
        weights="task",
        unit="min",
        better="lower",
        estimate=estimate,
        ci=(low, high),
        p_value=0.03,
        level=0.95,
        method="cr2",
        baseline=BASE,
        treatment=OTHER,
        inference=(one,),
    )


def analysis(ratio=(0.7, 0.8, 0.9), minutes=(-9, -6, -3), errors=(-0.05, 0.0, 0.05), **more):
    effects = []
    if ratio:
        effects.append(effect("task_time", "ratio", *ratio))
    if minutes:
        effects.append(effect("task_time", "difference", *minutes))
    if errors:
        effects.append(effect("errors", "difference", *errors))
    values = {"evidence_level": "E4", "registration": "r", **more}
    return Analysis(
        trial="proeve", snapshot="s", rows=120, software="test", effects=tuple(effects), **values
    )


def verdict(found: Analysis, gates=None, rules=None) -> str:
    states = {"dpia": "closed"} if gates is None else gates
    return recommend(trial(), rules or policy(), found, states, fingerprint="f").verdict


def met(found: Analysis, gates=None) -> dict[str, bool | None]:
    states = {"dpia": "closed"} if gates is None else gates
    answer = recommend(trial(), policy(), found, states, fingerprint="f")
    return {requirement.id: requirement.met for requirement in answer.requirements}


@pytest.mark.parametrize(
    ("found", "gates", "expected"),
    [
        (analysis(), None, "go"),
        (analysis(), {"dpia": "not_needed"}, "go"),
        (analysis(), {"dpia": "open"}, "prolong"),
        (analysis(), {}, "prolong"),
        (analysis(evidence_level="E3"), None, "prolong"),
        (analysis(ratio=(0.7, 0.85, 1.02)), None, "prolong"),
        (analysis(ratio=(0.8, 0.9, 0.97)), None, "prolong"),
        (analysis(minutes=(-9, -3, 1)), None, "prolong"),
        (analysis(minutes=None), None, "prolong"),
        (analysis(ratio=None), None, "prolong"),
        (analysis(errors=(-0.05, 0.05, 0.15)), None, "prolong"),
        (analysis(errors=None), None, "prolong"),
        (analysis(errors=(0.11, 0.2, 0.3)), None, "no_go"),
        (analysis(ratio=(0.9, 0.95, 1.0)), None, "no_go"),
        (analysis(ratio=(0.9, 1.0, 1.1)), None, "no_go"),
        (analysis(ratio=(1.05, 1.2, 1.4)), None, "stop"),
        (analysis(ratio=(0.7, 0.8, 0.9), minutes=(2, 6, 9)), None, "stop"),
        (analysis(hard_stops=("sendt",)), None, "stop"),
        (analysis(), {"dpia": "forbidden"}, "not_permitted"),
        (analysis(ratio=(0.9, 1.0, 1.1)), {"dpia": "forbidden"}, "not_permitted"),
        (analysis(ratio=None), {"dpia": "forbidden"}, "not_permitted"),
        (analysis(ratio=(1.05, 1.2, 1.4)), {"dpia": "forbidden"}, "stop"),
        (analysis(hard_stops=("sendt",)), {"dpia": "forbidden"}, "stop"),
    ],
)
def test_the_verdict_follows_the_truth_table(found, gates, expected):
    definition = trial()
    if found.hard_stops:
        stop = HardStop(column="sendt", text="Fejl sendt")
        definition = definition.model_copy(update={"hard_stops": (stop,)})
    states = {"dpia": "closed"} if gates is None else gates
    assert recommend(definition, policy(), found, states, fingerprint=None).verdict == expected


def test_minutes_that_surely_rose_are_named_and_stop_only_where_the_policy_asks_for_them():
    found = analysis(ratio=(0.7, 0.8, 0.9), minutes=(2, 6, 9))
    answer = recommend(trial(), policy(), found, {"dpia": "closed"}, fingerprint="f")
    (because,) = (one for one in answer.requirements if one.id == "arithmetic_agrees")
    assert "the whole uncertainty is a loss" in str(because.message)
    assert verdict(found, rules=policy(arithmetic_agrees=False)) == "go"
    unsure = analysis(minutes=(-2, 1, 9))
    answer = recommend(trial(), policy(), unsure, {"dpia": "closed"}, fingerprint="f")
    assert answer.next.n_more is None, "the ratio's error says nothing of how many the minutes need"


def test_a_gap_is_not_known_rather_than_not_met():
    found = analysis(ratio=None, minutes=None, errors=None)
    answers = met(found)
    assert answers["excludes_no_effect"] is None
    assert answers["guardrail_errors"] is None
    gap = Gap(metric="errors", scale="difference", message=say("no rows"))
    assert met(found.model_copy(update={"gaps": (gap,)})) == answers


def test_each_requirement_has_a_sentence_in_both_languages():
    from htkeval.text import render

    answer = recommend(trial(), policy(), analysis(), {}, fingerprint=None)
    for requirement in answer.requirements:
        danish, english = (render(requirement.message, x) for x in ("da", "en"))
        assert danish != english


def test_a_higher_is_better_metric_is_read_the_other_way_round():
    text = TRIAL.replace('better = "lower"', 'better = "higher"', 1).replace("-0.15", "0.15")
    import tomllib

    higher = Trial.model_validate(tomllib.loads(text))
    up = effect("task_time", "ratio", 1.1, 1.3, 1.5).model_copy(update={"better": "higher"})
    found = analysis(ratio=None).model_copy(update={"effects": (up,)})
    answer = recommend(higher, policy(), found, {"dpia": "closed"}, fingerprint=None)
    states = {one.id: one.met for one in answer.requirements}
    assert states["excludes_no_effect"] is True
    assert states["worthwhile"] is True


def test_the_number_of_tasks_still_needed_follows_the_planning_formula():
    """n/n0 = (se (z_.975 + z_.8) / |log .85|)^2 with se = (log 1.02 - log 0.7)/4, n0 = 120."""
    found = analysis(ratio=(0.7, 0.85, 1.02))
    se = (math.log(1.02) - math.log(0.7)) / 4
    reach = se * (1.959963985 + 0.841621234) / abs(math.log(0.85))
    expected = math.ceil(120 * (reach**2 - 1))
    answer = recommend(trial(), policy(), found, {"dpia": "closed"}, fingerprint=None)
    assert answer.next.n_more == expected > 0


@given(
    centre=st.floats(-0.5, 0.3),
    half=st.floats(0.01, 0.6),
    shrink=st.floats(0.1, 1.0),
    low_level=st.sampled_from(["E2", "E3", "E4"]),
)
def test_better_evidence_for_the_same_estimate_never_turns_go_into_no_go(
    centre, half, shrink, low_level
):
    def at(width: float, grade: str) -> str:
        ends = [math.exp(centre + k * width) for k in (-1, 0, 1)]
        minutes = [30 * (end - 1) for end in ends]
        return verdict(analysis(ratio=ends, minutes=minutes, evidence_level=grade))

    if at(half, low_level) == "go":
        assert at(half * shrink, "E5") == "go"


def test_an_incident_that_nobody_recorded_is_not_known_and_never_go():
    stop = HardStop(column="sendt", text="Fejl sendt")
    definition = trial().model_copy(update={"hard_stops": (stop,)})
    silent = Check(name="hard_stop", passed=None, message=say("nobody looked"))
    found = analysis(checks=(silent,))
    answer = recommend(definition, policy(), found, {"dpia": "closed"}, fingerprint=None)
    assert {one.id: one.met for one in answer.requirements}["no_hard_stop"] is None
    assert answer.verdict == "prolong"


def test_a_guardrail_in_doubt_tells_how_many_tasks_would_settle_it():
    """Half-width .10 about .05 against a margin of .10: the width must halve, and shrink once more
    by 1 + 0.8416 / 1.9600 for 80 %: 120 x ((2 x 1.4294)^2 - 1) = 861 more."""
    answer = recommend(
        trial(),
        policy(),
        analysis(errors=(-0.05, 0.05, 0.15)),
        {"dpia": "closed"},
        fingerprint=None,
    )
    assert answer.next.n_more == 861


def test_a_guardrail_that_is_estimated_outside_its_limit_promises_nothing():
    found = analysis(errors=(-0.05, 0.12, 0.29))
    answer = recommend(trial(), policy(), found, {"dpia": "closed"}, fingerprint=None)
    assert answer.verdict == "prolong"
    assert answer.next.n_more is None
    assert "outside its agreed limit" in render(answer.next.message, "en")
    both = analysis(ratio=(0.7, 0.9, 1.15), errors=(-0.05, 0.12, 0.29))
    answer = recommend(trial(), policy(), both, {"dpia": "closed"}, fingerprint=None)
    assert answer.next.n_more
    assert "outside its agreed limit" in render(answer.next.message, "en")


def test_after_the_last_look_it_takes_a_trial_of_its_own():
    found = analysis(ratio=(0.7, 0.9, 1.15))
    look = {"k": 2.0, "of": 2.0, "nominal_level": 0.04}
    effects = tuple(
        one.model_copy(update={"look": look}) if one.confirmatory else one for one in found.effects
    )
    found = found.model_copy(update={"effects": effects})
    answer = recommend(trial(), policy(), found, {"dpia": "closed"}, fingerprint=None)
    assert "A new trial of about" in render(answer.next.message, "en")


def test_a_gap_is_not_answered_with_more_tasks():
    answer = recommend(
        trial(), policy(), analysis(errors=None), {"dpia": "closed"}, fingerprint=None
    )
    assert answer.next.n_more is None
    assert "Fejl i referatet" in str(answer.next.message)


def test_a_tiny_goal_gives_no_number_rather_than_an_overflow():
    tiny = trial().primary.model_copy(update={"worthwhile": -0.001})
    definition = trial().model_copy(update={"metrics": (tiny, trial().metrics[1])})
    found = analysis(ratio=(0.5, 0.99, 1.9))
    answer = recommend(definition, policy(), found, {"dpia": "closed"}, fingerprint=None)
    assert answer.next.n_more is None


def test_a_policy_with_other_contents_has_another_fingerprint():
    one, other = policy(), policy(gates_closed=False)
    prints = {
        recommend(trial(), rules, analysis(), {}, fingerprint=None).policy_fingerprint
        for rules in (one, other)
    }
    assert len(prints) == 2


def test_a_policy_may_switch_a_criterion_off():
    found = analysis(minutes=(-9, -3, 1))
    assert verdict(found) == "prolong"
    assert verdict(found, rules=policy(arithmetic_agrees=False)) == "go"


@pytest.mark.parametrize(
    ("found", "state", "expected"),
    [
        (analysis(), "closed", "go"),
        (analysis(), "open", "go_with_conditions"),
        (analysis(), "forbidden", "not_permitted"),
        (analysis(ratio=(0.7, 0.85, 1.02)), "open", "prolong"),
        (analysis(ratio=(0.9, 1.0, 1.1)), "open", "no_go"),
        (analysis(evidence_level="E3"), "open", "prolong"),
    ],
)
def test_a_gate_that_may_wait_is_a_condition_where_everything_else_holds(found, state, expected):
    rules = policy(conditions=("dpia",))
    answer = recommend(trial(), rules, found, {"dpia": state}, fingerprint="f")
    assert answer.verdict == expected
    if expected == "go_with_conditions":
        assert "with these as conditions" in str(answer.next.message)
        assert [one.id for one in answer.requirements if one.met is not True] == ["gate_dpia"]


def test_what_the_law_forbids_is_named_though_the_policy_asks_for_no_gate():
    answer = recommend(
        trial(), policy(gates_closed=False), analysis(), {"dpia": "forbidden"}, fingerprint=None
    )
    assert answer.verdict == "not_permitted"
    assert {one.id: one.met for one in answer.requirements}["gate_dpia"] is False


def test_teams_that_nobody_drew_carry_a_saving_only_where_the_policy_says_so():
    design = trial().design.model_copy(update={"kind": "difference_in_differences"})
    definition = trial().model_copy(update={"design": design})

    def of(**changes):
        rules = policy(**changes)
        states = {"dpia": "closed"}
        return recommend(definition, rules, analysis(), states, fingerprint=None).verdict

    assert (of(), of(difference_in_differences=True), of(evidence_level="E3")) == (
        "prolong", "go", "go"
    )  # fmt: skip


def test_every_verdict_is_reached_by_some_row_of_the_truth_table():
    from typing import get_args

    from htkeval.decision import Verdict

    reached = {
        verdict(analysis()),
        verdict(analysis(), {"dpia": "open"}),
        verdict(analysis(), {"dpia": "open"}, policy(conditions=("dpia",))),
        verdict(analysis(), {"dpia": "forbidden"}),
        verdict(analysis(ratio=(0.9, 1.0, 1.1))),
        verdict(analysis(ratio=(1.05, 1.2, 1.4))),
    }
    assert reached == set(get_args(Verdict))


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("closed", "is closed since 1 March 2026; DPO answers for it."),
        ("open", "is open; DPO has until 1 March 2026."),
    ],
)
def test_a_gate_says_who_answers_for_it_and_since_when(state, sentence):
    told = {"dpia": GateTold(on="2026-03-01", responsible="DPO")}
    found = recommend(trial(), policy(), analysis(), {"dpia": state}, fingerprint="f", told=told)
    (gate,) = (one for one in found.requirements if one.id == "gate_dpia")
    assert render(gate.message, "en").endswith(sentence)
    assert "DPO" in render(gate.message, "da")


def test_a_policy_that_says_nothing_of_later_criteria_has_the_fingerprint_it_always_had():
    dumped = policy().model_dump(mode="json")
    for later in ("conditions", "difference_in_differences", "realised", "neighbours"):
        del dumped["go"][later]
    assert policy().fingerprint == fingerprint(dumped)
    prints = {
        recommend(trial(), rules, analysis(), {}, fingerprint=None).policy_fingerprint
        for rules in (
            policy(),
            policy(conditions=("dpia",)),
            policy(difference_in_differences=True),
            policy(realised=0.8),
            policy(neighbours=True),
        )
    }
    assert len(prints) == 5


def followed(share: float | None, *, covered: float = 1.0, passed: bool = True):
    """A booking of 100,000 kr. a year, six months after it began."""
    from htkeval.booking import Booking
    from htkeval.follow_up import AreaLine, FollowUp, Period, Point

    books = Booking(
        kr_a_year=100_000,
        price_level=2025,
        begins="2027-01-01",
        area="Social",
        account=None,
        owner=None,
        expected_kr=None,
        measured_minutes=None,
        hours_a_year=None,
    )
    kr = None if share is None else share * 50_000
    line = AreaLine(
        area="Social", account=None, booked_kr=50_000, told_booked_kr=50_000 * covered,
        realised_kr=kr, difference_kr=None if kr is None else kr - 50_000 * covered,
    )  # fmt: skip
    gap = Period(begins="2027-06-01", until="2027-06-30")
    point = Point(
        months=6, due="2027-07-01", passed=passed, booked_kr=50_000, covered=covered,
        untold=() if covered == 1 else (gap,), lines=(line,), share=share, elsewhere_kr=0,
        leakage=None,
    )  # fmt: skip
    return FollowUp(
        trial="proeve", title="En prøve", technology="speech_to_text", simulated=False, decision=7,
        booking=books, points=(point,), so_far=None, decay=(), other_prices=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "gates", "became", "expected"),
    [
        (analysis(), "closed", followed(0.8), "go"),
        (analysis(), "closed", followed(0.79), "prolong"),
        (analysis(), "closed", followed(-0.5), "prolong"),
        (analysis(), "closed", followed(None, covered=0), "prolong"),
        (analysis(), "closed", followed(2.0, covered=0.5), "prolong"),
        (analysis(), "closed", followed(0.0, passed=False), "go"),
        (analysis(), "closed", None, "go"),
        (analysis(), "open", followed(0.8), "go_with_conditions"),
        (analysis(), "open", followed(0.5), "prolong"),
        (analysis(ratio=(0.9, 1.0, 1.1)), "closed", followed(0.9), "no_go"),
        (analysis(ratio=(1.05, 1.2, 1.4)), "closed", followed(0.9), "stop"),
        (analysis(), "forbidden", followed(0.1), "not_permitted"),
    ],
)
def test_what_was_booked_before_is_one_requirement_more_where_the_policy_asks(
    found, gates, became, expected
):
    rules = policy(conditions=("dpia",), realised=0.8)
    answer = recommend(trial(), rules, found, {"dpia": gates}, fingerprint="f", followed=became)
    assert answer.verdict == expected
    silent = policy(conditions=("dpia",))
    same = recommend(trial(), silent, found, {"dpia": gates}, fingerprint="f", followed=became)
    assert "realised" not in {one.id for one in same.requirements}


@pytest.mark.parametrize(
    ("estimate", "goal", "kind", "danish", "english"),
    [
        (-18.2, -15, "duration", "18 pct. mindre tid; målet var 15 pct. mindre.", "18 % less time"),
        (2.3, -10, "duration", "2,3 pct. mere tid; målet var 10 pct. mindre.", "2.3 % more time"),
        (-14.6, -15, "duration", "14,6 pct. mindre tid; målet var 15 pct. mindre.", "14.6 % less"),
        (4.0, 2.5, "count", "4,0 pct. mere; målet var 2,5 pct. mere.", "4.0 % more; the goal was"),
    ],
)
def test_a_change_is_told_with_its_direction(estimate, goal, kind, danish, english):
    """`a change of 2 %` is a gain to whoever reads fast; that it is short of its goal shows."""
    from htkeval.criteria import _beside_goal

    told = _beside_goal(estimate, goal, time=kind)
    assert danish in render(told, "da")
    assert english in render(told, "en")


def test_the_level_of_a_method_is_no_measurement_before_there_is_a_figure():
    def said(found):
        whole = recommend(trial(), policy(), found, {}, fingerprint="f")
        return next(render(one.message, "da") for one in whole.requirements if "level" in one.id)

    assert said(analysis()) == "Målingen er 4 af 5; politikken kræver mindst 4 af 5."
    nothing = analysis().model_copy(update={"effects": ()})
    assert "endnu intet tal" in said(nothing)
