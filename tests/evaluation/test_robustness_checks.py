"""What could spoil the conclusion: each check by an example that passes and one that does not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.effect import Check
from htkeval.evaluation import evaluate
from htkeval.trial import Trial
from tests.oracles.sheets import columns

Weigh = Callable[..., dict[str, Check]]


@pytest.fixture(scope="module")
def weigh(make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]) -> Weigh:
    """The checks of a design on a table, by name."""

    def weigh(kind: str, table: dict[str, Any], **sections: Any) -> dict[str, Check]:
        metrics = sections.pop("metrics", [{}])
        trial = make_trial(kind, *metrics, **sections)
        analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
        return {check.name: check for check in analysis.checks}

    return weigh


def people(
    effect: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
    *,
    n: int = 12,
    tasks: int = 16,
    noise: float = 0.25,
    seed: int = 1,
) -> dict[str, Any]:
    """Everyone's tasks, half with the tool, one a day; `effect(person, day)` in log minutes."""
    rng = np.random.default_rng(seed)
    person, day = np.repeat(np.arange(n), tasks), np.tile(np.arange(tasks), n)
    arm = np.concatenate([rng.permutation([0, 1] * (tasks // 2)) for _ in range(n)])
    log = 3 + 0.2 * rng.normal(size=n)[person] + noise * rng.normal(size=n * tasks)
    if effect is not None:
        log = log + arm * effect(person, day)
    return {
        "arm": arm.tolist(),
        "participant": [f"p{i:02d}" for i in person],
        "minutes": np.exp(log).tolist(),
        "date": [f"2026-03-{1 + d:02d}" for d in day],
    }


DATED = {"design": {"date": "date"}}


def test_an_effect_that_comes_from_one_person_is_turned_by_leaving_them_out(weigh: Weigh) -> None:
    shared = weigh("within", people(lambda person, day: -0.4 + 0 * person))
    assert shared["influence"].passed is True
    alone = weigh("within", people(lambda person, day: np.where(person == 3, 1.5, -0.3), n=8))
    assert alone["influence"].passed is False
    assert "left out" in str(shared["influence"].message)
    assert "p03" not in str(alone["influence"].message), "nobody is named"


def test_units_with_many_tasks_that_react_otherwise_are_seen(weigh: Weigh) -> None:
    rng = np.random.default_rng(2)
    sizes = [40] * 3 + [4] * 9
    person = np.repeat(np.arange(12), sizes)
    arm = np.concatenate([np.tile([0, 1], size // 2) for size in sizes])

    def checks(many: float, few: float) -> dict[str, Check]:
        log = 3 + 0.1 * rng.normal(size=len(person)) + arm * np.where(person < 3, many, few)
        names = [f"p{i:02d}" for i in person]
        return weigh("within", {"arm": arm.tolist(), "participant": names, "minutes": np.exp(log)})

    assert checks(-0.5, 0.0)["informative_size"].passed is False
    assert checks(-0.3, -0.3)["informative_size"].passed is True


def test_a_spread_that_widens_is_a_red_tail_though_the_centres_agree(weigh: Weigh) -> None:
    rng = np.random.default_rng(3)
    table = people(n=20, tasks=30, noise=0.0)
    arm = np.array(table["arm"])
    for wider, passed in ((2.0, False), (1.0, True)):
        spread = np.where(arm == 1, 0.15 * wider, 0.15)
        table["minutes"] = np.exp(3 + spread * rng.normal(size=len(arm))).tolist()
        assert weigh("within", table)["tail"].passed is passed


def test_an_effect_that_grows_with_practice_is_learning(weigh: Weigh) -> None:
    growing = weigh("within", people(lambda person, day: -0.06 * day, noise=0.1), **DATED)
    assert growing["learning"].passed is False
    steady = weigh("within", people(lambda person, day: -0.3 + 0.0 * day, noise=0.1), **DATED)
    assert steady["learning"].passed is True
    assert "learning" not in weigh("within", people()), "nothing says in which order"


def test_work_that_slows_without_the_tool_is_drift_and_forgiven_where_arms_run_side_by_side(
    weigh: Weigh,
) -> None:
    table = people(noise=0.1)
    day = np.array([int(date[-2:]) for date in table["date"]])
    slowing = {**table, "minutes": (np.array(table["minutes"]) * np.exp(0.05 * day)).tolist()}
    assert weigh("within", slowing, **DATED)["drift"].passed is None
    assert weigh("within", table, **DATED)["drift"].passed is True
    half = [int(d > 8) for d in day]
    before = weigh("before_after", {**slowing, "arm": half, "period": half}, **DATED)
    assert before["drift"].passed is False


def test_a_draw_gives_baseline_differences_and_they_are_never_judged(weigh: Weigh) -> None:
    table = columns("cluster")
    found = weigh("cluster", table, covariates=[{"column": "words"}])["baseline_differences"]
    words, arm = np.array(table["words"]), np.array(table["arm"])
    low, high = words[arm == 0], words[arm == 1]
    smd = (high.mean() - low.mean()) / math.sqrt((low.var(ddof=1) + high.var(ddof=1)) / 2)
    assert found.message.values["most"] == pytest.approx(abs(smd))
    assert found.passed is None
    assert "baseline_differences" not in weigh("cluster", table)


def test_people_lost_from_one_arm_are_seen(weigh: Weigh) -> None:
    table = columns("parallel")
    lost = {p for p, arm in zip(table["participant"], table["arm"], strict=True) if arm}
    lost = set(sorted(lost)[:3])
    rows = zip(table["participant"], table["minutes"], strict=True)
    minutes = [None if person in lost else m for person, m in rows]
    assert weigh("parallel", {**table, "minutes": minutes})["drop_out"].passed is False
    assert weigh("parallel", table)["drop_out"].passed is True


def test_days_of_wash_in_do_not_count_and_are_told(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = columns("crossover")
    rng = np.random.default_rng(4)
    days = [f"2026-0{2 + int(p)}-{1 + int(rng.integers(0, 20)):02d}" for p in table["period"]]
    days[0], days[-1] = f"2026-0{2 + int(table['period'][0])}-01", "2026-04-01"
    trial = make_trial("crossover", design={"date": "date", "wash_in_days": 5})
    rows = make_table(**table, date=days)
    analysis = evaluate(trial, rows, snapshot="0" * 64)
    early = sum(int(day[-2:]) <= 5 for day in days)
    tasks = analysis.effects[0].baseline.tasks + analysis.effects[0].treatment.tasks
    assert tasks == len(days) - early
    found = by_name(analysis)["wash_in"]
    assert (found.passed, found.message.values["n"]) == (True, early)
    undated = evaluate(trial, make_table(**table), snapshot="0" * 64)
    assert by_name(undated)["wash_in"].passed is False


def by_name(analysis: Analysis) -> dict[str, Check]:
    return {check.name: check for check in analysis.checks}


def test_carry_over_is_shown_and_decides_nothing(weigh: Weigh) -> None:
    """By hand: means over both periods of those who began without and with, on the log scale."""
    table = columns("crossover")
    found = weigh("crossover", table)["carry_over"]
    logs: dict[tuple[str, float], list[float]] = {}
    first: dict[str, int] = {}
    for person, period, arm, minutes in zip(
        table["participant"], table["period"], table["arm"], table["minutes"], strict=True
    ):
        logs.setdefault((person, period), []).append(math.log(minutes))
        if period == 1:
            first[person] = arm
    whole = {p for p in first if (p, 1.0) in logs and (p, 2.0) in logs}
    own = {p: (np.mean(logs[p, 1.0]) + np.mean(logs[p, 2.0])) / 2 for p in whole}
    gap = np.mean([own[p] for p in whole if first[p]]) - np.mean(
        [own[p] for p in whole if not first[p]]
    )
    change = found.message.values["change"]
    assert change.values["value"] == pytest.approx(100 * math.expm1(gap))  # type: ignore[union-attr]
    assert found.passed is None
    assert "decides nothing" in str(found.message)


def test_before_and_after_say_which_trend_would_be_the_whole_effect(weigh: Weigh) -> None:
    found = weigh("before_after", columns("before_after"))["secular_trend"]
    assert found.passed is None
    assert "would be the whole effect" in str(found.message)


def did(placebo: float) -> dict[str, Any]:
    """Ten teams of six periods, four of them with the tool from the fifth on."""
    rng = np.random.default_rng(6)
    rows = [(t, p) for t in range(10) for p in range(1, 7) for _ in range(4)]
    team, period = (np.array(part) for part in zip(*rows, strict=True))
    log = 3 + 0.05 * rng.normal(size=len(rows)) + placebo * period * (team < 4)
    return {
        "arm": ((team < 4) & (period >= 5)).astype(int).tolist(),
        "team": [f"t{t}" for t in team],
        "period": [str(p) for p in period],
        "minutes": np.exp(log).tolist(),
    }


def test_teams_that_moved_apart_before_anybody_had_the_tool_fail_the_placebo(weigh: Weigh) -> None:
    plan = {"design": {"randomised": False}}
    kind = "difference_in_differences"
    assert weigh(kind, did(0.1), **plan)["placebo"].passed is False
    assert weigh(kind, did(0.0), **plan)["placebo"].passed is True
    late = {name: [v for v, p in zip(column, did(0)["period"], strict=True) if int(p) >= 4]
            for name, column in did(0.0).items()}  # fmt: skip
    assert weigh(kind, late, **plan)["placebo"].passed is None


def roll_out(per_period: float) -> dict[str, Any]:
    """Twelve teams that start one after another; the effect grows with each period of use."""
    rng = np.random.default_rng(7)
    rows = [(t, p) for t in range(12) for p in range(1, 8) for _ in range(5)]
    team, period = (np.array(part) for part in zip(*rows, strict=True))
    use = np.maximum(0, period - (2 + team % 5) + 1)
    log = 3 + 0.1 * rng.normal(size=12)[team] + 0.05 * rng.normal(size=len(rows))
    log = log - 0.2 * (use > 0) - per_period * np.maximum(0, use - 1)
    return {
        "arm": (use > 0).astype(int).tolist(),
        "team": [f"t{t:02d}" for t in team],
        "period": [str(p) for p in period],
        "minutes": np.exp(log).tolist(),
    }


def test_a_roll_outs_two_averages_part_where_teams_learn(weigh: Weigh) -> None:
    assert weigh("stepped_wedge", roll_out(0.1))["learning"].passed is False
    assert weigh("stepped_wedge", roll_out(0.0))["learning"].passed is True


def test_a_shift_that_would_undo_the_finding_is_told_where_values_are_missing(weigh: Weigh) -> None:
    table = people(lambda person, day: -0.5 + 0 * person)
    missing = [None if i % 9 == 0 else m for i, m in enumerate(table["minutes"])]
    found = weigh("within", {**table, "minutes": missing})["tipping_point"]
    assert found.passed is None
    assert found.message.values["shift"] > 0
    assert "tipping_point" not in weigh("within", table)


def test_subgroups_are_drawn_towards_the_common_effect_and_small_ones_not_shown(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = people(lambda person, day: np.where(day % 2 == 0, -0.5, -0.1), tasks=24)
    table["kind"] = ["even" if int(date[-2:]) % 2 == 1 else "odd" for date in table["date"]]
    table["kind"] = [
        "rare" if p in ("p00", "p01") and k == "odd" else k
        for p, k in zip(table["participant"], table["kind"], strict=True)
    ]
    trial = make_trial("within", design={"task_type": "kind"})
    found = {g.value: g for g in evaluate(trial, make_table(**table), snapshot="0" * 64).subgroups}
    assert set(found) == {"even", "odd"}, "two people's tasks are not shown by themselves"
    even, odd = found["even"], found["odd"]
    assert even.estimate < even.shrunken < odd.shrunken < odd.estimate
    assert min(even.clusters, odd.clusters) >= 5


def test_missing_answers_have_bounds_and_a_rating_has_trimmed_ones(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = columns("parallel")
    approved = [None if i % 7 == 0 else y for i, y in enumerate(table["approved"])]
    metric = {"id": "y", "kind": "binary", "column": "approved", "unit": None, "worthwhile": None}
    analysis = evaluate(
        make_trial("parallel", metric),
        make_table(**{**table, "approved": approved}),
        snapshot="0" * 64,
    )
    found = {bounds.model: bounds for bounds in analysis.bounds}
    arm, y = np.array(table["arm"]), np.array([np.nan if a is None else a for a in approved])
    low = np.nan_to_num(y[arm == 1], nan=0).mean() - np.nan_to_num(y[arm == 0], nan=1).mean()
    high = np.nan_to_num(y[arm == 1], nan=1).mean() - np.nan_to_num(y[arm == 0], nan=0).mean()
    assert (found["worst_case"].low, found["worst_case"].high) == pytest.approx((low, high))
    assert found["lee"].low <= found["lee"].high
    whole = evaluate(make_trial("parallel", metric), make_table(**table), snapshot="0" * 64)
    assert whole.bounds == ()


def judged(agree: float) -> dict[str, Any]:
    """Every task of the parallel set judged twice, the second time alike with some chance."""
    rng = np.random.default_rng(9)
    table = columns("parallel")
    n = len(table["arm"])
    first = rng.integers(1, 6, n)
    second = np.where(rng.random(n) < agree, first, rng.integers(1, 6, n))
    return {
        **{name: column * 2 for name, column in table.items()},
        "task": [f"q{i}" for i in range(n)] * 2,
        "judge": ["a"] * n + ["b"] * n,
        "score": [*first.tolist(), *second.tolist()],
    }


def test_those_who_judged_the_same_tasks_are_held_against_each_other(weigh: Weigh) -> None:
    score = {"id": "score", "kind": "rating", "column": "score", "rater": "judge", "unit": None}
    score |= {"role": "guardrail", "margin": 1.0, "worthwhile": None, "better": "higher"}
    plan = {"metrics": [{}, score], "design": {"task": "task"}}
    assert weigh("parallel", judged(1.0), **plan)["agreement"].passed is True
    poor = weigh("parallel", judged(0.2), **plan)
    assert poor["agreement"].passed is False
    assert poor["agreement"].message.values["n"] == len(columns("parallel")["arm"])
    assert poor["repeated"].passed is False, "a task that was judged twice stands twice"
    alone = {**columns("parallel"), "judge": ["a"] * len(columns("parallel")["arm"])}
    alone["task"] = [f"q{i}" for i in range(len(alone["arm"]))]
    assert "agreement" not in weigh("parallel", alone, **plan)
