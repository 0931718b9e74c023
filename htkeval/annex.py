"""The annex: what chance makes of a business case. The table is the answer; this stands beside."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from htkeval.frozen import Finite, Frozen, Share
from htkeval.money import Year


class Swing(Frozen):
    """How far one given figure alone moves the net kroner of a year."""

    id: str
    """The figure's name in files."""
    low_kr: Finite
    """Net kroner with it at its least favourable, everything else as expected."""
    high_kr: Finite
    """The same at its most favourable."""


class Chances(Frozen):
    """Net kroner of a year over many draws of all that is not known for certain."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
    trial: str
    """The trial's id."""
    simulated: bool
    """Whether it rests on invented measurements."""
    price_level: Year
    """The year in whose prices it is."""
    draws: int
    """How many draws."""
    seed: int
    """What they were drawn from: the same seed gives the same figures."""
    mean_kr: Finite
    """Mean net kroner a year."""
    quantiles: dict[str, Finite]
    """Net kroner at the 5th, 25th, 50th, 75th and 95th of a hundred, by its name."""
    gain: Share
    """How many of the draws are above nought."""
    swings: tuple[Swing, ...]
    """The tornado: each given figure, the one that moves most first."""


class YearChance(Frozen):
    """The chance of one booked year."""

    year: Year
    """Which."""
    reached: Share
    """How many of the draws reach what is booked."""
    unknown: tuple[str, ...]
    """Trials that count and whose kroner are not known: they are taken to give nothing."""


class BudgetChances(Frozen):
    """How likely the trials that count reach each booked year."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
    simulated: bool
    """Whether any of it rests on invented measurements."""
    draws: int
    """How many draws."""
    seed: int
    """What they were drawn from."""
    years: tuple[YearChance, ...]
    """Each year with a saving booked."""
