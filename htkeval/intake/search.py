"""Searches every cell of a sheet for what gives a person away.

A row is joined into one text and held against one regular expression: in Python for a small
sheet, in Arrow from the moment that a sheet proves large. Only hits are looked at cell by cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from htkeval.errors import Problem, SheetError
from htkeval.intake import names, privacy, telephone
from htkeval.intake.cells import Fault, Raw, plain, shown
from htkeval.intake.findings import Findings
from htkeval.intake.halves import Halves
from htkeval.intake.header import Header, cleaned, letter
from htkeval.intake.suspicion import naming, suspicious
from htkeval.text import UNSAFE, Text, say

LARGE = 2_000
"""Rows at once from which loading Arrow is worth its third of a second."""

_NO_CITIZEN = say("nothing that names a citizen")
_NO_PERSON = say("nothing that names a person")
_FAULTS: Mapping[privacy.Personal, Fault] = {
    "cpr": Fault(
        _NO_CITIZEN,
        next_step=say("It is shaped like a CPR number; write a pseudonym, such as P017."),
    ),
    "cpr_checked": Fault(
        _NO_CITIZEN,
        next_step=say("It is a CPR number: its check digit fits; write a pseudonym, such as P017."),
    ),
    "email": Fault(
        _NO_PERSON,
        next_step=say("It is an e-mail address; write a pseudonym, such as P017."),
    ),
    "telephone": Fault(
        _NO_PERSON,
        found=say("a Danish telephone number"),
        next_step=say("Delete it, or write a pseudonym, such as P017."),
    ),
}
NAMED = Fault(
    _NO_PERSON,
    found=say("a name of the list of names"),
    next_step=say("Write a pseudonym, such as P017, or take the word off the list."),
)
"""What is wrong with a word of that list."""
_HALVES = Fault(
    _NO_CITIZEN,
    found=say("a day of birth, and four digits in the next cell"),
    next_step=say("The two are shaped like a CPR number; write a pseudonym, such as P017."),
)


@dataclass(frozen=True)
class Given:
    """What is known before a sheet is searched."""

    names: frozenset[str] = frozenset()
    """Words of names that no cell may hold."""
    measured: frozenset[str] = frozenset()
    """Columns of numbers, days and the like: no half of a CPR number stands there."""


NOBODY = Given()
"""Nothing is known."""


def fault_of(found: privacy.Personal, text: str) -> Fault:
    """What is wrong with a text that gives a person away."""
    return _FAULTS[privacy.ranked(found, text)]


def typed_fault(text: str, listed: frozenset[str]) -> Fault | None:
    """What is wrong with a name or a value that somebody typed: it gives a person away.

    Args:
        text: As it was typed.
        listed: Words of the participants' own list of names.
    """
    if personal := privacy.personal(text):
        return fault_of(personal, text)
    return NAMED if listed and listed & names.words(text) else None


def refuse_name(place: Text | str, name: str) -> None:
    """Refuse the name of a file or of a sheet in it that gives a person away, or is not what one
    reads: such a name would be stored for good and shown on every terminal.

    Raises:
        SheetError: It does, or is not.
    """
    if UNSAFE.search(name):
        unseen = say("a name with characters that cannot be seen")
        expected = say("letters, digits, spaces and signs")
        raise SheetError(Problem(place, unseen, expected, say("Give it another name.")))
    if personal := privacy.personal(name):
        fault = fault_of(personal, name)
        found = fault.found or shown(name)
        raise SheetError(Problem(place, found, fault.expected, fault.next_step))


def refuse_listed(place: Text | str, name: str, listed: frozenset[str]) -> None:
    """Refuse the name of a file or of a sheet in it that holds a word of the list of names.

    Args:
        place: What is told of it instead of the name.
        name: The name.
        listed: The words.

    Raises:
        SheetError: It does.
    """
    if listed & names.words(name):
        found = say("a name of the list of names, in the name of the file or of a sheet in it")
        step = say("Give it another name, or take the word off the list.")
        raise SheetError(Problem(place, found, _NO_PERSON, step))


class Search:
    """The search of one sheet, row by row."""

    def __init__(
        self,
        findings: Findings,
        header: Header,
        wanted: Sequence[str],
        given: Given,
        *,
        texts: bool,
    ) -> None:
        declared = set(map(cleaned, wanted))
        measured = set(map(cleaned, given.measured))
        self._findings, self._header, self._names = findings, header, given.names
        self._naming = naming(given.names)
        self._declared = [name in declared for name in header.names]
        self._called = [telephone.named(name) for name in header.names]
        self._halves = Halves(frozenset(i for i, n in enumerate(header.names) if n in measured))
        self._texts = texts
        self._large = self._withheld = False

    def rows(self, some: Sequence[tuple[int, Sequence[Raw]]]) -> None:
        """Search some rows, each with its number in Excel."""
        self._large |= len(some) >= LARGE
        for place in self._places(some):
            self._cells(*some[place])

    def finish(self) -> None:
        """Note what only the sheet as a whole shows.

        Raises:
            SheetError: Something was found that only the search knows: no other message of the
                same cell may repeat it.
        """
        for number, at in self._halves.found():
            self._note(number, at, _HALVES, None)
        if self._withheld:
            self._findings.refuse()

    def _places(self, rows: Sequence[tuple[int, Sequence[Raw]]]) -> Sequence[int]:
        if any(self._called):
            return range(len(rows))
        texts = _all_texts(rows) if self._texts else as_texts([row for _, row in rows])
        if self._large:
            return suspicious(texts, self._naming)
        return [at for at, text in enumerate(texts) if privacy.suspect(text) or self._named(text)]

    def _named(self, text: str) -> bool:
        return bool(self._names and self._names & names.words(text))

    def _cells(self, number: int, row: Sequence[Raw]) -> None:
        texts = [plain(cell) for cell in row]
        for at, text in enumerate(texts):
            if text and (fault := self._fault(at, text)):
                self._note(number, at, fault, row[at])
        self._halves.row(number, texts)

    def _fault(self, at: int, text: str) -> Fault | None:
        known = at < len(self._declared) and self._declared[at]
        if found := (privacy.personal if known else privacy.personal_note)(text):
            return fault_of(found, text)
        if at < len(self._called) and self._called[at] and telephone.alone(privacy.plainly(text)):
            return _FAULTS["telephone"]
        return NAMED if self._named(text) else None

    def _note(self, number: int, at: int, fault: Fault, cell: Raw) -> None:
        self._withheld |= fault.found is not None
        name = self._header.names[at] if at < len(self._header.names) else ""
        column = privacy.masked(name) or letter(at)
        self._findings.add(number, at, column, fault, cell)


def _all_texts(rows: Sequence[tuple[int, Sequence[Any]]]) -> list[str]:
    return ["|".join(row) for _, row in rows]


def as_texts(rows: Sequence[Sequence[Raw]]) -> list[str]:
    """The texts of each row, and its whole numbers from four digits, in one text to search.

    Column by column: one of texts is taken as it is, and one of small numbers passed over.
    """
    widths = set(map(len, rows))
    if len(widths) > 1 or 0 in widths:
        return ["|".join(_column_as_texts(row)) for row in rows]
    return list(map("|".join, zip(*map(_column_as_texts, zip(*rows, strict=True)), strict=True)))


def _column_as_texts(cells: Sequence[Any]) -> Sequence[str]:
    kinds = set(map(type, cells))
    if kinds == {str}:
        return cells
    if kinds <= _NUMBERS and max((cell for cell in cells if cell), default=0) < 1000:
        return [""] * len(cells)
    return [cell if isinstance(cell, str) else _whole(cell) for cell in cells]


_NUMBERS = {float, int, type(None)}


def _whole(cell: object) -> str:
    """A whole number from four digits as it is read; nothing of what no number can hide in."""
    if not isinstance(cell, int | float) or cell < 1000 or cell % 1:
        return ""
    return plain(cell)
