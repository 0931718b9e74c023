"""A store that is only read: nothing is made, nothing is written, not even where nothing is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy import event as when
from sqlalchemy.pool import StaticPool

from htkeval.store import lost, migrations, opening
from htkeval.store.failures import in_words
from htkeval.store.schema import metadata


def engine_to_read(address: str, *, wait: float, files: Path | None = None) -> Engine:
    """An engine whose every statement that would write is refused by the database itself.

    A store of an earlier version is brought up to this one first, which does write; one that may
    not be written to is brought up in memory, so that an archive can be read for ever. Where there
    is no store yet, an empty one in memory is read.

    Args:
        address: `sqlite:///FILE` or `postgresql+psycopg://…`.
        wait: Seconds to wait for others.
        files: The folder of the files that are kept for the store, where there is one.

    Raises:
        UsageError: The address is neither of the two.
        StateError: A newer htkeval made it; or it holds something else.
        StoreLost: There is no store, though files of one are there.
        EnvironmentFailed: It cannot be opened or read.
    """
    engine = _connecting(address, wait)
    try:
        version = _version(engine)
        if version is None:
            place = opening.place_of(engine.url)
            lost.refuse(place, files, begun=lambda: _version(engine) is not None)
            engine.dispose()
            return _in_memory(metadata.create_all)
        if version != migrations.HEAD and not _may_write(engine):
            return _copied(engine)
        if version != migrations.HEAD:
            _bring_up(address, wait)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _connecting(address: str, wait: float) -> Engine:
    engine = opening.engine_for(address, wait=wait, connect=_reader)
    if engine.dialect.name == "postgresql":
        when.listen(engine, "begin", _only_read)
    return engine


def _reader(file: Path, wait: float) -> Callable[[], sqlite3.Connection]:
    """Connects to a file that stays as it is."""

    def connect() -> sqlite3.Connection:
        place = f"{file.absolute().as_uri()}?{_how(file)}"
        opened = sqlite3.connect(place, uri=True, timeout=wait, check_same_thread=False)
        opened.execute("PRAGMA query_only = ON")
        return opened

    return connect


def _how(file: Path) -> str:
    """Where SQLite can, it makes two files beside the store for as long as somebody reads.

    Where it cannot, it must be told that nobody writes; which is not so where a log has content.
    """
    if os.access(file.parent, os.W_OK):
        return "mode=rw"  # with `ro` the two files would be left behind
    log = file.with_name(f"{file.name}-wal")
    return "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"


def _version(engine: Engine) -> str | None:
    """The schema's revision; None where there is nothing yet, not even a file."""
    there = engine.dialect.name != "sqlite" or Path(engine.url.database or "").exists()
    return opening.version_of(engine) if there else None


def _bring_up(address: str, wait: float) -> None:
    writer = opening.engine_for(address, wait=wait)
    try:
        opening.make_ready(writer, create=False, wait=wait)
    finally:
        writer.dispose()


def _only_read(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _may_write(engine: Engine) -> bool:
    if engine.dialect.name != "sqlite":
        return True
    file = Path(engine.url.database or "")
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def _copied(engine: Engine) -> Engine:
    """A store of an earlier version as this one would have it; the file stays as it is."""
    place = opening.place_of(engine.url)
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    with in_words(place), engine.connect() as connection:
        source: Any = connection.connection.driver_connection
        source.backup(memory)
    engine.dispose()
    return _in_memory(lambda copy: opening.bring_up(copy, place), memory)


def _in_memory(
    make: Callable[[Connection], object], memory: sqlite3.Connection | None = None
) -> Engine:
    """A store that nobody keeps. What is written to it later would be lost: it is refused."""
    opened = memory or sqlite3.connect(":memory:", check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: opened, poolclass=StaticPool)
    with engine.begin() as connection:
        make(connection)
    opened.execute("PRAGMA query_only = ON")
    return engine
