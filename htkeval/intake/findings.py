"""What is wrong in one sheet: everything is counted, the first twenty are written out."""

from __future__ import annotations

import heapq
import itertools

from htkeval.errors import SHOWN, Problem, SheetError
from htkeval.intake.cells import Fault, Raw, shown
from htkeval.text import say


class Findings:
    """Collects the faults of a sheet, in any order, without writing out more than are shown."""

    def __init__(self, file: str) -> None:
        self.file = file
        """The file's own name, as messages give it."""
        self.total = 0
        """How many faults there are."""
        self._first: list[tuple[int, int, int, str, Fault, Raw]] = []
        self._number = itertools.count()

    def add(self, row: int, order: int, column: str, fault: Fault, cell: Raw) -> None:
        """Note a fault.

        Args:
            row: The row as Excel numbers it.
            order: The column's place among the columns, for the order of the messages.
            column: The column's name; empty where the row as a whole is wrong.
            fault: What is wrong.
            cell: What stood there.
        """
        self.total += 1
        # A heap of the twenty smallest has the largest of them at its top, hence the minus signs.
        key = (-row, -order)
        if len(self._first) < SHOWN:
            entry = (*key, -next(self._number), column, fault, cell)
            heapq.heappush(self._first, entry)
        elif key > self._first[0][:2]:
            entry = (*key, -next(self._number), column, fault, cell)
            heapq.heapreplace(self._first, entry)

    def refuse(self) -> None:
        """Do nothing where nothing was found.

        Raises:
            SheetError: The first faults in the order of the sheet, and how many there are.
        """
        if self.total:
            first = sorted(self._first, key=lambda entry: (-entry[0], -entry[1], -entry[2]))
            problems = [
                self._problem(-row, column, fault, cell) for row, _, _, column, fault, cell in first
            ]
            raise SheetError(problems, total=self.total)

    def _problem(self, row: int, column: str, fault: Fault, cell: Raw) -> Problem:
        if column:
            place = say(
                "{file}, row {row}, column {column}", file=self.file, row=row, column=column
            )
        else:
            place = say("{file}, row {row}", file=self.file, row=row)
        found = shown(cell) if fault.found is None else fault.found
        return Problem(place, found, fault.expected, fault.next_step)
