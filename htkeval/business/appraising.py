"""What a budget comes to over its years."""

from __future__ import annotations

from htkeval.budget import Appraisal, Budget, BudgetYear

MONTHS = 12
EVEN = 1e-9
"""Of the largest amount: sums of twelfths do not come to nought exactly."""


def appraise(budget: Budget, *, rate: float = 0.0) -> Appraisal:
    """What does a budget come to, what is that worth today, and when is it even?

    Args:
        budget: Amounts by year.
        rate: Discount rate a year, 0.035 for 3.5 %; the first year is the base and not discounted.

    Source: net present value at year ends, t = 0 for the first year; months by even twelfths.
    """
    years = tuple(_year(budget, year) for year in budget.years)
    return Appraisal(
        years=years,
        total=sum(one.net for one in years),
        present_value=sum(one.net / (1 + rate) ** t for t, one in enumerate(years)),
        rate=rate,
        break_even=_even(years),
    )


def _year(budget: Budget, year: int) -> BudgetYear:
    spent, saved = (
        sum(line.amounts.get(year, 0.0) for line in budget.lines if line.kind == kind)
        for kind in ("investment", "saving")
    )
    posts = sum(line.posts.get(year, 0.0) for line in budget.lines)
    return BudgetYear(year=year, investment=spent, saving=saved, net=spent + saved, posts=posts)


def _even(years: tuple[BudgetYear, ...]) -> tuple[int, int] | None:
    """The month after the last in which more had been spent than saved."""
    so_far, owed = 0.0, -1
    places: list[tuple[int, int]] = []
    for one in years:
        for month in range(1, MONTHS + 1):
            so_far += one.net / MONTHS
            if so_far > EVEN * max(abs(each.net) for each in years):
                owed = len(places)
            places.append((one.year, month))
    return places[owed + 1] if 0 <= owed < len(places) - 1 else None
