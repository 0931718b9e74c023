"""Many rows into a table at once, handed to the driver as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Index, Insert, func, select
from sqlalchemy.exc import DBAPIError

BULK = 50
"""Rows from which PostgreSQL takes them sooner as one stream than as a statement each."""

MANY = 50_000
CACHE_FOR_MANY = "cache_size = -524288"
"""KiB of pages that SQLite may keep of so many rows, rather than write them over and over."""


@contextmanager
def with_index_afterwards(connection: Connection, index: Index, rows: int) -> Iterator[None]:
    """Have SQLite sort an index once, after many rows, rather than find a place for each of them.

    All of it is one transaction: whatever fails, the index stands as before. Where a table holds
    several times as many rows already, a place for each is sooner found.

    Args:
        connection: Within a write.
        index: Not needed while the rows are inserted.
        rows: How many.
    """
    if connection.dialect.name != "sqlite" or rows < MANY or 4 * rows < _there(connection, index):
        yield
        return
    connection.exec_driver_sql(f"PRAGMA {CACHE_FOR_MANY}")
    index.drop(connection)
    yield
    index.create(connection)


def _there(connection: Connection, index: Index) -> int:
    table = index.table
    assert table is not None  # it was made with one
    return connection.scalar(select(func.max(table.c.id))) or 0


def insert_all(
    connection: Connection, statement: Insert, columns: tuple[str, ...], rows: Sequence[Any]
) -> None:
    """Insert rows of text and whole numbers.

    SQLAlchemy would look at every value of every row for conversions; columns of text and whole
    numbers need none, and a list of 100,000 people is stored in half the time.

    Args:
        connection: Within a transaction.
        statement: An insert into one table; the same object each time, as it is kept compiled.
        columns: Names of the columns.
        rows: A tuple of values each, in the columns' order. None of them: nothing happens.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) >= BULK:
        _copy(connection, statement, columns, rows)
        return
    sql, order = _compiled(statement, connection.dialect, columns)
    if order == columns:
        connection.exec_driver_sql(sql, rows)
    elif order:
        place = [columns.index(name) for name in order]
        connection.exec_driver_sql(sql, [tuple(row[at] for at in place) for row in rows])
    else:  # a driver that takes values by name
        connection.exec_driver_sql(sql, [dict(zip(columns, row, strict=True)) for row in rows])


def _copy(
    connection: Connection, statement: Insert, columns: tuple[str, ...], rows: Sequence[Any]
) -> None:
    """The same by PostgreSQL's COPY, which is as much part of the transaction as an INSERT."""
    dialect = connection.dialect
    quoted = dialect.identifier_preparer
    names = ", ".join(map(quoted.quote, columns))
    sql = f"COPY {quoted.format_table(statement.table)} ({names}) FROM STDIN"
    driver: Any = dialect.dbapi
    try:
        raw: Any = connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(sql) as stream:
            for row in rows:
                stream.write_row(row)
    except driver.Error as failed:  # as SQLAlchemy would tell it, for `failures.in_words`
        raise DBAPIError.instance(sql, None, failed, driver.Error, dialect=dialect) from failed


@lru_cache(maxsize=16)
def _compiled(
    statement: Insert, dialect: Dialect, columns: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The statement as the driver takes it, and the order of its values; none: by name."""
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    return str(compiled), tuple(compiled.positiontup or ())
