"""Several trials' change in time below one another, each with its goal and its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from htkeval.portfolio import TrialState
from htkeval.reporting.numbers import number, per_cent
from htkeval.reporting.pictures import Domain, card_domain
from htkeval.reporting.sentences import area, title
from htkeval.reporting.tables import NOTHING, Table
from htkeval.reporting.wording import verdict_mark
from htkeval.reporting.words import Mark
from htkeval.text import Text, say


@dataclass(frozen=True)
class TrialRow:
    """One trial, in per cent."""

    name: Text
    """Its title."""
    area: Text
    """Where it was tried."""
    estimate: float
    """The best estimate."""
    ends: tuple[float, float]
    """The interval."""
    goal: float | None
    """The smallest gain worth having; None where none was set."""
    verdict: Mark
    """What is recommended."""


@dataclass(frozen=True)
class Abreast:
    """Trials on one axis."""

    rows: tuple[TrialRow, ...]
    """From the top."""
    domain: Domain
    """The axis, from left to right."""

    @property
    def caption(self) -> Text:
        """What is shown, with its unit."""
        return say("Change in time per task, %")

    @property
    def alt(self) -> Text:
        """The chart in a sentence, for those who do not see it."""
        parts = {f"part{n}": _told(row) for n, row in enumerate(self.rows)}
        template = "; ".join("{" + name + "}" for name in parts)
        return Text("{caption}: " + template + ".", {"caption": self.caption, **parts})

    def table(self) -> Table:
        """The same figures as a table."""
        head = (
            say("Trial"), say("Best estimate"), say("From"), say("To"), say("Goal"),
            say("Recommendation"),
        )  # fmt: skip
        body: tuple[tuple[Text | Mark, ...], ...] = tuple(
            (
                row.name,
                figure(row.estimate),
                *(figure(end) for end in row.ends),
                NOTHING if row.goal is None else figure(row.goal),
                row.verdict,
            )
            for row in self.rows
        )
        return Table(self.caption, head, body, figures=True)


def figure(value: float) -> Text:
    """A figure as the chart writes it."""
    return number(value, 0, signed=True)


def _told(row: TrialRow) -> Text:
    low, high = (figure(end) for end in row.ends)
    told = say(
        "{name} {estimate}, between {low} and {high}",
        name=row.name, estimate=figure(row.estimate), low=low, high=high,
    )  # fmt: skip
    if row.goal is None:
        return say("{told}: {verdict}", told=told, verdict=row.verdict.word)
    return say(
        "{told}, goal {goal}: {verdict}",
        told=told, goal=figure(row.goal), verdict=row.verdict.word,
    )  # fmt: skip


def abreast(states: Iterable[TrialState]) -> Abreast | None:
    """The trials whose decisive figure is a change in time; None where there is none."""
    shown, rows = [], []
    for state in states:
        effect = state.analysis.confirmatory if state.analysis else None
        values = per_cent(effect) if effect else None
        if state.analysis is None or values is None or state.trial.primary.kind != "duration":
            continue
        goal = state.trial.primary.worthwhile
        rows.append(
            TrialRow(
                name=title(state.trial),
                area=area(state.trial),
                estimate=values[0],
                ends=(values[1], values[2]),
                goal=None if goal is None else 100 * goal,
                verdict=verdict_mark(state),
            )
        )
        shown.append((state.trial, state.analysis))
    return Abreast(tuple(rows), card_domain(shown)) if rows else None
