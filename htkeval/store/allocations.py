"""Allocation lists as events: people as tokens, so that a person can be forgotten here too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from htkeval.allocation_list import AllocationList
from htkeval.canonical import fingerprint
from htkeval.event import Event
from htkeval.measurement import Measurement
from htkeval.store import chain
from htkeval.store.current import current_rows
from htkeval.store.subjects import People

Names = Mapping[str, str | None]
"""By token: the pseudonym; None for whoever was forgotten."""
Make = Callable[["Earlier"], tuple[AllocationList, dict[str, Any]]]
"""What was drawn after all that was drawn before, and what else the event is to say."""


class Earlier:
    """What was drawn and measured already, at the moment in which the next list is made."""

    def __init__(self, connection: Connection, trial: str) -> None:
        self._connection, self._trial = connection, trial
        self.events = chain.events(connection, trial=trial, kind="allocation")
        """Every event of an allocation of the trial, in order."""
        self._everybody = People(connection, trial)
        self.listed = decode(self.events, self._everybody.behind)
        """All of them as one list; None where nothing was drawn yet."""

    def measured_since(self, batch: int) -> tuple[Measurement, ...]:
        """All rows that count now; none where no batch came after one that is known."""
        newest = chain.latest(self._connection, self._trial, "batch")
        if newest is None or newest.seq == batch:
            return ()
        return tuple(current_rows(self._connection, self._trial, self._everybody))

    @property
    def lists(self) -> int:
        """How many lists there are; what was drawn one by one is none."""
        return sum(event.payload["number"] > 0 for event in self.events)


def encode(
    listed: AllocationList, tokens: Mapping[str, str] | None, more: Mapping[str, Any]
) -> dict[str, Any]:
    """A list as an event's payload.

    Args:
        listed: One list of the trial.
        tokens: By pseudonym; None where the first column names no people.
        more: What else the event says.

    Its fingerprint is of what was asked for: units and strata in their order, people as tokens.
    """
    units = [list(column) for column in listed.units]
    if tokens is not None:
        units[0] = [tokens[name] for name in units[0]]
    asked = {
        "columns": list(listed.columns),
        "units": units,
        "strata": {name: list(column) for name, column in listed.strata.items()},
    }
    return {
        **asked,
        **more,
        "list": fingerprint(asked),
        "patterns": [list(pattern) for pattern in listed.patterns],
        "drawn": list(listed.drawn),
        "number": listed.entry[0],
        "people": tokens is not None,
    }


def decode(events: Iterable[Event], names: Names) -> AllocationList | None:
    """All lists of a trial as one, in the order of entry.

    Args:
        events: Its events of allocation.
        names: By token: the pseudonym. Whoever was forgotten keeps his place under his token.
    """
    whole = [event.payload for event in events]
    if not whole:
        return None
    first = whole[0]
    return AllocationList(
        columns=first["columns"],
        units=tuple(
            tuple(name for said in whole for name in _names(said, place, names))
            for place in range(len(first["columns"]))
        ),
        strata={
            column: tuple(value for said in whole for value in said["strata"][column])
            for column in first["strata"]
        },
        patterns=first["patterns"],
        drawn=tuple(one for said in whole for one in said["drawn"]),
        entry=tuple(said["number"] for said in whole for _ in said["drawn"]),
    )


def _names(said: dict[str, Any], place: int, names: Names) -> Iterable[str]:
    column: list[str] = said["units"][place]
    if place or not said["people"]:
        return column
    return (names.get(token) or token for token in column)
