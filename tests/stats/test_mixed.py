"""REML and its degrees of freedom against lme4, lmerTest and pbkrtest, and plain matrices."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.mixed import Mixed, reml
from htkeval.stats.mixed.error import kenward_roger, satterthwaite
from htkeval.stats.mixed.icc import Likeness, icc
from tests.oracles.sheets import answers, columns

R = answers("mixed")
Array = np.ndarray[Any, Any]


def codes(words: list[Any]) -> Array:
    return np.unique(words, return_inverse=True)[1]


def fitted(y: Array, x: Mapping[str, Array], **effects: Array) -> Mixed:
    found = reml(y, x, effects=effects)
    assert isinstance(found, Mixed)
    return found


def reason(y: Array, x: Mapping[str, Array], **effects: Array) -> str:
    found = reml(y, x, effects=effects)
    assert isinstance(found, Absence)
    return found.reason


def numbers(found: Estimate | Absence) -> tuple[float, float, float]:
    assert isinstance(found, Estimate)
    return found.value, found.se, found.df


# R


SHEETS = {name: columns(f"mixed_{name}") for name in ("nested", "crossed", "flat", "balanced")}
SHEETS |= {name: columns(name) for name in ("within", "parallel", "cluster", "rollout")}
TEAM, PERSON, PEOPLE = ("team",), ("participant",), ("team", "participant")
SEEN = ("participant", "question")
CASES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "within.words": ("log minutes", ("log words",), PERSON),
    "within.approved": ("approved", (), PERSON),
    "parallel": ("log minutes", (), PERSON),
    "parallel.words": ("minutes", ("words",), PERSON),
    "cluster": ("log minutes", (), TEAM),
    "cluster.words": ("minutes", ("log words",), TEAM),
    "nested.team": ("log minutes", ("log words",), TEAM),
    "nested": ("log minutes", (), PEOPLE),
    "nested.words": ("log minutes", ("log words",), PEOPLE),
    "rollout": ("log minutes", ("period",), ("team", "cell")),
    "rollout.words": ("log minutes", ("period", "log words"), ("team", "cell")),
    "crossed": ("score", (), SEEN),
    "crossed.three": ("score", (), (*SEEN, "team")),
    "flat": ("minutes", (), TEAM),
    "balanced.team": ("minutes", (), PEOPLE),
    "balanced.tool": ("minutes", (), PEOPLE),
}
"""Outcome, covariates and effects of each fit in mixed.R."""


def case(name: str) -> tuple[Array, dict[str, Array], dict[str, Array]]:
    sheet = SHEETS[name.split(".", maxsplit=1)[0]]

    def read(column: str) -> Array:
        if column.startswith("log "):
            return np.log(sheet[column.removeprefix("log ")])
        return np.array(sheet[column], float)

    outcome, covariates, effects = CASES[name]
    x: dict[str, Array] = {}
    for column in covariates:
        if column == "period":
            x |= {f"period {p}": (read("period") == p) * 1.0 for p in range(1, 5)}
        else:
            x[column] = read(column)
    column = "tool" if name.endswith("tool") else "arm"
    x[column] = read(column)
    groups = {effect: codes(sheet[effect]) for effect in effects if effect != "cell"}
    if "cell" in effects:
        groups["cell"] = codes(
            [f"{a} {b}" for a, b in zip(sheet["team"], sheet["period"], strict=True)]
        )
    return read(outcome), x, groups


@pytest.mark.parametrize("name", R)
def test_fit_and_degrees_of_freedom_are_rs(name: str) -> None:
    """R: `lmer(..., REML = TRUE)`, lmerTest, `vcovAdj`, `Lb_ddf` of pbkrtest; mixed.R."""
    y, x, effects = case(name)
    fit, expected, column = fitted(y, x, **effects), R[name], list(x)[-1]
    known = pytest.approx((expected["estimate"], expected["se"], expected["df"]), rel=1e-7)
    assert numbers(satterthwaite(fit, column)) == known
    known = pytest.approx((expected["estimate"], expected["kr_se"], expected["kr_df"]), rel=1e-7)
    assert numbers(kenward_roger(fit, column)) == known
    known = pytest.approx((expected["intercept"], expected["intercept_se"]), rel=1e-7)
    assert (fit.beta[0], fit.errors[0]) == known
    assert fit.residual**2 == pytest.approx(expected["var.Residual"], rel=1e-7)
    for effect, spread in fit.spreads.items():
        assert spread**2 == pytest.approx(expected[f"var.{effect}"], rel=1e-7)
    free = expected["rows"] - expected["columns"]  # lme4 adds what does not depend on the fit
    constant = free * (1 + math.log(2 * math.pi / free))
    assert fit.deviance + constant + _units(fit) == pytest.approx(expected["deviance"], rel=1e-8)


def _units(fit: Mixed) -> float:
    """What the powers of two taken out of outcome and columns do to the deviance."""
    *x, y = fit.at.cells.exponents
    return 2 * math.log(2) * (fit.slopes.free * y + sum(x))


def test_every_answer_of_r_is_asked_for() -> None:
    assert set(R) == set(CASES)


# identities


def test_by_hand_complete_pairs_give_the_paired_t() -> None:
    """Differences 1, 2, 6: mean 3, s.e. sqrt(7)/sqrt(3), 2 degrees of freedom."""
    y = np.array([10.0, 11.0, 20.0, 22.0, 30.0, 36.0])
    fit = fitted(y, {"arm": np.array([0.0, 1.0] * 3)}, person=np.array([0, 0, 1, 1, 2, 2]))
    for answer in (satterthwaite, kenward_roger):
        assert numbers(answer(fit, "arm")) == pytest.approx((3, math.sqrt(7 / 3), 2), rel=1e-9)


def test_teams_of_one_size_give_the_t_of_team_means() -> None:
    rng = np.random.default_rng(11)
    team, arm = np.repeat(np.arange(10), 6), np.repeat(np.arange(10) % 2, 6) * 1.0
    y = rng.normal(size=10)[team] + rng.normal(size=60)
    means = y.reshape(10, 6).mean(axis=1)
    a, b = means[1::2], means[::2]
    se = math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 5)
    fit = fitted(y, {"arm": arm}, team=team)
    for answer in (satterthwaite, kenward_roger):
        assert numbers(answer(fit, "arm")) == pytest.approx((a.mean() - b.mean(), se, 8), rel=1e-9)


def test_teams_that_do_not_differ_give_ordinary_least_squares() -> None:
    """The case in which statsmodels 0.15 can say 2.75 for -0.25 (statsmodels#10239)."""
    arm = np.repeat(np.arange(8) % 2, 10) * 1.0
    team = np.repeat(np.arange(8), 10)
    design = np.column_stack([np.ones(80), arm])
    zeros = 0
    for seed in range(40):
        y = np.random.default_rng(seed).normal(size=80) - 0.25 * arm
        fit = fitted(y, {"arm": arm}, team=team)
        beta, squares = np.linalg.lstsq(design, y)[:2]
        se = math.sqrt(float(squares[0]) / 78 / 20)
        assert fit.beta[1] == pytest.approx(beta[1], rel=1e-9)
        if fit.spreads["team"] == 0:
            zeros += 1
            assert numbers(satterthwaite(fit, "arm")) == pytest.approx((beta[1], se, 78), rel=1e-9)
            # teams of one size: the error is that of rows, the degrees of freedom those of teams
            assert numbers(kenward_roger(fit, "arm")) == pytest.approx((beta[1], se, 6), rel=1e-6)
    assert 10 < zeros < 35


# plain matrices


def plain(
    y: Array, x: Array, effects: list[Array], ratios: Array
) -> tuple[float, Array, Array, float]:
    """Deviance, coefficients, P in units of sigma, and sigma, with every matrix written out."""
    h = np.eye(len(y))
    for g, ratio in zip(effects, ratios, strict=True):
        h += ratio * np.equal.outer(g, g)
    inverse = np.linalg.inv(h)
    m = np.linalg.inv(x.T @ inverse @ x)
    p = inverse - inverse @ x @ m @ x.T @ inverse
    square = float(y @ p @ y)
    free = len(y) - x.shape[1]
    logs = np.linalg.slogdet(h)[1] - np.linalg.slogdet(m)[1]
    deviance = float(logs) + free * math.log(square)
    return deviance, m @ x.T @ inverse @ y, p, math.sqrt(square / free)


def plain_kenward_roger(
    y: Array, x: Array, effects: list[Array], ratios: Array
) -> tuple[float, float, float]:
    """The last column's answer from the N x N matrices, as Kenward & Roger 1997 have it."""
    _, beta, p, sigma = plain(y, x, effects, ratios)
    kinds = [np.equal.outer(g, g) * 1.0 for g in effects] + [np.eye(len(y))]
    v = sum((r * k for r, k in zip([*ratios, 1.0], kinds, strict=True)), np.zeros_like(p))
    inverse, p = np.linalg.inv(v) / sigma**2, p / sigma**2
    phi = np.linalg.inv(x.T @ inverse @ x)
    w = 2 * np.linalg.inv([[np.trace(p @ a @ p @ b) for a in kinds] for b in kinds])
    ps = [-x.T @ inverse @ a @ inverse @ x for a in kinds]
    more = np.zeros_like(phi)
    for i, a in enumerate(kinds):
        for j, b in enumerate(kinds):
            q = x.T @ inverse @ a @ inverse @ b @ inverse @ x
            more += w[i, j] * (q - ps[i] @ phi @ ps[j])
    slope = np.array([-(phi @ each @ phi)[-1, -1] for each in ps])
    df = 2 * phi[-1, -1] ** 2 / float(slope @ w @ slope)
    return float(beta[-1]), math.sqrt((phi + 2 * phi @ more @ phi)[-1, -1]), float(df)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(["one", "nested", "crossed", "three"]))
def test_the_likelihood_has_no_higher_top_and_the_error_is_that_of_plain_matrices(
    seed: int, kind: str
) -> None:
    rng = np.random.default_rng(seed)
    n = 40
    team, person, question = (rng.integers(0, k, n) for k in (6, 12, 5))
    effects = {
        "one": {"team": team},
        "nested": {"team": team, "person": codes((team * 3 + person % 3).tolist())},
        "crossed": {"person": person, "question": question},
        "three": {"team": team, "person": person, "question": question},
    }[kind]
    x = {"age": rng.normal(size=n), "arm": rng.integers(0, 2, n) * 1.0}
    y = rng.normal(size=n) * rng.uniform(0.2, 2)
    for groups in effects.values():
        y = y + rng.choice([0.0, 0.5, 2.0]) * rng.normal(size=12)[groups % 12]
    design, groups = np.column_stack([np.ones(n), *x.values()]), list(effects.values())
    fit = fitted(y, x, **effects)
    order = [fit.effects.index(name) for name in effects]
    ratios = fit.ratios[order]
    best, beta, _, sigma = plain(y, design, groups, ratios)
    assert fit.beta == pytest.approx(beta, rel=1e-8, abs=1e-10)
    assert fit.residual == pytest.approx(sigma, rel=1e-9)
    for _ in range(60):
        other = np.exp(rng.uniform(-7, 4, len(groups))) * rng.integers(0, 2, len(groups))
        assert plain(y, design, groups, other)[0] >= best - 1e-9
    near = np.maximum(ratios, 1e-9)
    known = pytest.approx(plain_kenward_roger(y, design, groups, near), rel=1e-5)
    assert numbers(kenward_roger(fit, "arm")) == known


@pytest.mark.parametrize(
    ("y", "x", "team"),
    [
        ([2, 2, -1, 1, 2, -1, 1], [-2, 1, 0, 0, 0, -2, 0], [0, 1, 1, 2, 2, 2, 2]),  # one at zero
        ([-1, 3, 0, -1, -2], [1, 0, -2, 0, 0], [0, 0, 1, 2, 2]),  # both inside
    ],
)
def test_where_the_likelihood_has_two_tops_the_higher_is_found(
    y: list[int], x: list[int], team: list[int]
) -> None:
    outcome, column, groups = np.array(y) * 1.0, np.array(x) * 1.0, np.array(team)
    design = np.column_stack([np.ones(len(y)), column])
    ratios = [0.0, *np.exp(np.linspace(-9, 9, 400))]
    heights = [plain(outcome, design, [groups], np.array([ratio]))[0] for ratio in ratios]
    padded = [math.inf, *heights, math.inf]
    assert sum(padded[i] < min(padded[i - 1], padded[i + 1]) for i in range(1, 402)) == 2
    fit = fitted(outcome, {"x": column}, team=groups)
    assert plain(outcome, design, [groups], fit.ratios)[0] <= min(heights)


# numbers that are large, rows in another order


def test_rescaling_shifting_and_the_order_of_rows_change_nothing_but_the_unit() -> None:
    y, x, effects = case("nested.words")
    y = np.round(y, 6)  # so that a million can be added exactly enough
    fit = fitted(y, x, **effects)
    value, se, df = numbers(kenward_roger(fit, "arm"))
    for scale, shift in ((60.0, 0.0), (1.0, 1e6), (1e300, 0.0), (1e-300, 0.0), (-1.0, 0.0)):
        other = fitted(y * scale + shift, x, **effects)
        known = pytest.approx((value * scale, se * abs(scale), df), rel=1e-7)
        assert numbers(kenward_roger(other, "arm")) == known
        assert other.residual == pytest.approx(fit.residual * abs(scale), rel=1e-7)
    shuffled = np.random.default_rng(5).permutation(len(y))
    turned = {name: values[shuffled] for name, values in x.items()}
    renamed = {name: 1000 - 7 * values[shuffled] for name, values in effects.items()}
    other = fitted(y[shuffled], turned, **renamed)
    assert numbers(kenward_roger(other, "arm")) == pytest.approx((value, se, df), rel=1e-9)
    swapped = fitted(y, x | {"arm": 1 - x["arm"]}, **dict(reversed(effects.items())))
    assert numbers(kenward_roger(swapped, "arm")) == pytest.approx((-value, se, df), rel=1e-9)
    far = fitted(y, x | {"log words": x["log words"] * 1e200 + 1e205}, **effects)
    assert numbers(kenward_roger(far, "arm")) == pytest.approx((value, se, df), rel=1e-6)


def test_participants_a_million_minutes_apart_do_not_blur_the_effect_within_them() -> None:
    difference = np.array([1, 2, 3, 4, 5, 6, 7, 9.0])
    y = 1e6 * np.repeat(np.arange(8.0) ** 2, 2)
    y[1::2] += difference
    fit = fitted(y, {"arm": np.tile([0.0, 1.0], 8)}, person=np.repeat(np.arange(8), 2))
    expected = (difference.mean(), difference.std(ddof=1) / math.sqrt(8), 7)
    for answer in (satterthwaite, kenward_roger):
        assert numbers(answer(fit, "arm")) == pytest.approx(expected, rel=1e-6)


def test_what_a_double_cannot_hold_is_too_large() -> None:
    y, x, effects = case("cluster")
    assert reason(y * 1e300, {"arm": x["arm"] * 1e-300}, **effects) == "too_large"
    assert reason(y * 1e-300, {"arm": x["arm"] * 1e300}, **effects) == "too_large"


def test_thousands_of_participants_need_no_matrix_of_their_number() -> None:
    rng = np.random.default_rng(2)
    person, question = np.repeat(np.arange(5000), 4), rng.integers(0, 12, 20_000)
    arm = rng.integers(0, 2, 20_000) * 1.0
    y = arm + rng.normal(size=5000)[person] + rng.normal(size=12)[question]
    fit = fitted(y + rng.normal(size=20_000), {"arm": arm}, person=person, question=question)
    value, se, df = numbers(kenward_roger(fit, "arm"))
    assert value == pytest.approx(1, abs=4 * se)
    assert fit.spreads["person"] == pytest.approx(1, abs=0.05)
    assert 14_000 < df < 20_000


# no answer


def test_a_redundant_column_is_dropped_by_name_and_has_no_answer() -> None:
    y, x, effects = case("cluster.words")
    more = {"log words": x["log words"], "one": np.full(len(y), 0.1 + 0.2), "same": 3 * x["arm"]}
    fit = fitted(y, more | {"arm": x["arm"]}, **effects)
    assert fit.dropped == ("one", "arm")
    assert satterthwaite(fit, "arm") == Absence("not_identified")
    assert kenward_roger(fit, "arm") == Absence("not_identified")
    assert numbers(satterthwaite(fit, "same"))[1] * 3 == pytest.approx(R["cluster.words"]["se"])


def test_two_teams_say_nothing_of_how_teams_differ() -> None:
    """A mixed model would be sure: the spread between teams is whatever its search starts from."""
    rng = np.random.default_rng(8)
    team, tool = np.repeat([0, 1], 20), np.tile([0.0, 1.0], 20)
    y, x = rng.normal(size=40), {"tool": tool, "arm": team * 1.0}
    fit = fitted(y, x, team=team)
    assert not fit.seen.any()
    assert fit.resting == {"(intercept)", "arm"}
    for answer in (satterthwaite, kenward_roger):
        assert answer(fit, "arm") == Absence("few_clusters")
        assert numbers(answer(fit, "tool"))[2] == pytest.approx(37)
    assert icc(fit, "team", level=0.95) == Absence("few_clusters")


def test_an_effect_with_one_row_a_level_is_the_residual_and_a_copy_is_one_effect() -> None:
    y, x, effects = case("cluster")
    fit = fitted(y, x, row=np.arange(len(y)), copy=effects["team"] + 5, **effects)
    assert fit.merged == ("row", "team")
    assert numbers(satterthwaite(fit, "arm"))[2] == pytest.approx(R["cluster"]["df"], rel=1e-6)
    alone = fitted(y, x, row=np.arange(len(y)))
    assert alone.effects == ()
    design = np.column_stack([np.ones(len(y)), x["arm"]])
    beta, squares = np.linalg.lstsq(design, y)[:2]
    error = math.sqrt(float(squares[0]) / 155 * np.linalg.inv(design.T @ design)[1, 1])
    for answer in (satterthwaite, kenward_roger):
        assert numbers(answer(alone, "arm")) == pytest.approx((beta[1], error, 155), rel=1e-9)


def test_no_rows_no_spread_and_a_saturated_model_have_reasons() -> None:
    arm, team = np.tile([0.0, 1.0], 10), np.arange(20) // 4
    rng = np.random.default_rng(1)
    assert reason(np.zeros(0), {"arm": np.zeros(0)}, team=np.zeros(0, int)) == "no_rows"
    for constant in (5.0, 0.1 + 0.2, 1e300, 0.0):
        assert reason(np.full(20, constant), {"arm": arm}, team=team) == "no_spread"
    assert reason(3.7 + 0.1 * arm, {"arm": arm}, team=team) == "no_spread"
    assert reason(rng.normal(size=5)[team], {"arm": arm}, team=team) == "no_spread"
    assert reason(rng.normal(size=2), {"arm": arm[:2]}, team=team[:2]) == "saturated"
    # one row more than columns: two variances are too many
    assert reason(rng.normal(size=3), {"arm": arm[:3]}, team=np.array([0, 0, 1])) == "saturated"


@settings(max_examples=20, deadline=None)
@given(data=st.data(), rows=st.integers(0, 9))
def test_no_finite_data_give_anything_but_a_number_or_a_reason(
    data: st.DataObject, rows: int
) -> None:
    value = st.one_of(st.sampled_from([0.0, 1.0, 2.0]), st.floats(-1e300, 1e300))
    column = st.lists(value, min_size=rows, max_size=rows).map(np.array)
    levels = st.lists(st.integers(0, 3), min_size=rows, max_size=rows).map(np.array)
    x = {"age": data.draw(column).astype(float), "arm": data.draw(column).astype(float)}
    effects = {"one": data.draw(levels).astype(int), "other": data.draw(levels).astype(int)}
    fit = reml(data.draw(column).astype(float), x, effects=effects)
    for answer in (satterthwaite, kenward_roger):
        found = fit if isinstance(fit, Absence) else answer(fit, "arm")
        if isinstance(found, Estimate):
            assert math.isfinite(found.value)
            assert 0 < found.se < math.inf
            assert 0 < found.df < rows


# intraclass correlation


def likeness(fit: Mixed, effect: str) -> tuple[float, float, float]:
    found = icc(fit, effect, level=0.95)
    assert isinstance(found, Likeness)
    return found.value, found.low, found.high


def test_the_interval_of_equal_groups_is_that_of_their_f() -> None:
    """(F / F_q - 1) / (F / F_q - 1 + n): Searle, Casella & McCulloch 1992, section 3.6."""
    rng = np.random.default_rng(3)
    team, n = np.repeat(np.arange(9), 5), 5
    y = rng.normal(size=9)[team] + rng.normal(size=45)
    table = y.reshape(9, 5)
    between = n * table.mean(axis=1).var(ddof=1)
    f = between / table.var(axis=1, ddof=1).mean()
    fit = fitted(y, {}, team=team)

    def share(ratio: float) -> float:
        return (ratio - 1) / (ratio - 1 + n)

    # R: qf(c(0.975, 0.025), 8, 36)
    ends = [share(f / quantile) for quantile in (2.56906937777, 0.259203187264)]
    assert likeness(fit, "team") == pytest.approx((share(f), *ends), rel=1e-6)


def test_teams_that_do_not_differ_may_have_no_likeness_but_not_any() -> None:
    y, x, effects = case("flat")
    value, low, high = likeness(fitted(y, x, **effects), "team")
    assert (value, low) == (0, 0)
    assert 0 < high < 0.3


@pytest.mark.parametrize("effect", ["participant", "question"])
def test_the_interval_of_crossed_effects_ends_where_the_profile_is_a_surprise(effect: str) -> None:
    """At either end the lowest deviance is chi-squared's 3.8415 above that of the fit."""
    y, x, effects = case("crossed")
    fit = fitted(y, x, **effects)
    value, low, high = likeness(fit, effect)
    assert 0 < low < value < high < 1
    design = np.column_stack([np.ones(len(y)), x["arm"]])
    order = [effects[effect], *(v for k, v in effects.items() if k != effect)]

    def height(share: float, other: float) -> float:
        ratios = np.array([share / (1 - share) * (1 + other), other])
        return plain(y, design, order, ratios)[0]

    own = [fit.ratios[fit.effects.index(k)] for k in (effect, *(set(effects) - {effect}))]
    floor = plain(y, design, order, np.array(own))[0]
    from scipy.optimize import minimize_scalar

    for end in (low, high):
        found = minimize_scalar(lambda log, end=end: height(end, math.exp(log)), bounds=(-6, 4))
        assert found.fun - floor == pytest.approx(3.8414588, abs=1e-3)
    assert likeness(fit, effect)[0] == pytest.approx(
        R["crossed"][f"var.{effect}"]
        / sum(v for k, v in R["crossed"].items() if k.startswith("var.")),
        rel=1e-7,
    )
