"""What the dashboard refused somebody, and who read rows of people: kept once, not each time."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from htkeval.canonical import canonical
from htkeval.decision import Actor
from htkeval.errors import StateError
from htkeval.event import ELSEWHERE, EventKind
from htkeval.local_day import local_day

MOST_AN_HOUR = 200
"""Refusals that are kept in one hour, whoever asked: a flood must not fill the store. The last one
says that there were more."""
_HERE: dict[tuple[str, str], None] = {}
"""What this process has kept already, by store: most of what is told is told again."""
_MOST_HERE = 10_000
WAIT = 10.0
"""Seconds to wait for one's turn to write: a page waits for it."""
NOBODY = Actor(name="?", known_by="declared")
"""Who asked is not known: a name that somebody only claims is not kept."""


def refused(
    address: str, actor: Actor, reason: str, *, trial: str | None, what: str, now: datetime
) -> None:
    """Keep that something was refused: once for each account, reason, trial and hour.

    Args:
        address: The store; where there is none yet, nothing is kept.
        actor: Who asked, or `NOBODY`.
        reason: As one word.
        trial: The trial, where it is about one.
        what: The kind of event, or what was to be read.
        now: When, in UTC.
    """
    hour = f"{now:%Y-%m-%dT%H}"
    said = {"reason": reason, "what": what, "hour": hour}
    _keep(address, "refusal", trial or ELSEWHERE, said, actor=actor, now=now, most=MOST_AN_HOUR)


def read(address: str, actor: Actor, *, trial: str, now: datetime) -> None:
    """Keep that rows of people were read: once for each account, trial and day."""
    said = {"what": "rows", "day": local_day(now).isoformat()}
    _keep(address, "access", trial, said, actor=actor, now=now)


def _keep(
    address: str,
    kind: EventKind,
    trial: str,
    said: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    most: int | None = None,
) -> None:
    who = [actor.name, actor.known_by]
    bounded = {key: value for key, value in said.items() if kind == "access" or key != "what"}
    once = sha256(canonical([kind, trial, who, bounded]).encode()).hexdigest()
    if (address, once) in _HERE:
        return
    try:
        _append(address, kind, trial, {**said, "once": once}, actor, now, most)
    except StateError:
        if kind == "access" and not _empty(address):
            raise  # it was moved, say: what cannot be kept is not read
        return
    if len(_HERE) >= _MOST_HERE:
        _HERE.clear()
    _HERE[address, once] = None


def _empty(address: str) -> bool:
    """Whether there is no store yet, so that nobody can have read anything."""
    from htkeval.store import opening

    url = opening.url_of(address)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return True
    engine = opening.engine_for(address, wait=WAIT)
    try:
        return opening.version_of(engine) is None
    finally:
        engine.dispose()


def _append(
    address: str,
    kind: EventKind,
    trial: str,
    said: dict[str, Any],
    actor: Actor,
    now: datetime,
    most: int | None,
) -> None:
    from htkeval.store import appending  # which knows the guard, which knows this
    from htkeval.store.store import open_store

    with open_store(address, create=False, wait=WAIT) as store, store.altering() as connection:
        last = appending.end(connection, trial, said["once"])
        if last.twin is not None:
            return
        if most is not None and (kept := _this_hour(connection, said["hour"])) >= most:
            if kept > most:
                return
            said = {**said, "reason": "flood", "what": "more"}
        appending.append(
            connection, last, trial=trial, kind=kind, payload=said, actor=actor, now=now,
            simulated=False, content=said["once"],
        )  # fmt: skip


def _this_hour(connection: Any, hour: str) -> int:
    """Refusals kept in an hour, of all trials and accounts."""
    from sqlalchemy import func, select

    from htkeval.store.schema import event

    found = select(func.count()).where(event.c.kind == "refusal", event.c.at >= f"{hour}:")
    return int(connection.scalar(found) or 0)
