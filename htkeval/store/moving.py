"""A store moved to another place: all of it in one transaction, and proved before it counts.

Nobody else writes meanwhile. When it is done the old store refuses every further write by itself,
so whoever waited for his turn, or does not know yet, is told; nothing he adds is lost in silence.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, insert, select, text

from htkeval.canonical import canonical
from htkeval.errors import Problem, StateError, UsageError
from htkeval.frozen import Frozen
from htkeval.store import append_only, chain, failures, opening, proof_of_chain, proof_of_rows
from htkeval.store.append_only import GENESIS
from htkeval.store.inserting import insert_all
from htkeval.store.schema import metadata
from htkeval.store.store import Store, open_store
from htkeval.text import Text, say

AT_ONCE = 5_000
"""Rows on their way at one time: a store may be larger than the memory."""


class Moved(Frozen):
    """What was moved, and where it came to lie."""

    place: str
    """Where it is now, without a password."""
    address: str
    """The same as an address, for `HTKEVAL_STORE`."""
    before: str
    """Where it was, as `place`."""
    counts: dict[str, int]
    """How many rows each table has."""
    head: str
    """The hash of the newest event, with which the chain ends in both."""


class _Copied(NamedTuple):
    """A table as it was read: how many rows, and SHA-256 of all of them in order."""

    rows: int
    digest: str


def move(before: str, to: str, *, wait: float = 30.0, files: Path | None = None) -> Moved:
    """Move everything in a store to an empty one, whichever of the two is on a server.

    Args:
        before: The address of the store.
        to: The address of an empty store, or of a place where there is none yet.
        wait: Seconds to wait for one's turn to write.
        files: The folder of the files that are kept for the store.

    Raises:
        StoreLost: There is no store, though files of one are there.
        UsageError: An address that no store can have, or one and the same.
        StateError: There is no store, or it was moved before, or is not as it was stored; or the
            other is not empty, or of a newer version. Neither has changed.
        EnvironmentFailed: One of the two is locked, full, read-only or away; neither has changed.
    """
    _refuse_same(before, to)
    with (
        open_store(before, create=False, wait=wait, files=files) as old,
        open_store(to, wait=wait) as new,
    ):
        with new.reading() as connection:  # before anybody is kept from writing
            _refuse_filled(connection, new)
        refuse_moved(old)
        with old.altering() as source:
            _refuse_unproved(source, old)
            for statement in append_only.retiring(source.dialect.name, _place(new)):
                source.exec_driver_sql(statement)
            with new.altering() as target:
                _refuse_filled(target, new)
                counts = {table.name: _moved(table, source, target) for table in _TABLES}
                newest = chain.last(target)
        head = newest.hash if newest else GENESIS
        place = _place(new)
        address = place if "://" in place else f"sqlite:///{place}"
        return Moved(place=place, address=address, before=_place(old), counts=counts, head=head)


_TABLES = metadata.sorted_tables
"""A table after those that it points at."""


def refuse_moved(store: Store) -> None:
    """Raises `StateError` where a store was moved: somebody who reads it reads what was."""
    with store.reading() as connection:
        where = moved_to(connection)
    if where is not None:
        raise StateError(Problem(_named(_place(store)), *failures.moved(where)))


def moved_to(connection: Connection) -> str | None:
    """Where a store was moved to, as it says itself; None where it was not."""
    said = connection.scalar(_RETIRED[connection.dialect.name])
    found = _SAID.search(str(said or ""))
    return found[1].replace("''", "'") if found else None


_SAID = re.compile(rf"'{append_only.MOVED} (.*)'\)?; END")
_RETIRED = {
    "sqlite": text("SELECT sql FROM sqlite_master WHERE name = 'event_insert_was_moved'"),
    "postgresql": text(
        "SELECT prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE tgname = 'event_insert_was_moved' AND tgrelid = 'event'::regclass"
    ),
}


def _moved(table: Table, source: Connection, target: Connection) -> int:
    """Copy one table and read it back.

    Raises:
        StateError: What is there now is not what was given.
    """
    given = _read(table, source, into=target)
    if given != _read(table, target):
        found = say("other rows than were sent to it")
        raise StateError(Problem(say("table {name}", name=table.name), found, _THE_SAME, _NOTHING))
    number = table.autoincrement_column
    if target.dialect.name == "postgresql" and number is not None and given.rows:
        highest = select(func.max(number)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        target.execute(select(func.setval(sequence, highest)))
    return given.rows


def _read(table: Table, source: Connection, *, into: Connection | None = None) -> _Copied:
    """Every row of a table in the order of its key; also into another store."""
    columns = tuple(column.name for column in table.columns)
    new, seen, rows = insert(table).inline(), sha256(), 0
    query = select(table).order_by(*table.primary_key.columns)
    for some in source.execute(query, execution_options={"yield_per": AT_ONCE}).partitions():
        if into is not None:
            insert_all(into, new, columns, [tuple(row) for row in some])
        seen.update(canonical([list(row) for row in some]).encode())
        rows += len(some)
    return _Copied(rows, seen.hexdigest())


def _place(store: Store) -> str:
    """Where a store is, from wherever one looks."""
    place = opening.place_of(store.engine.url)
    return place if store.engine.dialect.name != "sqlite" else Path(place).absolute().as_posix()


def _refuse_same(before: str, to: str) -> None:
    one, other = map(opening.url_of, (before, to))
    files = [Path(url.database or "") for url in (one, other)]
    embedded = one.get_backend_name() == other.get_backend_name() == "sqlite"
    same = embedded and (
        files[0].absolute() == files[1].absolute()
        or (all(file.exists() for file in files) and files[0].samefile(files[1]))
    )
    if same or one == other:
        found, expected = say("the store that is to be moved"), say("another place")
        raise UsageError(Problem(_named(opening.place_of(other)), found, expected, _NOTHING))


def _refuse_filled(connection: Connection, store: Store) -> None:
    for table in _TABLES:
        if connection.scalar(select(func.count()).select_from(table)):
            found = say("a store that holds something already")
            step = say("Nothing was moved. Name an empty database, or a file that is not there.")
            raise StateError(Problem(_named(_place(store)), found, say("an empty store"), step))


def _refuse_unproved(connection: Connection, store: Store) -> None:
    """What was changed from outside is not carried on as if it were whole."""
    place = _named(_place(store))
    links = proof_of_chain.links(connection)
    events = tuple(link.event for link in links if link.event is not None)
    for check in (
        proof_of_chain.sequence(links),
        proof_of_chain.chain_of(links),
        proof_of_rows.rows_of(connection, events),
        proof_of_rows.subjects_of(connection, events),
        proof_of_chain.outbox_of(connection, events),
    ):
        if check.passed is False:
            step = say("Nothing was moved. Run `htkeval verify`; bring back the newest backup.")
            raise StateError(Problem(place, check.message, _AS_STORED, step))


def _named(place: str) -> Text:
    return say("the store {place}", place=place)


_NOTHING = say("Nothing was moved.")
_THE_SAME = say("the same rows")
_AS_STORED = say("everything as it was stored")
