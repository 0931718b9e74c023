"""Many invented trials through the registered analysis: what would their reports have said?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from htkeval.analysis import Analysis
from htkeval.decision import Policy, Verdict
from htkeval.design.scenario import Scenario
from htkeval.effect import Effect, Gap, Method
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.outcome import SCALES
from htkeval.evaluation.effects import answer, as_shown, reported
from htkeval.evaluation.estimating import main_scale
from htkeval.evidence import Level
from htkeval.looks import Information
from htkeval.planning.schedule import Stage, schedule
from htkeval.planning.trials import trials
from htkeval.recommendation import recommend
from htkeval.text import Text
from htkeval.trial import Trial

CHUNK = 250
"""Trials that one process is given at a time."""

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Task:
    """What each invented trial is asked; a process can be handed it."""

    trial: Trial
    """The plan, bare."""
    scenario: Scenario
    """What is true."""
    method: Method
    """What the plan promises."""
    draws: int
    """Re-randomisations."""
    number: int
    """Trials in all."""
    seed: int
    """The same seed gives the same answer, whatever the number of processes."""
    policy: Policy | None = None
    """Rules whose verdict is asked for; None where only the primary figure is."""
    level: Level = "E0"
    """How well the whole plan measures, if all goes as it says; for the verdict."""
    planned: Information | None = None
    """What the plan is to know at its end; None where it is looked at once."""

    @property
    def chunks(self) -> int:
        """Into how many parts the trials fall."""
        return math.ceil(self.number / CHUNK)


@dataclass(frozen=True)
class Told:
    """What some trials' reports said."""

    ends: tuple[tuple[tuple[float, float], ...], ...]
    """By trial and look: interval of the primary figure, turned so that below nought is an
    improvement; on the ratio scale in logarithms. Two NaN where there was none."""
    verdicts: dict[Verdict, int]
    """How often the policy said what; empty where it was not asked."""


Share = Callable[[Callable[[int], Told], Iterable[int]], Iterable[Told]]
"""`map`, or a pool's: calls a function for each chunk, in order."""


@dataclass(frozen=True)
class Weighed:
    """What all of them said."""

    low: Floats
    """(R, K) best end of each interval, by look; below nought an improvement, NaN where there is no
    figure."""
    high: Floats
    """(R, K) worst end of each."""
    verdicts: dict[Verdict, int]
    """How often the policy said what."""
    looks: tuple[int, ...] = (1,)
    """(K,) their numbers in the plan: looks that can find anything."""

    @property
    def number(self) -> int:
        """R."""
        return len(self.high)

    @property
    def reported(self) -> float:
        """Share of the trials with a figure at their end."""
        return float(np.isfinite(self.high[:, -1]).mean())

    @property
    def best(self) -> Floats:
        """(R,) how far all intervals of a trial must move for one look to see an improvement."""
        return np.asarray(np.where(np.isnan(self.high), np.inf, self.high).min(axis=1))

    def seen(self, shift: float = 0.0) -> float:
        """Share in which a look sees an improvement, had all of them moved by so much more."""
        return float((self.best + shift < 0).mean())

    def by_look(self, shift: float = 0.0) -> tuple[float, ...]:
        """(K,) share in which an improvement is seen at look k, or before."""
        return tuple(np.logical_or.accumulate(self.high + shift < 0, axis=1).mean(axis=0).tolist())

    def alarmed(self) -> float:
        """Share in which a look sees an improvement or a worsening."""
        return float(((self.high < 0) | (self.low > 0)).any(axis=1).mean())


def weigh(task: Task, *, share: Share = map) -> Weighed:
    """Ask all of a task's trials.

    Args:
        task: What is asked.
        share: How chunks are shared out; the answer does not depend on it.
    """
    stages = schedule(task.trial, task.scenario, task.planned, seed=task.seed)
    told = list(share(partial(part, task, stages), range(task.chunks)))
    ends = np.array([looks for one in told for looks in one.ends], dtype=float)
    ends = ends.reshape(-1, len(stages), 2)
    verdicts: dict[Verdict, int] = {}
    for one in told:
        for verdict, count in one.verdicts.items():
            verdicts[verdict] = verdicts.get(verdict, 0) + count
    looks = tuple(stage.look for stage in stages)
    return Weighed(ends[..., 0], ends[..., 1], verdicts, looks)


def part(task: Task, stages: tuple[Stage, ...], chunk: int) -> Told:
    """One chunk of a task's trials, from a seed of its own."""
    rng = np.random.default_rng([task.seed, chunk])
    ends: list[tuple[tuple[float, float], ...]] = []
    verdicts: dict[Verdict, int] = {}
    for looks in trials(
        task.trial,
        task.scenario,
        method=task.method,
        stages=stages,
        rng=rng,
        number=min(CHUNK, task.number - chunk * CHUNK),
        draws=task.draws,
    ):
        if task.policy is None:
            ends.append(tuple(_ends(basis) for basis in looks))
        else:
            said = _verdict(task.policy, task.level, looks)
            verdicts[said] = verdicts.get(said, 0) + 1
    return Told(tuple(ends), verdicts)


def _every(basis: Basis) -> list[Effect | Gap]:
    """The primary metric on every scale, the confirmatory one first."""
    metric, main = basis.trial.primary, main_scale(basis.trial)
    others = (one for one in SCALES[metric.kind] if one != main)
    further = [answer(basis, metric, one, everything=False).result for one in others]
    return [answer(basis, metric, main, everything=False).result, *further]


def _ends(basis: Basis) -> tuple[float, float]:
    """The interval of the confirmatory figure, so turned that what is better lies below nought."""
    metric, scale = basis.trial.primary, main_scale(basis.trial)
    found = reported(basis, metric, scale)
    if isinstance(found, Text) or as_shown(found, scale) is None:
        return math.nan, math.nan
    low, high = found.ci
    return (low, high) if metric.better == "lower" else (-high, -low)


def _verdict(policy: Policy, reached: Level, looks: Iterable[Basis]) -> Verdict:
    """What the policy says at the first look at which it would not go on; else at the end."""
    said: Verdict = "prolong"
    for basis in looks:
        said = _said(basis.trial, policy, reached, _every(basis))
        if said != "prolong":
            break
    return said


def _said(trial: Trial, policy: Policy, reached: Level, found: list[Effect | Gap]) -> Verdict:
    """What the policy says of a trial that went as planned: quality held, no condition open."""
    analysis = Analysis(
        trial=trial.id,
        registration=None,
        snapshot="0" * 64,
        rows=0,
        evidence_level=reached,
        simulated=True,
        software="htkeval",
        effects=tuple(one for one in found if isinstance(one, Effect)),
        gaps=tuple(one for one in found if isinstance(one, Gap)),
    )
    return recommend(trial, policy, analysis, {}, fingerprint=None).verdict
