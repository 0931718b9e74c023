"""Agreement of two observers, against published examples and an independent formula."""

import math
import shutil
import subprocess

import numpy as np
import pytest

from htkeval.stats.answer import Absence
from htkeval.stats.two_observers import icc_agreement, limits_of_agreement

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)
"""Shrout & Fleiss 1979, table 2: four judges, six targets."""
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
"""Bland & Altman 1986, table 1: peak flow, the first value by each meter."""


def test_the_icc_is_that_of_shrout_and_fleiss():
    """Their table 4: ICC(2,1) = .29. R's psych::ICC prints .29, 95 % interval 0.019 to 0.76."""
    found = icc_agreement(SHROUT_FLEISS, level=0.95)
    assert found.value == pytest.approx(0.29, abs=0.005)
    assert found.interval[0] == pytest.approx(0.019, abs=0.0005)
    assert found.interval[1] == pytest.approx(0.76, abs=0.005)


def test_limits_are_those_of_bland_and_altman():
    """Wright less mini: mean -2.1, SD 38.8, its interval -22.0 to 17.8; limits (two SD) -79.7 to
    75.5, each with an error of 16.3."""
    found = limits_of_agreement(np.array(MINI, float), np.array(WRIGHT, float), level=0.95)
    assert round(found.bias, 1) == -2.1
    assert round(found.sd, 1) == 38.8
    assert found.bias_ci == pytest.approx((-22.0, 17.8), abs=0.1)
    assert found.bias - 2 * found.sd == pytest.approx(-79.7, abs=0.1)
    t = 2.1199  # on 16 degrees of freedom
    assert (found.limits[1] - found.limits_ci[1][0]) / t == pytest.approx(16.3, rel=0.01)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not here")
def test_mean_squares_are_those_of_r():
    """aov's mean squares put into the definition, on invented times."""
    rng = np.random.default_rng(3)
    x = rng.normal(3, 0.5, (12, 1)) + rng.normal(0, 0.2, (12, 2)) + [0, 0.1]
    code = (
        f"x <- c({','.join(map(repr, x.ravel().tolist()))}); r <- factor(rep(1:12, each=2));"
        "c <- factor(rep(1:2, 12)); m <- summary(aov(x ~ r + c))[[1]][,3];"
        "cat(format((m[1]-m[3])/(m[1]+m[3]+2*(m[2]-m[3])/12), digits=15))"
    )
    said = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True)
    assert icc_agreement(x, level=0.95).value == pytest.approx(float(said.stdout), rel=1e-10)


def test_turning_the_observers_round_turns_the_bias_and_leaves_the_icc():
    a, b = np.array(WRIGHT, float), np.array(MINI, float)
    one, other = (limits_of_agreement(x, y, level=0.95) for x, y in ((a, b), (b, a)))
    assert one.bias == -other.bias
    assert one.limits == pytest.approx((-other.limits[1], -other.limits[0]))
    both = [icc_agreement(np.column_stack(x), level=0.9).value for x in ((a, b), (b, a))]
    assert both[0] == pytest.approx(both[1])


def test_another_unit_and_another_zero_leave_the_icc():
    plain, other = (icc_agreement(x, level=0.95) for x in (SHROUT_FLEISS, 7 - 60 * SHROUT_FLEISS))
    assert plain.value == pytest.approx(other.value)
    assert plain.interval == pytest.approx(other.interval)


def test_an_observer_who_always_says_more_agrees_less_in_absolute_terms():
    same = np.column_stack([WRIGHT, WRIGHT]).astype(float)
    assert icc_agreement(same, level=0.95).value == 1
    assert isinstance(icc_agreement(same, level=0.95).interval, Absence)
    assert icc_agreement(same + np.array([0, 100]), level=0.95).value < 0.8


def test_the_interval_covers_the_truth_as_often_as_it_says():
    """1,000 draws of 20 things: ICC 0.6; 94 to 98 % of 95 % intervals hold it."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(1000):
        x = rng.normal(0, math.sqrt(6), (20, 1)) + rng.normal(0, math.sqrt(4), (20, 2))
        low, high = icc_agreement(x, level=0.95).interval
        hits += low <= 0.6 <= high
    assert 930 <= hits <= 985


@pytest.mark.parametrize("n", [0, 2])
def test_few_things_give_no_answer(n):
    x = np.arange(2.0 * n).reshape(n, 2)
    assert isinstance(icc_agreement(x, level=0.95), Absence)
    assert isinstance(limits_of_agreement(x[:, 0], x[:, 1], level=0.95), Absence)


def test_where_nothing_differs_there_is_no_icc_and_the_limits_are_one_point():
    x = np.full((5, 2), 3.3)
    assert icc_agreement(x, level=0.95) == Absence("no_spread")
    assert limits_of_agreement(x[:, 0], x[:, 1], level=0.95).limits == (0, 0)
