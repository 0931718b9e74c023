"""How much of each booked year the evidence carries, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from typing import ClassVar, Literal

from pydantic import Field

from htkeval.budget import Appraisal
from htkeval.business_case import Span
from htkeval.decision import Verdict
from htkeval.evidence import Level
from htkeval.frozen import Finite, Frozen, Spoken
from htkeval.money import Year


@dataclass(frozen=True, slots=True)
class Carried:
    """What one trial carries of one year; as `Span`, one of very many."""

    year: Year
    """Which."""
    kr: Span | None
    """Kroner gained; None where it is not known."""
    posts: Span | None
    """Full-time posts, by the first definition of one; None where they are not known."""
    kr_as_measured: Span | None
    """Kroner gained if the measured minutes are taken as they are, not drawn toward the prior."""


class Claim(Spoken):
    """That a programme counts on a trial's gain; its sentence says what, and where it is booked."""

    programme: str
    """Which programme."""
    owner: str | None
    """Which role answers for it; None: not stated."""
    kr: Finite | None
    """Kroner a year that it claims; None: not stated."""
    price_level: Year | None
    """The year in whose prices they are."""
    source: str | None
    """Who says so."""
    date: Day | None
    """When it was looked up."""
    booked_under: tuple[str, ...]
    """The programmes under which the budget's savings stand where this gain arises."""
    elsewhere: bool
    """Whether the budget has them under other programmes than the one that claims the gain."""


class TrialCarries(Spoken):
    """What one trial would give, and whether it counts; its sentence says why."""

    word: ClassVar[str] = "why"

    trial: str
    """The trial's id."""
    title: str
    """What it is called."""
    area: str
    """Where the gain arises."""
    account: str | None
    """On which account; None: not decided."""
    owner: str | None
    """Who answers for it; None: not decided."""
    level: Level | None
    """How well it was measured; None where nothing was analysed."""
    verdict: Verdict | None
    """What is recommended; None where nothing was analysed."""
    counts: bool
    """Whether the evidence may carry a saving."""
    shrunken: bool
    """Whether its minutes are drawn toward the prior; False where they are certain, unknown, or the
    minutes without the tool are withheld, and then they are taken as measured."""
    minutes: Span | None
    """Minutes saved a task as they count here; None where they are not known."""
    minutes_as_measured: Span | None
    """The same as measured."""
    missing: tuple[str, ...]
    """What is not stated, by its name in files, so that its kroner are not known."""
    years: tuple[Carried, ...]
    """By budget year."""
    claim: Claim | None = None
    """Which programme counts on its gain; None where none does."""
    kr_a_year: Span | None = None
    """Kroner gained in a whole year of use, whichever years these will be; None where it is not
    known."""


class YearCarried(Frozen):
    """One budget year: what is booked, what is carried, what is missing."""

    year: Year
    """Which."""
    booked_kr: Finite
    """Kroner to be saved."""
    booked_posts: Finite
    """Full-time posts fewer."""
    kr: Span
    """Kroner carried by trials that count."""
    posts: Span
    """Posts carried by trials that count."""
    kr_as_measured: Span
    """The same kroner if measured minutes are taken as they are, not drawn toward the prior."""
    missing_kr: Finite
    """What is booked and not carried, at what is expected; nothing where more is carried."""
    unknown: tuple[str, ...]
    """Trials that count and whose kroner are not known: they are in no sum."""
    realised_kr: Finite | None = None
    """Kroner realised in that year so far, of every booking, also of trials that do not count any
    more; None: nobody has said."""


class AreaYear(Frozen):
    """What one area carries of one year."""

    year: Year
    """Which."""
    kr: Span
    """Kroner carried by its trials that count and are known."""


class AreaCarries(Frozen):
    """What arises in one area, where it is to be taken home."""

    area: str
    """Which, as its trials call it."""
    trials: tuple[str, ...]
    """Its trials that count."""
    unknown: tuple[str, ...]
    """Those of them whose kroner are not known in some year."""
    years: tuple[AreaYear, ...]
    """By budget year."""


class Supported(Frozen):
    """The budget beside the evidence."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
    simulated: bool
    """Whether any of it rests on invented measurements."""
    price_level: Year
    """The year in whose prices all of it is."""
    source: str
    """Which budget."""
    unit_kr: int
    """Kroner in one unit of the appraisal's amounts."""
    appraisal: Appraisal
    """What the budget itself comes to, in its own unit and signs."""
    years: tuple[YearCarried, ...]
    """Each year."""
    trials: tuple[TrialCarries, ...]
    """Each trial."""
    areas: tuple[AreaCarries, ...] = ()
    """Each area with a trial that counts; their sums are those of the years."""
