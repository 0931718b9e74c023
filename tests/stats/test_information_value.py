"""What knowing more is worth, by hand and against numerical integration with SciPy."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from htkeval.stats.information_value import (
    Normal,
    perfect_information,
    posterior,
    sample_information,
    with_more,
)
from htkeval.stats.scaling import Floats
from htkeval.stats.student_information import (
    Student,
    chance_above,
    expectation,
    sampled,
    simulated_sample_information,
    student_perfect_information,
    summary,
)
from tests.often import often

MEANS = st.floats(-50, 50)
SDS = st.floats(0.01, 50)
FREEDOMS = (4, 8, 20, 29)
LONG = pytest.mark.campaign


def itself(effect: Floats) -> Floats:
    return effect


def kroner(effect: Floats) -> Floats:
    return 300 * effect - 90


def grown(effect: Floats) -> Floats:
    """A benefit that is a percentage: effects are logarithms."""
    return np.exp(effect) - 1.3


def by_quad(belief: Student, net_benefit, zeros: list[float]) -> tuple[float, float]:
    """E[NB] and EVPI = E[max(0, NB)] - max(0, E[NB]) by `scipy.integrate.quad`."""

    def density(x: float) -> float:
        return stats.norm.pdf(x, belief.prior_mean, belief.prior_sd) * stats.t.pdf(
            x, belief.df, belief.estimate, belief.error
        )

    reach = 12 * belief.prior_sd
    ends = [belief.prior_mean - reach, belief.prior_mean + reach]
    inner = [belief.prior_mean, *(belief.estimate + k * belief.error for k in (-5, -1, 0, 1, 5))]
    cuts = sorted([*ends, *(c for c in (*inner, *zeros) if ends[0] < c < ends[1])])

    def total(function) -> float:
        return sum(
            integrate.quad(function, a, b, epsabs=0, epsrel=1e-12, limit=200)[0]
            for a, b in pairwise(cuts)
            if b > a and abs(function((a + b) / 2)) + abs(function(a)) + abs(function(b)) > 0
        )

    mass = total(density)
    mean = total(lambda x: net_benefit(x) * density(x)) / mass
    wrong = -1 if mean > 0 else 1
    return mean, total(lambda x: max(0.0, wrong * net_benefit(x)) * density(x)) / mass


def flat_loss(z: float, df: float) -> float:
    """The unit loss of t by its closed form, E[max(0, T - z)]; flat prior.

    Integrating by parts: integral of t f(t) from z is (df + z^2) / (df - 1) f(z).
    """
    return (df + z * z) / (df - 1) * stats.t.pdf(z, df) - z * stats.t.sf(z, df)


# the normal posterior


def test_by_hand_perfect_information() -> None:
    """At mean 0 it is sd phi(0) = 2 x 0.3989423; at one sd 0.2419707 - 0.1586553 = 0.0833155."""
    assert perfect_information(0, 2) == pytest.approx(0.7978845608)
    assert perfect_information(1, 1) == pytest.approx(0.0833154706)
    assert perfect_information(-10, 10) == pytest.approx(0.833154706)


@pytest.mark.parametrize(("mean", "sd"), [(0, 1), (0.3, 2), (-1, 1), (4, 1.5), (-8, 1), (30, 1.0)])
def test_perfect_information_is_the_integral_it_stands_for(mean: float, sd: float) -> None:
    """E[max(0, NB)] - max(0, E[NB]) as the loss of the choice made now, by quad."""
    wrong = -math.copysign(1, mean)

    def loss(u: float) -> float:  # distance beyond zero on the wrong side, in sd
        return sd * u * stats.norm.pdf(u + abs(mean) / sd)

    assert wrong * mean <= 0
    expected = integrate.quad(loss, 0, 12, epsabs=0, epsrel=1e-12, limit=300)[0]
    assert perfect_information(mean, sd) == pytest.approx(expected, rel=1e-8)


def test_far_in_the_tail_nothing_is_negative_and_nothing_breaks() -> None:
    values = [perfect_information(z, 1) for z in np.linspace(0, 45, 4501)]
    assert all(b <= a for a, b in pairwise(values))
    assert values[-1] == 0
    assert perfect_information(38, 1) > 0
    assert perfect_information(40, 1) >= 0
    assert perfect_information(1e300, 1e-300) == 0
    assert perfect_information(5, 0) == perfect_information(0, 0) == 0


@given(MEANS, SDS, st.floats(1.001, 5))
def test_more_doubt_is_worth_more_and_the_sign_does_not_matter(
    mean: float, sd: float, more: float
) -> None:
    value = perfect_information(mean, sd)
    assert value >= 0
    assert value == perfect_information(-mean, sd)
    assert perfect_information(mean, sd * more) >= value * (1 - 1e-12)
    assert perfect_information(mean * more, sd * more) == pytest.approx(value * more, rel=1e-9)


@given(MEANS, SDS, st.floats(0, 1))
def test_a_sample_is_never_worth_more_than_certainty(mean: float, sd: float, left: float) -> None:
    value = sample_information(mean, sd, sd * left)
    assert 0 <= value <= perfect_information(mean, sd)


def test_by_hand_sample_information() -> None:
    """Sd 5 that falls to 4 moves the mean by sd 3; one that stays moves it by nothing."""
    assert sample_information(3, 5, 4) == pytest.approx(perfect_information(3, 3))
    assert sample_information(3, 5, 5) == 0
    assert sample_information(3, 5, 0) == perfect_information(3, 5)
    assert sample_information(0, 1e300, 0) == pytest.approx(0.3989422804e300)


@given(MEANS, SDS, st.floats(0.01, 5))
def test_a_large_sample_comes_near_certainty(mean: float, sd: float, error: float) -> None:
    now = Normal(mean, sd)
    values = [
        sample_information(mean, sd, with_more(now, error_n=error * shrink).sd)
        for shrink in (1, 0.1, 1e-3, 1e-6)
    ]
    assert all(a <= b * (1 + 1e-9) for a, b in pairwise(values))
    assert values[-1] == pytest.approx(perfect_information(mean, sd), rel=1e-4, abs=1e-300)


def test_by_hand_posterior() -> None:
    """Precisions 1/9 and 1/16: mean (0/9 + 25/16) / (25/144) = 9, sd 12 / 5."""
    found = posterior(0, 3, 25, 4)
    assert (found.mean, found.sd) == pytest.approx((9, 2.4))
    assert posterior(7, math.inf, 25, 4) == Normal(25, 4)
    assert posterior(7, 3, 25, math.inf) == Normal(7, 3)
    assert posterior(7, 0, 25, 4) == Normal(7, 0)
    assert with_more(Normal(9, 3), error_n=4) == Normal(9, pytest.approx(2.4))


@given(MEANS, SDS, MEANS, SDS, MEANS, SDS)
def test_the_order_of_the_data_does_not_matter(
    mean: float, sd: float, one: float, one_error: float, two: float, two_error: float
) -> None:
    first = posterior(mean, sd, one, one_error)
    second = posterior(mean, sd, two, two_error)
    there = posterior(first.mean, first.sd, two, two_error)
    back = posterior(second.mean, second.sd, one, one_error)
    assert there.mean == pytest.approx(back.mean, rel=1e-9, abs=1e-9)
    assert there.sd == pytest.approx(back.sd, rel=1e-9)
    assert with_more(first, error_n=two_error).sd == there.sd


# few degrees of freedom


@pytest.mark.parametrize("df", [4, *(pytest.param(n, marks=LONG) for n in (8, 20)), 29])
@pytest.mark.parametrize(
    ("net_benefit", "zero"),
    [(itself, 0.0), (kroner, 0.3), (grown, math.log(1.3))],
    ids=["itself", "kroner", "exp"],
)
@pytest.mark.parametrize(
    ("prior_mean", "prior_sd", "estimate", "error"),
    often(
        [(0.0, 1.0, 0.4, 0.2), (0.1, 0.3, 1.0, 0.15), (0.0, 0.2, -0.5, 1.0), (0, 1, 1.2, 0.02)],
        [(0.1, 0.3, 1.0, 0.15)],
    ),
)
def test_perfect_information_of_t_is_the_integral(
    df, net_benefit, zero, prior_mean, prior_sd, estimate, error
) -> None:
    belief = Student(prior_mean, prior_sd, estimate, error, df)
    mean, value = by_quad(belief, net_benefit, [zero])
    assert expectation(belief, net_benefit) == pytest.approx(mean, rel=1e-8)
    assert student_perfect_information(belief, net_benefit) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("df", [2.5, *FREEDOMS, 200])
@pytest.mark.parametrize("z", [0.0, 0.5, 2.0, 4.0])
def test_without_a_prior_it_is_the_closed_form_of_t(df: float, z: float) -> None:
    belief = Student(0, math.inf, 3 * z, 3, df)
    assert student_perfect_information(belief) == pytest.approx(3 * flat_loss(z, df), rel=1e-9)


@pytest.mark.parametrize(("estimate", "error"), [(0.5, 1.0), (2.0, 0.3), (-12, 1.5), (30, 0.1)])
def test_with_endless_degrees_of_freedom_it_is_the_normal_form(
    estimate: float, error: float
) -> None:
    belief = Student(0, 1.2, estimate, error, math.inf)
    now = posterior(0, 1.2, estimate, error)
    assert expectation(belief) == pytest.approx(now.mean, rel=1e-12)
    if now.mean / now.sd < 15:
        expected = perfect_information(now.mean, now.sd)
        assert student_perfect_information(belief) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("df", FREEDOMS)
@pytest.mark.parametrize("net_benefit", [kroner, grown])
def test_seeded_simulation_agrees_with_the_integral(df: int, net_benefit) -> None:
    """Draws from the t likelihood, weighed by the prior: importance sampling, 400,000 draws."""
    belief = Student(0.2, 0.5, 0.5, 0.2, df)
    rng = np.random.default_rng(20)
    effects = 0.5 + 0.2 * rng.standard_t(df, 400_000)
    weights = np.exp(-(((effects - 0.2) / 0.5) ** 2) / 2)
    weights /= weights.sum()
    benefit = net_benefit(effects)
    value = weights @ np.maximum(0, benefit) - max(0, weights @ benefit)
    assert student_perfect_information(belief, net_benefit) == pytest.approx(value, rel=0.02)


TOO_SMALL = {
    4: (1.25, 2.05, 7.14, 66.5),
    8: (1.11, 1.43, 3.11, 15.7),
    20: (1.04, 1.16, 1.66, 4.03),
    29: (1.03, 1.10, 1.43, 2.78),
}
"""By what factor the normal form is too small, at 0, 1, 2 and 3 errors from the choice's edge."""


@pytest.mark.parametrize("df", FREEDOMS)
def test_by_how_much_the_normal_form_is_too_small(df: int) -> None:
    """No prior, the same error: `flat_loss` beside the normal loss, both from scipy.stats."""
    for z, factor in enumerate(TOO_SMALL[df]):
        normal = stats.norm.pdf(z) - z * stats.norm.sf(z)
        assert flat_loss(z, df) / normal == pytest.approx(factor, abs=0.006, rel=3e-3)
        belief = Student(0, math.inf, z, 1, df)
        ours = student_perfect_information(belief) / perfect_information(z, 1)
        assert ours == pytest.approx(flat_loss(z, df) / normal, rel=1e-8)


@pytest.mark.parametrize(
    ("df", "from_", "to"), [(4, 0.97, 1.78), (8, 1.54, 2.36), (20, 2.28, 3.17), (29, 2.60, 3.52)]
)
def test_a_factor_of_two_to_five_holds_in_a_band_only(df: int, from_: float, to: float) -> None:
    def factor(z: float) -> float:
        return student_perfect_information(Student(0, math.inf, z, 1, df)) / perfect_information(
            z, 1
        )

    assert factor(from_ - 0.01) < 2 < factor(from_ + 0.01)
    assert factor(to - 0.01) < 5 < factor(to + 0.01)


def test_a_sure_prior_takes_the_factor_away() -> None:
    def factor(z: float, prior_sd: float) -> float:
        now = posterior(0, prior_sd, z, 1)
        t = student_perfect_information(Student(0, prior_sd, z, 1, 4))
        return t / perfect_information(now.mean, now.sd)

    found = [factor(z, 1) for z in range(4)]
    assert found == pytest.approx([1.01, 1.24, 2.90, 15.24], abs=0.006)
    surer = [factor(z, 0.3) for z in range(4)]
    assert surer == pytest.approx([0.99, 1.02, 1.43, 2.43], abs=0.006)
    smallest = min(factor(z, 0.3) for z in np.linspace(0, 1, 21))
    assert 0.96 < smallest < 0.98


BELIEFS = st.builds(
    Student,
    st.floats(-2, 2),
    st.one_of(st.floats(0.05, 5), st.just(math.inf)),
    st.floats(-2, 2),
    st.floats(0.05, 5),
    st.one_of(st.floats(2.2, 60), st.just(math.inf)),
)


@settings(deadline=None)
@given(BELIEFS, st.floats(0.1, 1e6))
def test_a_benefit_in_other_units_is_worth_as_much_in_them(belief: Student, unit: float) -> None:
    value = student_perfect_information(belief)
    assert value >= 0
    scaled = student_perfect_information(belief, lambda effect: unit * effect)
    assert scaled == pytest.approx(unit * value, rel=1e-9)
    other = student_perfect_information(belief, lambda effect: -effect)
    assert other == pytest.approx(value, rel=1e-9)


@settings(deadline=None)
@given(BELIEFS)
def test_mirrored_beliefs_are_worth_the_same(belief: Student) -> None:
    mirrored = Student(
        -belief.prior_mean, belief.prior_sd, -belief.estimate, belief.error, belief.df
    )
    value = student_perfect_information(belief)
    assert student_perfect_information(mirrored) == pytest.approx(value, rel=1e-7)
    assert expectation(mirrored) == pytest.approx(-expectation(belief), rel=1e-7, abs=1e-12)


@pytest.mark.campaign
@settings(deadline=None, max_examples=30)
@given(BELIEFS, st.floats(0.01, 10), st.integers(0, 99))
def test_a_simulated_sample_lies_between_nothing_and_certainty(
    belief: Student, error_n: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    found = simulated_sample_information(belief, error_n=error_n, rng=rng, draws=500)
    assert 0 <= found.value <= student_perfect_information(belief)
    assert found.error >= 0


@pytest.mark.parametrize(("estimate", "error_n"), [(0.1, 0.3), (0.3, 0.15), (-0.4, 0.05)])
def test_a_simulated_sample_of_a_normal_belief_is_the_formula(
    estimate: float, error_n: float
) -> None:
    now = posterior(0, 1, estimate, 0.2)
    expected = sample_information(now.mean, now.sd, with_more(now, error_n=error_n).sd)
    found = simulated_sample_information(
        Student(0, 1, estimate, 0.2, math.inf),
        error_n=error_n,
        rng=np.random.default_rng(5),
        draws=400_000,
    )
    assert abs(found.value - expected) < 4 * found.error
    assert found.error < 0.03 * expected


@pytest.mark.campaign
@pytest.mark.parametrize("df", [4, pytest.param(12, marks=LONG)])
@pytest.mark.parametrize(
    "error_n", [0.2, *(pytest.param(error, marks=LONG) for error in (0.05, 1.0))]
)
@pytest.mark.parametrize("net_benefit", [kroner, grown])
def test_a_simulated_sample_is_the_double_integral(df: int, error_n: float, net_benefit) -> None:
    """E[max(0, E[NB | new])] - max(0, E[NB]) over a grid of effects and one of new estimates."""
    belief = Student(0, 1, 0.25, 0.2, df)
    effects = np.linspace(-6, 6, 3001)
    density = stats.norm.pdf(effects) * stats.t.pdf(effects, df, 0.25, 0.2)
    density /= density.sum()
    new = np.linspace(-8, 8, 3201)
    joint = density * stats.norm.pdf(new[:, None], effects, error_n) * (new[1] - new[0])
    gained = joint @ net_benefit(effects)  # E[NB | new] times the density of new
    value = np.maximum(0, gained).sum() - max(0, density @ net_benefit(effects))
    found = simulated_sample_information(
        belief, net_benefit, error_n=error_n, rng=np.random.default_rng(8), draws=400_000
    )
    assert abs(found.value - value) < 4 * found.error
    assert found.error < 0.03 * value


def test_a_better_sample_comes_near_certainty_and_none_is_worth_nothing() -> None:
    belief = Student(0, 1, 0.25, 0.2, 6)
    perfect = student_perfect_information(belief)

    def value(error_n: float) -> float:
        rng = np.random.default_rng(3)
        return simulated_sample_information(belief, error_n=error_n, rng=rng).value

    values = [value(error) for error in (2, 0.5, 0.2, 0.05, 1e-3)]
    assert all(a < b for a, b in pairwise(values))
    assert values[-1] == pytest.approx(perfect, rel=0.03)
    assert value(0) == perfect
    assert value(math.inf) == 0


def test_a_seed_gives_the_same_answer_and_chance_is_measured() -> None:
    belief = Student(0, 1, 0.25, 0.2, 6)
    found = [
        simulated_sample_information(
            belief, error_n=0.2, rng=np.random.default_rng(seed), draws=2_000
        )
        for seed in (1, 1, *range(2, 42))
    ]
    assert found[0] == found[1]
    values = [each.value for each in found[1:]]
    assert np.std(values, ddof=1) == pytest.approx(np.mean([f.error for f in found]), rel=0.35)


# how the error falls


@pytest.mark.parametrize(
    ("question", "named"),
    [
        (lambda: perfect_information(math.nan, 1), "mean: found nan"),
        (lambda: perfect_information(math.inf, 1), "mean: found inf"),
        (
            lambda: perfect_information(0, -1),
            "sd: found -1, expected a finite number of at least 0",
        ),
        (lambda: perfect_information(0, math.inf), "sd: found inf"),
        (lambda: sample_information(0, 1, 2), "posterior_sd: found 2, expected at most 1"),
        (lambda: sample_information(0, 1, -1), "posterior_sd: found -1"),
        (lambda: posterior(0, -1, 0, 1), "prior_sd: found -1"),
        (lambda: posterior(0, 1, math.nan, 1), "estimate: found nan"),
        (lambda: posterior(0, 0, 1, 0), "prior_sd and error: found both 0"),
        (lambda: posterior(0, math.inf, 1, math.inf), "prior_sd and error: found both inf"),
        (lambda: with_more(Normal(0, 1), error_n=-1), "error: found -1"),
        (lambda: Student(0, 1, 0, 1, 0), "df: found 0, expected a number above 0"),
        (lambda: Student(0, math.inf, 0, 1, 2), "df: found 2, expected a number above 2"),
        (lambda: Student(0, 1, 0, 1, math.nan), "df: found nan"),
        (lambda: Student(0, 0, 0, 1, 8), "prior_sd: found 0"),
        (lambda: Student(0, 1, 0, 0, 8), "error: found 0, expected a finite number above 0"),
        (lambda: expectation(Student(0, 1e200, 0, 1e-200, 8)), "too far apart"),
        (lambda: expectation(Student(0, 1e-200, 0, 1e200, 8)), "too far apart"),
        (lambda: expectation(Student(0, 1, 1e8, 1, math.inf)), "too far apart"),
        (lambda: expectation(Student(0, 1, 0, 1, 8), lambda x: x[:1]), "net_benefit: found shape"),
        (lambda: expectation(Student(0, 1, 0, 1, 8), lambda x: x * math.nan), "no finite number"),
        (lambda: expectation(Student(0, math.inf, 0, 1, 8), np.exp), "no finite number"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(question, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        question()


def test_a_simulation_needs_two_draws_and_an_error() -> None:
    belief, rng = Student(0, 1, 0, 1, 8), np.random.default_rng(1)
    with pytest.raises(ValueError, match="draws: found 1"):
        simulated_sample_information(belief, error_n=1, rng=rng, draws=1)
    with pytest.raises(ValueError, match="error_n: found -1"):
        simulated_sample_information(belief, error_n=-1, rng=rng)


@pytest.mark.parametrize("far", [60.0, 1e3, 1e5])
def test_an_estimate_far_from_the_prior_loses_no_peak(far: float) -> None:
    """The normal likelihood has its one peak between; a t of few df gives in to the prior.

    With few df the likelihood is nearly (1 + df) log |x - estimate| at the prior, whose slope
    (1 + df) / far moves the mean by that many sd^2.
    """
    normal = expectation(Student(0, 1, far, 0.5, math.inf))
    assert normal == pytest.approx(posterior(0, 1, far, 0.5).mean, rel=1e-9)
    assert expectation(Student(0, 1, far, 0.5, 4)) == pytest.approx(5 / far, rel=5 / far + 1e-3)


@pytest.mark.parametrize("df", [4, 11, math.inf])
@pytest.mark.parametrize("estimate", [-0.4, 0.02, 2.0])
def test_a_summary_is_the_posterior_added_up_on_a_fine_grid(df: float, estimate: float) -> None:
    belief = Student(0.1, 0.2, estimate, 0.07, df)
    found = summary(belief, grown, level=0.9)
    x = np.linspace(-2, 3, 1_000_001)
    p = stats.norm.logpdf(x, 0.1, 0.2) + stats.t.logpdf((x - estimate) / 0.07, df)
    p = np.exp(p - p.max())
    p /= p.sum()
    low, high = grown(np.interp([0.05, 0.95], np.cumsum(p) - p / 2, x))
    assert (found.mean, found.low, found.high) == pytest.approx((p @ grown(x), low, high), abs=2e-4)
    assert chance_above(belief, grown) == pytest.approx(p[grown(x) > 0].sum(), abs=1e-5)


def test_draws_of_a_belief_scatter_as_it_does() -> None:
    belief = Student(0.0, 0.2, 0.3, 0.1, 4)
    drawn = sampled(belief, rng=np.random.default_rng(3), draws=200_000)
    found = summary(belief)
    assert drawn.mean() == pytest.approx(found.mean, abs=1e-3)
    ends = np.quantile(drawn, [0.025, 0.975])
    assert ends == pytest.approx([found.low, found.high], abs=3e-3)
