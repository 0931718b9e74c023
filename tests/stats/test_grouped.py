"""Values in groups: against SciPy, and nobody alone between two cuts, whatever the values."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from htkeval.stats.grouped import blocks, crossing, cuts, grid_step, shares

VALUES = st.lists(st.tuples(st.floats(0.1, 1e4), st.integers(0, 11)), min_size=1, max_size=120)


def drawn(n: int = 300, people: int = 12):
    rng = np.random.default_rng(7)
    return rng.lognormal(3.5, 0.6, n), rng.integers(0, people, n)


def test_shares_are_scipys_empirical_distribution() -> None:
    values, _ = drawn()
    at = np.linspace(5.0, 200.0, 37)
    assert shares(values, at) == pytest.approx(stats.ecdf(values).cdf.evaluate(at), abs=1e-15)


@given(VALUES, st.sampled_from([0.5, 1.0, 50.0]))
@settings(max_examples=25, deadline=None)
def test_between_two_cuts_and_beyond_them_are_five_people_at_least(pairs, step) -> None:
    values, people = np.array([v for v, _ in pairs]), np.array([p for _, p in pairs])
    at = cuts(values, people, step=step, least=5)
    if len(at) == 0:
        return
    edges = [-np.inf, *at.tolist(), np.inf]
    tight = 1 + 1e-9  # a value on a cut lies at or below it
    for low, high in itertools.pairwise(edges):
        inside = (values > low * tight + 1e-9 * step) & (values <= high * tight + 1e-9 * step)
        assert len(set(people[inside].tolist())) >= 5
    assert np.round(at / step) * step == pytest.approx(at)  # round values, none of a person's own


def test_too_few_people_give_no_cut() -> None:
    values, _ = drawn(40)
    assert len(cuts(values, np.arange(40) % 4, step=1.0, least=5)) == 0
    assert len(cuts(values[:1], np.array([0]), step=1.0, least=5)) == 0


def test_cuts_follow_the_unit() -> None:
    values, people = drawn()
    minutes = cuts(values, people, step=2.0, least=5)
    assert cuts(60 * values, people, step=120.0, least=5) == pytest.approx(60 * minutes)


@given(VALUES)
@settings(max_examples=25, deadline=None)
def test_blocks_hold_every_value_once_in_order_and_five_people_each(pairs) -> None:
    values, people = np.array([v for v, _ in pairs]), np.array([p for _, p in pairs])
    made = blocks(values, people, least=5, most=20)
    together = np.concatenate(made)
    assert sorted(together.tolist()) == list(range(len(values)))
    assert (np.diff(values[together]) >= 0).all()
    if len(made) > 1:
        assert min(len(set(people[one].tolist())) for one in made) >= 5
    assert len(made) <= 21


def test_a_step_is_one_two_or_five_times_a_power_of_ten() -> None:
    for scale in (1e-3, 0.7, 1.0, 33.0, 1e5):
        step = grid_step(drawn()[0] * scale)
        lead = step / 10 ** np.floor(np.log10(step) + 1e-9)
        assert round(float(lead), 6) in (1, 2, 5)
    assert grid_step(np.array([3.0, 3.0])) == 1.0


def test_a_median_is_read_off_a_straight_line_and_absent_where_the_curve_does_not_pass_it() -> None:
    x, y = np.array([10.0, 20.0, 40.0]), np.array([20.0, 40.0, 80.0])
    assert crossing(x, y, 50.0) == 25.0
    assert crossing(x, y, 40.0) == 20.0
    assert crossing(x, y, 90.0) is None
    assert crossing(x[:0], y[:0], 50.0) is None
