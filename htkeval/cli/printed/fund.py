"""What `fund` prints."""

from __future__ import annotations

from htkeval.cli.printed.document import Printed
from htkeval.frozen import Finite, Frozen
from htkeval.fund import ApplicationState, Grant, Pool, Spending


class FundLine(Frozen):
    """One application to the pool."""

    id: str
    """Its number among all of them: `A1`."""
    trial: str
    """The trial's id."""
    area: str
    """Who asks."""
    purpose: str
    """What for."""
    applied_kr: int
    """Kroner that are asked for."""
    granted_kr: int
    """Kroner granted so far."""
    spent_kr: int
    """Kroner spent so far, less what came back."""
    remaining_kr: int
    """Kroner that are granted and not spent."""
    value_kr: Finite | None
    """Expected value, in kroner, of the information that is asked for; null: not known yet."""
    state: ApplicationState
    """How far it has come."""
    refused: str | None
    """Why it was refused; null where it was not."""
    simulated: bool
    """Whether the trial rested on invented measurements when it applied."""
    grants: tuple[Grant, ...]
    """What was granted, oldest first."""
    spendings: tuple[Spending, ...]
    """What was spent, in the order in which it was recorded."""


class FundStatus(Printed):
    """What `fund status` prints."""

    pool: Pool
    """What there is to grant."""
    granted_kr: int
    """Kroner granted in all."""
    spent_kr: int
    """Kroner spent in all."""
    remaining_kr: int
    """Kroner that can still be granted; below nought where the pool became smaller."""
    applications: tuple[FundLine, ...]
    """Each, by the expected value of the information; unknown ones last, in their order."""
