"""One task done by one participant in one arm, and a delivery of such tasks."""

from htkeval.frozen import Finite, Frozen
from htkeval.trial import Arm, Trial

Cell = Finite | str | None
"""A cell of a sheet after reading: a number, a word, or nothing."""

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


CLIENT_ID = "htkeval_id"
"""The column of a sheet that holds each row's own id, made where the row was made.

By it two rows alike are two tasks, and one row that is sent twice is one."""


class Timed(Frozen):
    """How the one row of a delivery was timed."""

    timing: str
    """Its client id, and that of the presses it comes of where there are any."""
    seconds: Finite | None
    """What the stopwatch says; None where it was not used."""
    late: bool
    """Whether the time was entered afterwards, not measured."""
    resumed: bool = False
    """Whether it was measured across two lives of the page."""
    apart: Finite | None = None
    """Seconds by which its clocks differ, where that is more than they may."""


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
    timed: Timed | None = None
    """How its one row was timed; None of a sheet."""


def columns(trial: Trial, measurements: tuple[Measurement, ...]) -> tuple[str, ...]:
    """The columns of a table of these measurements: arm, keys and values, in the trial's order."""
    seen = {name for row in measurements for name in (*row.keys, *row.values)}
    wanted = (*trial.design.key_columns, *trial.value_columns)
    return tuple(name for name in wanted if name == trial.design.arm or name in seen)
