"""Every row of a trial with its history: the versions of it, and whether it was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from htkeval.event import BRINGS_ROWS, Event
from htkeval.kept_row import KeptRow, RowChange, differences
from htkeval.measurement import Measurement
from htkeval.store import chain, rows
from htkeval.store.current import excluded, participant_columns
from htkeval.store.schema import event, measurement
from htkeval.store.subjects import People


class Version(NamedTuple):
    """One state of a row, as it is stored."""

    id: int
    """Of the row in the table."""
    batch: int
    """The event that brought it."""
    number: int
    """Its place in that."""
    token: str | None
    """Of its participant."""
    measurement: Measurement
    """What it says."""


@dataclass(frozen=True)
class Line:
    """A row of a trial through all of its versions."""

    versions: tuple[Version, ...]
    """Oldest first."""
    row: KeptRow
    """As it stands, with its history."""


def lines(connection: Connection, everybody: People, *, arm: str) -> tuple[Line, ...]:
    """Every row of a trial in the order in which it came, but those of people who were forgotten.

    Args:
        connection: A moment of the store.
        everybody: The trial's people at that moment.
        arm: What the trial calls the column of arms.
    """
    trial, names = everybody.trial, everybody.behind
    events = {
        each.seq: each
        for kind in BRINGS_ROWS
        for each in chain.events(connection, trial=trial, kind=kind)
    }
    out = excluded(connection, trial)
    chains = _versions(connection, trial, names)
    return tuple(
        Line(tuple(one), _kept(one, events, out, arm=arm))
        for one in chains
        if one[-1].token is None or names.get(one[-1].token) is not None
    )


def _versions(
    connection: Connection, trial: str, names: Mapping[str, str | None]
) -> list[list[Version]]:
    """A row after the one that it supersedes; a superseding row always came later."""
    column = participant_columns(connection, trial)
    query = select(measurement).join(event, event.c.seq == measurement.c.batch)
    by_id: dict[int, list[Version]] = {}
    first: list[list[Version]] = []
    for row in connection.execute(query.where(event.c.trial == trial).order_by(measurement.c.id)):
        version = _version(row, column.get(row.batch), names)
        if row.supersedes is None:
            by_id[row.id] = [version]
            first.append(by_id[row.id])
        else:
            by_id[row.id] = by_id[row.supersedes]
            by_id[row.id].append(version)
    return first


def _version(row: Row[Any], participant: str | None, names: Mapping[str, str | None]) -> Version:
    said = rows.decode(
        row.arm,
        row._mapping["keys"],  # `keys` is also a method of every row
        row.measured,
        participant=participant,
        pseudonym=names.get(row.subject),
    )
    return Version(row.id, row.batch, row.number, row.subject, said)


def _kept(
    versions: list[Version],
    events: dict[int, Event],
    out: dict[tuple[int, int], Event],
    *,
    arm: str,
) -> KeptRow:
    first, newest = versions[0], versions[-1]
    history = [
        RowChange(kind="corrected", column=name, before=old, after=new, **_told(events[now.batch]))
        for before, now in pairwise(versions)
        for name, old, new in differences(before.measurement, now.measurement, arm=arm)
    ]
    if (left_out := out.get((newest.batch, newest.number))) is not None:
        history.append(RowChange(kind="excluded", **_told(left_out)))
    return KeptRow(
        id=first.id,
        event=first.batch,
        number=first.number,
        counts=left_out is None,
        arm=newest.measurement.arm,
        keys=newest.measurement.keys,
        values=newest.measurement.values,
        history=tuple(history),
    )


def _told(happened: Event) -> dict[str, Any]:
    return {
        "at": happened.at,
        "by": happened.actor.name,
        "why": happened.payload["why"],
        "event": happened.seq,
    }
