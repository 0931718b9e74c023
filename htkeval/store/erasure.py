"""How a person is forgotten: pseudonym and salt are destroyed, so his token leads to nobody.

Event, rows and chain stay as they are; rows of a token that leads to nobody do not count. Files
that held the rows are named in the event, and taken away once it is stored: whatever stops the
machine in between, `erased_files.left_behind` finds them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.store import appending, chain
from htkeval.store.schema import measurement, subject
from htkeval.text import say


def erase(
    connection: Connection, trial: str, pseudonym: str, *, why: str, actor: Actor, now: datetime
) -> Event:
    """Destroy what leads to a person, and say so; the caller's transaction is alone in writing.

    Raises:
        StateError: The trial knows nobody of this pseudonym.
    """
    who = subject.c
    query = select(who.token).where(who.trial == trial, who.pseudonym == pseudonym)
    token = connection.scalar(query)
    if token is None:
        raise _unknown(trial)
    made = chain.events(connection, trial=None, kind="snapshot")
    return _forget(connection, trial, token, made, why=why, actor=actor, now=now)


def erase_all(
    connection: Connection, trial: str, *, why: str, actor: Actor, now: datetime
) -> tuple[Event, ...]:
    """Forget everybody whom a trial knows, an event for each, in the caller's transaction."""
    who = subject.c
    query = select(who.token).where(who.trial == trial, who.pseudonym.is_not(None))
    made = chain.events(connection, trial=None, kind="snapshot")
    return tuple(
        _forget(connection, trial, token, made, why=why, actor=actor, now=now)
        for token in connection.scalars(query.order_by(who.token)).all()
    )


def _forget(
    connection: Connection,
    trial: str,
    token: str,
    made: tuple[Event, ...],
    *,
    why: str,
    actor: Actor,
    now: datetime,
) -> Event:
    mine = measurement.c.subject == token
    later = measurement.alias("later").c
    replaced = select(later.supersedes).where(later.supersedes.is_not(None))
    rows = select(func.count()).where(mine, measurement.c.id.not_in(replaced))
    first = connection.scalar(select(func.min(measurement.c.batch)).where(mine))
    payload = {
        "subject": token,
        "rows": connection.scalar(rows),
        "files": _held(made, trial, first),
        "why": why,
    }
    forget = update(subject).where(subject.c.token == token).values(pseudonym=None, salt=None)
    connection.execute(forget)
    end = appending.end(connection, trial)
    return appending.append(
        connection, end, trial=trial, kind="erasure", payload=payload,
        actor=actor, now=now, simulated=False,
    )  # fmt: skip


def _held(made: tuple[Event, ...], trial: str, first: int | None) -> list[str]:
    """The snapshots that may hold rows which first came with an event; none that other trials
    have too."""
    others = {event.payload["sha256"] for event in made if event.trial != trial}
    mine = {
        event.payload["sha256"]
        for event in made
        if event.trial == trial and first is not None and event.payload["data_seq"] >= first
    }
    return sorted(mine - others)


def _unknown(trial: str) -> StateError:
    return StateError(
        Problem(
            say("trial {name}", name=trial),
            say("no participant with this pseudonym"),
            say("a pseudonym as the sheet has it"),
        )
    )
