"""Raters: Krippendorff's alpha, Cohen's kappa, Gwet's AC1, against other packages and by hand."""

from __future__ import annotations

import csv
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.agreement import (
    Alpha,
    Coefficient,
    Scale,
    Weights,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
)
from htkeval.stats.answer import Absence
from tests.oracles.sheets import HERE, answers

OTHERS = answers("agreement")
SCALES: tuple[Scale, ...] = ("nominal", "ordinal", "interval")


def of_set(name: str) -> np.ndarray:
    with (HERE / "agreement.csv").open(newline="", encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["set"] == name]
    return np.array([[float(row[rater] or "nan") for rater in "abcd"] for row in rows])


def alpha_of(ratings: Any, scale: Scale, draws: int = 20, level: float = 0.95) -> Alpha:
    found = krippendorff_alpha(
        np.array(ratings, float), scale, rng=np.random.default_rng(1), draws=draws, level=level
    )
    assert isinstance(found, Alpha)
    return found


def coefficient(found: Coefficient | Absence) -> tuple[float, float]:
    assert isinstance(found, Coefficient)
    assert isinstance(found.se, float)
    return found.value, found.se


# Krippendorff's alpha


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", sorted(OTHERS))
def test_alpha_is_that_of_the_package_krippendorff(name: str, scale: Scale) -> None:
    """Python: `krippendorff.alpha(ratings.T, level_of_measurement=scale)`, agreement.py."""
    assert alpha_of(of_set(name), scale).value == pytest.approx(OTHERS[name][scale], abs=1e-12)


@pytest.mark.parametrize(
    ("scale", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_is_krippendorffs_own_worked_example(scale: Scale, value: float) -> None:
    """Krippendorff 2011, 4 observers and 12 units, one unit rated by one observer only."""
    found = alpha_of(of_set("published"), scale)
    assert found.value == pytest.approx(value, abs=5e-4)
    assert (found.units, found.ratings) == (11, 40)


def test_alpha_by_hand() -> None:
    """Units 1 1, 2 2, 1 2: of 6 ratings 3 are 1 and 3 are 2, so 18 of 30 ordered pairs differ by
    chance; of the 6 ordered pairs in a unit 2 do. alpha = 1 - (2 / 6) / (18 / 30) = 4/9."""
    for scale in SCALES:
        assert alpha_of([[1, 1], [2, 2], [1, 2]], scale).value == pytest.approx(4 / 9, rel=1e-12)


def test_alphas_differ_only_in_what_a_distance_is() -> None:
    """1 and 9 are apart by much or by one rank; 4 / 9 only where all that counts is unlike."""
    near, far = [[1, 1], [2, 2], [1, 2], [9, 9]], [[1, 1], [2, 2], [1, 2], [3, 3]]
    for scale in ("nominal", "ordinal"):
        assert alpha_of(near, scale).value == pytest.approx(alpha_of(far, scale).value)
    assert alpha_of(near, "interval").value > alpha_of(far, "interval").value


@pytest.mark.parametrize("scale", SCALES)
def test_the_bootstrap_is_alpha_of_units_drawn_anew(scale: Scale) -> None:
    ratings, draws = of_set("likert"), 60
    pairable = ratings[(~np.isnan(ratings)).sum(axis=1) >= 2]
    units = len(pairable)
    rng = np.random.default_rng(1)
    often = rng.multinomial(units, np.full(units, 1 / units), draws)
    plain = [alpha_of(np.repeat(pairable, each, axis=0), scale, draws=1).value for each in often]
    found = alpha_of(ratings, scale, draws=draws, level=0.8)
    assert found.interval == pytest.approx(tuple(np.quantile(plain, [0.1, 0.9])), rel=1e-10)


def test_the_bootstrap_covers_alpha_and_is_the_same_in_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = alpha_of(of_set("likert"), "ordinal", draws=500)
    assert isinstance(whole.interval, tuple)
    assert whole.interval[0] < whole.value < whole.interval[1] < 1
    monkeypatch.setattr("htkeval.stats.agreement.BLOCK", 1000)
    assert alpha_of(of_set("likert"), "ordinal", draws=500) == whole


def test_too_many_draws_without_variation_leave_alpha_without_an_interval() -> None:
    """Nine units of ten are alike: a draw misses the tenth with chance 0.9^10 = 0.35."""
    ratings = [[0, 0]] * 9 + [[1, 1]]
    found = alpha_of(ratings, "nominal", draws=200)
    assert found.value == 1
    assert found.interval == Absence("no_spread")
    assert alpha_of(ratings * 40, "nominal", draws=200).interval == (1, 1)


@pytest.mark.parametrize("scale", SCALES)
def test_raters_order_of_units_and_labels_change_nothing(scale: Scale) -> None:
    ratings = of_set("likert")
    base = alpha_of(ratings, scale).value
    rng = np.random.default_rng(4)
    shuffled = rng.permutation(rng.permutation(ratings, axis=0), axis=1)
    assert alpha_of(shuffled, scale).value == pytest.approx(base, rel=1e-12)
    moved = {"nominal": (7 * ratings) % 6, "ordinal": np.exp(ratings), "interval": 1e300 * ratings}
    assert alpha_of(moved[scale], scale).value == pytest.approx(base, rel=1e-12)
    alone = np.vstack([ratings, [[3, np.nan, np.nan, np.nan]]])
    assert alpha_of(alone, scale).value == pytest.approx(base, rel=1e-12)


@pytest.mark.parametrize("scale", SCALES)
def test_nothing_to_agree_on_is_no_agreement(scale: Scale) -> None:
    nan = math.nan

    def reason(ratings: Any) -> str:
        found = krippendorff_alpha(
            np.array(ratings, float), scale, rng=np.random.default_rng(1), draws=10
        )
        assert isinstance(found, Absence)
        return found.reason

    assert reason(np.empty((0, 3))) == "no_rows"
    assert reason([[1, nan], [nan, 2]]) == "no_rows"
    assert reason([[1, 2], [nan, 2]]) == "too_few"
    assert reason([[3, 3], [3, 3], [3, nan]]) == "no_spread"
    if scale == "interval":
        assert reason([[0.1 + 0.2, 0.3], [0.3, 0.3]]) == "no_spread"


# Cohen's kappa


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
@pytest.mark.parametrize("name", ["pair", "rare", "likert"])
def test_kappa_and_its_error_are_statsmodels(name: str, weights: Weights) -> None:
    """`statsmodels.stats.inter_rater.cohens_kappa(table, wt=weights)`: kappa and std_kappa."""
    from statsmodels.stats.inter_rater import cohens_kappa

    a, b = of_set(name)[:, :2].T
    both = ~(np.isnan(a) | np.isnan(b))
    low, high = int(min(a[both].min(), b[both].min())), int(max(a[both].max(), b[both].max()))
    edges = np.arange(low, high + 2) - 0.5
    table = np.histogram2d(a[both], b[both], bins=(edges, edges))[0]
    expected = cohens_kappa(table, wt=None if weights == "none" else weights)
    assert coefficient(cohen_kappa(a, b, weights=weights)) == pytest.approx(
        (expected.kappa, expected.std_kappa), rel=1e-10
    )


def test_kappa_by_hand() -> None:
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: D = 15/50, E = 0.5 * 0.4 + 0.5 * 0.6 = 0.5, so
    kappa 0.4. e_i is 0.4 + 0.5 where the first says yes and 0.6 + 0.5 where no, so that
    (d - 0.6 e) / 0.5 is -1.08, 0.92, 0.68, -1.32 in the four cells: variance 1.1664 - 0.36."""
    a, b = np.repeat([1.0, 1, 0, 0], [20, 5, 10, 15]), np.repeat([1.0, 0, 1, 0], [20, 5, 10, 15])
    value, se = coefficient(cohen_kappa(a, b))
    assert value == pytest.approx(0.4, rel=1e-12)
    assert se == pytest.approx(math.sqrt(0.8064 / 50), rel=1e-12)


WORDS: tuple[Weights, ...] = ("none", "linear", "quadratic")
RATING = st.integers(0, 4)


@settings(max_examples=60, deadline=None)
@given(pairs=st.lists(st.tuples(RATING, RATING), min_size=2, max_size=25))
def test_kappa_of_swapped_raters_and_other_units_is_the_same(pairs: list[tuple[int, int]]) -> None:
    a, b = np.array(pairs, float).T
    for weights in WORDS:
        found = cohen_kappa(a, b, weights=weights)
        again = cohen_kappa(7e299 * b - 1e300, 7e299 * a - 1e300, weights=weights)
        if isinstance(found, Absence):
            assert again == found
            continue
        assert isinstance(again, Coefficient)
        assert again.value == pytest.approx(found.value, abs=1e-12)
        se, se_again = (0.0 if isinstance(c.se, Absence) else c.se for c in (found, again))
        assert se_again == pytest.approx(se, abs=1e-9)
        assert found.value <= 1


def test_two_raters_who_use_two_categories_make_all_weights_one() -> None:
    a, b = of_set("rare")[:, :2].T
    plain = coefficient(cohen_kappa(a, b))
    for weights in WORDS:
        assert coefficient(cohen_kappa(a, b, weights=weights)) == pytest.approx(plain, rel=1e-10)


def test_kappa_without_pairs_or_variation_has_a_reason_and_perfect_agreement_no_error() -> None:
    nan, a = math.nan, np.array([1.0, 2, 3, 3])
    assert cohen_kappa(a[:0], a[:0]) == Absence("no_rows")
    assert cohen_kappa(np.array([1, nan]), np.array([nan, 2])) == Absence("no_rows")
    assert cohen_kappa(np.array([1, nan]), np.array([2.0, 2])) == Absence("too_few")
    for weights in WORDS:
        assert cohen_kappa(0 * a + 3, 0 * a + 3, weights=weights) == Absence("no_spread")
        perfect = cohen_kappa(a, a, weights=weights)
        assert isinstance(perfect, Coefficient)
        assert perfect.value == pytest.approx(1, abs=1e-12)
        assert perfect.se == Absence("no_spread")
        assert perfect.interval(0.95) == Absence("no_spread")


# Gwet's AC1


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_ac1_is_that_of_irrcac(name: str) -> None:
    """Python: `irrCAC.raw.CAC(ratings).gwet()`, agreement.py; `published` is Gwet's own 0.77544,
    s.e. 0.14295."""
    found = gwet_ac1(of_set(name))
    expected = OTHERS[name]
    assert coefficient(found) == pytest.approx((expected["ac1"], expected["ac1_se"]), rel=1e-10)
    assert isinstance(found, Coefficient)
    assert found.interval(0.95) == pytest.approx(
        (expected["ac1_low"], expected["ac1_high"]), rel=1e-6
    )  # the stored quantile is an older SciPy's


def test_ac1_is_gwets_example_where_kappa_fails() -> None:
    """Gwet 2002: 118 both yes, 5 and 2 apart, none both no. p = 0.944, pi = 243/250, e = 2 pi
    (1 - pi) = 0.054432, AC1 = 0.889568 / 0.945568 = 0.9408; kappa is -0.023."""
    a, b = np.repeat([1.0, 1, 0], [118, 5, 2]), np.repeat([1.0, 0, 1], [118, 5, 2])
    found = gwet_ac1(np.column_stack([a, b]))
    assert coefficient(found)[0] == pytest.approx(0.889568 / 0.945568, rel=1e-12)
    assert coefficient(cohen_kappa(a, b))[0] == pytest.approx(-0.0234, abs=5e-5)


def test_categories_nobody_chose_count_in_ac1() -> None:
    """Of 3 pairs 2 agree, pi = 5/6: e = 10/36 with two categories and half of it with three."""
    ratings = np.array([[1.0, 1], [1, 1], [1, 2]])
    for categories, e in ((2, 10 / 36), (3, 5 / 36), (0, 10 / 36)):
        found = gwet_ac1(ratings, categories=categories)
        assert coefficient(found)[0] == pytest.approx((2 / 3 - e) / (1 - e), rel=1e-12)


def test_ac1_of_one_same_answer_is_one_without_an_error() -> None:
    found = gwet_ac1(np.full((5, 3), 2.0))
    assert found == Coefficient(1, Absence("no_spread"), 5)
    assert gwet_ac1(np.empty((0, 2))) == Absence("no_rows")
    assert gwet_ac1(np.array([[1, math.nan], [2, 2]])) == Absence("too_few")


# anything


ANY = st.one_of(st.floats(allow_infinity=False), st.sampled_from([0.0, 1.0, 1.0, 2.0]))


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(ANY, ANY, ANY), max_size=6), seed=st.integers(0, 99))
def test_any_finite_numbers_give_an_answer_or_its_absence(
    rows: list[tuple[float, float, float]], seed: int
) -> None:
    ratings = np.array(rows, float).reshape(-1, 3)
    rng = np.random.default_rng(seed)
    found: list[Alpha | Coefficient | Absence] = [gwet_ac1(ratings)]
    found += [krippendorff_alpha(ratings, scale, rng=rng, draws=9) for scale in SCALES]
    found += [cohen_kappa(ratings[:, 0], ratings[:, 1], weights=weights) for weights in WORDS]
    for each in found:
        if isinstance(each, Absence):
            continue
        assert -1e9 < each.value <= 1 + 1e-9
        interval = each.interval(0.95) if isinstance(each, Coefficient) else each.interval
        assert isinstance(interval, Absence) or all(math.isfinite(end) for end in interval)
