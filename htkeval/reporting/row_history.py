"""What was done to rows since they came in, in the sentences of a page."""

from __future__ import annotations

from datetime import date

from htkeval.kept_row import KeptRow, RowChange, RowHistory
from htkeval.local_day import local_day
from htkeval.measurement import Cell
from htkeval.reporting.sentences import as_text, day_text, quoted
from htkeval.reporting.tables import Table
from htkeval.text import Text, say
from htkeval.trial import ARMS, Trial

TITLE = say("Corrections")
HEADING = say("What was put right or left out?")
ABOUT = say(
    "Every value that was put right and every row that was left out since it came in: what stood "
    "there, what stands there now, who did it, when and why. The old value stays on record."
)
NONE = say("No value was put right, and no row was left out.")
NO_NAMES = say("Pseudonyms are not shown here; the trial lead sees them with htkeval rows.")
NOT_YET = say(
    "Measured values are not shown before the planned look, or the trial's end: they would be a "
    "look that nobody counts. The trial lead sees them with htkeval rows."
)
STATUS = {"done": say("done"), "abandoned": say("abandoned"), "refused": say("refused")}
"""What became of a task, in the words that the sheet offers."""


def happened(trial: Trial, history: RowHistory) -> Table:
    """Every change with its day and who made it, oldest first.

    Args:
        trial: Names the columns and the words of the arms.
        history: The rows to which anything was done.
    """
    told = [(one.at, row, one) for row in history.rows for one in row.history]
    rows = tuple(
        (day_text(local_day(at)), _change(trial, row, one, seen=history.seen), quoted(one.by))
        for at, row, one in sorted(told, key=lambda each: (each[0], each[1].id))
    )
    head = (say("Date"), say("What happened?"), say("Who"))
    return Table(say("What was put right or left out"), head, rows)


def in_short(history: RowHistory) -> Text:
    """How many values and rows."""
    every = [one for row in history.rows for one in row.history]
    return say(
        "Values put right: {n:#,##0}. Rows left out: {m:#,##0}.",
        n=sum(one.kind == "corrected" for one in every),
        m=sum(one.kind == "excluded" for one in every),
    )


def names_hidden(trial: Trial, history: RowHistory) -> bool:
    """Whether a pseudonym was put right, which is not shown."""
    column = trial.design.participant
    return any(one.column == column for row in history.rows for one in row.history if one.column)


def values_hidden(trial: Trial, history: RowHistory) -> bool:
    """Whether a measured value was put right that is not shown now."""
    return any(
        not history.seen and _measured(trial, one) for row in history.rows for one in row.history
    )


def _change(trial: Trial, row: KeptRow, one: RowChange, *, seen: bool) -> Text:
    values = {"id": row.id, "column": one.column, "why": one.why}
    if one.kind == "excluded":
        return say("Row {id} left out. Why: {why}", **values)
    if one.column == trial.design.participant or (not seen and _measured(trial, one)):
        return say("Row {id}: {column} put right. Why: {why}", **values)
    return say(
        "Row {id}: {column} from {before} to {after}. Why: {why}",
        **values,
        before=worded(trial, one.column, one.before),
        after=worded(trial, one.column, one.after),
    )


def _measured(trial: Trial, one: RowChange) -> bool:
    """Whether a change is of a value that was measured, not of what names or places the row."""
    return one.column is not None and one.column not in trial.design.key_columns


def called(trial: Trial, row: KeptRow) -> Text:
    """A row in a list of them: its number, and what somebody who did the task knows it by."""
    design, day = trial.design, row.keys.get(trial.design.date or "")
    parts: list[Text | str] = [row.keys.get(design.task or "") or ""]
    parts += [row.keys.get(design.period or "") or ""]
    parts += [day_text(date.fromisoformat(day))] if day else []
    parts += [(trial.arms.treatment if row.arm == "treatment" else trial.arms.baseline).label]
    told = tuple(as_text(one) for one in parts if one)
    return say("Row {id}: {known}", id=str(row.id), known=told)


def cells(trial: Trial, row: KeptRow) -> dict[str, Cell]:
    """A row by the sheet's columns, its arm in the sheet's own word."""
    return {trial.design.arm: trial.arms.value(row.arm), **row.keys, **row.values}


def put_right(trial: Trial, row: KeptRow, event: int) -> tuple[Text, ...]:
    """What one correction did: each value before and after, and what follows from it.

    Args:
        trial: Names the columns.
        row: As it stands now.
        event: The event that keeps the correction.
    """
    told = tuple(
        say(
            "Kept. Row {id}: {column} from {before} to {after}.",
            id=str(row.id),
            column=one.column,
            before=worded(trial, one.column, one.before),
            after=worded(trial, one.column, one.after),
        )
        for one in row.history
        if one.event == event
    )
    return (*told, say("An analysis that was made before is to be made again."))


def worded(trial: Trial, column: str | None, value: Cell) -> Text | str:
    """A value for people."""
    if column == trial.design.status and value in STATUS:
        return STATUS[str(value)]
    return shown(in_sheet(trial, column, value))


def in_sheet(trial: Trial, column: str | None, value: Cell) -> Cell:
    """A value as the sheet has it: an arm in the sheet's own word."""
    if column not in (trial.design.arm, trial.design.realised_arm):
        return value
    return next((trial.arms.value(arm) for arm in ARMS if arm == value), value)


def shown(value: Cell) -> Text | str:
    """A cell for people, with every digit that was stored."""
    if isinstance(value, float):
        return say("{n:#,##0.######}", n=value)
    return "–" if value is None else value
