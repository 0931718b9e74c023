"""Presses of the stopwatch as events: each is kept at once, and once however often it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from htkeval.decision import Actor
from htkeval.event import Event
from htkeval.store import appending, chain, subjects
from htkeval.store.schema import event
from htkeval.timing import AFTER, Heard, Press, Timing
from htkeval.trial import Arm


def of_person(
    connection: Connection, trial: str, pseudonym: str | None, *, timing: str | None = None
) -> tuple[Timing, ...]:
    """Every task of a person that was ever timed, in the order of their starts.

    Args:
        connection: To the store.
        trial: The trial's id.
        pseudonym: The participant; None where the trial names none: all that have none.
        timing: Only this one of them.
    """
    token = None
    if pseudonym is not None:
        token = subjects.known(connection, trial, [pseudonym]).get(pseudonym)
        if token is None:
            return ()
    wanted = "null" if token is None else f'"{token}"'
    query = (
        select(event)
        .where(event.c.trial == trial, event.c.kind == "press")
        .where(event.c.payload.contains(f'"subject":{wanted}'))
        .order_by(event.c.seq)
    )
    if timing is not None:
        query = query.where(event.c.payload.contains(f'"timing":"{timing}"'))
    return _timings([chain.read(row) for row in connection.execute(query)], pseudonym)


def _timings(events: list[Event], pseudonym: str | None) -> tuple[Timing, ...]:
    told: dict[str, list[Event]] = {}
    for one in events:
        told.setdefault(one.payload["press"]["timing"], []).append(one)
    return tuple(
        Timing(
            id=name,
            participant=pseudonym,
            arm=its[0].payload["arm"],
            keys=its[0].payload["keys"],
            heard=tuple(Heard(press=one.payload["press"], at=one.at) for one in its),
        )
        for name, its in told.items()
    )


def keep(
    connection: Connection,
    trial: str,
    press: Press,
    *,
    pseudonym: str | None,
    arm: Arm,
    keys: dict[str, str],
    actor: Actor,
    now: datetime,
) -> Event | None:
    """Keep a press, where it can be made in the state in which the task is.

    Args:
        connection: Within a write.
        trial: The trial's id.
        press: What was pressed.
        pseudonym: Whose task it is.
        arm: In which arm; read of a start only.
        keys: What the task is called; read of a start only.
        actor: Who pressed.
        now: When the store heard of it, in UTC.

    Returns:
        The event that keeps it, an earlier one where it was sent again; None where another press
        came before it, so that it says nothing any more (two pages that both stop one clock).
    """
    last = appending.end(connection, trial, press.id)
    if last.twin is not None:
        return chain.at(connection, last.twin)
    before = of_person(connection, trial, pseudonym, timing=press.timing)
    if press.kind not in AFTER[before[0].state if before else None]:
        return None
    token = None
    if pseudonym is not None:
        token = subjects.tokens(connection, trial, [pseudonym])[pseudonym]
    told: dict[str, Any] = {"press": press.model_dump(mode="json"), "subject": token}
    if press.kind == "start":
        told |= {"arm": arm, "keys": keys}
    return appending.append(
        connection,
        last,
        trial=trial,
        kind="press",
        payload=told,
        actor=actor,
        now=now,
        simulated=False,
        content=press.id,
    )


def close(
    connection: Connection, trial: str, timing: Timing, *, actor: Actor, now: datetime
) -> Event | None:
    """Say that the measurement of a task is saved, in the transaction that saves it."""
    last = timing.heard[-1].press
    return keep(
        connection,
        trial,
        last.model_copy(update={"id": timing.id, "kind": "saved"}),
        pseudonym=timing.participant,
        arm=timing.arm,
        keys=timing.keys,
        actor=actor,
        now=now,
    )
