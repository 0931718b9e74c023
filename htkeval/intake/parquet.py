"""Parquet files, read by Arrow, which is loaded only when there is one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from htkeval.errors import Problem, SheetError
from htkeval.intake.cells import Raw
from htkeval.intake.header import cleaned
from htkeval.text import say

_BATCH = 10_000


def parquet_rows(path: Path, *, wanted: Sequence[str]) -> Iterator[Sequence[Raw]]:
    """The column names as row 1, and the rows below, as Excel would number them.

    Args:
        path: The file.
        wanted: Columns that are read whatever their type; of the others only text is read,
            so that it can be searched for what gives a person away.

    Raises:
        SheetError: The file is not Parquet, or is damaged.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            names = [field.name for field in file.schema_arrow]
            yield names
            if len(set(names)) < len(names):
                return  # Arrow cannot tell them apart; the header shows which stand twice
            named = {cleaned(name) for name in wanted}
            kept = [
                field.name
                for field in file.schema_arrow
                if cleaned(field.name) in named or _is_text(field.type)
            ]
            for batch in file.iter_batches(batch_size=_BATCH, columns=kept):
                columns = dict(zip(batch.schema.names, map(_cells, batch.columns), strict=True))
                empty: list[Raw] = [None] * batch.num_rows
                yield from zip(*(columns.get(name, empty) for name in names), strict=True)
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        found = say("a file that is not Parquet, or is damaged")
        raise SheetError(Problem(path.name, found, say("a Parquet file"))) from None


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _cells(column: Any) -> list[Raw]:
    """A column as cells. Nanoseconds become microseconds: finer is no measurement of a task."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    elif pa.types.is_duration(column.type):
        column = column.cast(pa.duration("us"), safe=False)
    return [_cell(value) for value in column.to_pylist()]


def _cell(value: Any) -> Raw:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes | list | dict):
        return "{…}"  # refused wherever a value is read
    kept: Raw = value
    return kept
