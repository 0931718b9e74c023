"""What MLflow must know of, and how far that has come."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, func, insert, select, update

from htkeval.event import Event, EventKind
from htkeval.frozen import Frozen
from htkeval.store import chain
from htkeval.store.schema import outbox
from htkeval.store.taken_along import papers_after

State = Literal["pending", "sending", "sent", "failed"]


class OutboxRow(Frozen):
    """An event that MLflow must know of, and how far that has come."""

    key: str
    """The event's hash: by it a run is found again."""
    seq: int
    """The event's place in the chain."""
    trial: str
    """The trial's id."""
    kind: EventKind
    """What happened."""
    state: State
    """`pending`, `sending`, `sent` or `failed`."""
    run_id: str | None
    """The run in MLflow, once there is one."""
    attempts: int
    """How often sending was begun."""
    error: str | None
    """What went wrong the last time."""


_NEW = insert(outbox)


def enter(connection: Connection, event: Event) -> None:
    """Put an event in the outbox; it waits there until MLflow has it."""
    row = {"key": event.hash, "seq": event.seq, "trial": event.trial, "kind": event.kind}
    connection.execute(_NEW, {**row, "state": "pending", "attempts": 0})


def entries(connection: Connection, state: State | None) -> tuple[OutboxRow, ...]:
    """What stands in the outbox, in the order of the chain."""
    query = select(outbox).order_by(outbox.c.seq)
    if state is not None:
        query = query.where(outbox.c.state == state)
    found = connection.execute(query).mappings()
    return tuple(OutboxRow.model_validate(dict(row)) for row in found)


def deliver_again(connection: Connection, paper: Event) -> None:
    """Have decisions that were sent wait once more, in the transaction of a paper that tells of
    what they rest on: it goes into their runs."""
    decisions = chain.events(connection, trial=None, kind="decision")
    keys = [one.hash for one in decisions if papers_after(one, [paper])]
    sent = update(outbox).where(outbox.c.key.in_(keys), outbox.c.state == "sent")
    connection.execute(sent.values(state="pending"))


def unsent(connection: Connection, trial: str) -> int:
    """How many events of a trial wait to be sent."""
    of_trial = (outbox.c.trial == trial) & (outbox.c.state != "sent")
    return connection.scalar(select(func.count()).select_from(outbox).where(of_trial)) or 0


def unsent_of_each(connection: Connection) -> dict[str, int]:
    """The same by trial; one without any is left out."""
    each = select(outbox.c.trial, func.count()).where(outbox.c.state != "sent")
    return {row[0]: row[1] for row in connection.execute(each.group_by(outbox.c.trial))}


def mark(
    connection: Connection, key: str, state: State, *, run_id: str | None, error: str | None
) -> None:
    """Say how far sending has come. Raises `KeyError` where nothing has this key."""
    change = update(outbox).where(outbox.c.key == key)
    change = change.values(
        state=state,
        run_id=func.coalesce(run_id, outbox.c.run_id),
        error=error,
        attempts=outbox.c.attempts + (1 if state == "sending" else 0),
    )
    if connection.execute(change).rowcount == 0:
        raise KeyError(key)
