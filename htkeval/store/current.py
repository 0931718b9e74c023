"""Which rows count: the newest version of each that nobody left out, of people who have not been
forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, or_, select, tuple_

from htkeval.canonical import canonical
from htkeval.event import BRINGS_ROWS, Event
from htkeval.measurement import Measurement
from htkeval.store import chain, rows
from htkeval.store.in_payload import InPayload
from htkeval.store.schema import event, measurement, subject
from htkeval.store.subjects import People

Place = tuple[int, int]
"""The event that brought a row, and the row's number in it."""
AT_ONCE = 1000
"""Values that one statement looks up; a database takes only so many."""


def current_rows(
    connection: Connection,
    trial: str,
    everybody: People,
    *,
    until: int | None = None,
    people: Collection[str] | None = None,
    naming: Collection[str] = (),
    left_out: Collection[Place] | None = None,
) -> Iterator[Measurement]:
    """The measurements of a trial that count, in the order in which they came.

    Args:
        connection: A moment of the store.
        trial: The trial's id.
        everybody: The trial's people at that moment.
        until: As they stood after this event; without it, after the newest.
        people: Only rows of these pseudonyms; None: everybody's.
        naming: Only rows that have one of these words among their keys; none: all of them.
        left_out: What was left out by then, where that is known.
    """
    of = None if people is None or len(people) > AT_ONCE else everybody.known(people)
    names = everybody.behind if of is None else {token: name for name, token in of.items()}
    if left_out is None:
        left_out = excluded(connection, trial, until)
    query = _rows(until is not None, bool(left_out), of is not None, len(naming))
    asked: dict[str, Any] = {"trial": trial, "until": until, "left_out": list(left_out)}
    asked["of"] = list((of or {}).values())
    asked |= {f"word{n}": f"%{_escaped(canonical(word))}%" for n, word in enumerate(naming)}
    found = connection.execute(query, asked).all()
    column = participant_columns(connection, trial, until, brought={row[0] for row in found})
    for batch, token, arm, keys, measured in found:
        who = None if token is None else names.get(token)
        yield rows.decode(arm, keys, measured, participant=column.get(batch), pseudonym=who)


def counts_by_arm(
    connection: Connection, trial: str, *, left_out: Collection[Place] | None = None
) -> dict[str, int]:
    """How many rows count, by arm; an arm without rows is left out.

    Args:
        connection: A moment of the store.
        trial: The trial's id.
        left_out: What was left out, where that is known.
    """
    return _by_arm(connection, trial, left_out, people=False)


def people_by_arm(
    connection: Connection, trial: str, *, left_out: Collection[Place] | None = None
) -> dict[str, int]:
    """Whose rows count, by arm: how many people's; nought where rows name nobody."""
    return _by_arm(connection, trial, left_out, people=True)


def _by_arm(
    connection: Connection, trial: str, left_out: Collection[Place] | None, *, people: bool
) -> dict[str, int]:
    if left_out is None:
        left_out = excluded(connection, trial, None)
    asked = {"trial": trial, "left_out": list(left_out)}
    found = connection.execute(_arms(people=people, left_out=bool(left_out)), asked)
    return {row[0]: row[1] for row in found}


_DIGESTS = (
    select(measurement.c.digest)
    .join(event, event.c.seq == measurement.c.batch)
    .where(event.c.trial == bindparam("trial"))
)
_SOME = _DIGESTS.where(measurement.c.digest.in_(bindparam("some", expanding=True)))
_OF_PEOPLE = _SOME.where(measurement.c.subject.in_(bindparam("of", expanding=True)))


def digests(
    connection: Connection, trial: str, some: Sequence[str], *, of: Collection[str] | None = None
) -> Counter[str]:
    """How often rows with these digests were brought, by digest.

    Also those that were put right or left out afterwards: brought again they say nothing new.

    Args:
        connection: A moment of the store.
        trial: The trial's id.
        some: The digests.
        of: The tokens of the people whose rows they are, by whose index they are found; None:
            some of them are nobody's.
    """
    if len(some) > AT_ONCE:  # all of them at once are sooner read than many are looked up
        wanted = set(some)
        every = connection.scalars(_DIGESTS, {"trial": trial})
        return Counter(one for one in every if one in wanted)
    if of is None or len(of) > AT_ONCE:
        return Counter(connection.scalars(_SOME, {"trial": trial, "some": some}))
    asked = {"trial": trial, "some": some, "of": sorted(of)}
    return Counter(connection.scalars(_OF_PEOPLE, asked))


@lru_cache(maxsize=64)
def _rows(until: bool, left_out: bool, of: bool, words: int) -> Select[Any]:
    """The statement of one shape; to put it together anew takes longer than to answer it."""
    row = measurement.c
    query = select(row.batch, row.subject, row.arm, row["keys"], row.measured).order_by(row.id)
    if of:
        query = query.where(row.subject.in_(bindparam("of", expanding=True)))
    if words:
        alike = (row["keys"].like(bindparam(f"word{n}"), escape="!") for n in range(words))
        query = query.where(or_(*alike))
    return _counting(query, until=until, left_out=left_out)


@lru_cache(maxsize=4)
def _arms(*, people: bool, left_out: bool) -> Select[Any]:
    arm, many = measurement.c.arm, func.count()
    if people:
        many = func.count(measurement.c.subject.distinct())
    return _counting(select(arm, many), until=False, left_out=left_out).group_by(arm)


def _counting(query: Select[Any], *, until: bool, left_out: bool) -> Select[Any]:
    """The lists of rows that do not count are short, so they are made once and looked up in."""
    row, later = measurement.c, measurement.alias("later").c
    superseded = select(later.supersedes).where(later.supersedes.is_not(None))
    forgotten = select(subject.c.token).where(
        subject.c.trial == bindparam("trial"), subject.c.pseudonym.is_(None)
    )
    if until:
        superseded = superseded.where(later.batch <= bindparam("until"))
        query = query.where(row.batch <= bindparam("until"))
    if left_out:
        some: BindParameter[Any] = bindparam("left_out", expanding=True)
        query = query.where(tuple_(row.batch, row.number).not_in(some))
    return query.join(event, event.c.seq == row.batch).where(
        event.c.trial == bindparam("trial"),
        row.id.not_in(superseded),
        or_(row.subject.is_(None), row.subject.not_in(forgotten)),
    )


def _escaped(word: str) -> str:
    """A word as LIKE finds it letter by letter."""
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return word


def excluded(connection: Connection, trial: str, until: int | None = None) -> dict[Place, Event]:
    """By the event that brought a row, and the row's number in it: the event that left it out."""
    told = chain.events(connection, trial=trial, kind="exclusion", until=until)
    return {(event.payload["batch"], event.payload["number"]): event for event in told}


_PARTICIPANTS = select(event.c.seq, InPayload(event.c.payload, "participant")).where(
    event.c.seq.in_(bindparam("brought", expanding=True))
)


def participant_columns(
    connection: Connection,
    trial: str,
    until: int | None = None,
    *,
    brought: Collection[int] | None = None,
) -> dict[int, str | None]:
    """By event that brought rows: the key column whose values stand behind tokens.

    Args:
        connection: A moment of the store.
        trial: The trial's id.
        until: Only events up to this one.
        brought: Only these events; a form brings one row each, so there may be thousands.
    """
    if brought is not None and len(brought) <= AT_ONCE:
        found = connection.execute(_PARTICIPANTS, {"brought": list(brought)}) if brought else ()
        return {row[0]: row[1] for row in found}
    return {
        one.seq: one.payload.get("participant")
        for kind in BRINGS_ROWS
        for one in chain.events(connection, trial=trial, kind=kind, until=until)
    }
