"""add --preview: how each column of a sheet is read, and what would be refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.output import line, paragraph, print_table, warn
from htkeval.errors import Problem
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.intake.preview import SheetRead
    from htkeval.trial import Trial
    from htkeval.workspace import Workspace


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
    for remark in found.remarks:
        warn(remark)
    line(say("Nothing was stored; without --preview it is."))


def _tell(trial: Trial, sheet: SheetRead) -> None:
    from htkeval.intake.shown import HEAD, in_short, row_of

    first, *rest = in_short(trial, sheet)
    line(first)
    if sheet.columns:
        print_table(HEAD, [row_of(trial, one) for one in sheet.columns])
    for told in rest:
        paragraph(told)
    _problems(sheet.problems, sheet.total)


def _problems(problems: tuple[Problem, ...], total: int) -> None:
    for problem in problems:
        paragraph(problem.sentence)
    if total > len(problems):
        line(say("… and {n:#,##0} more problems.", n=total - len(problems)))
