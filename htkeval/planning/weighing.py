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
from htkeval.evaluation.effects import answer
from htkeval.evaluation.estimating import main_scale
from htkeval.evidence import Level
from htkeval.planning.trials import trials
from htkeval.recommendation import recommend
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

    @property
    def chunks(self) -> int:
        """Into how many parts the trials fall."""
        return math.ceil(self.number / CHUNK)


@dataclass(frozen=True)
class Told:
    """What some trials' reports said."""

    ends: tuple[tuple[float, float], ...]
    """Interval of each primary figure, turned so that below nought is an improvement; on the ratio
    scale in logarithms. Two NaN where there was none."""
    verdicts: dict[Verdict, int]
    """How often the policy said what; empty where it was not asked."""


Share = Callable[[Callable[[int], Told], Iterable[int]], Iterable[Told]]
"""`map`, or a pool's: calls a function for each chunk, in order."""


@dataclass(frozen=True)
class Weighed:
    """What all of them said."""

    low: Floats
    """(R,) best end of each interval, below nought an improvement; NaN where there is no figure."""
    high: Floats
    """(R,) worst end of each."""
    verdicts: dict[Verdict, int]
    """How often the policy said what."""

    @property
    def number(self) -> int:
        """R."""
        return len(self.high)

    @property
    def reported(self) -> float:
        """Share of the trials with a figure."""
        return float(np.isfinite(self.high).mean())

    def seen(self, shift: float = 0.0) -> float:
        """Share whose whole interval is an improvement, had all of them moved by so much more."""
        return float((self.high + shift < 0).mean())

    def harmful(self) -> float:
        """Share whose whole interval is a worsening."""
        return float((self.low > 0).mean())


def weigh(task: Task, *, share: Share = map) -> Weighed:
    """Ask all of a task's trials.

    Args:
        task: What is asked.
        share: How chunks are shared out; the answer does not depend on it.
    """
    told = list(share(partial(part, task), range(task.chunks)))
    ends = np.array([pair for one in told for pair in one.ends], dtype=float).reshape(-1, 2)
    verdicts: dict[Verdict, int] = {}
    for one in told:
        for verdict, count in one.verdicts.items():
            verdicts[verdict] = verdicts.get(verdict, 0) + count
    return Weighed(ends[:, 0], ends[:, 1], verdicts)


def part(task: Task, chunk: int) -> Told:
    """One chunk of a task's trials, from a seed of its own."""
    rng = np.random.default_rng([task.seed, chunk])
    number = min(CHUNK, task.number - chunk * CHUNK)
    ends: list[tuple[float, float]] = []
    verdicts: dict[Verdict, int] = {}
    for basis in trials(
        task.trial,
        task.scenario,
        method=task.method,
        rng=rng,
        number=number,
        draws=task.draws,
    ):
        found = _found(basis, verdict=task.policy is not None)
        ends.append(_ends(found[0]))
        if task.policy is not None:
            said = _verdict(basis.trial, task.policy, task.level, found)
            verdicts[said] = verdicts.get(said, 0) + 1
    return Told(tuple(ends), verdicts)


def _found(basis: Basis, *, verdict: bool) -> list[Effect | Gap]:
    """The confirmatory figure first, and where a verdict is asked for, on every scale."""
    metric = basis.trial.primary
    main = main_scale(basis.trial)
    others = [one for one in SCALES[metric.kind] if one != main] if verdict else []
    return [answer(basis, metric, one, everything=False).result for one in (main, *others)]


def _ends(found: Effect | Gap) -> tuple[float, float]:
    if isinstance(found, Gap):
        return math.nan, math.nan
    low, high = found.ci
    if found.scale == "ratio":
        low, high = math.log(low), math.log(high)
    return (low, high) if found.better == "lower" else (-high, -low)


def _verdict(trial: Trial, policy: Policy, reached: Level, found: list[Effect | Gap]) -> Verdict:
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
