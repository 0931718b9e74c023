"""What could spoil the conclusion: each check by an example that passes and one that does not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.effect import Check, Effect, Inference
from htkeval.evaluation import _basis, evaluate
from htkeval.evaluation.checks.designs import averages_apart
from htkeval.evaluation.checks.robustness import _carries
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.effects import answers
from htkeval.evaluation.estimating import apart, more_than_chance
from htkeval.evaluation.model import ARM, Choices, Model, build
from htkeval.evaluation.wording import few_periods, short_of_periods
from htkeval.stats.answer import Estimate
from htkeval.stats.regression import coefficients, solve
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
UNDRAWN: dict[str, Any] = {"design": {"randomised": False}}
"""Without a draw nothing is drawn anew, which takes the time."""


def test_an_effect_that_comes_from_one_person_is_turned_by_leaving_them_out(weigh: Weigh) -> None:
    shared = weigh("within", people(lambda person, day: -0.4 + 0 * person))
    assert shared["influence"].passed is True
    alone = weigh("within", people(lambda person, day: np.where(person == 3, 1.5, -0.3), n=8))
    assert alone["influence"].passed is False
    assert "left out" in str(shared["influence"].message)
    assert "p03" not in str(alone["influence"].message), "nobody is named"
    assert "least squares (CR2)" in str(shared["influence"].message), "the reported one is another"


def test_a_trial_near_the_border_is_not_turned_by_one_but_cannot_be_told(weigh: Weigh) -> None:
    """t is 2.3 with 11 degrees of freedom: some leave the border when one of the 12 is left out."""
    exact = people(noise=0.0)
    person = np.array([int(p[1:]) for p in exact["participant"]])
    own = np.linspace(-1, 1, 12)
    own = own - 2.3 * own.std(ddof=1) / math.sqrt(12)
    minutes = np.array(exact["minutes"]) * np.exp(0.1 * own[person] * np.array(exact["arm"]))
    found = weigh("within", {**exact, "minutes": minutes.tolist()}, **UNDRAWN)["influence"]
    assert found.passed is None
    assert found.message.values["carried"] == 0
    assert 0 < found.message.values["border"] < 12
    assert "CR2" not in str(found.message), "CR2 is what is reported"


def test_whether_one_of_very_few_turns_the_result_is_not_looked_at(weigh: Weigh) -> None:
    found = weigh("within", people(lambda person, day: -0.4 + 0 * person, n=4))["influence"]
    assert found.passed is None
    assert "not looked at" in str(found.message)


def test_one_whose_leaving_turns_the_sign_of_a_sure_effect_is_seen() -> None:
    sure = Inference(method="cr2", estimate=-0.2, ci=(-0.3, -0.1), p_value=0.01)
    turned = Inference(method="cr2", estimate=0.01, ci=(-0.3, 0.31), p_value=0.9)
    near = Inference(method="cr2", estimate=-0.17, ci=(-0.3, 0.01), p_value=0.06)
    unsure = Inference(method="cr2", estimate=-0.01, ci=(-1.0, 0.98), p_value=0.9)
    assert _carries(turned, sure)
    assert not _carries(near, sure)
    assert not _carries(turned, unsure), "about nothing the sign turns by itself"


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


def sized(
    many: float, few: float, *, seed: int, react: float = 0.0, large: int = 40, small: int = 4
) -> dict[str, Any]:
    """Three people of many tasks and nine of few, who react as said and each by themselves."""
    rng = np.random.default_rng(seed)
    sizes = [large] * 3 + [small] * 9
    person = np.repeat(np.arange(12), sizes)
    arm = np.concatenate([np.tile([0, 1], size // 2) for size in sizes])
    own = react * rng.normal(size=12)
    log = 3 + 0.3 * rng.normal(size=len(person))
    log = log + arm * (np.where(person < 3, many, few) + own[person])
    names = [f"p{i:02d}" for i in person]
    return {"arm": arm.tolist(), "participant": names, "minutes": np.exp(log).tolist()}


def test_weightings_apart_that_may_be_chance_cannot_be_told(weigh: Weigh) -> None:
    found = weigh("within", sized(-0.25, -0.1, seed=3, react=0.3))["informative_size"]
    task, unit = (float(str(found.message.values["text"].values[n])) for n in ("task", "unit"))  # type: ignore[union-attr]
    assert abs(task - unit) > 5
    assert found.passed is None
    assert "may be chance" in str(found.message)


def test_two_weightings_lie_apart_as_if_each_person_were_left_out_anew(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """By hand: both models built anew without each person."""
    table = sized(-0.4, 0.0, seed=5, react=0.1)
    trial = make_trial("within", design={"randomised": False})
    basis = _basis(trial, make_table(**table), "cr2")

    def gap(without: int = NONE) -> float:
        by = []
        for by_unit in (False, True):
            choices = Choices(by_unit=by_unit, without=without)
            model = build(basis, trial.primary, "ratio", choices)
            assert isinstance(model, Model)
            m = model.moments()
            by.append(coefficients(m, solve(m))[ARM])
        return by[1] - by[0]

    models = [build(basis, trial.primary, "ratio", Choices(by_unit=by)) for by in (False, True)]
    found = apart(*(m.moments() for m in models if isinstance(m, Model)))
    assert isinstance(found, Estimate)
    each = np.array([gap(g) for g in range(12)])
    assert found.value == pytest.approx(gap(), rel=1e-10)
    assert found.se == pytest.approx(math.sqrt(11 * each.var()), rel=1e-10)
    assert found.df == 11


@pytest.mark.campaign
def test_sound_trials_are_seldom_red(weigh: Weigh) -> None:
    """Sixty trials with one effect for all but chance; a check that cries wolf is not read."""
    looked = ("influence", "informative_size", "tail", "practice")
    red = dict.fromkeys(looked, 0)
    for seed in range(60):
        plain = {**UNDRAWN, "design": {**UNDRAWN["design"], "date": "date"}}
        found = weigh(
            "within", people(lambda p, d: -0.2 + 0 * p, seed=100 + seed, tasks=8), **plain
        )
        uneven = weigh("within", sized(-0.2, -0.2, seed=200 + seed, react=0.1, large=16), **UNDRAWN)
        found["informative_size"] = uneven["informative_size"]
        for name in looked:
            red[name] += found[name].passed is False
    assert all(n <= 6 for n in red.values()), red


@pytest.mark.campaign
def test_signs_that_differ_about_nothing_are_no_tail_and_about_something_are(weigh: Weigh) -> None:
    """Ends worked by hand: one in 16 tasks takes a quarter without and four times as long with.

    With b = -0.2 the typical task goes by exp(b + 2 log(4) / 16) - 1 = -2.6 %, the average by
    exp(b) (15 + 4) / (15 + 1/4) - 1 = +2.0 %; the logarithms vary alike.
    """
    table = people(noise=0.01, tasks=32)
    arm, person = np.array(table["arm"]), np.array(table["participant"])
    first = np.zeros(len(arm), dtype=bool)
    for who in np.unique(person):
        for code in (0, 1):
            first[np.flatnonzero((person == who) & (arm == code))[0]] = True
    log = np.log(table["minutes"]) + np.where(arm == 1, -0.2, 0.0)
    log = log + first * np.where(arm == 1, 1, -1) * math.log(4)
    found = weigh("within", {**table, "minutes": np.exp(log).tolist()}, **UNDRAWN)["tail"]
    assert found.passed is False
    sizes = found.message.values["text"].values  # type: ignore[union-attr]
    assert (sizes["typical"], sizes["average"]) == pytest.approx((-2.6, 2.0), abs=0.3)
    unlike = 0
    for seed in range(20):
        checks = weigh("within", people(seed=seed), **UNDRAWN)["tail"]
        sizes = checks.message.values["text"].values  # type: ignore[union-attr]
        if sizes["typical"] * sizes["average"] < 0:
            unlike += 1
            assert checks.passed is True
    assert unlike


def test_a_spread_that_widens_is_a_red_tail_though_the_centres_agree(weigh: Weigh) -> None:
    rng = np.random.default_rng(3)
    table = people(n=20, tasks=30, noise=0.0)
    arm = np.array(table["arm"])
    for wider, passed in ((2.0, False), (1.0, True)):
        spread = np.where(arm == 1, 0.15 * wider, 0.15)
        table["minutes"] = np.exp(3 + spread * rng.normal(size=len(arm))).tolist()
        assert weigh("within", table)["tail"].passed is passed


def test_an_effect_that_grows_with_practice_is_seen(weigh: Weigh) -> None:
    growing = weigh("within", people(lambda person, day: -0.06 * day, noise=0.1), **DATED)
    assert growing["practice"].passed is False
    steady = weigh("within", people(lambda person, day: -0.3 + 0.0 * day, noise=0.1), **DATED)
    assert steady["practice"].passed is True
    assert "practice" not in weigh("within", people()), "nothing says in which order"


def test_work_that_slows_without_the_tool_is_drift_and_forgiven_where_arms_run_side_by_side(
    weigh: Weigh,
) -> None:
    table = people(noise=0.1)
    day = np.array([int(date[-2:]) for date in table["date"]])
    slowing = {**table, "minutes": (np.array(table["minutes"]) * np.exp(0.05 * day)).tolist()}
    told = weigh("within", slowing, **DATED)["drift"]
    assert told.passed is None, "it is not stable, and it harms nothing"
    assert "is not taken for an effect" in str(told.message)
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
    first: dict[tuple[str, float], str] = {}
    whose = list(zip(table["participant"], table["period"], strict=True))
    for one, when in zip(whose, days, strict=True):
        first[one] = min(first.get(one, when), when)
    began = [int(first[one][-2:]) for one in whose]
    early = sum(int(day[-2:]) < start + 5 for day, start in zip(days, began, strict=True))
    tasks = analysis.effects[0].baseline.tasks + analysis.effects[0].treatment.tasks
    assert tasks == len(days) - early
    found = by_name(analysis)["wash_in"]
    assert (found.passed, found.message.values["n"]) == (True, early)
    undated = evaluate(trial, make_table(**table), snapshot="0" * 64)
    assert by_name(undated)["wash_in"].passed is False
    one_period = make_trial("parallel", design={"date": "date", "wash_in_days": 5, "period": None})
    told = by_name(evaluate(one_period, rows, snapshot="0" * 64))["wash_in"]
    assert told.passed is False
    assert "no row has a period" in str(told.message)


def test_whoever_enters_later_has_days_of_wash_in_of_their_own(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """Eight people, ten days apart, with a row on each of eight days: 8 x 2 periods x 3 days."""
    start = np.datetime64("2026-02-01")
    rows = [(g, p, d) for g in range(8) for p in (1, 2) for d in range(8)]
    table = make_table(
        participant=[f"p{g}" for g, _, _ in rows],
        period=[p for _, p, _ in rows],
        arm=[int((p == 2) != (g % 2 == 1)) for g, p, _ in rows],
        minutes=[20.0 + d for _, _, d in rows],
        date=[str(start + g * 10 + (p - 1) * 8 + d) for g, p, d in rows],
    )
    trial = make_trial("crossover", design={"date": "date", "wash_in_days": 3})
    washed = read(trial, table).washed
    whose = read(trial, table).cluster
    assert [int(washed[whose == g].sum()) for g in range(8)] == [6] * 8
    nobody = table.set_column(0, "participant", pa.array([None] * len(rows), pa.string()))
    assert int(read(trial, nobody).washed.sum()) == 6, "from the first day of anybody"


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


def test_a_trend_is_told_on_the_other_scale_or_said_not_to_be_told(weigh: Weigh) -> None:
    table = columns("before_after")
    nought = [0.0, *table["minutes"][1:]]
    found = weigh("before_after", {**table, "minutes": nought})["secular_trend"]
    assert "min" in str(found.message), "minutes of nought have no logarithm"
    assert "would be the whole effect" in str(found.message)
    none = weigh("before_after", {**table, "minutes": [5.0] * len(nought)})["secular_trend"]
    assert none.passed is None
    assert "cannot be told" in str(none.message)


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


def roll_out(per_period: float, *, seed: int = 7, noise: float = 0.05) -> dict[str, Any]:
    """Twelve teams that start one after another; the effect grows with each period of use."""
    rng = np.random.default_rng(seed)
    rows = [(t, p) for t in range(12) for p in range(1, 8) for _ in range(5)]
    team, period = (np.array(part) for part in zip(*rows, strict=True))
    use = np.maximum(0, period - (2 + team % 5) + 1)
    log = 3 + 0.1 * rng.normal(size=12)[team] + noise * rng.normal(size=len(rows))
    log = log - 0.2 * (use > 0) - per_period * np.maximum(0, use - 1)
    return {
        "arm": (use > 0).astype(int).tolist(),
        "team": [f"t{t:02d}" for t in team],
        "period": [str(p) for p in period],
        "minutes": np.exp(log).tolist(),
    }


@pytest.mark.campaign
def test_a_roll_outs_two_averages_part_where_teams_learn(weigh: Weigh) -> None:
    assert weigh("stepped_wedge", roll_out(0.1))["learning"].passed is False
    assert weigh("stepped_wedge", roll_out(0.0))["learning"].passed is True


def test_the_difference_of_a_roll_outs_averages_is_a_contrast_of_lengths_of_use(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    trial, table = make_trial("stepped_wedge"), make_table(**roll_out(0.05))
    basis = _basis(trial, table, "cr2")
    effect, average = (one.result for one in answers(basis, trial.primary, "ratio"))
    assert isinstance(effect, Effect)
    assert isinstance(average, Effect)
    found = averages_apart(basis)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(math.log(average.estimate / effect.estimate), rel=1e-9)


@pytest.mark.campaign
def test_averages_apart_by_chance_are_seldom_red_and_never_called_alike(
    weigh: Weigh, make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """Sixty roll-outs with one effect, as noisy as real ones."""
    trial = make_trial("stepped_wedge", **UNDRAWN)
    rows = [roll_out(0.0, seed=seed, noise=0.6) for seed in range(60)]
    gaps = [averages_apart(_basis(trial, make_table(**one), "cr2")) for one in rows]
    assert sum(more_than_chance(gap, 0.95) for gap in gaps) <= 6
    wide = [
        one
        for one, gap in zip(rows, gaps, strict=True)
        if isinstance(gap, Estimate) and abs(gap.value) > 0.1 and not more_than_chance(gap, 0.95)
    ]
    assert len(wide) > 3
    for one in wide[:3]:
        found = weigh("stepped_wedge", one, **UNDRAWN)["learning"]
        assert found.passed is None
        assert "may be chance" in str(found.message)


def test_a_shift_that_would_undo_the_finding_is_told_where_values_are_missing(weigh: Weigh) -> None:
    table = people(lambda person, day: -0.5 + 0 * person)
    arm = np.array(table["arm"])

    def told(gone: np.ndarray, arm: np.ndarray) -> dict[str, float]:
        minutes = [None if g else m for g, m in zip(gone, table["minutes"], strict=True)]
        found = weigh("within", {**table, "minutes": minutes, "arm": arm.tolist()})
        assert found["tipping_point"].passed is None
        values = found["tipping_point"].message.values
        return {name: one.values["value"] for name, one in values.items()}  # type: ignore[union-attr]

    every = np.arange(len(arm)) % 5 == 0
    both = told(every, arm)
    assert both["shift"] > 0 > both["base"], "with the tool slower, or without it faster"
    using, without = told(every & (arm == 1), arm), told(every & (arm == 0), arm)
    assert set(using) == {"shift"}
    assert set(without) == {"base"}, "where only the baseline has gaps it is told too"
    assert using["shift"] > 0 > without["base"]
    swapped = told(every & (arm == 0), 1 - arm)
    assert swapped["shift"] == pytest.approx(without["base"], rel=1e-9)
    assert "tipping_point" not in weigh("within", table)


def test_subgroups_are_drawn_towards_the_common_effect_and_small_ones_not_shown(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = people(lambda person, day: np.where(day % 2 == 0, -0.5, -0.1), tasks=24)
    table["kind"] = ["even" if int(date[-2:]) % 2 == 1 else "odd" for date in table["date"]]
    trial = make_trial("within", design={"task_type": "kind"})
    found = {g.value: g for g in evaluate(trial, make_table(**table), snapshot="0" * 64).subgroups}
    even, odd = found["even"], found["odd"]
    assert even.estimate < even.shrunken < odd.shrunken < odd.estimate
    assert min(even.clusters, odd.clusters) >= 5
    table["kind"] = [
        "rare" if p in ("p00", "p01") and k == "odd" else k
        for p, k in zip(table["participant"], table["kind"], strict=True)
    ]
    found = {g.value: g for g in evaluate(trial, make_table(**table), snapshot="0" * 64).subgroups}
    assert "rare" not in found, "two people's tasks are not shown by themselves"
    assert len(found) < 2, "nor by what the whole has more than the others"


def test_a_group_does_not_say_that_one_of_all_has_no_task_in_it(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = people(lambda person, day: np.where(day % 2 == 0, -0.5, -0.1), tasks=24)
    table["kind"] = ["even" if int(date[-2:]) % 2 == 1 else "odd" for date in table["date"]]
    trial = make_trial("within", design={"task_type": "kind"})

    def told() -> dict[str, int | None]:
        analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
        return {group.value: group.clusters for group in analysis.subgroups}

    everybody = len(set(table["participant"]))
    assert told() == {"even": everybody, "odd": everybody}
    table["kind"] = [
        "even" if p == "p00" else k
        for p, k in zip(table["participant"], table["kind"], strict=True)
    ]
    assert told() == {"even": everybody, "odd": None}


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
    first, second = np.array(judged(0.2)["score"]).reshape(2, -1)
    by_chance = ((first[:, None] - second[None, :]) ** 2).mean()
    by_sums = 1 - ((first - second) ** 2).mean() / by_chance
    assert f"Cohen's kappa it is {by_sums:.2f}." in str(poor["agreement"].message)
    assert poor["agreement"].message.values["text"].values["n"] == len(columns("parallel")["arm"])
    assert poor["repeated"].passed is False, "a task that was judged twice stands twice"
    alone = {**columns("parallel"), "judge": ["a"] * len(columns("parallel")["arm"])}
    alone["task"] = [f"q{i}" for i in range(len(alone["arm"]))]
    assert "agreement" not in weigh("parallel", alone, **plan)


def test_who_kept_to_the_draw_and_who_used_the_tool_are_two_associations(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """By hand: means of logarithms, of those who kept to the draw and by what was used."""
    rng = np.random.default_rng(4)
    who = np.repeat(np.arange(20), 5)
    arm = (np.arange(20) % 2)[who]
    used = arm * (rng.random(100) < 0.6)
    log = 3 - 0.3 * used + 0.2 * rng.normal(size=100)
    trial = make_trial("parallel", design={"realised_arm": "used"})
    table = make_table(
        participant=[f"p{i}" for i in who],
        arm=arm.tolist(),
        minutes=np.exp(log).tolist(),
        used=np.where(used == 1, "treatment", "baseline").tolist(),
    )
    rows = evaluate(trial, table, snapshot="0" * 64).sensitivity
    found = {row.model: row.estimate for row in rows if row.scale == "ratio"}
    kept = used == arm
    as_drawn = log[kept & (arm == 1)].mean() - log[kept & (arm == 0)].mean()
    as_treated = log[used == 1].mean() - log[used == 0].mean()
    assert math.log(found["per_protocol"]) == pytest.approx(as_drawn, rel=1e-9)
    assert math.log(found["as_treated"]) == pytest.approx(as_treated, rel=1e-9)
    assert abs(as_drawn - as_treated) > 0.01


def test_ratings_by_four_people_have_no_chance_that_is_reported(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    score = {"kind": "rating", "column": "score", "unit": None, "worthwhile": None}
    undrawn = {"design": {"randomised": False}}  # drawn tasks would be held against the draw
    trial = make_trial("within", {**score, "better": "higher"}, **undrawn)

    def gaps(n: int) -> list[str]:
        rng = np.random.default_rng(1)
        table = people(n=n)
        score = (rng.integers(1, 5, len(table["arm"])) + np.array(table["arm"])).tolist()
        analysis = evaluate(trial, make_table(**table, score=score), snapshot="0" * 64)
        return [str(gap.message) for gap in analysis.gaps if gap.scale == "probability"]

    (few,) = gaps(4)
    assert few.startswith("Too few participants carry the comparison (degrees of freedom 3")
    assert gaps(6) == []


def test_what_the_arm_cannot_be_told_from_is_named(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = roll_out(0.0)
    together = [int(int(p) >= 4) for p in table["period"]]

    def gap(arm: list[int], **sections: Any) -> str:
        trial = make_trial("stepped_wedge", design={"randomised": False}, **sections)
        rows = make_table(**{**table, "arm": arm}, words=together)
        return str(evaluate(trial, rows, snapshot="0" * 64).gaps[0].message)

    assert gap(together).startswith("The arm cannot be told from the teams and periods: ")
    of = gap(together, covariates=[{"column": "words"}])
    assert of.startswith("The arm cannot be told from the teams, periods and covariates: ")
    apart = [int(t < "t06") for t in table["team"]]
    assert gap(apart).startswith("No team has tasks in both arms")
    assert "before: 2, after: 5" in str(few_periods(2, 5))
    assert str(short_of_periods(10, 12)).startswith("The series has 10 periods; below 12")
