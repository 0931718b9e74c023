"""JSON from outside, taken only where it can mean one thing and is of a size to be read at once."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from htkeval.text import Text, say

DEEPEST = 20
"""Lists and objects inside one another; a package of evidence has six."""
MOST_VALUES = 20_000
"""Values in all; a package has about five hundred."""
LONGEST_NUMBER = 40
"""Characters of a whole number; a double has at most 25."""

_DEEP = say("lists inside lists, deeper than {n}", n=DEEPEST)


class NoJson(ValueError):
    """What of a text is no JSON that we take."""

    def __init__(self, found: Text) -> None:
        self.found = found
        super().__init__(str(found))


def parsed(data: bytes) -> dict[str, Any]:
    """The object that a file from outside holds.

    Raises:
        NoJson: It is not UTF-8, no JSON, no object, too deep or too large, has a key twice, or a
            number that is none.

    Example:
        >>> parsed(b'{"a": [1, 2.5]}')
        {'a': [1, 2.5]}
    """
    try:
        found = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_int=_int,
        )
    except UnicodeDecodeError:
        raise NoJson(say("bytes that are not UTF-8")) from None
    except RecursionError:
        raise NoJson(_DEEP) from None
    except NoJson:
        raise
    except ValueError:
        raise NoJson(say("something that is no JSON")) from None
    if (odd := _shape(found)) is not None:
        raise NoJson(odd)
    if not isinstance(found, dict):
        raise NoJson(say("something that is no object"))
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NoJson(say("a key that stands twice"))
    return found


def _no_number(written: str) -> NoReturn:
    raise NoJson(say("{what}, which is no number", what=written))


def _int(written: str) -> int:
    if len(written) > LONGEST_NUMBER:
        raise NoJson(say("a number that is too large or too long"))
    return int(written)


def _shape(value: Any) -> Text | None:
    """What of an object is no number, or larger or deeper than any package; None where nothing."""
    level, values = [value], 0
    for _ in range(DEEPEST):
        inside: list[Any] = []
        for one in level:
            if type(one) is dict:
                inside += one.values()
            elif type(one) is list:
                inside += one
            elif type(one) is float and not math.isfinite(one):
                return say("a number that is too large or too long")
        level, values = inside, values + len(inside)
        if values > MOST_VALUES:
            return say("more than {n:#,##0} values", n=MOST_VALUES)
        if not level:
            return None
    return _DEEP
