"""What a decision takes out of the budget: how much a year, from when, and where it arises."""

from datetime import date as Day

from pydantic import Field

from htkeval.frozen import Finite, Frozen
from htkeval.money import Year


class Booking(Frozen):
    """A saving that a decision booked, beside what was expected of it on that day."""

    kr_a_year: Finite = Field(gt=0)
    """Kroner a year."""
    price_level: Year
    """The year in whose prices they are."""
    begins: Day
    """From which day the saving is had."""
    area: str
    """Where it arises."""
    account: str | None
    """On which account of the budget; None: not decided."""
    owner: str | None
    """Who answers for it; None: not decided."""
    expected_kr: Finite | None
    """Net kroner a year by the business case of that day, as expected; None: not known."""
    measured_minutes: Finite | None
    """Minutes a task that the trial measured; None: not known."""
    hours_a_year: Finite | None
    """Net hours a year by the business case, as expected; None: not known."""
