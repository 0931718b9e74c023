"""A curve before it is drawn: how likely a change is to be seen, by its size."""

from __future__ import annotations

import math
from dataclasses import dataclass

from htkeval.reporting.numbers import number
from htkeval.reporting.tables import Table
from htkeval.text import Text, say

ROWS = 8
"""Rows of the table beside its head, the goal and what is seen."""
TICK = 10.0
"""Per cent between two ticks, or twice that on a long axis."""


@dataclass(frozen=True)
class Curve:
    """How often a change would be seen, by its size; all in per cent."""

    caption: Text
    """What the height is."""
    axis: Text
    """What lies along it."""
    points: tuple[tuple[float, float], ...]
    """Change and chance, from no change on."""
    seen: tuple[float, float]
    """The change that is seen as often as is wanted, and how often that is."""
    goal: tuple[float, float] | None
    """The smallest change worth having, and how often it would be seen."""

    @property
    def domain(self) -> tuple[float, float]:
        """The axis from left to right, its far end on a tick."""
        last = self.points[-1][0]
        far = math.copysign(self.step * math.ceil(abs(last) / self.step - 1e-9), last)
        return min(0.0, far), max(0.0, far)

    @property
    def step(self) -> float:
        """Per cent between two ticks."""
        return TICK if abs(self.points[-1][0]) <= 6 * TICK else 2 * TICK

    @property
    def alt(self) -> Text:
        """The curve in a sentence, for those who do not see it."""
        change, chance = self.seen
        told = say(
            "{caption}: a curve that rises from {none} at no change; it reaches {wanted} at "
            "{change} %.",
            caption=self.caption,
            none=number(self.points[0][1], 0),
            wanted=number(chance, 0),
            change=signed(change),
        )
        if self.goal is None:
            return told
        aim = say(
            "At the goal, {goal} %, it is {power}.",
            goal=signed(self.goal[0]),
            power=number(self.goal[1], 0),
        )
        return say("{told} {said}", told=told, said=aim)

    def table(self) -> Table:
        """Some of its points as a table."""
        every = max(1, (len(self.points) - 1) // ROWS)
        picked = {*self.points[::every], self.seen, *((self.goal,) if self.goal else ())}
        head = (say("True change, %"), say("Of 100 trials, so many see it"))
        body = tuple(
            (signed(change), number(chance, 0))
            for change, chance in sorted(picked, key=lambda one: abs(one[0]))
        )
        return Table(self.caption, head, body, figures=True)


def signed(change: float) -> Text:
    """A change in per cent with its sign; a decimal where it is small."""
    return number(change, 0 if abs(change) >= 10 or change == round(change) else 1, signed=True)
