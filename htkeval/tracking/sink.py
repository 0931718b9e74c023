"""What a place for runs must be able to do. MLflow can, and so can the twin in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from htkeval.tracking.publication import Publication

KEY_TAG = "htk.key"
STATE_TAG = "htk.state"
PARENT_TAG = "mlflow.parentRunId"

PUBLISHING = "publishing"
"""State of a run that is being delivered."""
VERIFIED = "verified"
"""State of a run whose files were read back and are what was sent."""
FINISHED = "FINISHED"
"""MLflow's status of a run that is complete; given last."""
RUNNING = "RUNNING"
"""MLflow's status of a run that is being delivered."""


@dataclass(frozen=True)
class StoredRun:
    """A run as it stands in the sink."""

    run_id: str
    """The sink's own name for it."""
    name: str
    """Name on screen."""
    status: str
    """RUNNING, FINISHED, or another of MLflow's."""
    start_ms: int | None
    """Start, in milliseconds since 1970 UTC."""
    end_ms: int | None
    """End, in milliseconds since 1970 UTC; None while it runs."""
    params: dict[str, str] = field(default_factory=dict)
    """What was chosen."""
    metrics: dict[str, float] = field(default_factory=dict)
    """What was found: the newest value of each."""
    tags: dict[str, str] = field(default_factory=dict)
    """What it is known by."""
    datasets: tuple[tuple[str, str], ...] = ()
    """Name and digest of each dataset it rests on."""

    @property
    def key(self) -> str | None:
        """Which publication this is; None for a run that somebody else made."""
        return self.tags.get(KEY_TAG)

    @property
    def accepted(self) -> bool:
        """Whether a reader may trust it: complete, and read back."""
        return self.status == FINISHED and self.tags.get(STATE_TAG) == VERIFIED


class EvidenceSink(Protocol):
    """A place for runs.

    Every method may raise `EnvironmentFailed` (it cannot be reached, or failed) or `Refused`
    (it was reached and does not take this). Each may be called again with the same arguments.
    """

    address: str
    """Where it is, for messages."""

    def answers(self) -> bool:
        """Whether it can be reached and does its work. Never raises."""

    def find(self, experiment: str, key: str) -> tuple[StoredRun, ...]:
        """The runs with this key that were not deleted; there should be at most one."""

    def runs(self, experiment: str) -> tuple[StoredRun, ...]:
        """Every run of an experiment that was not deleted; none where there is no experiment."""

    def create(self, publication: Publication, *, parent_run: str | None) -> str:
        """Begin a run with its tags and its fixed start; returns the run's id."""

    def log(self, run_id: str, publication: Publication) -> None:
        """Write params, metrics with their fixed time, and the dataset."""

    def upload(self, run_id: str, name: str, content: bytes) -> None:
        """Write a file of the run, in place of one of the same name."""

    def fetch(self, run_id: str, name: str) -> bytes | None:
        """Read a file of the run back; None where there is none."""

    def tag(self, run_id: str, key: str, value: str) -> None:
        """Write one tag."""

    def finish(self, run_id: str, *, end_ms: int) -> None:
        """Complete the run with its fixed end."""

    def discard(self, run_id: str) -> None:
        """Put a run away that was left behind half delivered."""
