"""How an event is added to the end of the chain. The caller's transaction is alone in writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, insert, select

from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.event import HELD_BY_LOCK, PUBLISHED, Event, EventKind
from htkeval.store import chain, guard, outbox, own_words
from htkeval.store.append_only import GENESIS
from htkeval.store.locking import newest_of, refusal
from htkeval.store.schema import event
from htkeval.text import say

_NEW = insert(event)
_NEWEST = select(event).order_by(event.c.seq.desc()).limit(1)

MARKED = (
    select(event.c.simulated)
    .where(event.c.trial == bindparam("trial"))
    .order_by(event.c.seq.desc())
    .limit(1)
)
"""Whether a trial rests on invented measurements. The mark is sticky: its newest event has it if
any has."""

_END = select(
    _NEWEST.with_only_columns(event.c.seq).scalar_subquery(),
    _NEWEST.with_only_columns(event.c.hash).scalar_subquery(),
    MARKED.scalar_subquery(),
    select(event.c.seq)
    .where(event.c.trial == bindparam("trial"), event.c.content == bindparam("content"))
    .scalar_subquery(),
    newest_of("lock").scalar_subquery(),
    newest_of("unlock").scalar_subquery(),
)
"""One statement, for the sake of the one row that must be saved in two milliseconds."""


Known = Mapping[EventKind, int]
"""By kind: the number of the newest event of it that somebody built on; 0: he saw none."""


class End(NamedTuple):
    """What the next event of a trial follows."""

    seq: int | None
    """Number of the newest event of all; None in an empty store."""
    hash: str | None
    """Its hash."""
    simulated: bool | None
    """Whether the trial rests on invented measurements already."""
    twin: int | None
    """The event that brought the same rows before."""
    locked: int | None = None
    """Number of the newest event that made the trial's measurements final."""
    unlocked: int | None = None
    """Number of the newest that opened them again."""

    @property
    def held(self) -> bool:
        """Whether the trial's measurements are final."""
        return (self.locked or 0) > (self.unlocked or 0)


def end(connection: Connection, trial: str, content: str | None = None) -> End:
    """Where the chain ends, as this trial sees it."""
    return End(*connection.execute(_END, {"trial": trial, "content": content}).one())


def following(event: Event) -> End:
    """The same after an event that was added in this transaction, so under no lock."""
    return End(event.seq, event.hash, event.simulated, None)


def then(connection: Connection, last: End, event: Event) -> End:
    """The same after an event that may be a lock; asked anew only where it is one."""
    if event.kind in ("lock", "unlock"):
        return end(connection, event.trial)
    return last._replace(seq=event.seq, hash=event.hash, simulated=event.simulated)


def newest(connection: Connection, trial: str, kinds: Iterable[EventKind]) -> Known:
    """By kind: the number of its newest event; 0 where there is none."""
    asked = tuple(dict.fromkeys(kinds))
    if not asked:
        return {}
    found: Sequence[int | None] = connection.execute(_newest(asked), {"trial": trial}).one()
    return {kind: seq or 0 for kind, seq in zip(asked, found, strict=True)}


@lru_cache(maxsize=64)
def _newest(kinds: tuple[EventKind, ...]) -> Select[Any]:
    """One statement for several kinds, and no event is read for its number."""
    return select(*(newest_of(kind).scalar_subquery() for kind in kinds))


def refuse_overtaken(connection: Connection, trial: str, known: Known) -> None:
    """Whether the newest events of some kinds are still those that the next was built on.

    Raises:
        StateError: They are not: two people did something at the same moment that bears on it.
    """
    for kind, seq in known.items():
        newest = chain.latest(connection, trial, kind)
        if newest is not None and newest.seq != seq:
            raise _overtaken(trial, kind, newest)


def _overtaken(trial: str, kind: EventKind, newest: Event) -> StateError:
    return StateError(
        Problem(
            say("trial {name}", name=trial),
            say("an event ({kind}) of a moment ago by {who}", kind=kind, who=newest.actor.name),
            say("nobody else at the same step at the same moment"),
            say("Nothing was stored. Look at `htkeval status {name}`, then try again.", name=trial),
        )
    )


def append(
    connection: Connection,
    last: End,
    *,
    trial: str,
    kind: EventKind,
    payload: dict[str, Any],
    actor: Actor,
    now: datetime,
    simulated: bool,
    content: str | None = None,
) -> Event:
    """Add an event after the last one, and put it in the outbox if MLflow must know of it.

    Raises:
        Locked: The trial is locked and takes no such event. Asked here, where every event comes
            by, so that no way of adding rows can forget it and no two at once pass each other.
        NotAllowed: Whoever opened the store by a login may not add it.
        Refused: Its own words name a participant.
    """
    guard.refuse_event(connection, trial, kind, actor)
    if last.held and kind in HELD_BY_LOCK:
        raise refusal(connection, trial)
    own_words.refuse_named(connection, trial, kind, payload)
    added, row = chain.sealed(
        seq=(last.seq or 0) + 1,
        trial=trial,
        kind=kind,
        at=now,
        actor=actor,
        simulated=simulated or bool(last.simulated),
        payload=payload,
        previous=last.hash or GENESIS,
    )
    connection.execute(_NEW, {**row, "content": content})
    if kind in PUBLISHED:
        outbox.enter(connection, added)
    if kind == "paper":
        outbox.deliver_again(connection, added)
    return added
