"""The record of what happened: appended to, never changed.

Every write is one transaction, and only one is under way at a time: whoever writes takes his
turn first, reads the end of the chain, and adds to it. So the chain has no gap and no fork,
however many processes write.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine

from htkeval.allocation_list import AllocationList
from htkeval.decision import Actor
from htkeval.event import Event, EventKind
from htkeval.measurement import Batch, Measurement
from htkeval.rights import Identity
from htkeval.store import (
    allocations,
    appending,
    chain,
    corrections,
    erasure,
    guard,
    opening,
    outbox,
    participations,
    presses,
    read_only,
)
from htkeval.store.batches import Added, Coming, keep
from htkeval.store.current import Place
from htkeval.store.failures import in_words
from htkeval.store.lines import Line
from htkeval.store.outbox import OutboxRow, State
from htkeval.store.reading import Reading
from htkeval.store.subjects import People
from htkeval.timing import Press, Timing
from htkeval.trial import Arm, Design

__all__ = ["Added", "OutboxRow", "State", "Store", "open_store", "read_store"]


class Store(Reading):
    """What one workspace holds, read and written. Made by `open_store`."""

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
            last, added = appending.end(connection, trial_id), []
            for kind, payload in told:
                event = appending.append(
                    connection,
                    last,
                    trial=trial_id,
                    kind=kind,
                    payload=payload,
                    actor=actor,
                    now=now,
                    simulated=simulated,
                )
                added.append(event)
                last = appending.then(connection, last, event)
            return tuple(added)

    def append_made(
        self,
        make: Callable[[Store], tuple[str, EventKind, dict[str, Any]]],
        *,
        actor: Actor,
        now: datetime,
    ) -> Event:
        """Add one event that rests on all trials, such as a part of what there is for all of them.

        Args:
            make: The trial, the kind and the payload; given the store as it stands when it is our
                turn to write, so that no two at once pass the same check. Whatever it raises,
                nothing is stored.
            actor, now: As for `append`.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._writing() as connection:
            trial_id, kind, payload = make(_Within(self, connection))
            return appending.append(
                connection,
                appending.end(connection, trial_id),
                trial=trial_id,
                kind=kind,
                payload=payload,
                actor=actor,
                now=now,
                simulated=False,
            )

    def add_batch(
        self,
        batch: Batch,
        *,
        actor: Actor,
        now: datetime,
        participant: str | None,
        day: str | None = None,
    ) -> Added:
        """Add all rows of a delivery, or none. The same rows again are found, not added.

        Args:
            batch: The delivery; its rows are taken as they are.
            actor: Who delivered it.
            now: When, with a time zone.
            participant, day: As `Coming` says.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        coming = Coming(batch, batch, participant, day)
        (added,) = self.add_batches(batch.trial, lambda _: (coming,), actor=actor, now=now)
        return added

    def add_batches(
        self,
        trial_id: str,
        choose: Callable[[Store], Iterable[Coming]],
        *,
        actor: Actor,
        now: datetime,
    ) -> tuple[Added, ...]:
        """Add all rows of several deliveries to a trial, an event for each, or none of any.

        Args:
            trial_id: The trial.
            choose: Given the store as it stands when it is our turn to write, so that nobody comes
                in between: the deliveries, with the rows of them that are to be stored. Whatever it
                raises, nothing is stored.
            actor, now: As for `add_batch`.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._adding(trial_id, "batch", actor) as connection:
            then = _Within(self, connection)
            everybody = then._everybody(connection, trial_id)
            chosen = tuple(choose(then))  # all of them before the first is stored
            return tuple(
                keep(connection, everybody, coming, actor=actor, now=now) for coming in chosen
            )

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
        ask: Callable[[Store], None] | None = None,
    ) -> Timing | None:
        """Keep a press of the stopwatch; `presses.keep` says what becomes of it.

        Args:
            trial_id: The trial.
            press, participant, arm, keys, actor, now: As for `presses.keep`.
            ask: Whether it may be kept, given the store as it stands when it is our turn to write;
                whatever it raises, nothing is stored.

        Raises:
            EnvironmentFailed: Locked, full, read-only or away; nothing was stored.
        """
        with self._adding(trial_id, "press", actor) as connection:
            then = _Within(self, connection)
            if ask is not None:
                ask(then)
            everybody = then._everybody(connection, trial_id)
            return presses.keep(
                connection, everybody, press, pseudonym=participant, arm=arm, keys=keys,
                actor=actor, now=now,
            )  # fmt: skip

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
        with self._adding(trial_id, "allocation", actor) as connection:
            appending.refuse_overtaken(connection, trial_id, known or {})
            listed, more = make(allocations.Earlier(connection, trial_id))
            everybody = People(connection, trial_id)
            tokens = everybody.tokens(listed.units[0]) if people else None
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
        with self._adding(trial_id, "correction", actor) as connection:
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
        with self._adding(trial_id, "exclusion", actor) as connection:
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
        with self._adding(trial_id, "erasure", actor) as connection:
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
        with self._adding(trial_id, "erasure", actor) as connection:
            events = erasure.erase_all(connection, trial_id, why=why, actor=actor, now=now)
        with in_words(self._place):
            opening.empty_log(self.engine)
        return events

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
        with self._adding(trial_id, "participation", actor) as connection:
            people, said = make(_Within(self, connection))
            everybody = People(connection, trial_id)
            return participations.record(connection, everybody, people, said, actor=actor, now=now)

    def mark(
        self, key: str, state: State, *, run_id: str | None = None, error: str | None = None
    ) -> None:
        """Say how far sending has come. A run's id, once known, stays; `sending` counts.

        Raises:
            KeyError: Nothing in the outbox has this key.
        """
        with self._writing() as connection:
            guard.refuse_altering(connection)
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

    def refuse_defining(self, trial_id: str) -> None:
        """Whether whoever opened the store by a login may say what a trial is.

        Its definition stands in a file beside the store: whoever writes it asks here first.

        Raises:
            NotAllowed: He may not; that is kept.
        """
        guard.defining(self.engine, trial_id)

    def refuse_adding(self, trial_id: str, kind: EventKind, actor: Actor) -> None:
        """Whether whoever opened the store by a login may add an event, asked before its files are
        written.

        Raises:
            NotAllowed: He may not; that is kept.
        """
        guard.adding(self.engine, trial_id, kind, actor)

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """One transaction, alone, for what is done to the store as a whole: a move, a grant."""
        with self._writing() as connection:
            guard.refuse_altering(connection)
            yield connection

    @contextmanager
    def _adding(self, trial_id: str, kind: EventKind, actor: Actor) -> Iterator[Connection]:
        """The same for whoever may add such an event: asked before anything is looked up, so that
        who may not is told nothing of what is there, such as whether a person is known."""
        with self._writing() as connection:
            guard.refuse_event(connection, trial_id, kind, actor)
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction, alone; afterwards all of it is on the disk, or none."""
        try:
            with in_words(self._place), self._writer.begin() as connection:
                opening.take_turn(connection)
                yield connection
        except guard.Stopped as stopped:
            guard.keep_refusal(self.engine, stopped)
            raise


class _Within(Store):
    """The store at one moment: inside a write that is under way, or read by one connection."""

    def __init__(self, whole: Store, connection: Connection) -> None:
        self.engine, self._place = whole.engine, whole._place
        self._under_way = connection
        self._happened: dict[str, chain.Happened] = {}
        self._drawn: dict[str, AllocationList | None] = {}
        self._people: dict[str, People] = {}

    def _so_far(self, trial_id: str) -> chain.Happened:
        """Most things never happened, and at one moment it stays so: one statement asks of all."""
        if trial_id not in self._happened:
            self._happened[trial_id] = chain.happened(self._under_way, trial_id)
        return self._happened[trial_id]

    def has(self, trial_id: str, kind: EventKind) -> bool:
        return kind in self._so_far(trial_id).kinds

    def is_simulated(self, trial_id: str) -> bool:
        return self._so_far(trial_id).simulated

    def events(
        self, trial_id: str | None = None, kind: EventKind | None = None
    ) -> tuple[Event, ...]:
        if trial_id is not None and kind is not None and not self.has(trial_id, kind):
            return ()
        return super().events(trial_id, kind)

    def latest(self, trial_id: str, kind: EventKind) -> Event | None:
        return super().latest(trial_id, kind) if self.has(trial_id, kind) else None

    def _everybody(self, connection: Connection, trial_id: str) -> People:
        return self._people.setdefault(trial_id, People(connection, trial_id))

    def _left_out(self, trial_id: str) -> Collection[Place] | None:
        return None if self.has(trial_id, "exclusion") else ()

    def refuse_locked(self, trial_id: str) -> None:
        if self.has(trial_id, "lock"):
            super().refuse_locked(trial_id)

    def allocated(self, trial_id: str, *, counted: bool = False) -> AllocationList | None:
        if trial_id not in self._drawn:
            some = self.has(trial_id, "allocation")
            drawn = super().allocated(trial_id, counted=counted) if some else None
            self._drawn[trial_id] = drawn
        return self._drawn[trial_id]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self._under_way

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        raise RuntimeError("who looks at one moment adds nothing himself")
        yield self._under_way


def read_store(
    address: str,
    *,
    wait: float = 30.0,
    who: Identity | None = None,
    files: Path | None = None,
) -> Store:
    """Open the store at an address only to read it; where there is none, an empty one is read.

    Nothing is made or written: it also works where this account, or nobody, may write.

    Args:
        address: `sqlite:///FILE` or `postgresql+psycopg://…`.
        wait: Seconds to wait for others.
        who: Who reads it by a login; None: whoever sits at this computer.
        files: The folder of the files that are kept for it; with any there, none is not empty.

    Raises:
        UsageError: The address is neither of the two.
        StateError: A newer htkeval made it; or the file holds something else.
        StoreLost: There is none, though files of one are there.
        NotAllowed: Whoever reads it has no role.
        EnvironmentFailed: It is locked, unreadable or damaged, or the server away.
    """
    watched = guard.Guard(who, address) if who else None
    engine = read_only.engine_to_read(address, wait=wait, files=files)
    return Store(watched.on(engine) if watched else engine)


def open_store(
    address: str,
    *,
    create: bool = True,
    wait: float = 30.0,
    who: Identity | None = None,
    files: Path | None = None,
) -> Store:
    """Open the store at an address, and make it where there is none.

    Args:
        address: `sqlite:///FILE` or `postgresql+psycopg://…`.
        create: Whether to make one; without, a missing store is a `StateError`.
        wait: Seconds to wait for one's turn to write.
        who: Who opens it by a login; None: whoever sits at this computer.
        files: The folder of the files that are kept for it; with any there, none is made.

    Raises:
        UsageError: The address is neither of the two.
        StateError: A newer htkeval made it; or the file holds something else; or it is missing.
        StoreLost: There is none, though files of one are there.
        NotAllowed: Whoever opens it has no role.
        EnvironmentFailed: It is locked, unreadable or damaged, the disk is full, the server away.
    """
    watched = guard.Guard(who, address) if who else None
    engine = opening.engine_for(address, wait=wait)
    try:
        opening.make_ready(engine, create=create, wait=wait, files=files)
    except BaseException:
        engine.dispose()
        raise
    return Store(watched.on(engine) if watched else engine)
