"""The ratio of rates, against R's glm with clubSandwich, plain matrices and by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.counts import rate_ratio
from tests.oracles.sheets import answers, columns

R = answers("counts")


def codes(words: list[Any]) -> np.ndarray:
    return np.unique(words, return_inverse=True)[1]


def numbers(found: Estimate | Absence) -> tuple[float, float, float]:
    assert isinstance(found, Estimate)
    return found.value, found.se, found.df


def rare(d: dict[str, list[Any]]) -> np.ndarray:
    """The rare events of counts.R: most tasks have none, two participants have none at all."""
    errors = np.array(d["errors"])
    events = (errors > 5) + 1.0 * (errors > 8)
    events[np.isin(d["participant"], ["p03", "p07"])] = 0
    return events


def ask(
    sheet: str, unit: str, *x: str, absorb: bool = False, few: bool = False, by: float = 1
) -> Any:
    d = columns(sheet)
    made = {
        f"{name}={word}": np.array([each == word for each in d[name]], float)
        for name in x
        if name != "minutes"
        for word in sorted(set(d[name]))[1:]
    }
    made |= {"minutes": np.log(d["minutes"])} if "minutes" in x else {}
    cluster = codes(d[unit])
    return rate_ratio(
        by * (rare(d) if few else np.array(d["errors"])),
        np.array(d["words"]),
        made | {"arm": np.array(d["arm"], float)},
        column="arm",
        cluster=cluster,
        absorb=cluster if absorb else None,
    )


P = "participant"
CASES = {
    "parallel": ask("parallel", P),
    "parallel.poisson": ask("parallel", P),
    "parallel.kind": ask("parallel", P, "kind", "minutes"),
    "one_task_each": ask("one_task_each", P),
    "cluster": ask("cluster", "team"),
    "cluster.minutes": ask("cluster", "team", "minutes"),
    "within": ask("within", P, absorb=True),
    "within.minutes": ask("within", P, "minutes", absorb=True),
    "within.pooled": ask("within", P),
    "rollout": ask("rollout", "team", "period", absorb=True),
    "rare": ask("within", P, absorb=True, few=True),
}


@pytest.mark.parametrize("case", CASES)
def test_the_ratio_is_glms_and_its_error_clubsandwichs(case: str) -> None:
    """R: `coef_test(glm(..., quasipoisson), vcov = "CR2", test = "Satterthwaite")`, counts.R."""
    expected = R[case]
    assert numbers(CASES[case]) == pytest.approx(
        (expected["estimate"], expected["se"], expected["df"]), rel=1e-10
    )


def test_leaving_out_who_has_no_event_is_glms_limit() -> None:
    """R: the same with all participants; the fitted rates of two go to zero as glm iterates."""
    expected = R["rare.limit"]
    assert numbers(CASES["rare"]) == pytest.approx(
        (expected["estimate"], expected["se"], expected["df"]), rel=1e-7
    )


def test_by_hand_three_and_three_people() -> None:
    """Means 2 and 6, variances 1 and 4: s.e.^2 = 1/(3 2^2) + 4/(3 6^2) = 13/108.

    The working model's variances of the two logarithms are 1/6 and 1/18 with 2 degrees of freedom
    each: df = (4/18)^2 / ((1/6)^2 / 2 + (1/18)^2 / 2) = 3.2.
    """
    events, arm = np.array([1.0, 3, 2, 4, 8, 6]), np.repeat([0.0, 1.0], 3)
    found = rate_ratio(events, np.full(6, 7.0), {"arm": arm}, column="arm", cluster=np.arange(6))
    assert numbers(found) == pytest.approx((math.log(3), math.sqrt(13 / 108), 3.2), rel=1e-12)


def plain(
    events: np.ndarray, exposure: np.ndarray, x: np.ndarray, cluster: np.ndarray
) -> tuple[float, float, float]:
    """Dummies as columns, weights iterated, and clubSandwich's matrices written out."""
    beta = np.linalg.lstsq(x, np.log((events + 0.5) / exposure), rcond=None)[0]
    for _ in range(60):
        mu = exposure * np.exp(x @ beta)
        m = np.linalg.inv(x.T @ (x * mu[:, None]))
        beta = beta + m @ (x.T @ (events - mu))
    root, design = np.sqrt(mu), mu[:, None] * x
    whole = np.diag(mu) - design @ m @ design.T
    rows = []
    for g in np.unique(cluster):
        i = cluster == g
        values, vectors = np.linalg.eigh(np.outer(root[i], root[i]) * whole[np.ix_(i, i)])
        alive = values > 1e-11 * values[-1]
        half = (vectors[:, alive] / np.sqrt(values[alive])) @ vectors[:, alive].T
        row = np.zeros(len(mu))
        row[i] = root[i] * (half @ (root[i] * (x[i] @ m[:, -1])))
        rows.append(row)
    t = np.array(rows)
    omega = t @ whole @ t.T
    df = float(np.trace(omega) ** 2 / (omega**2).sum())
    return float(beta[-1]), math.sqrt(float(((t @ (events - mu)) ** 2).sum())), df


def trial(seed: int, sizes: list[int], effects: int) -> tuple[np.ndarray, ...]:
    """Events, exposure, a covariate, arm, cluster and effects within clusters, all invented."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    n = len(cluster)
    effect = cluster * effects + rng.integers(0, effects, n)
    exposure, age = rng.integers(50, 900, n) * 1.0, rng.normal(size=n)
    arm = rng.integers(0, 2, n) * 1.0
    events = rng.poisson(exposure * 0.01 * np.exp(0.3 * age + 0.2 * rng.normal(size=n))) * 1.0
    return events, exposure, age, arm, cluster, effect


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), groups=st.integers(3, 8), effects=st.integers(0, 2))
def test_profiled_effects_give_what_plain_matrices_give(
    seed: int, groups: int, effects: int
) -> None:
    sizes = np.random.default_rng(seed).integers(4, 12, groups).tolist()
    events, exposure, age, arm, cluster, effect = trial(seed, sizes, max(effects, 1))
    own = np.equal.outer(effect, np.unique(effect[events > 0])) * 1.0
    here = own.any(axis=1) if effects else np.full(len(arm), True)
    dummies = own if effects else np.ones((len(arm), 1))
    found = rate_ratio(
        events,
        exposure,
        {"age": age, "arm": arm},
        column="arm",
        cluster=cluster,
        absorb=effect if effects else None,
    )
    if isinstance(found, Absence):  # a cluster or an effect too small to tell
        assert found.reason in {"lone_cluster", "no_events"}
        return
    x = np.column_stack([dummies, age, arm])[here]
    expected = plain(events[here], exposure[here], x, cluster[here])
    assert numbers(found) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("effects", [0, 3])
def test_hundreds_of_tasks_a_team_take_another_road_to_the_same_answer(effects: int) -> None:
    events, exposure, age, arm, cluster, effect = trial(4, [170, 30, 155, 20, 25], max(effects, 1))
    dummies = np.equal.outer(effect, np.unique(effect)) if effects else np.ones((len(arm), 1))
    expected = plain(events, exposure, np.column_stack([dummies, age, arm]), cluster)
    x, absorb = {"age": age, "arm": arm}, effect if effects else None
    found = rate_ratio(events, exposure, x, column="arm", cluster=cluster, absorb=absorb)
    assert numbers(found) == pytest.approx(expected, rel=1e-9)


def test_units_of_events_and_words_and_the_order_of_rows_change_nothing() -> None:
    events, exposure, age, arm, cluster, effect = trial(1, [9, 8, 7, 9, 6], 1)

    def found(events: np.ndarray, exposure: np.ndarray, i: np.ndarray, arm: np.ndarray) -> Any:
        x = {"age": age[i], "arm": arm[i]}
        return numbers(
            rate_ratio(
                events[i], exposure[i], x, column="arm", cluster=cluster[i], absorb=effect[i]
            )
        )

    order, shuffled = np.arange(len(arm)), np.random.default_rng(2).permutation(len(arm))
    value, se, df = found(events, exposure, order, arm)
    assert found(events, exposure, shuffled, arm) == pytest.approx((value, se, df), rel=1e-10)
    assert found(3 * events, 7 * exposure, order, arm) == pytest.approx((value, se, df), rel=1e-10)
    for size in (1e300, 1e-300):
        assert found(size * events, size * exposure, order, arm) == pytest.approx((value, se, df))
    assert found(events, exposure, order, 1 - arm) == pytest.approx((-value, se, df), rel=1e-10)
    halved = found(events, exposure, order, 2 * arm)
    assert halved == pytest.approx((value / 2, se / 2, df), rel=1e-10)


def test_rows_that_say_nothing_change_nothing() -> None:
    events, exposure, age, arm, cluster, effect = trial(1, [9, 8, 7, 9, 6], 1)
    x = {"age": age, "arm": arm}
    few = rate_ratio(events, exposure, x, column="arm", cluster=cluster, absorb=effect)
    more = rate_ratio(
        np.append(events, [0, 0, 0]),
        np.append(exposure, [0, 5, 8]),  # nothing read; someone new without an event
        {"age": np.append(age, [1, 2, 3]), "arm": np.append(arm, [1, 0, 1])},
        column="arm",
        cluster=np.append(cluster, [0, 9, 9]),
        absorb=np.append(effect, [0, 9, 9]),
    )
    assert more == few


def reason(events: Any, exposure: Any, arm: Any, cluster: Any, **x: Any) -> str:
    made = {name: np.array(values, float) for name, values in {**x, "arm": arm}.items()}
    absorb = made.pop("own", None)
    found = rate_ratio(
        np.array(events, float),
        np.array(exposure, float),
        made,
        column="arm",
        cluster=np.array(cluster),
        absorb=None if absorb is None else absorb.astype(int),
    )
    assert isinstance(found, Absence)
    return found.reason


def test_what_cannot_be_told_is_absent_with_its_reason() -> None:
    arm, six = [0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2]
    e, words = [3, 1, 2, 5, 2, 4], [9, 8, 7, 9, 8, 7]
    assert reason([], [], [], []) == "no_rows"
    assert reason([0] * 6, [0] * 6, arm, six) == "no_rows"
    assert reason([3, 1, 2, 5, 2, 0], [9, 0, 7, 9, 8, 7], arm, six) == "no_exposure"
    assert reason([3, 0, 2, 0, 2, 0], words, arm, six) == "no_events"
    assert reason([0, 2, 0, 2, 0, 2], words, arm, six) == "no_events"
    assert reason([0] * 6, words, arm, six) == "no_events"
    assert reason(e, words, [1] * 6, six) == "not_identified"
    assert reason(e, words, arm, six, twice=[0, 2, 0, 2, 0, 2]) == "not_identified"
    assert reason(e, words, [0, 0, 1, 1, 1, 1], six, own=six) == "not_identified"
    assert reason(e, words, arm, [0] * 6) == "one_cluster"
    assert reason(e[:2], words[:2], arm[:2], six[::2][:2]) == "saturated"
    assert reason(e, words, [0, 0, 0, 0, 1, 1], six) == "lone_cluster"
    assert reason([18, 24, 14, 27, 16, 21], words, arm, six) == "no_spread"  # 2 and 3 a word


def test_columns_that_tell_events_from_none_have_no_likeliest_rate() -> None:
    arm, six, words = [0, 1, 0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2, 3, 3], [5] * 8
    assert reason([2, 3, 1, 4, 2, 5, 0, 0], words, arm, six, late=[0] * 6 + [1, 1]) == (
        "not_identified"
    )
    assert reason([2, 3, 1, 4, 2, 5, 0, 0], words, arm, six, age=[0] * 6 + [1, 3]) == (
        "not_identified"
    )


def test_a_ratio_in_a_unit_too_small_is_too_large() -> None:
    events, exposure, _, arm, cluster, _ = trial(1, [9, 8, 7, 9, 6], 1)
    tiny = {"arm": arm * 1e-310}
    found = rate_ratio(events, exposure, tiny, column="arm", cluster=cluster)
    assert found == Absence("too_large")


def test_an_effect_in_two_clusters_is_refused() -> None:
    with pytest.raises(ValueError, match="more than one cluster"):
        rate_ratio(
            np.ones(4),
            np.ones(4),
            {"arm": np.array([0.0, 1, 0, 1])},
            column="arm",
            cluster=np.array([0, 0, 1, 1]),
            absorb=np.array([0, 1, 1, 2]),
        )


@pytest.mark.campaign
def test_errors_that_come_in_swarms_alarm_no_oftener_than_meant() -> None:
    """Ten people whose errors vary fourfold as much as Poisson's: it alarms, we do not."""
    rng = np.random.default_rng(20260114)
    person, arm = np.repeat(np.arange(10), 6), np.tile([0.0, 1.0], 30)
    ours = poissons = 0
    for _ in range(200):
        words = rng.integers(150, 1500, 60) * 1.0
        mean = words * 0.01 * rng.gamma(4, 0.25, 10)[person]
        errors = rng.poisson(mean * rng.gamma(2, 0.5, 60)) * 1.0
        found = rate_ratio(errors, words, {"arm": arm}, column="arm", cluster=person, absorb=person)
        assert isinstance(found, Estimate)
        ours += found.p_value < 0.05
        one, zero = errors[arm == 1].sum(), errors[arm == 0].sum()
        poissons += abs(found.value) > 1.96 * math.sqrt(1 / one + 1 / zero)
    most = binom.isf(0.001, 200, 0.06)
    assert ours <= most < poissons


def test_events_that_vanish_beside_all_others_count_as_none() -> None:
    """The smallest double beside 1 is lost when both are halved: a person with that alone tells
    nothing, as one without events does."""
    arm = np.array([0.0, 1, 0, 1, 0, 1])
    person, words = np.array([0, 0, 1, 1, 2, 2]), np.ones(6)
    asked = {"column": "arm", "cluster": person, "absorb": person}
    least = np.array([1.0, 2, 2, 1, 5e-324, 0])
    none = np.array([1.0, 2, 2, 1, 0, 0])
    assert rate_ratio(least, words, {"arm": arm}, **asked) == rate_ratio(
        none, words, {"arm": arm}, **asked
    )
