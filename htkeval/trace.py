"""What is kept of a trial, each thing with its fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from htkeval.event import EventKind


@dataclass(frozen=True)
class Kept:
    """One event, what it keeps, and the run in MLflow that tells of it."""

    seq: int
    """Its place in the chain."""
    at: datetime
    """When, in UTC."""
    kind: EventKind
    """What happened."""
    link: str
    """SHA-256 of the event and of all before it."""
    content: str | None = None
    """SHA-256 of what it keeps: a promise, rows, an analysis; None where it keeps no file."""
    run: str | None = None
    """The run in MLflow; None where there is none."""
    state: str | None = None
    """How far delivery has come; None where nothing is delivered."""


@dataclass(frozen=True)
class Trace:
    """All that is kept of one trial, oldest first."""

    kept: tuple[Kept, ...]
    """The events."""
    policy: str | None
    """SHA-256 of the policy at the registration; None without one."""
    policy_name: str | None
    """Its version."""
