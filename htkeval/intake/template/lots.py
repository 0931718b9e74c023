"""What was drawn, as a sheet that is filled in needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Lots:
    """The units that were drawn and what each was given, in the sheet's own words."""

    unit: tuple[str, ...]
    """The columns that name a unit: the participant, the team, or participant and task."""
    drawn: str
    """The column of what was drawn: the arm, the order or the start."""
    columns: tuple[str, ...]
    """All columns of the list."""
    rows: tuple[Mapping[str, str], ...]
    """By column: its value, for each unit in the order of entry."""
    tasks: bool
    """Whether each unit is one task, so that it is one row of the sheet."""
    by_period: tuple[str, ...] = ()
    """Where orders or starts were drawn: the columns with the arm of each period."""

    def words(self, column: str) -> tuple[str, ...]:
        """The different words of a column, in the order in which they first stand."""
        return tuple(dict.fromkeys(row[column] for row in self.rows))

    def chosen_by(self) -> str | None:
        """The column whose word says what was drawn for a row; None where the rows are given."""
        return self.unit[0] if len(self.unit) == 1 and not self.tasks else None
