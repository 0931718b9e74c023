"""Is every measurement there as it was delivered, and does each token fit its person?"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, select

from htkeval.effect import Check
from htkeval.event import BRINGS_ROWS, Event
from htkeval.store import rows, subjects
from htkeval.store.schema import event as event_table
from htkeval.store.schema import measurement, subject
from htkeval.text import Text, say


def rows_of(connection: Connection, events: tuple[Event, ...]) -> Check:
    """Do the rows of every batch and correction give the fingerprints that its event carries?"""
    batches = {event.seq: event for event in events if event.kind in BRINGS_ROWS}
    missing = {seq for seq, event in batches.items() if event.payload.get("rows") != 0}
    total = 0
    found = connection.execute(
        select(measurement).order_by(measurement.c.batch, measurement.c.number)
    )
    replaced = _replaced(connection)
    for seq, group in groupby(found, key=attrgetter("batch")):
        brought = list(group)
        event = batches.get(seq)
        corrects = event is not None and event.kind == "correction"
        wrong = _wrong_correction(brought, event, replaced) if corrects else _wrong(brought, event)
        if wrong is not None:
            return Check(name="rows", passed=False, message=wrong)
        missing.discard(seq)
        total += 0 if corrects else len(brought)
    if missing:
        sentence = say("The rows of batch {seq} are missing.", seq=min(missing))
        return Check(name="rows", passed=False, message=sentence)
    sentence = say("Every row is there as it was delivered ({n:#,##0}).", n=total)
    return Check(name="rows", passed=True, message=sentence)


def subjects_of(connection: Connection, events: tuple[Event, ...]) -> Check:
    """Does each token fit the person who stands behind it, and each row's token lead to one?

    Whoever was forgotten must have been erased, and whoever was erased must be forgotten.
    """
    forgotten = 0
    erased = {event.payload.get("subject") for event in events if event.kind == "erasure"}
    people = connection.execute(select(subject)).all()
    for person in people:
        forgot = person.pseudonym is None and person.salt is None
        if forgot != (person.token in erased):
            return Check(
                name="subjects", passed=False, message=_astray(person.trial, forgot=forgot)
            )
        if forgot:
            forgotten += 1
        elif not _fits(person):
            sentence = say(
                "A token of trial {trial} does not fit its participant: the name was changed.",
                trial=person.trial,
            )
            return Check(name="subjects", passed=False, message=sentence)
    there = {(person.trial, person.token) for person in people}
    for event in events:
        told = event.payload.get("subject") if event.kind in ("participation", "press") else None
        if told is not None and (event.trial, told) not in there:
            sentence = say(
                "Event {seq} tells of a participant whom the trial does not know.", seq=event.seq
            )
            return Check(name="subjects", passed=False, message=sentence)
    if (lost := _row_without_person(connection)) is not None:
        sentence = say(
            "Batch {seq}, row {number} belongs to a participant whom the trial does not know.",
            seq=lost[0],
            number=lost[1],
        )
        return Check(name="subjects", passed=False, message=sentence)
    sentence = say(
        "Every token fits its participant ({n:#,##0}; forgotten: {forgotten:#,##0}).",
        n=len(people) - forgotten,
        forgotten=forgotten,
    )
    return Check(name="subjects", passed=True, message=sentence)


def _astray(trial: str, *, forgot: bool) -> Text:
    if forgot:
        return say("A participant of trial {trial} was forgotten without an erasure.", trial=trial)
    return say("A participant of trial {trial} who was erased has a name again.", trial=trial)


def _replaced(connection: Connection) -> dict[int, tuple[int, int]]:
    """By row that takes another's place: the event that brought the other, and its number there."""
    new, old = measurement.alias("new").c, measurement.alias("old").c
    query = select(new.id, old.batch, old.number).where(new.supersedes == old.id)
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def _wrong_correction(
    brought: list[Row[Any]], event: Event | None, replaced: dict[int, tuple[int, int]]
) -> Text | None:
    """Is there one row, as it was stored, in the place of the one that the event names?"""
    said = {} if event is None else event.payload
    row = brought[0]
    alone = len(brought) == 1 and row.number == 1
    whole = alone and _digest(row) == row.digest == said.get("digest")
    if whole and replaced.get(row.id) == (said.get("batch"), said.get("number")):
        return None
    return say("The row of the correction in event {seq} was changed.", seq=row.batch)


def _wrong(brought: list[Row[Any]], event: Event | None) -> Text | None:
    """What is wrong with the rows of one batch."""
    seq = brought[0].batch
    if event is None:
        return say("Rows belong to batch {seq}, of which no event tells.", seq=seq)
    for row in brought:
        if _digest(row) != row.digest or row.supersedes is not None:
            return say(
                "Batch {seq}, row {number} was changed after it was delivered.",
                seq=seq,
                number=row.number,
            )
    digests = [row.digest for row in brought]
    said = event.payload
    numbers = [row.number for row in brought]
    if numbers != list(range(1, len(brought) + 1)) or said.get("rows") != len(brought):
        return say("Batch {seq} does not have the rows that it was delivered with.", seq=seq)
    if (said.get("digest"), said.get("content")) != (rows.roll_up(digests), rows.content(digests)):
        return say("The rows of batch {seq} are not those that were delivered.", seq=seq)
    return None


def _digest(row: Row[Any]) -> str:
    keys = row._mapping["keys"]  # `keys` is also a method of every row
    return rows.digest(subject=row.subject, arm=row.arm, keys=keys, measured=row.measured)


def _fits(person: Row[Any]) -> bool:
    if person.pseudonym is None or person.salt is None:
        return False
    try:
        return subjects.token(person.salt, person.pseudonym) == str(person.token)
    except ValueError:  # a salt that is not hexadecimal
        return False


def _row_without_person(connection: Connection) -> tuple[int, int] | None:
    row = measurement.c
    known = select(subject.c.token, subject.c.trial).subquery()
    query = (
        select(row.batch, row.number)
        .join(event_table, event_table.c.seq == row.batch)
        .outerjoin(known, (known.c.token == row.subject) & (known.c.trial == event_table.c.trial))
        .where(row.subject.is_not(None), known.c.token.is_(None))
        .order_by(row.batch, row.number)
        .limit(1)
    )
    found = connection.execute(query).first()
    return None if found is None else (found[0], found[1])
