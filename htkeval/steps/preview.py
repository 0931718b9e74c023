"""How sheets would come in, without storing anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from htkeval.errors import Problem, StateError
from htkeval.intake import rows
from htkeval.intake.preview import SheetRead, read_preview
from htkeval.steps.add import may_come_in, of_one_sort, remarks
from htkeval.steps.case import Case
from htkeval.steps.delivered import new_rows
from htkeval.text import Text, say


@dataclass(frozen=True)
class Preview:
    """What `add` would say of some sheets."""

    sheets: tuple[SheetRead, ...]
    """How each is read."""
    problems: tuple[Problem, ...]
    """Why the trial would not take them, though each can be read."""
    remarks: tuple[Text, ...] = ()
    """What a person should look at before they are stored."""

    @property
    def refused(self) -> bool:
        """Whether `add` would store nothing."""
        return bool(self.problems) or any(sheet.total for sheet in self.sheets)


def preview(
    case: Case,
    paths: tuple[Path, ...],
    *,
    practice: bool,
    names: frozenset[str] = frozenset(),
) -> Preview:
    """Read every sheet as `add` does, and ask what `add` asks of the trial.

    Args:
        case: The trial, only read.
        paths: The sheets.
        practice: As for `add_files`.
        names: Words of names that no cell may hold.
    """
    sheets = tuple(read_preview(case.trial, path, names=names) for path in paths)
    if any(sheet.total for sheet in sheets):
        return Preview(sheets, ())
    batches = tuple(rows.read(case.trial, path, names=names) for path in paths)
    try:
        simulated = of_one_sort(batches)
        may_come_in(case, batches, simulated=simulated, practice=practice)
    except StateError as refused:
        return Preview(sheets, refused.problems)
    listed = case.store.allocated(case.trial.id)
    new = new_rows(case, batches)
    told = [
        say("{file}: {remark}.", file=whole.name, remark=remark)
        for whole, some in zip(batches, new, strict=True)
        for remark in remarks(case.trial, listed, whole, otherwise=some.otherwise)
    ]
    return Preview(sheets, (), tuple(told))
