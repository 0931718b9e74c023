"""The same by formula: a cross-check of the simulation, and where to begin to look for a size."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from htkeval.design.calendar import GOLDEN
from htkeval.design.periods import ratio_of, steps_of
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.sight import limits_of
from htkeval.planning.assumed import Assumed, usual
from htkeval.stats.answer import Absence
from htkeval.stats.power import Planned, power
from htkeval.stats.power import layout as layouts
from htkeval.stats.power.covariance import (
    Spread,
    covariance_in_minutes,
    effect_in_minutes,
    log_effect,
)
from htkeval.stats.power.layout import Layout
from htkeval.stats.power.variance import least_squares
from htkeval.stats.scaling import Floats
from htkeval.stats.sequential.chances import chances
from htkeval.trial import Trial

FARTHEST = 30.0
"""A drift at which every chance is 1 to the last digit."""


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
        formula fits: another metric or scale, a series, periods with uneven numbers of tasks, units
        that count the same.
    """
    found = planned(trial, assumed, units=units, tasks_each=tasks_each, effect=effect)
    if found is None or isinstance(found, Absence):
        return None
    return seen(trial, assumed, found, effect=effect)


def seen(trial: Trial, assumed: Assumed, found: Planned, *, effect: float) -> float:
    """The same where the variance is known already: on log minutes it is that of every effect.

    Args:
        trial: The plan.
        assumed: What is taken to be true.
        found: As `planned` says it.
        effect: True relative change.
    """
    size = log_effect(effect)
    if main_scale(trial) == "difference":
        size = effect_in_minutes(assumed.mean.value, effect, spread(trial, assumed))
    return of_all_looks(trial, power(size, found, level=trial.analysis.level, sides="own"))


def of_all_looks(trial: Trial, at_once: float) -> float:
    """The chance that some look sees what one look at the end would see with this chance.

    On the scale of the p-value, as limits are held against: a z that gives the same chance at the
    end is taken through the looks.

    Args:
        trial: The plan; says its looks.
        at_once: Chance by one look at the end, at the trial's level.
    """
    from scipy.special import ndtri

    if trial.analysis.looks == (1.0,):
        return at_once
    drift = float(ndtri(at_once) + ndtri((1 + trial.analysis.level) / 2))
    return _above(trial, min(drift, FARTHEST))


def as_one_look(trial: Trial, wanted: float) -> float:
    """Which chance by one look at the end is the wanted chance over all looks?"""
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    if trial.analysis.looks == (1.0,):
        return wanted
    drift = brentq(lambda one: _above(trial, one) - wanted, 0.0, FARTHEST)
    return float(ndtr(drift - ndtri((1 + trial.analysis.level) / 2)))


def _above(trial: Trial, drift: float) -> float:
    """Chance that some look stops with an improvement."""
    limits = limits_of(trial, trial.analysis.looks, of=len(trial.analysis.looks), final=True)
    if isinstance(limits, Absence):  # looks that rise and end in 1 have limits
        raise ValueError("looks without limits")
    return min(1.0, sum(chances(limits, drift=drift).above))


def planned(
    trial: Trial, assumed: Assumed, *, units: int, tasks_each: float, effect: float = 0.0
) -> Planned | Absence | None:
    """Variance and degrees of freedom of the effect, on log minutes or in minutes.

    Arguments as above; the effect matters in minutes alone, as more minutes vary more.
    """
    if trial.primary.kind != "duration" or trial.analysis.weights != "task":
        return None
    sizes = _sizes(units, tasks_each, assumed.tasks_each_cv)
    layout = layout_of(trial, units=units, tasks_each=tasks_each, sizes=sizes)
    if layout is None:
        return None
    log = spread(trial, assumed)
    if main_scale(trial) == "ratio":
        return least_squares(layout, log)
    mean = assumed.mean.value
    return least_squares(layout, covariance_in_minutes(layout, log, mean=mean, relative=effect))


def planned_error(trial: Trial, assumed: Assumed, *, units: int, tasks_each: float) -> float | None:
    """Standard error of the logarithm of the ratio at the plan's end; None where no formula fits.

    Arguments as for `closed_form`. In minutes it is the error over the mean.
    """
    found = planned(trial, assumed, units=units, tasks_each=tasks_each)
    if found is None or isinstance(found, Absence):
        return None
    error = math.sqrt(found.variance)
    return error if main_scale(trial) == "ratio" else error / assumed.mean.value


def left_by_same(trial: Trial, share: float, *, icc: float | None) -> float | None:
    """What is left of the squared error once the same people do more tasks?

    Args:
        trial: The plan, with how many people or teams do how many tasks.
        share: How many tasks more, as a share of those there are.
        icc: How alike tasks of one of them are, as measured; None: what others have seen.

    Returns:
        The planned variance with so many tasks each over the planned variance; it never falls below
        what lies between people. None where the plan does not say how many, or no formula fits.
    """
    units, each = trial.design.clusters, trial.design.tasks_each
    if units is None or each is None:
        return None
    assumed = usual(trial)
    if icc is not None:
        assumed = replace(assumed, icc=replace(assumed.icc, value=min(max(icc, 0.0), 0.99)))
    now = planned(trial, assumed, units=units, tasks_each=each)
    then = planned(trial, assumed, units=units, tasks_each=each * (1 + share))
    if not isinstance(now, Planned) or not isinstance(then, Planned):
        return None
    return min(1.0, then.variance / now.variance)


def _sizes(units: int, tasks_each: float, cv: float) -> Floats | None:
    """(units,) tasks of each, as unlike as they are expected to be; None where all have as many.

    Quantiles of the normal distribution that the simulator draws them from, spread over the units
    so that both arms have large and small ones.
    """
    from scipy.special import ndtri

    if not cv:
        return None
    ranks = (np.arange(units) + 0.5) / units
    each = np.maximum(1.0, tasks_each * (1 + cv * ndtri(ranks)))
    place = np.argsort(np.arange(units) * GOLDEN % 1.0)
    found: Floats = np.empty(units)
    found[place] = each
    return found


def spread(trial: Trial, assumed: Assumed) -> Spread:
    """The variances behind a plan's assumptions."""
    total, icc = assumed.log_sd.value**2, assumed.icc.value
    kept = assumed.autocorrelation.value if rolled_out(trial) else 1.0
    return Spread(
        task=total * (1 - icc),
        cluster=total * icc * kept,
        period=total * icc * (1 - kept),
        reaction=assumed.reaction_sd.value**2,
    )


def rolled_out(trial: Trial) -> bool:
    """Whether teams are followed over periods, so that it matters how much of a level lasts."""
    return trial.design.kind in ("stepped_wedge", "difference_in_differences")


def layout_of(
    trial: Trial, *, units: int, tasks_each: float, sizes: Floats | None = None
) -> Layout | None:
    """Who does how many tasks in which arm and period.

    Args:
        trial: The plan.
        units: Participants, or teams where teams have the tool.
        tasks_each: Tasks of each on average, over all periods.
        sizes: (units,) tasks of each; None: all have as many.

    Returns:
        None for a series, and for uneven numbers in designs with periods.
    """
    ratio = ratio_of(trial.design)
    treated = round(units * ratio[1] / sum(ratio))
    each = np.full(units, tasks_each) if sizes is None else sizes
    match trial.design.kind:
        case "parallel" | "cluster":
            return layouts.parallel(each[treated:].tolist(), each[:treated].tolist())
        case "within":
            share = ratio[1] / sum(ratio)
            return layouts.within((each * (1 - share)).tolist(), (each * share).tolist())
        case "before_after":
            return layouts.before_after((each / 2).tolist(), (each / 2).tolist())
    return None if sizes is not None else _by_period(trial, units, treated, tasks_each)


def _by_period(trial: Trial, units: int, treated: int, tasks_each: float) -> Layout | None:
    """Designs in which everybody has as many tasks in each period."""
    match trial.design.kind:
        case "crossover":
            return layouts.crossover(units - treated, treated, tasks=tasks_each / 2)
        case "stepped_wedge":
            steps = steps_of(trial.design, units)
            starts = (np.arange(units) % steps + 1).tolist()
            return layouts.stepped_wedge(starts, periods=steps + 1, tasks=tasks_each / (steps + 1))
        case "difference_in_differences":
            half = tasks_each / 2
            return layouts.difference_in_differences(
                units - treated, treated, before=half, after=half
            )
    return None
