"""What `gate` prints."""

from __future__ import annotations

from datetime import date as Day

from htkeval.cli.printed.document import Printed
from htkeval.decision import GateState
from htkeval.frozen import Frozen
from htkeval.law import AiClass, GateLaw


class GateLine(Frozen):
    """One gate in `gate TRIAL`."""

    id: str
    """The gate's id."""
    required: bool
    """Whether the trial must close it."""
    state: GateState
    """Open until somebody says otherwise."""
    date: Day | None
    """When it was closed or found not to be needed, or the deadline of an open one."""
    responsible: str | None
    """Who answers for it."""
    document: str | None
    """Where the papers are."""
    ai_class: AiClass | None
    """The class of the AI Act, where it was stated."""
    why: str | None
    """Why it stands so; of a class, its reasoning."""


class Gates(Printed):
    """What `gate` prints: every gate, or one of them with the texts it rests on."""

    trial: str
    """The trial's id."""
    gates: tuple[GateLine, ...]
    """Each gate, or the one that was asked for."""
    law: GateLaw | None = None
    """What the one has to settle; null where all are told, and where configs/law.toml has none."""
    law_old: bool = False
    """Whether one of those texts was read more than a year ago."""
