"""What must hold whatever was measured: symmetries, scales, and two ways to the same number."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Inference
from htkeval.evaluation import evaluate
from htkeval.trial import Trial
from tests.often import often
from tests.oracles.sheets import columns

Weigh = Callable[..., dict[str, Effect]]
SEEDS = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)


@pytest.fixture(scope="session")
def weigh(make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]) -> Weigh:
    """The effects of a design on a table, by scale."""

    def weigh(design: str, table: dict[str, Any], **sections: Any) -> dict[str, Effect]:
        trial = make_trial(design, {}, **sections)
        analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
        return {effect.scale: effect for effect in analysis.effects}

    return weigh


def by(effect: Effect, method: str) -> Inference:
    (found,) = (one for one in effect.inference if one.method == method)
    return found


def times(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.round(np.exp(rng.normal(3, 0.5, n)), 2) + 0.01


@pytest.mark.campaign
@few
@given(seed=SEEDS, people=st.integers(6, 20))
def test_one_pair_each_is_the_paired_t_test(weigh: Weigh, seed: int, people: int) -> None:
    rng = np.random.default_rng(seed)
    minutes, arm = times(rng, 2 * people), np.tile([0, 1], people)
    table = {"arm": arm, "minutes": minutes, "participant": np.repeat(np.arange(people), 2)}
    effects = weigh("within", {**table, "participant": [f"p{i}" for i in table["participant"]]})
    for scale, y in (("ratio", np.log(minutes)), ("difference", minutes)):
        paired = stats.ttest_rel(y[1::2], y[::2])
        cr2 = by(effects[scale], "cr2")
        t, interval = cr2.estimate / cr2.se, paired.confidence_interval()
        assert (t, cr2.df, cr2.p_value) == pytest.approx(
            (paired.statistic, people - 1, paired.pvalue), rel=1e-7
        )
        assert cr2.ci == pytest.approx((interval.low, interval.high), rel=1e-7, abs=1e-9)


@few
@given(seed=SEEDS, teams=st.integers(4, 10), tasks=st.integers(1, 6))
def test_equal_teams_and_equal_arms_are_the_t_test_on_team_means(
    weigh: Weigh, seed: int, teams: int, tasks: int
) -> None:
    rng = np.random.default_rng(seed)
    minutes = times(rng, 2 * teams * tasks)
    team = np.repeat(np.arange(2 * teams), tasks)
    table = {"arm": team % 2, "minutes": minutes, "team": [f"t{i}" for i in team]}
    effect = weigh("cluster", table)["difference"]
    means = minutes.reshape(-1, tasks).mean(axis=1)
    expected = stats.ttest_ind(means[1::2], means[::2])
    cr2 = by(effect, "cr2")
    t = cr2.estimate / cr2.se
    assert (t, cr2.df) == pytest.approx((expected.statistic, 2 * teams - 2), rel=1e-7)
    assert cr2.p_value == pytest.approx(expected.pvalue, rel=1e-7)


@pytest.mark.usefixtures("nothing_held_back")
@pytest.mark.parametrize("name", ["within", "parallel", "cluster", "one_task_each"])
def test_swapping_the_arms_changes_signs_only(weigh: Weigh, name: str) -> None:
    design = "parallel" if name == "one_task_each" else name
    table = columns(name)
    before = weigh(design, table)
    after = weigh(design, {**table, "arm": [1 - arm for arm in table["arm"]]})
    for scale, effect in before.items():
        swapped = after[scale]
        for one, other in zip(effect.inference, swapped.inference, strict=True):
            if one.method == "rerandomisation":
                # other draws give another p; an enumerated lottery must give the very same
                assert one.p_value == other.p_value or not one.exact
                continue
            assert (one.se, one.df, one.p_value) == pytest.approx(
                (other.se, other.df, other.p_value), rel=1e-6
            )
            assert one.ci == pytest.approx((-other.ci[1], -other.ci[0]), rel=1e-6)
        assert (effect.icc or 0) == pytest.approx(swapped.icc or 0, rel=1e-9)
        assert effect.baseline.mean == pytest.approx(swapped.treatment.mean)
        if scale == "ratio":
            assert effect.estimate * swapped.estimate == pytest.approx(1, rel=1e-12)


WEIGHED = [(w, name) for w in ("task", "unit") for name in ("within", "parallel", "cluster")]
SOME_WEIGHED = [("task", "within"), ("unit", "parallel"), ("task", "cluster")]
"""Each design and each weighing."""


@pytest.mark.parametrize(("weights", "name"), often(WEIGHED, SOME_WEIGHED))
def test_seconds_for_minutes_rescale_the_difference_and_not_the_ratio(
    weigh: Weigh, name: str, weights: str
) -> None:
    table = columns(name)
    plan = {"analysis": {"weights": weights}, "covariates": [{"column": "words", "scale": "log"}]}
    minutes = weigh(name, table, **plan)
    seconds = weigh(name, {**table, "minutes": [60 * m for m in table["minutes"]]}, **plan)
    a, b = minutes["difference"], seconds["difference"]
    assert (60 * a.estimate, 60 * a.ci[0], 60 * a.ci[1], a.p_value) == pytest.approx(
        (b.estimate, *b.ci, b.p_value), rel=1e-9
    )
    a, b = minutes["ratio"], seconds["ratio"]
    assert (a.estimate, *a.ci, a.p_value) == pytest.approx((b.estimate, *b.ci, b.p_value), rel=1e-9)


@pytest.fixture(scope="module")
def in_order(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> Callable[[str], Analysis]:
    """The analysis of a set as its rows stand, made once."""

    @cache
    def analysed(name: str) -> Analysis:
        return evaluate(make_trial(name), make_table(**columns(name)), snapshot="0" * 64)

    return analysed


@few
@given(seed=SEEDS, name=st.sampled_from(["within", "parallel", "cluster"]))
def test_the_order_of_rows_changes_nothing(
    make_trial: Callable[..., Trial],
    make_table: Callable[..., pa.Table],
    in_order: Callable[[str], Analysis],
    seed: int,
    name: str,
) -> None:
    table = columns(name)
    order = np.random.default_rng(seed).permutation(len(table["arm"]))
    shuffled = {column: [values[i] for i in order] for column, values in table.items()}
    a = in_order(name)
    b = evaluate(make_trial(name), make_table(**shuffled), snapshot="0" * 64)
    assert flat(a) == pytest.approx(flat(b), rel=1e-9)
    assert [check.passed for check in a.checks] == [check.passed for check in b.checks]


def flat(analysis: Analysis) -> list[float]:
    answers = [*analysis.effects, *analysis.sensitivity]
    return [n for one in answers for n in (one.estimate, *one.ci, one.p_value)]


@pytest.mark.parametrize(("weights", "name"), often(WEIGHED, SOME_WEIGHED))
def test_adjusted_means_differ_by_exactly_the_estimate(
    weigh: Weigh, name: str, weights: str
) -> None:
    plan = {"analysis": {"weights": weights}, "covariates": [{"column": "words", "scale": "log"}]}
    effects = weigh(name, columns(name), **plan)
    ratio, difference = effects["ratio"], effects["difference"]
    assert ratio.treatment.adjusted_mean / ratio.baseline.adjusted_mean == (
        pytest.approx(ratio.estimate, rel=1e-14)
    )
    assert difference.treatment.adjusted_mean - difference.baseline.adjusted_mean == (
        pytest.approx(difference.estimate, rel=1e-12)
    )


def test_without_covariates_two_groups_adjusted_means_are_their_means(weigh: Weigh) -> None:
    table = columns("parallel")
    effects = weigh("parallel", table)
    for figures in (effects["difference"].baseline, effects["difference"].treatment):
        assert figures.adjusted_mean == pytest.approx(figures.mean, rel=1e-12)
    logs = [math.log(m) for m, arm in zip(table["minutes"], table["arm"], strict=True) if not arm]
    geometric = math.exp(sum(logs) / len(logs))
    assert effects["ratio"].baseline.adjusted_mean == pytest.approx(geometric, rel=1e-12)
    assert effects["ratio"].baseline.mean == effects["difference"].baseline.mean


@few
@given(seed=SEEDS)
def test_the_interval_excludes_no_effect_exactly_when_p_is_below_its_level(
    weigh: Weigh, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    people, tasks = 9, 6
    arm = rng.integers(0, 2, people * tasks)
    level = float(rng.uniform(0.6, 0.99))
    table = {
        "arm": arm,
        "minutes": times(rng, people * tasks) * np.exp(-0.3 * arm),
        "participant": [f"p{i}" for i in np.repeat(np.arange(people), tasks)],
    }
    for effect in weigh("within", table, analysis={"level": level}).values():
        outside = not effect.ci[0] <= effect.null <= effect.ci[1]
        assert outside is (effect.p_value < 1 - level)
