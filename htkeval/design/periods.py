"""How many periods a simulated trial has, how many starts, and when the tool comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htkeval.trial import Design, Trial

if TYPE_CHECKING:
    from htkeval.design.scenario import Scenario

STEPS = 3
"""Starts of a roll-out that does not say how many it has."""
FEW_TEAMS = 5
"""Up to so many teams one starts at a time: CR2 has no answer for them, so nothing is lost."""

IN_PERIODS = ("crossover", "stepped_wedge")
"""Designs in which a unit draws an order or a start, not an arm."""


def ratio_of(design: Design) -> tuple[int, int]:
    """Units to the first pattern for units to the second: orders are always as frequent."""
    return (1, 1) if design.kind in IN_PERIODS else design.ratio


def periods_of(trial: Trial, scenario: Scenario) -> int:
    """How many equal stretches of time the trial has."""
    match trial.design.kind:
        case "crossover":
            return 2
        case "stepped_wedge":
            return steps_of(trial.design, scenario.teams or 2) + 1
        case "before_after" | "difference_in_differences":
            return max(2, scenario.periods)
        case _:
            return scenario.periods


def steps_of(design: Design, units: int) -> int:
    """How many starts a roll-out of so many teams has."""
    return min(design.steps or (units if units <= FEW_TEAMS else STEPS), units)


def change_of(trial: Trial, periods: int) -> int:
    """The first period with the tool, where it comes for all at once: the middle, or as planned."""
    day = trial.design.interruption
    if day is None:
        return periods // 2
    share = (day - trial.starts).days / ((trial.ends - trial.starts).days + 1)
    return min(max(1, round(share * periods)), periods - 1)
