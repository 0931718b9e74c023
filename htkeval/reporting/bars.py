"""The budget's years: what is booked, how much of it is documented, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.reporting.sentences import as_text
from htkeval.reporting.tables import Table
from htkeval.supported import Supported
from htkeval.text import Text, say

THOUSAND = 1000.0


@dataclass(frozen=True)
class BarYear:
    """One year, in thousands of kroner; a saving is above nought."""

    year: int
    """Which."""
    booked: float
    """What the budget expects."""
    documented: float
    """What the evidence carries."""
    low: float
    """The same with every assumption low."""
    high: float
    """The same with every assumption high."""
    missing: float
    """What is booked and not carried."""


@dataclass(frozen=True)
class Bars:
    """Each year with a saving booked."""

    years: tuple[BarYear, ...]
    """From the top."""
    price_level: int
    """The year in whose prices they are."""

    @property
    def caption(self) -> Text:
        """What is shown, with its unit."""
        return say(
            "Documented saving against the budget, 1,000 kr., {year} prices",
            year=str(self.price_level),
        )

    @property
    def alt(self) -> Text:
        """The chart in a sentence, for those who do not see it."""
        parts = {f"part{n}": _told(one) for n, one in enumerate(self.years)}
        template = "; ".join("{" + name + "}" for name in parts)
        return Text("{caption}: " + template + ".", {"caption": self.caption, **parts})

    def table(self) -> Table:
        """The same figures as a table."""
        head = (
            say("Year"), say("Booked"), say("Documented"), say("All low"), say("All high"),
            say("Missing"),
        )  # fmt: skip
        body = tuple(
            (
                as_text(str(one.year)),
                *map(figure, (one.booked, one.documented, one.low, one.high, one.missing)),
            )
            for one in self.years
        )
        return Table(self.caption, head, body, figures=True)


def figure(thousands: float) -> Text:
    """An amount as the chart writes it."""
    return say("{n:#,##0}", n=round(thousands) + 0.0)


def _told(one: BarYear) -> Text:
    return say(
        "{year}: {documented} documented of {booked}, between {low} and {high}, {missing} missing",
        year=str(one.year), documented=figure(one.documented), booked=figure(one.booked),
        low=figure(one.low), high=figure(one.high), missing=figure(one.missing),
    )  # fmt: skip


def bars(found: Supported) -> Bars | None:
    """The booked years; None where no saving is booked."""
    years = tuple(
        BarYear(
            year=one.year,
            booked=one.booked_kr / THOUSAND,
            documented=one.kr.expected / THOUSAND,
            low=one.kr.low / THOUSAND,
            high=one.kr.high / THOUSAND,
            missing=one.missing_kr / THOUSAND,
        )
        for one in found.years
        if one.booked_kr > 0
    )
    return Bars(years, found.price_level) if years else None
