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
from htkeval.store import appending, chain, rows, subjects
from htkeval.store.inserting import insert_all
from htkeval.store.schema import measurement

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
    """How many measurements the batch holds."""
    duplicate: bool
    """Whether the same rows were there already, so that nothing was stored."""


class Delivery:
    """A batch with its rows as they are to be stored, and its fingerprints."""

    def __init__(
        self,
        connection: Connection,
        batch: Batch,
        encoded: list[rows.Row],
        *,
        participant: str | None,
        day: str | None,
    ) -> None:
        names = {row.pseudonym for row in encoded if row.pseudonym is not None}
        tokens = subjects.tokens(connection, batch.trial, names)
        self.stored = [
            as_stored(row, None if row.pseudonym is None else tokens[row.pseudonym])
            for row in encoded
        ]
        """Its rows."""
        digests = [row.digest for row in self.stored]
        self.content = rows.content(digests)
        """SHA-256 of the rows in no order: by it the same rows are known again."""
        self.payload = {
            "name": batch.name,
            "rows": len(self.stored),
            "arms": {"baseline": 0, "treatment": 0} | Counter(row.arm for row in encoded),
            "participant": participant,
            "first_treatment": _first_day(batch, day),
            "content": self.content,
            "digest": rows.roll_up(digests),
        }
        """What the event says of the batch; `digest` covers the rows in their order."""

    def insert(self, connection: Connection, event: Event) -> None:
        """Store the rows under their event, numbered from 1."""
        numbered = enumerate(self.stored, start=1)
        rows = [(event.seq, number, *row) for number, row in numbered]
        insert_all(connection, _NEW, _COLUMNS, rows)


def keep(
    connection: Connection,
    delivery: Delivery,
    *,
    trial: str,
    actor: Actor,
    now: datetime,
    simulated: bool,
) -> Added:
    """Add a delivery's event and its rows; the same rows again are found, not added."""
    n, last = len(delivery.stored), appending.end(connection, trial, delivery.content)
    if last.twin is not None:
        return Added(event=chain.at(connection, last.twin), rows=n, duplicate=True)
    added = appending.append(
        connection,
        last,
        trial=trial,
        kind="batch",
        payload=delivery.payload,
        actor=actor,
        now=now,
        simulated=simulated,
        content=delivery.content,
    )
    delivery.insert(connection, added)
    return Added(event=added, rows=n, duplicate=False)


def _first_day(batch: Batch, day: str | None) -> str | None:
    """The earliest day (ISO) of a row with the tool; None where no row says its day."""
    days = [row.keys.get(day) for row in batch.measurements if day and row.arm == "treatment"]
    return min((one for one in days if one), default=None)


def as_stored(row: rows.Row, token: str | None) -> Stored:
    """A row with the token of its participant, and its digest."""
    digest = rows.digest(subject=token, arm=row.arm, keys=row.keys, measured=row.measured)
    return Stored(token, row.arm, row.keys, row.measured, digest)
