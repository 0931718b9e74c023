"""Who a workspace is for: its areas, and which programme claims which gain."""

from __future__ import annotations

from datetime import date as Day
from typing import Literal, Self

from pydantic import Field, model_validator

from htkeval.frozen import Contradiction, Finite, Frozen
from htkeval.money import Year
from htkeval.text import Language

SizeClass = Literal["under_20000", "20000_to_50000", "50000_to_100000", "over_100000"]
"""How many people live in a municipality, so roughly that it does not say which it is."""


def same(one: str, other: str) -> bool:
    """Whether two names mean the same: case and outer spaces do not matter."""
    return one.strip().casefold() == other.strip().casefold()


class Area(Frozen):
    """A part of the municipality, and who is sent what matters to it."""

    name: str = Field(min_length=1)
    """What it is called, as in a trial's `area`."""
    owner: str = Field(min_length=1)
    """Which role answers for it; no name of a person."""


class Gain(Frozen):
    """A gain that a programme counts on: a trial's, or that of an account in an area."""

    trial: str | None = Field(default=None, min_length=1)
    """The trial's id; None where account and area say which."""
    account: str | None = Field(default=None, min_length=1)
    """On which account it arises; None where a trial says which."""
    area: str | None = Field(default=None, min_length=1)
    """In which area; always with an account."""
    kr: Finite | None = None
    """Kroner a year; None: not stated."""
    price_level: Year | None = None
    """The year in whose prices they are."""
    source: str | None = Field(default=None, min_length=1)
    """Who says so, and where it stands."""
    date: Day | None = None
    """When it was looked up."""

    @model_validator(mode="after")
    def _one_gain(self) -> Self:
        placed = (self.account is not None, self.area is not None)
        if any(placed) == (self.trial is not None) or any(placed) != all(placed):
            raise Contradiction("a gain is that of a trial, or of an account in an area")
        known = (self.price_level, self.source, self.date)
        if self.kr is not None and None in known:
            raise Contradiction("kr takes a price_level, a source and a date")
        return self


class Programme(Frozen):
    """A programme of the municipality that counts on gains."""

    name: str = Field(min_length=1)
    """What it is called."""
    owner: str | None = Field(default=None, min_length=1)
    """Which role answers for it; None: not stated."""
    gains: tuple[Gain, ...] = ()
    """Which gains it claims; none: nobody has said so yet."""


class Municipality(Frozen):
    """Who this is for. Mirrors `configs/municipality.toml`."""

    name: str = Field(min_length=1)
    """The municipality."""
    committee: str = Field(min_length=1)
    """Who decides."""
    language: Language = "da"
    """Language of screens and papers where nobody chose another."""
    size: SizeClass | None = None
    """How many live here, roughly; stands in what other municipalities are told of a trial."""
    updated: Day
    """When this was last looked through."""
    areas: tuple[Area, ...] = ()
    """Its parts, each with who is sent what matters to it."""
    programmes: tuple[Programme, ...] = ()
    """Its programmes, and the gains that each claims."""

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        for key, named in (("areas", self.areas), ("programmes", self.programmes)):
            names = [one.name.strip().casefold() for one in named]
            if len(set(names)) < len(names):
                raise Contradiction("{key}: each has a name of its own", key=key)
        return self

    def area(self, name: str) -> Area | None:
        """The area of a name; None where it is not among those that are stated."""
        return next((one for one in self.areas if same(one.name, name)), None)
