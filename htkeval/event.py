"""What happened, in the order it happened: the append-only record of a trial."""

from datetime import datetime
from typing import Any, Literal, get_args

from htkeval.decision import Actor
from htkeval.frozen import Frozen

EventKind = Literal[
    "registration",
    "allocation",
    "press",
    "batch",
    "correction",
    "exclusion",
    "erasure",
    "snapshot",
    "look",
    "analysis",
    "deviation",
    "gate",
    "attachment",
    "participation",
    "query",
    "finding",
    "decision",
    "condition",
    "realised",
    "lock",
    "unlock",
    "export",
    "application",
    "grant",
    "spending",
    "note",
    "package",
    "withdrawal",
    "paper",
    "refusal",
    "access",
]

EVERY_KIND: frozenset[EventKind] = frozenset(get_args(EventKind))
"""All of them."""

WATCHED: tuple[EventKind, ...] = ("refusal", "access")
"""Kinds of event by which the dashboard keeps what it refused somebody, and who read rows of
people. They change nothing of a trial, so nothing becomes old by them."""

ELSEWHERE = "_"
"""The trial of events that belong to no trial of ours; no trial can be called so. What it holds of
others says itself whether it is invented, for the mark of an event stays on all that follow."""

BRINGS_ROWS: tuple[EventKind, ...] = ("batch", "correction")
"""Kinds of event that rows of measurements are stored under."""

MOVES_ROWS: tuple[EventKind, ...] = (*BRINGS_ROWS, "exclusion", "erasure")
"""Kinds of event after which other rows count than before."""

HELD_BY_LOCK: tuple[EventKind, ...] = (*BRINGS_ROWS, "exclusion", "allocation", "attachment")
"""Kinds of event that a locked trial takes no more of. An erasure is none of them: it is a right,
and it is told that analyses must be run again."""

PUBLISHED: tuple[EventKind, ...] = (
    "registration",
    "deviation",
    "allocation",
    "snapshot",
    "look",
    "analysis",
    "decision",
)
"""Kinds of event that become a run in MLflow, so get an outbox row in their own transaction."""


class Event(Frozen):
    """One thing that happened to a trial. Never changed, never removed."""

    seq: int
    """Place in the chain, from 1."""
    trial: str
    """The trial's id."""
    kind: EventKind
    """What happened."""
    at: datetime
    """When, in UTC."""
    actor: Actor
    """Who did it."""
    simulated: bool
    """Whether it rests on invented measurements; the mark stays for good."""
    payload: dict[str, Any]
    """What happened in full, as JSON values."""
    previous: str
    """Hash of the event before; 64 zeros for the first."""
    hash: str
    """SHA-256 of the canonical JSON of all the fields above."""
