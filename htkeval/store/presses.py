"""Presses of the stopwatch as events: each is kept at once, and once however often it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, FromClause, Select, String, bindparam, select

from htkeval.decision import Actor
from htkeval.event import Event
from htkeval.store import appending, chain, subjects
from htkeval.store.in_payload import InPayload
from htkeval.store.schema import OF, PRESS, TIMES, event
from htkeval.timing import AFTER, Heard, Press, Timing
from htkeval.trial import Arm

Which = Literal["all", "one", "open"]


def _statement(*, named: bool, which: Which) -> Select[Any]:
    """The presses of a person's tasks, in order: of all, of one, or of those that are not done."""
    query = select(event).where(*_of_whom(event, named=named)).order_by(event.c.seq)
    if which == "one":
        return query.where(InPayload(event.c.payload, *TIMES) == bindparam("timing", type_=String))
    if which == "open":
        other = event.alias("other")
        ends = InPayload(other.c.payload, "press", "kind").in_(("saved", "drop"))
        done = select(InPayload(other.c.payload, *TIMES)).where(*_of_whom(other, named=named), ends)
        return query.where(InPayload(event.c.payload, *TIMES).not_in(done))
    return query


def _of_whom(table: FromClause, *, named: bool) -> tuple[ColumnElement[bool], ...]:
    whose = InPayload(table.c.payload, *OF)
    token = bindparam("token", type_=String)
    return (
        table.c.trial == bindparam("trial"),
        table.c.kind == PRESS,
        whose == token if named else whose.is_(None),
    )


_STATEMENTS = {
    (named, which): _statement(named=named, which=which)
    for named in (False, True)
    for which in get_args(Which)
}


def of_person(
    connection: Connection,
    trial: str,
    pseudonym: str | None,
    *,
    which: Which = "all",
    timing: str | None = None,
) -> tuple[Timing, ...]:
    """A person's tasks that were timed, in the order of their starts.

    Args:
        connection: To the store.
        trial: The trial's id.
        pseudonym: The participant; None where the trial names none: all that have none.
        which: All of them; `one`, which `timing` names; or those neither saved nor dropped.
        timing: Its id.
    """
    token = None
    if pseudonym is not None:
        token = subjects.known(connection, trial, [pseudonym]).get(pseudonym)
        if token is None:
            return ()
    return _timings(_of_token(connection, trial, token, which, timing), pseudonym)


def _of_token(
    connection: Connection, trial: str, token: str | None, which: Which, timing: str | None
) -> list[Event]:
    query = _STATEMENTS[token is not None, which]
    asked = {"trial": trial, "token": token, "timing": timing}
    return [chain.read(row) for row in connection.execute(query, asked)]


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
    last: appending.End | None = None,
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
        last: What it follows, where that is known; a press that is sent again is not known then.

    Returns:
        The event that keeps it, an earlier one where it was sent again; None where another press
        came before it, so that it says nothing any more (two pages that both stop one clock).
    """
    last = last or appending.end(connection, trial, press.id)
    if last.twin is not None:
        return chain.at(connection, last.twin)
    token = None
    if pseudonym is not None:
        token = subjects.tokens(connection, trial, [pseudonym])[pseudonym]
    before = _of_token(connection, trial, token, "one", press.timing)
    if press.kind not in AFTER[_timings(before, pseudonym)[0].state if before else None]:
        return None
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
    connection: Connection,
    trial: str,
    timing: Timing,
    *,
    after: Event | None,
    actor: Actor,
    now: datetime,
) -> Event | None:
    """Say that the measurement of a task is saved, in the transaction that saves it.

    Args:
        connection: Within that write.
        trial: The trial's id.
        timing: The task.
        after: The event that brought its row just now; None where an earlier one did.
        actor, now: As for `keep`.
    """
    said = timing.heard[-1].press.model_copy(update={"id": timing.id, "kind": "saved"})
    return keep(
        connection,
        trial,
        said,
        pseudonym=timing.participant,
        arm=timing.arm,
        keys=timing.keys,
        actor=actor,
        now=now,
        last=None if after is None else appending.following(after),
    )
