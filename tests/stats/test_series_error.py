"""What an estimated correlation costs: by hand, against full matrices, and next to one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.series.error import Adjustment, adjusted


def whitened(x: np.ndarray, steps: np.ndarray, z: float) -> np.ndarray:
    """By Cholesky of the full correlation matrix, another road than the recursion's."""
    return np.linalg.solve(np.linalg.cholesky(correlation(steps, z)), x)


def correlation(steps: np.ndarray, z: float) -> np.ndarray:
    place = np.concatenate([[0.0], np.cumsum(steps)])
    found: np.ndarray = math.tanh(z) ** np.abs(np.subtract.outer(place, place))
    return found


def of(x: np.ndarray, steps: np.ndarray, z: float, contrasts: np.ndarray) -> Adjustment:
    found = adjusted(whitened(x, steps, z), steps, z, contrasts)
    assert found is not None
    return found


def segmented(periods: int, start: int) -> np.ndarray:
    t = np.arange(float(periods))
    after = t >= start
    return np.column_stack([np.ones(periods), t, after, after * (t - start)])


def test_by_hand_the_mean_of_four_values_whose_correlation_came_out_as_nought() -> None:
    """At rho = 0, D links neighbours: tr D = 0, tr D^2 = 6, with q = 1/2 everywhere q'Dq = 3/2 and
    |Dq|^2 = 10/4. So t_1 = -3/2, tr F^2 = 6 - 5 + 9/4 - (9/4)/3 = 5/2, g = 3/2 + 1/2 = 2:
    df = 3 / (1 + 3 * 4 / (5/2)) = 15/29; |PDq|^2 = 10/4 - 9/4, so 1 + 4 (1/4) / (5/2) = 7/5."""
    found = of(np.ones((4, 1)), np.ones(3), 0.0, np.ones((1, 1)))
    assert found.df == pytest.approx([15 / 29], rel=1e-12)
    assert found.stretch == pytest.approx([math.sqrt(7 / 5)], rel=1e-12)


def dense(x: np.ndarray, steps: np.ndarray, z: float, c: np.ndarray) -> tuple[float, float]:
    """Kenward & Roger 1997, their P_i, Q_ij and W in full, by sigma^2 and Fisher's z of rho."""
    rho, r = math.tanh(z), correlation(steps, z)
    place = np.concatenate([[0.0], np.cumsum(steps)])
    distance = np.abs(np.subtract.outer(place, place))
    bend = distance * rho ** np.maximum(distance - 1, 0) * (1 - rho**2)
    slopes, inverse = (r, bend), np.linalg.inv(r)
    phi = np.linalg.inv(x.T @ inverse @ x)
    p = inverse - inverse @ x @ phi @ x.T @ inverse
    w = np.linalg.inv([[np.trace(p @ a @ p @ b) / 2 for b in slopes] for a in slopes])
    first = [-x.T @ inverse @ a @ inverse @ x for a in slopes]
    more = sum(
        w[i, j]
        * (
            x.T @ inverse @ slopes[i] @ inverse @ slopes[j] @ inverse @ x
            - first[i] @ phi @ first[j]
        )
        for i in range(2)
        for j in range(2)
    )
    v, g = c @ phi @ c, np.array([-c @ phi @ each @ phi @ c for each in first])
    return math.sqrt(1 + 2 * (c @ phi @ more @ phi @ c) / v), float(2 * v**2 / (g @ w @ g))


@settings(max_examples=60, deadline=None)
@given(
    z=st.floats(-1.5, 1.5),
    gaps=st.lists(st.integers(1, 4), min_size=9, max_size=30),
    share=st.floats(0.35, 0.65),
)
def test_it_is_kenward_and_rogers_however_the_correlation_is_written(
    z: float, gaps: list[int], share: float
) -> None:
    steps = np.array([1.0, *gaps])
    x = segmented(len(steps) + 1, round(share * (len(steps) + 1)))
    contrasts = np.array([[0.0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 2.5]]).T
    found = of(x, steps, z, contrasts)
    for j, c in enumerate(contrasts.T):
        stretch, df = dense(x, steps, z, c)
        assert found.stretch[j] == pytest.approx(stretch, rel=1e-6)
        assert found.df[j] == pytest.approx(df, rel=1e-6)


@pytest.mark.parametrize("periods", [8, 12, 24, 60, 200])
def test_next_to_one_it_stays_where_it_was(periods: int) -> None:
    """Where the errors wander, a trend leaves nothing of rho's information but its limit."""
    x, steps = segmented(periods, periods // 2), np.ones(periods - 1)
    near = math.atanh(1 - 0.02 / (periods - 1))
    c = np.eye(4)[:, 2:]
    found = of(x, steps, near, c)
    white = np.vstack([x[:1], np.diff(x, axis=0) * 1e3])  # as good as whitened, at rho 1 - 5e-7
    one = adjusted(white, steps, 7.0, c)
    assert one is not None
    assert one.stretch == pytest.approx(found.stretch, rel=0.02)
    assert one.df == pytest.approx(found.df, rel=0.02)
    assert (found.stretch >= 1).all()


def test_a_longer_series_pays_less() -> None:
    lengths, c = (12, 24, 48, 96, 240), np.eye(4)[:, 2:3]
    paid = [of(segmented(n, n // 2), np.ones(n - 1), 0.4, c) for n in lengths]
    stretches = [float(one.stretch[0]) for one in paid]
    assert sorted(stretches, reverse=True) == stretches
    assert stretches[-1] == pytest.approx(1, abs=0.02)
    assert sorted(one.df[0] for one in paid) == [one.df[0] for one in paid]


def test_rows_that_say_nothing_of_the_correlation_have_no_adjustment() -> None:
    assert adjusted(np.eye(4)[:, :3], np.ones(3), 0.3, np.eye(3)) is None
