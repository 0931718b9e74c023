"""JSON that another program wrote, or somebody made to do harm: read with limits, or refused."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from htkeval.errors import Problem, SheetError
from htkeval.text import Text, say

LARGEST = 100 * 2**20
"""Bytes of a file: once read it takes about eight times as much of the memory."""
LONGEST = 200
"""Characters of a name that is kept; more is a text, which is not."""


class NotJson(ValueError):
    """`NaN` or `Infinity`, which Python would take for numbers."""


def read_json(file: Path, expected: Text) -> dict[str, Any] | list[Any]:
    """The object or list in a file.

    Args:
        file: The file.
        expected: What it should be, for messages.

    Raises:
        SheetError: Too large, no JSON in UTF-8, nested too deep, or with `NaN` in it.
    """
    if file.stat().st_size > LARGEST:
        found = say("a file of {n:#,##0} MB", n=round(file.stat().st_size / 2**20))
        most = say("at most {n:#,##0} MB", n=LARGEST // 2**20)
        raise SheetError(Problem(file.name, found, most))
    try:
        read = json.loads(file.read_bytes().decode("utf-8-sig"), parse_constant=_refuse)
    except RecursionError:
        raise SheetError(
            Problem(file.name, say("JSON that is nested too deep"), expected)
        ) from None
    except NotJson:
        step = say("Write null where there is no number.")
        raise SheetError(Problem(file.name, say("NaN, which is no JSON"), expected, step)) from None
    except ValueError:  # not UTF-8, not JSON, or a number of thousands of digits
        raise SheetError(Problem(file.name, say("a file that is not JSON"), expected)) from None
    if not isinstance(read, dict | list):
        raise SheetError(Problem(file.name, say("JSON of something else"), expected))
    return read


def _refuse(constant: str) -> None:
    raise NotJson(constant)


def inside(value: Any, *keys: str) -> dict[str, Any]:
    """The object under some keys; an empty one where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def figure(value: Any) -> float | None:
    """A finite number, or None: text, true and false, infinity and nothing are none.

    Example:
        >>> figure(2), figure(True), figure("2"), figure(float("inf"))
        (2.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def name_in(file: str, place: str, value: Any) -> str:
    """A name that is kept, on one line.

    Raises:
        SheetError: It is none, or so long that it is a text.
    """
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text or len(text) > LONGEST:
        found = say("a text of {n:#,##0} characters", n=len(text)) if text else say("no name")
        expected = say("a name of at most {n:#,##0} characters", n=LONGEST)
        raise SheetError(Problem(f"{file}: {place}", found, expected))
    return text
