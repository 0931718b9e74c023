"""A real trial: 246 tasks by 16 developers, with AI allowed or not by lot, task by task.

The expected numbers are R's, clubSandwich 0.5.8:
`m <- lm(log(total) ~ 0 + factor(dev_id) + log(predicted_time_no_ai) + ai_treatment)`,
`coef_test(m, vcov = "CR2", cluster = dev_id, test = "Satterthwaite")`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.effect import Effect
from htkeval.evaluation import evaluate
from htkeval.trial import Trial

DATA = Path(__file__).parents[3] / "shared" / "data" / "metr-oss-devs" / "data_complete.csv"
pytestmark = pytest.mark.skipif(
    not DATA.is_file(), reason="the METR measurements are not beside this checkout"
)


@pytest.fixture(scope="module")
def few_draws() -> None:
    """All 9,999: what they answer is asked here."""


def total_minutes(rows: list[dict[str, str]]) -> list[float]:
    """Initial and post-review minutes; a missing post-review value is its arm's mean."""
    post = [float(r["post_review_implementation_time"] or "nan") for r in rows]
    known: dict[str, list[float]] = {}
    for row, minutes in zip(rows, post, strict=True):
        if not math.isnan(minutes):
            known.setdefault(row["ai_treatment"], []).append(minutes)
    assert sum(map(len, known.values())) == len(rows) - 16
    mean = {arm: sum(values) / len(values) for arm, values in known.items()}
    return [
        float(row["initial_implementation_time"])
        + (mean[row["ai_treatment"]] if math.isnan(minutes) else minutes)
        for row, minutes in zip(rows, post, strict=True)
    ]


@pytest.fixture(scope="module")
def analysis(make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]) -> Analysis:
    with DATA.open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    trial = make_trial(
        "within",
        {"column": "total"},
        covariates=[{"column": "predicted_time_no_ai", "scale": "log"}],
    )
    table = make_table(
        arm=[int(float(r["ai_treatment"])) for r in rows],
        participant=[r["dev_id"] for r in rows],
        total=total_minutes(rows),
        predicted_time_no_ai=[float(r["predicted_time_no_ai"]) for r in rows],
    )
    return evaluate(trial, table, snapshot="0" * 64)


@pytest.fixture(scope="module")
def effects(analysis: Analysis) -> tuple[Effect, ...]:
    return analysis.effects


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("ratio", (0.13911542718, 0.08978324804, 12.10877269, 0.14700170846)),
        ("difference", (26.277410857, 12.964149971, 12.10877269, 0.06527187169)),
    ],
)
def test_the_developers_took_longer_with_ai_by_as_much_as_r_says(
    effects: tuple[Effect, ...], scale: str, expected: tuple[float, ...]
) -> None:
    effect = next(effect for effect in effects if effect.scale == scale)
    (cr2,) = (one for one in effect.inference if one.method == "cr2")
    found = (cr2.estimate, cr2.se, cr2.df, cr2.p_value)
    assert found == pytest.approx(expected, rel=1e-8)
    assert effect.method == "rerandomisation"
    assert effect.confirmatory is (scale == "ratio")
    assert effect.baseline.tasks + effect.treatment.tasks == 246
    assert effect.treatment.clusters == 16


def test_both_arms_adjusted_means_lie_as_far_apart_as_the_effect(
    effects: tuple[Effect, ...],
) -> None:
    ratio, difference = sorted(effects, key=lambda effect: effect.scale, reverse=True)
    assert ratio.treatment.adjusted_mean == pytest.approx(
        ratio.baseline.adjusted_mean * ratio.estimate, rel=1e-14
    )
    assert difference.treatment.adjusted_mean - difference.baseline.adjusted_mean == (
        pytest.approx(26.277410857, rel=1e-8)
    )


@pytest.mark.parametrize(
    ("model", "interval"),
    [
        ("pooled_classic", (1.013, 1.395)),
        ("pooled_hc3", (1.013, 1.394)),
        ("pooled_cluster", (1.016, 1.390)),
    ],
)
def test_the_three_published_pooled_intervals_stand_in_the_panel(
    analysis: Analysis, model: str, interval: tuple[float, float]
) -> None:
    (row,) = (s for s in analysis.sensitivity if (s.model, s.scale) == (model, "ratio"))
    assert round(row.estimate, 3) == 1.188
    assert row.ci is not None
    assert (round(row.ci[0], 3), round(row.ci[1], 3)) == interval


def test_the_reported_interval_is_that_of_the_draw_and_repeats_from_its_seed(
    analysis: Analysis, effects: tuple[Effect, ...]
) -> None:
    ratio = next(effect for effect in effects if effect.scale == "ratio")
    (drawn,) = (one for one in ratio.inference if one.method == "rerandomisation")
    assert (drawn.draws, drawn.exact) == (9999, False)
    assert ratio.p_value == drawn.p_value
    assert ratio.ci[0] < 1 < ratio.estimate < ratio.ci[1]
    assert analysis.confirmatory == ratio
