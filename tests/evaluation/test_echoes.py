"""A published trial of two tasks, 76 and 75 submissions with and without AI: its own numbers.

The measurements are read from beside the checkout where they are; they do not travel with us.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from htkeval.evaluation import evaluate
from htkeval.stats.ranks import RelativeEffect, relative_effect
from htkeval.trial import Trial

DATA = Path(__file__).parents[3] / "shared" / "data" / "echoes-of-ai"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the Echoes of AI measurements are not beside this checkout"
)


def seconds(task: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Times without and with AI that are known, and who took them."""
    with (DATA / f"task{task}_preprocessed_nofreetext.csv").open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["clean_time"]]
    using = [row["ai"] == "True" if task == 1 else row["treatment"] == "ai" for row in rows]
    times = [float(row["clean_time"]) for row in rows]
    return np.array(times), np.array(using), [row["github"] for row in rows]


def test_the_first_tasks_medians_are_the_published_ones() -> None:
    times, using, _ = seconds(1)
    assert (np.median(times[using]), np.median(times[~using])) == (9120.5, 13167.5)
    assert round(100 * (9120.5 / 13167.5 - 1), 1) == -30.7
    assert len(times) == 68, "8 of 76 have no usable time"


@pytest.mark.parametrize(
    ("task", "z", "p", "delta"), [(1, -2.9734, 0.0029451, -0.4201), (2, -0.5764, 0.56436, -0.0793)]
)
def test_rank_sums_and_cliffs_delta_are_the_published_ones(
    task: int, z: float, p: float, delta: float
) -> None:
    """Cliff's delta is twice the probability of the larger value, less one."""
    times, using, _ = seconds(task)
    theirs = stats.ranksums(times[using], times[~using])
    assert (theirs.statistic, theirs.pvalue) == pytest.approx((z, p), rel=1e-3)
    ours = relative_effect(times[~using], times[using])
    assert isinstance(ours, RelativeEffect)
    assert 2 * ours.value - 1 == pytest.approx(delta, abs=5e-5)
    assert (ours.p_value < 0.05) is (p < 0.05)


def test_the_first_task_as_a_trial_of_our_own_tells_the_same_story(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """The typical task by logarithms is quicker, and chance alone hardly ever deals so."""
    times, using, who = seconds(1)
    table = make_table(arm=using.astype(int), participant=who, minutes=(times / 60).tolist())
    ratio = next(
        effect
        for effect in evaluate(make_trial("parallel"), table, snapshot="0" * 64).effects
        if effect.scale == "ratio"
    )
    logs = np.log(times)
    assert math.log(ratio.estimate) == pytest.approx(logs[using].mean() - logs[~using].mean())
    assert ratio.ci[1] < 1
    assert ratio.p_value < 0.01
