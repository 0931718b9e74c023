"""A look has its own limit; between looks there is an interval that holds always, or none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.cli.documents import schema
from htkeval.decision import Policy
from htkeval.evaluation import evaluate
from htkeval.frozen import document
from htkeval.looks import Standing
from htkeval.planning.information import information, reached
from htkeval.recommendation import recommend
from htkeval.stats.sequential import boundary
from htkeval.text import render
from htkeval.trial import Trial

Make = Callable[..., Trial]
POLICY = Policy(version="1", valid_from="2026-01-01", status="udkast")


def plan(make_trial: Make, kind: str = "parallel", *, clusters: int = 12, **analysis: Any) -> Trial:
    looks = {"looks": [0.5, 1.0], **analysis}
    return make_trial(kind, design={"clusters": clusters, "tasks_each": 4}, analysis=looks)


def sheet(rng: np.random.Generator, *, people: int, tasks: int, gain: float = 1.0) -> pa.Table:
    """People in two groups at random, each with a level of their own."""
    who = np.repeat(np.arange(people), tasks)
    treated = rng.permutation(people) < people // 2
    level = rng.normal(0, 0.2, people)[who]
    minutes = np.exp(3 + level + rng.normal(0, 0.4, len(who))) * np.where(treated[who], gain, 1.0)
    return of(who, treated[who], minutes)


def of(who: Any, treated: Any, minutes: Any) -> pa.Table:
    return pa.table(
        {
            "participant": [f"p{one:02d}" for one in who],
            "arm": ["treatment" if one else "baseline" for one in treated],
            "minutes": minutes,
        }
    )


def stands(*fractions: float, of: int = 2, at: bool = True, final: bool = False) -> Standing:
    return Standing(
        k=len(fractions), of=of, fractions=fractions, at=at, final=final, reached=0.7
    )  # fmt: skip


def looked(trial: Trial, table: pa.Table, standing: Standing | None, **more: Any) -> Analysis:
    given = {"registration": "f" * 64, "in_time": True, "method": "rerandomisation", **more}
    return evaluate(trial, table, snapshot="0" * 64, standing=standing, **given)


def check(analysis: Analysis, name: str, language: str = "en") -> str:
    return next(render(c.message, language) for c in analysis.checks if c.name == name)


def test_the_interval_at_a_look_excludes_no_effect_where_p_is_below_its_limit(
    make_trial: Make,
) -> None:
    trial, rng = plan(make_trial), np.random.default_rng(5)
    limit = boundary((0.5,), final=False).looks[-1].nominal
    seen = set()
    for gain in (0.2, 0.5, 0.8, 1.0):
        table = sheet(rng, people=12, tasks=3, gain=gain)
        effect = looked(trial, table, stands(0.5)).confirmatory
        assert effect is not None
        assert effect.look == {"k": 1, "of": 2, "nominal_level": limit}
        assert effect.level == 1 - limit
        assert (not effect.ci[0] <= 1 <= effect.ci[1]) == (effect.p_value <= limit)
        seen.add(effect.p_value <= limit)
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", ("Dette er kig 1 af 2", "Grænsen i dag er p ≤ 0,003")),
        ("en", ("This is look 1 of 2", "The limit today is p ≤ 0.003")),
    ],
)
def test_a_look_says_which_it_is_and_its_limit(
    make_trial: Make, language: str, words: tuple[str, ...]
) -> None:
    table = sheet(np.random.default_rng(1), people=12, tasks=3)
    told = check(looked(plan(make_trial), table, stands(0.5)), "look", language)
    assert all(word in told for word in words)


def test_limits_follow_the_information_that_looks_came_at(make_trial: Make) -> None:
    table = sheet(np.random.default_rng(1), people=12, tasks=4)
    effect = looked(plan(make_trial), table, stands(0.37, 0.91, final=True)).confirmatory
    assert effect is not None
    assert effect.look is not None
    expected = boundary((0.37, 0.91)).looks[-1].nominal  # held against rpact in tests/stats
    assert effect.look["nominal_level"] == pytest.approx(expected, rel=1e-12)


def test_a_look_that_the_draw_cannot_reach_is_a_gap(make_trial: Make) -> None:
    trial = plan(make_trial, clusters=8)  # 4 v 4: 2 of 70 draws are the smallest p, .029
    table = sheet(np.random.default_rng(2), people=8, tasks=4, gain=0.2)
    analysis = looked(trial, table, stands(0.5))
    assert analysis.confirmatory is None
    assert "too few ways" in render(analysis.gaps[0].message, "en")
    at_the_end = looked(trial, table, stands(0.5, 1.0, final=True)).confirmatory
    assert at_the_end is not None
    assert at_the_end.p_value == pytest.approx(2 / 70)
    assert at_the_end.ci[1] < 1


def test_where_nothing_is_spent_a_look_has_no_figure(make_trial: Make) -> None:
    trial = plan(make_trial, spending=[0.0, 1.0])
    table = sheet(np.random.default_rng(2), people=12, tasks=2, gain=0.2)
    analysis = looked(trial, table, stands(0.5))
    assert analysis.confirmatory is None
    assert "does not let the trial stop" in render(analysis.gaps[0].message, "en")
    json.dumps(document(analysis, "en"), allow_nan=False)


def test_a_trial_that_may_stop_has_its_stage_wise_figures_and_one_that_goes_on_has_none(
    make_trial: Make,
) -> None:
    trial = plan(make_trial)
    rng = np.random.default_rng(3)
    none, much = (sheet(rng, people=12, tasks=4, gain=gain) for gain in (1.0, 0.3))

    def stagewise(table: pa.Table, standing: Standing) -> list[Any]:
        return [s for s in looked(trial, table, standing).sensitivity if s.model == "stagewise"]

    assert stagewise(none, stands(0.5)) == []
    (stopped,) = stagewise(much, stands(0.5))
    # no look before: the order of outcomes is that of z, so the p-value is the plain one
    plain = looked(trial, much, None).confirmatory
    assert plain is not None
    assert stopped.p_value == pytest.approx(plain.p_value, rel=1e-9)
    assert stopped.estimate == pytest.approx(plain.estimate, rel=1e-9)
    (end,) = stagewise(none, stands(0.5, 1.0, final=True))
    assert end.ci[0] < end.estimate < end.ci[1]
    passed = stands(0.5, 1.0, final=True).model_copy(update={"passed": 1})
    assert stagewise(much, passed) == []


def within(rng: np.random.Generator, people: int, tasks: int, gain: float) -> pa.Table:
    who = np.repeat(np.arange(people), tasks)
    treated = np.tile(np.arange(tasks) % 2 == 1, people)
    minutes = np.exp(3 + rng.normal(0, 0.3, len(who))) * np.where(treated, gain, 1.0)
    return of(who, treated, minutes)


def test_between_looks_people_are_compared_by_an_interval_that_holds_always(
    make_trial: Make,
) -> None:
    from htkeval.stats.sequential.always_valid import AlwaysValid, always_valid

    trial = plan(make_trial, "within")
    table = within(np.random.default_rng(4), 12, 4, 0.3)
    analysis = looked(trial, table, stands(at=False))
    effect = analysis.confirmatory
    assert effect is not None
    assert (effect.method, effect.look, effect.weights) == ("always_valid", None, "unit")
    logs = np.log(table["minutes"].to_numpy()).reshape(12, 2, 2)  # person, pair, arm
    own = always_valid((logs[:, :, 1] - logs[:, :, 0]).mean(axis=1), planned=12)
    assert isinstance(own, AlwaysValid)
    assert effect.ci == pytest.approx(tuple(np.exp(own.interval)), rel=1e-12)
    assert analysis.sensitivity == ()
    names = {one.name for one in analysis.checks}
    assert "between_looks" in names
    assert not names & {"influence", "tail", "look"}
    assert effect.ci[1] < 1  # and yet nothing is decided
    found = recommend(trial, POLICY, analysis, {}, fingerprint=None)
    assert found.verdict == "prolong"
    assert {r.met for r in found.requirements if r.id == "excludes_no_effect"} == {None}


@pytest.mark.parametrize("kind", ["parallel", "crossover"])
def test_between_looks_few_people_or_periods_give_a_gap_that_names_the_next_look(
    make_trial: Make, make_table: Callable[..., pa.Table], kind: str
) -> None:
    trial = plan(make_trial, kind)
    table = sheet(np.random.default_rng(6), people=12, tasks=4, gain=0.3)
    if kind == "crossover":
        table = within(np.random.default_rng(6), 12, 4, 0.3)
        periods = ["1" if one == "baseline" else "2" for one in table["arm"].to_pylist()]
        table = table.append_column("period", pa.array(periods))
    analysis = looked(trial, table, stands(at=False))
    assert not [e for e in analysis.effects if e.role == "primary"]
    assert "look 1 of 2, at 50 %" in render(analysis.gaps[0].message, "en")
    assert "kig 1 af 2, når 50 pct." in render(analysis.gaps[0].message, "da")
    assert "No main figure" in check(analysis, "between_looks")


def test_people_with_less_than_a_tenth_of_their_tasks_do_not_count_yet(make_trial: Make) -> None:
    trial = plan(make_trial, "within").model_copy()
    design = trial.design.model_copy(update={"tasks_each": 50})
    trial = trial.model_copy(update={"design": design})
    table = within(np.random.default_rng(4), 12, 4, 0.3)  # 4 of 50
    analysis = looked(trial, table, stands(at=False))
    assert analysis.confirmatory is None
    assert "at least ten participants" in render(analysis.gaps[0].message, "en")


def test_a_trend_the_wrong_way_brings_advice_to_stop_and_moves_no_limit(make_trial: Make) -> None:
    table = sheet(np.random.default_rng(7), people=12, tasks=4, gain=1.4)
    plain, advised = (
        looked(plan(make_trial, **more), table, stands(0.5)) for more in ({}, {"futility": 0.2})
    )
    assert "advises to stop" in check(advised, "futility")
    assert "råder planen til at stoppe" in check(advised, "futility", "da")
    assert "futility" not in {one.name for one in plain.checks}
    assert plain.effects == advised.effects
    good = sheet(np.random.default_rng(7), people=12, tasks=4, gain=0.6)
    names = {c.name for c in looked(plan(make_trial, futility=0.2), good, stands(0.5)).checks}
    assert "futility" not in names


@pytest.mark.parametrize("standing", [stands(0.5), stands(at=False), stands(0.5, 1.0, final=True)])
def test_documents_at_and_between_looks_follow_the_schema(
    make_trial: Make, standing: Standing
) -> None:
    import jsonschema

    table = within(np.random.default_rng(8), 12, 4, 0.5)
    printed = document(looked(plan(make_trial, "within"), table, standing), "da")
    jsonschema.validate(json.loads(json.dumps(printed, allow_nan=False)), schema(Analysis))


def test_information_is_the_planned_variance_by_people_and_tasks_and_not_the_rows(
    make_trial: Make,
) -> None:
    trial = plan(make_trial)
    planned = information(trial)
    assert planned is not None
    who = np.repeat(np.arange(12), 4)
    treated = who % 2 == 1
    minutes = np.full(48, 20.0)

    def share(rows: Any) -> float:
        found = reached(trial, planned, of(who[rows], treated[rows], minutes[rows]))
        assert isinstance(found, float)
        return found

    assert share(np.arange(48)) == pytest.approx(1)
    half_of_the_people = share(who < 6)
    # 2 of 4 tasks from each: (task / 4 + own + reaction / 2) / (task / 2 + own + reaction / 2)
    task, own, reaction = 0.36 * 0.86, 0.36 * 0.14, 0.1**2
    each = (task / 4 + own + reaction / 2) / (task / 2 + own + reaction / 2)
    half_of_the_tasks = share(np.arange(48) % 4 < 2)
    assert half_of_the_people == pytest.approx(0.5, rel=1e-9)
    assert half_of_the_tasks == pytest.approx(each, rel=1e-9)
    assert half_of_the_tasks > 0.6  # though half of the rows are in


def alarms(trial: Trial, rng: np.random.Generator, number: int) -> Iterator[tuple[bool, bool]]:
    """Whether two looks find something where nothing is, with their limits and with none."""
    planned = information(trial)
    assert planned is not None
    for _ in range(number):
        table = sheet(rng, people=12, tasks=4)
        early = table.filter(pa.array(np.arange(48) % 4 < 2))
        fraction = reached(trial, planned, early)
        assert isinstance(fraction, float)
        at = (early, stands(fraction)), (table, stands(fraction, 1.0, final=True))
        found = [looked(trial, rows, standing).confirmatory for rows, standing in at]
        shown = [effect for effect in found if effect is not None]
        assert len(shown) == 2
        yield (
            any(not e.ci[0] <= 1 <= e.ci[1] for e in shown),
            any(e.p_value <= 0.05 for e in shown),
        )


def test_what_two_plain_looks_would_call_is_let_be_by_their_limits(
    make_trial: Make,
) -> None:
    """The first such of the sixty below, in which nothing is, and the one after it."""
    rng = np.random.default_rng(104)
    for _ in range(10):
        sheet(rng, people=12, tasks=4)
    assert list(alarms(plan(make_trial), rng, 2)) == [(False, True), (False, False)]


@pytest.mark.campaign
def test_two_looks_of_six_against_six_alarm_no_more_often_than_promised(make_trial: Make) -> None:
    """Through `evaluate` itself, at the information that the looks came at.

    3,600 trials of twelve other seeds alarmed in 5.1 % with the limits and in 7.9 % at the plan's
    level at both looks, standard error .4; these 60 only show that the road still leads there.
    """
    number = 60
    told = np.array(list(alarms(plan(make_trial), np.random.default_rng(104), number)))
    kept, naive = told.mean(axis=0)
    assert kept <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / number)
    assert naive > kept
