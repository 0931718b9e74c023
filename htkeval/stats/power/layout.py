"""Who does how many tasks in which arm and period: a planned trial as clusters of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from htkeval.stats.power.limits import check_number, check_part
from htkeval.stats.scaling import Codes, Floats


@dataclass(frozen=True, eq=False)
class Layout:
    """G clusters of C cells each; tasks of a cell share arm, period, person and regressors."""

    arm: Floats
    """(G, C) 0 baseline, 1 treatment; any other number is a dose."""
    tasks: Floats
    """(G, C) tasks in each cell, zero or more; need not be whole."""
    period: Codes
    """(G, C) period of each cell."""
    person: Codes
    """(G, C) who in the cluster does the cell's tasks; all the same where the cluster is one."""
    own: bool
    """Whether every cluster has an effect of its own: it is compared with itself."""
    by_period: bool
    """Whether periods are regressors."""
    others: Floats | None = None
    """(G, C, q) further regressors; None where there are none."""

    @property
    def used(self) -> Layout:
        """The same without clusters that have no task."""
        some = self.tasks.sum(axis=1) > 0
        return replace(
            self,
            arm=self.arm[some],
            tasks=self.tasks[some],
            period=self.period[some],
            person=self.person[some],
            others=None if self.others is None else self.others[some],
        )


def until(layout: Layout, period: int) -> Layout:
    """What is there of a trial when a period has ended.

    Args:
        layout: The whole trial.
        period: The last period that counts.
    """
    return replace(layout, tasks=np.where(layout.period <= period, layout.tasks, 0.0))


def part(layout: Layout, share: float) -> Layout:
    """What is there of a trial when each cell has done a share of its tasks.

    Args:
        layout: The whole trial.
        share: Above zero, at most one.

    Raises:
        Refused: Any other share.
    """
    check_part(share)
    return replace(layout, tasks=layout.tasks * share)


def parallel(baseline: Sequence[float], treatment: Sequence[float]) -> Layout:
    """Each person, or each team, in one arm.

    Args:
        baseline: Tasks of each of baseline's clusters.
        treatment: Tasks of each of treatment's.

    Raises:
        Refused: Fewer than two clusters.
    """
    tasks = np.array([*baseline, *treatment], dtype=float)[:, None]
    arm = np.repeat([0.0, 1.0], [len(baseline), len(treatment)])[:, None]
    return _layout(arm, tasks, np.zeros_like(arm), own=False, by_period=False)


def teams(baseline: Sequence[int], treatment: Sequence[int], *, tasks: float) -> Layout:
    """Each team in one arm, with several tasks from each of its people.

    Args:
        baseline: People in each of baseline's teams.
        treatment: People in each of treatment's.
        tasks: Tasks of each person.

    Raises:
        Refused: Fewer than two teams.
    """
    people = np.array([*baseline, *treatment], dtype=int)[:, None]
    person = np.broadcast_to(np.arange(people.max(initial=1)), (len(people), people.max(initial=1)))
    first = np.repeat([0.0, 1.0], [len(baseline), len(treatment)])[:, None]
    arm = np.broadcast_to(first, person.shape)
    each: Floats = np.where(person < people, float(tasks), 0.0)
    found = _layout(arm, each, np.zeros_like(arm), own=False, by_period=False)
    return replace(found, person=person.astype(np.intp))


def within(baseline: Sequence[float], treatment: Sequence[float]) -> Layout:
    """Each person's tasks drawn to the arms.

    Args:
        baseline: Each person's tasks without the tool.
        treatment: The same person's tasks with it.

    Raises:
        Refused: Fewer than two people.
    """
    tasks = np.array([baseline, treatment], dtype=float).T
    arm = np.broadcast_to([0.0, 1.0], tasks.shape)
    return _layout(arm, tasks, np.zeros_like(arm), own=True, by_period=False)


def before_after(before: Sequence[float], after: Sequence[float]) -> Layout:
    """Everybody without the tool first, then everybody with it; nothing is told from time.

    Args:
        before: Each person's tasks in the first period, without the tool.
        after: The same person's tasks in the second, with it.

    Raises:
        Refused: Fewer than two people.
    """
    tasks = np.array([before, after], dtype=float).T
    arm = np.broadcast_to([0.0, 1.0], tasks.shape)
    return _layout(arm, tasks, arm, own=True, by_period=False)


def crossover(baseline_first: int, treatment_first: int, *, tasks: float) -> Layout:
    """Everybody in both arms, a period each, in one of two orders.

    Args:
        baseline_first: People who begin without the tool.
        treatment_first: People who begin with it.
        tasks: Tasks of a person in a period.

    Raises:
        Refused: Fewer than two people.
    """
    first = np.repeat([0.0, 1.0], [baseline_first, treatment_first])
    arm = np.column_stack([first, 1 - first])
    period = np.broadcast_to([0, 1], arm.shape)
    return _layout(arm, np.full(arm.shape, float(tasks)), period, own=True, by_period=True)


def stepped_wedge(starts: Sequence[int], *, periods: int, tasks: float | Sequence[float]) -> Layout:
    """Teams that start one after another.

    Args:
        starts: Each team's first period with the tool; periods count from 0, and `periods` or more
            never starts.
        periods: How many there are.
        tasks: Tasks of a team in a period: of all, or of each team.

    Raises:
        Refused: Fewer than two teams or periods.
    """
    check_number(periods, 2)
    period = np.broadcast_to(np.arange(periods), (len(starts), periods))
    arm = (period >= np.array(starts, dtype=int)[:, None]).astype(float)
    each = np.broadcast_to(np.array(tasks, dtype=float).reshape(-1, 1), arm.shape)
    return _layout(arm, each, period, own=True, by_period=True)


def difference_in_differences(
    untreated: int, treated: int, *, before: float, after: float
) -> Layout:
    """Teams that get the tool and teams that do not, each before and after.

    Args:
        untreated: Teams that never get it.
        treated: Teams that have it in the second period.
        before: Tasks of a team in the first period.
        after: Tasks of a team in the second.

    Raises:
        Refused: Fewer than two teams.
    """
    has = np.repeat([0.0, 1.0], [untreated, treated])
    arm = np.column_stack([np.zeros_like(has), has])
    tasks = np.broadcast_to([float(before), float(after)], arm.shape)
    period = np.broadcast_to([0, 1], arm.shape)
    return _layout(arm, tasks, period, own=True, by_period=True)


def _layout(
    arm: Floats, tasks: Floats, period: Floats | Codes, *, own: bool, by_period: bool
) -> Layout:
    check_number(len(arm), 2)
    check_number(float(tasks.min(initial=0.0)), 0)
    when = period.astype(np.intp)
    return Layout(arm, tasks, when, np.zeros_like(when), own=own, by_period=by_period)
