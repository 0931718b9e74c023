"""What `evidence` prints of other municipalities' trials."""

from __future__ import annotations

from datetime import date as Day

from htkeval.cli.printed.document import Printed
from htkeval.decision import Verdict
from htkeval.evidence import Level
from htkeval.evidence_pool import PooledQuestion
from htkeval.frozen import Frozen
from htkeval.trial import DesignKind


class PackageLine(Frozen):
    """One trial in `evidence list`."""

    question: str
    """The question as municipalities have agreed to call it."""
    own: bool
    """Whether the trial is ours."""
    trial: str | None
    """The trial's id, where it is ours."""
    municipality: str | None
    """Whose it is, where that is told."""
    origin: str
    """Which trial, by the hash of its registration in the record it comes from."""
    sha256: str | None
    """The package's fingerprint; null for ours, which is made when it is exported."""
    design: DesignKind
    """The plan of the comparison."""
    evidence_level: Level
    """How well the effect was measured."""
    analysed: Day
    """The day of the analysis."""
    verdict: Verdict
    """What the policy of whoever tried it recommends."""
    stale: bool
    """Whether something came in after the analysis."""
    simulated: bool
    """Whether the measurements were invented."""


class EvidenceList(Printed):
    """What `evidence list` prints."""

    packages: tuple[PackageLine, ...]
    """Each trial: ours as they stand, then the newest package of each trial elsewhere."""


class EvidencePool(Printed):
    """What `evidence pool` prints."""

    questions: tuple[PooledQuestion, ...]
    """Each question, with its trials by how they are compared."""
