"""Re-randomisation against plain regressions, SciPy, and the confidence set against a fine grid."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from htkeval.stats.answer import Absence
from htkeval.stats.rerandomisation import (
    Rerandomised,
    _observed,
    _sums,
    p_value,
    plain_draws,
    rerandomise,
)
from htkeval.stats.rerandomisation.cells import Cells, cells
from htkeval.stats.rerandomisation.confidence_set import Quartics, _roots, confidence_set

few = settings(max_examples=25, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


def choices(n: int, k: int) -> np.ndarray:
    picks = itertools.combinations(range(n), k)
    return np.array([[i in chosen for i in range(n)] for chosen in picks], np.uint8)


def plain_t(y: np.ndarray, arms: np.ndarray, w: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """|coefficient| over its CR0 error by draw, every matrix written out; inf without an arm."""
    wide = np.broadcast_to(w, (len(arms), *w.shape))
    x = np.concatenate([wide, arms[:, :, None]], axis=2)
    defined = np.linalg.matrix_rank(x) == x.shape[2]
    d = arms - arms @ np.linalg.pinv(w).T @ w.T
    e = y - np.einsum("rnk,rkm,m->rn", x, np.linalg.pinv(x), y, optimize=True)
    scores = (d * e) @ np.equal.outer(cluster, np.unique(cluster)).astype(float)
    error = np.sqrt((scores**2).sum(axis=1))
    return np.where(defined, np.abs(d @ y) / np.where(defined, error, 1.0), np.inf)


def teams(seed: int, g: int = 8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcome, a covariate and team of teams of unlike size."""
    rng = np.random.default_rng(seed)
    team = np.repeat(np.arange(g), rng.integers(2, 9, g))
    w = rng.normal(size=len(team))
    return rng.normal(size=g)[team] + 0.3 * w + rng.normal(size=len(team)), w, team


@few
@given(seed=SEEDS)
def test_p_is_the_share_of_plain_regressions_at_least_as_extreme(seed: int) -> None:
    y, w, team = teams(seed)
    arm, every = np.array([0, 1, 1, 0, 1, 0, 1, 0], np.uint8), choices(8, 4)
    y = y + 0.8 * arm[team]
    c = cells(y, {"w": w}, cell=team, cluster_of=np.arange(8), absorbed=False)
    found = rerandomise(c, arm, every, level=0.9, exact=True)
    assert isinstance(found, Rerandomised)
    x = np.column_stack([np.ones(len(y)), w])
    all_t = plain_t(y, every[:, team] * 1.0, x, team)
    (observed,) = plain_t(y, arm[None, team] * 1.0, x, team)
    assert found.p_value == np.mean(all_t >= observed * (1 - 1e-9))
    coefficient = np.linalg.lstsq(np.column_stack([x, arm[team]]), y, rcond=None)[0][2]
    assert found.value == pytest.approx(coefficient, rel=1e-10)


@pytest.mark.campaign
@few
@given(seed=SEEDS)
def test_the_interval_is_the_hull_of_the_shifts_that_a_grid_of_tests_does_not_reject(
    seed: int,
) -> None:
    y, _, team = teams(seed)
    arm, every = np.array([0, 1, 1, 0, 1, 0, 1, 0], np.uint8), choices(8, 4)
    c = cells(y, {}, cell=team, cluster_of=np.arange(8), absorbed=False)
    found = rerandomise(c, arm, every, level=0.8, exact=True)
    assert isinstance(found, Rerandomised)
    low, high = found.interval
    ones = np.ones((len(y), 1))

    def p(shift: float) -> float:
        moved = y - shift * arm[team]
        all_t = plain_t(moved, every[:, team] * 1.0, ones, team)
        return float(np.mean(all_t >= plain_t(moved, arm[None, team] * 1.0, ones, team) * 0.999999))

    width = high - low
    outside = [p(low - step * width) for step in (1e-4, 0.1, 0.5, 2)]
    outside += [p(high + step * width) for step in (1e-4, 0.1, 0.5, 2)]
    assert max(outside) <= 0.2 + 1e-12
    assert p(low + 1e-6 * width) > 0.2
    assert p(high - 1e-6 * width) > 0.2
    if found.whole:
        assert min(p(low + step * width) for step in np.linspace(0.01, 0.99, 25)) > 0.2


@few
@given(seed=SEEDS)
def test_within_people_the_arm_is_residualised_anew_at_every_draw(seed: int) -> None:
    """Participant effects and a covariate, tasks drawn one by one: 2^10 allocations."""
    rng = np.random.default_rng(seed)
    person, w = np.repeat(np.arange(3), [3, 3, 4]), rng.normal(size=10)
    y = rng.normal(size=3)[person] + w + rng.normal(size=10)
    arm = np.array([0, 1, 1, 1, 0, 0, 0, 1, 1, 0], np.uint8)
    every = np.array(list(itertools.product([0, 1], repeat=10)), np.uint8)
    c = cells(y, {"w": w}, cell=np.arange(10), cluster_of=person, absorbed=True)
    dummies = np.column_stack([*(person == p for p in range(3)), w]).astype(float)
    (observed,) = plain_t(y, arm[None] * 1.0, dummies, person)
    hits = plain_t(y, every * 1.0, dummies, person) >= observed * (1 - 1e-9)
    assert p_value(c, arm, every, exact=True) == hits.mean()


def test_scipys_permutation_test_gives_the_same_p() -> None:
    """scipy.stats.permutation_test((b, a), statistic, n_resamples=inf), 6 v 4 independent units."""
    rng = np.random.default_rng(3)
    y, arm = rng.normal(size=10) + np.array([0] * 6 + [1] * 4), np.repeat([0, 1], [6, 4])

    def statistic(a: np.ndarray, b: np.ndarray) -> float:
        error = ((a - a.mean()) ** 2).sum() / len(a) ** 2 + ((b - b.mean()) ** 2).sum() / len(
            b
        ) ** 2
        return abs(a.mean() - b.mean()) / math.sqrt(error)

    expected = stats.permutation_test(
        (y[arm == 1], y[arm == 0]), statistic, n_resamples=np.inf, alternative="greater"
    )
    c = cells(y, {}, cell=np.arange(10), cluster_of=np.arange(10), absorbed=False)
    found = p_value(c, arm.astype(np.uint8), choices(10, 4), exact=True)
    assert found == pytest.approx(expected.pvalue, rel=1e-12)


def test_equal_arms_of_single_tasks_are_fishers_permutation_test_by_hand() -> None:
    """1, 2, 3 against 4, 5, 6: of 20 allocations two are as extreme, so p = 0.1."""
    y, arm = np.array([1.0, 2, 3, 4, 5, 6]), np.array([0, 0, 0, 1, 1, 1], np.uint8)
    c = cells(y, {}, cell=np.arange(6), cluster_of=np.arange(6), absorbed=False)
    assert p_value(c, arm, choices(6, 3), exact=True) == 0.1
    assert rerandomise(c, arm, choices(6, 3), level=0.95, exact=True) == Absence("no_end")
    found = rerandomise(c, arm, choices(6, 3), level=0.85, exact=True)
    assert isinstance(found, Rerandomised)
    assert found.value == pytest.approx(3)
    assert found.interval[0] > 0, "0.1 is below 0.15, so no effect is outside"


def test_drawn_allocations_count_the_observed_one_and_never_give_zero() -> None:
    y, arm = np.arange(20.0), np.repeat([0, 1], 10).astype(np.uint8)
    c = cells(y, {}, cell=np.arange(20), cluster_of=np.arange(20), absorbed=False)
    rng = np.random.default_rng(1)
    draws = rng.permuted(np.broadcast_to(arm, (999, 20)), axis=1)
    found = rerandomise(c, arm, draws, level=0.95, exact=False)
    assert isinstance(found, Rerandomised)
    assert found.p_value == 1 / 1000
    assert (found.draws, found.exact) == (999, False)


def test_a_draw_with_an_empty_arm_and_a_draw_without_variance_are_hits() -> None:
    y, arm = np.array([0.0, 0, 1, 1, 5, 2]), np.array([0, 0, 0, 1, 1, 1], np.uint8)
    c = cells(y, {}, cell=np.arange(6), cluster_of=np.arange(6), absorbed=False)
    none, every = np.zeros((1, 6), np.uint8), np.ones((1, 6), np.uint8)
    assert p_value(c, arm, np.concatenate([none, every]), exact=False) == 1.0
    y = np.array([0.0, 0, 0, 1, 1, 1.5])
    c = cells(y, {}, cell=np.arange(6), cluster_of=np.arange(6), absorbed=False)
    perfect = np.array([[1, 1, 1, 0, 0, 0]], np.uint8)
    assert p_value(c, arm, perfect, exact=False) == 1.0


@few
@given(seed=SEEDS)
def test_cells_without_rows_change_nothing_but_the_draws(seed: int) -> None:
    y, w, team = teams(seed)
    arm = np.array([0, 1, 1, 0, 1, 0, 1, 0], np.uint8)
    c = cells(y, {"w": w}, cell=team, cluster_of=np.arange(8), absorbed=False)
    wider = cells(y, {"w": w}, cell=team, cluster_of=np.arange(9), absorbed=False)
    every = choices(8, 4)
    padded = np.column_stack([every, np.zeros(len(every), np.uint8)])
    assert p_value(c, arm, every, exact=True) == p_value(
        wider, np.append(arm, 0).astype(np.uint8), padded, exact=True
    )


@few
@given(seed=SEEDS)
def test_the_short_road_for_whole_clusters_is_the_long_one(seed: int) -> None:
    y, _, team = teams(seed, 10)
    c = cells(y, {}, cell=team, cluster_of=np.arange(10), absorbed=False)
    assert plain_draws.applies(c)
    arm, every = np.repeat([0, 1], 5).astype(np.uint8), choices(10, 5)
    seen = _observed(c, arm)
    assert not isinstance(seen, Absence)
    short = plain_draws.sums(c, every, seen.left, seen.y)
    for one, other in zip(short, _sums(c, seen, every), strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9 * np.abs(other).max())


@few
@given(seed=SEEDS, factor=st.sampled_from([60.0, 1e-3, 1e250]))
def test_rescaling_rescales_the_interval_and_leaves_p(seed: int, factor: float) -> None:
    y, w, team = teams(seed)
    arm, every = np.array([0, 1, 1, 0, 1, 0, 1, 0], np.uint8), choices(8, 4)

    def found(y: np.ndarray) -> Rerandomised:
        c = cells(y, {"w": w}, cell=team, cluster_of=np.arange(8), absorbed=False)
        answer = rerandomise(c, arm, every, level=0.9, exact=True)
        assert isinstance(answer, Rerandomised)
        return answer

    one, other = found(y), found(y * factor)
    assert one.p_value == other.p_value
    assert np.array(one.interval) * factor == pytest.approx(other.interval, rel=1e-7)


@few
@given(seed=SEEDS)
def test_swapping_the_arms_turns_the_interval_round(seed: int) -> None:
    y, w, team = teams(seed)
    arm, every = np.array([0, 1, 1, 0, 1, 0, 1, 0], np.uint8), choices(8, 4)
    c = cells(y, {"w": w}, cell=team, cluster_of=np.arange(8), absorbed=False)
    one = rerandomise(c, arm, every, level=0.9, exact=True)
    other = rerandomise(c, 1 - arm, 1 - every, level=0.9, exact=True)
    assert isinstance(one, Rerandomised)
    assert isinstance(other, Rerandomised)
    assert one.p_value == other.p_value
    assert one.interval == pytest.approx((-other.interval[1], -other.interval[0]), rel=1e-7)


def test_an_arm_that_a_covariate_tells_and_a_flat_outcome_have_reasons() -> None:
    arm = np.tile([0, 1], 4).astype(np.uint8)

    def reason(y: np.ndarray, x: dict[str, np.ndarray]) -> str:
        c = cells(y, x, cell=np.arange(8), cluster_of=np.arange(8), absorbed=False)
        found = rerandomise(c, arm, choices(8, 4), level=0.9, exact=True)
        assert isinstance(found, Absence)
        return found.reason

    y = np.random.default_rng(1).normal(size=8)
    assert reason(y, {"same": 3.0 * arm}) == "not_identified"
    assert reason(np.full(8, 0.1 + 0.2), {}) == "no_spread"
    assert reason(2.0 + 0.1 * arm, {}) == "no_spread"


def made(a: list[float], b: list[float], c0: list[float], c2: list[float]) -> Quartics:
    n = len(a)
    return Quartics(
        a=np.array(a),
        b=np.array(b),
        c0=np.array(c0),
        c1=np.zeros(n),
        c2=np.array(c2),
        floor=np.zeros(n),
        always=np.zeros(n, dtype=bool),
    )


def test_a_set_with_a_hole_is_named_and_its_hull_is_the_answer() -> None:
    """0.25 against t^2 (0.5 (t - 3)^2 + 0.001): larger about 0 and again about 3."""
    q = replace(made([0.5], [0.0], [4.501], [0.5]), c1=np.array([-3.0]))
    t = np.linspace(-20, 20, 400_001)
    kept = (q.excess(t[None, :])[0] >= 0).astype(int)
    edges = t[np.flatnonzero(np.diff(kept))]
    found = confidence_set(q, 0.5, exact=True)
    assert not isinstance(found, Absence)
    assert (found.low, found.high) == pytest.approx((edges[0], edges[-1]), abs=2e-4)
    assert found.whole is (len(edges) == 2)
    assert len(edges) == 4, "the example has a hole"


def test_the_roots_of_a_quartic_are_those_that_numpy_finds() -> None:
    """np.roots (eigenvalues of the companion matrix); shifts' squares from nothing to large."""
    rng = np.random.default_rng(4)
    y, z = rng.normal(size=(2, 300, 7))
    z *= 10.0 ** rng.uniform(-3, 1, (300, 1))
    a, b = y.sum(axis=1), -z.sum(axis=1)
    c0, c1, c2 = (y**2).sum(axis=1), 2 * (y * z).sum(axis=1), (z**2).sum(axis=1)
    q = Quartics(a, b, c0, c1, c2, floor=np.zeros(300), always=np.zeros(300, dtype=bool))
    counts = set()
    for found, *terms in zip(
        _roots(q, ~q.always), c2, c1, c0 - b**2, -2 * a * b, -(a**2), strict=True
    ):
        expected = np.roots(terms)
        real = np.sort(expected.real[np.abs(expected.imag) <= 1e-7 * np.abs(expected.real)])
        assert found[: len(real)] == pytest.approx(real, rel=1e-9)
        assert (found[len(real) :] >= 2e6).all()
        counts.add(len(real))
    assert counts == {2, 4}


def test_roots_at_the_coefficient_and_beyond_what_counts_are_put_in_their_places() -> None:
    """t^2 (1 - 4 + t^2) by hand; then 1 = t^2, without a quartic term; then (1 + 2 t)^2 = t^2."""
    q = made([0, 1, 1], [2, 0, 2], [1, 1, 1], [1, 0, 0])
    found = _roots(q, ~q.always)
    assert found[0, 0] == pytest.approx(-math.sqrt(3), rel=1e-14)
    assert found[0][found[0] > 1e-9][0] == pytest.approx(math.sqrt(3), rel=1e-14)
    assert found[1, :2] == pytest.approx([-1, 1], rel=1e-14)
    assert found[2] == pytest.approx([-2e6, -1, -1 / 3, 2e6, 2e6], rel=1e-14)


def test_a_draw_of_no_effect_at_all_is_a_hit_at_the_estimate_alone() -> None:
    """t^2 (3 + t^2) is nowhere below 0: such draws, as small whole numbers give, open no end."""
    few = made([0, 1, 1], [0.3, 0, 0], [3, 1, 1], [0.08, 1, 1])
    found = confidence_set(few, 0.5, exact=True)
    assert not isinstance(found, Absence)
    assert found.high == pytest.approx(math.sqrt((math.sqrt(5) - 1) / 2), rel=1e-12)
    assert found.low == -found.high
    for t in (-1e5, -1.0, 1.0, 1e5):
        assert few.p_value(t, exact=True) < 1e-300  # none of the three


def test_a_set_without_an_end_is_an_absence() -> None:
    q = replace(made([1.0], [1.0], [1.0], [1.0]), always=np.array([True]))
    assert confidence_set(q, 0.05, exact=True) == Absence("no_end")


def test_a_unit_of_a_million_rows_needs_no_more_than_its_sums() -> None:
    y, w, team = teams(5)
    c = cells(y, {"w": w}, cell=team, cluster_of=np.arange(8), absorbed=False)
    many = Cells(
        **{
            **c.__dict__,
            "rows": c.rows * 1e6,
            "y": c.y * 1e6,
            "x": c.x * 1e6,
            "xx": c.xx * 1e6,
            "xy": c.xy * 1e6,
            "inverse": c.inverse / 1e6,
            "spread": c.spread * 1e6,
        }
    )
    arm, every = np.array([0, 1, 1, 0, 1, 0, 1, 0], np.uint8), choices(8, 4)
    assert p_value(c, arm, every, exact=True) == p_value(many, arm, every, exact=True)
