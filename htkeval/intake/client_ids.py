"""Ids that rows were given where they were made: a program's queue, an app, a form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from htkeval.intake.cells import Fault, is_blank
from htkeval.intake.sheet import Sheet
from htkeval.measurement import CLIENT_ID, Measurement
from htkeval.text import say

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{5,63}")
_SHAPE = Fault(
    say("an id of 6 to 64 letters, digits, hyphens, full stops or colons, or an empty cell"),
)
_TWICE = Fault(
    say("an id of its own for each row"),
    next_step=say("Another row above has it; two tasks never share one."),
)


def given(sheet: Sheet, rows: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """The rows with their ids as a key, where the sheet has the column `CLIENT_ID`.

    What is wrong with an id is added to the sheet's findings. An id that stands in two rows that
    are the same in everything is one row told twice, and is left to whoever counts rows.
    """
    cells = sheet.columns.get(CLIENT_ID)
    if cells is None:
        return tuple(rows)
    first: dict[str, Measurement] = {}
    made = []
    for number, cell, row in zip(sheet.rows, cells, rows, strict=True):
        if is_blank(cell):
            made.append(row)
            continue
        fault = None if isinstance(cell, str) and _ID.fullmatch(cell) else _SHAPE
        if fault is None and first.setdefault(str(cell), row) != row:
            fault = _TWICE
        if fault is not None:
            sheet.findings.add(number, sheet.places[CLIENT_ID], CLIENT_ID, fault, cell)
        made.append(row.model_copy(update={"keys": {**row.keys, CLIENT_ID: str(cell)}}))
    return tuple(made)
