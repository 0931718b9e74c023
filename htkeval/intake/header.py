"""Finds the row of column names in a sheet, and the trial's columns in that row."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from htkeval.csv_text import unguarded
from htkeval.errors import Problem, SheetError
from htkeval.intake import privacy
from htkeval.intake.cells import Broken, Raw, composed, plain
from htkeval.text import Text, say

LOOKED_AT = 100
"""Rows in which the column names must stand; titles may stand above them."""

_LISTED = 15
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Header:
    """The row of column names."""

    row: int
    """The row as Excel numbers it; 0 where every row was empty."""
    names: tuple[str, ...]
    """The names, cleaned; empty where a column has none."""


def cleaned(cell: Raw) -> str:
    """A column's name without a byte order mark and with single spaces; its case is kept.

    Example:
        >>> cleaned("\\ufeff task_time\\n(min) ")
        'task_time (min)'
    """
    name = "" if isinstance(cell, Broken) else plain(cell)
    return unguarded(composed(" ".join(name.replace("\ufeff", "").split())))


def find(rows: Sequence[Sequence[Raw]], wanted: Sequence[str]) -> Header:
    """The first row that holds the first wanted name; else the row that looks most like it."""
    names = frozenset(map(cleaned, wanted))
    arm = cleaned(wanted[0])
    best, best_fit = Header(0, ()), (0, 0)
    for number, row in enumerate(rows[:LOOKED_AT], start=1):
        header = Header(number, tuple(cleaned(cell) for cell in row))
        if arm in header.names:
            return header
        its_fit = _fit(header.names, names)
        if its_fit > best_fit:
            best, best_fit = header, its_fit
    return best


def fit(names: Sequence[str], wanted: Sequence[str]) -> tuple[int, int]:
    """How much a row looks like column names: how many wanted ones, how many words at all."""
    return _fit(names, frozenset(map(cleaned, wanted)))


def _fit(names: Sequence[str], wanted: frozenset[str]) -> tuple[int, int]:
    words = sum(any(map(str.isalnum, name)) for name in names)
    return len(wanted.intersection(names)), words


def places(
    file: str, header: Header, wanted: Sequence[str], *, optional: frozenset[str]
) -> Mapping[str, int]:
    """Where each wanted column stands, counted from 0.

    Args:
        file: The file's own name, for messages.
        header: The row of column names.
        wanted: The columns that the trial names.
        optional: Those of them that a sheet may lack.

    Raises:
        SheetError: Columns are missing or stand twice; all of them at once.
    """
    place = say("{file}, row {row}", file=file, row=header.row)
    found: dict[str, int] = {}
    problems = []
    for name in wanted:
        where = [at for at, its in enumerate(header.names) if its == cleaned(name)]
        if where:
            found[name] = where[0]
        if len(where) > 1:
            problems.append(Problem(place, _twice(name, where), _ONCE, _RENAME))
        if not where and name not in optional:
            step = _near(name, header) or ("" if problems else _all(header))
            problems.append(Problem(place, say("no column {name}", name=name), _ALL, step))
    if problems:
        raise SheetError(problems)
    return found


_ONCE = say("each column once")
_RENAME = say("Rename or delete one of them.")
_ALL = say("every column that the trial names")


def _twice(name: str, where: Sequence[int]) -> Text:
    letters = ", ".join(letter(at) for at in where[:_LISTED])
    return say("the column {name} more than once ({letters})", name=name, letters=letters)


def _near(name: str, header: Header) -> Text | None:
    """The columns that may be meant."""
    by_folded = {its.casefold(): its for its in _there(header)}
    near = difflib.get_close_matches(cleaned(name).casefold(), by_folded, n=3, cutoff=0.7)
    return (
        say("Is it {columns}?", columns=", ".join(by_folded[its] for its in near)) if near else None
    )


def _all(header: Header) -> Text:
    there = _there(header)
    listed = ", ".join(there[:_LISTED]) + (", …" if len(there) > _LISTED else "")
    return say("The sheet has the columns {columns}.", columns=listed)


def _there(header: Header) -> list[str]:
    return [privacy.masked(its)[:_LONGEST_NAME] for its in header.names if its]


def letter(at: int) -> str:
    """A column's letters in Excel.

    Example:
        >>> letter(0), letter(25), letter(26)
        ('A', 'Z', 'AA')
    """
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
