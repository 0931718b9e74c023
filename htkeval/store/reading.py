"""What the store can be asked, at one moment or at several."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager

from sqlalchemy import Connection, select

from htkeval.allocation_list import AllocationList
from htkeval.event import Event, EventKind
from htkeval.measurement import Batch, Measurement
from htkeval.participation import Participation
from htkeval.store import (
    allocations,
    appending,
    chain,
    guard,
    outbox,
    participations,
    presses,
)
from htkeval.store.batches import here_already
from htkeval.store.current import Place, counts_by_arm, current_rows, people_by_arm
from htkeval.store.forgotten import Forgotten, forgotten
from htkeval.store.lines import Line, lines
from htkeval.store.locking import lock_of, refusal
from htkeval.store.outbox import OutboxRow, State
from htkeval.store.schema import event
from htkeval.store.subjects import People
from htkeval.timing import Timing


class Reading(ABC):
    """Events, measurements and the outbox of one workspace, read."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """One moment of the store: nothing that others add meanwhile is seen."""

    def _everybody(self, connection: Connection, trial_id: str) -> People:
        return People(connection, trial_id)

    def _left_out(self, trial_id: str) -> Collection[Place] | None:
        """The rows that were left out, where that is known; None where it is to be looked up."""
        return None

    def locked(self, trial_id: str) -> Event | None:
        """The lock that makes a trial's measurements final; None where none holds."""
        with self.reading() as connection:
            return lock_of(connection, trial_id)

    def refuse_locked(self, trial_id: str) -> None:
        """Raises `Locked` where a trial's measurements are final."""
        with self.reading() as connection:
            if lock_of(connection, trial_id) is not None:
                raise refusal(connection, trial_id)

    def timings(
        self, trial_id: str, participant: str | None, *, which: presses.Which = "all"
    ) -> tuple[Timing, ...]:
        """A person's tasks that were timed, in the order of their starts: all, or the open ones."""
        with self.reading() as connection:
            guard.people(connection, trial_id)
            return presses.of_person(
                connection, self._everybody(connection, trial_id), participant, which=which
            )

    def timing(self, trial_id: str, participant: str | None, name: str) -> Timing | None:
        """One of them by its id; None where it never began."""
        with self.reading() as connection:
            guard.people(connection, trial_id)
            everybody = self._everybody(connection, trial_id)
            found = presses.of_person(connection, everybody, participant, which="one", timing=name)
        return found[0] if found else None

    def timed(self, trial_id: str, name: str) -> bool:
        """Whether a task of this id was timed by anybody, also by somebody who was forgotten."""
        with self.reading() as connection:
            return presses.timed(connection, trial_id, name)

    def people(self, trial_id: str) -> tuple[str, ...]:
        """The pseudonyms of everybody in a trial who was not forgotten."""
        with self.reading() as connection:
            guard.people(connection, trial_id)
            return self._everybody(connection, trial_id).pseudonyms

    def unknown(self, trial_id: str, people: Iterable[str]) -> frozenset[str]:
        """Those of some pseudonyms that the trial does not know as they are written."""
        wanted = frozenset(people)
        with self.reading() as connection:
            guard.people(connection, trial_id)
            return wanted - self._everybody(connection, trial_id).known(wanted).keys()

    def allocated(self, trial_id: str, *, counted: bool = False) -> AllocationList | None:
        """All that was drawn, as one list in the order of entry; None where nothing was.

        Args:
            trial_id: The trial.
            counted: As for `lines`.
        """
        with self.reading() as connection:
            if not counted:
                guard.people(connection, trial_id)
            drawn = chain.events(connection, trial=trial_id, kind="allocation")
            return allocations.decode(drawn, self._everybody(connection, trial_id).behind)

    def lines(self, trial_id: str, *, arm: str, counted: bool = False) -> tuple[Line, ...]:
        """Every row of a trial with its history, but those of people who were forgotten.

        Args:
            trial_id: The trial.
            arm: What it calls the column of arms.
            counted: They are only counted, and what is told names nobody: whoever may see sums may
                have it. A test lists who asks so.
        """
        with self.reading() as connection:
            if not counted:
                guard.people(connection, trial_id)
            return lines(connection, self._everybody(connection, trial_id), arm=arm)

    def forgotten(self, trial_id: str) -> tuple[Forgotten, ...]:
        """What deliveries brought of people who were forgotten since: rows that lead to nobody."""
        with self.reading() as connection:
            return forgotten(connection, trial_id)

    def people_known(self, trial_id: str) -> int:
        """How many people a trial knows; whoever was forgotten is none of them."""
        with self.reading() as connection:
            return len(self._everybody(connection, trial_id).pseudonyms)

    def participations(self, trial_id: str) -> dict[str, tuple[Participation, ...]]:
        """By pseudonym of everybody whom a trial knows: what is recorded of taking part."""
        with self.reading() as connection:
            guard.people(connection, trial_id)
            return participations.histories(connection, self._everybody(connection, trial_id))

    def measurements(
        self,
        trial_id: str,
        *,
        until: int | None = None,
        people: Collection[str] | None = None,
        naming: Collection[str] = (),
        counted: bool = False,
    ) -> tuple[Measurement, ...]:
        """The rows that count now, in the order in which they came.

        Args:
            trial_id: The trial.
            until: As they stood after this event; without it, after the newest.
            people: Only those of these pseudonyms; None, and of very many: everybody's.
            naming: Only those that have one of these words among their keys; none: all of them.
            counted: As for `lines`.
        """
        with self.reading() as connection:
            if not counted:
                guard.people(connection, trial_id)
            return tuple(
                current_rows(
                    connection,
                    trial_id,
                    self._everybody(connection, trial_id),
                    until=until,
                    people=people,
                    naming=naming,
                    left_out=self._left_out(trial_id) if until is None else None,
                )
            )

    def here_already(self, batch: Batch, *, participant: str | None) -> tuple[int, ...]:
        """How often each row of a delivery was brought already, and perhaps put right since.

        Args:
            batch: The delivery.
            participant: The key column that holds pseudonyms, as for `add_batch`.
        """
        with self.reading() as connection:
            guard.people(connection, batch.trial)
            everybody = self._everybody(connection, batch.trial)
            return here_already(connection, everybody, batch, participant=participant)

    def counts(self, trial_id: str) -> dict[str, int]:
        """How many rows count now, by arm; an arm without rows is left out."""
        with self.reading() as connection:
            return counts_by_arm(connection, trial_id, left_out=self._left_out(trial_id))

    def people_by_arm(self, trial_id: str) -> dict[str, int]:
        """How many people have rows that count, by arm; nought where rows name nobody."""
        with self.reading() as connection:
            return people_by_arm(connection, trial_id, left_out=self._left_out(trial_id))

    def events(
        self, trial_id: str | None = None, kind: EventKind | None = None
    ) -> tuple[Event, ...]:
        """What happened, in the order of the chain; of one trial or kind, or all of it."""
        with self.reading() as connection:
            found = chain.events(connection, trial=trial_id, kind=kind)
            return tuple(guard.as_told(connection, one) for one in found)

    def latest(self, trial_id: str, kind: EventKind) -> Event | None:
        """The newest event of a kind, or None."""
        with self.reading() as connection:
            found = chain.latest(connection, trial_id, kind)
            return None if found is None else guard.as_told(connection, found)

    def has(self, trial_id: str, kind: EventKind) -> bool:
        """Whether such a thing ever happened to a trial."""
        return self.latest(trial_id, kind) is not None

    def last(self) -> Event | None:
        """The newest event of all, or None."""
        with self.reading() as connection:
            found = chain.last(connection)
            return None if found is None else guard.as_told(connection, found)

    def newest(self, trial_id: str, *kinds: EventKind) -> appending.Known:
        """By kind: the number of the newest event of it, 0 where there is none; for `append`."""
        with self.reading() as connection:
            return appending.newest(connection, trial_id, kinds)

    def is_simulated(self, trial_id: str) -> bool:
        """Whether the trial rests on invented measurements."""
        with self.reading() as connection:
            return bool(connection.scalar(appending.MARKED, {"trial": trial_id}))

    def trials(self) -> tuple[str, ...]:
        """Every trial to which something has happened, by id; packages lie under `ELSEWHERE`."""
        with self.reading() as connection:
            return tuple(sorted(connection.scalars(select(event.c.trial).distinct())))

    def unpublished(self, trial_id: str) -> int:
        """How much of a trial MLflow does not have yet."""
        with self.reading() as connection:
            return outbox.unsent(connection, trial_id)

    def newest_of_each(self) -> dict[str, tuple[str, int]]:
        """By trial: the link of its newest event, and how much of it MLflow does not have yet.

        As long as both stay as they are, nothing has happened to a trial. Its number alone would
        not do: a store that was put back from a copy gives the same numbers again.
        """
        with self.reading() as connection:
            newest = chain.newest_of_each(connection)
            unsent = outbox.unsent_of_each(connection)
        return {trial: (link, unsent.get(trial, 0)) for trial, link in newest.items()}

    def outbox(self, state: State | None = None) -> tuple[OutboxRow, ...]:
        """What MLflow must know, in the order of the chain; in one state, or all of it."""
        with self.reading() as connection:
            return outbox.entries(connection, state)
