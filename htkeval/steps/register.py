"""Freeze the promise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from htkeval import __version__
from htkeval.canonical import fingerprint
from htkeval.decision import Actor, Policy
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.registration import Content
from htkeval.steps.case import Case
from htkeval.text import say
from htkeval.trial import Trial


def register(
    case: Case, *, policy: Policy, actor: Actor, now: datetime, simulated: bool = False
) -> Event:
    """Freeze a trial's definition, its method, its estimand and the policy under one fingerprint.

    The method is what the plan means by `auto`, so that no measurement can choose it.

    Args:
        case: The trial.
        policy: The policy in force.
        actor: Who promises.
        now: When, in UTC.
        simulated: Whether the measurements to come will be invented: the mark is for good.

    Raises:
        StateError: The trial is registered already; the promise is made once.
        Refused: Looks are planned, but not how many people or teams do how many tasks.
    """
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
                say(
                    "A promise is made once; what changes later is a deviation: "
                    "htkeval deviate {name} --what KEY --why TEXT.",
                    name=case.file.id,
                ),
            )
        )
    rules = fingerprint(policy.model_dump(mode="json"))
    content = content_of(case.file, policy=policy.version, policy_fingerprint=rules)
    return case.store.append(
        case.file.id,
        "registration",
        {"fingerprint": fingerprint(content), **content},
        actor=actor,
        now=now,
        simulated=simulated,
    )


def content_of(
    trial: Trial, *, policy: str, policy_fingerprint: str | None, amends: str | None = None
) -> dict[str, Any]:
    """What is frozen of a definition, as JSON values.

    Args:
        trial: The definition.
        policy: Version of the policy in force when it was first promised.
        policy_fingerprint: SHA-256 of that policy's contents; None where nobody kept it.
        amends: Fingerprint of what it changes; None for a first promise.
    """
    from htkeval.evaluation.estimand import estimand
    from htkeval.evaluation.method import planned
    from htkeval.planning.information import information

    content = Content(
        definition=trial,
        method=planned(trial),
        estimand=estimand(trial),
        policy=policy,
        policy_fingerprint=policy_fingerprint,
        software=f"htkeval {__version__}",
        information=information(trial),
        amends=amends,
    )
    left_out = {"information"} if content.information is None else set()
    dumped: dict[str, Any] = content.model_dump(mode="json", exclude=left_out)
    return dumped
