"""Where the measured hours go, as a chart before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.business_case import BusinessCase, Span
from htkeval.reporting.numbers import number
from htkeval.reporting.sentences import tasks
from htkeval.reporting.tables import NOTHING, Table
from htkeval.text import Text, say
from htkeval.trial import Trial
from htkeval.waterfall import Fall, waterfall


@dataclass(frozen=True)
class Drop:
    """One row: a sum, or a step down from the row above."""

    name: Text
    """What it is."""
    start: float
    """Hours where it begins."""
    end: float
    """Hours where it ends."""
    whole: bool
    """Whether it is a sum."""

    @property
    def figure(self) -> Text:
        """Its hours: of a sum how many, of a step how many it takes."""
        if self.whole:
            return say("{n:#,##0} hours", n=round(self.end) + 0.0)
        return number(self.end - self.start, 0, signed=True)


@dataclass(frozen=True)
class Falling:
    """Every row from the top, and the span of the last."""

    caption: Text
    """What is shown, with its unit."""
    drops: tuple[Drop, ...]
    """From the top."""
    home: Span
    """Hours that can be taken home, from the least to the most favourable."""

    @property
    def span_name(self) -> Text:
        """What the span is."""
        return say("span of what can be taken home")

    @property
    def span_told(self) -> Text:
        """Its ends in words."""
        return say("low {low}, high {high}", low=hours(self.home.low), high=hours(self.home.high))

    @property
    def alt(self) -> Text:
        """The chart in a sentence, for those who do not see it."""
        parts = {
            f"row{n}": Text("{name} {figure}", {"name": one.name, "figure": one.figure})
            for n, one in enumerate(self.drops)
        }
        template = "; ".join("{" + name + "}" for name in parts)
        return say(
            "{caption}: {rows}; {span}: {told}.",
            caption=self.caption,
            rows=Text(template, {**parts}),
            span=self.span_name,
            told=self.span_told,
        )

    def table(self) -> Table:
        """The same figures as a table."""
        head = (say("Step"), say("Hours a year"), say("Left"))
        body = [
            (one.name, NOTHING if one.whole else one.figure, hours(one.end)) for one in self.drops
        ]
        body.append((self.span_name, NOTHING, self.span_told))
        return Table(self.caption, head, tuple(body), figures=True)


def hours(value: float) -> Text:
    """Whole hours."""
    return number(value, 0)


def falling(trial: Trial, case: BusinessCase) -> Falling | None:
    """The chart of one trial; None where a step is not known."""
    found = waterfall(case)
    if found is None:
        return None
    many = found.tasks, found.eligible, found.adoption
    drops = tuple(
        Drop(_name(trial, case, one, *many), one.start, one.end, one.whole) for one in found.falls
    )
    caption = say("From measured time to hours that can be taken home, a year")
    return Falling(caption, drops, found.home)


def _name(
    trial: Trial, case: BusinessCase, fall: Fall, many: float, eligible: float, adoption: float
) -> Text:
    if fall.of == "measured":
        return say("Measured on all {n:#,##0} {tasks}", n=many, tasks=tasks(trial))
    if fall.of == "eligible":
        return say("− tasks that it does not suit ({n:0} %)", n=100 * (1 - eligible))
    if fall.of == "adoption":
        return say("− employees who do not use it ({n:0} %)", n=100 * (1 - adoption))
    if fall.of in ("realisable", "cashable"):
        share = 100 * (1 - (case.step(fall.of).expected or 0.0))
        if fall.of == "realisable":
            return say("− minutes that cannot be gathered ({n:0} %)", n=share)
        return say("− used for something else than the budget ({n:0} %)", n=share)
    return _NAMES[fall.of]


_NAMES: dict[str, Text] = {
    "checking_minutes": say("− checking and correcting"),
    "extra_minutes": say("− tasks made only because of the tool"),
    "net_hours": say("Time saved in all"),
    "cashable_hours": say("Can be taken home"),
}
