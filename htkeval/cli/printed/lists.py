"""What commands print that list something of a trial."""

from __future__ import annotations

from htkeval.attachment import Attachment, Withdrawal
from htkeval.cli.printed.document import Printed
from htkeval.condition import ConditionStands
from htkeval.finding import Finding
from htkeval.follow_up import AreaSum, FollowUp
from htkeval.kept_row import KeptRow, RuleApplied
from htkeval.money import Year
from htkeval.note import Note
from htkeval.participation import Standing
from htkeval.query import Query
from htkeval.realised import Realised
from htkeval.second import Agreement, Timed


class Rows(Printed):
    """What `rows` prints."""

    trial: str
    """The trial's id."""
    rows: tuple[KeptRow, ...]
    """Each row as it stands, in the order in which they came, with its history."""


class Exclusions(Printed):
    """What `exclude --rules` prints."""

    trial: str
    """The trial's id."""
    registration: str | None
    """Fingerprint of the promise that the rules stand in; null where nothing was promised."""
    rows: int
    """Rows that count, before the rules."""
    left_out: int
    """How many of them any rule leaves out."""
    rules: tuple[RuleApplied, ...]
    """Each rule, in the order of the definition."""


class Participants(Printed):
    """What `participants` prints: for the trial lead, in the order of pseudonyms."""

    trial: str
    """The trial's id."""
    counts: dict[str, int] | None
    """Always null now: who stands where can be counted from the list beside it, and a number of
    fewer than five people is not to be copied from here without it."""
    participants: tuple[Standing, ...]
    """Each person whom the trial knows; whoever was forgotten is not shown."""


class Queries(Printed):
    """What `query` prints."""

    trial: str
    """The trial's id."""
    waiting: int
    """How many somebody still has to answer or close."""
    queries: tuple[Query, ...]
    """Each query, those that wait first; also those that are done with."""


class Findings(Printed):
    """What `finding` prints."""

    trial: str
    """The trial's id."""
    unsolved: int
    """How many are neither solved nor accepted, of every kind."""
    findings: tuple[Finding, ...]
    """Each finding in the order in which they were told, also those that are closed."""


class Notes(Printed):
    """What `evidence note` prints: told, not measured."""

    waiting: int
    """How many answers are waited for: one of each area that a note was sent to."""
    notes: tuple[Note, ...]
    """Each note in the order in which they were told, also those that are answered."""


class Conditions(Printed):
    """What `condition` prints."""

    trial: str
    """The trial's id."""
    simulated: bool
    """Whether it rests on invented measurements."""
    conditions: tuple[ConditionStands, ...]
    """Each condition of the decision that holds; none where none does."""


class FollowUps(Printed):
    """What `realise` prints, of one trial or of all."""

    simulated: bool
    """Whether any of it rests on invented measurements."""
    price_level: Year | None
    """The year in whose prices the sums by area are; null where nothing is booked."""
    areas: tuple[AreaSum, ...]
    """All bookings that hold, by area, as far as today."""
    bookings: tuple[FollowUp, ...]
    """Each booking that holds, and what became of it."""
    due: tuple[str, ...]
    """What nobody has told of days of follow-up that have come, a sentence each."""
    remarks: tuple[str, ...]
    """What wore off, was not taken home or arose elsewhere, a sentence each."""
    records: tuple[Realised, ...]
    """Everything that was said, in the order in which it was, also what was replaced."""


class Second(Printed):
    """What `second` prints."""

    trial: str
    """The trial's id."""
    tasks: tuple[Timed, ...]
    """The tasks that two observers are to time: those that are measured, then those to come."""
    agreement: Agreement | None
    """How far the two agree; null where it cannot be told."""
    reason: str | None
    """Why it cannot."""


class Attached(Printed):
    """What `attach` prints."""

    trial: str
    """The trial's id."""
    attachment: Attachment
    """What was stored."""
    duplicate: bool
    """Whether it was there already, so that nothing new was stored."""
    withdrawn: Withdrawal | None = None
    """That it was taken back just now; null where it was attached."""
