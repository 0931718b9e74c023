"""The rows of a trial frozen as a table: the same rows always give the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from htkeval.canonical import canonical
from htkeval.measurement import Measurement, columns
from htkeval.store import arrow
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_IN_A_GROUP = 100_000
"""Rows in one group of the Parquet file; another number would give other bytes."""


def table(trial: Trial, measurements: tuple[Measurement, ...]) -> pa.Table:
    """The measurements as a table under the sheet's own column names.

    Participants become P001, P002, … in the order of their pseudonyms: the pseudonym itself does
    not leave the store. Rows are sorted by all columns, so the order of delivery is forgotten.

    Args:
        trial: The definition that names the columns.
        measurements: The rows that count.

    Returns:
        The arm (`baseline`, `treatment`) and the other keys as text, each value as float64 where
        all of its cells are numbers and as text otherwise; an empty cell is null.
    """
    return _sorted(in_order(trial, measurements))


def in_order(trial: Trial, measurements: tuple[Measurement, ...]) -> pa.Table:
    """The same table with its rows in the order in which they are given."""
    import pyarrow as pa

    called = labels(trial, measurements)
    made: dict[str, pa.Array] = {}
    for name in columns(trial, measurements):
        if name == trial.design.arm:
            made[name] = arrow.texts([row.arm for row in measurements])
        elif name == trial.design.participant:
            made[name] = arrow.texts([called.get(row.keys.get(name)) for row in measurements])
        elif name in trial.design.key_columns:
            made[name] = arrow.texts([row.keys.get(name) for row in measurements])
        else:
            made[name] = _values([row.values.get(name) for row in measurements])
    return pa.table(made)


def to_parquet(frozen: pa.Table) -> bytes:
    """A table as Parquet bytes: no timestamps, no metadata of ours, every option fixed.

    The file names the version of Arrow that wrote it, so another version may give other bytes
    for the same rows; `verify` then compares the rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(
        frozen.replace_schema_metadata(None).combine_chunks(),
        sink,
        row_group_size=ROWS_IN_A_GROUP,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        store_schema=False,
    )
    return bytes(sink.getvalue())


def from_parquet(content: bytes) -> pa.Table:
    """The table that `to_parquet` was given."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # `read_table` would load pandas: half a second of every command
    with pq.ParquetFile(pa.BufferReader(content)) as file:
        return file.read()


def writer(content: bytes) -> str:
    """Which program wrote a Parquet file, by its own account."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    return str(pq.read_metadata(pa.BufferReader(content)).created_by)


def labels(trial: Trial, measurements: tuple[Measurement, ...]) -> dict[str | None, str]:
    """By pseudonym: what a participant is called in this snapshot."""
    column = trial.design.participant
    if column is None:
        return {}
    found = {row.keys.get(column) for row in measurements}
    names = sorted(name for name in found if name is not None)
    width = max(3, len(str(len(names))))
    return {name: f"P{place:0{width}d}" for place, name in enumerate(names, start=1)}


def _values(cells: list[Any]) -> pa.Array:
    """Numbers, unless a word is among them; -0.0 is 0.0, for they sort as the same."""
    if any(isinstance(cell, str) for cell in cells):
        return arrow.texts([_word(cell) for cell in cells])
    return arrow.numbers([None if cell is None else cell + 0.0 for cell in cells])


def _word(cell: float | str | None) -> str | None:
    return cell if cell is None or isinstance(cell, str) else canonical(cell + 0.0)


def _sorted(unsorted: pa.Table) -> pa.Table:
    """By every column in turn, nulls last. Numbers as names: a name with a dot would be a path."""
    import pyarrow.compute as pc

    places = [str(place) for place in range(unsorted.num_columns)]
    keys = [(place, "ascending") for place in places]
    order = pc.sort_indices(unsorted.rename_columns(places), sort_keys=keys)
    return unsorted.take(order)
