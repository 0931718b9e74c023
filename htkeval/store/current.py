"""Which rows count: the newest version of each that nobody left out, of people who have not been
forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, tuple_

from htkeval.event import BRINGS_ROWS, Event
from htkeval.measurement import Measurement
from htkeval.store import chain, rows
from htkeval.store.schema import event, measurement, subject

AT_ONCE = 1000
"""Values that one statement looks up; a database takes only so many."""


def current_rows(
    connection: Connection,
    trial: str,
    *,
    until: int | None = None,
    people: Collection[str] | None = None,
) -> Iterator[Measurement]:
    """The measurements of a trial that count, in the order in which they came.

    Args:
        connection: A moment of the store.
        trial: The trial's id.
        until: As they stood after this event; without it, after the newest.
        people: Only rows of these pseudonyms; None: everybody's.
    """
    row = measurement.c
    query = select(row.batch, row.subject, row.arm, row["keys"], row.measured).order_by(row.id)
    names = pseudonyms(connection, trial)
    if people is not None and len(people) <= AT_ONCE:
        of = [token for token, name in names.items() if name in people]
        query = query.where(row.subject.in_(of))
    found = connection.execute(_counting(connection, query, trial, until)).all()
    column = participant_columns(connection, trial, until, brought={row[0] for row in found})
    for batch, token, arm, keys, measured in found:
        yield rows.decode(
            arm, keys, measured, participant=column.get(batch), pseudonym=names.get(token)
        )


def counts_by_arm(connection: Connection, trial: str) -> dict[str, int]:
    """How many rows count, by arm; an arm without rows is left out."""
    arm = measurement.c.arm
    query = _counting(connection, select(arm, func.count()), trial, None).group_by(arm)
    return {row[0]: row[1] for row in connection.execute(query)}


def digests(connection: Connection, trial: str, some: Sequence[str]) -> Counter[str]:
    """How often rows with these digests were brought, by digest.

    Also those that were put right or left out afterwards: brought again they say nothing new.
    """
    digest = measurement.c.digest
    query = select(digest).join(event, event.c.seq == measurement.c.batch)
    query = query.where(event.c.trial == trial)
    if len(some) > AT_ONCE:  # all of them at once are sooner read than many are looked up
        wanted = set(some)
        return Counter(one for one in connection.scalars(query) if one in wanted)
    return Counter(connection.scalars(query.where(digest.in_(some))))


def _counting(
    connection: Connection, query: Select[Any], trial: str, until: int | None
) -> Select[Any]:
    """The lists of rows that do not count are short, so they are made once and looked up in."""
    row, later = measurement.c, measurement.alias("later").c
    superseded = select(later.supersedes).where(later.supersedes.is_not(None))
    forgotten = select(subject.c.token).where(
        subject.c.trial == trial, subject.c.pseudonym.is_(None)
    )
    if until is not None:
        superseded = superseded.where(later.batch <= until)
        query = query.where(row.batch <= until)
    if left_out := excluded(connection, trial, until):
        query = query.where(tuple_(row.batch, row.number).not_in(list(left_out)))
    return query.join(event, event.c.seq == row.batch).where(
        event.c.trial == trial,
        row.id.not_in(superseded),
        or_(row.subject.is_(None), row.subject.not_in(forgotten)),
    )


def excluded(
    connection: Connection, trial: str, until: int | None = None
) -> dict[tuple[int, int], Event]:
    """By the event that brought a row, and the row's number in it: the event that left it out."""
    told = chain.events(connection, trial=trial, kind="exclusion", until=until)
    return {(event.payload["batch"], event.payload["number"]): event for event in told}


def pseudonyms(connection: Connection, trial: str) -> dict[str | None, str | None]:
    """By token: who stands behind it; None for whoever was forgotten."""
    query = select(subject.c.token, subject.c.pseudonym).where(subject.c.trial == trial)
    return {row[0]: row[1] for row in connection.execute(query)}


def participant_columns(
    connection: Connection,
    trial: str,
    until: int | None = None,
    *,
    brought: Collection[int] | None = None,
) -> dict[int, str | None]:
    """By event that brought rows: the key column whose values stand behind tokens.

    Args:
        connection: A moment of the store.
        trial: The trial's id.
        until: Only events up to this one.
        brought: Only these events; a form brings one row each, so there may be thousands.
    """
    if brought is not None and len(brought) <= AT_ONCE:
        return {e.seq: e.payload.get("participant") for e in chain.some(connection, brought)}
    return {
        one.seq: one.payload.get("participant")
        for kind in BRINGS_ROWS
        for one in chain.events(connection, trial=trial, kind=kind, until=until)
    }
