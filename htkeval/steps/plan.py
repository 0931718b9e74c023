"""Ask what a plan could see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from htkeval.decision import Policy
from htkeval.errors import Problem, Refused
from htkeval.planning.assumed import Assumed
from htkeval.planning.outlook import Question
from htkeval.planning.weighing import Share
from htkeval.planning.world import least_tasks
from htkeval.text import say
from htkeval.trial import Trial


def question(
    trial: Trial,
    policy: Policy,
    assumed: Assumed,
    *,
    units: int | None = None,
    tasks_each: float | None = None,
    trials: int | None = None,
    draws: int,
    sizes: bool = True,
) -> Question:
    """A plan that can be asked.

    Args:
        trial: The definition.
        policy: The rules in force.
        assumed: What is taken to be true.
        units: Participants or teams; else the definition's `clusters`.
        tasks_each: Tasks of each; else the definition's.
        trials: Invented trials; None: by method.
        draws: Re-randomisations in each.
        sizes: Whether the size that the goal takes is looked for.

    Raises:
        Refused: Nothing says how many there will be, or an effect of nought is the goal.
    """
    n = units if units is not None else trial.design.clusters
    k = tasks_each if tasks_each is not None else trial.design.tasks_each
    found = [_missing(trial, "clusters", "--units")] if n is None else []
    found += [_missing(trial, "tasks_each", "--tasks-each")] if k is None else []
    if trial.primary.worthwhile == 0:
        place = say("trial {name}, {key}", name=trial.id, key="worthwhile")
        found.append(Problem(place, "0", say("a change: a goal of nothing is always seen")))
    if n is not None and k is not None and k < least_tasks(trial, n):
        expected = say("at least {n}: one in each period or arm", n=least_tasks(trial, n))
        place = say("trial {name}, {key}", name=trial.id, key="tasks_each")
        found.append(Problem(place, str(k), expected))
    if found or n is None or k is None:
        raise Refused(found)
    return Question(trial, policy, assumed, n, k, trials=trials, draws=draws, sizes=sizes)


def _missing(trial: Trial, key: str, option: str) -> Problem:
    return Problem(
        say("trial {name}, {key}", name=trial.id, key=f"design.{key}"),
        say("nothing"),
        say("how many are planned"),
        say("Write {key} under [design] in trial.toml, or use {option}.", key=key, option=option),
    )


@contextmanager
def processes(jobs: int) -> Iterator[Share]:
    """So many processes that share the invented trials out; one is this one."""
    if jobs == 1:
        yield map
        return
    import os
    from multiprocessing import get_context

    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # matrices here are small, processes are many
    with get_context("spawn").Pool(jobs) as pool:
        yield pool.imap
