"""Planned variances: whole matrices in R, textbooks' closed forms, simulated least squares."""

from __future__ import annotations

import csv
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.mixed import Mixed, reml
from htkeval.stats.mixed.icc import Likeness, icc
from htkeval.stats.moments import moments
from htkeval.stats.power import Planned, formulas, power
from htkeval.stats.power.assumptions import ASSUMPTIONS, ICC_OF_PEOPLE, LOG_SD
from htkeval.stats.power.covariance import (
    Spread,
    covariance,
    covariance_in_minutes,
    effect_in_minutes,
    log_effect,
    spread_of,
)
from htkeval.stats.power.interruption import Change, interruption
from htkeval.stats.power.layout import (
    Layout,
    before_after,
    crossover,
    difference_in_differences,
    parallel,
    part,
    stepped_wedge,
    teams,
    until,
    within,
)
from htkeval.stats.power.variance import information_fraction, least_squares, weighted
from htkeval.stats.regression import cr2, solve
from htkeval.stats.series import Interruption, interrupted
from tests.evaluation.test_metr import total_minutes
from tests.metr import DATA
from tests.oracles.sheets import answers

R = answers("power")
EVERY = Spread(task=0.3, cluster=0.05, period=0.02, reaction=0.01)
NESTED = Spread(task=0.3, cluster=0.05, period=0.02)
FLAT = Spread(task=0.3, cluster=0.05)
K0, K1 = [3, 5, 4, 2, 6, 5], [4, 3, 6, 2, 5, 1]
UNEVEN = stepped_wedge([1, 2, 2, 3, 4], periods=5, tasks=[2, 6, 3, 4, 5])
SIX = stepped_wedge([1, 1, 2, 2, 3, 3], periods=4, tasks=5)


def planned(found: Planned | Absence) -> Planned:
    assert isinstance(found, Planned)
    return found


@pytest.mark.parametrize(
    ("case", "layout", "spread"),
    [
        ("parallel", parallel([3, 5, 8, 2, 9], [4, 6, 7, 3]), EVERY),
        ("within", within(K0, K1), EVERY),
        ("before_after", before_after(K0, K1), EVERY),
        ("crossover", crossover(4, 3, tasks=4), EVERY),
        ("did", difference_in_differences(4, 3, before=3, after=5), EVERY),
        ("wedge.nested", SIX, NESTED),
        ("wedge.flat", SIX, FLAT),
        ("wedge.uneven", UNEVEN, EVERY),
        (
            "teams",
            teams([3, 2, 4], [1, 2, 3], tasks=4),
            Spread(task=0.3, cluster=0.05, person=0.08),
        ),
    ],
)
def test_variances_and_degrees_of_freedom_are_those_of_whole_matrices(
    case: str, layout: Layout, spread: Spread
) -> None:
    """R, power.R: M X'VX M, (X'V^-1 X)^-1 and CR2's Omega with a row for each task."""
    expected, found = R[case], planned(least_squares(layout, spread))
    assert (found.variance, found.df) == pytest.approx((expected["ols"], expected["df"]), rel=1e-9)
    best = planned(weighted(layout, spread, df=math.inf))
    assert best.variance == pytest.approx(expected["gls"], rel=1e-9)
    assert best.variance <= found.variance


def same(found: Planned | Absence, expected: Planned) -> None:
    exact = planned(found)
    assert exact.variance == pytest.approx(expected.variance, rel=1e-10)
    assert exact.df == pytest.approx(expected.df, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    half=st.integers(2, 12),
    tasks=st.integers(2, 20),
    icc=st.floats(0, 0.6),
    autocorrelation=st.floats(0, 1),
    reaction=st.floats(0, 0.4),
)
def test_the_textbooks_are_special_cases_of_least_squares(
    half: int, tasks: int, icc: float, autocorrelation: float, reaction: float
) -> None:
    s = spread_of(0.6, icc=icc, autocorrelation=autocorrelation, reaction_sd=reaction)
    still, people = replace(s, reaction=0.0), 2 * half
    each = [float(tasks)] * people
    same(
        least_squares(parallel(each[:half], each[:half]), still),
        formulas.cluster(half, half, tasks=tasks, spread=still),
    )
    unsettled = replace(s, period=0.0)
    same(
        least_squares(within(each, [2.0 * k for k in each]), unsettled),
        formulas.within(people, baseline=tasks, treatment=2 * tasks, spread=unsettled),
    )
    same(
        least_squares(before_after(each, each), s),
        formulas.before_after(people, before=tasks, after=tasks, spread=s),
    )
    same(
        least_squares(crossover(half, half, tasks=tasks), s),
        formulas.crossover(people, tasks=tasks, spread=s),
    )
    # groups of two sizes keep the variance; Satterthwaite's df are then Welch's, not G - 2
    same(
        least_squares(difference_in_differences(half, half, before=tasks, after=tasks), s),
        formulas.difference_in_differences(half, half, before=tasks, after=tasks, spread=s),
    )


def test_a_persons_two_tasks_in_one_period_of_a_within_trial_share_nothing_more() -> None:
    """Tasks drawn within a person and a period: the period's part falls out as the person's."""
    with_period = planned(least_squares(within(K0, K0), NESTED))
    without = planned(least_squares(within(K0, K0), FLAT))
    assert with_period.variance == pytest.approx(without.variance, rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(sizes=st.lists(st.integers(1, 30), min_size=2, max_size=15), icc=st.floats(0, 0.9))
def test_uneven_clusters_lose_what_eldridge_says_and_weights_lose_less(
    sizes: list[int], icc: float
) -> None:
    each = np.array(sizes, float)
    s, cv = spread_of(1.0, icc=icc), float(each.std() / each.mean())
    layout = parallel(sizes, sizes)
    if each.sum() * 2 <= 2:
        return
    found = planned(least_squares(layout, s)).variance
    expected = formulas.design_effect(float(each.mean()), icc=icc, cv=cv) * 2 / each.sum()
    assert found == pytest.approx(expected, rel=1e-9)
    best = planned(weighted(layout, s, df=math.inf)).variance
    # Kerry & Bland 2001: weighted by what each cluster tells
    exact = 2 / sum(m / (1 + (m - 1) * icc) for m in sizes)
    assert best == pytest.approx(exact, rel=1e-9)
    assert best <= found * (1 + 1e-9)


@settings(max_examples=40, deadline=None)
@given(
    steps=st.integers(2, 6),
    each=st.integers(1, 4),
    tasks=st.integers(1, 30),
    icc=st.floats(0, 0.8),
    autocorrelation=st.floats(0, 1),
)
def test_hooper_and_hussey_are_the_weighted_roll_out(
    steps: int, each: int, tasks: int, icc: float, autocorrelation: float
) -> None:
    s = spread_of(0.6, icc=icc, autocorrelation=autocorrelation)
    layout = stepped_wedge(list(range(1, steps + 1)) * each, periods=steps + 1, tasks=tasks)
    expected = planned(formulas.stepped_wedge(layout.arm, tasks=tasks, spread=s, df=math.inf))
    found = planned(weighted(layout, s, df=math.inf))
    assert found.variance == pytest.approx(expected.variance, rel=1e-8)


def test_hussey_and_hughes_by_hand() -> None:
    """Two teams, three periods, starts 1 and 2, s^2 = t^2 = 1: U = 3, W = 0 + 1 + 4 = 5, V = 4 + 1.

    I s^2 (s^2 + T t^2) / ((I U - W) s^2 + (U^2 + I T U - T W - I V) t^2)
    = 2 (1 + 3) / ((6 - 5) + (9 + 18 - 15 - 10)) = 8 / 3.
    """
    layout = stepped_wedge([1, 2], periods=3, tasks=1)
    spread = Spread(1, cluster=1)
    found = planned(formulas.stepped_wedge(layout.arm, tasks=1, spread=spread, df=math.inf))
    assert found.variance == pytest.approx(8 / 3, rel=1e-12)


def test_a_roll_out_in_which_all_start_together_tells_nothing() -> None:
    arm = stepped_wedge([1, 1, 1], periods=3, tasks=4).arm
    found = formulas.stepped_wedge(arm, tasks=4, spread=NESTED, df=math.inf)
    assert found == Absence("not_identified")


def test_teams_levels_as_fixed_effects_are_what_random_levels_come_to() -> None:
    """With ever more between teams, weights have only each team's own change to go by."""
    fixed = planned(least_squares(SIX, FLAT)).variance
    random = planned(weighted(SIX, replace(FLAT, cluster=1e4), df=math.inf)).variance
    assert random == pytest.approx(fixed, rel=1e-4)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.floats(0.5, 1))
def test_order_scale_and_empty_clusters_change_nothing(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    layout = replace(UNEVEN, tasks=rng.integers(2, 9, UNEVEN.tasks.shape).astype(float))
    found = planned(least_squares(layout, EVERY))
    turn = rng.permutation(len(layout.arm))
    names = ("arm", "tasks", "period", "person")
    turned = replace(layout, **{name: getattr(layout, name)[turn] for name in names})
    again = planned(least_squares(turned, EVERY))
    assert (again.variance, again.df) == pytest.approx((found.variance, found.df), rel=1e-9)
    with_idle = replace(
        layout,
        **{
            name: np.vstack([getattr(layout, name)[:1] * 0, getattr(layout, name)])
            for name in names
        },
    )
    idle = planned(least_squares(with_idle, EVERY))
    assert (idle.variance, idle.df) == pytest.approx((found.variance, found.df), rel=1e-12)
    given_as = planned(least_squares(with_idle, covariance(with_idle, EVERY)))
    assert given_as.variance == pytest.approx(found.variance, rel=1e-12)
    tenfold = Spread(*(10 * v for v in (0.3, 0.05, 0.02, 0.0, 0.01)))
    wide = planned(least_squares(layout, tenfold))
    assert wide.variance == pytest.approx(10 * found.variance, rel=1e-9)
    alone = Spread(task=0.3)
    fewer = planned(least_squares(part(layout, share), alone))
    assert fewer.variance * share == pytest.approx(
        planned(least_squares(layout, alone)).variance, rel=1e-9
    )


def test_another_regressor_costs_what_it_shares_with_the_arm() -> None:
    """Four people a row each: arm 0 0 1 1, age 0 1 0 1 + c arm; free of each other at c = 0."""
    layout = parallel([1] * 4, [1] * 4)
    age = np.array([0.0, 1, 2, 3, 0, 1, 2, 3])[:, None, None]
    plain = planned(least_squares(layout, Spread(1.0))).variance
    free = planned(least_squares(replace(layout, others=age), Spread(1.0))).variance
    assert plain == pytest.approx(0.5, rel=1e-12)
    assert free == pytest.approx(0.5, rel=1e-12)
    shared = replace(layout, others=age + layout.arm[:, :, None] * np.sqrt(5))
    # age's squares about the mean: 10 within arms, 8 x 5/4 = 10 by the arm: half of all is shared
    assert planned(least_squares(shared, Spread(1.0))).variance == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize(
    ("layout", "spread", "reason"),
    [
        (until(UNEVEN, 0), EVERY, "not_identified"),
        (stepped_wedge([1, 1, 1], periods=3, tasks=4), EVERY, "not_identified"),
        (parallel([3, 4], [0, 0]), EVERY, "not_identified"),
        (parallel([3, 4, 5], [6]), EVERY, "lone_cluster"),
        (parallel([3, 0], [0, 0]), EVERY, "one_cluster"),
        (parallel([1], [1]), EVERY, "saturated"),
        (parallel([3, 4], [3, 4]), Spread(0.0), "no_spread"),
    ],
)
def test_a_layout_without_an_answer_has_its_reason(
    layout: Layout, spread: Spread, reason: str
) -> None:
    assert least_squares(layout, spread) == Absence(reason)  # type: ignore[arg-type]


def test_weights_without_an_answer_have_their_reason() -> None:
    assert weighted(until(UNEVEN, 0), EVERY, df=9) == Absence("not_identified")
    assert weighted(parallel([3, 0], [0, 0]), EVERY, df=9) == Absence("one_cluster")
    assert weighted(parallel([3, 4], [3, 4]), Spread(0.0), df=9) == Absence("no_spread")


def test_information_at_looks_by_hand() -> None:
    """Half the people, half the information; half of each one's tasks, more than half where people
    differ: (s^2/k + r) / (s^2/(k/2) + r) = (.03 + .01) / (.06 + .01) = 4/7."""
    s = Spread(task=0.15, reaction=0.01)
    whole = within([10.0] * 12, [10.0] * 12)
    end = least_squares(whole, s)
    half = least_squares(within([10.0] * 6, [10.0] * 6), s)
    assert information_fraction(half, end) == pytest.approx(0.5, rel=1e-12)
    found = information_fraction(least_squares(part(whole, 0.5), s), end)
    assert found == pytest.approx(4 / 7, rel=1e-12)
    nothing = least_squares(until(UNEVEN, 0), EVERY)
    assert information_fraction(nothing, end) == Absence("not_identified")
    assert information_fraction(end, nothing) == Absence("not_identified")


def test_information_of_a_roll_out_rises_with_the_periods_and_ends_at_one() -> None:
    end = least_squares(UNEVEN, EVERY)
    found = [information_fraction(least_squares(until(UNEVEN, p), EVERY), end) for p in (1, 2, 3)]
    assert all(isinstance(each, float) for each in found[1:])
    rising = [each for each in found if isinstance(each, float)]
    assert rising == sorted(rising)
    assert 0 < rising[0] < rising[-1] < 1
    assert information_fraction(least_squares(until(UNEVEN, 4), EVERY), end) == 1.0


# --- a series


@pytest.mark.parametrize("rho", [0, 0.3, -0.2, 0.6])
@pytest.mark.parametrize("change", ["level", "slope", "average"])
def test_a_series_variance_is_that_of_the_whole_correlation_matrix(
    rho: float, change: Change
) -> None:
    """R, power.R: (X'R^-1 X)^-1 with R = rho^|i - j|, 10 periods before and 12 after, s.d. 2."""
    found = planned(interruption(10, 12, sd=2.0, rho=rho, change=change, rho_known=True))
    assert found.variance == pytest.approx(R[f"series.{rho:g}"][change], rel=1e-9)
    assert found.df == 18
    unknown = planned(interruption(10, 12, sd=2.0, rho=rho, change=change))
    assert unknown.variance >= found.variance
    assert unknown.df <= found.df


def test_a_series_without_correlation_by_hand() -> None:
    """Two lines: (1/12 + 6.5^2/143) + (1/12 + 5.5^2/143) = .378788 + .294872 = .673660."""
    found = planned(interruption(12, 12, sd=1.0, rho=0.0, rho_known=True))
    assert found.variance == pytest.approx(1 / 6 + (6.5**2 + 5.5**2) / 143, rel=1e-12)


@pytest.mark.campaign
def test_the_planned_error_of_a_series_is_the_analysis_own_on_average() -> None:
    """200 series of 48 periods at rho .3, s.d. 1: the mean square of the reported error."""
    rng, t = np.random.default_rng(8), np.arange(48.0)
    after = (t >= 24).astype(float)
    squares = []
    for _ in range(200):
        e = rng.standard_normal(48)
        for i in range(1, 48):
            e[i] = 0.3 * e[i - 1] + math.sqrt(1 - 0.09) * e[i]
        found = interrupted(e, t, after)
        assert isinstance(found, Interruption)
        squares.append(found.autoregressive.level.se**2)
    expected = planned(interruption(24, 24, sd=1.0, rho=0.3)).variance
    error = float(np.std(squares) / math.sqrt(200))
    assert abs(np.mean(squares) - expected) < 4 * error + 0.05 * expected


# --- minutes


def test_log_normal_minutes_have_the_moments_of_numerical_integration() -> None:
    """R, power.R: `integrate` over the normal: variance, one person's two tasks, in both arms."""
    spread = Spread(task=0.27, cluster=0.09)
    layout = within([1.0, 1.0], [1.0, 1.0])
    found = covariance_in_minutes(layout, spread, mean=30, relative=-0.15)
    shared, alone = found.shared[0], found.alone[0]
    assert shared[0, 0] + alone[0] == pytest.approx(R["minutes"]["variance0"], rel=1e-8)
    assert shared[0, 0] == pytest.approx(R["minutes"]["shared0"], rel=1e-8)
    assert shared[0, 1] == pytest.approx(R["minutes"]["crossed"], rel=1e-8)
    assert shared[1, 1] + alone[1] == pytest.approx(0.85**2 * R["minutes"]["variance0"], rel=1e-8)


def test_small_spreads_are_the_same_on_both_scales() -> None:
    """With a log s.d. of .01 minutes are nearly normal: variance = mean^2 times that of the log."""
    s = spread_of(0.01, icc=0.2, autocorrelation=0.7)
    log = planned(least_squares(UNEVEN, s)).variance
    raw = covariance_in_minutes(UNEVEN, s, mean=30.0, relative=-1e-9)
    assert planned(least_squares(UNEVEN, raw)).variance == pytest.approx(900 * log, rel=1e-3)


# --- simulated least squares


def drawn(layout: Layout, spread: Spread, rng: np.random.Generator, times: int) -> np.ndarray:
    """(times, N) tasks with the spreads' parts drawn level by level, never by the covariance."""
    rows = np.repeat(np.arange(layout.tasks.size), layout.tasks.astype(int).ravel())
    g, c = np.divmod(rows, layout.tasks.shape[1])
    arm, period, person = (a[g, c] for a in (layout.arm, layout.period, layout.person))

    def level(variance: float, *codes: np.ndarray) -> np.ndarray:
        of = np.unique(np.column_stack(codes), axis=0, return_inverse=True)[1].ravel()
        return math.sqrt(variance) * rng.standard_normal((times, of.max() + 1))[:, of]

    y = level(spread.cluster, g) + level(spread.period, g, period)
    y += level(spread.person, g, person) + arm * level(spread.reaction, g)
    task = np.where(arm == 1, spread.task_treatment or spread.task, spread.task)
    return np.asarray(y + np.sqrt(task) * rng.standard_normal((times, len(rows))))


def by_least_squares(layout: Layout, y: np.ndarray) -> np.ndarray:
    """(times,) the arm's coefficient by an ordinary solver on dummies."""
    rows = np.repeat(np.arange(layout.tasks.size), layout.tasks.astype(int).ravel())
    g, c = np.divmod(rows, layout.tasks.shape[1])
    x = [np.equal.outer(g, np.unique(g)).astype(float)] if layout.own else [np.ones((len(g), 1))]
    if layout.by_period:
        period = layout.period[g, c]
        x.append(np.equal.outer(period, np.unique(period)[1:]).astype(float))
    x.append(layout.arm[g, c][:, None])
    return np.asarray(np.linalg.lstsq(np.hstack(x), y.T, rcond=None)[0][-1])


SIMULATED: dict[str, Layout] = {
    "uneven teams with people": teams([3, 2, 4, 6], [1, 2, 3, 5], tasks=4),
    "tasks within people": within(K0, K1),
    "a roll-out": UNEVEN,
}


@pytest.mark.parametrize("name", SIMULATED)
def test_simulated_least_squares_vary_as_planned(name: str) -> None:
    """6,000 trials: the variance of a variance is 2 / 6000, so 4 s.e. are 7.3 per cent."""
    spread = Spread(0.3, 0.05, 0.02, person=0.04, reaction=0.02, task_treatment=0.5)
    layout, rng = SIMULATED[name], np.random.default_rng(20260112)
    effects = by_least_squares(layout, drawn(layout, spread, rng, 6000))
    expected = planned(least_squares(layout, spread)).variance
    assert abs(np.var(effects, ddof=1) / expected - 1) < 4 * math.sqrt(2 / 6000)
    assert abs(effects.mean()) < 4 * math.sqrt(expected / 6000)


def test_simulated_minutes_vary_and_differ_as_planned() -> None:
    """6,000 trials of log-normal minutes; the tails widen the variance's own error to some 10 %."""
    spread = Spread(0.2, 0.05, reaction=0.02, task_treatment=0.3)
    layout, rng = within([5.0] * 12, [4.0] * 12), np.random.default_rng(3)
    log = drawn(layout, spread, rng, 6000)
    rows = np.repeat(layout.arm.ravel(), layout.tasks.astype(int).ravel())
    minutes = 30 * np.exp(log + rows * log_effect(-0.15) - spread.total / 2)
    effects = by_least_squares(layout, minutes)
    raw = covariance_in_minutes(layout, spread, mean=30.0, relative=-0.15)
    expected = planned(least_squares(layout, raw)).variance
    assert abs(np.var(effects, ddof=1) / expected - 1) < 0.1
    truth = effect_in_minutes(30.0, -0.15, spread)
    assert abs(effects.mean() - truth) < 4 * math.sqrt(expected / 6000)


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("layout", "effect"),
    [
        (within([5.0] * 16, [5.0] * 16), log_effect(-0.2)),
        (parallel([8.0] * 10, [8.0] * 10), log_effect(-0.35)),
    ],
)
def test_power_is_how_often_cr2_excludes_zero(layout: Layout, effect: float) -> None:
    """1,500 trials: 4 s.e. are at most 5.2 points; balanced, so that both t are exact."""
    spread, rng = Spread(0.3, 0.05, reaction=0.02), np.random.default_rng(11)
    spread = spread if layout.own else replace(spread, reaction=0.0)
    rows = np.repeat(np.arange(layout.tasks.size), layout.tasks.astype(int).ravel())
    g, c = np.divmod(rows, layout.tasks.shape[1])
    arm = layout.arm[g, c]
    found = 0
    for y in drawn(layout, spread, rng, 1500) + effect * arm:
        m = moments(y, {"arm": arm}, cluster=g, absorb=g if layout.own else None)
        answer = cr2(m, solve(m), "arm")
        assert isinstance(answer, Estimate)
        found += answer.p_value < 0.05
    expected = power(effect, planned(least_squares(layout, spread)))
    assert abs(found / 1500 - expected) < 4 * math.sqrt(expected * (1 - expected) / 1500)
    assert 0.3 < expected < 0.95


# --- what is assumed


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_every_assumption_is_a_span_that_says_where_it_comes_from(name: str) -> None:
    taken = ASSUMPTIONS[name]
    assert taken.low <= taken.expected <= taken.high
    assert str(taken.source).startswith("Assumed") is not taken.measured
    assert ("arXiv" in str(taken.source)) is taken.measured


@pytest.mark.skipif(not DATA.is_file(), reason="the METR measurements are not beside this checkout")
def test_the_sourced_spreads_come_out_of_the_published_measurements() -> None:
    """Log minutes of 246 tasks by 16 developers: s.d. .637 after the forecast, .869 without."""
    with DATA.open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    y, arm = np.log(total_minutes(rows)), np.array([float(r["ai_treatment"]) for r in rows])
    forecast = np.log([float(r["predicted_time_no_ai"]) for r in rows])
    developer = np.unique([r["dev_id"] for r in rows], return_inverse=True)[1]

    def left(x: np.ndarray) -> float:
        rest = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
        return math.sqrt(float(rest @ rest) / (len(y) - x.shape[1]))

    ones = np.ones_like(y)
    assert round(left(np.column_stack([ones, forecast, arm])), 2) == LOG_SD.high
    assert round(left(np.column_stack([ones, arm])), 2) == 0.87
    fit = reml(y, {"forecast": forecast, "arm": arm}, effects={"developer": developer})
    assert isinstance(fit, Mixed)
    alike = icc(fit, "developer", level=0.95)
    assert isinstance(alike, Likeness)
    found = tuple(round(v, 2) for v in (alike.low, alike.value, alike.high))
    assert found == (ICC_OF_PEOPLE.low, ICC_OF_PEOPLE.expected, ICC_OF_PEOPLE.high)
