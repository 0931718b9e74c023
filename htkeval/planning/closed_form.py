"""The same by formula: a cross-check of the simulation, and where to begin to look for a size."""

from __future__ import annotations

import numpy as np

from htkeval.design.periods import steps_of
from htkeval.evaluation.estimating import main_scale
from htkeval.planning.assumed import Assumed
from htkeval.stats.answer import Absence
from htkeval.stats.power import Planned, power
from htkeval.stats.power import layout as layouts
from htkeval.stats.power.covariance import Spread, log_effect
from htkeval.stats.power.layout import Layout
from htkeval.stats.power.variance import least_squares
from htkeval.trial import Trial


def closed_form(
    trial: Trial, assumed: Assumed, *, units: int, tasks_each: float, effect: float
) -> float | None:
    """How likely is the effect to be seen, by the formula for its least squares?

    Args:
        trial: The plan.
        assumed: What is taken to be true.
        units: Participants, or teams where teams have the tool.
        tasks_each: Tasks of each, over all periods.
        effect: True relative change.

    Returns:
        The chance that the interval lies wholly on the side of the improvement; None where no
        formula fits: another metric or scale, a series, uneven numbers of tasks, units that count
        the same.
    """
    found = planned(trial, assumed, units=units, tasks_each=tasks_each)
    if found is None or isinstance(found, Absence):
        return None
    return power(log_effect(effect), found, level=trial.analysis.level, sides="own")


def planned(
    trial: Trial, assumed: Assumed, *, units: int, tasks_each: float
) -> Planned | Absence | None:
    """Variance and degrees of freedom of the effect on log minutes. Arguments as above."""
    even = not assumed.tasks_each_cv and trial.analysis.weights == "task"
    minutes = trial.primary.kind == "duration" and main_scale(trial) == "ratio"
    layout = layout_of(trial, units=units, tasks_each=tasks_each) if even and minutes else None
    return None if layout is None else least_squares(layout, spread(trial, assumed))


def spread(trial: Trial, assumed: Assumed) -> Spread:
    """The variances behind a plan's assumptions."""
    total, icc = assumed.log_sd.value**2, assumed.icc.value
    rolled = trial.design.kind in ("stepped_wedge", "difference_in_differences")
    kept = assumed.autocorrelation.value if rolled else 1.0
    return Spread(
        task=total * (1 - icc),
        cluster=total * icc * kept,
        period=total * icc * (1 - kept),
        reaction=assumed.reaction_sd.value**2,
    )


def layout_of(trial: Trial, *, units: int, tasks_each: float) -> Layout | None:
    """Who does how many tasks in which arm and period; None for a series."""
    ratio = trial.design.ratio
    treated = round(units * ratio[1] / sum(ratio))
    match trial.design.kind:
        case "parallel" | "cluster":
            return layouts.parallel([tasks_each] * (units - treated), [tasks_each] * treated)
        case "within":
            share = ratio[1] / sum(ratio)
            return layouts.within([tasks_each * (1 - share)] * units, [tasks_each * share] * units)
        case "crossover":
            return layouts.crossover(units - treated, treated, tasks=tasks_each / 2)
        case "stepped_wedge":
            steps = steps_of(trial.design, units)
            starts = (np.arange(units) % steps + 1).tolist()
            return layouts.stepped_wedge(starts, periods=steps + 1, tasks=tasks_each / (steps + 1))
        case "before_after":
            half = [tasks_each / 2] * units
            return layouts.before_after(half, half)
        case "difference_in_differences":
            half_each = tasks_each / 2
            return layouts.difference_in_differences(
                units - treated, treated, before=half_each, after=half_each
            )
        case _:
            return None
