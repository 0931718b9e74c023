"""A correction is one event and one row that takes another's place; the other stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from htkeval.decision import Actor
from htkeval.event import Event
from htkeval.kept_row import differences
from htkeval.measurement import Measurement
from htkeval.store import appending, rows
from htkeval.store.batches import as_stored
from htkeval.store.lines import Line
from htkeval.store.schema import measurement
from htkeval.store.subjects import People
from htkeval.trial import Design

_NEW = insert(measurement)


def correct(
    connection: Connection,
    trial: str,
    line: Line,
    new: Measurement,
    *,
    design: Design,
    why: str,
    actor: Actor,
    now: datetime,
) -> Event:
    """Store the event and the row; the caller's transaction is alone in writing.

    The event names the row by the event that brought it and its number there, which the chain
    covers. A pseudonym stands in neither: before and after are tokens.
    """
    old = line.versions[-1]
    (encoded,) = rows.encode([new], design.participant)
    name = encoded.pseudonym
    token = None if name is None else People(connection, trial).tokens([name])[name]
    stored = as_stored(encoded, token)
    people = (old.token, token)
    payload: dict[str, Any] = {
        "batch": old.batch,
        "number": old.number,
        "delivered": line.row.event,
        "changes": [
            _change(design, people, *one)
            for one in differences(old.measurement, new, arm=design.arm)
        ],
        "why": why,
        "rows": 1,
        "arms": {"baseline": 0, "treatment": 0} | {new.arm: 1},
        "participant": design.participant,
        "first_treatment": _treated(new, design),
        "digest": stored.digest,
    }
    end = appending.end(connection, trial)
    event = appending.append(
        connection, end, trial=trial, kind="correction", payload=payload,
        actor=actor, now=now, simulated=False,
    )  # fmt: skip
    values = {"batch": event.seq, "number": 1, "supersedes": old.id, **stored._asdict()}
    connection.execute(_NEW, values)
    return event


def exclude(
    connection: Connection, trial: str, line: Line, *, why: str, actor: Actor, now: datetime
) -> Event:
    """Store that a row does not count from now on; the row stays."""
    last = line.versions[-1]
    return appending.append(
        connection,
        appending.end(connection, trial),
        trial=trial,
        kind="exclusion",
        payload={"batch": last.batch, "number": last.number, "arm": line.row.arm, "why": why},
        actor=actor,
        now=now,
        simulated=False,
    )


def _change(
    design: Design, people: tuple[str | None, str | None], column: str, before: Any, after: Any
) -> dict[str, Any]:
    if column == design.participant:
        before, after = people
    return {"column": column, "before": before, "after": after}


def _treated(row: Measurement, design: Design) -> str | None:
    """The day (ISO) of a row with the tool; None where it has none, or says no day."""
    if row.arm == "baseline" or design.date is None:
        return None
    return row.keys.get(design.date)
