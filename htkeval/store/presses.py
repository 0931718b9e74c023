"""Presses of the stopwatch as events: each is kept at once, and once however often it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, FromClause, Select, String, bindparam, select

from htkeval.decision import Actor
from htkeval.event import Event
from htkeval.store import appending, chain
from htkeval.store.in_payload import InPayload
from htkeval.store.schema import OF, PRESS, TIMES, event
from htkeval.store.subjects import People
from htkeval.timing import AFTER, Heard, Press, Timing
from htkeval.trial import Arm

Which = Literal["all", "one", "open"]


def _statement(*, named: bool, which: Which) -> Select[Any]:
    """The presses of a person's tasks: of all, of one, or of those that are not done.

    In no order: asked for one, SQLite walks through everybody's presses rather than sort a few.
    """
    query = select(event).where(*_of_whom(event, named=named))
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
    everybody: People,
    pseudonym: str | None,
    *,
    which: Which = "all",
    timing: str | None = None,
) -> tuple[Timing, ...]:
    """A person's tasks that were timed, in the order of their starts.

    Args:
        connection: To the store.
        everybody: The trial's people at that moment.
        pseudonym: The participant; None where the trial names none: all that have none.
        which: All of them; `one`, which `timing` names; or those neither saved nor dropped.
        timing: Its id.
    """
    token = None
    if pseudonym is not None:
        token = everybody.known([pseudonym]).get(pseudonym)
        if token is None:
            return ()
    return _timings(_of_token(connection, everybody.trial, token, which, timing), pseudonym)


_ANY = (
    select(event.c.seq)
    .where(
        event.c.trial == bindparam("trial"),
        event.c.kind == PRESS,
        InPayload(event.c.payload, *TIMES) == bindparam("timing", type_=String),
    )
    .limit(1)
)


def timed(connection: Connection, trial: str, timing: str) -> bool:
    """Whether a task of this id was timed by anybody, also by somebody who was forgotten."""
    asked = {"trial": trial, "timing": timing}
    return connection.execute(_ANY, asked).first() is not None


def _of_token(
    connection: Connection, trial: str, token: str | None, which: Which, timing: str | None
) -> list[Event]:
    query = _STATEMENTS[token is not None, which]
    asked = {"trial": trial, "token": token, "timing": timing}
    read = [chain.read(row) for row in connection.execute(query, asked)]
    return sorted(read, key=lambda event: event.seq)


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
    everybody: People,
    press: Press,
    *,
    pseudonym: str | None,
    arm: Arm,
    keys: dict[str, str],
    actor: Actor,
    now: datetime,
) -> Timing | None:
    """Keep a press, where it can be made in the state in which the task is.

    One that is sent again was kept already; one before which another came (two pages that both
    stop one clock) says nothing any more. Neither is kept.

    Args:
        connection: Within a write.
        everybody: The trial's people.
        press: What was pressed.
        pseudonym: Whose task it is.
        arm: In which arm; read of a start only.
        keys: What the task is called; read of a start only.
        actor: Who pressed.
        now: When the store heard of it, in UTC.

    Returns:
        The task as it then stands; None where it never began.
    """
    last = appending.end(connection, everybody.trial, press.id)
    known = of_person(connection, everybody, pseudonym, which="one", timing=press.timing)
    before = known[0] if known else None
    if last.twin is not None or press.kind not in AFTER[before.state if before else None]:
        return before
    token = None if pseudonym is None else everybody.tokens([pseudonym])[pseudonym]
    more: dict[str, Any] = {"arm": arm, "keys": keys} if press.kind == "start" else {}
    _add(connection, everybody.trial, press, token, more, last=last, actor=actor, now=now)
    if before is None:
        before = Timing(id=press.timing, participant=pseudonym, arm=arm, keys=keys, heard=())
    return before.model_copy(update={"heard": (*before.heard, Heard(press=press, at=now))})


def close(
    connection: Connection,
    everybody: People,
    timing: Timing,
    *,
    after: Event | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Say that the measurement of a task is saved, in the transaction that saves it.

    Args:
        connection: Within that write.
        everybody: The trial's people.
        timing: The task, as this write found it; one that was saved before is left as it is.
        after: The event that brought its row just now; None where an earlier one did.
        actor, now: As for `keep`.
    """
    if "saved" not in AFTER[timing.state]:
        return
    name, who = timing.id, timing.participant
    said = timing.heard[-1].press.model_copy(update={"id": name, "kind": "saved"})
    token = None if who is None else everybody.tokens([who])[who]
    last = appending.following(after) if after else appending.end(connection, everybody.trial, name)
    _add(connection, everybody.trial, said, token, {}, last=last, actor=actor, now=now)


def _add(
    connection: Connection,
    trial: str,
    press: Press,
    token: str | None,
    more: dict[str, Any],
    *,
    last: appending.End,
    actor: Actor,
    now: datetime,
) -> None:
    appending.append(
        connection,
        last,
        trial=trial,
        kind="press",
        payload={"press": press.model_dump(mode="json"), "subject": token, **more},
        actor=actor,
        now=now,
        simulated=False,
        content=press.id,
    )
