"""What is left of people who were forgotten: rows that lead to nobody, by delivery."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sqlalchemy import Connection, select

from htkeval.event import Event
from htkeval.store import chain
from htkeval.store.rows import Row
from htkeval.store.schema import event, measurement, subject

Said = tuple[str, str, str]
"""What a row says, but whose it is: arm, keys and values."""


class Forgotten(NamedTuple):
    """Rows of one person who was forgotten, as one delivery brought them."""

    erased: Event
    """The erasure."""
    sheet: str
    """The name of the delivery."""
    rows: Counter[Said]
    """How often each row came."""


def said(row: Row) -> Said:
    """What a row says, but whose it is."""
    return (row.arm, row.keys, row.measured)


def forgotten(connection: Connection, trial: str) -> tuple[Forgotten, ...]:
    """By person and delivery: the rows of those whom a trial has forgotten."""
    row = measurement.c
    erased = {
        one.payload["subject"]: one for one in chain.events(connection, trial=trial, kind="erasure")
    }
    names = {
        one.seq: str(one.payload["name"])
        for one in chain.events(connection, trial=trial, kind="batch")
    }
    query = (
        select(row.batch, row.subject, row.arm, row["keys"], row.measured)
        .join(event, event.c.seq == row.batch)
        .join(subject, subject.c.token == row.subject)
        .where(event.c.trial == trial, event.c.kind == "batch", subject.c.pseudonym.is_(None))
    )
    found: dict[tuple[str, int], Counter[Said]] = {}
    for batch, token, arm, keys, measured in connection.execute(query):
        found.setdefault((token, batch), Counter())[arm, keys, measured] += 1
    return tuple(
        Forgotten(erased[token], names[batch], rows)
        for (token, batch), rows in found.items()
        if token in erased
    )
