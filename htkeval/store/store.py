"""The record of what happened: appended to, never changed.

Every write is one transaction, and only one is under way at a time: whoever writes takes his
turn first, reads the end of the chain, and adds to it. So the chain has no gap and no fork,
however many processes write.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, select

from htkeval.allocation_list import AllocationList
from htkeval.decision import Actor
from htkeval.event import Event, EventKind
from htkeval.measurement import Batch, Measurement
from htkeval.participation import Participation
from htkeval.store import (
    allocations,
    appending,
    chain,
    corrections,
    erasure,
    opening,
    outbox,
    participations,
    presses,
    read_only,
    subjects,
)
from htkeval.store.batches import Added, Delivery, here_already, keep
from htkeval.store.current import counts_by_arm, current_rows, people_by_arm, pseudonyms
from htkeval.store.failures import in_words
from htkeval.store.forgotten import Forgotten, forgotten
from htkeval.store.lines import Line, lines
from htkeval.store.locking import lock_of, refusal
from htkeval.store.outbox import OutboxRow, State
from htkeval.store.schema import event
from htkeval.timing import Press, Timing
from htkeval.trial import Arm, Design

__all__ = ["Added", "OutboxRow", "State", "Store", "open_store", "read_store"]


class Store:
    """Events, measurements and the outbox of one workspace. Made by `open_store`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        """For proofs and backups; whoever writes through it bypasses the chain."""
        self._writer = engine.execution_options(**{opening.WRITING: True})
        self._place = opening.place_of(engine.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()

    def append(
        self,
        trial_id: str,
        kind: EventKind,
        payload: dict[str, Any],
        *,
        actor: Actor,
        now: datetime,
        simulated: bool = False,
        known: appending.Known | None = None,
    ) -> Event:
        """Add one event; what MLflow must know goes to the outbox in the same transaction.

        Args:
            trial_id: The trial.
            kind: What happened. Measurements come by `add_batch` instead.
            payload: What happened in full, as JSON values with text keys.
            actor: Who did it.
            now: When, with a time zone. Kept as given even where the clock was set back.
            simulated: Whether it rests on invented measurements. The mark stays: every later
                event of the trial has it.
            known: By kind: number of the newest event of it that the caller built on (`newest`,
                asked for before he read anything); kinds that are not named do not matter.

        Raises:
            StateError: Somebody else added an event of such a kind after the one that was known;
                or the trial is locked and takes no such event (`Locked`).
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        if kind == "batch":
            raise ValueError("measurements come by add_batch, which has the chain cover them")
        (event,) = self.append_all(
            trial_id,
            ((kind, payload),),
            actor=actor,
            now=now,
            simulated=simulated,
            known=known,
        )
        return event

    def append_all(
        self,
        trial_id: str,
        told: Sequence[tuple[EventKind, dict[str, Any]]],
        *,
        actor: Actor,
        now: datetime,
        simulated: bool = False,
        known: appending.Known | None = None,
    ) -> tuple[Event, ...]:
        """Add several events of a trial in one transaction, as `append` adds one.

        Args:
            trial_id: The trial.
            told: What happened, in order: the kind and the payload of each.
            actor, now, simulated, known: As for `append`.

        Raises:
            StateError: As for `append`; none of them was stored.
            EnvironmentFailed: Locked, full, read-only or away; none of them was stored.
        """
        with self._writing() as connection:
            appending.refuse_overtaken(connection, trial_id, known or {})
            return tuple(
                appending.append(
                    connection,
                    appending.end(connection, trial_id),
                    trial=trial_id,
                    kind=kind,
                    payload=payload,
                    actor=actor,
                    now=now,
                    simulated=simulated,
                )
                for kind, payload in told
            )

    def locked(self, trial_id: str) -> Event | None:
        """The lock that makes a trial's measurements final; None where none holds."""
        with self.reading() as connection:
            return lock_of(connection, trial_id)

    def refuse_locked(self, trial_id: str) -> None:
        """Raises `Locked` where a trial's measurements are final."""
        with self.reading() as connection:
            if lock_of(connection, trial_id) is not None:
                raise refusal(connection, trial_id)

    def add_batch(
        self,
        batch: Batch,
        *,
        actor: Actor,
        now: datetime,
        participant: str | None,
        day: str | None = None,
        simulated: bool = False,
    ) -> Added:
        """Add all rows of a delivery, or none. The same rows again are found, not added.

        Args:
            batch: The delivery; its rows are taken as they are.
            actor: Who delivered it.
            now: When, with a time zone.
            participant: The key column that holds pseudonyms; None where the trial has none. They
                are kept as tokens only, so that a person can be forgotten later, and it is asked
                for each time, lest somebody's name be kept for good by oversight.
            day: The key column that holds the day of a task; None where the trial has none.
            simulated: Whether the measurements are invented.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        (added,) = self.add_batches(
            (batch,), actor=actor, now=now, participant=participant, day=day, simulated=simulated
        )
        return added

    def add_batches(
        self,
        batches: tuple[Batch, ...],
        *,
        actor: Actor,
        now: datetime,
        participant: str | None,
        day: str | None = None,
        simulated: bool = False,
        choose: Callable[[Store], tuple[Batch, ...]] | None = None,
        closing: Timing | None = None,
    ) -> tuple[Added, ...]:
        """Add all rows of several deliveries, an event for each, or none of any.

        Args:
            batches: The deliveries.
            actor, now, participant, day, simulated: As for `add_batch`.
            choose: Given the store as it stands when it is our turn to write, so that nobody comes
                in between: the deliveries with the rows of them that are to be stored. Whatever it
                raises, nothing is stored.
            closing: The timed task that the one row of them comes of; it is saved with it.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._writing() as connection:
            chosen = choose(_Within(self, connection)) if choose else batches
            added = tuple(
                keep(
                    connection,
                    Delivery(connection, batch, participant=participant, day=day),
                    brought=Delivery(connection, whole, participant=participant, day=day).content
                    if batch.here
                    else None,
                    trial=batch.trial,
                    actor=actor,
                    now=now,
                    simulated=simulated,
                )
                for batch, whole in zip(chosen, batches, strict=True)
            )
            if closing is not None:
                (one,) = added
                new = None if one.duplicate else one.event
                presses.close(connection, one.event.trial, closing, after=new, actor=actor, now=now)
            return added

    def press(
        self,
        trial_id: str,
        press: Press,
        *,
        participant: str | None,
        arm: Arm,
        keys: dict[str, str],
        actor: Actor,
        now: datetime,
    ) -> Event | None:
        """Keep a press of the stopwatch; `presses.keep` says what becomes of it.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._writing() as connection:
            return presses.keep(
                connection, trial_id, press, pseudonym=participant, arm=arm, keys=keys,
                actor=actor, now=now,
            )  # fmt: skip

    def timings(
        self, trial_id: str, participant: str | None, *, which: presses.Which = "all"
    ) -> tuple[Timing, ...]:
        """A person's tasks that were timed, in the order of their starts: all, or the open ones."""
        with self.reading() as connection:
            return presses.of_person(connection, trial_id, participant, which=which)

    def timing(self, trial_id: str, participant: str | None, name: str) -> Timing | None:
        """One of them by its id; None where it never began."""
        with self.reading() as connection:
            found = presses.of_person(connection, trial_id, participant, which="one", timing=name)
        return found[0] if found else None

    def people(self, trial_id: str) -> tuple[str, ...]:
        """The pseudonyms of everybody in a trial who was not forgotten."""
        with self.reading() as connection:
            names = pseudonyms(connection, trial_id).values()
            return tuple(sorted(name for name in names if name is not None))

    def allocate(
        self,
        trial_id: str,
        make: allocations.Make,
        *,
        people: bool,
        actor: Actor,
        now: datetime,
        known: appending.Known | None = None,
    ) -> Event:
        """Draw and keep in one transaction, so that no two draw for the same unit.

        Args:
            trial_id: The trial.
            make: Draws, knowing all that was drawn and measured before; whatever it raises,
                nothing is stored.
            people: Whether units are named by pseudonyms; they are kept as tokens only.
            actor: Who asked for it.
            now: When, with a time zone.
            known: As for `append`: the promise by which `make` draws.

        Raises:
            StateError: The promise was changed after the one that was known.
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._writing() as connection:
            appending.refuse_overtaken(connection, trial_id, known or {})
            listed, more = make(allocations.Earlier(connection, trial_id))
            tokens = subjects.tokens(connection, trial_id, listed.units[0]) if people else None
            return appending.append(
                connection,
                appending.end(connection, trial_id),
                trial=trial_id,
                kind="allocation",
                payload=allocations.encode(listed, tokens, more),
                actor=actor,
                now=now,
                simulated=False,
            )

    def allocated(self, trial_id: str) -> AllocationList | None:
        """All that was drawn, as one list in the order of entry; None where nothing was."""
        with self.reading() as connection:
            drawn = chain.events(connection, trial=trial_id, kind="allocation")
            return allocations.decode(drawn, pseudonyms(connection, trial_id))

    def lines(self, trial_id: str, *, arm: str) -> tuple[Line, ...]:
        """Every row of a trial with its history, but those of people who were forgotten.

        Args:
            trial_id: The trial.
            arm: What it calls the column of arms.
        """
        with self.reading() as connection:
            return lines(connection, trial_id, arm=arm)

    def correct(
        self,
        trial_id: str,
        make: Callable[[Store], tuple[Line, Measurement]],
        *,
        design: Design,
        why: str,
        actor: Actor,
        now: datetime,
    ) -> Event:
        """Have one row take another's place, in one transaction with the event that says why.

        Args:
            trial_id: The trial.
            make: Which row, and what it is to say; given the store as it stands when it is our
                turn to write. Whatever it raises, nothing is stored.
            design: Names the columns of arms, participants and days.
            why: Why, in the actor's words.
            actor: Who did it.
            now: When, with a time zone.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._writing() as connection:
            line, new = make(_Within(self, connection))
            return corrections.correct(
                connection, trial_id, line, new, design=design, why=why, actor=actor, now=now
            )

    def exclude(
        self,
        trial_id: str,
        which: Callable[[Store], Line],
        *,
        told: dict[str, Any] | None,
        why: str,
        actor: Actor,
        now: datetime,
    ) -> Event:
        """Leave a row out from now on, in one transaction with the deviation that tells of it.

        Args:
            trial_id: The trial.
            which: As `make` of `correct`.
            told: What the deviation says; None where nothing was promised.
            why, actor, now: As for `correct`.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._writing() as connection:
            line = which(_Within(self, connection))
            left_out = corrections.exclude(
                connection, trial_id, line, why=why, actor=actor, now=now
            )
            if told is not None:
                appending.append(
                    connection,
                    appending.end(connection, trial_id),
                    trial=trial_id,
                    kind="deviation",
                    payload=told,
                    actor=actor,
                    now=now,
                    simulated=False,
                )
            return left_out

    def erase(
        self, trial_id: str, pseudonym: str, *, why: str, actor: Actor, now: datetime
    ) -> Event:
        """Forget a person of a trial, in one transaction with the event that says so.

        Args:
            trial_id: The trial.
            pseudonym: The person; it stands nowhere any more afterwards.
            why, actor, now: As for `correct`.

        Raises:
            StateError: The trial knows nobody of this pseudonym.
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._writing() as connection:
            event = erasure.erase(connection, trial_id, pseudonym, why=why, actor=actor, now=now)
        with in_words(self._place):
            opening.empty_log(self.engine)
        return event

    def erase_all(
        self, trial_id: str, *, why: str, actor: Actor, now: datetime
    ) -> tuple[Event, ...]:
        """Forget everybody of a trial, all in one transaction with the events that say so.

        Args:
            trial_id: The trial.
            why, actor, now: As for `correct`.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._writing() as connection:
            events = erasure.erase_all(connection, trial_id, why=why, actor=actor, now=now)
        with in_words(self._place):
            opening.empty_log(self.engine)
        return events

    def forgotten(self, trial_id: str) -> tuple[Forgotten, ...]:
        """What deliveries brought of people who were forgotten since: rows that lead to nobody."""
        with self.reading() as connection:
            return forgotten(connection, trial_id)

    def people_known(self, trial_id: str) -> int:
        """How many people a trial knows; whoever was forgotten is none of them."""
        with self.reading() as connection:
            return subjects.count(connection, trial_id)

    def participate(
        self,
        trial_id: str,
        make: Callable[[Store], tuple[tuple[str, ...], Mapping[str, Any]]],
        *,
        actor: Actor,
        now: datetime,
    ) -> tuple[Event, ...]:
        """Record what people were told or said of taking part, an event for each, or none of any.

        Args:
            trial_id: The trial.
            make: The pseudonyms, and what the events say; given the store as it stands when it is
                our turn to write. Whatever it raises, nothing is stored.
            actor, now: As for `correct`.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._writing() as connection:
            people, said = make(_Within(self, connection))
            return participations.record(connection, trial_id, people, said, actor=actor, now=now)

    def participations(self, trial_id: str) -> dict[str, tuple[Participation, ...]]:
        """By pseudonym of everybody whom a trial knows: what is recorded of taking part."""
        with self.reading() as connection:
            return participations.histories(connection, trial_id)

    def measurements(
        self,
        trial_id: str,
        *,
        until: int | None = None,
        people: Collection[str] | None = None,
        naming: Collection[str] = (),
    ) -> tuple[Measurement, ...]:
        """The rows that count now, in the order in which they came.

        Args:
            trial_id: The trial.
            until: As they stood after this event; without it, after the newest.
            people: Only those of these pseudonyms; None, and of very many: everybody's.
            naming: Only those that have one of these words among their keys; none: all of them.
        """
        with self.reading() as connection:
            return tuple(
                current_rows(connection, trial_id, until=until, people=people, naming=naming)
            )

    def here_already(self, batch: Batch, *, participant: str | None) -> tuple[int, ...]:
        """How often each row of a delivery was brought already, and perhaps put right since.

        Args:
            batch: The delivery.
            participant: The key column that holds pseudonyms, as for `add_batch`.
        """
        with self.reading() as connection:
            return here_already(connection, batch, participant=participant)

    def counts(self, trial_id: str) -> dict[str, int]:
        """How many rows count now, by arm; an arm without rows is left out."""
        with self.reading() as connection:
            return counts_by_arm(connection, trial_id)

    def people_by_arm(self, trial_id: str) -> dict[str, int]:
        """How many people have rows that count, by arm; nought where rows name nobody."""
        with self.reading() as connection:
            return people_by_arm(connection, trial_id)

    def events(
        self, trial_id: str | None = None, kind: EventKind | None = None
    ) -> tuple[Event, ...]:
        """What happened, in the order of the chain; of one trial or kind, or all of it."""
        with self.reading() as connection:
            return chain.events(connection, trial=trial_id, kind=kind)

    def latest(self, trial_id: str, kind: EventKind) -> Event | None:
        """The newest event of a kind, or None."""
        with self.reading() as connection:
            return chain.latest(connection, trial_id, kind)

    def has(self, trial_id: str, kind: EventKind) -> bool:
        """Whether such a thing ever happened to a trial."""
        return self.latest(trial_id, kind) is not None

    def last(self) -> Event | None:
        """The newest event of all, or None."""
        with self.reading() as connection:
            return chain.last(connection)

    def newest(self, trial_id: str, *kinds: EventKind) -> appending.Known:
        """By kind: the number of the newest event of it, 0 where there is none; for `append`."""
        with self.reading() as connection:
            return appending.newest(connection, trial_id, kinds)

    def is_simulated(self, trial_id: str) -> bool:
        """Whether the trial rests on invented measurements."""
        with self.reading() as connection:
            return bool(connection.scalar(appending.MARKED, {"trial": trial_id}))

    def trials(self) -> tuple[str, ...]:
        """Every trial to which something has happened, by id."""
        with self.reading() as connection:
            return tuple(sorted(connection.scalars(select(event.c.trial).distinct())))

    def outbox(self, state: State | None = None) -> tuple[OutboxRow, ...]:
        """What MLflow must know, in the order of the chain; in one state, or all of it."""
        with self.reading() as connection:
            return outbox.entries(connection, state)

    def mark(
        self, key: str, state: State, *, run_id: str | None = None, error: str | None = None
    ) -> None:
        """Say how far sending has come. A run's id, once known, stays; `sending` counts.

        Raises:
            KeyError: Nothing in the outbox has this key.
        """
        with self._writing() as connection:
            outbox.mark(connection, key, state, run_id=run_id, error=error)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment of the store: nothing that others add meanwhile is seen."""
        engine = self.engine
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with in_words(self._place), engine.connect() as connection:
            yield connection

    @contextmanager
    def moment(self) -> Iterator[Store]:
        """The store at one moment, for whoever asks it several things."""
        with self.reading() as connection:
            yield _Within(self, connection)

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """One transaction, alone, for what is done to the store as a whole: a move, a grant."""
        with self._writing() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction, alone; afterwards all of it is on the disk, or none."""
        with in_words(self._place), self._writer.begin() as connection:
            opening.take_turn(connection)
            yield connection


class _Within(Store):
    """The store at one moment: inside a write that is under way, or read by one connection."""

    def __init__(self, whole: Store, connection: Connection) -> None:
        self.engine, self._place = whole.engine, whole._place
        self._under_way = connection
        self._happened: dict[str, frozenset[str]] = {}
        self._drawn: dict[str, AllocationList | None] = {}

    def has(self, trial_id: str, kind: EventKind) -> bool:
        """Most things never did, and at one moment it stays so: one statement asks of all."""
        if trial_id not in self._happened:
            self._happened[trial_id] = chain.kinds(self._under_way, trial_id)
        return kind in self._happened[trial_id]

    def events(
        self, trial_id: str | None = None, kind: EventKind | None = None
    ) -> tuple[Event, ...]:
        if trial_id is not None and kind is not None and not self.has(trial_id, kind):
            return ()
        return super().events(trial_id, kind)

    def latest(self, trial_id: str, kind: EventKind) -> Event | None:
        return super().latest(trial_id, kind) if self.has(trial_id, kind) else None

    def refuse_locked(self, trial_id: str) -> None:
        if self.has(trial_id, "lock"):
            super().refuse_locked(trial_id)

    def allocated(self, trial_id: str) -> AllocationList | None:
        if trial_id not in self._drawn:
            some = self.has(trial_id, "allocation")
            self._drawn[trial_id] = super().allocated(trial_id) if some else None
        return self._drawn[trial_id]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self._under_way

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        raise RuntimeError("who looks at one moment adds nothing himself")
        yield self._under_way


def read_store(address: str, *, wait: float = 30.0) -> Store:
    """Open the store at an address only to read it; where there is none, an empty one is read.

    Nothing is made or written: it also works where this account, or nobody, may write.

    Args:
        address: `sqlite:///FILE` or `postgresql+psycopg://…`.
        wait: Seconds to wait for others.

    Raises:
        UsageError: The address is neither of the two.
        StateError: A newer htkeval made it; or the file holds something else.
        EnvironmentFailed: It is locked, unreadable or damaged, or the server away.
    """
    return Store(read_only.engine_to_read(address, wait=wait))


def open_store(address: str, *, create: bool = True, wait: float = 30.0) -> Store:
    """Open the store at an address, and make it where there is none.

    Args:
        address: `sqlite:///FILE` or `postgresql+psycopg://…`.
        create: Whether to make one; without, a missing store is a `StateError`.
        wait: Seconds to wait for one's turn to write.

    Raises:
        UsageError: The address is neither of the two.
        StateError: A newer htkeval made it; or the file holds something else; or it is missing.
        EnvironmentFailed: It is locked, unreadable or damaged, the disk is full, the server away.
    """
    engine = opening.engine_for(address, wait=wait)
    try:
        opening.make_ready(engine, create=create, wait=wait)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)
