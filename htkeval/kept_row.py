"""One row of the record as it stands, with everything that was done to it since it came in."""

from datetime import datetime
from typing import Literal

from htkeval.frozen import Frozen
from htkeval.measurement import Cell, Measurement
from htkeval.trial import Arm


class RowChange(Frozen):
    """One thing that was done to a row."""

    kind: Literal["corrected", "excluded"]
    """Whether a value was put right, or the row was left out."""
    at: datetime
    """When, in UTC."""
    by: str
    """Who did it."""
    why: str
    """Why, in their words."""
    event: int
    """The event that keeps it."""
    column: str | None = None
    """The column that was put right; None where the row was left out."""
    before: Cell = None
    """The value until then; None also for an empty cell."""
    after: Cell = None
    """The value from then on."""


class KeptRow(Frozen):
    """One row of a trial as it stands."""

    id: int
    """Its number, which stays when it is corrected."""
    event: int
    """The event of the delivery that it came in with."""
    number: int
    """Its place in that delivery, from 1."""
    counts: bool
    """Whether it counts; False once it was left out."""
    arm: Arm
    """The arm."""
    keys: dict[str, str | None]
    """By the sheet's own column name: participant, task, period, date (ISO) and so on."""
    values: dict[str, Cell]
    """By the sheet's own column name: what was measured."""
    history: tuple[RowChange, ...]
    """What was done to it, oldest first."""

    @property
    def measurement(self) -> Measurement:
        """The row as a measurement."""
        return Measurement(arm=self.arm, keys=self.keys, values=self.values)


class RowHistory(Frozen):
    """What was done to the rows of a trial since they came in."""

    rows: tuple[KeptRow, ...]
    """Those to which anything was done, in the order in which they came."""
    seen: bool
    """Whether measured values may be shown to everybody now: not between looks."""


class RuleApplied(Frozen):
    """What one rule that was stated beforehand leaves out."""

    rule: str
    """The rule: a column, a comparison, a value."""
    reason: str
    """Why such a row does not count."""
    read: bool
    """Whether it can be applied: no row can meet a rule whose column is absent."""
    rows: tuple[int, ...]
    """The numbers of the rows that meet it, also of those that an earlier rule left out."""
    new: int
    """How many of them no earlier rule left out: an analysis counts them under this rule."""


def differences(
    before: Measurement, after: Measurement, *, arm: str
) -> tuple[tuple[str, Cell, Cell], ...]:
    """Which columns say something else: name, before, after.

    Args:
        before: The row as it was.
        after: The row as it is.
        arm: What the sheet calls the column of arms.
    """
    old = {arm: before.arm, **before.keys, **before.values}
    new = {arm: after.arm, **after.keys, **after.values}
    names = dict.fromkeys((*old, *new))
    return tuple((n, old.get(n), new.get(n)) for n in names if old.get(n) != new.get(n))
