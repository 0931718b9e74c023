"""One row a method, a model or a group: interval, estimate, figures; the first is what decides."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Inference, Scale, Sensitivity, Subgroup
from htkeval.reporting.numbers import factor, number
from htkeval.reporting.otherwise import ordered, others_of
from htkeval.reporting.pictures import Domain, round_domain
from htkeval.reporting.sentences import as_text, quoted, task
from htkeval.reporting.tables import NOTHING, Table
from htkeval.reporting.words import COMPARISON_ONLY, METHODS, SERIES, model_name
from htkeval.text import Text, say
from htkeval.trial import Trial

WIDEST = 12.0
"""How many times as wide as the first row's interval the axis may be; longer lines are cut, and
their figures say where they end."""


@dataclass(frozen=True)
class Line:
    """One row, in the unit of the axis."""

    name: Text
    """What it is."""
    estimate: float
    """Its estimate."""
    ends: tuple[float, float]
    """Its interval."""
    main: bool = False
    """Whether it is what the trial is decided on: it is drawn thicker."""
    turned: bool | None = None
    """Whether it turns the conclusion; None where nobody asks."""
    aside: bool = False
    """Whether it is for comparison only, so that its answer stands in brackets."""
    guess: float | None = None
    """The best guess where it is another than the estimate: drawn towards the common one."""

    @property
    def answer(self) -> Text | None:
        """Whether it turns the conclusion, in a word."""
        if self.turned is None:
            return None
        word = say("yes") if self.turned else say("no")
        return Text("({word})", {"word": word}) if self.aside else word


@dataclass(frozen=True)
class Ways:
    """Rows under one another on one axis."""

    caption: Text
    """What is shown, with its unit."""
    rows: tuple[Line, ...]
    """From the top."""
    domain: Domain
    """The axis, from left to right."""
    step: float
    """Between two ticks."""
    decimals: int
    """Of every figure in it."""
    line: float | None
    """The worthwhile effect, in the axis' unit."""
    left: Text
    """What it means to lie left."""
    right: Text
    """What it means to lie right."""
    what: Text
    """What a row is."""
    asks: Text | None = None
    """What the last column answers."""

    @property
    def alt(self) -> Text:
        """The chart in a sentence, for those who do not see it."""
        told = [
            say("{name}: {figures}", name=row.name, figures=self.figures(row)) for row in self.rows
        ]
        return say("{caption}: {rows}.", caption=self.caption, rows=tuple(told))

    def figure(self, value: float) -> Text:
        """A figure as the chart writes it."""
        return number(value, self.decimals, signed=True)

    def figures(self, row: Line) -> Text:
        """Estimate and interval; where there is a best guess, that first."""
        names = {"estimate": row.estimate, "low": row.ends[0], "high": row.ends[1]}
        shown = {name: self.figure(value) for name, value in names.items()}
        text = Text("{estimate} [{low}; {high}]", {**shown})
        if row.guess is None:
            return text
        return Text("{guess} ({own})", {"guess": self.figure(row.guess), "own": text})

    def table(self) -> Table:
        """The same figures as a table."""
        guesses = any(row.guess is not None for row in self.rows)
        head = [self.what, say("Estimate"), say("From"), say("To")]
        head += [say("Best guess")] if guesses else []
        head += [self.asks] if self.asks else []
        body = []
        for row in self.rows:
            cells = [row.name, *(self.figure(one) for one in (row.estimate, *row.ends))]
            if guesses:
                cells.append(NOTHING if row.guess is None else self.figure(row.guess))
            if self.asks:
                cells.append(row.answer or NOTHING)
            body.append(tuple(cells))
        return Table(self.caption, tuple(head), tuple(body), figures=True)


def methods(trial: Trial, analysis: Analysis) -> Ways | None:
    """Chart 6: the figure that decides by every method that could be computed."""
    effect = analysis.confirmatory
    if effect is None:
        return None
    shown = shower(trial, effect.scale)
    main = [one for one in effect.inference if one.method == effect.method]
    rest = [one for one in effect.inference if one.method != effect.method]
    first = Line(
        _method(trial, effect, main), shown(effect.estimate), _both(shown, effect.ci), main=True
    )
    rows = [first]
    for one in rest:
        values = [_plain(effect.scale, value) for value in (one.estimate, *one.ci)]
        if all(map(math.isfinite, values)):
            estimate, low, high = map(shown, values)
            rows.append(Line(_method(trial, effect, [one]), estimate, (low, high)))
    return _ways(trial, effect.scale, rows, say("Method"))


def _method(trial: Trial, effect: Effect, found: Sequence[Inference]) -> Text:
    """A method with its degrees of freedom."""
    one = found[0] if found else None
    method = one.method if one else effect.method
    series = trial.design.kind == "interrupted_time_series" and method == "reml"
    name = as_text(SERIES if series else METHODS[method])
    if one is None or one.df is None:
        return name
    return say("{method}, df {df}", method=name, df=number(one.df, 1))


def sensitivity(trial: Trial, analysis: Analysis) -> Ways | None:
    """Chart 7: the same by other models, and which of them turn the conclusion."""
    effect = analysis.confirmatory
    if effect is None:
        return None
    shown = shower(trial, effect.scale)
    found = [one for one in ordered(others_of(analysis, effect)) if _drawn(one, effect.scale)]
    if not found:
        return None
    rows = [Line(say("As planned"), shown(effect.estimate), _both(shown, effect.ci), main=True)]
    for one in found:
        assert one.ci is not None  # what has none is not drawn
        rows.append(
            Line(
                as_text(model_name(one.model)),
                shown(one.estimate),
                _both(shown, one.ci),
                turned=one.flips,
                aside=one.model in COMPARISON_ONLY,
            )
        )
    return replace(_ways(trial, effect.scale, rows, say("Way")), asks=say("Turns the conclusion?"))


def _drawn(one: Sensitivity, scale: Scale) -> bool:
    return one.ci is not None and one.scale == scale


def by_group(
    trial: Trial, groups: Sequence[Subgroup], name: Callable[[Subgroup], Text], what: Text
) -> Ways | None:
    """The effect in groups: each one's own figures, and the best guess drawn towards all."""
    if not groups:
        return None
    scale = groups[0].scale
    shown = shower(trial, scale)
    rows = [
        Line(name(one), shown(one.estimate), _both(shown, one.ci), guess=shown(one.shrunken))
        for one in groups
    ]
    return _ways(trial, scale, rows, what)


def shower(trial: Trial, scale: Scale) -> Callable[[float], float]:
    """From an effect's own scale to the axis': per cent of a ratio, else the metric's unit."""
    if scale == "ratio":
        return lambda value: 100 * (value - 1)
    by = factor(trial.primary)
    return lambda value: by * value


def goal(trial: Trial, scale: Scale) -> float | None:
    """The worthwhile effect on the axis; None where the axis is no relative change."""
    wanted = trial.primary.worthwhile
    return 100 * wanted if scale == "ratio" and wanted is not None else None


def caption(trial: Trial, scale: Scale) -> Text:
    """What is shown, with its unit."""
    primary = trial.primary
    if scale == "ratio" and primary.kind == "duration":
        return say("Change in time per {task}, %", task=task(trial))
    if scale == "ratio":
        return say("{label}: change in %", label=quoted(primary.label))
    if primary.kind in ("share", "binary"):
        return say(
            "{label}: difference in percentage points, with AI minus without", label=primary.label
        )
    return say("{label}: difference, with AI minus without", label=primary.label)


def directions(trial: Trial) -> tuple[Text, Text]:
    """What it means to lie left and right."""
    time = trial.primary.kind == "duration"
    better = say("faster") if time else say("better")
    worse = say("slower") if time else say("worse")
    return (better, worse) if trial.primary.better == "lower" else (worse, better)


def _plain(scale: Scale, value: float) -> float:
    """A method's own figure as the effect has it: a ratio leaves its logarithm."""
    return math.exp(min(value, 700.0)) if scale == "ratio" else value


def _both(shown: Callable[[float], float], ci: tuple[float, float]) -> tuple[float, float]:
    return shown(ci[0]), shown(ci[1])


def _ways(trial: Trial, scale: Scale, rows: Sequence[Line], what: Text) -> Ways:
    line = goal(trial, scale)
    left, right = directions(trial)
    reach = WIDEST * ((rows[0].ends[1] - rows[0].ends[0]) or 1.0) / 2
    middle = rows[0].estimate
    ends = [min(max(end, middle - reach), middle + reach) for row in rows for end in row.ends]
    marked = (*ends, 0.0, *([] if line is None else [line]))
    domain, step = round_domain(min(marked), max(marked), side=0.06)
    widest = max(abs(rows[0].estimate), *(abs(end) for end in rows[0].ends))
    return Ways(
        caption=caption(trial, scale),
        rows=tuple(rows),
        domain=domain,
        step=step,
        decimals=1 if widest >= 1 else 2 if widest >= 0.1 else 3,
        line=line,
        left=left,
        right=right,
        what=what,
    )
