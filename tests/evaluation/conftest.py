"""Trials and tables to weigh, made from a few words. All of them are invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.evaluation import evaluate
from htkeval.trial import Trial
from tests.oracles.sheets import columns

REGISTERED = {"registration": "f" * 64, "in_time": True}

MINUTES = {
    "id": "minutes",
    "label": "Minutter pr. opgave",
    "kind": "duration",
    "column": "minutes",
    "unit": "min",
    "better": "lower",
    "role": "primary",
    "worthwhile": -0.15,
    "source": "timed",
}


@pytest.fixture(autouse=True, scope="module")
def quick(few_draws: None) -> None:
    """A file that needs all 9,999 draws has a `few_draws` of its own."""


@pytest.fixture
def nothing_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """In these data one person is in one arm alone, so an analysis tells no degrees of freedom."""
    monkeypatch.setattr("htkeval.evaluation.beside._like", lambda *_: True)


@pytest.fixture(scope="session")
def make_trial() -> Callable[..., Trial]:
    """A trial of a design; metrics as dicts, other sections of trial.toml as keywords."""

    def make(kind: str = "within", *metrics: dict[str, Any], **sections: Any) -> Trial:
        design = {
            "kind": kind,
            "randomised": kind not in ("before_after",),
            "participant": "participant",
            "team": "team",
            "period": "period",
            **sections.pop("design", {}),
        }
        return Trial.model_validate(
            {
                "id": "opdigtet",
                "title": "Opdigtet",
                "question": "Går det hurtigere?",
                "area": "Ingen",
                "technology": "other",
                "starts": "2026-01-12",
                "ends": "2026-04-10",
                "arms": {"baseline": {"label": "uden"}, "treatment": {"label": "med"}},
                "design": design,
                "metrics": [{**MINUTES, **metric} for metric in metrics or ({},)],
                **sections,
            }
        )

    return make


@pytest.fixture(scope="session")
def make_table() -> Callable[..., pa.Table]:
    """A table from columns; the arm may be given as 0 and 1."""

    def make(**columns: Any) -> pa.Table:
        words = {0: "baseline", 1: "treatment"}
        columns["arm"] = [words.get(arm, arm) for arm in columns["arm"]]
        return pa.table({name: pa.array(list(values)) for name, values in columns.items()})

    return make


@pytest.fixture(scope="session")
def weigh(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> Callable[..., Analysis]:
    """Analyse an invented set, some of its columns replaced, as if it had been registered."""

    def made(name: str = "within", table: dict[str, Any] | None = None, **sections: Any):
        promise = sections.pop("promise", REGISTERED)
        metrics = sections.pop("metrics", [{}])
        design = "parallel" if name == "one_task_each" else name
        whole = make_table(**{**columns(name), **(table or {})})
        return evaluate(
            make_trial(design, *metrics, **sections), whole, snapshot="0" * 64, **promise
        )

    return made


@pytest.fixture
def all_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts of tasks as they would be told if many people stood behind each."""
    monkeypatch.setattr("htkeval.evaluation.data.told.few_people", lambda *_: False)
