"""What a scenario.toml may say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from htkeval.design.scenario import Scenario, load_scenario
from htkeval.errors import Refused, TrialUnreadable

PLAIN = """
seed = 1
participants = 24
tasks_each = 10
baseline_mean = 60
log_sd = 0.55
relative_effect = -0.2
"""


def read(folder: Path, text: str) -> Scenario:
    file = folder / "scenario.toml"
    file.write_text(text, encoding="utf-8")
    return load_scenario(file)


def test_six_values_are_enough(tmp_path: Path) -> None:
    scenario = read(tmp_path, PLAIN)
    assert scenario.relative_effect == -0.2
    assert (scenario.icc, scenario.learning, scenario.dropout, scenario.metrics) == (0, 0, 0, {})


def test_a_metric_has_its_own_table(tmp_path: Path) -> None:
    table = "[metrics.errors]\nbaseline = 2.1\ntreatment = 2.3\n[exposures.words]\nmean=900\nsd=300"
    scenario = read(tmp_path, PLAIN + table)
    assert scenario.metrics["errors"].treatment == 2.3
    assert scenario.exposures["words"].mean == 900


@pytest.mark.parametrize(
    ("text", "place", "step"),
    [
        ("icc_ = 0.1", "scenario.toml, icc_:", "did you mean icc?"),
        ("[metrics.errors]\nbaselin = 2", "metrics.errors.baselin", "did you mean baseline?"),
        (
            "[metrics.baseline]\nbaseline = 1\ntreatment = 1\nicd = 0",
            "metrics.baseline.icd",
            "did you mean icc?",
        ),
        ("dropout = 1.5", "dropout", "a number ≤ 1"),
        ("relative_effect_ = 0", "relative_effect_", "did you mean relative_effect?"),
    ],
)
def test_a_key_or_value_that_cannot_be_says_where(
    tmp_path: Path, text: str, place: str, step: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path, PLAIN + text)
    assert place in refused.value.message("en")
    assert step in refused.value.message("en")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("icc = 0.6\nparticipant_icc = 0.4", "together must stay below 1"),
        ("shared_tasks = 5", "more than the shared_tasks"),
        ("teams = 30", "more teams than participants"),
        ("[groups.kind]\nshares = {a = 0.5, b = 0.4}", "must sum to 1"),
        ("[groups.kind]\nshares = {a = 1.0}\nlevels = {b = 2.0}", "level b has no share"),
    ],
)
def test_a_scenario_that_disagrees_with_itself_is_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path, PLAIN + text)
    assert sentence in refused.value.message("en")


def test_a_missing_file_is_called_wrongly(tmp_path: Path) -> None:
    with pytest.raises(TrialUnreadable):
        load_scenario(tmp_path / "scenario.toml")


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("htkeval.design.scenario", ("numpy", "scipy", "pandas", "mlflow")),
        ("htkeval.design.fit", ("numpy", "scipy", "pandas", "mlflow")),
        (
            "htkeval.design.simulate",
            ("scipy", "pandas", "pyarrow", "statsmodels", "sqlalchemy", "mlflow"),
        ),
    ],
)
def test_reading_a_scenario_costs_no_heavy_import(module: str, forbidden: tuple[str, ...]) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert module in loaded
    assert not set(forbidden) & set(loaded)
