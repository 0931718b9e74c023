"""A note: what others told without data, whom it was sent to, and what they said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Day
from datetime import datetime
from typing import Literal

from pydantic import Field

from htkeval.evidence import Level
from htkeval.frozen import Frozen
from htkeval.text import Text, say
from htkeval.trial import Technology

NoteState = Literal["sent", "seen", "answered"]

LEVELS: tuple[Level, ...] = ("E0", "E1", "E2")
"""What a telling may be worth at most: nobody here measured it."""

STATES: Mapping[NoteState, Text] = {
    "sent": say("sent, not seen"),
    "seen": say("seen, not answered"),
    "answered": say("answered"),
}
"""What each is called."""


class NoteStep(Frozen):
    """What an area did with a note."""

    state: NoteState
    """How far it was afterwards."""
    answer: str | None
    """What the area will do with it; None where it was only seen."""
    at: datetime
    """When, in UTC."""
    by: str
    """Who recorded it."""
    event: int
    """The event that keeps it."""


class Sent(Frozen):
    """A note as one area has it."""

    area: str
    """Which area."""
    owner: str
    """Which role there it was sent to."""
    history: tuple[NoteStep, ...] = Field(min_length=1)
    """Each step, oldest first; the last says how it stands."""

    @property
    def state(self) -> NoteState:
        """How far it is."""
        return self.history[-1].state

    @property
    def answer(self) -> str | None:
        """What the area will do with it, by its last answer; None where it has not answered."""
        return self.history[-1].answer


class Note(Frozen):
    """What others told. It has no figure that could be pooled: the claim is a text."""

    id: str
    """N1, N2 and so on, in the order in which they were told."""
    source: str
    """Who told it, and where."""
    date: Day
    """When it was told."""
    claim: str
    """What was told, in words."""
    technology: Technology | None = None
    """What kind of tool it is about; None where that was not said."""
    level: Level
    """How well it is known: at most E2, said by who noted it, for nothing was measured here."""
    measured: Literal[False] = False
    """Never: it was told."""
    sent: tuple[Sent, ...] = Field(min_length=1)
    """The areas that it was sent to."""
    by: str
    """Who noted it."""
    at: datetime
    """When, in UTC."""
    event: int
    """The event that keeps it."""

    @property
    def waiting(self) -> tuple[Sent, ...]:
        """The areas that have not answered."""
        return tuple(one for one in self.sent if one.state != "answered")
