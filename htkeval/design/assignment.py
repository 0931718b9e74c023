"""Draws who gets the tool when: each design's lots, or its calendar."""

from __future__ import annotations

import numpy as np

from htkeval.design import allocation
from htkeval.design.allocation import Bools, Ints
from htkeval.design.calendar import patterns_of, period_of
from htkeval.design.periods import ratio_of
from htkeval.design.roster import Roster
from htkeval.design.scenario import Scenario
from htkeval.trial import BY_CALENDAR, BY_TEAM, DesignKind, Trial

ONE_FOR_ALL: tuple[DesignKind, ...] = ("before_after", "interrupted_time_series")
"""Designs in which the tool comes for everybody at once."""


def assign(
    trial: Trial, scenario: Scenario, roster: Roster, rng: np.random.Generator
) -> tuple[Bools, Ints | None]:
    """Draw the assigned units' lots, and give each task that of its unit.

    Returns:
        Full shape: whether the task is assigned to the tool. And (trials, participants): the
        order, start or group that each has, from 0; None where tasks were drawn.
    """
    trials, people, _ = roster.shape
    if trial.design.kind == "within":
        return _tasks(trial, scenario, roster, rng).reshape(roster.shape), None
    if trial.design.kind in ONE_FOR_ALL:
        given = np.ones((trials, people), dtype=np.int64)
    else:
        given = _given(trial, scenario, roster, rng)
    if trial.design.kind not in BY_CALENDAR:
        return np.asarray((given == 1)[:, :, None] & roster.planned), given
    patterns = patterns_of(trial, scenario)
    when = period_of(roster.time, patterns.shape[1])
    return np.asarray(patterns[given[:, :, None], when] & roster.planned), given


def _tasks(trial: Trial, scenario: Scenario, roster: Roster, rng: np.random.Generator) -> Bools:
    """(trials, participants x tasks) which of them are drawn to the tool."""
    trials, people, _ = roster.shape
    strata = np.broadcast_to(_stratum(trial, scenario, roster), roster.shape)
    if trial.design.allocation == "minimisation":  # runs on from one participant to the next
        kept = np.where(roster.planned, strata, allocation.ABSENT).reshape(trials, -1)
        order = in_order(roster)
        drawn = np.empty(kept.shape, dtype=bool)
        lots = _minimised(trial, scenario, np.take_along_axis(kept, order, axis=1), rng)
        np.put_along_axis(drawn, order, lots, axis=1)
        return drawn
    apart = strata + np.arange(people)[None, :, None] * (int(strata.max()) + 1)
    groups = np.where(roster.planned, apart, allocation.ABSENT).reshape(trials, -1)
    return _lots(trial, groups, rng)


def in_order(roster: Roster) -> Ints:
    """(trials, participants x tasks) all tasks in the order in which they come."""
    return np.argsort(roster.time.reshape(len(roster.time), -1), axis=1, kind="stable")


def _given(trial: Trial, scenario: Scenario, roster: Roster, rng: np.random.Generator) -> Ints:
    """(trials, participants) the arm, order, start or group of each."""
    trials, people, _ = roster.shape
    strata = np.broadcast_to(_stratum(trial, scenario, roster), (trials, people, 1))[:, :, 0]
    if trial.design.kind not in BY_TEAM:
        return _drawn(trial, scenario, strata, rng)
    row = np.arange(trials)[:, None]
    groups = np.zeros((trials, roster.teams), dtype=np.int64)
    groups[row, roster.team] = strata
    return np.asarray(_drawn(trial, scenario, groups, rng)[row, roster.team])


def _drawn(trial: Trial, scenario: Scenario, groups: Ints, rng: np.random.Generator) -> Ints:
    """(trials, units) the arm, order or start of each unit."""
    design = trial.design
    if design.kind == "stepped_wedge":
        starts = len(patterns_of(trial, scenario))
        if design.allocation == "bernoulli":
            return rng.integers(starts, size=groups.shape)
        return _in_turn(groups, starts, rng)
    if design.allocation == "minimisation":
        return _minimised(trial, scenario, groups, rng).astype(np.int64)
    return _lots(trial, groups, rng).astype(np.int64)


def _in_turn(groups: Ints, starts: int, rng: np.random.Generator) -> Ints:
    """(trials, units) starts dealt out evenly within each group, by lot."""
    order = np.lexsort((rng.random(groups.shape), groups))
    sorted_groups = np.take_along_axis(groups, order, axis=1)
    place = np.arange(groups.shape[1])[None]
    first = np.zeros_like(groups)
    new = sorted_groups[:, 1:] != sorted_groups[:, :-1]
    first[:, 1:] = np.where(new, place[:, 1:], 0)
    start = (place - np.maximum.accumulate(first, axis=1)) % starts
    found = np.empty_like(groups)
    np.put_along_axis(found, order, start, axis=1)
    return found


def _minimised(trial: Trial, scenario: Scenario, groups: Ints, rng: np.random.Generator) -> Bools:
    """(trials, units) by the biased coin, units in the order of entry."""
    sizes = [len(scenario.groups[name].shares) for name in trial.design.strata]
    drawn = np.zeros(groups.shape, dtype=bool)
    for one, each in zip(drawn, groups, strict=True):
        here = each != allocation.ABSENT
        one[here] = allocation.minimised(
            (np.zeros_like(each[here]), *_levels(each[here], sizes)),
            chances=np.array(ratio_of(trial.design), dtype=float),
            favour=trial.design.favour,
            rng=rng,
            draws=1,
        )[0]
    return drawn


def _levels(group: Ints, sizes: list[int]) -> list[Ints]:
    """(E,) each: the words of every stratum column, from the number of their combination."""
    found = []
    for size in reversed(sizes):
        group, level = np.divmod(group, size)
        found.append(level)
    return found


def _stratum(trial: Trial, scenario: Scenario, roster: Roster) -> Ints:
    """The combination of strata, as a number from 0."""
    number = np.zeros((1, 1, 1), dtype=np.int64)
    for name in trial.design.strata:
        number = number * len(scenario.groups[name].shares) + roster.groups[name]
    return number


def _lots(trial: Trial, groups: Ints, rng: np.random.Generator) -> Bools:
    design, ratio = trial.design, ratio_of(trial.design)
    if design.allocation == "bernoulli":
        lots = allocation.bernoulli(groups.shape, ratio=ratio, rng=rng)
        return np.asarray(lots & (groups != allocation.ABSENT))
    if design.allocation == "blocks":
        assert design.block  # the trial's own validator saw to it
        return allocation.blocks(groups, size=design.block, ratio=ratio, rng=rng)
    return allocation.complete(groups, ratio=ratio, rng=rng)
