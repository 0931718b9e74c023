"""Power, sizes and detectable effects from variance and df, against R's pwr."""

from __future__ import annotations

import doctest
import importlib
import math
import pkgutil
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import nctdtr, stdtrit

import htkeval.stats.power
from htkeval.errors import Refused
from htkeval.stats.answer import Absence
from htkeval.stats.power import Planned, detectable, power, size
from htkeval.stats.power.covariance import Spread, effect_in_minutes, log_effect, spread_of
from htkeval.stats.power.formulas import cluster, design_effect, within
from htkeval.stats.power.interruption import interruption
from htkeval.stats.power.layout import parallel, part
from htkeval.stats.power.shares import power_of_shares, size_of_shares
from htkeval.stats.power.t_test import pairs, size_of_groups, size_of_pairs, two_groups
from tests.oracles.sheets import answers

R = answers("power")


@pytest.mark.parametrize("d", [0.2, 0.5, 0.8, 1.5])
@pytest.mark.parametrize("wanted", [0.8, 0.9])
@pytest.mark.parametrize("level", [0.95, 0.9])
def test_sizes_for_t_are_those_of_pwr(d: float, wanted: float, level: float) -> None:
    """R: `pwr.t.test(d =, power =, sig.level = 1 - level, type =)`; one side: half of it."""
    key = f"{d:g}.{wanted:g}.{level:g}"
    groups, own = R[f"groups.{key}"]["n"], R[f"groups.{key}"]["n_own"]
    assert size_of_groups(wanted, d, level=level) == pytest.approx(groups, rel=1e-4)
    assert size_of_groups(wanted, d, level=level, sides="own") == pytest.approx(own, rel=1e-4)
    n = size_of_pairs(wanted, -d, level=level)
    assert n == pytest.approx(R[f"pairs.{key}"]["n"], rel=1e-4)


@pytest.mark.parametrize(("n0", "n1"), [(5, 5), (12, 40), (2, 3), (30, 11)])
@pytest.mark.parametrize("d", [0.1, 0.7, 3])
def test_unequal_groups_are_those_of_pwr(n0: int, n1: int, d: float) -> None:
    """R: `pwr.t2n.test(n1 =, n2 =, d =)$power` and `(…, power = 0.85)$d`, by uniroot to 1e-4."""
    expected, planned = R[f"unequal.{n0}.{n1}.{d:g}"], two_groups(n0, n1)
    assert power(d, planned) == pytest.approx(expected["power"], rel=1e-9)
    assert detectable(0.85, planned) == pytest.approx(expected["detectable"], rel=2e-4)


def test_the_second_group_beside_forty_is_that_of_pwr() -> None:
    """R: `pwr.t2n.test(n1 = 40, d = 0.6, power = 0.8)$n2`."""
    found = size(0.8, 0.6, at=lambda n: two_groups(40, n))
    assert found == math.ceil(R["unequal.size"]["n2"])


def test_a_ratio_of_groups_gives_the_same_power_in_unequal_groups() -> None:
    n0 = size_of_groups(0.8, 0.5, ratio=3)
    assert isinstance(n0, float)
    assert power(0.5, two_groups(n0, 3 * n0)) == pytest.approx(0.8, abs=1e-12)
    assert n0 < size_of_groups(0.8, 0.5) < 4 * n0


@pytest.mark.parametrize("df", [2.7, 4.433347, 11, 200])
@pytest.mark.parametrize("shift", [0.5, 2.8, 6])
def test_power_at_the_df_of_few_clusters_is_rs_noncentral_t(df: float, shift: float) -> None:
    """R: `pt(qt(0.025, df), df, -shift) + pt(qt(0.025, df), df, shift)`."""
    expected = R[f"noncentral.{df:g}.{shift:g}"]["power"]
    assert power(shift, Planned(1.0, df)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("p0", "p1"), [(0.3, 0.5), (0.05, 0.02), (0.9, 0.97)])
def test_shares_are_those_of_pwr_and_of_the_written_out_normal(p0: float, p1: float) -> None:
    """R: `pwr.2p.test(h = ES.h(p1, p0))`, `pwr.2p2n.test`; `unpooled`: pnorm in power.R."""
    for method in ("arcsine", "unpooled"):
        expected = R[f"{method}.{p0:g}.{p1:g}"]
        found = power_of_shares(p0, p1, n0=60, n1=90, method=method)
        assert found == pytest.approx(expected["power"], rel=1e-9)
        n = size_of_shares(0.8, p0, p1, method=method)
        assert n == pytest.approx(expected["n"], rel=1e-4)


def test_by_hand_the_normal_distribution_gives_the_sum_of_two_quantiles() -> None:
    """n = (1.959964 + 0.841621)^2 (p0 q0 + p1 q1) / d^2, without the far side: 1561.93 an arm."""
    found = size_of_shares(0.8, 0.5, 0.5 + 0.05, method="unpooled", sides="own")
    by_hand = (1.959964 + 0.841621) ** 2 * (0.25 + 0.2475) / 0.05**2
    assert found == pytest.approx(by_hand, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    effect=st.floats(1e-3, 10),
    variance=st.floats(1e-4, 10),
    df=st.one_of(st.floats(1.5, 500), st.just(math.inf)),
    unit=st.sampled_from([1e-6, 60.0, 1e5]),
)
def test_power_knows_neither_sign_nor_unit_and_grows_with_the_effect(
    effect: float, variance: float, df: float, unit: float
) -> None:
    planned = Planned(variance, df)
    found = power(effect, planned)
    assert found == power(-effect, planned)
    assert power(unit * effect, Planned(unit**2 * variance, df)) == pytest.approx(found, rel=1e-9)
    assert power(effect * 1.1, planned) >= found - 1e-12
    assert power(0.0, planned) == pytest.approx(0.05, rel=1e-9)
    assert power(0.0, planned, sides="own") == pytest.approx(0.025, rel=1e-9)
    assert 0.05 - 1e-9 <= found <= 1


@settings(max_examples=60, deadline=None)
@given(wanted=st.floats(0.06, 0.999), df=st.floats(1.5, 500), variance=st.floats(1e-6, 100))
def test_the_detectable_effect_has_the_wanted_power(
    wanted: float, df: float, variance: float
) -> None:
    planned = Planned(variance, df)
    assert power(detectable(wanted, planned), planned) == pytest.approx(wanted, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(wanted=st.floats(0.5, 0.99), effect=st.floats(0.05, 3))
def test_a_size_is_the_first_that_is_enough(wanted: float, effect: float) -> None:
    def at(n: int) -> Planned:
        return two_groups(n, n)

    n = size(wanted, effect, at=at, most=100_000)
    assert isinstance(n, int)
    assert power(effect, at(n)) >= wanted
    assert n == 2 or power(effect, at(n - 1)) < wanted
    whole = size_of_groups(wanted, effect)
    assert isinstance(whole, float)
    assert n == math.ceil(whole - 1e-9)


def test_more_tasks_of_too_few_people_never_reach_the_power() -> None:
    """Two people an arm with an ICC of .2: the variance never falls below 4 x .2 s^2 / 4."""
    spread = spread_of(0.6, icc=0.2)
    found = size(0.8, log_effect(-0.15), at=lambda n: cluster(2, 2, tasks=n, spread=spread))
    assert found == Absence("out_of_reach")
    assert size_of_groups(0.8, 1e-9) == Absence("out_of_reach")


def test_a_size_starts_where_there_is_an_answer_at_all() -> None:
    def at(n: int) -> Planned | Absence:
        return two_groups(n, n) if n >= 20 else Absence("too_few")

    assert size(0.8, 2.0, at=at) == 20
    assert size(0.8, 2.0, at=lambda n: two_groups(n, n), least=9) == 9


@pytest.mark.parametrize(
    ("ask", "place", "expected"),
    [
        (lambda: size_of_groups(1.2, 0.5), "the power", "more than 0.05 and less than 1"),
        (lambda: size_of_groups(1.0, 0.5), "the power", "more than 0.05 and less than 1"),
        (lambda: size_of_pairs(0.05, 0.5), "the power", "more than 0.05 and less than 1"),
        (lambda: size_of_groups(math.nan, 0.5), "the power", "less than 1"),
        (lambda: detectable(0.0, Planned(1, 9)), "the power", "more than 0.05"),
        (lambda: size_of_groups(0.8, 0.0), "the effect", "a difference from 0"),
        (lambda: size(0.8, math.inf, at=lambda n: Planned(1, n)), "the effect", "from 0"),
        (lambda: size_of_shares(0.8, 0.3, 0.3), "the effect", "a difference from 0"),
        (lambda: size_of_shares(0.8, 0.0, 0.3), "the share", "more than 0 and less than 1"),
        (lambda: power_of_shares(0.2, 0.3, n0=0, n1=9), "the number of units", "1 or more"),
        (lambda: size_of_groups(0.8, 0.5, ratio=0), "the ratio of the groups", "more than 0"),
        (lambda: size_of_groups(0.8, 0.5, sd=0), "the standard deviation", "more than 0"),
        (lambda: power(0.5, Planned(1, 9), level=1), "the confidence level", "less than 1"),
        (lambda: Planned(-1, 9), "the variance", "more than 0"),
        (lambda: Planned(math.nan, 9), "the variance", "more than 0"),
        (lambda: Planned(1, 0), "the degrees of freedom", "more than 0"),
        (lambda: Spread(task=-0.1), "the variance", "0 or more"),
        (lambda: spread_of(0.6, icc=1.0), "the intraclass correlation", "less than 1"),
        (lambda: spread_of(0.6, icc=-0.1), "the intraclass correlation", "0 or more"),
        (lambda: spread_of(0.6, icc=0.6, person_icc=0.5), "the intraclass correlation", "less"),
        (lambda: spread_of(0.6, icc=0.1, autocorrelation=1.1), "the cluster auto", "from 0 to 1"),
        (lambda: design_effect(10, icc=1.2), "the intraclass correlation", "less than 1"),
        (lambda: two_groups(1, 5), "the number of units", "2 or more"),
        (lambda: pairs(1), "the number of units", "2 or more"),
        (lambda: parallel([5.0], []), "the number of units", "2 or more"),
        (lambda: parallel([5.0, -1.0], [3.0]), "the number of units", "0 or more"),
        (lambda: cluster(1, 5, tasks=4, spread=Spread(1)), "the number of units", "2 or more"),
        (lambda: part(parallel([3], [4]), 1.5), "the share", "at most 1"),
        (lambda: design_effect(0, icc=0.1), "the number of tasks", "more than 0"),
        (lambda: within(9, baseline=0, treatment=4, spread=Spread(1)), "the number of tasks", "0"),
        (lambda: log_effect(-1.0), "the relative change", "more than -1"),
        (lambda: interruption(2, 9, sd=1, rho=0.2), "the number of units", "3 or more"),
        (lambda: interruption(9, 9, sd=1, rho=1.0), "the correlation of neigh", "less than 1"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_was_expected(
    ask: Callable[[], object], place: str, expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask()
    (problem,) = refused.value.problems
    assert str(problem.place).startswith(place)
    assert expected in str(problem.expected)


def test_design_effects_by_hand() -> None:
    """10 tasks, ICC .1: 1 + 9 x .1 = 1.9. Sizes 5 and 15: mean 10, CV^2 = .25, 1 + 11.5 x .1."""
    assert design_effect(10, icc=0.1) == pytest.approx(1.9, rel=1e-12)
    sizes = np.array([5.0, 15.0])
    cv = float(sizes.std() / sizes.mean())
    assert design_effect(10, icc=0.1, cv=cv) == pytest.approx(2.15, rel=1e-12)


def test_an_effect_in_minutes_by_hand() -> None:
    """30 minutes, 15 % off the typical task. With log variance .36 -> .50 the mean of what the tool
    leaves is 30 x .85 x exp(.07) = 27.349, so 2.651 minutes are saved and not 4.5."""
    assert effect_in_minutes(30, -0.15, Spread(0.36)) == pytest.approx(-4.5, rel=1e-12)
    wider = Spread(0.36, task_treatment=0.5)
    assert effect_in_minutes(30, -0.15, wider) == pytest.approx(-2.651041, rel=1e-6)
    react = Spread(0.36, reaction=0.14)
    assert effect_in_minutes(30, -0.15, react) == pytest.approx(-2.651041, rel=1e-6)


def test_power_keeps_its_digits_at_any_level() -> None:
    far = power(0.0, Planned(1.0, 30.0), level=1 - 1e-12, sides="own")
    assert far == pytest.approx(5e-13, rel=1e-3)


@pytest.mark.parametrize("df", [0.8, 1.5, 3.0, 12.1, 126.0, 1e6])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_a_far_side_too_small_for_scipy_is_nothing_and_power_stays_smooth(
    df: float, level: float
) -> None:
    """`nctdtr(1.5, 7.96484374888314, -6.0167)` is NaN in SciPy 1.17; it is 1e-16."""
    shifts = np.linspace(4, 30, 400)
    found = np.array([power(s, Planned(1.0, df), level=level) for s in shifts])
    own = np.array([power(s, Planned(1.0, df), level=level, sides="own") for s in shifts])
    assert np.isfinite(found).all()
    assert (np.diff(found) > -1e-12).all()
    assert found - own == pytest.approx(np.zeros(400), abs=1e-3)
    limit = float(stdtrit(df, (1 - level) / 2))
    other = nctdtr(df, shifts, limit)
    if np.isnan(other).any():
        assert np.nanmin(other[: int(np.isnan(other).argmax())], initial=1) < 1e-14


MODULES = [name for _, name, _ in pkgutil.iter_modules(htkeval.stats.power.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    module = importlib.import_module(f"htkeval.stats.power.{name}")
    found = doctest.testmod(module)
    assert found.failed == 0
    assert found.attempted > 0 or name in ("assumptions", "layout", "limits")


def test_importing_the_closed_forms_loads_no_scipy() -> None:
    code = (
        "import htkeval.stats.power.variance, htkeval.stats.power.formulas, sys\n"
        "import htkeval.stats.power.t_test, htkeval.stats.power.shares\n"
        "import htkeval.stats.power.interruption, htkeval.stats.power.assumptions\n"
        "print([name for name in sys.modules if name.startswith(('scipy', 'pandas', 'pydantic'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_answers_load_no_scipy_stats() -> None:
    code = (
        "from htkeval.stats.power.t_test import size_of_groups\n"
        "import sys; size_of_groups(0.8, 0.5); print('scipy.stats' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
