"""A simulated trial as the rows of its sheet, and rows as a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htkeval.csv_text import csv_text
from htkeval.design.allocation import Ints
from htkeval.design.draws import Drawn
from htkeval.design.outcomes import period
from htkeval.design.scenario import Scenario
from htkeval.measurement import SIMULATED_COLUMN, Cell, Measurement, columns
from htkeval.trial import ARMS, Trial

RATERS = 2
"""How many people rate, where a metric names the column of its rater."""


def written(
    trial: Trial, scenario: Scenario, drawn: Drawn, rng: np.random.Generator
) -> tuple[Measurement, ...]:
    """The first of the drawn trials as measurements, in the order in which tasks were done."""
    _, people, tasks = np.nonzero(drawn.roster.present[:1])
    order = np.lexsort((tasks, people, drawn.roster.time[0, people, tasks]))
    rows = _Rows(trial, scenario, drawn, people[order], tasks[order])
    made = {**rows.incidents(rng), **rows.raters(rng), **rows.forecasts(rng)}
    made |= {**rows.numbers(), **rows.words(), **rows.keys()}
    for asked in trial.also:  # no model says what these would be
        made.setdefault(asked.column, [None] * len(order))
    own = [name for name in trial.design.key_columns if name != trial.design.arm]
    measured = trial.value_columns
    return tuple(
        Measurement(
            arm="treatment" if treated else "baseline",
            keys={name: _text(made[name][row]) for name in own},
            values={name: made[name][row] for name in measured},
        )
        for row, treated in enumerate(rows.pick(drawn.treated))
    )


@dataclass(frozen=True)
class _Rows:
    """One trial's rows: columns of a sheet, made one group at a time."""

    trial: Trial
    scenario: Scenario
    drawn: Drawn
    people: Ints
    """By row: the participant, from 0."""
    tasks: Ints
    """By row: which of the participant's tasks, from 0."""

    def pick(self, array: NDArray[Any]) -> list[Any]:
        """An array that broadcasts to the full shape, as one column."""
        full = np.broadcast_to(array, self.drawn.roster.shape)
        return list(full[0, self.people, self.tasks].tolist())

    def keys(self) -> dict[str, Sequence[Cell]]:
        """Who, what, where, when."""
        design, roster = self.trial.design, self.drawn.roster
        told: dict[str | None, Sequence[Cell]] = {
            design.participant: [f"P{person + 1:03d}" for person in self.people],
            design.team: [f"T{team + 1:02d}" for team in self.pick(roster.team[:, :, None])],
            design.task: self._tasks(),
            design.sequence: self._sequences(),
            design.period: [
                str(at + 1) for at in self.pick(period(self.trial, roster, self.scenario))
            ],
            design.date: self._days(),
            design.status: ["refused" if no else "done" for no in self.pick(self.drawn.refused)],
            design.realised_arm: self._realised(),
        }
        return {name: column for name, column in told.items() if name}

    def _tasks(self) -> list[str]:
        shared = self.drawn.roster.task
        if shared is None:
            return [f"{number:04d}" for number in range(1, self.people.size + 1)]
        return [f"Q{task + 1:02d}" for task in self.pick(shared)]

    def _sequences(self) -> list[str]:
        """The order of a participant of a crossover, or the start of a team of a roll-out."""
        if self.drawn.given is None:
            return []
        given = self.pick(self.drawn.given[:, :, None])
        if self.trial.design.kind == "crossover":
            return [("AB", "BA")[one] for one in given]
        return [str(one + 1) for one in given]

    def _days(self) -> list[str]:
        """Working days where the trial has any."""
        first, last = self.trial.starts, self.trial.ends
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        days = [day for day in days if day.weekday() < 5] or days
        at = self.pick(self.drawn.roster.time)
        return [days[min(int(t * len(days)), len(days) - 1)].isoformat() for t in at]

    def _realised(self) -> list[str | None]:
        """In our own words for the arms, as a sheet that was read has them."""
        using = zip(self.pick(self.drawn.tool), self.pick(self.drawn.refused), strict=True)
        return [None if refused else "treatment" if tool else "baseline" for tool, refused in using]

    def numbers(self) -> dict[str, Sequence[Cell]]:
        """What was measured, and what explains it."""
        measured = {**self.drawn.roster.covariates, **self.drawn.values}
        picked = {name: self.pick(array) for name, array in measured.items()}
        return {name: [_seen(x) for x in column] for name, column in picked.items()}

    def words(self) -> dict[str, Sequence[Cell]]:
        """Strata and kinds of task."""
        found: dict[str, Sequence[Cell]] = {}
        for name, group in self.scenario.groups.items():
            words = list(group.shares)
            found[name] = [words[place] for place in self.pick(self.drawn.roster.groups[name])]
        return found

    def incidents(self, rng: np.random.Generator) -> dict[str, Sequence[Cell]]:
        """1 where a hard stop happened."""
        tool = np.array(self.pick(self.drawn.tool))
        columns = [stop.column for stop in self.trial.hard_stops]
        chances = {name: self.scenario.incidents.get(name, 0.0) for name in columns}
        hits = {name: tool & (rng.random(tool.size) < chance) for name, chance in chances.items()}
        return {name: [float(one) for one in hit] for name, hit in hits.items()}

    def raters(self, rng: np.random.Generator) -> dict[str, Sequence[Cell]]:
        """Who rated, by lot."""
        columns = [metric.rater for metric in self.trial.metrics if metric.rater]
        lots = {name: rng.integers(RATERS, size=self.people.size) for name in columns}
        return {name: [f"R{lot + 1}" for lot in each] for name, each in lots.items()}

    def forecasts(self, rng: np.random.Generator) -> dict[str, Sequence[Cell]]:
        """What each participant expected, on the baseline rows."""
        forecast, centre = self.trial.forecast, self.scenario.expected_change
        if forecast is None or forecast.column is None or centre is None:
            return {}
        people = rng.normal(centre, self.scenario.expected_change_sd, self.scenario.participants)
        told = np.maximum(-0.95, np.round(people, 2))[self.people].tolist()
        treated = self.pick(self.drawn.treated)
        return {forecast.column: [None if t else x for x, t in zip(told, treated, strict=True)]}


def _seen(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def _text(cell: Cell) -> str | None:
    return cell if cell is None or isinstance(cell, str) else _plain(cell)


def _plain(number: float) -> str:
    """A number as a person writes it: 31, 12.5."""
    return str(int(number)) if number.is_integer() else repr(number)


def to_csv(trial: Trial, measurements: tuple[Measurement, ...]) -> str:
    """Measurements as a sheet that `htkeval add` takes: UTF-8, commas, decimal points.

    The last column marks every row as invented, so that nobody takes the sheet for measured.

    Args:
        trial: Says what the arms are called and in which order the columns stand.
        measurements: The rows.
    """
    names = columns(trial, measurements)
    own: dict[str, str] = {arm: trial.arms.value(arm) for arm in ARMS}
    lines = []
    for row in measurements:
        cells: dict[str, Cell] = {**row.keys, **row.values, trial.design.arm: row.arm}
        for name in (trial.design.arm, trial.design.realised_arm):
            if name:
                cells[name] = own.get(str(cells.get(name)))
        written = ["" if cells[name] is None else _text(cells[name]) for name in names]
        lines.append([*written, "1"])
    return csv_text([*names, SIMULATED_COLUMN], lines)
