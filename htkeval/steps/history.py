"""What was done to a trial's rows, for a screen that many may read."""

from __future__ import annotations

from datetime import datetime

from htkeval.kept_row import RowHistory
from htkeval.steps.analyse import newest
from htkeval.steps.case import Case
from htkeval.steps.may_draw import decided_to_end
from htkeval.steps.standing import over, planned, taken


def row_history(case: Case, *, now: datetime) -> RowHistory:
    """Every row that was put right or left out; people who were forgotten are not among them.

    Args:
        case: The trial, only read.
        now: When, in UTC.
    """
    lines = case.store.lines(case.file.id, arm=case.trial.design.arm)
    touched = tuple(line.row for line in lines if line.row.history)
    return RowHistory(rows=touched, seen=values_seen(case, now=now))


def values_seen(case: Case, *, now: datetime) -> bool:
    """May measured values be shown to everybody, or would that be a look which nobody counts?

    Not before the last look of a plan that has looks, nor before the end of one whose size was
    planned: until then every figure of the primary metric is kept back (`evaluation`), and here so
    are single values. The lead sees them by `htkeval rows`: without them nobody can put a row
    right, and what one row says is no effect; but a page is open to whoever decides.

    Args:
        case: The trial, only read.
        now: When, in UTC.
    """
    if case.registration is None or decided_to_end(case):
        return True
    looks = taken(case)
    if looks and looks[-1].payload["final"]:
        return True
    if looks or case.trial.analysis.looks != (1.0,):
        return False
    if over(case, now) or planned(case) is None:
        return True
    stored = newest(case)
    return stored is not None and not stored.analysis.between_looks
