"""What a chart shows, before anything is drawn: rows, lines, labels, and the same as a table."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from htkeval.analysis import Analysis
from htkeval.effect import Effect
from htkeval.metric import Metric
from htkeval.reporting.numbers import digits, factor, number, per_cent
from htkeval.reporting.sentences import quoted, task, title
from htkeval.reporting.tables import NOTHING, Table
from htkeval.text import Text, say
from htkeval.trial import Trial

Domain = tuple[float, float]

CARD_DOMAIN: Domain = (-40.0, 20.0)
"""Per cent; all cards share one domain, which grows in tens for all of them."""
WIDEST: Domain = (-100.0, 200.0)
ROOM = 8.0
"""Per cent beside an interval's end, for its label."""


@dataclass(frozen=True)
class Row:
    """One row of a chart, in the unit of its axis."""

    name: Text
    """What the row is."""
    estimate: float
    """The best estimate, or what was expected."""
    ends: tuple[float, float] | None = None
    """The interval; None for what was not measured."""


@dataclass(frozen=True)
class Picture:
    """A chart as figures and words."""

    caption: Text
    """What is shown, with its unit."""
    rows: tuple[Row, ...]
    """From the top."""
    domain: Domain
    """The axis, from left to right."""
    step: float
    """Between two ticks."""
    decimals: int
    """Of every figure in it."""
    line: float | None
    """The worthwhile effect or the margin, in the axis' unit."""
    line_name: Text
    """What the line is called."""
    left: Text
    """What it means to lie left."""
    right: Text
    """What it means to lie right."""
    beyond: Text | None = None
    """What the area beyond the line is called; None where it is not marked."""

    @property
    def alt(self) -> Text:
        """The chart in a sentence, for those who do not see it."""
        parts = [self._told(row) for row in self.rows]
        if self.line is not None:
            line = {"name": self.line_name, "value": self.figure(self.line)}
            parts.append(Text("{name} {value}", {**line}))
        values = {f"part{index}": part for index, part in enumerate(parts)}
        template = "; ".join("{" + name + "}" for name in values)
        return Text("{caption}: " + template + ".", {"caption": self.caption, **values})

    def figure(self, value: float) -> Text:
        """A figure as the chart writes it: signed, with the chart's decimals."""
        return number(value, self.decimals, signed=True)

    def _told(self, row: Row) -> Text:
        name, estimate = row.name, self.figure(row.estimate)
        if row.ends is None:
            return Text("{name} {estimate}", {"name": name, "estimate": estimate})
        low, high = (self.figure(end) for end in row.ends)
        return say(
            "{name} {estimate}, between {low} and {high}",
            name=name,
            estimate=estimate,
            low=low,
            high=high,
        )

    def table(self) -> Table:
        """The same figures as a table."""
        head = (say("What"), say("Best estimate"), say("From"), say("To"))
        body = [
            (
                row.name,
                self.figure(row.estimate),
                *((self.figure(end) for end in row.ends) if row.ends else (NOTHING, NOTHING)),
            )
            for row in self.rows
        ]
        if self.line is not None:
            body.append((self.line_name, self.figure(self.line), NOTHING, NOTHING))
        return Table(self.caption, head, tuple(body), figures=True)


def card_domain(cases: Iterable[tuple[Trial, Analysis]]) -> Domain:
    """The one domain that fits every trial's interval, goal and zero, in tens."""
    low, high = CARD_DOMAIN
    for trial, analysis in cases:
        values = per_cent(analysis.confirmatory) if analysis.confirmatory else None
        if values is None:
            continue
        goal = 100 * (trial.primary.worthwhile or 0.0)
        low = min(low, values[1] - ROOM, goal - ROOM)
        high = max(high, values[2] + ROOM, goal + ROOM)
    tens = 10.0
    return (
        max(WIDEST[0], tens * math.floor(low / tens)),
        min(WIDEST[1], tens * math.ceil(high / tens)),
    )


def strip(trial: Trial, analysis: Analysis, domain: Domain) -> Picture | None:
    """Chart 1: the effect of one trial, for its card. None where there is no relative change."""
    effect = analysis.confirmatory
    values = per_cent(effect) if effect else None
    if values is None:
        return None
    return _relative(trial, (Row(title(trial), values[0], values[1:]),), domain)


def against_forecast(trial: Trial, analysis: Analysis) -> Picture | None:
    """Chart 2: what was measured beside what was expected."""
    effect = analysis.confirmatory
    values = per_cent(effect) if effect else None
    if values is None:
        return None
    rows = (Row(_measured_how(trial.primary), values[0], values[1:]),)
    low, high = card_domain([(trial, analysis)])
    told = _expected(trial, analysis)
    for row in told:
        low = max(WIDEST[0], min(low, 10 * math.floor((row.estimate - ROOM) / 10)))
        high = min(WIDEST[1], max(high, 10 * math.ceil((row.estimate + ROOM) / 10)))
    return _relative(trial, (*told, *rows), (low, high))


def _expected(trial: Trial, analysis: Analysis) -> list[Row]:
    """What was expected before, by the lead and by those who took part."""
    lead = trial.forecast.relative_change if trial.forecast else None
    asked = analysis.forecasts.participants if analysis.forecasts else None
    names = (say("Expected before (trial lead)"), say("Expected before (participants)"))
    pairs = zip(names, (lead, asked), strict=True)
    return [Row(name, 100 * value) for name, value in pairs if value is not None]


def _measured_how(metric: Metric) -> Text:
    if metric.source == "timed":
        return say("Measured by the clock")
    if metric.source == "system_log":
        return say("Measured in the system")
    return say("Told by the participants")


def _relative(trial: Trial, rows: tuple[Row, ...], domain: Domain) -> Picture:
    """A chart of a relative change in per cent, with the trial's goal."""
    primary, time = trial.primary, trial.primary.kind == "duration"
    caption = (
        say("Change in time per {task}, %", task=task(trial))
        if time
        else say("{label}: change in %", label=quoted(primary.label))
    )
    ends = [value for row in rows for value in (row.estimate, *(row.ends or ()))]
    goal = primary.worthwhile
    better = say("faster") if time else say("better")
    worse = say("slower") if time else say("worse")
    lower = primary.better == "lower"
    return Picture(
        caption=caption,
        rows=rows,
        domain=domain,
        step=tick_step(domain, ticks=7),
        decimals=0 if max(abs(value) for value in ends) >= 5 else 1,
        line=100 * goal if goal is not None else None,
        line_name=say("worthwhile gain"),
        left=better if lower else worse,
        right=worse if lower else better,
    )


def guardrail(metric: Metric, effect: Effect) -> Picture:
    """Chart 3: how far quality moved, and the worsening that was accepted beforehand."""
    estimate, low, high = (value * factor(metric) for value in (effect.estimate, *effect.ci))
    sign = 1.0 if effect.better == "lower" else -1.0
    margin = None if metric.margin is None else sign * metric.margin * factor(metric)
    beyond = 0.25 * (margin or 0.0)
    marked = (low, high, 0.0, (margin or 0.0) + beyond)
    domain, step = round_domain(min(marked), max(marked))
    lower = effect.better == "lower"
    fewer, more = (say("better"), say("worse")) if lower else (say("worse"), say("better"))
    share = metric.kind in ("share", "binary")
    caption = (
        say("{label}: difference in percentage points, with AI minus without", label=metric.label)
        if share
        else say("{label}: difference, with AI minus without", label=metric.label)
    )
    return Picture(
        caption=caption,
        rows=(Row(quoted(metric.label), estimate, (low, high)),),
        domain=domain,
        step=step,
        decimals=max(digits(estimate, low, high), digits(margin) if margin else 0),
        line=margin,
        line_name=say("agreed limit"),
        left=fewer,
        right=more,
        beyond=say("worse than agreed"),
    )


def tick_step(domain: Domain, *, ticks: int) -> float:
    """A round distance between ticks: 1, 2 or 5 times a power of ten."""
    rough = (domain[1] - domain[0]) / ticks
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * k for k in (1, 2, 5, 10) if power * k >= rough * 0.999)


def round_domain(low: float, high: float, *, side: float = 0.25) -> tuple[Domain, float]:
    """Room beside the outermost marks, a share of their span, and both ends on a tick."""
    span = (high - low) or 1.0
    side *= span
    low, high = low - side, high + side
    step = tick_step((low, high), ticks=6)
    return (step * math.floor(low / step), step * math.ceil(high / step)), step
