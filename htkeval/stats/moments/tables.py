"""A table of any kind, opened on an engine, and the rows of it that count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    import pyarrow as pa

Engine = Literal["duckdb", "spark"]
Column: TypeAlias = "str | Callable[[ir.Table], ir.Value]"
"""A column by its name, or what computes it from the table inside the engine."""

LARGEST = 1.7976931348623157e308
"""No finite double lies beyond; both engines hold NaN to be larger still."""


def log(name: str) -> Column:
    """The natural logarithm of a column; a row without a positive value does not count."""

    def computed(table: ir.Table) -> ir.Value:
        import ibis

        value = table[name].cast("float64")
        # DuckDB refuses the logarithm of zero, Spark gives null: ask neither
        return ibis.ifelse(value > 0, value, None).log()

    return _named(computed, name)


def equals(name: str, value: object) -> Column:
    """1 where a column has a value, else 0; a row without any value does not count."""
    return _named(lambda table: table[name] == value, name)


def _named(computed: Callable[[ir.Table], ir.Value], name: str) -> Column:
    def from_table(table: ir.Table) -> ir.Value:
        _known(table, name)
        return computed(table)

    return from_table


@dataclass(frozen=True, eq=False)
class Rows:
    """A table on the engine that holds it, which rows count, and what is taken from each."""

    backend: Any
    """The Ibis backend that runs expressions."""
    table: ir.Table
    """Every row and column."""
    counts: list[ir.BooleanValue]
    """What must be true of a row that counts."""
    keys: dict[str, ir.Value]
    """`cluster`, and `effect` where fixed effects other than the clusters are absorbed."""
    numbers: dict[str, ir.Value]
    """Doubles: each regressor, then the outcome."""

    @property
    def counted(self) -> ir.Table:
        """The rows that count: no key or number is null, NaN or infinite."""
        return self.table.filter(*self.counts)

    def fetched(self, found: ir.Table) -> pa.Table:
        """An expression over these rows, computed and brought here."""
        if self.backend.name == "pyspark":
            # Ibis would take the way over pandas, and PySpark 4.0 warns there under pandas 3
            return self.backend.raw_sql(self.backend.compile(found)).toArrow()
        return self.backend.to_pyarrow(found)


def rows_of(
    table: Any,
    numbers: Iterable[Column],
    *,
    cluster: Column,
    effect: Column | None = None,
    engine: Engine = "duckdb",
    session: Any = None,
) -> Rows:
    """Which rows of a table count?

    Those in which every number is finite and cluster and effect are known.

    Args:
        table: Path or paths of Parquet (with `*`, as the engine reads them), an Ibis table, or a
            frame with Arrow's stream interface: Arrow, pandas, Polars.
        numbers: Numeric or boolean columns.
        cluster: The column whose values name the clusters.
        effect: The column whose values name the fixed effects, if these are not the clusters.
        engine: Where frames and files are read; an Ibis table is read where it lives.
        session: A Spark session; without one a local one is started, or found started.

    Raises:
        ValueError: A column is missing or holds no numbers, or DuckDB should leave this machine.
    """
    backend, opened = _opened(table, engine, session)
    named = {"cluster": cluster} if effect is None else {"cluster": cluster, "effect": effect}
    keys = {name: _value(opened, column) for name, column in named.items()}
    values = {f"n{place}": _number(opened, column) for place, column in enumerate(numbers)}
    # between, and not a test for NaN, because it is pushed down into the reading of Parquet
    counts = [value.between(-LARGEST, LARGEST) for value in values.values()]
    for key in keys.values():
        counts.append(key.notnull())
        if key.type().is_floating():
            counts.append(~key.isnan())
    return Rows(backend, opened, counts, keys, values)


def _known(table: ir.Table, name: str) -> None:
    if name not in table.columns:
        raise ValueError(f"table: no column {name!r}; expected one of {', '.join(table.columns)}")


def _value(table: ir.Table, column: Column) -> ir.Value:
    if isinstance(column, str):
        _known(table, column)
        return table[column]
    (bound,) = table.bind(column)
    return bound


def _number(table: ir.Table, column: Column) -> ir.Value:
    value = _value(table, column)
    kind = value.type()
    if not (kind.is_numeric() or kind.is_boolean()):
        raise ValueError(f"column {value.get_name()}: found {kind}; expected numbers")
    return value if kind.is_float64() else value.cast("float64")


def _opened(table: Any, engine: Engine, session: Any) -> tuple[Any, ir.Table]:
    import ibis
    import pyarrow as pa

    if isinstance(table, ibis.Table):
        homes = {node.source for node in table.op().find(ibis.expr.operations.DatabaseTable)}
        return (homes.pop() if homes else _duckdb()), table
    if engine == "spark":
        from htkeval.stats.moments import spark

        session = session or spark.local_session()
        backend = ibis.pyspark.connect(session)
    else:
        backend = _duckdb()
    if not hasattr(table, "__arrow_c_stream__"):
        return backend, _files(backend, table)
    frame = pa.table(table)
    if engine == "spark":
        return backend, spark.frame(backend, session, frame)
    return backend, ibis.memtable(frame)


def _files(backend: Any, table: Any) -> ir.Table:
    import ibis

    paths = [str(table)] if isinstance(table, str | Path) else [str(path) for path in table]
    for path in paths:
        if "://" in path and backend.name == "duckdb":
            raise ValueError(f"table: found {path}; expected a file that needs no extension")
        if not any(sign in path for sign in ("://", *"*?[")) and not Path(path).exists():
            raise ValueError(f"table: found no {path}; expected a file or folder of Parquet")
    files = [backend.read_parquet(path) for path in paths]
    return files[0] if len(files) == 1 else ibis.union(*files, distinct=False)


def _duckdb() -> Any:
    import ibis

    # a cursor is a connection of its own to the same instance: safe in any thread, and a
    # hundredth of the time that a new instance takes
    return ibis.duckdb.from_connection(_instance().cursor())


@cache
def _instance() -> duckdb.DuckDBPyConnection:
    """DuckDB in this process; it fetches no extension by itself."""
    import duckdb

    return duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
