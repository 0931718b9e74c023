"""Rows that came before: a sheet that grows is delivered again, and each row counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from htkeval.errors import Problem, StateError
from htkeval.measurement import CLIENT_ID, Batch, Measurement
from htkeval.steps.case import Case
from htkeval.steps.spelled import people_of
from htkeval.text import say
from htkeval.timing import Timing
from htkeval.trial import Trial

Task = tuple[str | None, ...]
"""Whose task it is, in which arm, period and on which day."""


def new_rows(
    case: Case, batches: tuple[Batch, ...], *, closing: Timing | None = None
) -> tuple[Batch, ...]:
    """Leave out what an earlier delivery brought, or one of these before it.

    A row is known again by everything in it. Where the trial names no task two rows may be alike
    and yet be two tasks, so nothing is left out there, nor where a row's task is not told; but
    where rows have ids of their own (`CLIENT_ID`), these tell. A row
    that tells otherwise of a task is stored and counted: which of the two is right only a person
    can say.

    Args:
        case: The trial.
        batches: Deliveries in their order.
        closing: The timed task that the one row comes of, as it stands.

    Returns:
        The same deliveries with the rows that are new.

    Raises:
        StateError: A form tells otherwise of a task that it saved already.
    """
    named = any(CLIENT_ID in row.keys for batch in batches for row in batch.measurements)
    if case.trial.design.task is None and not named:
        return batches
    seen = _Seen(case, closing)
    return tuple(seen.without(batch) for batch in batches)


class _Seen:
    """What is stored, and what the deliveries before brought."""

    def __init__(self, case: Case, closing: Timing | None) -> None:
        self._saved = closing is not None and closing.state == "saved"
        self._unsaved = closing is not None and closing.state != "saved"
        self._store, self._trial = case.store, case.trial
        self._rows: list[Measurement] = []
        self._empty = not case.store.has(case.trial.id, "batch")

    def without(self, batch: Batch) -> Batch:
        """The rows of a delivery that are new; they are known to the next."""
        if self._empty and not self._rows:  # a million rows need not be held against nothing
            self._rows += batch.measurements
            return batch
        before = Counter(map(_whole, self._rows))
        stored = self._stored(batch)
        told = {_task_of(self._trial, row) for row in stored} - {None}
        used: Counter[tuple[object, ...]] = Counter()
        new, otherwise = [], 0
        for row, times in zip(batch.measurements, self._times(batch, stored), strict=True):
            task, whole = _task_of(self._trial, row), _whole(row)
            used[whole] += 1
            if task is not None and used[whole] <= times + before[whole]:
                continue
            new.append(row)
            otherwise += task in told
        if batch.timed is not None:
            _refuse_saved(self._trial, new, stored, saved=self._saved)
        self._rows += new
        here = len(batch.measurements) - len(new)
        more = {"measurements": tuple(new), "here": here, "otherwise": otherwise}
        return batch.model_copy(update=more)

    def _times(self, batch: Batch, stored: Sequence[Measurement]) -> tuple[int, ...]:
        """How often each row is stored already; of a task that is not saved none is, but where its
        row came before its presses did: entered afterwards, while they waited to be sent."""
        ids = {row.keys.get(CLIENT_ID) for row in stored}
        if self._unsaved and not any(row.keys[CLIENT_ID] in ids for row in batch.measurements):
            return (0,) * len(batch.measurements)
        participant = self._trial.design.participant
        return self._store.here_already(batch, participant=participant)

    def _stored(self, batch: Batch) -> tuple[Measurement, ...]:
        """The rows that are here already, of those whose rows these are."""
        trial = self._trial
        people = people_of(trial.design, [batch])
        naming = _names(trial, batch) if batch.timed is not None else ()
        there = self._store.measurements(trial.id, people=people, naming=naming)
        return (*there, *self._rows)


def _names(trial: Trial, batch: Batch) -> tuple[str, ...]:
    """The words by which rows of the same tasks are found; all rows where some have none.

    A form asks while somebody waits, of a person with hundreds of tasks; a sheet does not.
    """
    columns = (CLIENT_ID, *([trial.design.task] if trial.design.task else ()))
    words = [row.keys.get(column) for row in batch.measurements for column in columns]
    return () if None in words else tuple(word for word in words if word is not None)


def _refuse_saved(
    trial: Trial, new: Sequence[Measurement], stored: Sequence[Measurement], *, saved: bool
) -> None:
    """One task of a form is saved once: sent again it is found, told otherwise it is refused, also
    where its row was left out since, so that it does not stand among those that are `stored`."""
    ids = {row.keys.get(CLIENT_ID) for row in stored}
    if any(saved or row.keys[CLIENT_ID] in ids for row in new):
        raise StateError(
            Problem(
                say("trial {name}", name=trial.id),
                say("a task that was saved already, with other values"),
                say("a task that is saved once"),
                say("`htkeval correct {name}` puts a value right.", name=trial.id),
            )
        )


def _whole(row: Measurement) -> tuple[object, ...]:
    """Everything in a row; deliveries of one trial have their columns in one order."""
    return row.arm, tuple(row.keys.items()), tuple(row.values.items())


def _task_of(trial: Trial, row: Measurement) -> Task | None:
    """None where no task is told, nor an id."""
    design = trial.design
    if row.keys.get(CLIENT_ID) and design.task is None:
        return (row.keys[CLIENT_ID],)
    if design.task is None or row.keys.get(design.task) is None:
        return None
    names = (design.participant, design.team, design.task, design.period, design.date)
    return (row.arm, *(row.keys.get(name) for name in names if name))
