"""What turns minutes into money, each number a span with its source."""

from datetime import date as Day
from typing import Annotated, Self

from pydantic import Field, model_validator

from htkeval.frozen import Contradiction, Finite, Frozen, Share
from htkeval.money import PriceIndex, Year

Amount = Annotated[Finite, Field(ge=0)]
"""A number of something: hours, tasks and kroner are not below nought."""


class Assumption(Frozen):
    """A number that is not measured in the trial, as a span with its source."""

    low: Amount
    """What it is at the least favourable: of what is paid the largest."""
    expected: Amount
    """What it is most likely."""
    high: Amount
    """What it is at the most favourable."""
    source: str = Field(min_length=1)
    """Where it comes from."""
    date: Day
    """When that was found out."""

    @model_validator(mode="after")
    def _between(self) -> Self:
        if not min(self.low, self.high) <= self.expected <= max(self.low, self.high):
            raise Contradiction("expected: it lies between low and high")
        return self


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
    extra_minutes: Assumption | None = None
    """Minutes a task, on average, for tasks that are made only because of the tool."""
    trial_kr: Assumption | None = None
    """Kroner for the trial itself, once."""
    price_level: Year | None = None
    """The year in whose prices its kroner are."""
    takes_effect: Day | None = None
    """From which day the tool would be in use in the whole area."""
    account: str | None = None
    """On which account of the budget the gain is booked."""
    owner: str | None = None
    """Who answers for it."""

    @model_validator(mode="after")
    def _least_favourable_first(self) -> Self:
        for name in GAINS:
            given = getattr(self, name)
            if given is not None and given.low > given.high:
                raise Contradiction("{name}: low is the least favourable, the smallest", name=name)
        for name in COSTS:
            given = getattr(self, name)
            if given is not None and given.low < given.high:
                raise Contradiction("{name}: low is the least favourable, the largest", name=name)
        if self.price_level is None and any(getattr(self, name) for name in KRONER):
            raise Contradiction("price_level: kroner are in the prices of a year")
        return self


GAINS = ("tasks_a_year", "eligible", "adoption", "realisable", "cashable")
"""Of these more is better."""
KRONER = ("licence_kr", "support_kr", "trial_kr")
"""These have a price level."""
COSTS = ("checking_minutes", "extra_minutes", "training_hours", *KRONER)
"""Of these less is better."""
LATER = ("extra_minutes", "trial_kr", "price_level", "takes_effect", "account", "owner")
"""Keys that a registration made before them has not."""


class Post(Frozen):
    """How many hours one full-time post is, by one definition of them."""

    name: str = Field(min_length=1)
    """Which hours: all that are paid, or those left after holidays."""
    hours: Annotated[Finite, Field(gt=0)]
    """Hours a year."""
    source: str = Field(min_length=1)
    """Where it comes from."""
    date: Day
    """When that was found out."""


class Rates(Frozen):
    """What is the same for all trials. Mirrors `configs/economics.toml`."""

    price_level: Year
    """The year in whose prices results are told."""
    hour_kr: Assumption
    """Kroner an hour of an employee's time, in those prices."""
    posts: tuple[Post, ...] = Field(min_length=2)
    """How many hours a post is, under two definitions or more; the first is told first."""
    discount_rate: Annotated[Finite, Field(ge=0, le=0.2)] = 0.0
    """Discount rate a year; 0 is off."""
    price_index: PriceIndex | None = None
    """What prices were; needed where a trial's kroner are in the prices of another year."""
