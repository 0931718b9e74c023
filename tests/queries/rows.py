"""Rows as the rules see them, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from htkeval.kept_row import KeptRow, RowChange
from htkeval.trial import Arm, Trial
from tests.intake.trials import build_trial

DESIGN = {"participant": "person", "task": "opgave", "date": "dato", "status": "status"}


def trial(*metrics: dict[str, Any], **design: Any) -> Trial:
    """Minutes by person and task, from 12 January to 10 April 2026."""
    return build_trial(*metrics, design={**DESIGN, **design})


def row(
    number: int,
    minutes: float | None,
    *,
    person: str = "A",
    arm: Arm = "baseline",
    history: tuple[RowChange, ...] = (),
    counts: bool = True,
    values: dict[str, Any] | None = None,
    **keys: Any,
) -> KeptRow:
    """A row whose task and day are its own unless told otherwise."""
    day = f"2026-02-{1 + number % 27:02d}"
    named = {"person": person, "opgave": f"T{number}", "dato": day, "status": "done", **keys}
    return KeptRow(
        id=number,
        event=1,
        number=number,
        counts=counts,
        arm=arm,
        keys=named,
        values={"task_time": minutes, **(values or {})},
        history=history,
    )


def change(event: int, column: str | None, before: Any, after: Any = None) -> RowChange:
    """A correction, or with no column that the row was left out."""
    kind = "excluded" if column is None else "corrected"
    at = datetime(2026, 2, 1, tzinfo=UTC)
    told = {"kind": kind, "at": at, "by": "Ida", "why": "-", "event": event}
    return RowChange(**told, column=column, before=before, after=after)


def usual(n: int = 10, *, minutes: float = 30.0, first: int = 100, **more: Any) -> list[KeptRow]:
    """Rows about which nothing is odd: no two alike that follow each other, none that is round."""
    return [row(first + i, minutes + (i * 7) % 11 + 0.37, **more) for i in range(n)]
