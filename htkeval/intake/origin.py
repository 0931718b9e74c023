"""Whether a sheet says that its measurements were invented."""

from __future__ import annotations

from htkeval.intake import choice
from htkeval.intake.cells import Fault, Raw
from htkeval.intake.sheet import Sheet
from htkeval.measurement import SIMULATED_COLUMN
from htkeval.text import say

_MIXED = Fault(
    say("what the rows above say"),
    next_step=say("Simulated and real rows never stand in one sheet."),
)


def simulated(sheet: Sheet) -> bool:
    """Whether the rows carry the simulator's mark; any cell but an empty one, 0 or no is a mark.

    The first row that differs from the rows above it is added to the sheet's findings.
    """
    cells = sheet.columns.get(SIMULATED_COLUMN, ())
    marks = [_is_mark(cell) for cell in cells]
    if len(set(marks)) > 1:
        at = marks.index(not marks[0])
        place = sheet.places[SIMULATED_COLUMN]
        sheet.findings.add(sheet.rows[at], place, SIMULATED_COLUMN, _MIXED, cells[at])
    return any(marks)


def _is_mark(cell: Raw) -> bool:
    return choice.yes_no(cell) not in (None, 0.0)
