"""What has been booked, in the budget's own form and signs: a saving is negative."""

from __future__ import annotations

from datetime import date as Day
from typing import Literal, Self

from pydantic import Field, model_validator

from htkeval.frozen import Contradiction, Finite, Frozen
from htkeval.money import Year

LineKind = Literal["saving", "investment"]


class BudgetLine(Frozen):
    """One line of the budget. Where a gain has no place yet, it says so by leaving it out."""

    id: str = Field(min_length=1)
    """The line's id."""
    text: str = Field(min_length=1)
    """What it is called there."""
    kind: LineKind
    """Whether it is to be saved or to be spent."""
    amounts: dict[Year, Finite]
    """By year: the amount in the budget's unit; (-) is less spent, (+) is more."""
    posts: dict[Year, Finite] = Field(default_factory=dict)
    """By year: change in the number of full-time posts."""
    area: str | None = None
    """In which area."""
    account: str | None = None
    """On which account."""
    owner: str | None = None
    """Who answers for it."""
    programme: str | None = None
    """Under which programme of `municipality.toml` it stands."""

    @model_validator(mode="after")
    def _signs(self) -> Self:
        amounts = self.amounts.values()
        if self.kind == "saving" and any(n > 0 for n in amounts):
            raise Contradiction("{id}: a saving is negative in the budget's signs", id=self.id)
        if self.kind == "investment" and any(n < 0 for n in amounts):
            raise Contradiction("{id}: an investment is positive in the budget's signs", id=self.id)
        return self


class Budget(Frozen):
    """What has been booked for AI. Mirrors `configs/budget.toml`."""

    price_level: Year
    """The year in whose prices all of it is."""
    unit_kr: int = Field(default=1000, ge=1)
    """Kroner in one unit of its amounts."""
    years: tuple[Year, ...] = Field(min_length=1)
    """The budget year and those of the forecast, in order."""
    source: str = Field(min_length=1)
    """Which budget."""
    date: Day
    """When it was adopted or looked up."""
    lines: tuple[BudgetLine, ...] = Field(min_length=1)
    """What is in it."""

    @model_validator(mode="after")
    def _one_course(self) -> Self:
        first = self.years[0]
        if self.years != tuple(range(first, first + len(self.years))):
            raise Contradiction("years: they follow one another")
        ids = [line.id for line in self.lines]
        if len(set(ids)) < len(ids):
            raise Contradiction("lines: each has an id of its own")
        for line in self.lines:
            outside = sorted({*line.amounts, *line.posts} - set(self.years))
            if outside:
                raise Contradiction(
                    "{id}: {year} is outside the budget's years", id=line.id, year=str(outside[0])
                )
        return self


class BudgetYear(Frozen):
    """One year's figures, in the budget's unit and signs."""

    year: Year
    """Which."""
    investment: Finite
    """What is to be spent."""
    saving: Finite
    """What is to be saved."""
    net: Finite
    """Both together."""
    posts: Finite
    """Change in the number of full-time posts."""


class Appraisal(Frozen):
    """What a budget comes to."""

    years: tuple[BudgetYear, ...]
    """Each year."""
    total: Finite
    """All years together, not discounted, in the budget's unit."""
    present_value: Finite
    """The same in the first year's value, each later year discounted."""
    rate: Finite
    """Discount rate a year."""
    break_even: tuple[int, int] | None
    """Year and month from which no more is spent than saved, with each year's amount even over its
    months; None where it never comes, or where nothing is spent first."""
