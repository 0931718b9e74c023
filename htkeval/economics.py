"""What turns minutes into money, each number a span with its source."""

from collections.abc import Iterator
from datetime import date as Day
from typing import Annotated, Self

from pydantic import Field, model_validator

from htkeval.frozen import Contradiction, Finite, Frozen, Share
from htkeval.money import PriceIndex, Year
from htkeval.text import Text, say


class Assumption(Frozen):
    """A number that is not measured in the trial, as a span with its source."""

    low: Finite
    """What it is at the least favourable: of what is paid the largest."""
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
    extra_minutes: Assumption | None = None
    """Minutes a task, on average, for tasks that are made only because of the tool."""
    trial_kr: Assumption | None = None
    """Kroner for the trial itself, once."""
    minutes_a_task: Assumption | None = None
    """Minutes a task today, until the trial has measured them."""
    price_level: Year | None = None
    """The year in whose prices its kroner are."""
    takes_effect: Day | None = None
    """From which day the tool would be in use in the whole area."""
    account: str | None = None
    """On which account of the budget the gain is booked."""
    owner: str | None = None
    """Who answers for it."""


GAINS = ("tasks_a_year", "eligible", "adoption", "realisable", "cashable")
"""Of these more is better."""
KRONER = ("licence_kr", "support_kr", "trial_kr")
"""These have a price level."""
COSTS = ("checking_minutes", "extra_minutes", "training_hours", *KRONER)
"""Of these less is better."""
LATER = (
    "extra_minutes",
    "trial_kr",
    "minutes_a_task",
    "price_level",
    "takes_effect",
    "account",
    "owner",
)
"""Keys that a registration made before them has not."""


def faults(of: Economics) -> Iterator[tuple[str, Text]]:
    """What of the assumptions cannot be, by key: no promise is made on it, and no sum.

    Asked where a promise is made, not where a file is read: a promise that was made before anybody
    asked stays readable, and what is wrong in it is not known.
    """
    for name in (*GAINS, *COSTS, "minutes_a_task"):
        given: Assumption | None = getattr(of, name)
        if given is None:
            continue
        least, most = (given.high, given.low) if name in COSTS else (given.low, given.high)
        if min(given.low, given.expected, given.high) < 0:
            yield name, say("{key}: below nought", key=name)
        elif least > most and name in COSTS:
            yield name, say("{key}: low is the least favourable, the largest", key=name)
        elif least > most:
            yield name, say("{key}: low is the least favourable, the smallest", key=name)
        elif not least <= given.expected <= most:
            yield name, say("{key}: expected lies between low and high", key=name)
    if of.takes_effect is not None and not 2000 <= of.takes_effect.year <= 2100:
        yield "takes_effect", say("takes_effect: a day from 2000 to 2100")
    if of.price_level is None:
        for name in KRONER:
            if getattr(of, name) is not None:
                yield "price_level", say("price_level: kroner are in the prices of a year")
                return


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


class Horizon(Frozen):
    """Over how many years the choice of a tool counts."""

    years: Annotated[Finite, Field(gt=0, le=20)]
    """How many, before it is replaced or chosen anew."""
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
    horizon: Horizon | None = None
    """Over how many years a choice counts; None: what more knowledge is worth is not known."""

    @model_validator(mode="after")
    def _an_hour_has_a_price(self) -> Self:
        hour = self.hour_kr
        if not 0 <= hour.low <= hour.expected <= hour.high:
            raise Contradiction("hour_kr: low, expected and high rise from nought")
        return self
