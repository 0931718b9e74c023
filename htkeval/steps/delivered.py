"""Rows that came before: a sheet that grows is delivered again, and each row counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from htkeval.canonical import canonical
from htkeval.measurement import Batch, Measurement
from htkeval.steps.case import Case
from htkeval.trial import Trial

Task = tuple[str | None, ...]
"""Whose task it is, in which arm, period and on which day."""


def new_rows(case: Case, batches: tuple[Batch, ...]) -> tuple[Batch, ...]:
    """Leave out what an earlier delivery brought, or one of these before it.

    A row is known again by everything in it. Where the trial names no task two rows may be alike
    and yet be two tasks, so nothing is left out there; nor where a row's task is not told. A row
    that tells otherwise of a task is stored and counted: which of the two is right only a person
    can say.

    Args:
        case: The trial.
        batches: Deliveries in their order.

    Returns:
        The same deliveries with the rows that are new.
    """
    if case.trial.design.task is None:
        return batches
    seen = _Seen(case.trial, case.store.measurements(case.file.id))
    return tuple(seen.without(batch) for batch in batches)


class _Seen:
    """What deliveries brought so far."""

    def __init__(self, trial: Trial, rows: Iterable[Measurement]) -> None:
        self._trial = trial
        self._whole: Counter[str] = Counter()
        self._tasks: set[Task] = set()
        self._remember(rows)

    def without(self, batch: Batch) -> Batch:
        """The rows of a delivery that are new; they are known to the next."""
        left, new, otherwise = self._whole.copy(), [], 0
        for row in batch.measurements:
            task, whole = _task_of(self._trial, row), _whole(row)
            if task is not None and left[whole] > 0:
                left[whole] -= 1
                continue
            new.append(row)
            otherwise += task in self._tasks
        self._remember(new)
        here = len(batch.measurements) - len(new)
        more = {"measurements": tuple(new), "here": here, "otherwise": otherwise}
        return batch.model_copy(update=more)

    def _remember(self, rows: Iterable[Measurement]) -> None:
        for row in rows:
            self._whole[_whole(row)] += 1
            if (task := _task_of(self._trial, row)) is not None:
                self._tasks.add(task)


def _whole(row: Measurement) -> str:
    return canonical(row.model_dump(mode="json"))


def _task_of(trial: Trial, row: Measurement) -> Task | None:
    """None where no task is told."""
    design = trial.design
    if design.task is None or row.keys.get(design.task) is None:
        return None
    names = (design.participant, design.team, design.task, design.period, design.date)
    return (row.arm, *(row.keys.get(name) for name in names if name))
