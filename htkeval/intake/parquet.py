"""Parquet files, read by Arrow, which is loaded only when there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from math import isnan
from pathlib import Path
from typing import Any

from htkeval.errors import Problem, SheetError
from htkeval.intake.cells import LONGEST_CELL, Raw
from htkeval.intake.header import cleaned
from htkeval.text import say

_BATCH = 10_000
LARGEST_GROUP = 512 * 2**20
"""Bytes of one of the file's groups of rows, once unpacked."""


def parquet_rows(path: Path, *, wanted: Sequence[str]) -> Iterator[Sequence[Raw]]:
    """The column names as row 1, and the rows below, as Excel would number them.

    Args:
        path: The file.
        wanted: Columns that are read whatever their type; of the others only text is read,
            so that it can be searched for what gives a person away.

    Raises:
        SheetError: The file is not Parquet, is damaged, or unpacks to more than can be held.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        texts = [field.name for field in parquet.read_schema(path) if _is_text(field.type)]
        # as words and places: a text that stands in every row is held once
        with parquet.ParquetFile(path, read_dictionary=texts) as file:
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
            _check_size(path, file.metadata)
            held = 0
            for batch in file.iter_batches(batch_size=_BATCH, columns=kept):
                columns = dict(zip(batch.schema.names, map(_cells, batch.columns), strict=True))
                words = [columns[name] for name in texts if name in columns]
                held = _check_texts(path, words, held)
                empty: list[Raw] = [None] * batch.num_rows
                yield from zip(*(columns.get(name, empty) for name in names), strict=True)
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError, IndexError):
        found = say("a file that is not Parquet, or is damaged")
        raise SheetError(Problem(path.name, found, say("a Parquet file"))) from None


def _check_size(path: Path, metadata: Any) -> None:
    """A small file may unpack to a very large one."""
    for number in range(metadata.num_row_groups):
        # asked of the group: of a damaged column, to ask ends the process inside Arrow
        size = metadata.row_group(number).total_byte_size
        if size > LARGEST_GROUP:
            found = say("rows of {n:#,##0} MB once unpacked", n=round(size / 2**20))
            expected = say("at most {n:#,##0} MB", n=LARGEST_GROUP // 2**20)
            raise SheetError(Problem(path.name, found, expected, _SPLIT))


def _check_texts(path: Path, columns: Iterable[list[Raw]], held: int) -> int:
    """Characters of some rows' texts; raises `SheetError` where one, or all so far, are too long.

    A file that holds a text once may show it in every row, to be searched as often.
    """
    for column in columns:
        lengths = [len(cell) for cell in column if isinstance(cell, str)]
        held += sum(lengths)
        if max(lengths, default=0) > LONGEST_CELL:
            found = say("a cell of more than {n:#,##0} characters", n=LONGEST_CELL)
            raise SheetError(Problem(path.name, found, say("short words and numbers"), _LEAVE_OUT))
    if held > LARGEST_GROUP:
        found = say("texts that take more than {n:#,##0} MB", n=LARGEST_GROUP // 2**20)
        raise SheetError(Problem(path.name, found, say("short words and numbers"), _LEAVE_OUT))
    return held


_LEAVE_OUT = say("Free text is not kept; leave it out of the sheet.")
_SPLIT = say("Split it, or save it as CSV.")


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _cells(column: Any) -> list[Raw]:
    """A column as cells. Nanoseconds become microseconds: finer is no measurement of a task."""
    import pyarrow as pa

    if pa.types.is_date(column.type):  # a day is made into Python's once, not for each row
        column = column.dictionary_encode()
        return _looked_up(column.dictionary.to_pylist(), column.indices)
    if pa.types.is_dictionary(column.type):
        if len(column.dictionary) > len(column):  # it holds the words of all rows so far
            return _cells(column.dictionary_decode())
        return _looked_up(_cells(column.dictionary), column.indices)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    elif pa.types.is_duration(column.type):
        column = column.cast(pa.duration("us"), safe=False)
    elif pa.types.is_floating(column.type):  # NumPy's lists are made ten times as fast as Arrow's
        numbers = column.to_numpy(zero_copy_only=False).tolist()
        return [None if isnan(number) else number for number in numbers]
    values: list[Raw] = column.to_pylist()
    plain = (pa.types.is_integer, pa.types.is_string)
    if any(is_such(column.type) for is_such in plain):  # a million rows are many calls
        return values
    return [_cell(value) for value in values]


def _looked_up(words: list[Raw], places: Any) -> list[Raw]:
    known = [*words, None]
    return [known[at] for at in places.cast("int64").fill_null(len(words)).to_numpy().tolist()]


def _cell(value: Any) -> Raw:
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return None if isnan(value) else value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes | list | dict):
        return "{…}"  # refused wherever a value is read
    kept: Raw = value
    return kept
