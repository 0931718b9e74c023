"""add --preview: how each column of a sheet is read, and what would be refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.output import line, paragraph, print_table
from htkeval.cli.speech import words
from htkeval.errors import Problem
from htkeval.text import Text, say
from htkeval.trial import ARMS

if TYPE_CHECKING:
    from htkeval.intake.preview import ColumnRead, SheetRead
    from htkeval.measurement import Cell
    from htkeval.trial import Trial
    from htkeval.workspace import Workspace

_LONGEST = 40
"""Characters of one value that are shown."""


def show_preview(
    workspace: Workspace,
    trial: str,
    files: tuple[Path, ...],
    *,
    practice: bool,
    names: frozenset[str],
) -> None:
    """Print how each sheet is read; exit code 1 where `add` would store nothing."""
    from htkeval.steps.case import read_case
    from htkeval.steps.preview import preview

    with read_case(workspace, trial) as case:
        found = preview(case, files, practice=practice, names=names)
        for sheet in found.sheets:
            _tell(case.trial, sheet)
    _problems(found.problems, len(found.problems))
    if found.refused:
        line(say("Nothing was stored; it would be refused as it is."))
        raise click.exceptions.Exit(1)
    line(say("Nothing was stored; without --preview it is."))


def _tell(trial: Trial, sheet: SheetRead) -> None:
    line(say("{file}: rows of measurements: {n:#,##0}", file=sheet.file, n=sheet.rows))
    if sheet.columns:
        print_table(
            [
                say("Column"),
                say("Read as"),
                say("Unit"),
                say("Written with"),
                say("First values"),
                say("Empty"),
            ],
            [_row(trial, one) for one in sheet.columns],
        )
    for arm, n in sheet.arms.items():
        named = trial.arms.value(arm) if arm else say("without an arm")
        line(say("{arm}: rows: {n:#,##0}", arm=named, n=n))
    if sheet.unmeasured:
        paragraph(
            say(
                "Rows with nothing measured: {n:#,##0}. They would come in as tasks without a "
                "result.",
                n=sheet.unmeasured,
            )
        )
    _problems(sheet.problems, sheet.total)


def _row(trial: Trial, one: ColumnRead) -> list[Text | str]:
    from htkeval.intake.wording import KINDS

    column = one.field.column
    kind = say("{label}: {kind}", label=one.field.label, kind=KINDS[column.kind])
    if not one.there:
        return [column.name, kind, one.field.unit, say("not in the sheet"), "", ""]
    first = ", ".join(words(_value(trial, value, column.kind)) for value in one.first)
    return [column.name, kind, one.field.unit, one.notation, first, str(one.empty)]


def _value(trial: Trial, value: Cell, kind: str) -> Text | str:
    """A value as it was read, short and without what names a citizen; an arm in its own word."""
    from htkeval.intake.cells import plain
    from htkeval.intake.privacy import masked

    if kind == "arm":
        return next((trial.arms.value(arm) for arm in ARMS if arm == value), str(value))
    as_written = plain(value)
    hidden = masked(as_written)
    if hidden == as_written and isinstance(value, float):
        return say("{n:#,##0.####}", n=value)
    return hidden if len(hidden) <= _LONGEST else f"{hidden[: _LONGEST - 1]}…"


def _problems(problems: tuple[Problem, ...], total: int) -> None:
    for problem in problems:
        paragraph(problem.sentence)
    if total > len(problems):
        line(say("… and {n:#,##0} more problems.", n=total - len(problems)))
