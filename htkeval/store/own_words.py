"""What people write into the record for good names no participant: no erasure could reach it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from htkeval.errors import Problem, Refused
from htkeval.event import ELSEWHERE, EventKind
from htkeval.store.schema import subject
from htkeval.store.subjects import People
from htkeval.text import Text, say

WRITTEN_BY_PEOPLE: frozenset[EventKind] = frozenset({
    "correction", "exclusion", "erasure", "deviation", "gate", "attachment",
    "participation", "query", "finding", "decision", "condition", "unlock", "withdrawal",
    "realised", "application", "grant", "spending", "note",
})  # fmt: skip
"""Kinds of event that hold words of whoever stored them."""

_PLACES: Mapping[str, Text | str] = {
    "why": "--why",
    "text": "--answer",
    "reason": "--reason",
    "what": "--what",
    "to": "--to",
    "responsible": "--responsible",
    "document": "--document",
    "area": "--area",
    "purpose": "--purpose",
    "spent_on": "--text",
    "owner": "--owner",
    "measure": "--measure",
    "areas": "--area",
    "departure": "--departure",
    "conditions": "--condition",
    "file": say("the name of the file"),
}
"""By key of an event: where somebody wrote it."""
_OTHERS: Mapping[EventKind, Mapping[str, Text | str]] = {
    "finding": {**_PLACES, "text": "--text"},
    "realised": {**_PLACES, "source": "--source"},
    "note": {
        "source": "--source",
        "claim": "--claim",
        "answer": "--answer",
        "area": "--area",
        "areas": "--area",
        "owners": "--owner",
    },
}
"""The same of kinds that call it otherwise."""

HIDDEN = "…"
"""What stands in the record in place of a pseudonym in the name of a sheet."""


def refuse_named(connection: Connection, trial: str, kind: EventKind, said: Any) -> None:
    """Whether an event's own words name somebody whom the trial knows; of no trial, whom any does.

    Raises:
        Refused: They do. The words are not repeated.
    """
    if kind not in WRITTEN_BY_PEOPLE:
        return
    places = _OTHERS.get(kind, _PLACES)
    texts = [(place, text) for key, place in places.items() for text in _texts(said.get(key))]
    pattern = _pattern(_pseudonyms(connection, trial)) if texts else None
    wrong = {str(place): place for place, text in texts if pattern and pattern.search(text)}
    if wrong:
        found, expected = say("the pseudonym itself"), say("a text that names nobody")
        raise Refused([Problem(place, found, expected) for place in wrong.values()])


def _pseudonyms(connection: Connection, trial: str) -> Iterable[str]:
    if trial != ELSEWHERE:
        return People(connection, trial).pseudonyms
    known = select(subject.c.pseudonym).where(subject.c.pseudonym.is_not(None)).distinct()
    return connection.scalars(known).all()


def without(name: str, people: Iterable[str]) -> str:
    """The name of a sheet as the record keeps it.

    Args:
        name: The name that the office gave the file.
        people: Pseudonyms.

    Example:
        >>> without("skema P017.csv", ["P017"])
        'skema ….csv'
    """
    pattern = _pattern(people)
    return name if pattern is None else pattern.sub(HIDDEN, name)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(list(one.values()) if isinstance(one, Mapping) else one)


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Each pseudonym as a word of its own, also in the genitive.

    Without a digit it counts as it is written alone, for the initials DEN are not the word `den`; a
    bare number or one letter may be anything and counts nowhere.
    """
    telling = sorted(name for name in names if len(name) > 1 and not name.isdecimal())
    if not telling:
        return None
    words = "|".join(
        f"(?i:{re.escape(name)})" if any(map(str.isdecimal, name)) else re.escape(name)
        for name in telling
    )
    return re.compile(rf"(?<![^\W_])(?:{words})(?:['’]?s)?(?![^\W_])")
