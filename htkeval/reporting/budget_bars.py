"""The booked years as bars: how much of each the evidence carries, and how much is missing."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.reporting.numbers import whole
from htkeval.reporting.sentences import as_text
from htkeval.reporting.tables import Table
from htkeval.supported import Supported, YearCarried
from htkeval.text import Text, say

THOUSAND = 1000


@dataclass(frozen=True)
class Bar:
    """One booked year, in thousands of kroner."""

    year: str
    """Which."""
    booked: float
    """What is to be saved."""
    carried: float
    """What the evidence carries, best estimate; below nought where it shows a loss."""
    low: float
    """The same at the least favourable."""
    high: float
    """At the most favourable."""
    missing: float
    """What is booked and not carried."""


@dataclass(frozen=True)
class BudgetBars:
    """Every booked year, one below the other."""

    caption: Text
    """What is shown, with its unit."""
    bars: tuple[Bar, ...]
    """The earliest first."""

    @property
    def alt(self) -> Text:
        """The chart in a sentence, for those who do not see it."""
        parts = {
            f"year{n}": say(
                "{year}: {carried} of {booked}, between {low} and {high}; {missing} missing",
                year=bar.year,
                **{name: whole(getattr(bar, name)) for name in _FIGURES},
            )
            for n, bar in enumerate(self.bars)
        }
        template = "; ".join("{" + name + "}" for name in parts)
        return Text("{caption}: " + template + ".", {"caption": self.caption, **parts})

    def table(self) -> Table:
        """The same figures as a table."""
        head = (
            say("Year"), say("The budget expects"), say("Evidence for"), say("Low"), say("High"),
            say("Missing"),
        )  # fmt: skip
        body = tuple(
            (as_text(bar.year), *(whole(getattr(bar, name)) for name in _COLUMNS))
            for bar in self.bars
        )
        return Table(self.caption, head, body, figures=True)


_FIGURES = ("carried", "booked", "low", "high", "missing")
_COLUMNS = ("booked", "carried", "low", "high", "missing")


def bars(found: Supported) -> BudgetBars | None:
    """The chart of what is booked; None where nothing is."""
    booked = tuple(_bar(one) for one in found.years if one.booked_kr > 0)
    if not booked:
        return None
    caption = say(
        "Saving with evidence for it, by year, 1,000 kr., {level} prices",
        level=str(found.price_level),
    )
    return BudgetBars(caption, booked)


def _bar(one: YearCarried) -> Bar:
    return Bar(
        year=str(one.year),
        booked=one.booked_kr / THOUSAND,
        carried=one.kr.expected / THOUSAND,
        low=one.kr.low / THOUSAND,
        high=one.kr.high / THOUSAND,
        missing=one.missing_kr / THOUSAND,
    )
