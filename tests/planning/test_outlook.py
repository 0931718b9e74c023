"""What a plan could see, counted in invented trials and held against formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from htkeval.decision import Policy
from htkeval.outlook import Chance, Outlook
from htkeval.planning.closed_form import closed_form
from htkeval.planning.outlook import Question, Seen, outlook
from htkeval.planning.size import needed_tasks, needed_units
from htkeval.planning.weighing import weigh
from htkeval.reporting.outlook import summary
from htkeval.text import render
from htkeval.trial import DesignKind, Trial

POLICY = Policy(version="2026-1", valid_from=date(2026, 1, 1), status="Udkast")
Ask = Callable[..., Question]
Make = Callable[..., Trial]

EVERY: tuple[DesignKind, ...] = (
    "within",
    "parallel",
    "crossover",
    "cluster",
    "stepped_wedge",
    "before_after",
    "difference_in_differences",
)
"""Designs with a formula."""
campaign = pytest.mark.campaign


without_verdicts = pytest.mark.usefixtures("few_verdicts")


def by_cr2(question: Question) -> Question:
    plan = question.trial.model_copy(
        update={"analysis": question.trial.analysis.model_copy(update={"method": "cr2"})}
    )
    return replace(question, trial=plan)


@pytest.mark.parametrize(
    "kind",
    ["cluster", *(pytest.param(kind, marks=campaign) for kind in EVERY if kind != "cluster")],
)
def test_simulation_and_formula_agree_where_they_coincide(ask: Ask, kind: DesignKind) -> None:
    """By CR2 with even tasks; 800 trials, four standard errors of a share and CR2's own error."""
    question = by_cr2(ask(kind, units=24, tasks_each=16, trials=800, reaction_sd=0.0))
    none = weigh(question.task(0.0))
    for effect in (-0.1, -0.3):
        counted = none.seen(math.log1p(effect))
        told = closed_form(question.trial, question.assumed, units=24, tasks_each=16, effect=effect)
        assert told is not None
        assert counted == pytest.approx(told, abs=4 * math.sqrt(0.25 / 800) + 0.01), (kind, effect)


@pytest.mark.campaign
@pytest.mark.parametrize("kind", ["within", "cluster", "stepped_wedge"])
def test_another_effect_moves_every_interval_by_its_logarithm(ask: Ask, kind: str) -> None:
    """Times are rounded to a tenth of a minute of thirty, so only nearly."""
    question = ask(kind, units=12, tasks_each=8, trials=60)
    none, there = weigh(question.task(0.0)), weigh(question.task(-0.3))
    assert there.high == pytest.approx(none.high + math.log(0.7), abs=0.01)
    assert Seen(question, none, map).power(-0.3) == pytest.approx(there.seen(), abs=0.05)


def test_the_detectable_change_is_the_one_that_is_seen_as_often_as_wanted(ask: Ask) -> None:
    question = ask("within", trials=100)
    seen = Seen(question, weigh(question.task(0.0)), map)
    found = seen.detectable()
    assert found is not None
    value, (low, high) = found
    assert low <= value <= high < 0
    assert seen.power(value - 1e-9) == pytest.approx(0.8, abs=0.003)


@without_verdicts
def test_more_people_see_smaller_changes_and_a_higher_icc_hides_them(ask: Ask) -> None:
    def detects(**more: float) -> float:
        found = outlook(by_cr2(ask("cluster", trials=80, **{"units": 16, **more}))).detectable
        assert found is not None
        return abs(found)

    assert detects(units=40) < detects() < detects(icc=0.4)


@pytest.mark.campaign
@without_verdicts
def test_without_an_effect_the_report_alarms_as_seldom_as_promised(ask: Ask) -> None:
    """150 trials, four standard errors of a share; `make calibration` counts thousands."""
    found = outlook(ask("within", trials=150))
    assert found.alarms is not None
    assert found.alarms.value < 0.05 + 4 * math.sqrt(0.05 * 0.95 / 150)
    assert found.answered == 1


@campaign
def test_the_policy_in_force_is_asked_what_it_would_say(ask: Ask) -> None:
    told = {
        one.effect: one.verdicts for one in outlook(ask("within", units=40, trials=60)).verdicts
    }
    assert list(told) == [0.0, -0.2, -0.4]
    assert sum(told[0.0].values()) == pytest.approx(1)
    assert told[0.0].get("go", 0) < 0.025 + 4 * math.sqrt(0.025 * 0.975 / 60)
    assert told[-0.4]["go"] > 0.9
    before = {
        one.effect: one.verdicts
        for one in outlook(ask("before_after", units=40, trials=20)).verdicts
    }
    assert before[-0.4].get("go", 0) == 0  # evidence below what the policy asks for


@campaign
def test_quality_that_will_be_judged_blind_counts_in_what_the_policy_would_say(
    ask: Ask, make_trial: Make
) -> None:
    plain = make_trial("within")
    blind = {
        "id": "quality",
        "label": "Kvalitet",
        "kind": "rating",
        "column": "mark",
        "better": "higher",
        "role": "guardrail",
        "margin": 1.0,
        "blind": True,
    }
    metrics = [plain.primary.model_dump(mode="json"), blind]
    strict = POLICY.model_copy(update={"go": POLICY.go.model_copy(update={"evidence_level": "E5"})})
    for trial, sure in ((plain, False), (make_trial("within", more={"metrics": metrics}), True)):
        found = outlook(by_cr2(ask(trial=trial, units=40, trials=60, policy=strict)))
        assert (found.verdicts[-1].verdicts.get("go", 0) > 0.8) is sure


@campaign
@without_verdicts
def test_the_size_that_is_named_is_enough_and_a_much_smaller_one_is_not(ask: Ask) -> None:
    """80 % are wanted; three standard errors of 150 trials below that is 70 %."""
    question = by_cr2(ask("parallel", units=12, trials=150, sizes=True))
    found = outlook(question)
    assert found.power is not None
    assert found.power.value < 0.5
    assert found.needed_units is not None
    n = found.needed_units.units
    assert n % 2 == 0
    for units, enough in ((n, True), (n // 2, False)):
        power = closed_form(
            question.trial, question.assumed, units=units, tasks_each=8, effect=-0.2
        )
        assert power is not None
        assert (power > 0.8 - 3 * math.sqrt(0.8 * 0.2 / 150)) is enough


def test_no_number_of_tasks_is_enough_by_the_formula_where_people_differ_too_much(ask: Ask) -> None:
    """As many tasks as one likes leave each person's own level; more people do not."""
    question = by_cr2(ask("parallel", units=10, icc=0.5))

    def formula(units: int, tasks_each: float) -> float | None:
        return closed_form(
            question.trial, question.assumed, units=units, tasks_each=tasks_each, effect=-0.2
        )

    def power(units: int, tasks_each: float) -> Chance:
        return Chance(value=formula(units, tasks_each) or 0.0, error=0.0)

    how: Any = {"wanted": 0.8, "power": power, "formula": formula}
    assert needed_tasks(question.trial, 10, 8, **how) is None
    assert needed_units(question.trial, 10, 8, **how) is not None


@campaign
@without_verdicts
def test_no_number_of_tasks_is_enough_where_people_differ_too_much(ask: Ask) -> None:
    found = outlook(by_cr2(ask("parallel", units=10, trials=100, sizes=True, icc=0.5)))
    assert found.needed_tasks is None
    assert found.needed_units is not None
    (needs,) = [
        render(s, "en") for s in summary(ask("parallel").trial, found) if "takes" in s.template
    ]
    assert "participants with 8 tasks each" in needs
    assert " or " not in needs


def test_a_refused_plan_invents_nothing(ask: Ask) -> None:
    found = outlook(ask("cluster", units=6))
    assert found.refused
    assert (found.power, found.verdicts, found.curve) == (None, (), ())


@without_verdicts
def test_the_curve_rises_from_the_alarms_to_certainty(ask: Ask) -> None:
    curve = outlook(by_cr2(ask("within", units=20))).curve
    shares = [point.power for point in curve]
    assert [point.effect for point in curve] == sorted((p.effect for p in curve), reverse=True)
    assert shares == sorted(shares)
    assert shares[0] < 0.06
    assert shares[-1] > 0.95


@campaign
def test_the_same_seed_gives_the_same_outlook_in_however_many_parts(ask: Ask) -> None:
    question = by_cr2(ask("within", trials=600))
    one = weigh(question.task(0.0))
    backwards = weigh(
        question.task(0.0), share=lambda f, parts: [f(p) for p in list(parts)[::-1]][::-1]
    )
    assert np.array_equal(one.high, backwards.high)
    assert one.number == 600


@without_verdicts
def test_yes_or_no_is_planned_by_counting_at_each_effect(ask: Ask, make_trial: Make) -> None:
    redone = {"kind": "binary", "unit": None, "column": "redone", "worthwhile": -0.5}
    plan = make_trial("cluster", primary=redone)
    found = outlook(ask(trial=plan, units=20, tasks_each=20, trials=80, mean=0.3, icc=0.02))
    assert found.scale == "difference"
    assert found.power is not None
    assert found.power.value > 0.8
    assert found.detectable is None


def test_the_first_sentence_is_one_that_a_lead_understands(ask: Ask, make_trial: Make) -> None:
    told = Outlook.model_validate(
        {
            "trial": "proeve", "method": "rerandomisation", "scale": "ratio", "units": 12,
            "tasks_each": 8, "reach": {"least": 0.001, "allocations": None, "reaching": None},
            "assumed": [], "trials": 1000, "draws": 999, "goal": -0.2, "wanted": 0.8,
            "policy": "2026-1", "detectable": -0.182, "power": {"value": 0.85, "error": 0.011},
            "alarms": {"value": 0.049, "error": 0.007}, "answered": 1.0,
        }
    )  # fmt: skip
    english = [render(one, "en") for one in summary(make_trial(), told)]
    danish = [render(one, "da") for one in summary(make_trial(), told)]
    assert english[0] == (
        "With 12 participants and 8 tasks each you will see a saving of 18.2 % or more "
        "four times in five."
    )
    assert danish[0] == (
        "Med 12 deltagere og 8 opgaver hver vil I se en besparelse på 18,2 pct. eller mere "
        "fire gange ud af fem."
    )
    assert "That is enough." in english[1]


@pytest.mark.parametrize(
    ("kind", "scale", "cv"),
    [
        ("within", "difference", 0.5),
        pytest.param("within", "ratio", 0.5, marks=campaign),
        pytest.param("within", "difference", 0.0, marks=campaign),
        *(
            pytest.param(kind, scale, cv, marks=campaign)
            for kind in ("cluster", "before_after")
            for scale, cv in (("ratio", 0.5), ("difference", 0.0), ("difference", 0.5))
        ),
    ],
)
def test_simulation_and_formula_agree_in_minutes_and_where_people_have_unlike_numbers_of_tasks(
    ask: Ask, kind: DesignKind, scale: str, cv: float
) -> None:
    """A fall of a fifth, by CR2; four standard errors of a share counted 400 times, and .02."""
    question = by_cr2(ask(kind, units=24, tasks_each=16, trials=400, tasks_each_cv=cv))
    plan = question.trial.analysis.model_copy(update={"primary_scale": scale})
    question = replace(question, trial=question.trial.model_copy(update={"analysis": plan}))
    told = closed_form(question.trial, question.assumed, units=24, tasks_each=16, effect=-0.2)
    assert told is not None
    counted = weigh(question.task(-0.2)).seen()
    assert counted == pytest.approx(told, abs=4 * math.sqrt(told * (1 - told) / 400) + 0.02)


LOOKED: tuple[DesignKind, ...] = ("within", "cluster", "stepped_wedge", "difference_in_differences")


def with_looks(question: Question, *looks: float, spending: str = "obrien_fleming") -> Question:
    more = {"looks": looks, "spending": spending, "method": "cr2"}
    plan = question.trial.analysis.model_copy(update=more)
    return replace(question, trial=question.trial.model_copy(update={"analysis": plan}))


@campaign
@pytest.mark.parametrize("kind", LOOKED)
def test_looks_in_invented_trials_see_as_often_as_the_recursion_says(
    ask: Ask, kind: DesignKind
) -> None:
    """Pocock-type limits, where looks cost most; 800 trials, four standard errors and CR2's own.

    The recursion (Armitage, McPherson and Rowe) knows nothing of the invented rows; rpact gives its
    chances in tests/oracles.
    """
    plain = ask(kind, units=24, tasks_each=16, trials=800, reaction_sd=0.0)
    question = with_looks(plain, 0.5, 1.0, spending="pocock")
    told = weigh(question.task(0.0))
    assert told.looks == (1, 2)
    assert told.alarmed() <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / 800) + 0.01
    for effect in (-0.15, -0.3):
        formula = closed_form(
            question.trial, question.assumed, units=24, tasks_each=16, effect=effect
        )
        assert formula is not None
        early, seen = told.by_look(math.log1p(effect))
        assert seen == pytest.approx(formula, abs=4 * math.sqrt(0.25 / 800) + 0.01)
        assert 0 < early < seen


@campaign
@pytest.mark.parametrize("allocation", ["bernoulli", "complete"])
def test_each_look_draws_again_among_the_lots_of_its_own_rows(ask: Ask, allocation: str) -> None:
    """Trials share the allocations that were looked at; a look has fewer lots than the end."""
    question = with_looks(ask("within", units=8, tasks_each=6, trials=120, draws=999), 0.5, 1.0)
    analysis = question.trial.analysis.model_copy(update={"method": "rerandomisation"})
    design = question.trial.design.model_copy(update={"allocation": allocation})
    more = {"analysis": analysis, "design": design}
    found = weigh(replace(question, trial=question.trial.model_copy(update=more)).task(0.0))
    assert found.looks == (1, 2)
    assert found.reported == 1.0
    assert np.isfinite(found.high[:, 0]).mean() > 0.8  # with three tasks few have both arms
    assert found.alarmed() <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / 120)


@campaign
def test_looking_costs_power_and_a_pocock_limit_costs_more(ask: Ask) -> None:
    plain = by_cr2(ask("within", units=24, tasks_each=16, trials=400))
    powers = [
        Seen(one, weigh(one.task(0.0)), map).power(-0.15)
        for one in (
            plain,
            with_looks(plain, 0.5, 1.0),
            with_looks(plain, 0.5, 1.0, spending="pocock"),
        )
    ]
    assert powers == sorted(powers, reverse=True)
    assert powers[2] < powers[0] - 0.02


def test_a_look_that_the_plan_spends_nothing_at_finds_nothing(ask: Ask) -> None:
    question = with_looks(ask("within", trials=60), 0.5, 1.0, spending=(0.0, 1.0))  # type: ignore[arg-type]
    told, plain = weigh(question.task(0.0)), weigh(by_cr2(ask("within", trials=60)).task(0.0))
    assert told.looks == (2,)
    assert told.high == pytest.approx(plain.high)


@without_verdicts
def test_a_plan_with_looks_says_how_often_it_may_stop(ask: Ask) -> None:
    question = with_looks(ask("within", units=24, tasks_each=16, trials=200), 0.5, 1.0)
    found = outlook(question)
    assert [one.look for one in found.early] == [1]
    assert found.power is not None
    assert found.early[0].power.value <= found.power.value
    said = render(summary(question.trial, found)[4], "da")
    assert said.startswith("Ved kig 1 af 2 eller før har ")
