"""A store that is only read: nothing is made, nothing is written, not even where nothing is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy import event as when
from sqlalchemy.pool import StaticPool

from htkeval.store import migrations, opening
from htkeval.store.schema import metadata


def engine_to_read(address: str, *, wait: float) -> Engine:
    """An engine whose every statement that would write is refused by the database itself.

    A store of an earlier version is brought up to this one first, which does write. Where there is
    no store yet, an empty one in memory is read.

    Args:
        address: `sqlite:///FILE` or `postgresql+psycopg://…`.
        wait: Seconds to wait for others.

    Raises:
        UsageError: The address is neither of the two.
        StateError: A newer htkeval made it; or it holds something else.
        EnvironmentFailed: It cannot be opened or read.
    """
    engine = _connecting(address, wait)
    try:
        version = opening.version_of(engine) if _is_there(engine) else None
        if version is None:
            engine.dispose()
            return _empty()
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


def _is_there(engine: Engine) -> bool:
    return engine.dialect.name != "sqlite" or Path(engine.url.database or "").exists()


def _bring_up(address: str, wait: float) -> None:
    writer = opening.engine_for(address, wait=wait)
    try:
        opening.make_ready(writer, create=False, wait=wait)
    finally:
        writer.dispose()


def _only_read(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _empty() -> Engine:
    """What a store is before anything happened. What is written to it would be lost: refused."""
    kept = {"check_same_thread": False}
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args=kept)
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    return engine
