"""What people were told, or said, of taking part: events that know their tokens alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from htkeval.decision import Actor
from htkeval.event import Event
from htkeval.participation import Participation
from htkeval.store import appending, chain
from htkeval.store.subjects import People


def record(
    connection: Connection,
    everybody: People,
    people: Sequence[str],
    said: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> tuple[Event, ...]:
    """An event for each person; whoever is new gets a token. The caller's transaction is alone."""
    trial, tokens = everybody.trial, everybody.tokens(people)
    return tuple(
        appending.append(
            connection,
            appending.end(connection, trial),
            trial=trial,
            kind="participation",
            payload={"subject": tokens[person], **said},
            actor=actor,
            now=now,
            simulated=False,
        )
        for person in people
    )


def histories(connection: Connection, everybody: People) -> dict[str, tuple[Participation, ...]]:
    """By pseudonym of everybody whom the trial knows: what is recorded, in that order."""
    by_token: dict[str, list[Participation]] = {}
    for event in chain.events(connection, trial=everybody.trial, kind="participation"):
        by_token.setdefault(event.payload["subject"], []).append(Participation.of(event))
    named = everybody.behind.items()
    return {name: tuple(by_token.get(token, ())) for token, name in named if name is not None}
