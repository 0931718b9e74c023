"""The lines of a business case, in order: what each is counted in, and how it follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from htkeval.business.spans import cost, less, scaled, taken_home, times
from htkeval.business_case import Span, Unit
from htkeval.economics import Rates
from htkeval.text import Text, say

Known = Mapping[str, Any]
"""By a line's name: an assumption where it is given from outside, a span where it follows."""

MINUTES_AN_HOUR = 60


@dataclass(frozen=True)
class Line:
    """One line."""

    id: str
    """Its name in files."""
    unit: Unit
    """What it is counted in."""
    label: Text
    """What it is called."""
    of: tuple[str, ...] = ()
    """The lines it follows from; none where it is given from outside."""
    follows: Callable[[Known], Span] | None = None
    """How."""


def lines(rates: Rates) -> tuple[Line, ...]:
    """Every line from measured minutes to kroner; posts by each definition of a post."""
    return (*_HOURS, *_posts(rates), *_KRONER)


def _net_hours(known: Known) -> Span:
    a_year: Span = known["net_minutes"]
    for name in ("tasks_a_year", "eligible", "adoption"):
        a_year = times(a_year, known[name])
    return scaled(a_year, 1 / MINUTES_AN_HOUR)


def _less(known: Known, gain: str, *costs: str) -> Span:
    left: Span = known[gain]
    for name in costs:
        left = less(left, known[name])
    return left


def _posts(rates: Rates) -> tuple[Line, ...]:
    def by(hours: float) -> Callable[[Known], Span]:
        return lambda known: scaled(known["cashable_hours"], 1 / hours)

    return tuple(
        Line(
            f"posts_{number}",
            "posts",
            say("Full-time posts, at {hours:#,##0} hours ({name})", hours=one.hours, name=one.name),
            ("cashable_hours",),
            by(one.hours),
        )
        for number, one in enumerate(rates.posts, start=1)
    )


_HOURS = (
    Line("measured_minutes", "min", say("Minutes saved a task, as measured")),
    Line("checking_minutes", "min", say("Minutes a task for checking and correcting")),
    Line("extra_minutes", "min", say("Minutes a task for tasks made only because of the tool")),
    Line(
        "net_minutes",
        "min",
        say("Net minutes a task"),
        ("measured_minutes", "checking_minutes", "extra_minutes"),
        lambda known: _less(known, "measured_minutes", "checking_minutes", "extra_minutes"),
    ),
    Line("tasks_a_year", "tasks", say("Tasks a year")),
    Line("eligible", "share", say("Share of tasks that the tool suits")),
    Line("adoption", "share", say("Share of employees who use it")),
    Line(
        "net_hours",
        "h",
        say("Net hours a year"),
        ("net_minutes", "tasks_a_year", "eligible", "adoption"),
        _net_hours,
    ),
    Line("realisable", "share", say("Share that can be gathered into whole hours")),
    Line(
        "realisable_hours",
        "h",
        say("Hours that can be gathered"),
        ("net_hours", "realisable"),
        lambda known: taken_home(known["net_hours"], known["realisable"]),
    ),
    Line("cashable", "share", say("Share of them that is taken out of the budget")),
    Line(
        "cashable_hours",
        "h",
        say("Hours taken out of the budget"),
        ("realisable_hours", "cashable"),
        lambda known: taken_home(known["realisable_hours"], known["cashable"]),
    ),
)

_KRONER = (
    Line("hour_kr", "kr", say("Kroner an hour")),
    Line(
        "gross_kr",
        "kr",
        say("Kroner a year before costs"),
        ("cashable_hours", "hour_kr"),
        lambda known: times(known["cashable_hours"], known["hour_kr"]),
    ),
    Line("licence_kr", "kr", say("Licences a year")),
    Line("support_kr", "kr", say("Support a year")),
    Line(
        "net_kr",
        "kr",
        say("Net kroner a year"),
        ("gross_kr", "licence_kr", "support_kr"),
        lambda known: _less(known, "gross_kr", "licence_kr", "support_kr"),
    ),
    Line("training_hours", "h", say("Hours of training, once")),
    Line(
        "training_kr",
        "kr",
        say("Kroner for training, once"),
        ("training_hours", "hour_kr"),
        lambda known: times(cost(known["training_hours"]), known["hour_kr"]),
    ),
    Line("trial_kr", "kr", say("The trial itself, once")),
    Line(
        "once_kr",
        "kr",
        say("Kroner once, in all"),
        ("training_kr", "trial_kr"),
        lambda known: _less(known, "training_kr", "trial_kr"),
    ),
)
