"""Numbers as people write them: `35`, `35,5`, `35.5`, `1.234,5`.

`1.234` can be read in two ways. What the other cells show decides; where they show nothing it
is asked about, never guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from htkeval.intake.cells import BLANK, NOT_MEASURED, Broken, Fault, Raw, broken
from htkeval.text import say

Mark = Literal[".", ","]
Part = Literal["decimal", "thousands"]

_THIN = "\u00a0\u2009\u202f "
_NUMBER = re.compile(
    rf"""(?P<sign>[+\-−–]?)\s?(?:
      (?P<whole>[0-9]+)
    | (?P<power>[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+)
    | (?P<point>[0-9]*\.[0-9]+)
    | (?P<comma>[0-9]*,[0-9]+)
    | (?P<danish>[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+,[0-9]+|[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}}){{2,}})
    | (?P<english>[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+\.[0-9]+|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}}){{2,}})
    | (?P<spaced>[1-9][0-9]{{0,2}}(?:[{_THIN}][0-9]{{3}})+(?:[.,][0-9]+)?)
    )""",
    re.VERBOSE,
)
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_DIGITS = re.compile(r"[0-9][0-9.,]*[0-9]|[.,][0-9]+")
_TO_FLOAT: Mapping[str, Mapping[int, int | None]] = {
    **dict.fromkeys(("whole", "point"), str.maketrans("", "")),
    **dict.fromkeys(("comma", "power"), str.maketrans(",", ".")),
    "danish": str.maketrans(",", ".", "."),
    "english": str.maketrans("", "", ","),
    "spaced": str.maketrans(",", ".", _THIN),
}
"""How each way of writing becomes what Python reads."""

NOT_A_NUMBER = Fault(say("a number such as 35 or 35,5"))
_TOO_LARGE = Fault(say("a number that is not this large"))
_ONE_WAY = say("a number that can be read in one way only")


@dataclass(frozen=True)
class Notation:
    """What a single point or comma before three digits means in a column; None: ask."""

    point: Part | None
    """Of `1.234`."""
    comma: Part | None
    """Of `1,234`."""


def marks(texts: Iterable[str]) -> frozenset[Mark]:
    """Which decimal marks some texts show beyond doubt.

    Example:
        >>> marks(["12,5", "1.234"]), marks(["1.234"])
        (frozenset({','}), frozenset())
    """
    seen: set[Mark] = set()
    for text in texts:
        if _adds_nothing(text, seen):
            continue
        for digits in _DIGITS.findall(text):
            shape = _NUMBER.fullmatch(digits)
            if shape and not _TWO_WAYS.fullmatch(digits):
                if shape.lastgroup in ("point", "english"):
                    seen.add(".")
                elif shape.lastgroup in ("comma", "danish"):
                    seen.add(",")
        if len(seen) == 2:
            break
    return frozenset(seen)


def _adds_nothing(text: str, seen: set[Mark]) -> bool:
    """Whether a text has no mark, or a single one that was already seen: the usual case."""
    points, commas = text.count("."), text.count(",")
    if points + commas != 1:
        return not points + commas
    return ("." if points else ",") in seen


def notation(column: frozenset[Mark], sheet: frozenset[Mark], delimiter: str | None) -> Notation:
    """How to read a column: by its own cells, else by the other columns', else by the delimiter.

    Args:
        column: The decimal marks that the column shows.
        sheet: The decimal marks that all columns of numbers show.
        delimiter: What separates the cells of a text file; None for Excel and Parquet.
    """
    seen = column or sheet
    if len(seen) == 2:
        return Notation(None, None)
    if seen:
        return Notation("decimal", "thousands") if "." in seen else Notation("thousands", "decimal")
    if delimiter == ",":
        return Notation("decimal", None)
    return Notation(None, "decimal")


def number(cell: Raw, notation: Notation) -> float | Fault | None:
    """The number in a cell; None where the cell is empty.

    Example:
        >>> number("1.234,5", Notation(None, "decimal"))
        1234.5
    """
    if isinstance(cell, str):
        text = cell.strip()
        return None if text in BLANK or text in NOT_MEASURED else from_text(text, notation)
    if cell is None:
        return None
    if isinstance(cell, int | float):
        return _finite(cell)
    return broken(cell) if isinstance(cell, Broken) else _made_a_day(cell)


def from_text(text: str, notation: Notation) -> float | Fault:
    """The number that a text writes."""
    shape = _NUMBER.fullmatch(text)
    if shape is None or shape.lastgroup is None:
        return NOT_A_NUMBER
    digits = shape[shape.lastgroup]
    kind = shape.lastgroup
    if kind in ("point", "comma") and _TWO_WAYS.fullmatch(digits):
        part = notation.point if kind == "point" else notation.comma
        if part is None:
            return _two_ways(digits)
        if part == "thousands":
            kind = "danish" if kind == "point" else "english"
    value = _finite(float(digits.translate(_TO_FLOAT[kind])))
    return 0.0 - value if shape["sign"] not in ("", "+") and isinstance(value, float) else value


def _finite(value: float) -> float | Fault:
    try:
        value = float(value) + 0.0  # there is no minus zero
    except OverflowError:  # a whole number of more than 308 digits
        return _TOO_LARGE
    return value if math.isfinite(value) else _TOO_LARGE


def _two_ways(digits: str) -> Fault:
    whole = digits.replace(".", "").replace(",", "")
    as_decimal = digits.replace(".", ",") if "." in digits else digits.replace(",", ".")
    found = say('"{cell}", which is {a} or {b}', cell=digits, a=whole, b=as_decimal)
    step = say("Write {a}, or {b} with two decimals.", a=whole, b=as_decimal[:-1])
    return Fault(_ONE_WAY, found, step)


def _made_a_day(cell: Raw) -> Fault:
    step = say("Excel may have made a date of it; format the column as a number and type it again.")
    return Fault(NOT_A_NUMBER.expected, next_step=step)
