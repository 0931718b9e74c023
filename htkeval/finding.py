"""A finding: an experience or a challenge of a trial, who answers for it, and how far it is."""

from collections.abc import Mapping
from datetime import date as Day
from datetime import datetime
from typing import Literal

from htkeval.frozen import Frozen
from htkeval.text import Text, say

FindingKind = Literal["experience", "security", "gdpr", "legal"]
FindingStatus = Literal["open", "in_progress", "solved", "accepted"]

CHALLENGES: tuple[FindingKind, ...] = ("security", "gdpr", "legal")
"""What somebody has to do something about: it travels to the portfolio until it is closed."""
UNSOLVED: tuple[FindingStatus, ...] = ("open", "in_progress")
"""What is not closed."""

KINDS: Mapping[FindingKind, Text] = {
    "experience": say("experience"),
    "security": say("security"),
    "gdpr": say("data protection (GDPR)"),
    "legal": say("law"),
}
"""What each is called."""
STATUSES: Mapping[FindingStatus, Text] = {
    "open": say("open"),
    "in_progress": say("in progress"),
    "solved": say("solved"),
    "accepted": say("accepted as it is"),
}
"""The same of each status."""


class FindingStep(Frozen):
    """How a finding stood after somebody told or changed it."""

    status: FindingStatus
    """How far it was."""
    owner: str
    """Which role answered for it."""
    measure: str | None
    """What was done or to be done about it; None where nothing was said."""
    due: Day | None
    """The day by which it was to be done; None where none was stated."""
    closed: Day | None
    """The day on which it was solved or accepted; None while it was neither."""
    why: str | None
    """Why it was changed, in the words of who did it; None where nothing was said."""
    at: datetime
    """When, in UTC."""
    by: str
    """Who."""
    event: int
    """The event that keeps it."""


class Finding(Frozen):
    """One finding as it stands."""

    id: str
    """F1, F2 and so on, in the order in which the trial's were told."""
    kind: FindingKind
    """What it is about."""
    text: str
    """What was found, in the words of who told it."""
    areas: tuple[str, ...] = ()
    """The areas of the municipality that it matters to, as they were written."""
    status: FindingStatus
    """How far it is."""
    owner: str
    """Which role answers for it."""
    measure: str | None = None
    """What is done about it; None where nothing was said."""
    due: Day | None = None
    """The day by which it is to be done; None where none is stated."""
    closed: Day | None = None
    """The day on which it was solved or accepted; None while it is neither."""
    history: tuple[FindingStep, ...] = ()
    """Each word on it, oldest first; the last says how it stands."""

    @property
    def unsolved(self) -> bool:
        """Whether it is neither solved nor accepted."""
        return self.status in UNSOLVED

    @property
    def travels(self) -> bool:
        """Whether the whole municipality is to see it: a challenge that is not solved."""
        return self.unsolved and self.kind in CHALLENGES
