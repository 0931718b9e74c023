"""Periods in the order in which they were lived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.evaluation import evaluate
from htkeval.evaluation.data.timeline import periods
from htkeval.trial import Trial


def labels(names: list[str | None], dates: list[str] | None = None) -> tuple[str, ...]:
    columns: dict[str, Any] = {"period": names}
    if dates is not None:
        columns["date"] = dates
    return periods(pa.table(columns), "period", "date" if dates else None).labels


def test_numbers_in_names_are_numbers() -> None:
    assert labels(["uge 10", "uge 9", "uge 1", None]) == ("uge 1", "uge 9", "uge 10")
    assert labels(["10", "9", "2.5"]) == ("2.5", "9", "10")
    assert labels(["2026-W03", "2025-W52"]) == ("2025-W52", "2026-W03")


def test_dates_say_the_order_where_every_period_has_one() -> None:
    dates = ["2026-01-05", "2025-11-10", "2025-12-22"]
    assert labels(["2", "46", "52"], dates) == ("46", "52", "2")
    assert labels(["2", "46", "52"], ["2026-01-05", "x", "y"]) == ("2", "46", "52")


def test_a_gap_in_the_numbers_is_a_gap_in_time_and_a_turn_of_the_year_is_none() -> None:
    gap = periods(pa.table({"period": ["1", "2", "5"]}), "period")
    assert gap.times.tolist() == [1, 2, 5]
    table = pa.table(
        {"period": ["51", "52", "1"], "date": ["2025-12-15", "2025-12-22", "2026-01-01"]}
    )
    assert periods(table, "period", "date").times.tolist() == [0, 1, 2]


def test_periods_whose_dates_lie_in_one_another_are_mixed() -> None:
    table = pa.table(
        {"period": ["1", "1", "2"], "date": ["2026-01-01", "2026-02-01", "2026-01-10"]}
    )
    assert periods(table, "period", "date").mixed
    apart = pa.table({"period": ["1", "2"], "date": ["2026-01-01", "2026-01-10"]})
    assert not periods(apart, "period", "date").mixed


@pytest.mark.parametrize("name", ["{}", "uge {}", "week {:02d}"])
def test_a_series_is_the_same_whatever_its_weeks_are_called(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table], name: str
) -> None:
    rng = np.random.default_rng(1)
    y = np.exp(3 + 0.02 * np.arange(26) - 0.2 * (np.arange(26) > 12) + 0.1 * rng.normal(size=26))
    trial = make_trial("interrupted_time_series", design={"randomised": False})
    table = make_table(
        arm=[int(t > 12) for t in range(26)],
        period=[name.format(t + 1) for t in range(26)],
        minutes=y.tolist(),
        participant=["p"] * 26,
    )
    (effect, *_) = evaluate(trial, table, snapshot="0" * 64).effects
    plain = make_table(
        arm=[int(t > 12) for t in range(26)],
        period=[str(t + 1) for t in range(26)],
        minutes=y.tolist(),
        participant=["p"] * 26,
    )
    (same, *_) = evaluate(trial, plain, snapshot="0" * 64).effects
    assert (effect.estimate, *effect.ci) == pytest.approx((same.estimate, *same.ci))


def test_a_series_that_goes_back_has_no_break(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    trial = make_trial("interrupted_time_series", design={"randomised": False})
    table = make_table(
        arm=[0, 0, 0, 1, 0, 1, 1, 1],
        period=[str(t) for t in range(8)],
        minutes=[10.0, 11, 9, 8, 10, 7, 8, 9],
        participant=["p"] * 8,
    )
    analysis = evaluate(trial, table, snapshot="0" * 64)
    assert not analysis.effects
    assert all("comes after one with it" in str(gap.message) for gap in analysis.gaps)
