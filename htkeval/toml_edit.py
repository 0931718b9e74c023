"""Changes values in a TOML text and leaves all else as it stands: comments, order, layout.

A change is read again and held against what was wanted, so that a layout which is not understood
is told, never written wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from htkeval.errors import Problem, Refused
from htkeval.text import say
from htkeval.toml_text import as_value

Path = tuple[str | int, ...]
"""Where a value stands: `("design", "clusters")`, or `("metrics", 0, "margin")` from nought."""
Value = str | float | bool | date | Mapping[str, Any] | None
"""What it is to be; None takes it out."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")
_SET = re.compile(r"\s*(#\s?)?([A-Za-z0-9_-]+)\s*=")


def edited(text: str, values: Mapping[Path, Value]) -> str:
    r"""The text with some values changed.

    Args:
        text: A TOML document.
        values: What is wanted, by place. A value that is there already keeps its notation; a line
            that is commented out is used again, and one that is taken out stays as a comment.

    Raises:
        Refused: A value is written in a way that is not understood here; nothing was changed.

    Example:
        >>> edited('a = 1   # one\n# b = \n', {("a",): 2, ("b",): "x"})
        'a = 2   # one\nb = "x"\n'
    """
    for path, value in values.items():
        wanted = _put(tomllib.loads(text), path, value)
        if wanted == tomllib.loads(text):
            continue
        text = _changed(text, path, value, wanted)
    return text


def _put(document: dict[str, Any], path: Path, value: Value) -> dict[str, Any]:
    """The document as it should be read."""
    here: Any = document
    for part in path[:-1]:
        here = here[part] if isinstance(part, int) else here.setdefault(part, {})
    if value is None:
        here.pop(path[-1], None)
    else:
        here[path[-1]] = dict(value) if isinstance(value, Mapping) else value
    return document


def _changed(text: str, path: Path, value: Value, wanted: dict[str, Any]) -> str:
    for made in _ways(text, path, value):
        try:
            if tomllib.loads(made) == wanted:
                return made
        except tomllib.TOMLDecodeError:
            continue
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    found = say("a value written in a way that only a person can change")
    raise Refused(Problem(key, found, say("one on a line"), say("Change it in trial.toml.")))


def _ways(text: str, path: Path, value: Value) -> Iterator[str]:
    """The text with the line of a value changed: the first that is read as wanted will do."""
    lines = text.splitlines(keepends=True)
    first, last = _section(lines, path[:-1])
    mine = [n for n in range(first, last) if _key(lines[n]) == path[-1]]
    for live in (True, False):
        for n in mine:
            if lines[n].lstrip().startswith("#") != live:
                yield "".join([*lines[:n], _line(lines[n], str(path[-1]), value), *lines[n + 1 :]])
    ending = "\r\n" if "\r\n" in text else "\n"
    new = f"{path[-1]} = {as_value(value)}{ending}"
    keys = [n for n in range(first, last) if _SET.match(lines[n]) and _live(lines[n])]
    place = keys[-1] + 1 if keys else first
    yield "".join([*lines[:place], new, *lines[place:]])
    if all(isinstance(part, str) for part in path[:-1]):
        header = f"[{'.'.join(map(str, path[:-1]))}]{ending}"
        yield "".join([*lines, ending, header, new])


def _live(line: str) -> bool:
    return not line.lstrip().startswith("#")


def _key(line: str) -> str | None:
    found = _SET.match(line)
    return found[2] if found else None


def _section(lines: list[str], path: Path) -> tuple[int, int]:
    """The lines of a table, without its header; empty at the end where there is none."""
    seen: dict[tuple[str, ...], int] = {}
    at: Path = ()
    starts: dict[Path, int] = {(): 0}
    ends: dict[Path, int] = {}
    for n, line in enumerate(lines):
        if found := _HEADER.match(line):
            ends[at] = n
            name = tuple(found[2].split("."))
            if found[1] == "[[":
                seen[name] = seen.get(name, -1) + 1
                at = (*name, seen[name])
            else:
                at = name
            starts[at] = n + 1
    ends[at] = len(lines)
    return (starts[path], ends[path]) if path in starts else (len(lines), len(lines))


def _line(line: str, key: str, value: Value) -> str:
    """The line with another value, its remark where it was."""
    ending = line[len(line.rstrip("\r\n")) :]
    if value is None:
        return f"# {line}"
    bare = re.sub(r"^(\s*)#\s?", r"\1", line.rstrip("\r\n"))
    at = _remark(bare)
    new = f"{key} = {as_value(value)}"
    if at is None:
        return new + ending
    return f"{new:<{at - 1}} {bare[at:]}{ending}"


def _remark(line: str) -> int | None:
    """Where the remark after a value begins; None where there is none."""
    quote = ""
    for n, sign in enumerate(line):
        if quote:
            if sign == quote and not (quote == '"' and line[n - 1] == "\\"):
                quote = ""
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            return n
    return None
