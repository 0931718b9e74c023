"""The cluster autocorrelation: its point from R's variances, its interval by what it must hold."""

from __future__ import annotations

import numpy as np
import pytest

from htkeval.stats.answer import Absence
from htkeval.stats.autocorrelation import autocorrelation
from htkeval.stats.mixed import Mixed, reml
from htkeval.stats.mixed.icc import Likeness
from tests.oracles.sheets import answers, columns


def codes(words: list[object]) -> np.ndarray:
    return np.unique(words, return_inverse=True)[1]


def roll_out(lasting: float, seed: int, teams: int = 10, periods: int = 6) -> Mixed:
    """Teams whose level in a period is a quarter of a task's variance, so much of it lasting."""
    rng = np.random.default_rng(seed)
    team = np.repeat(np.arange(teams), periods * 5)
    cell = np.repeat(np.arange(teams * periods), 5)
    own = rng.normal(0, np.sqrt(0.25 * lasting), teams)[team]
    passing = rng.normal(0, np.sqrt(0.25 * (1 - lasting)), teams * periods)[cell]
    y = own + passing + rng.normal(size=len(team))
    fit = reml(y, {}, effects={"team": team, "cell": cell})
    assert isinstance(fit, Mixed)
    return fit


def test_the_share_is_that_of_lme4s_variances() -> None:
    """lmer(log(minutes) ~ factor(period) + arm + (1 | team) + (1 | cell)), mixed.R."""
    d, expected = columns("rollout"), answers("mixed")["rollout"]
    period = np.array(d["period"])
    x = {f"period {p}": (period == p) * 1.0 for p in np.unique(period)[1:]}
    x["arm"] = np.array(d["arm"], float)
    cell = codes([f"{t} {p}" for t, p in zip(d["team"], d["period"], strict=True)])
    fit = reml(np.log(d["minutes"]), x, effects={"team": codes(d["team"]), "cell": cell})
    assert isinstance(fit, Mixed)
    found = autocorrelation(fit, "team", "cell", level=0.95)
    team, part = expected["var.team"], expected["var.cell"]
    assert isinstance(found, Likeness)
    assert found.value == pytest.approx(team / (team + part), rel=1e-4)
    assert found.low <= found.value <= found.high


@pytest.mark.parametrize(
    ("trials", "teams", "periods", "fewest"),
    [(8, 6, 4, 6), pytest.param(40, 10, 6, 34, marks=pytest.mark.campaign)],
)
def test_the_interval_holds_the_truth_at_least_as_often_as_nine_times_in_ten(
    trials: int, teams: int, periods: int, fewest: int
) -> None:
    """With 95 % coverage fewer than 34 of 40 would come once in 10,000, than 6 of 8 in 170."""
    held = 0
    for seed in range(trials):
        found = autocorrelation(roll_out(0.6, seed, teams, periods), "team", "cell", level=0.95)
        held += isinstance(found, Likeness) and found.low <= 0.6 <= found.high
    assert held >= fewest


def test_a_higher_level_gives_a_wider_interval() -> None:
    fit = roll_out(0.6, 3)
    narrow, wide = (autocorrelation(fit, "team", "cell", level=level) for level in (0.5, 0.95))
    assert isinstance(narrow, Likeness)
    assert isinstance(wide, Likeness)
    assert wide.low <= narrow.low < narrow.high <= wide.high


def test_teams_that_are_alike_and_a_missing_effect_have_reasons() -> None:
    rng = np.random.default_rng(5)
    team, cell = np.repeat(np.arange(6), 20), np.repeat(np.arange(24), 5)
    even = rng.permuted(np.tile(rng.normal(size=5), (24, 1)), axis=1).ravel()  # no cell differs
    fit = reml(even, {}, effects={"team": team, "cell": cell})
    assert isinstance(fit, Mixed)
    assert autocorrelation(fit, "team", "cell", level=0.95) == Absence("no_spread")
    alone = reml(rng.normal(size=120), {}, effects={"team": team})
    assert isinstance(alone, Mixed)
    assert autocorrelation(alone, "team", "cell", level=0.95) == Absence("few_clusters")
