"""The whole outlook of a plan: floors first, then ten thousand invented trials."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from htkeval.decision import Policy
from htkeval.effect import Method
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.method import planned
from htkeval.evidence import Facts, level
from htkeval.outlook import Assumption, Chance, Chances, Early, Outlook, Point, Reach, Remark
from htkeval.planning.assumed import TYPED, Assumed
from htkeval.planning.closed_form import closed_form, rolled_out
from htkeval.planning.floors import Floor, floor
from htkeval.planning.information import information
from htkeval.planning.limits import limits, out_of_reach
from htkeval.planning.size import needed_tasks, needed_units
from htkeval.planning.weighing import Floats, Share, Task, Weighed, weigh
from htkeval.planning.world import bare, scenario
from htkeval.text import Text
from htkeval.trial import Trial

TRIALS = {"rerandomisation": 1_000}
"""Invented trials by default, by method."""
MANY = 10_000
"""The same for a method without draws."""
DRAWS = 999
"""Re-randomisations in each."""
VERDICTS = 400
"""Invented trials, at most, behind the chances of each verdict: two figures each."""
STEPS = 8
"""Points of the power curve beside nought."""
SEARCHED = 500
"""Invented trials at each size that is tried: a chance of 80 % is then off by 3.5 points at most,
19 times in 20, and a size by some eight per cent."""
SEARCH_DRAWS = 199
"""Re-randomisations in each of these."""
Z = 1.959964
"""For intervals of what was counted."""


@dataclass(frozen=True)
class Question:
    """A plan and what it is asked with."""

    trial: Trial
    """The definition."""
    policy: Policy
    """The rules in force."""
    assumed: Assumed
    """What is taken to be true."""
    units: int
    """Participants, or teams where teams have the tool."""
    tasks_each: float
    """Tasks of each, over all periods."""
    trials: int | None = None
    """Invented trials; None: by method."""
    draws: int = DRAWS
    """Re-randomisations in each."""
    sizes: bool = True
    """Whether the size that the goal takes is looked for."""

    def task(self, effect: float, *, verdicts: bool = False) -> Task:
        """So many invented trials in which the tool has this effect."""
        trial, number = bare(self.trial, units=self.units), self.number
        return Task(
            trial=trial,
            scenario=scenario(
                trial, self.assumed, units=self.units, tasks_each=self.tasks_each, effect=effect
            ),
            method=self.method,
            draws=self.draws,
            number=min(number, VERDICTS) if verdicts else number,
            seed=self.trial.analysis.seed,
            policy=self.policy if verdicts else None,
            level=level(self.trial, Facts(arms_seen=2, registered=True, in_time=True)),
            planned=information(self._sized, self.assumed),
        )

    @property
    def method(self) -> Method:
        """What the plan promises."""
        return planned(bare(self.trial, units=self.units))

    @property
    def number(self) -> int:
        """Invented trials behind each chance."""
        return self.trials or TRIALS.get(self.method, MANY)

    @property
    def _sized(self) -> Trial:
        """The definition with as many people and tasks as are asked about."""
        size = {"clusters": self.units, "tasks_each": self.tasks_each}
        design = self.trial.design.model_copy(update=size)
        return self.trial.model_copy(update={"design": design})

    @property
    def by_shift(self) -> bool:
        """Whether another effect moves every interval by its logarithm and nothing else."""
        return main_scale(self.trial) == "ratio" and self.trial.primary.kind == "duration"

    @property
    def sign(self) -> float:
        """-1 where less is better."""
        return -1.0 if self.trial.primary.better == "lower" else 1.0


def outlook(question: Question, *, share: Share = map) -> Outlook:
    """What could this plan see?

    Args:
        question: The plan.
        share: How invented trials are shared out among processes.
    """
    trial = question.trial
    reach = floor(trial, units=question.units, tasks_each=question.tasks_each)
    method = question.method
    looks = limits(trial, reach, method=method)
    told = Outlook(
        trial=trial.id,
        method=method,
        scale=main_scale(trial),
        units=question.units,
        tasks_each=question.tasks_each,
        reach=spoken(reach, *out_of_reach(looks, reach)),
        looks=looks,
        assumed=_assumptions(question.assumed, rolled=rolled_out(trial)),
        trials=question.number,
        draws=question.draws if method == "rerandomisation" else None,
        goal=trial.primary.worthwhile,
        wanted=question.policy.power,
        policy=question.policy.version,
    )
    if reach.refusals:
        return told
    seen = Seen(question, weigh(question.task(0.0), share=share), share)
    return told.model_copy(update=_figures(question, seen, share))


def parts(question: Question) -> int:
    """Into how many parts a plan's invented trials fall, where no size is looked for.

    Args:
        question: The plan.
    """
    effects = [] if question.by_shift or not question.trial.primary.worthwhile else [0.0]
    told = 3 if question.trial.primary.worthwhile else 0
    plain, with_verdicts = question.task(0.0), question.task(0.0, verdicts=True)
    return (1 + len(effects)) * plain.chunks + told * with_verdicts.chunks


@dataclass(frozen=True)
class Seen:
    """How often an improvement is seen, by the true effect."""

    question: Question
    """The plan."""
    none: Weighed
    """Trials in which the tool does nothing."""
    share: Share
    """How further trials are shared out."""

    def power(self, effect: float) -> float:
        """Chance of seeing an improvement where the true relative change is this."""
        return self.by_look(effect)[-1]

    def by_look(self, effect: float) -> tuple[float, ...]:
        """The same at each look or before."""
        if effect == 0:
            return self.none.by_look()
        if self.question.by_shift:  # every method moves with its logarithms
            return self.none.by_look(-abs(math.log1p(effect)))
        return weigh(self.question.task(effect), share=self.share).by_look()

    def detectable(self) -> tuple[float, tuple[float, float]] | None:
        """The relative change that is seen with the wanted chance, and between which it lies."""
        if not self.question.by_shift:
            return None
        return _quantile(self.none.best, self.question.policy.power, self.question.sign)


def _quantile(best: Floats, wanted: float, sign: float) -> tuple[float, tuple[float, float]] | None:
    """How far all intervals must move for the wanted share of trials to see an improvement."""
    ends = np.sort(best)
    n = len(ends)
    swing = Z * math.sqrt(n * wanted * (1 - wanted))
    at = [math.ceil(n * wanted) - 1 + round(d) for d in (0.0, -swing, swing)]
    found = [float(ends[min(max(place, 0), n - 1)]) for place in at]
    if not all(map(math.isfinite, found)):
        return None
    middle, low, high_ = (math.expm1(sign * max(end, 0.0)) for end in found)
    return middle, (min(low, high_), max(low, high_))


def _figures(question: Question, seen: Seen, share: Share) -> dict[str, Any]:
    goal, number = question.trial.primary.worthwhile, seen.none.number
    found: dict[str, Any] = {
        "answered": seen.none.reported,
        "alarms": chance(seen.none.alarmed(), number),
    }
    if (detectable := seen.detectable()) is not None:
        found |= {"detectable": detectable[0], "detectable_range": detectable[1]}
    if goal:
        *early, power = seen.by_look(goal)
        found["power"] = chance(power, number)
        told = zip(seen.none.looks, early, strict=False)
        found["early"] = tuple(Early(look=k, power=chance(one, number)) for k, one in told)
        found["verdicts"] = _verdicts(question, goal, share)
        found["closed_form"] = closed_form(
            question.trial,
            question.assumed,
            units=question.units,
            tasks_each=question.tasks_each,
            effect=goal,
        )
        if question.sizes and found["power"].value < question.policy.power:
            found |= _sizes(question, goal, share)
    widest = max((abs(one) for one in (goal, found.get("detectable")) if isinstance(one, float)),
                 default=0.0)  # fmt: skip
    if widest and question.by_shift:
        found["curve"] = _curve(seen, question.sign * min(2 * widest, 0.9))
    return found


def _curve(seen: Seen, last: float) -> tuple[Point, ...]:
    effects = [last * step / STEPS for step in range(STEPS + 1)]
    return tuple(Point(effect=effect, power=seen.power(effect)) for effect in effects)


def _verdicts(question: Question, goal: float, share: Share) -> tuple[Chances, ...]:
    found = []
    for effect in (0.0, goal, max(2 * goal, -0.9)):
        told = weigh(question.task(effect, verdicts=True), share=share)
        number = sum(told.verdicts.values())
        shares = {verdict: n / number for verdict, n in sorted(told.verdicts.items())}
        found.append(Chances(effect=effect, verdicts=shares))
    return tuple(found)


def _sizes(question: Question, goal: float, share: Share) -> dict[str, Any]:
    def power(units: int, tasks_each: float) -> Chance:
        asked = replace(question, units=units, tasks_each=tasks_each)
        task = asked.task(0.0 if question.by_shift else goal)
        told = weigh(
            replace(task, number=SEARCHED, draws=min(SEARCH_DRAWS, task.draws)), share=share
        )
        shift = -abs(math.log1p(goal)) if question.by_shift else 0.0
        return chance(told.seen(shift), SEARCHED)

    def formula(units: int, tasks_each: float) -> float | None:
        return closed_form(
            question.trial, question.assumed, units=units, tasks_each=tasks_each, effect=goal
        )

    trial, n, k, wanted = question.trial, question.units, question.tasks_each, question.policy.power
    return {
        "sized": True,
        "needed_units": needed_units(trial, n, k, wanted=wanted, power=power, formula=formula),
        "needed_tasks": needed_tasks(trial, n, k, wanted=wanted, power=power, formula=formula),
    }


def chance(value: float, number: int) -> Chance:
    """A counted chance with its Monte Carlo error."""
    return Chance(value=value, error=math.sqrt(value * (1 - value) / number))


def spoken(found: Floor, *of_looks: Text) -> Reach:
    """A draw's floor as a document keeps it, with what is to be said of the looks."""
    return Reach(
        least=found.least,
        allocations=found.allocations,
        reaching=found.reaching,
        refusals=tuple(Remark(message=one) for one in found.refusals),
        warnings=tuple(Remark(message=one) for one in (*found.warnings, *of_looks)),
    )


def _assumptions(assumed: Assumed, *, rolled: bool) -> tuple[Assumption, ...]:
    names: tuple[str, ...] = ("mean", "log_sd", "icc", "autocorrelation", "reaction_sd")
    if not rolled:
        names = tuple(name for name in names if name != "autocorrelation")
    found = [
        Assumption(name=name, value=getattr(assumed, name).value,
                   message=getattr(assumed, name).source) for name in names
    ]  # fmt: skip
    if assumed.tasks_each_cv:
        cv = assumed.tasks_each_cv
        found.append(Assumption(name="tasks_each_cv", value=cv, message=TYPED))
    return tuple(found)
