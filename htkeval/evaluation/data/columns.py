"""The columns of a snapshot as arrays of numbers and of codes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from htkeval.stats.scaling import Codes, Floats

if TYPE_CHECKING:
    import pyarrow as pa

Bools = NDArray[np.bool_]
NONE = -1
"""The code of an empty cell."""


@dataclass(frozen=True, eq=False)
class Words:
    """A column of words."""

    codes: Codes
    """(N,) place in `labels`, `NONE` where the cell is empty."""
    labels: tuple[str, ...]
    """The different words, sorted."""

    def are(self, wanted: str) -> Bools:
        """(N,) whether the cell holds a word, in small or capital letters."""
        hits = [label.casefold() == wanted for label in self.labels]
        return np.array([*hits, False])[self.codes]


def numbers(table: pa.Table, name: str | None, *, final: bool = False) -> Floats:
    """A column as (N,) numbers; NaN where it is absent or a cell holds no finite number.

    Args:
        table: The rows.
        name: The column.
        final: Whether the array may not be written to, as many will read it.
    """
    values = _numbers(table, name)
    values.flags.writeable = not final
    return values


def _numbers(table: pa.Table, name: str | None) -> Floats:
    import pyarrow as pa

    found = _column(table, name)
    if found is None or pa.types.is_null(found.type) or pa.types.is_temporal(found.type):
        return np.full(table.num_rows, np.nan)
    if _is_text(found):
        column = _words(found)
        values = np.array([*map(as_number, column.labels), math.nan])[column.codes]
    else:
        values = _plain(found.cast(pa.float64(), safe=False).combine_chunks(), np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def words(table: pa.Table, name: str | None) -> Words:
    """A column as words; one that is absent is empty throughout."""
    found = _column(table, name)
    if found is None:
        return Words(np.full(table.num_rows, NONE, dtype=np.intp), ())
    return _words(found)


def is_text(table: pa.Table, name: str) -> bool:
    """Whether a column holds words, not numbers."""
    found = _column(table, name)
    return found is not None and _is_text(found)


def as_number(word: str) -> float:
    """A word as a number; NaN where it is none."""
    try:
        return float(word)
    except ValueError:
        return math.nan


def _is_text(column: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _column(table: pa.Table, name: str | None) -> Any:
    """A column without its dictionary; None where the table has none of that name."""
    import pyarrow as pa

    if name is None or name not in table.column_names:
        return None
    found = table.column(name)
    return found.cast(found.type.value_type) if pa.types.is_dictionary(found.type) else found


def _words(column: Any) -> Words:
    import pyarrow as pa

    if pa.types.is_null(column.type):
        return Words(np.full(len(column), NONE, dtype=np.intp), ())
    encoded = column.cast(pa.large_string()).combine_chunks().dictionary_encode()
    labels = encoded.dictionary.to_pylist()
    order = sorted(range(len(labels)), key=labels.__getitem__)
    place = np.empty(len(labels) + 1, dtype=np.intp)
    place[order], place[-1] = np.arange(len(labels)), NONE
    codes = _plain(encoded.indices.cast(pa.int64()), len(labels))
    return Words(place[codes], tuple(labels[i] for i in order))


def _plain(array: Any, empty: float) -> NDArray[Any]:
    """An Arrow array of 8-byte numbers, read from its own memory: `to_numpy` loads pandas."""
    import pyarrow as pa

    kind = np.float64 if pa.types.is_floating(array.type) else np.int64
    memory = array.buffers()[1]
    if memory is None or not len(array):
        return np.zeros(0, dtype=kind)
    values = np.frombuffer(memory, kind, len(array), array.offset * 8)
    known = np.from_dlpack(array.is_valid().cast(pa.uint8())).astype(bool)
    return np.where(known, values, empty).astype(kind)
