"""Freeze the promise."""

from __future__ import annotations

from datetime import datetime

from htkeval.canonical import fingerprint
from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.steps.case import Case
from htkeval.text import say


def register(
    case: Case, *, policy: str, actor: Actor, now: datetime, simulated: bool = False
) -> Event:
    """Freeze a trial's definition, its method and the policy's version under one fingerprint.

    The method is what the plan means by `auto`, so that no measurement can choose it.

    Args:
        case: The trial.
        policy: Version of the policy in force.
        actor: Who promises.
        now: When, in UTC.
        simulated: Whether the measurements to come will be invented: the mark is for good.

    Raises:
        StateError: The trial is registered already; the promise is made once.
    """
    from htkeval.evaluation.method import planned

    promise = case.registration
    if promise is not None:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say(
                    "a registration of {day:d MMMM y} by {who}",
                    day=promise.at.date(),
                    who=promise.actor.name,
                ),
                say("a trial that is not registered yet"),
                say("A promise is made once; what changes later is a deviation."),
            )
        )
    content = {
        "definition": case.file.model_dump(mode="json"),
        "policy": policy,
        "method": planned(case.file),
    }
    return case.store.append(
        case.file.id,
        "registration",
        {"fingerprint": fingerprint(content), **content},
        actor=actor,
        now=now,
        simulated=simulated,
    )
