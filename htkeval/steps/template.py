"""The empty sheet of a trial, from what counts and what was drawn."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.intake.template.lots import Lots
from htkeval.steps.case import Case
from htkeval.steps.drawn import columns, drawn_column, rows
from htkeval.text import Language


def template(case: Case, *, ending: str, language: Language) -> bytes:
    """An Excel workbook, or a CSV, that an office fills in and `add` reads.

    Args:
        case: The trial; the promised definition counts.
        ending: `.xlsx` or `.csv`.
        language: Of the guide and the codebook.
    """
    if ending == ".csv":
        from htkeval.intake.template.csv_sheet import csv_sheet

        return csv_sheet(case.trial, _lots(case))
    from htkeval.intake.template.book import workbook

    return workbook(case.trial, _lots(case), language)


def _to_do(case: Case, unit: Sequence[str], every: list[dict[str, str]]) -> list[dict[str, str]]:
    """Those tasks that nobody has measured yet: a row that is filled in again would be a second."""
    lines = case.store.lines(case.file.id, arm=case.trial.design.arm)
    done = {tuple(line.row.keys.get(name) for name in unit) for line in lines if line.row.counts}
    return [one for one in every if tuple(one[name] for name in unit) not in done]


def _lots(case: Case) -> Lots | None:
    """What was drawn; None where nothing was."""
    listed, trial = case.store.allocated(case.file.id), case.trial
    if listed is None:
        return None
    periods, names = len(listed.patterns[0]), tuple(columns(trial, listed))
    tasks = periods == 1 and len(listed.columns) > 1
    every = rows(trial, listed)
    return Lots(
        unit=listed.columns,
        drawn=drawn_column(trial),
        columns=names,
        rows=tuple((tasks and _to_do(case, listed.columns, every)) or every),
        tasks=tasks,
        by_period=names[-periods:] if periods > 1 else (),
    )
