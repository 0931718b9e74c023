"""Ask what a plan could see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from htkeval.decision import Policy
from htkeval.errors import Problem, Refused
from htkeval.outlook import Outlook
from htkeval.planning.assumed import Assumed, assume, usual
from htkeval.planning.measured import measured as measured_of
from htkeval.planning.outlook import Question, outlook
from htkeval.planning.weighing import Share
from htkeval.planning.world import least_tasks
from htkeval.steps.case import Case
from htkeval.text import say
from htkeval.trial import Trial


def question(
    trial: Trial,
    policy: Policy,
    *,
    units: int | None = None,
    tasks_each: float | None = None,
    mean: float | None = None,
    log_sd: float | None = None,
    icc: float | None = None,
    reaction_sd: float | None = None,
    cv: float = 0.0,
    trials: int | None = None,
    draws: int,
    sizes: bool = True,
    measured: Assumed | None = None,
) -> Question:
    """A plan that can be asked.

    Args:
        trial: The definition.
        policy: The rules in force.
        units: Participants or teams; else the definition's `clusters`.
        tasks_each: Tasks of each; else the definition's.
        mean: Mean of the primary metric without the tool; None: what others have seen, as for
            the next three.
        log_sd: SD of a task's natural logarithm.
        icc: How alike tasks of one participant or team are.
        reaction_sd: How differently they react.
        cv: How unlike they are in the number of tasks.
        trials: Invented trials; None: by method.
        draws: Re-randomisations in each.
        sizes: Whether the size that the goal takes is looked for.
        measured: What `known` says of baseline measurements.

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
    assumed = assume(
        trial,
        mean=mean,
        log_sd=log_sd,
        icc=icc,
        reaction_sd=reaction_sd,
        tasks_each_cv=cv,
        measured=measured,
    )
    return Question(trial, policy, assumed, n, k, trials=trials, draws=draws, sizes=sizes)


def _missing(trial: Trial, key: str, option: str) -> Problem:
    return Problem(
        say("trial {name}, {key}", name=trial.id, key=f"design.{key}"),
        say("nothing"),
        say("how many are planned"),
        say("Write {key} under [design] in trial.toml, or use {option}.", key=key, option=option),
    )


def known(case: Case) -> Assumed | None:
    """What the trial's measurements without the tool say of the work; None where there are none.

    Measurements with the tool are not looked at: a plan is not made from what it promises to find.
    """
    rows = [m for m in case.store.measurements(case.file.id, counted=True) if m.arm == "baseline"]
    if not rows:
        return None
    from htkeval.store import snapshots

    table = snapshots.table(case.trial, tuple(rows))
    return measured_of(case.trial, table, usual(case.trial))


def see(asked: Question, *, jobs: int, seen: Callable[[Share], Share]) -> Outlook:
    """What could the plan see?

    Args:
        asked: The plan.
        jobs: Processes that invent trials.
        seen: Wraps how trials are shared out, so that a person who waits sees how far it is.
    """
    with processes(jobs) as share:
        return outlook(asked, share=seen(share))


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
