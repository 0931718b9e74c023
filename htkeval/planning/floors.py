"""Can this draw say anything at all? Asked of the draw itself, before anything is measured."""

from __future__ import annotations

import math
from dataclasses import dataclass

from htkeval.design.lottery import Lottery
from htkeval.evaluation.draw.foreseen import foreseen, foreseen_tasks
from htkeval.evaluation.draw.lots import Lots
from htkeval.evaluation.method import ROUNDING
from htkeval.evaluation.wording import units as named
from htkeval.text import Text, say
from htkeval.trial import Trial

FEW_CAN = 3
"""Where fewer allocations than this can be found significant, one lucky draw is the whole trial."""
LEAST_EACH = 2
"""Participants or teams that each arm needs: one says nothing of how they differ."""
FARTHEST = 60
"""How many units further a way out is looked for."""


@dataclass(frozen=True)
class Floor:
    """How far a plan's draw reaches."""

    least: float | None
    """The smallest two-sided p-value that it can give; None where nothing is drawn."""
    allocations: int | None
    """In how many ways it can fall; None where these are too many to look at each."""
    reaching: int | None
    """How many of them can be found significant at the trial's level; None likewise."""
    refusals: tuple[Text, ...]
    """Why no measurement could answer the question, each with a way out."""
    warnings: tuple[Text, ...]
    """What makes it a poor bet."""


def floor(trial: Trial, *, units: int, tasks_each: float) -> Floor:
    """Which p-values can the planned draw give, whatever is measured?

    Args:
        trial: The plan.
        units: Participants, or teams where teams have the tool.
        tasks_each: Tasks of each, over all periods.
    """
    refusals = list(_refused(trial, units))
    if not trial.design.randomised:
        return Floor(None, None, None, tuple(refusals), ())
    lots = _lots(trial, units, tasks_each)
    alpha = 1 - trial.analysis.level
    exact = lots.exact
    least = lots.floor if exact or lots.lottery.mechanism == "minimisation" else _tiny(lots.lottery)
    every = round(math.exp(lots.lottery.log_count)) if exact else None
    can = None if every is None else reaching(every, least, alpha)
    if least > alpha + ROUNDING:
        refusals.append(_cannot(trial, units, tasks_each, least))
        return Floor(least, every, can, tuple(refusals), ())
    few = can is not None and can < FEW_CAN
    return Floor(least, every, can, tuple(refusals), (_lucky(can, every),) if few else ())


def reaching(allocations: int, least: float, alpha: float) -> int:
    """How many of so many equally likely allocations can have a p-value of at most alpha.

    P-values are multiples of the smallest, the draw and its mirrors being one.

    Example:
        >>> reaching(70, 2 / 70, 0.05)  # four against four teams: one draw and its mirror
        2
    """
    together = round(least * allocations)
    return int(alpha * allocations / together + 1e-9) * together


def _tiny(lottery: Lottery) -> float:
    """Of a lottery with too many allocations to look at each: one of them and its mirror."""
    return float(min(1.0, 2 * math.exp(-min(lottery.log_count, 700.0))))


def _lots(trial: Trial, units: int, tasks_each: float) -> Lots:
    if trial.design.kind != "within":
        return foreseen(trial, units)
    return foreseen_tasks(trial, units, max(1, int(tasks_each)))


def _refused(trial: Trial, units: int) -> list[Text]:
    """What no draw mends."""
    design, found = trial.design, []
    if design.kind in ("within", "crossover") and not design.reversible:
        found.append(
            say(
                "What was learnt cannot be un-learnt (reversible = false), so nobody can work "
                "without the tool after having had it. Draw participants (parallel), teams "
                "(cluster) or the order in which teams start (stepped_wedge)."
            )
        )
    if design.kind in ("parallel", "cluster", "difference_in_differences"):
        treated = units * design.ratio[1] // sum(design.ratio)
        if min(treated, units - treated) < LEAST_EACH:
            found.append(
                say(
                    "With {n} {units} an arm has one of them or none: nothing tells what is the "
                    "tool and what is that one. At least {least} are needed in each arm.",
                    n=units,
                    units=named(trial),
                    least=LEAST_EACH,
                )
            )
    return found


def _cannot(trial: Trial, units: int, tasks_each: float, least: float) -> Text:
    more = range(units + 1, units + FARTHEST)
    enough = next((n for n in more if _enough(trial, n, tasks_each)), None)
    told = say(
        "With {n} {units} the smallest p-value that this draw can give is {least:0.000}; a result "
        "counts at {alpha:0.00}. No measurement could show anything.",
        n=units,
        units=named(trial),
        least=least,
        alpha=1 - trial.analysis.level,
    )
    if enough is not None:
        out = say("From {enough} {units} on it can.", enough=enough, units=named(trial))
    elif trial.design.kind == "within":
        out = say("More of them change nothing.")
    else:
        out = say("Another design is needed; the page Method and words shows them.")
    return say("{told} {out} {others}", told=told, out=out, others=_others(trial))


def _enough(trial: Trial, units: int, tasks_each: float) -> bool:
    lots = _lots(trial, units, tasks_each)
    return not lots.exact or lots.floor <= 1 - trial.analysis.level + ROUNDING


def _others(trial: Trial) -> Text:
    """Designs that need fewer, or what leaves this one more ways to fall."""
    if trial.design.kind == "within":
        return say(
            "Or plan more tasks each, fewer strata or larger blocks: then the draw can fall in "
            "more ways."
        )
    if not trial.design.reversible:
        return say("Or let teams start one after another, with at least five starts.")
    return say(
        "Or draw tasks for each participant (within), or the order in which each works with and "
        "without the tool (crossover): that needs fewer."
    )


def _lucky(can: int | None, every: int | None) -> Text:
    return say(
        "Only {can} of the {every:#,##0} ways in which the draw can fall could be found "
        "significant at all: the trial rests on one lucky draw.",
        can=can or 0,
        every=every or 0,
    )
