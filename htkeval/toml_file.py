"""Reads a TOML file into a noun, and says in words what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from htkeval.errors import HtkevalError, Problem, TrialUnreadable
from htkeval.frozen import Contradiction
from htkeval.text import Text, say
from htkeval.toml_faults import as_danes_write, fault

Noun = TypeVar("Noun", bound=BaseModel)


def read(path: Path, noun: type[Noun], *, error: Callable[[list[Problem]], HtkevalError]) -> Noun:
    """Read a TOML file.

    Args:
        path: The file.
        noun: The type it mirrors.
        error: Makes the error that is raised when the contents are refused.

    Raises:
        TrialUnreadable: The file is missing, is not UTF-8 or is not TOML.
        HtkevalError: What `error` makes: every unknown key, missing key and contradiction.
    """
    return parsed(text_of(path), path, noun, error=error)


def parsed(
    text: str, path: Path, noun: type[Noun], *, error: Callable[[list[Problem]], HtkevalError]
) -> Noun:
    """The same of a text that stands in a file, or would; raises as `read` does."""
    try:
        known: Noun = _read(text, noun)
    except tomllib.TOMLDecodeError as wrong:
        raise _unreadable(path, fault(wrong), say("TOML")) from None
    except ValidationError as failed:
        problems = [_problem(path, noun, each) for each in failed.errors(include_url=False)]
        raise error(problems) from None
    return known


@lru_cache(maxsize=64)
def _read(text: str, noun: type[Noun]) -> Noun:
    """Each page that is drawn asks for every trial; nouns are frozen, so one serves all."""
    return noun.model_validate(tomllib.loads(text))


def text_of(path: Path) -> str:
    """What stands in a file; raises `TrialUnreadable`."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        found, expected = say("no such file"), say("a TOML file")
    except (IsADirectoryError, PermissionError):
        found, expected = say("something that cannot be read"), say("a TOML file")
    except UnicodeDecodeError:
        found, expected = say("bytes that are not UTF-8"), say("a text file in UTF-8")
    raise _unreadable(path, found, expected)


def _unreadable(path: Path, found: Text, expected: Text) -> TrialUnreadable:
    return TrialUnreadable(Problem(str(path), found, expected, as_danes_write(path)))


def _problem(path: Path, noun: type[BaseModel], wrong: ErrorDetails) -> Problem:
    key = _key(wrong["loc"])
    place = say("{file}, {key}", file=str(path), key=key) if key else say("{file}", file=str(path))
    kind, value = wrong["type"], wrong["input"]
    if kind == "extra_forbidden":
        known = _keys_at(noun, wrong["loc"][:-1])
        from difflib import get_close_matches

        near = get_close_matches(str(wrong["loc"][-1]), known, n=1)
        step = say("did you mean {keys}?", keys=near[0]) if near else ""
        keys = say("one of {keys}", keys=", ".join(known))
        return Problem(place, say("an unknown key"), keys, step)
    if kind == "missing":
        return Problem(place, say("nothing"), say("a value; this key is required"))
    cause = wrong.get("ctx", {}).get("error")
    if isinstance(cause, Contradiction):
        return Problem(place, cause.text)
    return Problem(place, _shown(value) or say("a table"), _expected(wrong))


_EXPECTED: dict[str, Text] = {
    "date": say("a date such as 2026-01-12, without quotes"),
    "bool": say("true or false"),
    "float": say("a number"),
    "int": say("a whole number"),
    "string_pattern": say("small letters, digits and the signs allowed in a name"),
    "string_too_short": say("some text"),
    "string": say("text in quotes"),
    "tuple": say("a list in square brackets"),
    "too_": say("a list in square brackets, of the right length"),
    "model": say("a table"),
    "dict": say("a table"),
}
"""What was wanted, by the beginning of pydantic's error type; the first that fits."""

_LIMITS = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}


def _expected(wrong: ErrorDetails) -> Text:
    """What pydantic wanted, in our words; its own English where it is a rare one."""
    kind, context = wrong["type"], wrong.get("ctx", {})
    if kind == "literal_error":
        return say("one of {keys}", keys=context["expected"].replace(" or ", ", "))
    if kind in _LIMITS:
        return say("a number {limit}", limit=f"{_LIMITS[kind]} {next(iter(context.values()))}")
    known = (text for start, text in _EXPECTED.items() if kind.startswith(start))
    return next(known, say("{what}", what=wrong["msg"]))


def _key(location: tuple[int | str, ...]) -> str:
    """`metrics[1].column`, counting from 1 as people do."""
    key = ""
    for part in location:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if key else str(part)
    return key


def _keys_at(noun: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand at a place."""
    here: Any = noun
    in_named_tables = False
    for part in location:
        if isinstance(part, str) and not in_named_tables:
            annotation = here.model_fields[part].annotation
            here, in_named_tables = _model_in(annotation), get_origin(annotation) is dict
        else:
            in_named_tables = False
    return sorted(here.model_fields)


def _model_in(annotation: Any) -> Any:
    """The model inside `Model | None` or `tuple[Model, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(found for arg in annotation.__args__ if (found := _model_in_or_none(arg)))


def _model_in_or_none(annotation: Any) -> Any:
    try:
        return _model_in(annotation)
    except (AttributeError, StopIteration):
        return None


def _shown(value: Any) -> str | None:
    """A value as it stood in the file; None for a whole table."""
    if isinstance(value, dict | BaseModel):
        return None
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
