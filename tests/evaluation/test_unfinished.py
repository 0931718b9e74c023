"""Tasks that were often given up: the difference is that of a sheet in which each has the cap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.evaluation import evaluate
from htkeval.trial import Trial
from tests.often import often

CAP = 30.0
OF_THEIR_OWN = ("finished_tasks", "restricted_mean", "restricted_censored")


def sheet(kind: str) -> dict[str, Any]:
    """Skewed minutes of twelve people or teams over time, every eleventh task given up."""
    rng = np.random.default_rng(5)
    periods = 40 if kind == "interrupted_time_series" else 8
    unit, period = (part.ravel() for part in np.mgrid[0:12, 1 : periods + 1].repeat(4, axis=2))
    arm = {
        "within": lambda: rng.integers(0, 2, len(unit)),
        "parallel": lambda: unit % 2,
        "cluster": lambda: unit % 2,
        "crossover": lambda: (unit % 2) ^ (period > 4),
        "stepped_wedge": lambda: (period > 2 + unit % 4).astype(int),
        "difference_in_differences": lambda: ((unit < 6) & (period > 4)).astype(int),
        "before_after": lambda: (period > 4).astype(int),
        "interrupted_time_series": lambda: (period > 20).astype(int),
    }[kind]()
    level = rng.normal(0, 0.2, 12)[unit]
    minutes = np.exp(2.9 + level - 0.2 * arm + rng.normal(0, 0.5, len(unit)))
    gone = np.arange(len(unit)) % 11 == 0
    return {
        "arm": arm.tolist(),
        "participant": [f"p{i:02d}" for i in unit],
        "team": [f"t{i:02d}" for i in unit],
        "period": [str(p) for p in (np.where(period > 4, 2, 1) if kind == "crossover" else period)],
        "minutes": np.where(gone, np.nan, minutes).tolist(),
        "status": np.where(gone, "abandoned", "done").tolist(),
    }


def shown(analysis: Analysis) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Every figure in minutes."""
    effects = {
        (e.estimand,): (e.estimate, *e.ci, e.p_value, e.baseline.tasks, e.treatment.mean)
        for e in analysis.effects
        if e.scale == "difference"
    }
    return effects | {
        ("panel", row.model): (row.estimate, *(row.ci or ()), row.p_value)
        for row in analysis.sensitivity
        if row.scale == "difference" and row.model not in OF_THEIR_OWN
    }


@pytest.mark.parametrize(
    "kind",
    often(
        [
            "within",
            "parallel",
            "cluster",
            "crossover",
            "stepped_wedge",
            "difference_in_differences",
            "before_after",
            "interrupted_time_series",
        ],
        ["within", "cluster", "interrupted_time_series"],
    ),
)
def test_every_figure_in_minutes_is_that_of_a_sheet_with_the_cap_filled_in(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table], kind: str
) -> None:
    table = sheet(kind)
    lost = [status == "abandoned" for status in table["status"]]
    capped = [
        CAP if gone else min(CAP, minutes)
        for gone, minutes in zip(lost, table["minutes"], strict=True)
    ]
    drawn = kind not in ("before_after", "difference_in_differences", "interrupted_time_series")
    plan = {"design": {"status": "status", "randomised": drawn}}
    trial = make_trial(kind, {"cap": CAP}, **plan)
    filled = make_table(**{**table, "minutes": capped, "status": ["done"] * len(lost)})
    found, expected = (
        evaluate(trial, each, snapshot="0" * 64) for each in (make_table(**table), filled)
    )
    assert [e.scale for e in found.effects].count("difference") == 1 + (kind == "stepped_wedge")
    figures = shown(found)
    assert figures.keys() == shown(expected).keys()
    for name, numbers in shown(expected).items():
        assert figures[name] == pytest.approx(numbers, rel=1e-9), name
    assert "finished_tasks" in {row.model for row in found.sensitivity}
    (check,) = (one for one in found.checks if one.name == "unfinished")
    assert check.passed is False
    assert "each that was given up counts as 30 min" in str(check.message)


def test_an_arm_that_was_all_given_up_has_its_tasks_in_the_difference(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = sheet("within")
    table["status"] = ["abandoned" if arm else "done" for arm in table["arm"]]
    table["minutes"] = [7.0 + i % 3 for i in range(len(table["arm"]))]
    trial = make_trial("within", {"cap": CAP}, design={"status": "status"})
    analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
    (effect,) = analysis.effects
    assert effect.treatment.tasks == sum(table["arm"])
    assert effect.treatment.mean == CAP
    assert [gap.scale for gap in analysis.gaps] == ["ratio"]


def test_what_is_counted_to_the_cap_is_not_missing_where_the_difference_decides(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = sheet("within")
    plan = {"design": {"status": "status"}, "analysis": {"primary_scale": "difference"}}
    trial = make_trial("within", {"cap": CAP}, **plan)
    found = {c.name: c for c in evaluate(trial, make_table(**table), snapshot="0" * 64).checks}
    assert found["missing"].message.values["n"] == 0
    drop_out = found["drop_out"].message.values
    assert (drop_out["lost0"], drop_out["lost1"]) == (0, 0)


@pytest.mark.usefixtures("all_told")
def test_rows_that_nobody_stands_behind_do_not_decide_how_unfinished_ones_count(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """One in a hundred given up, and a twelfth by nobody: finished tasks only."""
    table = sheet("within")
    rare = [i % 100 == 7 for i in range(len(table["arm"]))]
    stray = [i % 12 == 3 and not gone for i, gone in enumerate(rare)]
    table["status"] = [
        "abandoned" if one or other else "done" for one, other in zip(rare, stray, strict=True)
    ]
    table["participant"] = [
        None if other else p for p, other in zip(table["participant"], stray, strict=True)
    ]
    table["minutes"] = [10.0 + i % 7 for i in range(len(rare))]
    trial = make_trial("within", {"cap": CAP}, design={"status": "status"})
    analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
    effect = analysis.effect("minutes", "difference")
    assert effect is not None
    assert effect.baseline.tasks + effect.treatment.tasks == len(rare) - sum(rare) - sum(stray)
    models = {row.model for row in analysis.sensitivity}
    assert "restricted_mean" in models
    assert "finished_tasks" not in models


def test_a_covariate_that_unfinished_tasks_lack_is_counted_as_their_loss(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = sheet("within")
    lost = [status == "abandoned" for status in table["status"]]
    table["length"] = [None if gone else 5.0 + i % 9 for i, gone in enumerate(lost)]
    trial = make_trial(
        "within", {"cap": CAP}, design={"status": "status"}, covariates=[{"column": "length"}]
    )
    found = {c.name: c for c in evaluate(trial, make_table(**table), snapshot="0" * 64).checks}
    told = found["covariates_known"].message.values
    assert (told["n"], told["all"]) == (sum(lost), len(lost))
