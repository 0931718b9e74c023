"""How the estimate moved as measurements came in, and what it took to stop at each look."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.effect import Scale
from htkeval.in_groups import InGroups, Passed
from htkeval.reporting.numbers import number
from htkeval.reporting.pictures import Domain, round_domain
from htkeval.reporting.tables import NOTHING, Table
from htkeval.reporting.ways import caption, directions, goal, shower
from htkeval.text import Text, say
from htkeval.trial import Trial

TALLEST = 4.0
"""How many times as far as looks, bounds and goal the axis may reach; the band is cut there."""


@dataclass(frozen=True)
class Moment:
    """The estimate at one moment, in the axis' unit."""

    rows: int
    """Measurements by then."""
    estimate: float
    """The estimate."""
    ends: tuple[float, float]
    """Its interval, which holds at all moments at once."""


@dataclass(frozen=True)
class At:
    """A planned look, in the axis' unit."""

    look: Passed
    """Which."""
    estimate: float
    """What it found."""
    bounds: tuple[float, float]
    """Outside of these the trial could stop."""


@dataclass(frozen=True)
class Course:
    """Chart 8: a band, a line, looks and their bounds."""

    caption: Text
    """What the height is, with its unit."""
    moments: tuple[Moment, ...]
    """From left to right; none where no such interval holds."""
    looks: tuple[At, ...]
    """The looks that were taken."""
    domain: Domain
    """The axis upwards."""
    step: float
    """Between two of its ticks."""
    line: float | None
    """The worthwhile effect, in the axis' unit."""
    last: int
    """Measurements at the right end."""

    @property
    def alt(self) -> Text:
        """The chart in a sentence, for those who do not see it."""
        told = tuple(
            say("after {n:#,##0} measurements {what}", n=one.look.rows, what=self.said(one))
            for one in self.looks
        )
        return say("{caption}, as measurements came in: {looks}.", caption=self.caption, looks=told)

    def figure(self, value: float) -> Text:
        """A figure as the chart writes it."""
        return number(value, 1 if round(abs(value), 1) < 10 else 0, signed=True)

    def said(self, at: At) -> Text:
        """What a look found, and whether that was beyond its limit."""
        found = self.figure(at.estimate)
        if at.look.crossed:
            return say("{change}, limit passed", change=found)
        return say("{change}, limit not passed", change=found)

    def table(self) -> Table:
        """The same figures as a table."""
        head = (
            say("Measurements"),
            say("Estimate"),
            say("From"),
            say("To"),
            say("Limits of the look"),
        )
        body = [
            (
                say("{n:#,##0}", n=one.rows),
                *(self.figure(value) for value in (one.estimate, *one.ends)),
                NOTHING,
            )
            for one in self.moments
        ]
        for at in self.looks:
            low, high = map(self.figure, at.bounds)
            limits = Text("{low}; {high}", {"low": low, "high": high})
            name = say("{n:#,##0}, look {k}", n=at.look.rows, k=at.look.k)
            body.append((name, self.figure(at.estimate), NOTHING, NOTHING, limits))
        return Table(self.caption, head, tuple(body), figures=True)


def course(trial: Trial, found: InGroups) -> Course | None:
    """Chart 8: what was seen at the looks, and between them what holds at any moment; None where
    no look was taken."""
    if not found.looks:
        return None
    scale: Scale = found.scale
    shown = shower(trial, scale)
    moments = tuple(
        Moment(one.rows, shown(one.estimate), (shown(one.ci[0]), shown(one.ci[1])))
        for one in found.followed
    )
    looks = tuple(
        At(one, shown(one.estimate), (shown(one.bounds[0]), shown(one.bounds[1])))
        for one in found.looks
    )
    line = goal(trial, scale)
    needed = [0.0, *(v for at in looks for v in (at.estimate, *at.bounds))]
    needed += [line] if line is not None else []
    reach = TALLEST * max(map(abs, needed))
    band = [min(max(end, -reach), reach) for one in moments for end in one.ends]
    domain, step = round_domain(min(*needed, *band), max(*needed, *band), side=0.05)
    last = max([*(one.rows for one in moments), *(at.look.rows for at in looks)])
    return Course(caption(trial, scale), moments, looks, domain, step, line, last)


def sides(trial: Trial) -> Text:
    """What it means to lie low or high."""
    low, high = directions(trial)
    return say("Down is {low}, up is {high}.", low=low, high=high)
