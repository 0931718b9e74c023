"""Values as TOML, so that a definition that was frozen as JSON is a file that can be read again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any


def as_toml(values: Mapping[str, Any]) -> str:
    """A document: single values first, then tables, then lists of tables; None is left out.

    Args:
        values: Text, numbers, yes or no, days, lists and tables of these.

    Example:
        >>> print(as_toml({"id": "x", "arms": {"treatment": {"label": "å"}}, "looks": (0.5, 1.0)}))
        id = "x"
        looks = [0.5, 1.0]
        <BLANKLINE>
        [arms.treatment]
        label = "å"
        <BLANKLINE>
    """
    return "\n".join(_lines(values, ())) + "\n"


def _lines(values: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    plain = {k: v for k, v in values.items() if v is not None and not _table(v) and not _tables(v)}
    tables = {k: v for k, v in values.items() if _table(v)}
    lists = {k: v for k, v in values.items() if _tables(v)}
    yield from (f"{_key(name)} = {as_value(value)}" for name, value in plain.items())
    for name, table in tables.items():
        inner = list(_lines(table, (*path, name)))
        if not inner or inner[0]:  # a table of nothing but tables has no line of its own
            yield from ("", f"[{_dotted((*path, name))}]")
        yield from inner
    for name, each in lists.items():
        for table in each:
            yield from ("", f"[[{_dotted((*path, name))}]]")
            yield from (f"{_key(k)} = {as_value(v)}" for k, v in table.items() if v is not None)


def _table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(_table(one) for one in value)


def as_value(value: Any) -> str:
    """One value, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = (f"{_key(k)} = {as_value(v)}" for k, v in value.items() if v is not None)
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_value(one) for one in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else as_value(name)


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(_key(name) for name in path)
