"""Who does which task when: everything about a simulated trial but its arms and its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from htkeval.design.allocation import Bools, Floats, Ints
from htkeval.design.scenario import Group, Holder, Scenario, Spread


@dataclass(frozen=True)
class Roster:
    """Simulated trials side by side; a full shape is (trials, participants, tasks)."""

    planned: Bools
    """Full shape: whether the participant has so many tasks. Tasks stand in order of time."""
    present: Bools
    """Full shape: planned, and the participant had not left by then."""
    time: Floats
    """Full shape: when, from 0 (the trial's first day) to 1 (its last)."""
    team: Ints
    """(trials, participants): the team, from 0."""
    teams: int
    """How many teams."""
    task: Ints | None
    """Full shape: which of the shared tasks, from 0; None where nothing is shared."""
    groups: dict[str, Ints]
    """By column, broadcasts to the full shape: the word, as its place among the words."""
    covariates: dict[str, Floats]
    """By column, broadcasts to the full shape."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """The full shape."""
        trials, participants, tasks = self.planned.shape
        return trials, participants, tasks


def draw_roster(scenario: Scenario, rng: np.random.Generator, *, trials: int) -> Roster:
    """Draw who does which task when."""
    planned = _planned(scenario, rng, trials)
    time = np.sort(np.where(planned, rng.random(planned.shape), np.inf), axis=2)
    time = np.where(planned, time, 1.0)
    leaves = rng.random(planned.shape[:2]) < scenario.dropout
    until = np.where(leaves, rng.random(planned.shape[:2]), 1.0)
    bare = Roster(
        planned=planned,
        present=planned & (time <= until[:, :, None]),
        time=time,
        team=_team(scenario, rng, trials),
        teams=scenario.teams or 1,
        task=_task(scenario, rng, planned.shape),
        groups={},
        covariates={},
    )
    groups = {name: _group(bare, scenario, each, rng) for name, each in scenario.groups.items()}
    groups |= _dealt(bare, scenario)
    numbers = {
        name: held(bare, scenario, each.of, partial(whole, each, rng))
        for name, each in scenario.covariates.items()
    }
    return replace(bare, groups=groups, covariates=numbers)


def _planned(scenario: Scenario, rng: np.random.Generator, trials: int) -> Bools:
    shape = (trials, scenario.participants)
    counts = np.full(shape, scenario.tasks_each)
    if scenario.tasks_each_sd:
        counts = rng.normal(scenario.tasks_each, scenario.tasks_each_sd, shape)
    most = scenario.shared_tasks or np.inf
    counts = np.clip(np.rint(counts), 1, most)
    return np.asarray(np.arange(int(counts.max())) < counts[:, :, None])


def _team(scenario: Scenario, rng: np.random.Generator, trials: int) -> Ints:
    people, teams = scenario.participants, scenario.teams or 1
    if not scenario.team_size_cv:
        even = np.arange(people) * teams // people
        return np.broadcast_to(even, (trials, people))
    form = 1 / scenario.team_size_cv**2
    weights = rng.gamma(form, 1 / form, (trials, teams)) + 1e-9
    weights /= weights.sum(axis=1, keepdims=True)
    sizes = 1 + rng.multinomial(people - teams, weights)
    ends = np.cumsum(sizes, axis=1)
    return np.asarray((np.arange(people)[None, :, None] >= ends[:, None, :]).sum(axis=2))


def _task(scenario: Scenario, rng: np.random.Generator, shape: tuple[int, ...]) -> Ints | None:
    if scenario.shared_tasks is None:
        return None
    lots = rng.random((*shape[:2], scenario.shared_tasks))
    return np.argsort(lots, axis=2)[:, :, : shape[2]]


def held(
    roster: Roster,
    scenario: Scenario,
    holder: Holder,
    draw: Callable[[tuple[int, ...]], Floats],
) -> Floats:
    """One value for each holder, so that it broadcasts to the full shape.

    A shared task carries the same value to everybody who does it.
    """
    trials, people, _ = roster.shape
    if holder == "participant":
        return draw((trials, people, 1))
    row = np.arange(trials)[:, None]
    if holder == "team":
        return draw((trials, roster.teams))[row, roster.team][:, :, None]
    if roster.task is None or scenario.shared_tasks is None:
        return draw(roster.shape)
    return draw((trials, scenario.shared_tasks))[row[:, :, None], roster.task]


def whole(spread: Spread, rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Whole numbers from 1, log-normal about the stated arithmetic mean."""
    log_variance = np.log1p((spread.sd / spread.mean) ** 2)
    centre = np.log(spread.mean) - log_variance / 2
    drawn = np.exp(centre + np.sqrt(log_variance) * rng.standard_normal(shape))
    return np.asarray(np.maximum(1.0, np.rint(drawn)))


def _dealt(roster: Roster, scenario: Scenario) -> dict[str, Ints]:
    """By column that is dealt: the words in turn, each column turning when those before it have."""
    turn = {
        "task": np.arange(roster.shape[2])[None, None, :],
        "participant": np.arange(roster.shape[1])[None, :, None],
        "team": roster.team[:, :, None],
    }
    found, stride = {}, 1
    for name, group in scenario.groups.items():
        if group.dealt:
            found[name] = np.asarray(turn[group.of] // stride % len(group.shares))
            stride *= len(group.shares)
    return found


def _group(roster: Roster, scenario: Scenario, group: Group, rng: np.random.Generator) -> Ints:
    """A word for each holder; a set of shared tasks and the teams hold exact shares."""
    ends = np.cumsum(list(group.shares.values()))[:-1]
    exact = group.of == "team" or (group.of == "task" and scenario.shared_tasks is not None)

    def draw(shape: tuple[int, ...]) -> Floats:
        if not exact:
            return rng.random(shape)
        even = (np.arange(shape[-1]) + 0.5) / shape[-1]
        return rng.permuted(np.broadcast_to(even, shape).copy(), axis=-1)

    place = held(roster, scenario, group.of, draw)
    return np.asarray(np.searchsorted(ends, place, side="right"))
