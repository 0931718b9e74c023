"""One task being timed: what was pressed when, and how long that makes it.

The browser's two clocks come with each press. Within the life of one page the monotonic clock
counts, which nobody can set; across lives only the wall clock is common, and when the store heard
of a press is its witness.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from htkeval.frozen import Finite, Frozen
from htkeval.trial import Arm

Kind = Literal["start", "pause", "resume", "stop", "drop", "saved"]
State = Literal["running", "paused", "stopped", "dropped", "saved"]

AFTER: dict[State | None, tuple[Kind, ...]] = {
    None: ("start",),
    "running": ("pause", "stop", "drop"),
    "paused": ("resume", "stop", "drop"),
    "stopped": ("resume", "saved", "drop"),
    "dropped": (),
    "saved": (),
}
"""What can be pressed in which state."""

_STATE: dict[Kind, State] = {
    "start": "running",
    "resume": "running",
    "pause": "paused",
    "stop": "stopped",
    "drop": "dropped",
    "saved": "saved",
}

APART = 5.0
"""Seconds by which two clocks may differ before somebody is asked; a slow network takes one."""
_SHARE = 0.01
"""The same as a share of what was timed: cheap clocks drift."""

LONGEST_WAIT = 31 * 86_400.0
"""Seconds that a press may have waited for the network; a clock further back was never set."""

_ID = r"^[a-z]{16,40}$"
"""Letters only, so that no id looks like a number that gives a person away."""


class Press(Frozen):
    """One press of the stopwatch, as the browser tells it."""

    id: str = Field(pattern=_ID)
    """Made by the browser: however often it is sent, it is one press."""
    timing: str = Field(pattern=_ID)
    """The task being timed; made by the browser at the start."""
    kind: Kind
    """What was pressed."""
    life: str = Field(pattern=_ID)
    """The life of the page: another after each reload, and on each device."""
    monotonic: Finite = Field(ge=0)
    """`performance.now()`, in milliseconds since the page's life began."""
    clock: Finite = Field(ge=0)
    """`Date.now()`, in milliseconds since 1970 by the device's own clock."""

    @model_validator(mode="after")
    def _own_id(self) -> Self:
        """That a task is saved is kept under the task's own id: no other press may take it."""
        if (self.id == self.timing) != (self.kind == "saved"):
            raise ValueError("the timing's id as a press's own")
        return self


class Heard(Frozen):
    """A press, and when the store heard of it."""

    press: Press
    """As the browser told it."""
    at: datetime
    """When it was stored, in UTC."""


class Elapsed(Frozen):
    """How long a task took."""

    seconds: float
    """Without the pauses; never below 0."""
    resumed: bool
    """Whether some of it was measured across two lives of the page, by the wall clock."""
    apart: float | None
    """Seconds by which the clocks differ, where that is more than they may; else None."""


class Timing(Frozen):
    """One task being timed."""

    id: str
    """Also the client id of the measurement that comes of it."""
    participant: str | None
    """Whose it is, by pseudonym; None where the trial names no participants."""
    arm: Arm
    """In which arm it is done."""
    keys: dict[str, str]
    """By the sheet's own column: task, team, period and what else was chosen at the start."""
    heard: tuple[Heard, ...]
    """What was pressed, in the order in which the store heard of it."""

    @property
    def state(self) -> State:
        """Where it stands."""
        return _STATE[self.heard[-1].press.kind]

    @property
    def started(self) -> datetime:
        """When it began, in UTC: by the device's own clock, for a start that waited for the network
        is heard of days later; by the store's where the device's cannot be right."""
        at, clock = self.heard[0].at, self.heard[0].press.clock / 1000
        waited = at.timestamp() - clock
        return at - timedelta(seconds=waited) if 0 < waited <= LONGEST_WAIT else at

    @property
    def takes(self) -> Elapsed:
        """How long it has taken up to the last press."""
        return elapsed([one for one in self.heard if one.press.kind not in ("drop", "saved")])


def elapsed(heard: Sequence[Heard]) -> Elapsed:
    """How long the clock ran between presses.

    Args:
        heard: From the start on, in order.

    Returns:
        The sum over the stretches from a start or resume to the press after it. Within one life
        of the page a stretch is the monotonic clock's difference, and the wall clock is its
        witness: one that was set, or a computer that slept while the other clock stood still, is
        seen. Across lives it is the wall clock's, and the store is its witness.
    """
    seconds, resumed, worst = 0.0, False, 0.0
    for one, other in pairwise(heard):
        if one.press.kind not in ("start", "resume"):
            continue
        clock = (other.press.clock - one.press.clock) / 1000
        if one.press.life == other.press.life:
            stretch = witness = (other.press.monotonic - one.press.monotonic) / 1000
        else:  # a press that waited for the network is heard late, and asked about in vain
            stretch, witness, resumed = clock, (other.at - one.at).total_seconds(), True
        seconds += max(stretch, 0.0)
        apart = abs(clock - witness)
        worst = max(worst, apart if apart > APART + _SHARE * abs(witness) else 0.0)
    return Elapsed(seconds=seconds, resumed=resumed, apart=worst or None)
