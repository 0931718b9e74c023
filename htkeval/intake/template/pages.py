"""The pages of the workbook that are only read: the codebook, and what was drawn."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.intake.codebook import Field
from htkeval.intake.header import letter
from htkeval.intake.template.lots import Lots
from htkeval.intake.wording import KINDS
from htkeval.text import Text, say

Page = Sequence[Sequence[Text | str]]
"""Rows of a page, the heading first."""


def codebook_rows(fields: Sequence[Field]) -> Page:
    """A row for each column of the sheet."""
    head = (say("Column"), say("What it is"), say("Kind"), say("Unit"), say("Allowed"),
            say("Must it be filled in?"), say("What it decides"))  # fmt: skip
    return (head, *(_row(at, field) for at, field in enumerate(fields)))


def _row(at: int, field: Field) -> Sequence[Text | str]:
    column = field.column
    return (
        f"{letter(at)}: {column.name}",
        field.label,
        KINDS[column.kind],
        field.unit,
        field.allowed,
        say("yes") if column.filled else say("no"),
        joined(field.decides),
    )


def joined(uses: Sequence[Text]) -> Text | str:
    """Several uses as one text."""
    if len(uses) <= 1:
        return uses[0] if uses else ""
    return say("{one}; {rest}", one=uses[0], rest=joined(uses[1:]))


def lots_rows(lots: Lots) -> Page:
    """What each unit was given."""
    return (lots.columns, *([row[name] for name in lots.columns] for row in lots.rows))
