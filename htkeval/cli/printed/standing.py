"""What `check`, `status`, `doctor` and `sync` print."""

from __future__ import annotations

from htkeval.attachment import Attachment, Withdrawal
from htkeval.cli.printed.document import Printed
from htkeval.decision import Verdict
from htkeval.effect import Check
from htkeval.evidence import Level
from htkeval.frozen import Frozen
from htkeval.progress import Progress


class Definition(Printed):
    """What `check` prints."""

    trial: str
    """The trial's id."""
    file: str
    """The file that was read."""
    remarks: tuple[str, ...]
    """What is allowed but will limit the conclusion."""


class TrialLine(Frozen):
    """One trial in `status`."""

    trial: str
    """The trial's id."""
    title: str
    """Its name for people."""
    registered: bool
    """Whether the promise is frozen."""
    registered_in_time: bool | None
    """Whether before the first treatment measurement; None where it is not registered."""
    file_differs: bool
    """Whether trial.toml says something else now than what counts."""
    rows: int
    """Measurements so far, in both arms."""
    baseline: int | None
    """Measurements without the tool."""
    treatment: int | None
    """Measurements with it; None, and the others too, where an arm is of one to four people."""
    snapshot: str | None
    """Fingerprint of the newest snapshot."""
    analysis: str | None
    """Fingerprint of the newest analysis."""
    stale: bool
    """Whether measurements came in after it."""
    data_changed: bool = False
    """Whether other rows count than when it was made (more, corrected or left out)."""
    evidence_level: Level | None
    """How well the effect was measured."""
    verdict: Verdict | None
    """What is recommended."""
    decided: Verdict | None
    """What was decided last; None too where that is void."""
    open_gates: tuple[str, ...]
    """Required gates that are open."""
    unpublished: int
    """Runs that MLflow does not have yet."""
    simulated: bool
    """Whether the measurements were invented."""
    untold: tuple[str, ...] = ()
    """Keys of trial.toml that say something else than what counts, and no deviation tells of."""
    deviations: tuple[str, ...] = ()
    """What was changed after the registration and told, a sentence each."""
    looks: tuple[str, ...] = ()
    """The looks that were taken, a sentence each with when and by whom."""
    attachments: tuple[Attachment, ...] = ()
    """Technical measurements of the tool, oldest first; no evidence of time saved."""
    people: int | None = 0
    """Participants whom it knows; whoever was forgotten is none of them; None where they are one to
    four."""
    retention_until: str | None = None
    """The last day (ISO) on which people are to be known; None where none is stated."""
    retention_due: bool = False
    """Whether it has passed and somebody is known still: `erase TRIAL --due`."""
    all_forgotten: bool = False
    """Whether it has passed, nobody is known and nothing counts: as promised."""
    progress: Progress | None = None
    """Rows against the plan, queries, refusals and what became of each row; null where all trials
    are told."""
    locked: str | None = None
    """That data are final, since when and by whom; None while rows may come in."""
    void: tuple[str, ...] = ()
    """Decisions that hold no more, a sentence each with who unlocked what they rest on, and why."""
    withdrawn: tuple[Withdrawal, ...] = ()
    """Which of those were taken back, and why."""
    unsolved: tuple[str, ...] = ()
    """Findings about security, data protection or law that are not closed, a sentence each."""
    open_conditions: tuple[str, ...] = ()
    """Conditions of the decision that holds which are neither met nor dropped, a sentence each."""
    follow_up_due: tuple[str, ...] = ()
    """Days of follow-up that have come and of which something is not told, a sentence each."""


class Status(Printed):
    """What `status` prints."""

    municipality: str
    """Whose trials."""
    trials: tuple[TrialLine, ...]
    """Each trial."""
    unreadable: tuple[str, ...] = ()
    """Definitions that could not be read, a sentence each."""
    notes: tuple[str, ...] = ()
    """What others told and an area has not answered, a sentence each: told, not measured. Empty
    where one trial is told."""


class Checks(Printed):
    """What `doctor` and `verify` print."""

    failed: int
    """How many checks failed."""
    checks: tuple[Check, ...]
    """Each check."""


class Delivery(Printed):
    """What `sync` prints."""

    delivered: int
    """Runs that were made or finished now."""
    already: int
    """Runs that were there."""
    failed: int
    """Runs that could not be delivered; they wait."""
    problems: tuple[str, ...]
    """Why."""
