"""What an analysis holds, what a snapshot is described by, and how long it takes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pyarrow as pa
import pytest

from htkeval import __version__
from htkeval.analysis import Analysis
from htkeval.evaluation import arm_figures
from htkeval.trial import Trial
from tests.oracles.sheets import columns

Weigh = Callable[..., Analysis]


def test_the_document_names_the_program_the_snapshot_and_the_rows(weigh: Weigh) -> None:
    analysis = weigh()
    assert analysis.software == f"htkeval {__version__}"
    assert (analysis.rows, analysis.snapshot, analysis.simulated) == (100, "0" * 64, False)
    assert analysis.registration == "f" * 64
    names = [check.name for check in analysis.checks]
    assert len(names) == len(set(names))


def test_guardrails_and_secondaries_stand_beside_the_one_confirmatory_effect(
    weigh: Weigh,
) -> None:
    metrics = [
        {},
        {"id": "errors", "kind": "rate", "column": "errors", "exposure": "words", "per": 1000,
         "role": "guardrail", "worthwhile": None},
        {"id": "approved", "kind": "binary", "column": "approved", "role": "secondary",
         "better": "higher", "worthwhile": None, "unit": None},
    ]  # fmt: skip
    analysis = weigh(metrics=metrics)
    shown = [(e.metric, e.scale, e.role, e.confirmatory) for e in analysis.effects]
    assert shown == [
        ("minutes", "ratio", "primary", True),
        ("minutes", "difference", "primary", False),
        ("errors", "difference", "guardrail", False),
        ("errors", "ratio", "guardrail", False),
        ("approved", "difference", "secondary", False),
    ]
    rate = analysis.effects[2]
    d = columns("within")
    base = [i for i, arm in enumerate(d["arm"]) if arm == 0]
    pooled = 1000 * sum(d["errors"][i] for i in base) / sum(d["words"][i] for i in base)
    assert rate.baseline.mean == pytest.approx(pooled, rel=1e-12)
    planned = weigh(metrics=metrics, analysis={"primary_scale": "difference"})
    assert [e.scale for e in planned.effects if e.confirmatory] == ["difference"]


def test_minutes_and_seconds_are_stored_as_minutes(weigh: Weigh) -> None:
    assert {e.unit for e in weigh(metrics=[{"unit": "min:s"}]).effects} == {"min"}
    assert {e.unit for e in weigh(metrics=[{"unit": "h"}]).effects} == {"h"}


def test_flips_is_true_where_another_choice_changes_the_reading(weigh: Weigh) -> None:
    analysis = weigh("parallel", covariates=[{"column": "words", "scale": "log"}])
    effects = {(e.metric, e.scale): e for e in analysis.effects}
    for one in analysis.sensitivity:
        effect = effects[one.metric, one.scale]
        excludes = [not low <= effect.null <= high for low, high in (effect.ci, one.ci)]
        if excludes[0] != excludes[1]:
            assert one.flips
        if one.flips is False:
            assert (one.estimate > effect.null) == (effect.estimate > effect.null)
    flipping = {(one.scale, one.model): one.flips for one in analysis.sensitivity}
    assert flipping["difference", "unit_weights"] is True
    assert flipping["ratio", "no_covariates"] is False


def test_a_snapshot_is_described_arm_by_arm(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = make_table(
        arm=[0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, None],
        participant=[*"aabcde", *"abcdef"],
        minutes=[10.0, 20.0, 900.0, *[None] * 8, 5.0],
        errors=[1.0, 2.0, 0.0, *[None] * 3, 3.0, *[None] * 4, 0.0],
        words=[100.0, 200.0, 0.0, *[None] * 3, 300.0, *[None] * 4, 1.0],
    )
    rate = {"id": "errors", "kind": "rate", "column": "errors", "exposure": "words", "per": 100,
            "role": "guardrail", "worthwhile": None}  # fmt: skip
    rule = {"rule": "minutes > 480", "reason": "clock left on"}
    figures = arm_figures(make_trial("within", {}, rate, exclusions=[rule]), table)
    assert figures["baseline"] == pytest.approx(
        {"rows": 6, "clusters": 5, "minutes.mean": 15, "minutes.sd": 50**0.5,
         "errors.mean": 1, "errors.sd": 0}
    )  # fmt: skip
    assert figures["treatment"] == pytest.approx({"rows": 5, "clusters": 5, "errors.mean": 1})


def test_of_an_arm_of_fewer_than_five_people_a_snapshot_tells_nothing(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    people = [*"aabcde", *"abcdd"]
    table = make_table(arm=[0] * 6 + [1] * 5, participant=people, minutes=[10.0] * 11)
    assert arm_figures(make_trial("within"), table) == {"baseline": {}, "treatment": {}}
    few = make_table(arm=[0, 0, 1, 1], participant=[*"abcd"], minutes=[10.0] * 4)
    assert arm_figures(make_trial("within"), few) == {"baseline": {}, "treatment": {}}


def test_importing_the_analysis_loads_no_heavy_package() -> None:
    heavy = {"scipy", "pandas", "statsmodels", "mlflow", "streamlit", "duckdb", "pyarrow"}
    code = f"import sys, htkeval.evaluation; print(sorted({heavy!r} & set(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
