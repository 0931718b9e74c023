"""Whether a trial's measurements are final: a lock that nobody has opened since."""

from __future__ import annotations

from sqlalchemy import Connection, Select, bindparam, literal, select

from htkeval.errors import Locked, Problem
from htkeval.event import Event, EventKind
from htkeval.store import chain
from htkeval.store.schema import event
from htkeval.text import say


def newest_of(kind: EventKind) -> Select[tuple[int]]:
    """The number of the newest event of a kind of `:trial`, by the index of kinds.

    Asked of two kinds at once, a database would walk back through every event of the trial.
    """
    return (
        select(event.c.seq)
        .where(event.c.trial == bindparam("trial"), event.c.kind == literal(kind))
        .order_by(event.c.seq.desc())
        .limit(1)
    )


def lock_of(connection: Connection, trial: str) -> Event | None:
    """The lock that holds; None where there is none, or it was opened."""
    lock = chain.latest(connection, trial, "lock")
    opened = chain.latest(connection, trial, "unlock")
    return None if lock is None or (opened is not None and opened.seq > lock.seq) else lock


def refusal(connection: Connection, trial: str) -> Locked:
    """Who locked a trial, when, and how it is opened."""
    lock = lock_of(connection, trial)
    if lock is None:  # whoever asks has just seen one in this transaction
        raise RuntimeError("no lock")
    return Locked(
        Problem(
            say("trial {name}", name=trial),
            say(
                "measurements that are final: {who} locked them on {day:d MMMM y}",
                who=lock.actor.name,
                day=lock.at.date(),
            ),
            say("a trial that is not locked"),
            say(
                "Nothing was stored. `htkeval unlock {name} --why TEXT` opens it, and makes a "
                "decision that was signed on it void.",
                name=trial,
            ),
        )
    )
