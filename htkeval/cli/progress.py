"""The part of `status TRIAL` that tells how far the trial is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htkeval.cli.options import now
from htkeval.cli.output import line, paragraph, print_table
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.progress import Part, Progress
    from htkeval.reporting.tables import Table
    from htkeval.workspace import Workspace


def progress_of(workspace: Workspace, trial: str) -> Progress:
    """How far a trial is today."""
    from htkeval.steps.case import read_case
    from htkeval.steps.progress import progress

    with read_case(workspace, trial) as case:
        return progress(case, now=now())


def show(trial: str, found: Progress) -> None:
    """Tables and sentences for people."""
    from htkeval.reporting import progress as words_of

    _print(words_of.parts(found))
    paragraph(words_of.MEANING)
    if (drawn := words_of.drawn(found.flow)) is not None:
        _print(drawn)
    if found.flow.came_in.rows:
        _print(words_of.flow(found))
    line(words_of.queries(found))
    if found.open_queries != 0:
        line(say("`htkeval query {trial}` lists them.", trial=trial))
    line(words_of.refusals(found))


def _print(table: Table) -> None:
    print_table(
        table.head,
        [[cell if isinstance(cell, Text) else cell.word for cell in row] for row in table.rows],
    )


def flat(found: Progress) -> dict[str, str | int | None]:
    """The same in cells of one line: `of:name=rows/planned`, `fate=rows`; withheld is `?`."""

    def told(value: float | None) -> str:
        return "?" if value is None else f"{value:g}"

    def part(one: Part) -> str:
        planned = "" if one.planned is None else told(one.planned)
        return f"{one.of}:{(one.name or '').replace(';', ',')}={told(one.rows)}/{planned}"

    came, steps = found.flow.came_in.rows, found.flow.steps
    fates = (f"{one.fate}={told(one.rows)}" for one in steps)
    return {
        "open_queries": found.open_queries,
        "answered_queries": found.answered_queries,
        "refused": found.refused,
        "progress": ";".join(part(one) for one in found.parts),
        "flow": ";".join([f"came_in={came}", *fates]),
    }
