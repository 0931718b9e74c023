"""How a sheet was read, in the words of a preview: one line a column, and what stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from htkeval.intake.cells import plain
from htkeval.intake.preview import ColumnRead, SheetRead
from htkeval.intake.privacy import masked
from htkeval.intake.wording import KINDS
from htkeval.measurement import Cell
from htkeval.text import Text, say
from htkeval.trial import ARMS, Trial

LONGEST = 40
"""Characters of one value that are shown."""

HEAD = (
    say("Column"),
    say("Read as"),
    say("Unit"),
    say("Written with"),
    say("First values"),
    say("Empty"),
)
"""What a preview tells of each column."""


def in_short(trial: Trial, sheet: SheetRead) -> tuple[Text, ...]:
    """How many rows there are, in all and by arm, and how many say nothing."""
    told = [say("{file}: rows of measurements: {n:#,##0}", file=sheet.file, n=sheet.rows)]
    for arm, n in sheet.arms.items():
        named = trial.arms.value(arm) if arm else say("without an arm")
        told.append(say("{arm}: rows: {n:#,##0}", arm=named, n=n))
    if sheet.unmeasured:
        told.append(
            say(
                "Rows with nothing measured: {n:#,##0}. They would come in as tasks without a "
                "result.",
                n=sheet.unmeasured,
            )
        )
    return tuple(told)


def row_of(trial: Trial, one: ColumnRead) -> list[Text | str]:
    """What a preview tells of one column."""
    column = one.field.column
    kind = say("{label}: {kind}", label=one.field.label, kind=KINDS[column.kind])
    if not one.there:
        return [column.name, kind, one.field.unit, say("not in the sheet"), "", ""]
    first = _listed(_value(trial, value, column.kind) for value in one.first)
    return [column.name, kind, one.field.unit, one.notation, first, str(one.empty)]


def _value(trial: Trial, value: Cell, kind: str) -> Text | str:
    """A value as it was read, short and without what names a citizen; an arm in its own word."""
    if kind == "arm":
        return next((trial.arms.value(arm) for arm in ARMS if arm == value), str(value))
    as_written = plain(value)
    hidden = masked(as_written)
    if hidden == as_written and isinstance(value, float):
        return say("{n:#,##0.####}", n=value)
    return hidden if len(hidden) <= LONGEST else f"{hidden[: LONGEST - 1]}…"


def _listed(values: Iterable[Text | str]) -> Text | str:
    """Some values with commas between them, each still to be said in the reader's language."""
    found: Text | str = ""
    for value in values:
        found = value if found == "" else say("{some}, {one}", some=found, one=value)
    return found
