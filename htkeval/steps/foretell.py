"""Say of a size that somebody has written down what it could see, without inventing a trial."""

from __future__ import annotations

from htkeval.errors import HtkevalError
from htkeval.planning.rough import roughly, seldom
from htkeval.text import Text, say
from htkeval.trial import Trial
from htkeval.workspace import Workspace

FEW = 8
"""Up to so many units it is asked how far their draw reaches, which loads what computes; more of
them always have a draw that reaches, but for strata and blocks that leave nothing to chance."""

WANTED = 0.8
"""Chance of seeing the goal, where no policy says it: as in a policy that leaves it out."""


def wanted(place: Workspace | None) -> float:
    """The chance of seeing the goal that the policy asks for; what is wrong with a policy is not
    said here."""
    try:
        return WANTED if place is None else place.policy.power
    except HtkevalError:
        return WANTED


def too_small(trial: Trial, wanted: float) -> tuple[Text, ...]:
    """That the stated size can show nothing, or that it would seldom see the goal.

    Args:
        trial: The definition.
        wanted: The chance of seeing the goal that the policy asks for.
    """
    if refusals := _out_of_reach(trial):
        return refusals
    said = seldom(trial, wanted)
    return () if said is None else (said,)


def of_a_new_one(trial: Trial, wanted: float) -> tuple[Text, ...]:
    """The same of a size that was proposed, in whole sentences; and where no formula tells."""
    if roughly(trial) is None:
        return (say("How often a trial of this size would see the goal, `htkeval plan` counts."),)
    return tuple(say("Note: {what}.", what=one) for one in too_small(trial, wanted))


def _out_of_reach(trial: Trial) -> tuple[Text, ...]:
    design = trial.design
    if not design.randomised or design.clusters is None or design.clusters > FEW:
        return ()
    if design.kind == "within" and design.tasks_each is None:
        return ()
    from htkeval.planning.floors import floor

    return floor(trial, units=design.clusters, tasks_each=design.tasks_each or 1).refusals
