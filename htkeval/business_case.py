"""From measured minutes to kroner, step by step, each a span; what is not known stays unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from typing import ClassVar, Literal

from pydantic import Field

from htkeval.earlier import Earlier
from htkeval.frozen import Finite, Spoken
from htkeval.knowing import Knowing
from htkeval.money import Year

Unit = Literal["min", "h", "tasks", "share", "kr", "posts"]


@dataclass(frozen=True, slots=True)
class Span:
    """A figure at its least favourable, as expected, and at its most favourable.

    A hundred trials make thousands of them for one table, so it is no model that checks itself.
    """

    low: Finite
    """At the least favourable."""
    expected: Finite
    """Most likely."""
    high: Finite
    """At the most favourable."""


class Step(Spoken):
    """One line of the table: something assumed or measured, or what follows from those above."""

    word: ClassVar[str] = "label"

    id: str
    """Its name in files."""
    given: bool
    """Whether it comes from outside: measured or assumed; else it follows from the lines above."""
    unit: Unit
    """What it is counted in; hours, tasks, kroner and posts are a year's, minutes a task's."""
    low: Finite | None
    """At the least favourable: of what is paid the largest. None where it is not known."""
    expected: Finite | None
    """Most likely."""
    high: Finite | None
    """At the most favourable."""
    source: str | None = None
    """Where a given figure comes from."""
    date: Day | None = None
    """When that was found out."""
    missing: tuple[str, ...] = ()
    """Which given figures it lacks, by their names in files, where it is not known."""


@dataclass(frozen=True, slots=True)
class YearOfGain:
    """What one budget year gains; in the budget's own signs it is turned round.

    As `Span`, one of very many.
    """

    year: Year
    """Which."""
    share: Finite
    """How much of the year the tool is in use, 0 to 1."""
    kr: Span | None
    """Kroner gained, training taken off in the first year; None where it is not known. What the
    trial itself cost is not in it, for the pool paid for that."""


class BusinessCase(Spoken):
    """What a trial's measured effect would be worth in a year, were the tool scaled.

    Its sentence says what it comes to, or what is not known.
    """

    word: ClassVar[str] = "summary"

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
    trial: str
    """The trial's id."""
    analysis: str | None
    """SHA-256 of the analysis; None where nothing was stored."""
    simulated: bool
    """Whether it rests on invented measurements."""
    price_level: Year
    """The year in whose prices all of it is."""
    area: str
    """Where the gain arises."""
    account: str | None
    """On which account it is booked; None: not decided."""
    owner: str | None
    """Who answers for it; None: not decided."""
    steps: tuple[Step, ...]
    """From minutes to kroner."""
    years: tuple[YearOfGain, ...]
    """By budget year."""
    knowing: Knowing | None = None
    """What it would be worth to know more; None where no minutes are told."""
    earlier: tuple[Earlier, ...] = ()
    """What other trials' bookings in the area, or of the kind of tool, gave: in no sum."""

    def step(self, name: str) -> Step:
        """One line by its name."""
        return next(one for one in self.steps if one.id == name)

    @property
    def halved_at(self) -> float | None:
        """The share of employees who use it at which half the expected net kroner are left, costs
        as they are; None where a line is not known, or there is no gain to halve.

        Kroner before costs follow the share, g(u') = g u' / u, and g(u') - c = (g - c) / 2.
        """
        lines = {one.id: one.expected for one in self.steps}
        share, gross, net = (lines.get(name) for name in ("adoption", "gross_kr", "net_kr"))
        if share is None or gross is None or net is None or net <= 0 or gross <= 0:
            return None
        return share * (1 - net / (2 * gross))
