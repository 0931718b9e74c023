"""From an address to a database that is ready: connected, of this version, safe to write to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    inspect,
    select,
    text,
)
from sqlalchemy import event as when
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from htkeval.errors import EnvironmentFailed, HtkevalError, Problem, StateError, UsageError
from htkeval.store import lost, migrations
from htkeval.store.failures import in_words
from htkeval.store.schema import VERSION_TABLE, metadata, on_postgresql
from htkeval.text import Text, say

WRITING = "htkeval_writing"
"""Execution option of a connection that will write: SQLite then takes its turn at once."""

CACHE = "cache_size = -65536"
"""KiB of pages kept in memory: with SQLite's own 2 MiB a long list is written over and over."""

_TIMEOUT = {"sqlite": "timeout", "postgresql": "connect_timeout"}

_version_number: Column[str] = Column("version_num", String(32), primary_key=True)
_version_table = Table(
    VERSION_TABLE,
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    _version_number,
)
"""Just as Alembic makes it."""


Connect = Callable[[Path, float], Callable[[], Any]]
"""Given a file and how long to wait: what connects to it."""


def engine_for(address: str, *, wait: float, connect: Connect | None = None) -> Engine:
    """An engine for an address; nothing is connected yet.

    Args:
        address: `sqlite:///FILE` or `postgresql+psycopg://…`.
        wait: Seconds to wait for one's turn to write.
        connect: How to connect to a file, if not to read and write it.

    Raises:
        UsageError: Neither SQLite in a file nor PostgreSQL.
        EnvironmentFailed: PostgreSQL, but psycopg is not installed.
    """
    url = url_of(address)
    shared = _shared(_in_full(url), wait, connect)
    made = shared.ready
    if made is None:
        engine = _made(_in_full(url), wait, connect)
        engine.url = url  # as it was given, by which messages call it
        engine.dialect = shared.dialect or engine.dialect
        when.listen(engine, "connect", lambda *_: shared.keep(engine))  # after SQLAlchemy's own
    else:
        engine = Engine(made.pool.recreate(), made.dialect, url)
    engine.update_execution_options(compiled_cache=shared.statements)
    if url.get_backend_name() == "sqlite":
        when.listen(engine, "begin", _begin_sqlite)
    return engine


def _in_full(url: URL) -> URL:
    """The address with the whole path of its file, which does not go by where the process is."""
    if url.get_backend_name() != "sqlite":
        return url
    return url.set(database=os.path.abspath(url.database or ""))


@dataclass
class _Spoken:
    """A dialect that has been asked what it can, and what was written out in it."""

    dialect: Dialect | None = None
    statements: dict[Any, Any] = field(default_factory=dict)


class _Shared:
    """What all engines of one address have in common, so that none is put together twice: a page
    opens the store each time that it is drawn."""

    def __init__(self, spoken: _Spoken) -> None:
        self.ready: Engine | None = None
        """The first that was connected. A dialect is asked of the server what it can; before that
        it is nobody else's, for a second thread would not wait until it is known."""
        self._spoken = spoken

    @property
    def statements(self) -> dict[Any, Any]:
        """What SQLAlchemy keeps of every statement that it has written out."""
        return self._spoken.statements

    @property
    def dialect(self) -> Dialect | None:
        """One that is known already."""
        return self._spoken.dialect

    def keep(self, engine: Engine) -> None:
        """It was connected."""
        self.ready = self.ready or engine
        self._spoken.dialect = self._spoken.dialect or engine.dialect


_FILES = _Spoken()
"""Every file is read by the one SQLite of this process; servers may be of several versions."""


@lru_cache(maxsize=8)
def _shared(url: URL, wait: float, connect: Connect | None) -> _Shared:
    del wait, connect
    return _Shared(_FILES if url.get_backend_name() == "sqlite" else _Spoken())


def _made(url: URL, wait: float, connect: Connect | None) -> Engine:
    seconds = max(1, round(wait))
    how: dict[str, Any] = {"connect_args": {_TIMEOUT[url.get_backend_name()]: seconds}}
    if connect is not None and url.get_backend_name() == "sqlite":
        how = {"creator": connect(Path(url.database or ""), seconds)}
    try:
        engine = create_engine(url, **how)
    except ImportError as missing:
        raise _refused(
            EnvironmentFailed,
            place_of(url),
            say("no psycopg, by which Python speaks with PostgreSQL"),
            say("psycopg 3"),
            say("Install it by `pip install 'htkeval[postgres]'`."),
        ) from missing
    if url.get_backend_name() == "sqlite":
        when.listen(engine, "connect", _set_up_sqlite)
    else:
        on_postgresql()
        when.listen(engine, "connect", lambda raw, _: _set_up_postgresql(raw, wait))
    return engine


def place_of(url: URL) -> str:
    """What a person calls the store: its file, or its address without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def make_ready(engine: Engine, *, create: bool, wait: float, files: Path | None = None) -> None:
    """Create the tables where there are none, and refuse what is not ours.

    Args:
        engine: Connects to the store.
        create: Whether to make one.
        wait: Seconds to wait for others.
        files: The folder of the files that are kept for the store, where there is one.

    Raises:
        StateError: A newer htkeval made it; or there is no store and `create` is false; or the
            file holds something else. Nothing is touched then.
        StoreLost: There is no store, though files of one are there; likewise.
        EnvironmentFailed: It cannot be opened, read or written to.
    """
    place, embedded = place_of(engine.url), engine.dialect.name == "sqlite"
    file = Path(engine.url.database or "")
    if embedded and not file.exists():
        lost.refuse(place, files, begun=file.exists)
        if not create:
            raise _no_store(place)
        _make_place(file, place)
    version = version_of(engine)
    if version is None:
        lost.refuse(place, files, begun=lambda: version_of(engine) is not None)
    with in_words(place):
        if version is None and not create:
            raise _no_store(place)
        if version != migrations.HEAD:
            with engine.execution_options(**{WRITING: True}).begin() as connection:
                take_turn(connection)
                bring_up(connection, place)
        if embedded:
            _use_write_ahead_log(engine, wait)


def version_of(engine: Engine) -> str | None:
    """The schema's revision in a database; None where there is nothing yet.

    Raises:
        StateError: It holds something else.
        EnvironmentFailed: It cannot be opened or read.
    """
    place = place_of(engine.url)
    with in_words(place), engine.connect() as connection:
        return _version(connection, place)


def take_turn(connection: Connection) -> None:
    """Wait until nobody else writes. SQLite did so when the transaction began."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE)


_ALONE = text("SELECT pg_advisory_xact_lock(7236834)")
"""Any number will do, as long as every htkeval takes the same."""


def url_of(address: str) -> URL:
    """An address, read; raises `UsageError` where no store can have it."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # the latter for a port that is not a number
        url = URL.create("unknown", database=address.rpartition("@")[2])
    file = url.database or ":memory:"
    if url.drivername in ("sqlite", "sqlite+pysqlite") and not file.startswith((":", "file:")):
        return url
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise _refused(
        UsageError,
        file if url.drivername == "unknown" else place_of(url),
        say("an address that no store can have"),
        say("sqlite:///FILE or postgresql+psycopg://USER@SERVER/DATABASE"),
        say("Check `HTKEVAL_STORE`."),
    )


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", CACHE):
        connection.execute(f"PRAGMA {pragma}")


def _set_up_postgresql(connection: Any, wait: float) -> None:
    connection.execute(f"SET lock_timeout = {round(wait * 1000)}")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _use_write_ahead_log(engine: Engine, wait: float) -> None:
    """WAL stays in the file. Two who set it at once do not wait for each other by themselves."""
    connection = engine.raw_connection()
    try:
        until = time.monotonic() + wait
        while True:
            try:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except engine.dialect.dbapi.OperationalError as busy:  # type: ignore[union-attr]
                if time.monotonic() > until:
                    raise OperationalError("PRAGMA journal_mode", None, busy) from busy
                time.sleep(0.01)
    finally:
        connection.close()


def _version(connection: Connection, place: str) -> str | None:
    """The schema's revision, or None where there is nothing yet."""
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE in tables:
        return connection.scalar(select(_version_number)) or ""
    in_the_way = tables if connection.dialect.name == "sqlite" else tables & set(metadata.tables)
    if in_the_way:
        raise _refused(
            StateError,
            place,
            say("tables that are not htkeval's ({names})", names=", ".join(sorted(in_the_way)[:3])),
            say("a store that htkeval made, or nothing"),
            say("Nothing was changed. `htkeval doctor` shows which place is used."),
        )
    return None


def bring_up(connection: Connection, place: str) -> None:
    """Make the tables, or bring them to this version; another may have been here first."""
    version = _version(connection, place)
    if version is None:
        metadata.create_all(connection, checkfirst=False)
        _version_table.create(connection)
        connection.execute(_version_table.insert(), {"version_num": migrations.HEAD})
    elif version != migrations.HEAD:
        try:
            migrations.upgrade(connection)
        except LookupError:
            raise _newer(place, version) from None


def _make_place(file: Path, place: str) -> None:
    """The file, and its folder where that is missing, for this account alone: there are pseudonyms
    in it and the salts of their tokens. SQLite gives the files beside it the same rights."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as failed:
        why = failed.strerror or type(failed).__name__
        raise _refused(
            EnvironmentFailed,
            place,
            say("a folder that cannot be made ({why})", why=why),
            say("a place where this account may write"),
        ) from failed
    with suppress(OSError):  # SQLite will say what is wrong with the place
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _no_store(place: str) -> HtkevalError:
    return _refused(
        StateError,
        place,
        say("no store yet"),
        say("a store that htkeval made"),
        say("The first `htkeval register` or `htkeval add` makes it."),
    )


def _newer(place: str, version: str) -> HtkevalError:
    return _refused(
        StateError,
        place,
        say("version {version}, made by a newer htkeval", version=version),
        say("version {version} or earlier", version=migrations.HEAD),
        say("Nothing was changed. Install the newer htkeval."),
    )


def _refused(
    kind: type[HtkevalError],
    place: str,
    found: Text,
    expected: Text,
    next_step: Text | str = "",
) -> HtkevalError:
    return kind(Problem(say("the store {place}", place=place), found, expected, next_step))


def empty_log(engine: Engine) -> None:
    """Have SQLite's log written into the file and emptied: what was overwritten stands there too.

    Somebody who reads at this moment keeps it from being emptied; whoever closes last does it.
    """
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()
