"""How a delivery of measurements becomes one event and its rows."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert

from htkeval.decision import Actor
from htkeval.event import Event
from htkeval.frozen import Frozen
from htkeval.measurement import Batch
from htkeval.store import appending, chain, own_words, presses, rows
from htkeval.store.current import digests
from htkeval.store.inserting import insert_all, with_index_afterwards
from htkeval.store.schema import BY_SUBJECT, measurement
from htkeval.store.subjects import People
from htkeval.text import Text
from htkeval.timing import Timing

_NEW = insert(measurement).inline()


class Stored(NamedTuple):
    """The values of a row, but for the event that brings it and its number in that."""

    subject: str | None
    """The token of its participant."""
    arm: str
    """`baseline` or `treatment`."""
    keys: str
    """Its keys as canonical JSON."""
    measured: str
    """Its values as canonical JSON."""
    digest: str
    """SHA-256 of all of these."""


_COLUMNS = ("batch", "number", *Stored._fields)


class Added(Frozen):
    """What became of a batch."""

    event: Event
    """The event that keeps it; the earlier one where the same rows were there already."""
    rows: int
    """How many measurements the delivery held."""
    here: int = 0
    """How many of them an earlier delivery had brought, so that they were left out."""
    otherwise: int = 0
    """How many tell otherwise of a task that an earlier delivery told of; they are stored."""
    remarks: tuple[Text, ...] = ()
    """What a person should look at in it, while it can still be put right."""
    duplicate: bool
    """Whether the same rows were there already, so that nothing was stored."""


class Coming(NamedTuple):
    """A delivery that is to be stored."""

    whole: Batch
    """As it was brought."""
    new: Batch
    """With those rows of it that are to be stored."""
    participant: str | None
    """The key column that holds pseudonyms; None where the trial has none. They are kept as tokens
    only, so that a person can be forgotten later, and it is asked for each time, lest somebody's
    name be kept for good by oversight."""
    day: str | None = None
    """The key column that holds the day of a task; None where the trial has none."""
    closing: Timing | None = None
    """The timed task that its one row comes of, read in the same write; it is saved with it."""


class Delivery:
    """A batch with its rows as they are to be stored, and its fingerprints."""

    def __init__(
        self,
        everybody: People,
        batch: Batch,
        *,
        participant: str | None,
        day: str | None,
    ) -> None:
        encoded = rows.encode(batch.measurements, participant)
        names = {row.pseudonym for row in encoded if row.pseudonym is not None}
        tokens = everybody.tokens(names)
        self.stored = [
            as_stored(row, None if row.pseudonym is None else tokens[row.pseudonym])
            for row in encoded
        ]
        """Its rows."""
        digests = [row.digest for row in self.stored]
        self.content = rows.content(digests)
        """SHA-256 of the rows in no order: by it the same rows are known again."""
        self.payload = {
            "name": batch.name
            if batch.timed is not None  # the form's own, and every statement of it is felt
            else own_words.without(batch.name, everybody.pseudonyms),
            "rows": len(self.stored),
            "arms": {"baseline": 0, "treatment": 0} | Counter(row.arm for row in encoded),
            "participant": participant,
            "first_treatment": _first_day(batch, day),
            "content": self.content,
            "digest": rows.roll_up(digests),
        }
        """What the event says of the batch; `digest` covers the rows in their order."""
        if batch.timed is not None:
            self.payload["timed"] = batch.timed.model_dump(mode="json")

    def insert(self, connection: Connection, event: Event) -> None:
        """Store the rows under their event, numbered from 1."""
        numbered = enumerate(self.stored, start=1)
        rows = [(event.seq, number, *row) for number, row in numbered]
        with with_index_afterwards(connection, BY_SUBJECT, len(rows)):
            insert_all(connection, _NEW, _COLUMNS, rows)


def here_already(
    connection: Connection, everybody: People, batch: Batch, *, participant: str | None
) -> tuple[int, ...]:
    """How often each row of a delivery was brought already; nobody is made known by asking."""
    encoded = rows.encode(batch.measurements, participant)
    names = {row.pseudonym for row in encoded if row.pseudonym is not None}
    tokens = everybody.known(names)
    made = [
        None
        if row.pseudonym is not None and row.pseudonym not in tokens
        else as_stored(row, None if row.pseudonym is None else tokens[row.pseudonym]).digest
        for row in encoded
    ]
    of = None if any(row.pseudonym is None for row in encoded) else set(tokens.values())
    counted = digests(connection, batch.trial, [one for one in made if one is not None], of=of)
    return tuple(0 if one is None else counted[one] for one in made)


def keep(
    connection: Connection,
    everybody: People,
    coming: Coming,
    *,
    actor: Actor,
    now: datetime,
) -> Added:
    """Add a delivery's event and its rows; the same rows again are found, not added.

    Args:
        connection: Within a write.
        everybody: The trial's people.
        coming: What is to be stored.
        actor: Who delivered it.
        now: When, with a time zone.
    """
    added = _keep(connection, everybody, coming, actor=actor, now=now)
    if coming.closing is not None:
        new = None if added.duplicate else added.event
        presses.close(connection, everybody, coming.closing, after=new, actor=actor, now=now)
    return added


def _keep(
    connection: Connection, everybody: People, coming: Coming, *, actor: Actor, now: datetime
) -> Added:
    batch, trial = coming.new, everybody.trial
    columns = {"participant": coming.participant, "day": coming.day}
    delivery = Delivery(everybody, batch, **columns)
    n = len(delivery.stored) + batch.here
    content = Delivery(everybody, coming.whole, **columns).content if batch.here else None
    last = appending.end(connection, trial, content or delivery.content)
    if last.twin is not None:
        return Added(event=chain.at(connection, last.twin), rows=n, here=n, duplicate=True)
    if batch.here and not delivery.stored:
        newest = chain.latest(connection, trial, "batch")
        assert newest is not None  # it brought them, or one before it did
        return Added(event=newest, rows=n, here=n, duplicate=True)
    added = appending.append(
        connection,
        last,
        trial=trial,
        kind="batch",
        payload=delivery.payload,
        actor=actor,
        now=now,
        simulated=batch.simulated,
        content=delivery.content,
    )
    delivery.insert(connection, added)
    return Added(event=added, rows=n, here=batch.here, otherwise=batch.otherwise, duplicate=False)


def _first_day(batch: Batch, day: str | None) -> str | None:
    """The earliest day (ISO) of a row with the tool; None where no row says its day."""
    days = [row.keys.get(day) for row in batch.measurements if day and row.arm == "treatment"]
    return min((one for one in days if one), default=None)


def as_stored(row: rows.Row, token: str | None) -> Stored:
    """A row with the token of its participant, and its digest."""
    digest = rows.digest(subject=token, arm=row.arm, keys=row.keys, measured=row.measured)
    return Stored(token, row.arm, row.keys, row.measured, digest)
