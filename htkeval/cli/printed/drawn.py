"""What `allocate` prints."""

from __future__ import annotations

from typing import Literal

from htkeval.cli.printed.document import Printed
from htkeval.frozen import Frozen


class DrawnUnit(Frozen):
    """What one unit was given."""

    unit: dict[str, str]
    """By the sheet's column: the names of the participant, the task or the team."""
    strata: dict[str, str]
    """By column of strata: its value."""
    drawn: str
    """The arm in the sheet's own word; `AB` (baseline first) or `BA`; or the period, from 1, in
    which a team of a roll-out starts."""
    arms: tuple[str, ...]
    """The arm of each period, in the sheet's own words; one where arms are drawn."""


class BalanceLine(Frozen):
    """How many units of one level were given what."""

    column: str | None
    """The column of strata; null for all units."""
    level: str | None
    """Its value; null for all units."""
    counts: dict[str, int]
    """By what was drawn: how many units."""


class Allocation(Printed):
    """What `allocate` prints."""

    trial: str
    """The trial's id."""
    registration: str
    """Fingerprint of the promise that the lots come from."""
    mechanism: Literal["complete", "bernoulli", "blocks", "minimisation"]
    """How chance decided."""
    list: str | None
    """SHA-256 of what was asked for (units and strata in their order, people as tokens) in the
    newest draw; null where all draws are shown."""
    units: tuple[DrawnUnit, ...]
    """The units that were drawn now, or all where nothing was drawn now."""
    balance: tuple[BalanceLine, ...]
    """All units of the trial, and by each level of strata."""
    key: str | None = None
    """The key from which lots drawn one at a time can be drawn again, as hexadecimal digits; null
    where it was not asked for."""
    commitment: str | None = None
    """SHA-256 of that key, as the record has held it since the first lot; null as for `key`."""
    differences: dict[str, float | None]
    """By column of numbers in the list: mean with the tool (or in the order BA) less that without,
    in standard deviations; null where it cannot be computed."""
