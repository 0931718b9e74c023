"""What turns minutes into money, each number a span with its source."""

from datetime import date as Day

from pydantic import Field

from htkeval.frozen import Finite, Frozen, Share


class Assumption(Frozen):
    """A number that is not measured in the trial, as a span with its source."""

    low: Finite
    """What it is at the least favourable."""
    expected: Finite
    """What it is most likely."""
    high: Finite
    """What it is at the most favourable."""
    source: str = Field(min_length=1)
    """Where it comes from."""
    date: Day
    """When that was found out."""


class Part(Assumption):
    """The same of a share: from 0 to 1, not in per cent."""

    low: Share
    """What it is at the least favourable."""
    expected: Share
    """What it is most likely."""
    high: Share
    """What it is at the most favourable."""


class Economics(Frozen):
    """What turns minutes into money. What is missing stays unknown in every sum."""

    tasks_a_year: Assumption | None = None
    """Tasks a year in the whole area."""
    eligible: Part | None = None
    """Share of tasks that the tool suits."""
    adoption: Part | None = None
    """Share of people who use it."""
    realisable: Part | None = None
    """Share of the minutes that can be gathered into hours."""
    cashable: Part | None = None
    """Share of the hours that can be taken home as money."""
    checking_minutes: Assumption | None = None
    """Minutes a task for checking that the trial did not measure."""
    licence_kr: Assumption | None = None
    """Kroner a year for licences."""
    training_hours: Assumption | None = None
    """Hours of training in all."""
    support_kr: Assumption | None = None
    """Kroner a year for support."""
