"""One way to write a value as JSON, so that the same value always has the same SHA-256."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import islice
from typing import Any

_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


_TOGETHER = 1_000


def canonical(value: Any) -> str:
    """A value as JSON: keys sorted, no spaces, letters as they are, floats by `repr`.

    Args:
        value: Dicts with text keys, lists, tuples, text, numbers, true, false, None.

    Raises:
        ValueError: NaN or infinity, which JSON does not have.
        TypeError: A key that is not text (it would be sorted otherwise when read back), or a
            value that JSON does not have.

    Example:
        >>> canonical({"b": 1.0, "a": ["æ", None]})
        '{"a":["æ",null],"b":1.0}'
    """
    _refuse_keys_that_are_not_text(value)
    return _ENCODER.encode(value)


def canonical_json(value: Any) -> str:
    """The same of what was read from JSON or will be written: its keys are known to be text.

    Raises:
        ValueError: NaN or infinity.
    """
    return _ENCODER.encode(value)


def canonical_rows(values: Iterable[Mapping[str, float | str | None]]) -> list[str]:
    """The same of rows' cells, whose names are known to be text: a million rows are many.

    Each is what `canonical` says. Many are written as one list, which costs a third of one by one,
    and the list is cut where a row ends. Where a cell holds the very signs that stand between two
    rows, there are more pieces than rows, and these are written one by one.

    Raises:
        ValueError: NaN or infinity.
    """
    written: list[str] = []
    rest = iter(values)
    while some := list(islice(rest, _TOGETHER)):
        pieces = _ENCODER.encode(some)[2:-2].split("},{")
        if len(pieces) == len(some):
            written += [f"{{{piece}}}" for piece in pieces]
        else:
            written += map(_ENCODER.encode, some)
    return written


def fingerprint(value: Any) -> str:
    """SHA-256 of the canonical JSON of a value, as 64 hexadecimal digits.

    Example:
        >>> fingerprint({}) == sha256(b"{}").hexdigest()
        True
    """
    return sha256(canonical(value).encode()).hexdigest()


_DEEP = (dict, list, tuple)
_FLAT = frozenset({str, int, float, bool, type(None)})


def _refuse_keys_that_are_not_text(value: Any) -> None:
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a key must be text, not {key!r}")
        value = value.values()
    elif not isinstance(value, _DEEP):
        return
    if not _FLAT.issuperset(map(type, value)):  # lists are long, and mostly of words and numbers
        for inner in value:
            _refuse_keys_that_are_not_text(inner)
