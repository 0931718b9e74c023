"""A trial from promise to decision in a store, and ways to break its delivery off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from htkeval.canonical import fingerprint
from htkeval.decision import Actor
from htkeval.event import EventKind
from htkeval.store import blobs as blob_folder
from htkeval.store.store import Store
from htkeval.tracking.sink import StoredRun

MAJA = Actor(name="Maja Holm", known_by="declared")
NOON = datetime(2026, 4, 13, 12, 0, 0, 123_000, tzinfo=UTC)
TRIAL = "tale-til-tekst"
TITLE = "Tale til tekst i mødereferater"
DEFINITION = {
    "id": TRIAL,
    "title": TITLE,
    "design": {"kind": "within", "randomised": True, "ratio": [1, 1], "block": None},
    "analysis": {"seed": 20260112, "level": 0.95},
    "metrics": [
        {"id": "errors", "role": "guardrail", "margin": 1.0},
        {"id": "task_time", "role": "primary", "worthwhile": -0.15},
    ],
    "forecast": {"relative_change": -0.25},
}
ARMS = {
    "baseline": {"rows": 83, "clusters": 14, "task_time.mean": 31.2, "task_time.sd": 14.0},
    "treatment": {"rows": 76, "clusters": 14, "task_time.mean": 25.9, "task_time.sd": None},
}
EFFECT = {
    "metric": "task_time",
    "scale": "ratio",
    "estimate": 0.8047281516,
    "low": 0.66,
    "high": 0.99,
    "p_value": 0.036,
    "method": "rerandomisation",
    "confirmatory": True,
}
PARQUET = b"PAR1 the frozen rows PAR1"
ANALYSIS = '{"schema": 1, "trial": "tale-til-tekst", "note": "æøå"}'.encode()
RECOMMENDATION = b'{"schema": 1, "verdict": "prolong"}'


@dataclass(frozen=True)
class Case:
    """A store, its blob folder, and what its events say."""

    store: Store
    blobs: Path

    def append(self, kind: EventKind, payload: dict[str, Any], **more: Any) -> None:
        """One event, an hour after the one before."""
        hours = len(self.store.events())
        values = {"actor": MAJA, "now": NOON + timedelta(hours=hours), **more}
        trial = values.pop("trial", TRIAL)
        self.store.append(trial, kind, payload, **values)

    def states(self) -> list[str]:
        """The outbox's states, oldest first."""
        return [row.state for row in self.store.outbox()]


def promise() -> dict[str, Any]:
    content = {"definition": DEFINITION, "policy": "2026-1", "method": "rerandomisation"}
    return {"fingerprint": fingerprint(content), **content}


def tell(
    case: Case,
    *,
    trial: str = TRIAL,
    reason: str = "Ét vilkår mangler: »DPIA«.",
    simulated: bool = False,
) -> None:
    """Registration, gate, snapshot, analysis, decision."""
    parquet = blob_folder.put(case.blobs, PARQUET)
    analysis = blob_folder.put(case.blobs, ANALYSIS)
    advice = blob_folder.put(case.blobs, RECOMMENDATION)
    promised = promise()
    case.append("registration", promised, trial=trial, simulated=simulated)
    case.append("gate", {"gate": "dpia", "state": "closed"}, trial=trial)
    case.append(
        "snapshot",
        {
            "sha256": parquet,
            "rows": 159,
            "columns": ["arm", "participant", "task_time"],
            "registration": promised["fingerprint"],
            "data_seq": 2,
            "arms": ARMS,
        },
        trial=trial,
    )
    case.append(
        "analysis",
        {
            "sha256": analysis,
            "snapshot": parquet,
            "registration": promised["fingerprint"],
            "evidence_level": "E4",
            "level": 0.95,
            "effects": [
                EFFECT,
                {**EFFECT, "scale": "difference", "confirmatory": False},
                {**EFFECT, "estimand": "exposure_average", "estimate": 0.7, "confirmatory": False},
            ],
            "gaps": 1,
            "checks_failed": ["contamination"],
        },
        trial=trial,
    )
    case.append(
        "decision",
        {
            "trial": trial,
            "analysis": analysis,
            "policy": "2026-1",
            "recommended": "prolong",
            "outcome": "go_with_conditions",
            "reason": reason,
            "signed_by": MAJA.model_dump(mode="json"),
            "recommendation": advice,
        },
        trial=trial,
    )


def draw_and_look(case: Case) -> None:
    """What the story leaves out: a list by lot, and a look before the end."""
    promised, rows = promise()["fingerprint"], blob_folder.put(case.blobs, PARQUET)
    units = [["token-of-anna", "token-of-bo", "token-of-carl"]]
    case.append(
        "allocation",
        {
            "columns": ["participant"],
            "units": units,
            "strata": {"team": ["Nord", "Nord", "Syd"]},
            "list": fingerprint(units),
            "patterns": [[0], [1]],
            "drawn": [1, 0, 1],
            "number": 1,
            "people": True,
            "mechanism": "complete",
            "registration": promised,
            "software": "htkeval 0",
        },
    )
    case.append(
        "look",
        {
            "k": 1,
            "of": 2,
            "fraction": 0.52,
            "final": False,
            "snapshot": rows,
            "registration": promised,
        },
    )


PUBLISHED = 4
"""How many of the story's events become runs."""
RUNS = 6
"""How many runs they become: the snapshot has a child for each arm."""


class Killed(BaseException):
    """The process ended: nothing that handles errors may catch it."""


class Breaking:
    """A sink that does its work until its calls are used up, and then ends the process.

    The last call that is allowed is done in full: what breaks off is what comes after it.
    """

    def __init__(self, sink: Any, calls: int, *, error: Callable[[], BaseException] = Killed):
        self._sink, self._left, self._error = sink, calls, error

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._sink, name)
        if not callable(found):
            return found
        if self._left <= 0:
            raise self._error()
        self._left -= 1
        return found


def without_numbers(runs: tuple[StoredRun, ...]) -> list[StoredRun]:
    """Runs as they are but for the numbers that the sink draws, in an order of their own."""
    key_of = {run.run_id: run.key for run in runs}
    plain = []
    for run in runs:
        parent = run.tags.get("mlflow.parentRunId")
        tags = {**run.tags, "mlflow.parentRunId": key_of.get(parent, parent)}
        plain.append(replace(run, run_id="", tags=tags))
    return sorted(plain, key=lambda run: run.key or "")
