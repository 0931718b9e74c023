"""What a plan could see, told at once: against the noncentral t, the simulation, and its limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from htkeval.outlook import Glance
from htkeval.planning.closed_form import planned
from htkeval.planning.glance import glance
from htkeval.planning.outlook import Question, outlook, parts
from htkeval.planning.progress import telling
from htkeval.planning.span import spans
from htkeval.reporting.outlook import summary
from htkeval.stats.power import Planned
from htkeval.text import render
from htkeval.trial import DesignKind, Trial

Ask = Callable[..., Question]
Make = Callable[..., Trial]


def test_what_is_seen_four_times_in_five_is_where_the_curve_crosses_that(ask: Ask) -> None:
    """SciPy: nct.cdf(t.ppf(.025, df), df, -shift), each tail as a tail, is 0.8 at the change."""
    from scipy import stats

    question = ask("parallel", units=40, tasks_each=10)
    found = glance(question)
    assert found.detectable is not None
    layout = planned(question.trial, question.assumed, units=40, tasks_each=10)
    assert isinstance(layout, Planned)
    shift = -math.log1p(found.detectable) / math.sqrt(layout.variance)
    limit = stats.t.ppf(0.025, layout.df)
    assert stats.nct.cdf(limit, layout.df, -shift) == pytest.approx(0.8, abs=1e-6)


def test_the_curve_starts_at_half_of_the_false_alarms_and_only_rises(ask: Ask) -> None:
    """Only the improvement's own side counts: half of 5 %."""
    found = glance(ask("within"))
    powers = [point.power for point in found.curve]
    assert powers[0] == pytest.approx(0.025, abs=1e-9)
    assert powers == sorted(powers)
    assert found.curve[-1].effect == pytest.approx(2 * (found.detectable or 0.0))


def test_the_size_that_the_formula_asks_for_is_enough_and_a_tenth_less_is_not(ask: Ask) -> None:
    found = glance(ask("within", units=12, tasks_each=8))
    needed = found.needed_units
    assert found.sized
    assert needed is not None
    again = glance(ask("within", units=needed.units, tasks_each=8))
    assert again.power is not None
    assert again.power.value >= 0.8
    assert not again.sized
    fewer = glance(ask("within", units=math.floor(0.9 * needed.units), tasks_each=8))
    assert fewer.power is not None
    assert fewer.power.value < 0.8


def test_a_refused_plan_is_told_its_floor_and_nothing_else(ask: Ask) -> None:
    found = glance(ask("cluster", units=6))
    assert found.refused
    assert found.detectable is None
    assert found.curve == ()


@pytest.mark.parametrize(
    "primary",
    [
        {"kind": "binary", "column": "wrong", "unit": None},
        {"kind": "rating", "column": "mark", "unit": None},
    ],
)
def test_another_kind_of_metric_has_no_formula_here(
    make_trial: Make, ask: Ask, primary: dict[str, object]
) -> None:
    trial = make_trial("parallel", primary={**primary, "worthwhile": -0.2})
    found = glance(ask(trial=trial, units=40, tasks_each=8))
    assert found.detectable is None
    assert found.power is None


def test_no_goal_leaves_what_is_seen_and_no_chance_of_a_goal(make_trial: Make, ask: Ask) -> None:
    found = glance(ask(trial=make_trial("within", primary={"worthwhile": None})))
    assert found.power is None
    assert found.detectable is not None


def test_higher_is_better_turns_the_curve_to_the_right(make_trial: Make, ask: Ask) -> None:
    lower = glance(ask("within"))
    trial = make_trial("within", primary={"better": "higher", "worthwhile": 0.2})
    higher = glance(ask(trial=trial))
    assert higher.detectable is not None
    assert lower.detectable is not None
    assert math.log1p(higher.detectable) == pytest.approx(-math.log1p(lower.detectable))
    assert higher.curve[-1].effect > 0


def test_a_glance_survives_as_a_document(ask: Ask) -> None:
    found = glance(ask("stepped_wedge", units=12, tasks_each=8))
    assert Glance.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize("kind", get_args(DesignKind))
def test_every_value_of_a_control_can_be_asked(make_trial: Make, ask: Ask, kind: str) -> None:
    more = {"interruption": "2026-02-20"} if kind == "interrupted_time_series" else {}
    trial = make_trial(kind, **more)
    may = spans(trial)
    for one in (may.units, may.tasks_each, may.icc, may.log_sd):
        assert one.start in one.values
        assert list(one.values) == sorted(set(one.values))
    for units in (may.units.low, may.units.start, may.units.high):
        asked = ask(trial=trial, units=int(units), tasks_each=may.tasks_each.low)
        assert glance(asked).units == units


def test_controls_reach_beyond_what_the_definition_states(make_trial: Make) -> None:
    may = spans(make_trial("within", clusters=100, tasks_each=90))
    assert (may.units.start, may.units.high) == (100, 200)
    assert (may.tasks_each.start, may.tasks_each.high) == (90, 180)


def test_a_roll_out_with_many_starts_is_not_offered_fewer_tasks_than_periods(
    make_trial: Make,
) -> None:
    assert spans(make_trial("stepped_wedge", clusters=10, steps=8)).tasks_each.low == 9


@pytest.mark.usefixtures("few_verdicts")
def test_progress_ends_at_all_whether_or_not_effects_are_shifts(make_trial: Make, ask: Ask) -> None:
    share = make_trial("within", primary={"kind": "binary", "column": "wrong", "unit": None})
    none = make_trial("within", primary={"worthwhile": None})
    for asked, number in (
        (ask("within", trials=8), 4),
        (ask(trial=share, trials=8), 5),
        (ask(trial=none, trials=8), 1),
    ):
        told: list[float] = []
        assert parts(asked) == number
        outlook(asked, share=telling(map, parts=number, tell=told.append))
        assert told == pytest.approx([(n + 1) / number for n in range(number)])


@pytest.mark.usefixtures("few_verdicts")
def test_a_size_that_was_not_looked_for_is_not_said_to_be_out_of_reach(ask: Ask) -> None:
    asked = ask("within", trials=30, sizes=False)
    found = outlook(asked)
    assert found.power is not None
    assert found.power.value < 0.8
    told = " ".join(render(one, "en") for one in summary(asked.trial, found))
    assert "No size" not in told


def test_a_plan_with_looks_that_sees_everything_has_a_curve_up_to_certainty(ask: Ask) -> None:
    """Where one look would see a change for certain, so do all of them."""
    question = ask("within", units=40, tasks_each=40, icc=0.0, reaction_sd=0.0, log_sd=0.3)
    plan = question.trial.analysis.model_copy(update={"looks": (0.5, 1.0)})
    looked = replace(question, trial=question.trial.model_copy(update={"analysis": plan}))
    with_looks, plain = glance(looked).curve, glance(question).curve
    assert with_looks[-1].power == pytest.approx(1.0)
    assert all(a.power <= b.power + 1e-9 for a, b in zip(with_looks[20:], plain[20:], strict=True))
