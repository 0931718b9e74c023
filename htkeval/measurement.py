"""One task done by one participant in one arm, and a delivery of such tasks."""

from typing import Literal

from htkeval.frozen import Finite, Frozen
from htkeval.trial import Arm, Trial

Cell = Finite | str | None
"""A cell of a sheet after reading: a number, a word, or nothing."""

RowRemark = Literal["clocks_differ", "resumed"]
"""What may be odd about a row when it is measured: clocks that do not agree, or a stopwatch that
was opened again."""

SIMULATED_COLUMN = "htkeval_simulated"
"""The column of a sheet that says that its measurements were invented: 1 on each row."""


class Measurement(Frozen):
    """One row that was accepted."""

    arm: Arm
    """The arm that was assigned to the row."""
    keys: dict[str, str | None]
    """By the sheet's own column name: participant, task, team, period, date (ISO) … as text."""
    values: dict[str, Cell]
    """By the sheet's own column name: what was measured; None where the cell was empty."""


class Remark(Frozen):
    """Something odd that whoever measured a row saw; it becomes a query."""

    row: int
    """The row's place in its delivery, from 1."""
    rule: RowRemark
    """What was seen."""


class Batch(Frozen):
    """One delivery of measurements, in the order of the sheet."""

    trial: str
    """The trial's id."""
    name: str
    """The file's own name, without its folder."""
    measurements: tuple[Measurement, ...]
    """The rows."""
    simulated: bool = False
    """Whether the sheet says that its measurements were invented."""
    here: int = 0
    """Rows of the sheet that are left out, as an earlier delivery brought them."""
    otherwise: int = 0
    """Rows that tell otherwise of a task that an earlier delivery told of."""
    remarks: tuple[Remark, ...] = ()
    """What was odd when rows were measured, as a stopwatch sees it."""


def columns(trial: Trial, measurements: tuple[Measurement, ...]) -> tuple[str, ...]:
    """The columns of a table of these measurements: arm, keys and values, in the trial's order."""
    seen = {name for row in measurements for name in (*row.keys, *row.values)}
    wanted = (*trial.design.key_columns, *trial.value_columns)
    return tuple(name for name in wanted if name == trial.design.arm or name in seen)
