"""Many rows into a table at once, handed to the driver as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert


def insert_all(connection: Connection, statement: Insert, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of text and whole numbers.

    SQLAlchemy would look at every value of every row for conversions; columns of text and whole
    numbers need none, and a list of 100,000 people is stored in half the time.

    Args:
        connection: Within a transaction.
        statement: An insert into one table; the same object each time, as it is kept compiled.
        rows: By column; all with the same columns. None of them: nothing happens.
    """
    if not rows:
        return
    sql, order = _compiled(statement, connection.dialect, tuple(rows[0]))
    values = [tuple(map(row.__getitem__, order)) for row in rows] if order else list(rows)
    connection.exec_driver_sql(sql, values)


@lru_cache(maxsize=16)
def _compiled(
    statement: Insert, dialect: Dialect, columns: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The statement as the driver takes it, and the order of its values; none: by name."""
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    return str(compiled), tuple(compiled.positiontup or ())
