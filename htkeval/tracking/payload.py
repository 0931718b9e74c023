"""What a published event says of itself, read from its payload.

Only what becomes a run is read; what a later version adds to a payload is left alone, so that
an event of any age can be delivered again.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from htkeval.decision import Actor
from htkeval.frozen import Finite

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal."""


class Payload(BaseModel):
    """Part of an event's payload."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RegistrationPayload(Payload):
    """The promise."""

    fingerprint: Sha256
    """SHA-256 of all that was frozen."""
    definition: dict[str, Any]
    """The trial as it was promised."""
    policy: str
    """The policy's version."""
    method: str | None = None
    """The method that was promised; None in a promise from before methods were frozen."""
    policy_fingerprint: str | None = None
    """SHA-256 of the policy's contents."""
    software: str | None = None
    """The program that froze it."""


class DeviationPayload(Payload):
    """A change of the promise."""

    what: tuple[str, ...]
    """What was changed, as named."""
    why: str
    """Why."""
    to: str | None = None
    """What was done instead."""
    seen: str
    """How far measuring had come."""
    changes: tuple[dict[str, Any], ...] = ()
    """Each changed key, before and after."""
    fingerprint: Sha256 | None = None
    """SHA-256 of the promise as changed; None where no key was changed."""
    promise: dict[str, Any] | None = None
    """The promise as changed."""


class AllocationPayload(Payload):
    """A draw in short. Who was given what is not told: whoever knows it can no longer be blind."""

    list: Sha256
    """SHA-256 of the units that were drawn for, people as tokens."""
    drawn: tuple[int, ...]
    """What each was given; only how many there are is told."""
    number: int
    """Which list of the trial it is; 0 for a lot drawn by itself."""
    mechanism: str | None = None
    """How it was drawn."""
    registration: Sha256 | None = None
    """Fingerprint of the promise that it comes from."""
    software: str | None = None
    """The program that drew."""


class SnapshotPayload(Payload):
    """The rows that were frozen."""

    sha256: Sha256
    """SHA-256 of the Parquet bytes."""
    rows: int
    """How many rows."""
    columns: tuple[str, ...] = ()
    """Their columns."""
    registration: Sha256 | None = None
    """Fingerprint of the promise that counted."""
    arms: dict[str, dict[str, Finite | None]]
    """Figures of each arm: rows, clusters, means, standard deviations."""
    sealed: bool = False
    """Whether the rows stay here: in a trial with looks they would show the arms between them."""


class LookPayload(Payload):
    """A look before the end."""

    k: int
    """Which look it is, from 1."""
    of: int
    """How many there are."""
    fraction: Finite
    """Share of the planned information."""
    final: bool = False
    """Whether none comes after it."""
    snapshot: Sha256
    """The rows that were looked at."""
    registration: Sha256 | None = None
    """Fingerprint of the promise that counted."""


class EffectPayload(Payload):
    """One effect in short."""

    metric: str
    """The metric's id."""
    scale: str
    """ratio, difference or probability."""
    estimate: Finite
    """The effect."""
    low: Finite
    """Lower end of its interval."""
    high: Finite
    """Upper end of its interval."""
    p_value: Finite
    """From the same method."""
    method: str
    """The method."""
    estimand: str = "effect"
    """Which average: `exposure_average` counts every length of use alike."""
    confirmatory: bool = False
    """Whether the trial is decided on it."""


class AnalysisPayload(Payload):
    """An analysis in short."""

    sha256: Sha256
    """SHA-256 of the whole analysis as a document."""
    snapshot: Sha256
    """What was analysed."""
    registration: Sha256 | None = None
    """Fingerprint of the promise."""
    evidence_level: str
    """E0 to E5."""
    level: Finite | None = None
    """Confidence level; None where there is no effect."""
    effects: tuple[EffectPayload, ...] = ()
    """Each effect."""
    gaps: int = 0
    """How many effects could not be had."""
    deviations: tuple[str, ...] = ()
    """What had been changed and told."""
    checks_failed: tuple[str, ...] = ()
    """Names of the checks that failed."""


class BookingPayload(Payload):
    """What a decision books."""

    kr_a_year: Finite
    """Kroner a year."""
    begins: str
    """From which day (ISO)."""


class PaperPayload(Payload):
    """A file of the paper that a decision rests on."""

    format: str
    """pdf, docx or html."""
    language: str
    """da or en."""
    sha256: Sha256
    """SHA-256 of its bytes."""


class DecisionPayload(Payload):
    """A decision in short."""

    analysis: Sha256
    """What it rests on."""
    policy: str
    """The policy's version."""
    recommended: str
    """What was recommended."""
    outcome: str
    """What was decided."""
    reason: str
    """Why, in the signer's words."""
    signed_by: Actor
    """Who."""
    recommendation: Sha256
    """SHA-256 of the recommendation as a document."""
    departure: str | None = None
    """Why it departs from the recommendation."""
    conditions: tuple[dict[str, Any], ...] = ()
    """What must be in place, by whom and when."""
    books: BookingPayload | None = None
    """What is taken out of the budget."""
    business_case: Sha256 | None = None
    """SHA-256 of the business case as a document."""
    paper: Sha256 | None = None
    """Fingerprint of what its paper says."""
    papers: tuple[PaperPayload, ...] = ()
    """The files of that paper."""
