"""Is every event there, in its place, with the hash that its contents give?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, select, text

from htkeval.effect import Check
from htkeval.event import PUBLISHED, WATCHED, Event
from htkeval.store import append_only, chain
from htkeval.store.append_only import GENESIS
from htkeval.store.schema import event as table
from htkeval.store.schema import outbox
from htkeval.text import Text, say

PATIENCE = timedelta(minutes=1)
"""Writers take the time before they wait for their turn, so times may go back by as much."""


@dataclass(frozen=True)
class Link:
    """One row of the event table, and the event in it where it can be read."""

    row: Row[Any]
    """As it stands in the database."""
    event: Event | None
    """None where the row holds what no event can be."""


def links(connection: Connection) -> tuple[Link, ...]:
    """The whole chain, in order, readable or not."""
    found = connection.execute(select(table).order_by(table.c.seq))
    return tuple(Link(row, _event(row)) for row in found)


def sequence(found: tuple[Link, ...]) -> Check:
    """Are the events numbered from 1 without a gap?"""
    for expected, link in enumerate(found, start=1):
        if link.row.seq != expected:
            return _failed("sequence", say("Event {seq} is missing.", seq=expected))
    sentence = say("The events are numbered without a gap ({n:#,##0}).", n=len(found))
    return Check(name="sequence", passed=True, message=sentence)


def chain_of(found: tuple[Link, ...]) -> Check:
    """Does every event have its hash, and name the hash of the one before?"""
    previous = GENESIS
    for link in found:
        if not _untouched(link):
            return _failed(
                "chain",
                say("Event {seq} was changed: its contents give another hash.", seq=link.row.seq),
            )
        if link.row.previous != previous:
            return _failed(
                "chain",
                say(
                    "Event {seq} does not follow the event that stands before it.", seq=link.row.seq
                ),
            )
        previous = link.row.hash
    sentence = say(
        "Every event has its hash and names the one before. The chain ends in {hash}.",
        hash=previous[:16],
    )
    return Check(name="chain", passed=True, message=sentence)


def clock(events: tuple[Event, ...]) -> Check:
    """Do the times rise with the numbers? If not, the numbers tell the order, not the times."""
    for earlier, later in pairwise(events):
        if later.at < earlier.at - PATIENCE:
            sentence = say(
                "Event {seq} is dated before the one it follows: the clock was set back, or runs "
                "differently on another computer. The numbers tell the order.",
                seq=later.seq,
            )
            return Check(name="clock", passed=None, message=sentence)
    sentence = say("The times rise with the numbers of the events.")
    return Check(name="clock", passed=True, message=sentence)


def guards(connection: Connection) -> Check:
    """Does the database itself still refuse to change or remove what happened?"""
    dialect = connection.dialect.name
    found = connection.execute(_TRIGGERS[dialect])
    present: dict[str, str | None] = {row.name: row.body for row in found}
    missing = [
        name
        for name in append_only.NAMES[dialect]
        if name not in present or not _as_made(name, present[name])
    ]
    if missing:
        sentence = say(
            "The database no longer refuses every change: {names} is gone.",
            names=", ".join(missing),
        )
        return _failed("guards", sentence)
    sentence = say("The database refuses to change or remove events and measurements.")
    return Check(name="guards", passed=True, message=sentence)


def _as_made(name: str, body: str | None) -> bool:
    """Whether a trigger does what we made it do; PostgreSQL does not keep our own words."""
    if body is None:
        return True
    mine = (one for one in append_only.SQLITE if f" {name} " in one)
    return next(mine).split() == body.split()


def outbox_of(connection: Connection, events: tuple[Event, ...]) -> Check:
    """Does the outbox hold every event that MLflow must know of, and nothing else?"""
    wanted = {(e.seq, e.hash, e.trial, e.kind) for e in events if e.kind in PUBLISHED}
    query = select(outbox.c.seq, outbox.c.key, outbox.c.trial, outbox.c.kind)
    present = {tuple(row) for row in connection.execute(query)}
    if lost := wanted - present:
        sentence = say("Event {seq} is missing from the outbox.", seq=min(lost)[0])
        return _failed("outbox", sentence)
    if invented := present - wanted:
        sentence = say("The outbox does not agree with event {seq}.", seq=min(invented)[0])
        return _failed("outbox", sentence)
    sentence = say(
        "Every event that MLflow must know of is in the outbox ({n:#,##0}).", n=len(wanted)
    )
    return Check(name="outbox", passed=True, message=sentence)


_TRIGGERS = {
    "sqlite": text("SELECT name, sql AS body FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text(
        "SELECT tgname AS name, NULL AS body FROM pg_trigger"
        " WHERE tgenabled = 'O' AND NOT tgisinternal"
        " AND tgrelid IN ('event'::regclass, 'measurement'::regclass)"
    ),
}


def _event(row: Row[Any]) -> Event | None:
    try:
        return chain.as_it_stands(row)
    except (TypeError, ValueError):
        return None


def _untouched(link: Link) -> bool:
    """Whether every column says what the hash covers; `content` repeats the payload's."""
    event, row = link.event, link.row
    if event is None or chain.seal(event) != row.hash:
        return False
    content = _content_of(event)
    written = {**chain.columns(event), "content": content}
    return all(getattr(row, name) == value for name, value in written.items())


def _failed(name: str, sentence: Text) -> Check:
    return Check(name=name, passed=False, message=sentence)


def _content_of(event: Event) -> str | None:
    """What the same thing told again is known by, where an event can be told again."""
    if event.kind == "press":
        found: str | None = event.payload["press"]["id"]
    elif event.kind in WATCHED:
        found = event.payload.get("once")
    else:
        found = event.payload.get("content") if event.kind == "batch" else None
    return found
