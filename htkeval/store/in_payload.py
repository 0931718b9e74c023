"""A text inside an event's payload, as the database itself reads it, so that it can be indexed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class InPayload(GenericFunction[str]):
    """What stands at a path of keys; NULL where nothing does, or null.

    The path is written out, never handed over as a value: a database uses an index on an
    expression only for the very same expression.
    """

    type = String()
    inherit_cache = True

    def __init__(self, payload: ColumnElement[str], *path: str) -> None:
        if not all(key.isidentifier() for key in path):
            raise ValueError("a path is made of plain keys")
        super().__init__(payload, literal_column(".".join(path)))


def _parts(element: InPayload, compiler: SQLCompiler, how: dict[str, Any]) -> tuple[str, list[str]]:
    payload, path = element.clauses
    return compiler.process(payload, **how), str(path).split(".")


@compiles(InPayload, "sqlite")
def _sqlite(element: InPayload, compiler: SQLCompiler, **how: Any) -> str:
    payload, path = _parts(element, compiler, how)
    return f"json_extract({payload}, '$.{'.'.join(path)}')"


@compiles(InPayload, "postgresql")
def _postgresql(element: InPayload, compiler: SQLCompiler, **how: Any) -> str:
    payload, path = _parts(element, compiler, how)
    return f"(CAST({payload} AS json) #>> '{{{','.join(path)}}}')"
