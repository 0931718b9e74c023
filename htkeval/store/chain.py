"""How events hang together, each with the hash of the one before it; and how they are read."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, RowMapping, bindparam, func, select, text

from htkeval.canonical import canonical
from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.event import Event, EventKind
from htkeval.store.schema import event as table
from htkeval.text import say


def stamp(at: datetime) -> str:
    """A moment as it is stored: ISO text in UTC, always with microseconds, so that it sorts.

    Raises:
        ValueError: The moment has no time zone.

    Example:
        >>> stamp(datetime(2026, 1, 12, 8, tzinfo=UTC))
        '2026-01-12T08:00:00.000000+00:00'
    """
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sealed(
    *,
    seq: int,
    trial: str,
    kind: EventKind,
    at: datetime,
    actor: Actor,
    simulated: bool,
    payload: dict[str, Any],
    previous: str,
) -> tuple[Event, dict[str, Any]]:
    """An event with its hash, and the values of its row.

    The payload is written as JSON once: a list of 100,000 people is several megabytes.
    """
    row: dict[str, Any] = {
        "seq": seq,
        "trial": trial,
        "kind": kind,
        "at": stamp(at),
        "actor": actor.name,
        "known_by": actor.known_by,
        "simulated": simulated,
        "payload": canonical(payload),
        "previous": previous,
    }
    row["hash"] = _seal_of(row)
    return _event(row), row


def seal(event: Event) -> str:
    """What an event's hash must be: SHA-256 of the canonical JSON of all its other fields."""
    return _seal_of(columns(event))


def columns(event: Event) -> dict[str, Any]:
    """An event as the values of its row."""
    return {
        "seq": event.seq,
        "trial": event.trial,
        "kind": event.kind,
        "at": stamp(event.at),
        "actor": event.actor.name,
        "known_by": event.actor.known_by,
        "simulated": event.simulated,
        "payload": canonical(event.payload),
        "previous": event.previous,
        "hash": event.hash,
    }


def read(row: Row[Any]) -> Event:
    """An event from its row, after seeing that it is still what was stored.

    Raises:
        StateError: It was changed from outside: nothing may be built on what it says now.
    """
    try:
        if _seal_of(row._mapping) == row.hash:
            return as_it_stands(row)
    except (TypeError, ValueError):
        pass  # what no event can be was not stored by us either
    raise StateError(
        Problem(
            say("event {seq} of trial {name}", seq=row.seq, name=str(row.trial)),
            say("that it was changed from outside"),
            say("what was stored"),
            say("Run `htkeval verify`; bring back the newest backup."),
        )
    )


def _seal_of(row: Mapping[str, Any] | RowMapping) -> str:
    """The hash, of the payload's own text: a long list is neither written again nor parsed."""
    actor = {"name": row["actor"], "known_by": row["known_by"]}
    head = canonical({"actor": actor, "at": row["at"], "kind": row["kind"]})
    tail = canonical({name: row[name] for name in ("previous", "seq", "simulated", "trial")})
    return sha256(f'{head[:-1]},"payload":{row["payload"]},{tail[1:]}'.encode()).hexdigest()


def as_it_stands(row: Row[Any]) -> Event:
    """An event from its row, whatever became of it: for proofs.

    Raises:
        ValueError: The row holds what no event can be.
    """
    return _event(row._mapping)


def _event(row: Mapping[str, Any] | RowMapping) -> Event:
    return Event(
        seq=row["seq"],
        trial=row["trial"],
        kind=row["kind"],
        at=datetime.fromisoformat(row["at"]),
        actor=Actor(name=row["actor"], known_by=row["known_by"]),
        simulated=row["simulated"],
        payload=json.loads(row["payload"]),
        previous=row["previous"],
        hash=row["hash"],
    )


_LATEST = (
    select(table)
    .where(table.c.trial == bindparam("trial"), table.c.kind == bindparam("kind"))
    .order_by(table.c.seq.desc())
    .limit(1)
)


_OF_KIND = (
    select(table)
    .where(table.c.trial == bindparam("trial"), table.c.kind == bindparam("kind"))
    .order_by(table.c.seq)
)
_KINDS = text(
    """WITH RECURSIVE found (kind) AS (
  SELECT min(kind) FROM event WHERE trial = :trial
  UNION ALL
  SELECT (SELECT min(kind) FROM event WHERE trial = :trial AND kind > found.kind)
  FROM found WHERE found.kind IS NOT NULL
)
SELECT kind, (SELECT simulated FROM event WHERE trial = :trial ORDER BY seq DESC LIMIT 1)
FROM found WHERE kind IS NOT NULL"""
)
"""From each kind to the next by the index of kinds; DISTINCT would walk through every event."""


class Happened(NamedTuple):
    """What has happened to a trial at all."""

    kinds: frozenset[str]
    """Kinds of event that there are."""
    simulated: bool
    """Whether it rests on invented measurements."""


def happened(connection: Connection, trial: str) -> Happened:
    """What has happened to a trial at all; one statement, for most of it has not."""
    found = connection.execute(_KINDS, {"trial": trial}).all()
    return Happened(frozenset(row[0] for row in found), bool(found and found[0][1]))


def at(connection: Connection, seq: int) -> Event:
    """The event with a number."""
    return read(connection.execute(select(table).where(table.c.seq == seq)).one())


def some(connection: Connection, seqs: Collection[int]) -> tuple[Event, ...]:
    """The events with these numbers, in order."""
    query = select(table).where(table.c.seq.in_(seqs)).order_by(table.c.seq)
    return tuple(read(row) for row in connection.execute(query))


def latest(connection: Connection, trial: str, kind: EventKind) -> Event | None:
    """The newest event of a kind, or None."""
    row = connection.execute(_LATEST, {"trial": trial, "kind": kind}).first()
    return None if row is None else read(row)


def last(connection: Connection) -> Event | None:
    """The newest event of all, or None."""
    row = connection.execute(select(table).order_by(table.c.seq.desc()).limit(1)).first()
    return None if row is None else read(row)


def newest_of_each(connection: Connection) -> dict[str, str]:
    """By trial: the link of its newest event."""
    newest = select(func.max(table.c.seq)).group_by(table.c.trial)
    each = select(table.c.trial, table.c.hash).where(table.c.seq.in_(newest))
    return {row[0]: row[1] for row in connection.execute(each)}


def events(
    connection: Connection,
    *,
    trial: str | None,
    kind: EventKind | None,
    until: int | None = None,
) -> tuple[Event, ...]:
    """What happened, in order, up to an event; of one trial or kind, or all of it."""
    if until is None and trial is not None and kind is not None:
        found = connection.execute(_OF_KIND, {"trial": trial, "kind": kind})
        return tuple(read(row) for row in found)
    query = select(table).order_by(table.c.seq)
    if until is not None:
        query = query.where(table.c.seq <= until)
    if trial is not None:
        query = query.where(table.c.trial == trial)
    if kind is not None:
        query = query.where(table.c.kind == kind)
    return tuple(read(row) for row in connection.execute(query))
