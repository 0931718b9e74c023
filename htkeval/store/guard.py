"""Whoever opened the store by a login may read and add what his roles allow, and nothing else.

The guard travels with the store's connections, down to the one place where an event is added and
to those where single people are read: no step can forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from htkeval.decision import Actor
from htkeval.errors import NotAllowed
from htkeval.event import Event, EventKind
from htkeval.rights import (
    Identity,
    Reason,
    refusal,
    why_not_define,
    why_not_see_people,
    why_not_write,
)
from htkeval.store import watch
from htkeval.store.opening import WRITING

_GUARD = "htkeval_guard"


@dataclass(frozen=True)
class Guard:
    """One identity at one store."""

    who: Identity
    """Who opened it."""
    address: str
    """The store's address, where refusals and reads are kept."""

    def __post_init__(self) -> None:
        if not self.who.roles:
            raise self.refuse("no_role", None, "store")

    def on(self, engine: Engine) -> Engine:
        """The engine under guard."""
        how: dict[str, Any] = {_GUARD: self}
        return engine.execution_options(**how)

    def refuse(self, reason: Reason, trial: str | None, what: str) -> NotAllowed:
        """A refusal, kept in the record; with no name where one reads for all of a role."""
        if not self.who.sums_only:
            watch.refused(self.address, self.who.actor, reason, trial=trial, what=what, now=_now())
        return refusal(reason)


def as_told(connection: Connection, event: Event) -> Event:
    """An event as whoever opened the store may read it: what tells of single rows is left out for
    who sees sums and means only. The chain is proved on events as they are."""
    guard = _of(connection)
    if guard is None or event.kind not in ("correction", "press"):
        return event
    if why_not_see_people(guard.who, event.trial) is None:
        return event
    if event.kind == "press":
        return event.model_copy(update={"payload": {}})
    changes = [{"column": one["column"]} for one in event.payload.get("changes", ())]
    return event.model_copy(update={"payload": {**event.payload, "changes": changes}})


def _now() -> datetime:
    return datetime.now(UTC)


def _of(connection: Connection) -> Guard | None:
    found: Guard | None = connection.get_execution_options().get(_GUARD)
    return found


def refuse_event(connection: Connection, trial: str, kind: EventKind, actor: Actor) -> None:
    """Whether whoever opened the store may add an event.

    Raises:
        NotAllowed: He may not. It is kept once the transaction is over, by `keep_refusal`.
    """
    guard = _of(connection)
    if guard and (reason := why_not_write(guard.who, kind, trial, actor)) is not None:
        raise Stopped(reason, trial, kind)


def refuse_altering(connection: Connection) -> None:
    """What is done to the store as a whole is done at its own computer."""
    if _of(connection):
        raise Stopped("role", None, "store")


def defining(engine: Engine, trial: str) -> None:
    """Whether whoever opened the store may write a trial's definition.

    Raises:
        NotAllowed: He may not; it is kept.
    """
    guard: Guard | None = engine.get_execution_options().get(_GUARD)
    if guard and (reason := why_not_define(guard.who, trial)) is not None:
        raise guard.refuse(reason, trial, "definition")


def adding(engine: Engine, trial: str, kind: EventKind, actor: Actor) -> None:
    """The same of an event, before the files that it names are written.

    Raises:
        NotAllowed: He may not; it is kept.
    """
    guard: Guard | None = engine.get_execution_options().get(_GUARD)
    if guard and (reason := why_not_write(guard.who, kind, trial, actor)) is not None:
        raise guard.refuse(reason, trial, kind)


class Stopped(NotAllowed):
    """A refusal inside a transaction, which must end before the refusal can be kept."""

    def __init__(self, reason: Reason, trial: str | None, what: str) -> None:
        said = refusal(reason)
        super().__init__(said.problems[0], reason=reason)
        self.why, self.trial, self.what = reason, trial, what


def keep_refusal(engine: Engine, stopped: Stopped) -> None:
    """Keep a refusal after its transaction was taken back."""
    guard: Guard | None = engine.get_execution_options().get(_GUARD)
    if guard:
        guard.refuse(stopped.why, stopped.trial, stopped.what)


def people(connection: Connection, trial: str) -> None:
    """Whether whoever opened the store may read of single people; that he did is kept.

    What is read on the way to adding something is kept by what is added: the record takes one
    writer at a time, so nothing else could be kept meanwhile.

    Raises:
        NotAllowed: He may not.
        EnvironmentFailed: It cannot be kept, so nothing is read.
    """
    guard = _of(connection)
    if guard is None:
        return
    adding = bool(connection.get_execution_options().get(WRITING))
    if (reason := why_not_see_people(guard.who, trial)) is not None:
        raise Stopped(reason, trial, "rows") if adding else guard.refuse(reason, trial, "rows")
    if not adding:
        watch.read(guard.address, guard.who.actor, trial=trial, now=_now())
