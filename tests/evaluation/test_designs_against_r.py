"""Designs over time, from a trial and a table to an effect, against R's stored answers.

The calls stand in tests/oracles/designs.R; the sets are invented.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Inference
from htkeval.evaluation import evaluate
from htkeval.trial import Trial
from tests.often import often
from tests.oracles.sheets import answers, columns

R = answers("designs")
LOG_WORDS = {"covariates": [{"column": "words", "scale": "log"}]}
KINDS = {
    "crossover": "crossover",
    "before_after": "before_after",
    "stepped": "stepped_wedge",
    "did": "difference_in_differences",
    "did_lone": "difference_in_differences",
}

Weigh = Callable[..., Analysis]


@pytest.fixture(scope="module")
def weigh(make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]) -> Weigh:
    """Analyse one of the invented sets, or some of its rows."""

    def weigh(name: str, *, keep: Callable[[int], bool] | None = None, **sections: Any) -> Analysis:
        kind = KINDS.get(name, name)
        randomised = kind in ("crossover", "stepped_wedge", "cluster")
        design = {"randomised": randomised, **sections.pop("design", {})}
        trial = make_trial(kind, {}, design=design, **sections)
        table = columns(name)
        if keep is not None:
            chosen = [i for i in range(len(table["arm"])) if keep(i)]
            table = {column: [values[i] for i in chosen] for column, values in table.items()}
        return evaluate(trial, make_table(**table), snapshot="0" * 64)

    return weigh


def one(
    analysis: Analysis, scale: str, method: str, estimand: str = "effect"
) -> tuple[Effect, Inference]:
    (effect,) = (e for e in analysis.effects if (e.scale, e.estimand) == (scale, estimand))
    (inference,) = (answer for answer in effect.inference if answer.method == method)
    return effect, inference


@pytest.mark.usefixtures("nothing_held_back")
@pytest.mark.parametrize(
    "case",
    often(
        [case for case in R if not case.startswith(("permutation", "did_lone"))],
        ["crossover.words.ratio", "before_after.ratio", "stepped.difference", "did.difference",
         "stepped.exposure.ratio"],
    ),
)  # fmt: skip
def test_cr2_is_clubsandwichs_in_every_design_over_time(weigh: Weigh, case: str) -> None:
    name, *more, scale = case.split(".")
    sections: dict[str, Any] = LOG_WORDS if "words" in more else {}
    estimand = "exposure_average" if "exposure" in more else "effect"
    effect, cr2 = one(weigh(name, **sections), scale, "cr2", estimand)
    found = {"estimate": cr2.estimate, "se": cr2.se, "df": cr2.df, "p_value": cr2.p_value}
    assert found == pytest.approx(R[case], rel=1e-8)
    shown = math.exp(cr2.estimate) if scale == "ratio" else cr2.estimate
    assert effect.estimate == pytest.approx(shown, rel=1e-8)


def test_a_lone_team_in_a_difference_in_differences_is_a_gap_though_r_has_a_number(
    weigh: Weigh,
) -> None:
    assert R["did_lone.ratio"]["p_value"] < 0.01
    analysis = weigh("did_lone")
    assert not analysis.effects
    assert all("alone carries the comparison" in str(gap.message) for gap in analysis.gaps)


@pytest.mark.parametrize("scale", ["ratio", "difference"])
def test_every_draw_of_teams_gives_rs_permutation_p(weigh: Weigh, scale: str) -> None:
    effect, drawn = one(weigh("cluster", **LOG_WORDS), scale, "rerandomisation")
    expected = R[f"permutation.cluster.{scale}"]
    assert (drawn.p_value, drawn.draws) == pytest.approx(tuple(expected.values()), rel=1e-14)
    assert drawn.exact
    assert (effect.method, effect.p_value, effect.ci[0] < effect.estimate < effect.ci[1]) == (
        "rerandomisation",
        drawn.p_value,
        True,
    )


def test_every_draw_of_orders_gives_rs_permutation_p(weigh: Weigh) -> None:
    """Two people left after the first period: the order they drew is known all the same."""
    _, drawn = one(weigh("crossover"), "ratio", "rerandomisation")
    expected = R["permutation.crossover.ratio"]
    assert (drawn.p_value, drawn.draws) == pytest.approx(tuple(expected.values()), rel=1e-14)


def test_every_order_of_a_roll_out_gives_rs_permutation_p(weigh: Weigh) -> None:
    teams = columns("stepped")["team"]
    five = {"t00", "t02", "t04", "t06", "t08"}
    _, drawn = one(weigh("stepped", keep=lambda i: teams[i] in five), "ratio", "rerandomisation")
    expected = R["permutation.stepped.ratio"]
    assert (drawn.p_value, drawn.draws) == pytest.approx(tuple(expected.values()), rel=1e-14)


def test_a_design_without_a_draw_reports_cr2(weigh: Weigh) -> None:
    for name in ("before_after", "did"):
        assert {effect.method for effect in weigh(name).effects} == {"cr2"}


@pytest.mark.parametrize("name", ["crossover", "stepped", "did", "before_after"])
def test_adjusted_means_differ_by_exactly_the_estimate_over_time_too(
    weigh: Weigh, name: str
) -> None:
    for effect in weigh(name, **LOG_WORDS).effects:
        low, high = effect.baseline.adjusted_mean, effect.treatment.adjusted_mean
        assert low is not None
        assert high is not None
        apart = high / low if effect.scale == "ratio" else high - low
        assert apart == pytest.approx(effect.estimate, rel=1e-12)


def test_an_empty_cell_of_a_roll_out_is_no_step_back(weigh: Weigh) -> None:
    """A team without a row in one period with the tool has not gone back. Where that period is the
    one in which it began, this team may as well have begun in the next, as others did: the draw is
    not guessed, and that is another sentence than that of a step back."""
    table = columns("stepped")
    team, period = table["team"], table["period"]
    later = weigh("stepped", keep=lambda i: not (team[i] == "t00" and period[i] == 4))
    assert {c.name: c.passed for c in later.checks}["draw_reaches"] is True
    first = weigh("stepped", keep=lambda i: not (team[i] == "t00" and period[i] == 2))
    (check,) = (c for c in first.checks if c.name == "draw_reaches")
    assert check.passed is False
    assert "2 of the starts of other teams fit it" in str(check.message)


def test_rows_that_do_not_follow_the_draw_are_a_gap_and_a_failed_check(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = columns("stepped")
    last = max(table["period"])
    arms = [
        0 if team == "t00" and period == last else arm
        for team, period, arm in zip(table["team"], table["period"], table["arm"], strict=True)
    ]
    trial, rows = make_trial("stepped_wedge", {}), make_table(**{**table, "arm": arms})
    promised = evaluate(trial, rows, snapshot="0" * 64, method="rerandomisation")
    assert any("do not follow the draw" in str(gap.message) for gap in promised.gaps)
    assert not any(effect.estimand == "effect" for effect in promised.effects)
    analysis = evaluate(trial, rows, snapshot="0" * 64)
    assert {effect.method for effect in analysis.effects} <= {"cr2"}, "a sheet falls back"
    assert {c.name: c.passed for c in analysis.checks}["draw_reaches"] is False


def staggered(effect: float) -> dict[str, Any]:
    """Twelve teams; four begin in period 2, four in period 5, four never; effect grows with use."""
    import numpy as np

    rng = np.random.default_rng(8)
    rows = [(t, p) for t in range(12) for p in range(1, 8) for _ in range(6)]
    team, period = (np.array(part) for part in zip(*rows, strict=True))
    start = np.where(team < 4, 2, np.where(team < 8, 5, 99))
    use = np.maximum(0, period - start + 1)
    log = 3 + 0.1 * rng.normal(size=12)[team] + 0.05 * rng.normal(size=len(rows)) + effect * use
    return {
        "arm": (use > 0).astype(int).tolist(),
        "team": [f"t{t:02d}" for t in team],
        "period": [str(p) for p in period],
        "minutes": np.exp(log).tolist(),
    }


def test_teams_that_began_at_unlike_times_are_named_and_have_an_average_by_length_of_use(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """Effects of one to six periods of use, 0.1 each: the mean of lengths is 0.35 in logarithms."""
    trial = make_trial("difference_in_differences", design={"randomised": False})
    analysis = evaluate(trial, make_table(**staggered(-0.1)), snapshot="0" * 64)
    assert {c.name: c.passed for c in analysis.checks}["staggered_start"] is False
    _, by_length = one(analysis, "ratio", "cr2", "exposure_average")
    assert by_length.estimate == pytest.approx(-0.35, abs=0.03)
    together = {**staggered(-0.1)}
    keep = [i for i, t in enumerate(together["team"]) if not "t03" < t < "t08"]
    fewer = {name: [column[i] for i in keep] for name, column in together.items()}
    same = evaluate(trial, make_table(**fewer), snapshot="0" * 64)
    assert {c.name: c.passed for c in same.checks}["staggered_start"] is True
    assert {effect.estimand for effect in same.effects} == {"effect"}
