"""What a decision asks for beside its outcome: who does it by when, and how far it is."""

from collections.abc import Mapping
from datetime import date as Day
from datetime import datetime
from typing import Literal

from pydantic import Field

from htkeval.frozen import Frozen
from htkeval.text import Text, say

ConditionState = Literal["open", "met", "dropped"]

STATES: Mapping[ConditionState, Text] = {
    "open": say("open"),
    "met": say("met"),
    "dropped": say("dropped"),
}
"""What each is called."""


class Condition(Frozen):
    """A condition of a decision, as it was signed."""

    id: str
    """`C1`, `C2`, …: its number among all conditions of the trial, also of earlier decisions."""
    text: str = Field(min_length=1)
    """What is to be in place, in the signer's words; of a gate its id."""
    owner: str = Field(min_length=1)
    """Which role sees to it."""
    due: Day
    """By when."""
    gate: str | None = None
    """The gate that it asks for, by id: it is met when the gate is closed; None: it is none."""


class ConditionStands(Frozen):
    """A condition as it stands."""

    decision: int
    """The event that keeps the decision."""
    condition: Condition
    """What was signed."""
    state: ConditionState
    """How far it is."""
    why: str | None = None
    """Why it stands so, in the words of who said it."""
    on: Day | None = None
    """The day on which it was met or dropped."""
    by: str | None = None
    """Who said so."""
    at: datetime | None = None
    """When that was said, in UTC."""

    def late(self, today: Day) -> bool:
        """Whether its day has passed and it is neither met nor dropped."""
        return self.state == "open" and self.condition.due < today
