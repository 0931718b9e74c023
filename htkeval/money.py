"""Kroner of one year's prices, which are added to nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date as Day
from typing import Annotated

from pydantic import Field

from htkeval.errors import Problem, Refused
from htkeval.frozen import Finite, Frozen
from htkeval.text import say

Year = Annotated[int, Field(ge=2000, le=2100)]
"""A calendar year, which is a budget year too."""


class Money(Frozen):
    """An amount in the prices of one year."""

    kr: Finite
    """Kroner."""
    price_level: Year
    """The year in whose prices it is."""


class PriceIndex(Frozen):
    """What prices were each year, for converting one year's kroner into another's."""

    source: str = Field(min_length=1)
    """Who publishes it."""
    date: Day
    """When it was looked up: forecasts of it change."""
    years: dict[Year, Annotated[Finite, Field(gt=0)]]
    """By year: the index, on any base."""


def total(amounts: Iterable[Money], *, price_level: int) -> Money:
    """The sum of amounts that are all in the prices of one year.

    Raises:
        Refused: One is in the prices of another year.

    Example:
        >>> total([Money(kr=600, price_level=2025), Money(kr=-275, price_level=2025)],
        ...       price_level=2025).kr
        325.0
    """
    kr = 0.0
    for amount in amounts:
        if amount.price_level != price_level:
            raise Refused(
                Problem(
                    say("a sum of kroner"),
                    say("prices of {one} among prices of {other}", one=str(amount.price_level),
                        other=str(price_level)),
                    say("prices of one year"),
                    say("Convert the amount with a dated index of prices first."),
                )
            )  # fmt: skip
        kr += amount.kr
    return Money(kr=kr, price_level=price_level)


def converted(amount: Money, to: int, index: PriceIndex | None) -> Money:
    """An amount in the prices of another year.

    Args:
        amount: What it was.
        to: The year in whose prices it is wanted.
        index: What prices were; not needed where nothing is to be converted.

    Raises:
        Refused: There is no index, or it does not tell of one of the years.

    Example:
        >>> prices = PriceIndex(source="invented", date="2026-01-01", years={2025: 100, 2026: 103})
        >>> converted(Money(kr=1000, price_level=2025), 2026, prices).kr
        1030.0
    """
    if amount.price_level == to:
        return amount
    years = {} if index is None else index.years
    for year in (amount.price_level, to):
        if year not in years:
            raise Refused(
                Problem(
                    "configs/economics.toml, price_index",
                    say("no index of the prices of {year}", year=str(year)),
                    say("an index of the prices of both years, with source and date"),
                    say("Add it, or state the amount in prices of {to}.", to=str(to)),
                )
            )
    return Money(kr=amount.kr * years[to] / years[amount.price_level], price_level=to)
